"""What a follow-up's words point at: "the second one", "the American one", "both", "the forum we started with".

Everything is looked up among the names that the conversation has brought up. A phrase that points at nothing
there, or at several things alike, stays as it is, so that the user is asked which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.followup_antecedents import is_own
from assistant.followup_regions import REGION, body_of_region
from index.names import Mention, NameFinder

ANY_BODY = (
    "alliance|body|group|organi[sz]ation|initiative|coalition|consortium|partnership|network|project|program(?:me)?"
)
CERTAIN_BODY = "forum|foundation|institute|pact|summit|agreement"
_BODY = f"{ANY_BODY}|{CERTAIN_BODY}|company|firm"
_ARTICLED = re.compile(
    rf"\b(?:{_BODY}|commitments|convention|process|principles|council|centre|center|accord|call|statement"
    r"|declaration|guide|strategy|report|code|dialogues?|deal|panel|cooperation|confederation|laboratory"
    r"|laboratories|pilot|association)\b",
    re.IGNORECASE,
)

_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
_PLACES |= {"fifth": 4, "5th": 4, "last": -1, "final": -1}
_COUNTS = {"two": 2, "three": 3, "four": 4}
_DISCUSSED = (
    r"(?:that )?(?:we|i|you) (?:(?:have )?(?:just )?)"
    r"(?:started|began|begun|talked|spoke|asked|mentioned|named|listed|discussed)\b(?: out)?(?: with| about)?"
)
_STARTED_WITH = re.compile(
    rf"\b(?:the|that) (?:one|{_BODY}) (?:that )?(?:we|i) (?:started|began)(?: out)?(?: with)?\b"
    rf"|\bthe (?:very )?first (?:one|{_BODY}) {_DISCUSSED}|\bthe original (?:one|{_BODY})\b",
    re.IGNORECASE,
)
_NTH = re.compile(
    rf"\bthe (?P<place>{'|'.join(_PLACES)}) (?:one\b|of (?:them|these|those|the two)\b|(?:{_BODY}) {_DISCUSSED})"
    # Alone only at the end of what is asked: "what about the second?", not "the second quarter".
    rf"|(?<=\babout )the (?P<alone>{'|'.join(_PLACES)})(?=['’]s\b|\s*[?.!,:]|$)"
    rf"|^(?:and )?the (?P<only>{'|'.join(_PLACES)})(?=['’]s\b|\s*[?.!,:]|$)",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(
    rf"\bthe (?P<end>first|last) (?P<count>{'|'.join(_COUNTS)})"
    r"(?: ones\b| of (?:them|these|those)\b|(?=\s*[?.!,:]|\s+\w+ed\b|$))",
    re.IGNORECASE,
)
_OTHER = re.compile(rf"\bthe other (?:one|{_BODY})\b(?!s)|\bthe other(?=\s*[?.!,:]|['’]s|$)", re.IGNORECASE)
_BEFORE = re.compile(rf"\bthe (?:previous|former|earlier) (?:one|{_BODY})\b|\bthe one before\b", re.IGNORECASE)
_REGIONAL = re.compile(rf"\b(?:the |that )(?P<region>{REGION}) (?:one|{_BODY})\b(?!['’]?s? \w+ of\b)", re.IGNORECASE)
_FROM_REGION = re.compile(
    rf"\b(?:the|that) (?:one|{_BODY}) (?:in|of|from) (?:the )?(?P<region>{REGION})\b", re.IGNORECASE
)
# "the Bletchley one": told by a word of its name
_CALLED = re.compile(r"\b(?:[Tt]he|[Tt]hat) (?P<word>[A-Z][\w-]{2,}) one\b")
_OF_A_KIND = re.compile(rf"\b(?:the|that|this) (?P<kind>{_BODY})\b", re.IGNORECASE)
_PAIR = re.compile(
    rf"\b(?:the two|these two|those two|both)(?: of (?:them|these|those)\b| (?:{_BODY})s\b| bodies\b"
    # but not "the two working groups", "both founders"
    r"|(?=\s*[?.!,]|\s+(?:is|are|was|were|has|have|had|do|does|did|differ|compare|share|overlap|in|about)\b|$))"
    r"|(?<=\beither of )(?:them|these)\b|(?<=\bneither of )(?:them|these)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:they|them|their|(?:these|those)(?=\s*[?.!,]|\s+(?:is|are|was|were|has|have|do|did)\b|$))(?!-)", re.IGNORECASE
)
_TOGETHER = re.compile(
    r"\b(?:differ\w*|compar\w+|common|each other|together|overlap\w*|related|alike|similar|merge\w*"
    r"|(?:which|who|one) of (?:them|these|those) (?:is|was|has)(?: the)? (?:\w+er|more \w+|\w+est)|between them)\b",
    re.IGNORECASE,
)
_ASKED_WHO = re.compile(r"^(?:by )?(?:who|which|what|list|name)\b", re.IGNORECASE)
_JOINED = re.compile(r"^ (?:join|leave|sign|withdraw|quit)\b", re.IGNORECASE)
_BACK = re.compile(r"\b(?:back|return(?:ing)?) to\b", re.IGNORECASE)
_ALLIANCES = re.compile(r"\b(?:alliances|bodies|coalitions|consortia)\b", re.IGNORECASE)
_MOST_MEANT = 4  # more names than these are no "they"


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
    is_title = _ARTICLED.search(name) and " " in name and not name.startswith("Project ")
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
        last = self.turns[-1]
        asked = {mention.name for mention in self.names.find(last.question)}
        return [name for name in _distinct(self.names.find(last.answer)) if name not in asked | {last.subject}]

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
            if 2 <= len(asked := self.asked(turn)) <= _MOST_MEANT:
                return asked
        if len(self.bodies) >= 2:
            recent = [name for turn in reversed(self.turns) for name in (*self.asked(turn), *self._about(turn))]
            return list(dict.fromkeys(recent))[1::-1]
        return self.listed if len(self.listed) == 2 else []

    def of_kind(self, kind: str) -> str | None:
        """The body called a forum, institute ..., that was last spoken of."""
        known = [name for name in (self.subject, *reversed(self.bodies)) if name]
        return next((name for name in known if self.is_called(name, kind)), None)

    def is_called(self, name: str, kind: str) -> bool:
        """True if a word of one of the body's names is the kind: "Stargate Project" is a project."""
        spelt = [name, *(other for mention in self.names.find(name) for other in self.names.spellings(mention))]
        return any(re.search(rf"\b{re.escape(kind)}\b", other, re.IGNORECASE) for other in spelt)


