"""Questions about a body, or several one by one: founders, members, host and founding date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from assistant.exact.intent import Intent
from assistant.exact.reading import Reading, as_one_body, first_role, roles_in
from assistant.exact.set_wording import AT_START
from assistant.exact.vocabulary import (
    COUNTED_STEMS,
    ENDING,
    FIRST,
    FOUNDING,
    HELPING,
    HOSTING,
    INSIDE,
    JOINING,
    LAST,
    LEAVING,
    MEMBER,
    ORDER,
    OTHER_QUESTION,
    ROLE,
    RUNNING,
    SIZE,
    STATUS,
    WHEN,
    WHO,
    YES_NO,
)
from assistant.exact.wording import on_day
from assistant.open.roles import asked_role
from assistant.time_spans import TimeSpan
from assistant.words import concept, content_stems, word_set
from index.dates import Period

_NOUN = (
    r"(?:alliance|body|group|coalition|consortium|initiative|forum|partnership|pact|network|foundation|organi[sz]ation)"
)
_BODY_NAME = re.compile(rf"\b{_NOUN}\s+(?:called\s+|named\s+)?@|@\s+{_NOUN}\b", re.IGNORECASE)
# "When was the first working group of @ founded?" asks about a part of it.
_PART = re.compile(rf"\b(?:{_NOUN}s?|bodies|consortia|work\w*|list|role|place)\b", re.IGNORECASE)
_OF_PART = re.compile(
    rf"\b(?:{_NOUN}s?|work\w*|programs?|programmes?|projects?|efforts?) (?:of|in|at|within|under) (?:the )?@",
    re.IGNORECASE,
)
# "the founders of the companies in @", "Who sponsors the members of @?", "What did the founders of @ say?"
_PEOPLE = (
    r"(?:members?|founders?|compan(?:y|ies)|firms?|hosts?|sponsors?|partners?|signatories|participants?|backers?"
    r"|countries|states|governments|organi[sz]ations?)"
)
_BY_PARTS = re.compile(
    rf"\b(?:{_PEOPLE}|boards?|heads?|leaders?|owners?) of (?:the |its |all )?{_PEOPLE} (?:of|in|at|behind|that)\b"
    rf"|\b(?:sponsors?|found(?:ed|s)?|host(?:s|ed)?|back(?:s|ed)?|supports?|supported|joined|left) (?:the |its |all )?"
    rf"{_PEOPLE} (?:of|in|at|behind)\b"
    rf"|\bwhat\b.* (?:did|do|does|have|has|had) (?:the |its |all )?(?:\w+ )?{_PEOPLE}\b"
    rf"|\b{_PEOPLE} (?:do|need)\b|\bbec[ao]me of (?:the |its )?{_PEOPLE}\b",
    re.IGNORECASE,
)
# "Which projects does @ host?"
_HOSTS = re.compile(r"\b(?:did|does|do|has|have) (?:the )?@ (?:\w+ )?(?:host|hous|run|operat|manag)", re.IGNORECASE)
_EACH = word_set("insid within respect individu")
_NO_LONGER = frozenset({"longer", "anymor"})
_AGE = re.compile(r"how (?:old|long)", re.IGNORECASE)
_WHY = re.compile(r"(?:so |and |but )*why\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were) (?:the )?@|\bdid (?:the )?@ (?:start|begin|form|launch)\b", re.IGNORECASE)
_SIZE_OF = re.compile(r"\bhow (?:big|large) (?:is|was|are|were) (?:the )?@\W*$", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:both|together|combined|between|overlap\w*|common|shared?|sharing|or|same|each other)\b", re.IGNORECASE
)
_HAS_LEFT = re.compile(r"\b(?:no longer|not any ?more|ex-|former)\b", re.IGNORECASE)
# "How many sponsors did @ start with?", "the number of countries in @": a thing counted, and whose it is.
_FIGURE_OF = re.compile(
    r"\b(?:how many|number of) (?:[\w-]+ ){1,4}"
    r"(?:(?:did|does|do|has|had|have|are|were|is|was|sign\w*|join\w*|belong\w*|back\w*|take|took)\b.*@"
    r"|(?:in|of|at|under|behind) (?:the )?@)|\bnumber of (?:the )?@(?:['’]s?)? \w+",
    re.IGNORECASE,
)
_AT_START = re.compile(rf"\b{AT_START}(?! of)(?: (?:in|at) \w+(?=\W*$))?", re.IGNORECASE)  # "... in Seoul"
_FRAGMENT_WORDS = 4
# "Which alliances have the same members as @?" asks for others.
LIKE_IT = re.compile(r"\bsame\b[^@]*\b(?:as|with)\b[^@]*@", re.IGNORECASE)
MAX_BODIES = 4  # told one by one in an answer


def read_body(reading: Reading) -> Intent | None:
    """What is asked of the one body that a question names, or of each of several; None when not wholly understood."""
    one = _about_one(reading)
    if one is None or _OF_PART.search(one.masked) or _BY_PARTS.search(one.masked):
        return None
    masked = one.masked
    if WHEN.search(masked):
        return _read_date(one)
    if STATUS.search(masked) and not one.without(ENDING) and not one.span:
        return Intent("status", one.bodies)
    if _WHY.match(masked) or YES_NO.match(masked):
        return _read_founded_then(one)
    if OTHER_QUESTION.search(masked):
        return None
    if not (WHO.search(masked) or one.left & (MEMBER | FOUNDING) or len(masked.split()) <= _FRAGMENT_WORDS):
        return None
    return _read_people(one)


def read_count(reading: Reading) -> Intent | None:
    """How many of what, where an article gives the number; None when it is not wholly understood."""
    one = _about_one(reading)
    if one is None or not one.is_counting or one.is_negated or one.left & LEAVING:
        return None
    if FIRST.search(one.masked) or LAST.search(one.masked):  # "How many new members ...?"
        return None
    if (
        _AT_START.search(one.masked) and not one.left & FOUNDING
    ):  # "at its launch" is a thing counted: "founding members"
        return _read_first_count(one)
    counted = one.left - MEMBER - SIZE
    is_size = one.left & (MEMBER | SIZE) or INSIDE.search(one.masked) or _SIZE_OF.search(one.masked)
    if not counted and not one.kind and is_size:
        return Intent("figure", one.bodies, span=one.span, is_counting=True)
    if _FIGURE_OF.search(one.masked):
        stems = counted | COUNTED_STEMS.get(one.kind or "", frozenset())
        return Intent("figure", one.bodies, span=one.span, is_counting=True, counted=frozenset(stems))
    return None


def _read_first_count(reading: Reading) -> Intent | None:
    """How many there were on the day on which the body began."""
    asked = _AT_START.sub("", reading.masked)
    stems = content_stems(asked) & reading.left
    founded = {record.founded for body in reading.bodies for record in body}
    if len(founded) != 1 or reading.span or not (stems <= MEMBER | SIZE) or not (stems or INSIDE.search(asked)):
        return None
    (day,) = founded
    if day is None or len(day) < len("2023-12-05"):
        return None
    counted = COUNTED_STEMS.get(reading.kind or "", frozenset())
    span = TimeSpan(Period.of(day).first, Period.of(day).last, on_day(day))
    return Intent("figure", reading.bodies, span=span, is_counting=True, counted=counted)


def _about_one(reading: Reading) -> Reading | None:
    """The reading with its bodies as one; None if they are asked about together, or in more than one place."""
    if not 1 <= len(reading.bodies) <= MAX_BODIES or reading.organisations or reading.is_several_times:
        return None
    if len(reading.bodies) > 1 and _TOGETHER.search(reading.masked) or LIKE_IT.search(reading.masked):
        return None
    return as_one_body(reading)


def _read_date(reading: Reading) -> Intent | None:
    is_founding = bool(reading.left & FOUNDING) or _AGE.search(reading.masked)
    if not is_founding or reading.without(FOUNDING) or reading.span or reading.is_negated:
        return None
    if _PART.search(_BODY_NAME.sub("@", reading.masked)):
        return None
    return Intent("founded", reading.bodies)


def _read_founded_then(reading: Reading) -> Intent | None:
    """Whether, or why, it was founded in a certain time."""
    is_founding = reading.left & FOUNDING and not reading.without(FOUNDING, HELPING)
    if reading.span is None or not is_founding or reading.is_negated or not _PASSIVE.search(reading.masked):
        return None
    return Intent("was_founded", reading.bodies, span=reading.span, wants_reason=_WHY.match(reading.masked) is not None)


def _read_people(reading: Reading) -> Intent | None:
    """Read "who": founders, hosts, members and those who left."""
    masked = reading.masked
    roles = roles_in(masked)
    order: Literal["first", "last"] | None = (
        "first" if FIRST.search(masked) else "last" if LAST.search(masked) else None
    )
    if reading.left & LEAVING or _HAS_LEFT.search(masked):
        if order or reading.without(LEAVING, _NO_LONGER, MEMBER, *roles.values()):
            return None
        return Intent("former_members", reading.bodies, role=first_role(roles), kind=reading.kind, span=reading.span)
    if reading.is_negated:
        return None
    hosting = (
        HOSTING | RUNNING if re.search(r"\b(?:what|which) (?!people|person)\w+", masked, re.IGNORECASE) else HOSTING
    )
    if reading.left & hosting and not reading.without(hosting, _EACH) and not reading.span:
        return None if order or _HOSTS.search(masked) else Intent("host", reading.bodies)
    if reading.left & FOUNDING and not reading.left & MEMBER and not reading.without(FOUNDING, HELPING):
        return _read_founders(reading)
    return _read_members(reading, roles, order)


def _read_founders(reading: Reading) -> Intent | None:
    if (asked_role(reading.masked) or ("", "")) == (concept("found"), "doer"):  # "What did @ launch?"
        return None
    span = reading.span
    if span and not all(span.holds(record.founded) for body in reading.bodies for record in body):
        return None  # it was founded at another time
    return Intent("founders", reading.bodies, kind=reading.kind, is_counting=reading.is_counting)


def _read_members(
    reading: Reading, roles: Mapping[str, frozenset[str]], order: Literal["first", "last"] | None
) -> Intent | None:
    masked = reading.masked
    if order and reading.is_counting:
        return None  # "How many new members ...?"
    if reading.span and order:
        return None
    has_joined = JOINING.search(masked) is not None  # "Who were the members in 2020?" is not who joined then
    role = first_role(roles)
    level = frozenset(ROLE if role else ())
    founding = FOUNDING if role == "founder" else frozenset()
    is_inside = (
        not reading.left
        and INSIDE.search(masked)
        and (reading.kind or re.search(r"\b(?:who|which|what|how many)\b", masked, re.IGNORECASE))
    )
    if reading.without(MEMBER, level, founding, ORDER if order else frozenset(), *roles.values()):
        return None
    if not (reading.left & MEMBER or role or is_inside):
        return None
    return Intent(
        "members",
        reading.bodies,
        role=role,
        kind=reading.kind,
        span=reading.span if has_joined else None,
        listed_in=None if has_joined else reading.span,
        order=order,
        is_counting=reading.is_counting,
    )
