"""Questions about one body: its founders, members, host and founding date."""

from __future__ import annotations

import re

from assistant.exact.intent import Intent
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import (
    ENDING,
    FOUNDING,
    HELPING,
    HOSTING,
    INSIDE,
    LEAVING,
    MEMBER,
    MEMBER_ROLES,
    OTHER_QUESTION,
    RUNNING,
    SIZE,
    STATUS,
    WHEN,
    WHO,
    YES_NO,
)
from assistant.roles import asked_role
from assistant.words import concept

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
_HAS_LEFT = re.compile(r"\b(?:no longer|not any ?more|ex-|former)\b", re.IGNORECASE)
_JOINING = re.compile(r"\b(?:join\w*|sign\w*|be(?:came|come)|added|admitted|entered|new)\b", re.IGNORECASE)
# "How many sponsors did @ start with?", "the number of countries in @": a thing counted, and whose it is.
_FIGURE_OF = re.compile(
    r"\b(?:how many|number of) (?:[\w-]+ ){1,4}"
    r"(?:(?:did|does|do|has|had|have|are|were|is|was|sign\w*|join\w*|belong\w*|back\w*|take|took)\b.*@"
    r"|(?:in|of|at|under|behind) (?:the )?@)",
    re.IGNORECASE,
)
_KIND_STEMS = {"government": "countri", "company": "compani", "university": "univers"}
_FRAGMENT_WORDS = 4


def read_body(reading: Reading) -> Intent | None:
    """What is asked of the one body that a question names; None when it is not wholly understood."""
    if len(reading.bodies) != 1 or reading.organisations or reading.is_several_times:
        return None
    if _OF_PART.search(reading.masked):
        return None
    if STATUS.search(reading.masked) and not reading.without(ENDING) and not reading.span:
        return Intent("status", reading.bodies)
    if WHEN.search(reading.masked):
        return _read_date(reading)
    if OTHER_QUESTION.search(reading.masked) or YES_NO.match(reading.masked):
        return None
    if not (
        WHO.search(reading.masked)
        or reading.left & (MEMBER | FOUNDING)
        or len(reading.masked.split()) <= _FRAGMENT_WORDS
    ):
        return None
    return _read_people(reading)


def read_count(reading: Reading) -> Intent | None:
    """How many of what, where an article gives the number; None when it is not wholly understood."""
    if len(reading.bodies) != 1 or reading.organisations or reading.is_several_times or not reading.is_counting:
        return None
    if reading.is_negated or reading.left & LEAVING:
        return None
    counted = reading.left - MEMBER - SIZE
    if not counted and not reading.kind and (reading.left & (MEMBER | SIZE) or INSIDE.search(reading.masked)):
        return Intent("figure", reading.bodies, span=reading.span, is_counting=True)
    if _FIGURE_OF.search(reading.masked):
        stems = counted | ({_KIND_STEMS[reading.kind]} if reading.kind in _KIND_STEMS else set())
        return Intent("figure", reading.bodies, span=reading.span, is_counting=True, counted=frozenset(stems))
    return None


def _read_date(reading: Reading) -> Intent | None:
    is_founding = bool(reading.left & FOUNDING) or re.search(r"how (?:old|long)", reading.masked, re.IGNORECASE)
    if not is_founding or reading.without(FOUNDING) or reading.span or reading.is_negated:
        return None
    if _PART.search(_BODY_NAME.sub("@", reading.masked)):
        return None
    return Intent("founded", reading.bodies)


def _read_people(reading: Reading) -> Intent | None:
    """Read "who": founders, hosts, members and those who left."""
    is_left = bool(reading.left & LEAVING) or _HAS_LEFT.search(reading.masked)
    if is_left and not reading.without(LEAVING, MEMBER):
        return Intent("former_members", reading.bodies, kind=reading.kind, span=reading.span)
    if reading.is_negated:
        return None
    hosting = HOSTING | RUNNING if re.search(r"\b(?:what|which) (?!people|person)\w+", reading.masked) else HOSTING
    if reading.left & hosting and not reading.without(hosting) and not reading.span:
        return Intent("host", reading.bodies)
    role = next((name for name, stems in MEMBER_ROLES.items() if stems & reading.left), None)
    role_words = MEMBER_ROLES[role] if role else frozenset()
    founding, member = bool(reading.left & FOUNDING), bool(reading.left & MEMBER)
    if founding and not member and reading.span and not reading.without(FOUNDING, HELPING):
        return _founded_then(reading)
    if reading.span and not _JOINING.search(reading.masked):
        return None  # "Who were the members in 2020?" is not who joined then
    if founding and not member and not reading.without(FOUNDING, HELPING) and not reading.span:
        is_doer = (asked_role(reading.masked) or ("", "")) == (concept("found"), "doer")  # "What did @ launch?"
        return None if is_doer else Intent("founders", reading.bodies, kind=reading.kind)
    rest = reading.without(MEMBER, role_words, FOUNDING if role == "founder" else frozenset())
    is_inside = (
        not reading.left
        and INSIDE.search(reading.masked)
        and re.search(r"\b(?:who|which|what|how many)\b", reading.masked, re.IGNORECASE)
    )
    if rest or not (member or role or is_inside):
        return None
    return Intent(
        "members", reading.bodies, role=role, kind=reading.kind, span=reading.span, is_counting=reading.is_counting
    )


def _founded_then(reading: Reading) -> Intent | None:
    """Who founded it in a certain year, if it was founded then."""
    span = reading.span
    if span is None or not all(span.holds(record.founded) for body in reading.bodies for record in body):
        return None
    return Intent("founders", reading.bodies, kind=reading.kind)