def put_names(question: str, said: Said) -> str:
    """The question with what its phrases point at in their place; those that point at nothing stay."""
    for pattern, meant in _REFERENCES:
        match = pattern.search(question)
        mentions = said.names.find(question)
        bodies = [mention for mention in mentions if mention.alliances]
        if match is None or any(m.start < match.end() and match.start() < m.end for m in bodies):
            continue
        # "What is MLCommons, and what do they test?", "Is Meta in both MLCommons and LAION?" mean their own bodies.
        own = bodies if pattern is _PAIR else [mention for mention in bodies if mention.end <= match.start()]
        if (own and pattern in (_OF_A_KIND, _PAIR, _SEVERAL)) or (
            pattern is _SEVERAL and is_own(question, match, mentions)
        ):
            continue
        if found := meant(match, question, said):
            question = _put(question, match, found)
    return question


def points_back(question: str) -> bool:
    """True if the question holds a phrase that only a conversation can explain: "the second one"."""
    patterns = (_STARTED_WITH, _NTH, _FIRST_FEW, _OTHER, _BEFORE, _REGIONAL)
    return any(pattern.search(question) for pattern in patterns)


def needs_two(question: str) -> bool:
    """True for "How do they differ?", which is about more than one body."""
    return bool(_SEVERAL.search(question) and _TOGETHER.search(question)) or bool(_PAIR.search(question))


