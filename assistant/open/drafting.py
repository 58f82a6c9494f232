"""Evidence -> the sentences of an open answer: drafted by the model and checked one by one, or quoted.

A draft's sentence that fails the check is not shown; after a few of them, or when none is left, the evidence itself is
quoted. Where one date, number or name is asked for, the evidence is quoted at once: a draft can only say the same,
only later.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.citing import Citations
from assistant.models.language_model import LanguageModel, TextStream
from assistant.open.asked import Asked
from assistant.open.check import check_claim
from assistant.open.evidence import MARGIN, Evidence, Selection
from assistant.open.naming import with_name
from assistant.stopping import StopSwitch
from assistant.types import CheckedSentence
from index.sentences import clean_text, split_text
from index.vectors.embed import Embedder
from prompts import fill_in

MAX_SENTENCES = 3
MAX_FAILURES = 2  # drafted sentences that may fail before the evidence is quoted instead
RELEVANCE_LOSS = 0.15  # how much less than the best evidence a drafted sentence may answer the question


@dataclass(frozen=True, slots=True)
class Drafting:
    """What drafts: the model, how long a draft may be, and what compares sentences."""

    model: LanguageModel
    embedder: Embedder
    answer_tokens: int

    def draft(
        self, asked: Asked, evidence: Sequence[Evidence], citations: Citations, stop: StopSwitch
    ) -> Iterator[CheckedSentence]:
        """The sentences of the model's draft that pass the check, each as soon as it is finished.

        A sentence can be true and beside the point: the first one must rest on evidence about as good as the
        best, and each must answer the question about as well as the evidence that it rests on.
        """
        lowest = evidence[0].relevance - RELEVANCE_LOSS
        best = [item for item in evidence if item.relevance >= lowest]
        failures_left = MAX_FAILURES
        told: set[int] = set()
        with stop.watching(self._ask_model(asked.question, evidence, stop.asker)) as pieces:
            for draft in finished_sentences(pieces):
                support = self._support(asked, draft, evidence)
                if support is None or (not told and support not in best):
                    failures_left -= 1
                elif support.record.id not in told:
                    told.add(support.record.id)
                    # "It" of nobody would read falsely.
                    named = with_name(draft, support.record.sentence.text, support.names)
                    yield CheckedSentence(named, (citations.cite(support.record),))
                if len(told) == MAX_SENTENCES or not failures_left:
                    break

    def _ask_model(self, question: str, evidence: Sequence[Evidence], asker: Hashable) -> TextStream:
        facts = [item.record.sentence.text for item in evidence]
        return self.model.stream(
            fill_in("answer", {"question": question, "facts": facts}), max_tokens=self.answer_tokens, asker=asker
        )

    def _support(self, asked: Asked, draft: str, evidence: Sequence[Evidence]) -> Evidence | None:
        """The evidence behind a drafted sentence; None if there is none, or if the sentence loses the point."""
        vector = self.embedder.embed([draft])[0]
        support = check_claim(draft, vector, evidence).support
        if support is None:
            return None
        told = asked.relevance(support.record.sentence.text, support.vector, support.context)
        return support if asked.relevance(draft, vector, support.context) >= told - RELEVANCE_LOSS else None


def quotations(asked: Asked, selection: Selection, citations: Citations) -> Iterator[CheckedSentence]:
    """The best evidence word for word, as much as is needed; all that is near the best where bodies are compared."""
    evidence = selection.evidence
    near = [item for item in evidence if item.relevance >= evidence[0].relevance - MARGIN]
    count = len(near) if asked.wants_comparison else selection.needed
    for item in evidence[: min(count, MAX_SENTENCES)]:
        yield CheckedSentence(f"“{item.record.sentence.text}”", (citations.cite(item.record),))


def finished_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a streamed text, each as soon as it is finished; a cut last one is left out."""
    buffer = ""
    for piece in pieces:
        *lines, buffer = (buffer + piece).split("\n")
        for line in lines:
            yield from _sentences_of(line)
        *whole, last = split_text(buffer) or [""]
        if whole:
            yield from (sentence for text in whole for sentence in _sentences_of(text))
            buffer = last + (" " if buffer.endswith(" ") else "")
    yield from (sentence for sentence in _sentences_of(buffer) if sentence[-1] in ".!?")


def _sentences_of(line: str) -> list[str]:
    """Plain sentences of a line, without list marks and markup."""
    unlisted = re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", line)
    plain = clean_text(re.sub(r"(?<!\w)\*+|\*+(?!\w)|`", "", unlisted))  # but "A*STAR" is a name
    return [sentence for sentence in split_text(plain) if any(char.isalpha() for char in sentence)]
