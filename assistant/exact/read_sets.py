"""Questions over several bodies or several organisations: who is in both, who is in one but not the other.

Which bodies are meant, in which role, and which are left out is read from the words before each name: "the founders of
A that are not in B or C" asks for founders at A, and leaves out B and C whatever the role.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.exact.intent import Intent
from assistant.exact.reading import Reading
from assistant.exact.set_wording import AT_START, in_plain_words, without_founding_times
from assistant.exact.vocabulary import (
    BODY_NOUN,
    FOUNDING,
    HELPING,
    MEMBER,
    OTHER_QUESTION,
    OTHER_THING,
    SHARING,
    WHEN,
    WHO,
    YES_NO,
)
from assistant.words import content_stems, is_negated

MAX_NAMED = 4
_DIFFERENCE = re.compile(
    r"\b(?:missing|absent|without|except|excluding|other than|rather than|outside|out of|apart from|aside from|minus"
    r"|besides|not counting|refuse to join|leaving out|leave out|left out|lacking)\b",
    re.IGNORECASE,
)
_DIFFERENCE_WORDS = frozenset(
    content_stems(
        "missing absent except excluding outside apart aside minus besides counting lacking refuse never neither"
    )
)
_OR_BOTH = re.compile(r"\bor\b[^@]*\bboth\b", re.IGNORECASE)  # "in A, in B or in both": not only in both
_LEAVING_OUT = re.compile(r"\b(?:leav\w*|left) out\b", re.IGNORECASE)
_SHARING = re.compile(
    r"\b(?:both|common|shared?|sharing|overlap\w*|also|as well|too|jointly|mutual|intersection|simultaneously|alike"
    r"|at the same time|each of|all (?:three|four|of))\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:together|both|jointly|side by side)\b", re.IGNORECASE)
_MARKS = r"(?:the\s+)?[@#]"
_GROUP = r"(?:members?|founders?|signers|signatories|companies|firms|countries|states|governments|organi[sz]ations)"
_FOUNDED = r"(?:found(?:ed)?|started?|launch(?:ed)?|created?|establish(?:ed)?|set up|form(?:ed)?)"
# "Which members of @ helped found @?", "Of the firms behind @, who is in @?": a group, and what is asked of it.
_OF_GROUP = re.compile(
    rf"^(?:which|how many|list|name|what(?: \w+)? (?={_GROUP}))\b(?=[^?]*\b{_GROUP}\b)[^@]*@[^@]*?"
    rf"\b(?:(?:are|is|were|was) (?:among |one of |a |the |in |on )*(?:{_GROUP}|part)?(?: (?:of|in|on|behind))?"
    rf"|(?:helped(?: to)? )?{_FOUNDED}|(?:sits?|sat) (?:in|on)|belongs? to|signed|join(?:ed)?) (?:the )?@"
    rf"|^(?:of|among|from) [^@]*\b{_GROUP}\b[^@]*@[^@]*,\s*(?:who|which|what|how many)\b[^@]*@",
    re.IGNORECASE,
)
_IN_BOTH = re.compile(
    rf"\b(?:in|on|to|join\w*|sign\w*|both|between|(?:a|any) (?:[\w-]+ )?(?:member|founder|signatory) of)\s+{_MARKS}"
    rf"(?:,\s*{_MARKS})*,?\s+(?:and|as well as|plus)(?:\s+also)?"
    rf"\s+(?:in\s+|of\s+)?{_MARKS}",
    re.IGNORECASE,
)
_FOUNDED_EACH = re.compile(
    r"\b(?:founders of|behind|found(?:ed)?|started|launched|created|established|set up|formed)\s+(?:both\s+)?"
    r"(?:the\s+)?@,?\s+and\s+(?:of\s+)?(?:the\s+)?@",
    re.IGNORECASE,
)
_WHEN_EACH = re.compile(
    r"when (?:was|were|did|is|are)\s+(?:both\s+)?(?:the\s+)?@,?\s+(?:the\s+@,?\s+)?and\s+(?:the\s+)?@", re.IGNORECASE
)
_ASKED_OF = re.compile(
    r"^(?:are|is) there\b|\bany\w*\b|\b@ (?:members|founders)\b|\b(?:members?|founders?) (?:of|in)\b", re.IGNORECASE
)
_FRAGMENT = re.compile(rf"^(?:(?:the|all|any|shared|common|joint|co-?founded) )*{BODY_NOUN.pattern}", re.IGNORECASE)
_THING = re.compile(r"\b(?:anything|something)\b", re.IGNORECASE)
# What stands behind a name and belongs to it: "A's founders", "the A countries", "... that A does not have".
_OWN_FOUNDERS = re.compile(r"^(?:['’]s?)?\s+(?:own\s+)?(?:co-?)?found(?:ers?|ing)\b", re.IGNORECASE)
_LACKS = re.compile(
    r"^\s+(?:(?:(?:does|do|did|has|have) )?not (?:have|include|count|list|contain)|lack(?:s|ed)?)\b"
    r"|^\s+(?:does|do|did|has|have) not\W*$",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*,?\s*(?:or|nor)?\s*(?:(?:in|of|to|on)\s+)?(?:the\s+)?|\s*,?\s+and\s+(?:the\s+)?", re.IGNORECASE)
_AND_IN = re.compile(r"\s*,?\s+and\s+(?:in|of|to|on)\s+(?:the\s+)?", re.IGNORECASE)
_ROLE = re.compile(
    r"\bfounding members?\b|\b(?P<member>members?\w*|join\w*|belong\w*|part|in|on|sign\w*|signator\w+)\b|\b[\w-]+\b",
    re.IGNORECASE,
)
# "members of @ that are not founders", "in @ without having been there at the start", "joined @ later"
_NOT_AT_START = re.compile(
    rf"@.*\b(?:without|not|never)\b(?: \w+){{0,5}}? (?:found(?:ers?|ing|ed)\b|{AT_START})"
    r"|\bnon-?found(?:ing|er)\b"
    r"|\b(?:join|sign|enter)(?:ed|s)? (?:the )?@ (?:only )?(?:later|afterwards|subsequently)\b",
    re.IGNORECASE,
)
_LATER_WORDS = frozenset(content_stems("later afterwards subsequently outset beginning non non-founding non-founder"))
_AS_FOUNDER = re.compile(r"\bas (?:a )?(?:co-?)?founders?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Places:
    """The places, among the names of a question, of those left out and of those whose founders are meant."""

    excluded: frozenset[int]
    founding: frozenset[int]


def read_sets(reading: Reading) -> Intent | None:
    """A question for what several bodies, or several organisations, share or do not share; None if it is none."""
    dated: frozenset[int] = frozenset()
    reading = in_plain_words(reading)
    if reading.is_several_times:
        timeless = without_founding_times(reading)
        if timeless is None:
            return None
        reading, dated = timeless
    if 2 <= len(reading.bodies) <= MAX_NAMED and not reading.organisations:
        found = _of_each(reading) or _shared_members(reading)
        return _at_their_time(found, reading, dated) if found else None
    if reading.span:
        return None
    if 2 <= len(reading.organisations) <= MAX_NAMED and not reading.bodies:
        return _shared_bodies(reading)
    return _later_members(reading) if len(reading.bodies) == 1 and not reading.organisations else None


def _at_their_time(intent: Intent, reading: Reading, dated: frozenset[int]) -> Intent | None:
    """With the times of founding that the question tells; None where a time is of something else.

    "Who signed A in May 2024 but not B?": where A began in that time, those who signed it at its start.
    """
    if not reading.span and not dated:
        return intent
    if intent.relation != "shared_members" or not dated <= intent.founding | intent.signed:
        return None
    if reading.span and not intent.founding:
        bodies = enumerate(intent.bodies)
        dated = frozenset(place for place, body in bodies if reading.span.holds(body[0].founded)) & intent.signed
        if len(dated) != 1:
            return None
    return replace(intent, founding=intent.founding | dated, span=reading.span)


def _later_members(reading: Reading) -> Intent | None:
    """Who is in a body but was not at its start."""
    masked = reading.masked
    if not _NOT_AT_START.search(masked) or not WHO.search(masked) or OTHER_QUESTION.search(masked):
        return None
    if WHEN.search(masked) or YES_NO.match(masked) or reading.without(MEMBER, FOUNDING, _LATER_WORDS):
        return None
    start = frozenset({1})
    bodies = reading.bodies * 2  # its members without those at its start
    return Intent("shared_members", bodies, excluded=start, founding=start, signed=start, kind=reading.kind)


def _of_each(reading: Reading) -> Intent | None:
    """The founding dates, or the founders, of each of several bodies: "When did A and B start?"."""
    masked = reading.masked
    is_founding = reading.left & FOUNDING and not reading.without(FOUNDING)
    if not is_founding or reading.is_negated or reading.is_counting or _SHARING.search(masked):
        return None
    if _WHEN_EACH.match(masked):
        return Intent("founded", reading.bodies)
    if WHEN.search(masked) or OTHER_QUESTION.search(masked) or YES_NO.match(masked):
        return None
    is_each = _FOUNDED_EACH.search(masked) and not _IN_BOTH.search(masked)
    return Intent("founders", reading.bodies, kind=reading.kind) if is_each else None


def _shared_members(reading: Reading) -> Intent | None:
    masked = reading.masked
    if WHEN.search(masked) or OTHER_QUESTION.search(masked) or OTHER_THING.search(masked) or _OR_BOTH.search(masked):
        return None
    rest = reading.without(MEMBER, SHARING, HELPING, _difference_words(masked), _signed_first(masked))
    places = places_of(masked, "@")
    if rest - FOUNDING or places is None or len(places.excluded) == len(reading.bodies):
        return None
    is_shared = _SHARING.search(masked) or _IN_BOTH.search(masked) or _OF_GROUP.search(masked)
    asks = WHO.search(masked) or _SHARING.search(masked) or _ASKED_OF.search(masked)
    if not (asks or (places.excluded and not YES_NO.match(masked))) or not (places.excluded or is_shared):
        is_of_each = asks and reading.left & MEMBER and not rest and not reading.is_negated
        if is_of_each and not places.excluded and not YES_NO.match(masked):
            return Intent("members", reading.bodies, kind=reading.kind)  # "members of A and of B": one list each
        return None
    return Intent(
        "shared_members",
        reading.bodies,
        excluded=places.excluded,
        founding=places.founding,
        signed=signed_in(masked),
        kind=reading.kind,
        is_counting=reading.is_counting,
    )


def _shared_bodies(reading: Reading) -> Intent | None:
    masked = reading.masked
    is_where = re.match(r"where\b", masked, re.IGNORECASE) is not None
    if WHEN.search(masked) or (OTHER_QUESTION.search(masked) and not is_where):
        return None
    rest = reading.without(MEMBER, SHARING, _difference_words(masked), frozenset({"meet", "anyth", "someth"}))
    places = places_of(masked, "#")
    if rest - FOUNDING or places is None or len(places.excluded) == len(reading.organisations):
        return None
    is_asked = WHO.search(masked) or is_where or _SHARING.search(masked) or _TOGETHER.search(masked)
    is_fragment = _FRAGMENT.match(masked)
    if not (BODY_NOUN.search(masked) or is_where or _THING.search(masked)) or not (is_asked or is_fragment):
        return None
    is_shared = _SHARING.search(masked) or _TOGETHER.search(masked) or re.search(r"#,?\s+and\s+(?:the\s+)?#", masked)
    if not (places.excluded or is_shared):
        return None
    return Intent(
        "shared_bodies",
        organisations=reading.organisations,
        excluded=places.excluded,
        role="founder" if rest & FOUNDING else None,
        is_counting=reading.is_counting,
    )


def _signed_first(masked: str) -> frozenset[str]:
    """Stems of "founding-signers", which stands for those who signed at the start."""
    return frozenset(content_stems("founding-signers")) if "founding-signers" in masked else frozenset()


def _difference_words(masked: str) -> frozenset[str]:
    """Stems of the words that leave a name out; "leave" is one of them only with "out"."""
    return _DIFFERENCE_WORDS | {"leav"} if _LEAVING_OUT.search(masked) else _DIFFERENCE_WORDS


def places_of(masked: str, mark: str) -> Places | None:
    """Which names are left out, and of which the founders are meant; None if the words leave it open."""
    parts = masked.split(mark)
    excluded: set[int] = set()
    founding: set[int] = set()
    for place, part in enumerate(parts):
        before, last = part, place - 1
        if place and (own := _OWN_FOUNDERS.match(before)):
            founding.add(last)
            before = before[own.end() :]
        if place and (lacks := _LACKS.match(before)):
            excluded.add(last)
            before = before[lacks.end() :]
        if place == len(parts) - 1:
            break
        if is_negated(before) or _DIFFERENCE.search(before):
            excluded.add(place)
        elif last in excluded and _AND_IN.fullmatch(before):
            return None  # "not in A and in B": left out, or not?
        elif last in excluded and _OR.fullmatch(before):
            excluded.add(place)
        is_founding = _is_founding(before, is_first=place == 0)
        if is_founding or (is_founding is None and last in founding and not _OWN_FOUNDERS.match(part)):
            founding.add(place)
    if _AS_FOUNDER.search(parts[-1]) and not founding:
        founding = set(range(len(parts) - 1))
    return Places(frozenset(excluded), frozenset(founding))


def _is_founding(before: str, *, is_first: bool) -> bool | None:
    """Whether the words before a name ask for its founders; None if they say nothing of it.

    The last word counts ("founded A and is in B"), but "the founders in both A and B" are founders.
    """
    told = None
    for match in _ROLE.finditer(before):
        if match["member"]:
            told = bool(told and is_first)
        elif content_stems(match[0]) & FOUNDING:
            told = True
    return told


def signed_in(masked: str) -> frozenset[int]:
    """The places of the bodies that a word of signing stands before."""
    parts = masked.split("@")[:-1]
    return frozenset(place for place, before in enumerate(parts) if re.search(r"\bsign", before, re.IGNORECASE))
