"""Questions over several bodies or several organisations: who is in both, who is in one but not the other."""

from __future__ import annotations

import re

from assistant.exact.intent import Intent
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import BODY_NOUN, FOUNDING, MEMBER, OTHER_QUESTION, SHARING, WHEN, WHO, YES_NO
from assistant.words import is_negated

MAX_NAMED = 4
_DIFFERENCE = re.compile(
    r"\b(?:missing|absent|without|except|excluding|other than|rather than|outside)\b", re.IGNORECASE
)
_SHARING = re.compile(
    r"\b(?:both|common|shared?|sharing|overlap\w*|also|as well|too|jointly|mutual|intersection|simultaneously"
    r"|at the same time|each of)\b",
    re.IGNORECASE,
)
_IN_BOTH = re.compile(
    r"\b(?:in|on|to|join\w*|sign\w*|both|between)\s+(?:both\s+)?(?:the\s+)?@,?\s+(?:and|as well as)(?:\s+also)?"
    r"\s+(?:in\s+|of\s+)?(?:the\s+)?@",
    re.IGNORECASE,
)


def read_sets(reading: Reading) -> Intent | None:
    """A question for what several bodies, or several organisations, share or do not share; None if it is none."""
    if reading.is_several_times or reading.span or WHEN.search(reading.masked) or OTHER_QUESTION.search(reading.masked):
        return None
    if 2 <= len(reading.bodies) <= MAX_NAMED and not reading.organisations:
        return _shared_members(reading)
    if 2 <= len(reading.organisations) <= MAX_NAMED and not reading.bodies:
        return _shared_bodies(reading)
    return None


def _shared_members(reading: Reading) -> Intent | None:
    masked, rest = reading.masked, reading.without(MEMBER, SHARING, frozenset({"miss", "absent", "except", "exclud"}))
    is_founders = bool(reading.left & FOUNDING)
    if rest - FOUNDING:
        return None
    excluded = _excluded(masked, "@")
    is_shared = bool(_sharing_words(masked)) or _IN_BOTH.search(masked)
    asks = (
        WHO.search(masked)
        or _sharing_words(masked)
        or re.search(r"\bany\w*\b|\b@ members\b|\bmembers? (?:of|in)\b", masked)
    )
    if not asks or len(excluded) == len(reading.bodies) or not (excluded or is_shared):
        if asks and not excluded and reading.left & MEMBER and not rest and not YES_NO.match(masked):
            return Intent("members", reading.bodies, kind=reading.kind)  # "members of A and of B": one list each
        return None
    return Intent(
        "shared_members",
        reading.bodies,
        excluded=excluded,
        signed=_signed(masked),
        role="founder" if is_founders else None,
        kind=reading.kind,
        is_counting=reading.is_counting,
    )


def _shared_bodies(reading: Reading) -> Intent | None:
    masked, rest = reading.masked, reading.without(MEMBER, SHARING)
    is_founders = bool(rest & FOUNDING)
    if rest - FOUNDING:
        return None
    excluded = _excluded(masked, "#")
    asks_bodies = BODY_NOUN.search(masked) or re.match(r"where\b", masked, re.IGNORECASE)
    if (
        not asks_bodies
        or not (WHO.search(masked) or _sharing_words(masked))
        or len(excluded) == len(reading.organisations)
    ):
        return None
    if not excluded and not (_sharing_words(masked) or re.search(r"#,?\s+and\s+(?:the\s+)?#", masked)):
        return None
    return Intent(
        "shared_bodies",
        organisations=reading.organisations,
        excluded=excluded,
        role="founder" if is_founders else None,
        is_counting=reading.is_counting,
    )


def _sharing_words(masked: str) -> bool:
    return _SHARING.search(masked) is not None


def _excluded(masked: str, mark: str) -> frozenset[int]:
    """The places of the marks that a denying word stands before, since the mark in front of them."""
    parts = masked.split(mark)[:-1]
    return frozenset(place for place, before in enumerate(parts) if is_negated(before) or _DIFFERENCE.search(before))


def _signed(masked: str) -> frozenset[int]:
    """The places of the bodies that a word of signing stands before."""
    parts = masked.split("@")[:-1]
    return frozenset(place for place, before in enumerate(parts) if re.search(r"\bsign", before, re.IGNORECASE))