def _nth(match: re.Match[str], question: str, said: Said) -> list[str]:
    place = _PLACES[(match["place"] or match["alone"] or match["only"]).lower()]
    named = said.asked(said.turns[-1])
    lists = [said.listed, named, said.bodies]
    if _BACK.search(question) or re.search(r"talked|spoke|asked|discussed", match[0]):
        lists = [said.bodies]
    pool = next((names for names in lists if len(names) >= 2), [])
    return pool[place:][:1] if place < len(pool) else []


def _called(match: re.Match[str], _question: str, said: Said) -> list[str]:
    """The only body with that word in a name, or the only one of the same kind as the one spoken of."""
    found = said.names.with_word(match["word"])
    current = next((m.alliances[0] for m in said.names.find(said.subject or "") if m.alliances), None)
    alike = [body for body in found if current is not None and body.kind == current.kind and body != current]
    chosen = found if len(found) == 1 else alike
    return [chosen[0].name] if len(chosen) == 1 else []


def _first_few(match: re.Match[str], _question: str, said: Said) -> list[str]:
    count = _COUNTS[match["count"].lower()]
    pool = said.listed if len(said.listed) >= count else said.bodies
    few = pool[:count] if match["end"].lower() == "first" else pool[-count:]
    return few if len(few) == count else []


def _other(_match: re.Match[str], _question: str, said: Said) -> list[str]:
    """The one of two that the last turn was not about."""
    current = said.current
    if len(current) != 1:
        return []
    two = next((names for turn in reversed(said.turns) if len(names := said.asked(turn)) == 2), said.bodies)
    others = [name for name in two if name not in current]
    return others if len(two) == 2 and len(others) == 1 else []


def _before(_match: re.Match[str], _question: str, said: Said) -> list[str]:
    recent = [name for turn in reversed(said.turns) for name in said.asked(turn)]
    return [name for name in recent if name not in said.current][:1]


def _regional(match: re.Match[str], _question: str, said: Said) -> list[str]:
    found = said.of_region(match["region"])
    return [found] if found else []


def _of_a_kind(match: re.Match[str], _question: str, said: Said) -> list[str]:
    found = said.of_kind(match["kind"])
    return [found] if found and found != said.subject else []


def _several(match: re.Match[str], question: str, said: Said) -> list[str]:
    """Two that were compared, two to compare, or the few that the last answer lists: "Are they in @ as well?"."""
    if len(said.asked(said.turns[-1])) >= 2 or _TOGETHER.search(question):
        return said.pair
    if not _ASKED_WHO.match(said.turns[-1].question) or not 2 <= len(said.listed) <= _MOST_MEANT:
        return []
    is_joining = _JOINED.search(question[match.end() :])
    named_later = any(mention.alliances and mention.start > match.end() for mention in said.names.find(question))
    return said.listed if named_later or is_joining else []


_REFERENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, Said], list[str]]], ...] = (
    (_STARTED_WITH, lambda _match, _question, said: said.bodies[:1]),
    (_FIRST_FEW, _first_few),
    (_NTH, _nth),
    (_OTHER, _other),
    (_BEFORE, _before),
    (_REGIONAL, _regional),
    (_FROM_REGION, _regional),
    (_CALLED, _called),
    (_OF_A_KIND, _of_a_kind),
    (_PAIR, lambda _match, _question, said: said.pair),
    (_SEVERAL, _several),
)


def _put(question: str, match: re.Match[str], found: Sequence[str]) -> str:
    *others, last = (with_article(name) for name in found)
    if match[0].lower() == "their":
        *others, last = (f"{name}'s" for name in (*others, last))
    text = f"{', '.join(others)} and {last}" if others else last
    text = f"both {text}" if len(others) == 1 and match[0].lower().startswith("both") else text
    start = match.start() + (4 if match[0].lower().startswith("and ") else 0)
    whole = question[:start] + text + question[match.end() :]
    return whole[0].upper() + whole[1:]


def _distinct(mentions: Iterable[Mention]) -> list[str]:
    return list(dict.fromkeys(mention.name for mention in mentions))
