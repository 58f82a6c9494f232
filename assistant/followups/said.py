"""What a conversation has brought up so far: its turns, the names in them, what the last of them was about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.followups.regions import body_of_region
from index.names.finder import Mention, NameFinder

ANY_BODY = (
    "alliance|body|group|organi[sz]ation|initiative|coalition|consortium|partnership|network|project|program(?:me)?"
)
CERTAIN_BODY = "forum|foundation|institute|pact|summit|agreement"
LIBRARY_WIDE = re.compile(
    r"\b(?:alliances|bodies|coalitions|consortia|organi[sz]ations|articles|library|summits|institutes|treaties)\b"
    rf"|\b(?:\w+est|most \w+|first|last|next|only) (?:\w+ )?(?:{ANY_BODY}|{CERTAIN_BODY})\b"
    r"|\b(?:an?|any|each|every) (?:\w+ )?alliance\b",
    re.IGNORECASE,
)
BODY = f"{ANY_BODY}|{CERTAIN_BODY}|company|firm"
_ARTICLED = re.compile(
    rf"\b(?:{BODY}|commitments|convention|process|principles|council|centre|center|accord|call|statement"
    r"|declaration|guide|strategy|report|code|dialogues?|deal|panel|cooperation|confederation|laboratory"
    r"|laboratories|pilot|association)\b",
    re.IGNORECASE,
)

_ALLIANCES = re.compile(r"\b(?:alliances|bodies|coalitions|consortia)\b", re.IGNORECASE)
MOST_MEANT = 4  # more names than these are no "they"


@dataclass(frozen=True, slots=True)
class Turn:
    """What a later question may refer back to.

    Attributes:
        question: The question made whole.
        subject: What it was about; None when the catalogue knows nothing that it was about.
        answer: The answer's text; "the second one" is the second name that it lists.
    """

    question: str
    subject: str | None
    answer: str = ""


def with_article(name: str) -> str:
    """The name as it stands in a sentence: "the Frontier Model Forum", but "MLCommons" and "Google"."""
    is_title = (
        not name.startswith("the ") and _ARTICLED.search(name) and " " in name and not name.startswith("Project ")
    )
    return f"the {name}" if is_title else name


class Said:
    """The names that a conversation has brought up so far."""

    def __init__(self, turns: Sequence[Turn], names: NameFinder) -> None:
        """Look at the turns, oldest first; names are looked for when they are needed."""
        self.turns = turns
        self.names = names
        is_open = self.is_library_wide and len(_distinct(m for m in names.find(turns[-1].answer) if m.alliances)) > 1
        # After a list of alliances, "it" is none of them more than another.
        self.subject = None if is_open else next((turn.subject for turn in reversed(turns) if turn.subject), None)

    @property
    def is_library_wide(self) -> bool:
        """True if the last question asked for alliances, of which it named none."""
        last = self.turns[-1].question
        return bool(_ALLIANCES.search(last)) and not self.names.find(last)

    @cached_property
    def bodies(self) -> list[str]:
        """The alliances that questions named or were about, in the order in which they came up."""
        return list(dict.fromkeys(name for turn in self.turns for name in (*self.asked(turn), *self._about(turn))))

    @cached_property
    def listed(self) -> list[str]:
        """What the last answer names and its question does not, in the answer's order."""
        return self.listed_by(self.turns[-1])

    def listed_by(self, turn: Turn) -> list[str]:
        """What a turn's answer names and its question does not, in the answer's order."""
        asked = {mention.name for mention in self.names.find(turn.question)}
        return [name for name in _distinct(self.names.find(turn.answer)) if name not in asked | {turn.subject}]

    def of_region(self, region: str) -> str | None:
        """The one body of a part of the world that is meant."""
        said = [f"{turn.question} | {turn.subject or ''} | {turn.answer}" for turn in self.turns]
        return body_of_region(region, said, self.bodies, self.names)

    def asked(self, turn: Turn) -> list[str]:
        """The alliances that a turn's question names."""
        return _distinct(mention for mention in self.names.find(turn.question) if mention.alliances)

    @property
    def current(self) -> list[str]:
        """What the last question names, or else what it was about."""
        return self.asked(self.turns[-1]) or ([self.subject] if self.subject else [])

    def _about(self, turn: Turn) -> list[str]:
        is_body = turn.subject and any(mention.alliances for mention in self.names.find(turn.subject))
        return [turn.subject] if turn.subject and is_body else []

    @cached_property
    def pair(self) -> list[str]:
        """The two (or three) that were last spoken of side by side, or else one after the other."""
        for turn in reversed(self.turns):
            if 2 <= len(asked := self.asked(turn)) <= MOST_MEANT:
                return asked
        if len(self.bodies) >= 2:
            recent = [name for turn in reversed(self.turns) for name in (*self.asked(turn), *self._about(turn))]
            return list(dict.fromkeys(recent))[1::-1]
        return self.listed if len(self.listed) == 2 else []

    def of_kind(self, kind: str) -> str | None:
        """The body called a forum, institute ..., that was last spoken of."""
        named = self.names.find(self.turns[-1].answer)
        told = [mention.name for mention in named if mention.alliances and self.is_called(mention.text, kind)]
        known = [name for name in (self.subject, *reversed(self.bodies), *told) if name]
        return next((name for name in known if self.is_called(name, kind)), None)

    def is_called(self, name: str, kind: str) -> bool:
        """True if a word of one of the body's names is the kind: "Stargate Project" is a project."""
        spelt = [name, *(other for mention in self.names.find(name) for other in self.names.spellings(mention))]
        return any(re.search(rf"\b{re.escape(kind)}\b", other, re.IGNORECASE) for other in spelt)


def _distinct(mentions: Iterable[Mention]) -> list[str]:
    return list(dict.fromkeys(mention.name for mention in mentions))
