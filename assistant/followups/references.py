"""What a follow-up's words point at: "the second one", "the American one", "both", "the forum we started with".

Everything is looked up among the names that the conversation has brought up. A phrase that points at nothing
there, or at several things alike, stays as it is, so that the user is asked which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.followups.antecedents import is_own
from assistant.followups.regions import REGION
from assistant.followups.said import BODY, MOST_MEANT, Said, with_article

PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
PLACES |= {"fifth": 4, "5th": 4, "last": -1, "final": -1}
_COUNTS = {"two": 2, "three": 3, "four": 4}
_DISCUSSED = (
    r"(?:that )?(?:we|i|you) (?:(?:have )?(?:just )?)"
    r"(?:started|began|begun|talked|spoke|asked|mentioned|named|listed|discussed)\b(?: out)?(?: with| about)?"
)
_STARTED_WITH = re.compile(
    rf"\b(?:the|that) (?:one|{BODY}) (?:that )?(?:we|i) (?:started|began)(?: out)?(?: with)?\b"
    rf"|\bthe (?:very )?first (?:one|{BODY}) {_DISCUSSED}|\bthe original (?:one|{BODY})\b",
    re.IGNORECASE,
)
_NTH = re.compile(
    rf"\bthe (?P<place>{'|'.join(PLACES)}) (?:one\b|of (?:them|these|those|the two)\b|(?:{BODY}) {_DISCUSSED})"
    # Alone only at the end of what is asked: "what about the second?", not "the second quarter".
    rf"|(?<=\babout )the (?P<alone>{'|'.join(PLACES)})(?=['’]s\b|\s*[?.!,:]|$)"
    rf"|^(?:and )?the (?P<only>{'|'.join(PLACES)})(?=['’]s\b|\s*[?.!,:]|$)",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(
    rf"\bthe (?P<end>first|last) (?P<count>{'|'.join(_COUNTS)})"
    r"(?: ones\b| of (?:them|these|those)\b|(?=\s*[?.!,:]|\s+\w+ed\b|$))",
    re.IGNORECASE,
)
_THOSE_FEW = re.compile(
    rf"\b(?:those|these|the) (?P<count>{'|'.join(_COUNTS)})"
    r" (?:founders|members|companies|firms|countries|states|governments|partners|signatories|organi[sz]ations)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(rf"\bthe other (?:one|{BODY})\b(?!s)|\bthe other(?=\s*[?.!,:]|['’]s|$)", re.IGNORECASE)
# "when did the latter start?", but not "the former director"
_LATTER = re.compile(
    r"\bthe (?P<which>former|latter)(?=['’]s\b|\s*[?.!,:;–—-]|\s+(?:is|was|has|had|do|does|did|will|in|on|at|by|have"
    r"|announce|start|begin|chair|host|lead|sign|join)\w*\b|$)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\bthe (?:previous|former|earlier) (?:one|{BODY})\b|\bthe one before\b", re.IGNORECASE)
_REGIONAL = re.compile(
    rf"\b(?:the |that )(?P<region>{REGION}) (?:one|counterpart|equivalent|{BODY})\b(?!['’]?s? \w+ of\b)", re.IGNORECASE
)
_FROM_REGION = re.compile(
    rf"\b(?:the|that) (?:one|{BODY}) (?:in|of|from) (?:the )?(?P<region>{REGION})\b", re.IGNORECASE
)
# "the Bletchley one": told by a word of its name
_CALLED = re.compile(
    r"\b(?:[Tt]he|[Tt]hat) (?:(?P<word>[A-Z][\w-]{2,}) one\b|one (?:in|at|from) (?P<place>[A-Z][\w-]{2,})(?! [A-Z]))"
)
_OF_A_KIND = re.compile(rf"\b(?:the|that|this) (?P<kind>{BODY})\b", re.IGNORECASE)
_PAIR = re.compile(
    rf"\b(?:the two|these two|those two|both)(?: of (?:them|these|those)\b| (?:{BODY})s\b| bodies\b"
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
    patterns = (_STARTED_WITH, _NTH, _FIRST_FEW, _LATTER, _OTHER, _BEFORE, _REGIONAL)
    return any(pattern.search(question) for pattern in patterns)


def needs_two(question: str) -> bool:
    """True for "How do they differ?", which is about more than one body."""
    return bool(_SEVERAL.search(question) and _TOGETHER.search(question)) or bool(_PAIR.search(question))


def _nth(match: re.Match[str], question: str, said: Said) -> list[str]:
    place = PLACES[(match["place"] or match["alone"] or match["only"]).lower()]
    named = said.asked(said.turns[-1])
    lists = [said.listed, named, said.bodies]
    if _BACK.search(question) or re.search(r"talked|spoke|asked|discussed", match[0]):
        lists = [said.bodies]
    pool = next((names for names in lists if len(names) >= 2), [])
    return pool[place:][:1] if place < len(pool) else []


def _called(match: re.Match[str], _question: str, said: Said) -> list[str]:
    """The only body with that word in a name, or the only one of the same kind as the one spoken of."""
    found = said.names.with_word(match["word"] or match["place"])
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


def _those_few(match: re.Match[str], _question: str, said: Said) -> list[str]:
    """The two founders, three members ... that the last answer with so many names lists."""
    count = _COUNTS[match["count"].lower()]
    return next((names for turn in reversed(said.turns) if len(names := said.listed_by(turn)) == count), [])


def _latter(match: re.Match[str], _question: str, said: Said) -> list[str]:
    return said.pair[:1] if match["which"].lower() == "former" else said.pair[-1:]


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
    if not _ASKED_WHO.match(said.turns[-1].question) or not 2 <= len(said.listed) <= MOST_MEANT:
        return []
    is_joining = _JOINED.search(question[match.end() :])
    named_later = any(mention.alliances and mention.start > match.end() for mention in said.names.find(question))
    return said.listed if named_later or is_joining else []


_REFERENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, Said], list[str]]], ...] = (
    (_STARTED_WITH, lambda _match, _question, said: said.bodies[:1]),
    (_FIRST_FEW, _first_few),
    (_NTH, _nth),
    (_LATTER, _latter),
    (_THOSE_FEW, _those_few),
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
