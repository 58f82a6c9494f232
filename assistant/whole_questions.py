"""The questions in what was typed, each whole: what it leaves to the conversation, or to a description, put into it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.described import DescribedBodies
from assistant.exact.disagreement import speaks_of_disagreement
from assistant.followups.make_whole import Turn, make_whole, with_article
from assistant.followups.regions import told_apart
from assistant.followups.same_noun import with_nouns
from assistant.parts import split_parts
from index.names.finder import NameFinder

# "The pledge that followed the shootings: who initiated it?"
_SAID_FIRST = re.compile(
    r"(?P<body>[^:]+?)(?::\s+|\s+[–—-]+\s+)"
    r"(?P<asked>(?:\w+ )?(?:who|which|what|when|where|why|how|is|are|did|does)\b.+)$",
    re.IGNORECASE,
)
_IT = re.compile(r"\bits?\b", re.IGNORECASE)
# "the CAI (not the C2PA, please)"; "the chip one, not the Beatles", but not "those in UALink, not OCP"
_NOT_MEANT = re.compile(
    r"\s*\((?:and |but )?not (?:the )?[^()?]+\)|, not (?:the )?(?P<other>[^,?.!()]+)", re.IGNORECASE
)


class WholeQuestions:
    """Makes questions whole, for one catalogue."""

    def __init__(self, names: NameFinder, described: DescribedBodies) -> None:
        """Find what is named by `names`, and what is only described by `described`."""
        self._names = names
        self.described = described

    def read(self, text: str, turns: Sequence[Turn]) -> tuple[list[str], str]:
        """The questions in what was typed, each made whole, and what is said after them.

        One that hangs in the air is asked together with the rest:
        "How many countries signed? Do the reports agree?" leaves the second without a subject of its own.
        """
        text = _NOT_MEANT.sub(lambda aside: aside[0] if self._is_of_the_library(aside["other"]) else "", text)
        turns = list(turns)
        if lead := self._lead(text):
            turns.append(lead[0])
            text = lead[1]
        parts = split_parts(told_apart(with_nouns(text, self._names), self._names))
        for sentence in parts.context:
            turns.append(self._context(make_whole(sentence, turns, self._names)))
        whole: list[str] = []
        for part in parts.questions:
            before = [Turn(whole[-1], self.named(whole[-1]))] if whole else []
            whole.append(make_whole(part, [*turns, *before], self._names))
        is_several = len(whole) > 1 or parts.context
        if is_several and not all(self._names.find(part) for part in whole) and self._names.find(text):
            return [make_whole(text, turns, self._names)], ""
        beside = [*filter(speaks_of_disagreement, parts.context), parts.after]
        return whole, " ".join(filter(None, beside))

    def _lead(self, text: str) -> tuple[Turn, str] | None:
        """The body that a question begins with, named or described, and the rest: "MLCommons - who founded it?"."""
        led = _SAID_FIRST.match(text)
        if led is None or not _IT.search(led["asked"]) or self._bodies_in(led["asked"]):
            return None
        named = [mention for mention in self._names.find(led["body"]) if mention.alliances]
        described = None if named else self.described.find(text)
        is_one = len(named) == 1 and len(named[0].alliances) == 1
        name = described.name if described else named[0].name if is_one else None
        return (Turn(led["body"], name), led["asked"]) if name else None

    def _bodies_in(self, text: str) -> list[str]:
        """The names of alliances in a text."""
        return [mention.name for mention in self._names.find(text) if mention.alliances]

    def _is_of_the_library(self, other: str | None) -> bool:
        """True for what a question may leave out of a list; what no article knows is only told apart."""
        return other is not None and (bool(self._names.find(other)) or other == other.lower())

    def _context(self, sentence: str) -> Turn:
        """A sentence before the question that asks nothing, but may say what it is about."""
        described = None if self._names.find(sentence) else self.described.find(sentence)
        return Turn(sentence, described.name if described else self.named(sentence))

    def with_described(self, question: str) -> str | None:
        """The question with the body in brackets that it describes; None if it names one, or describes none surely."""
        body = None if self._bodies_in(question) else self.described.find(question)
        return f"{question.rstrip(' ?.!')} ({with_article(body.name)})?" if body else None

    def named(self, text: str) -> str | None:
        """The first alliance that a text names, else the first organisation."""
        mentions = self._names.find(text)
        bodies = self._bodies_in(text)
        return bodies[0] if bodies else next((mention.name for mention in mentions), None)
