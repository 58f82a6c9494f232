"""Questions over the whole library: bodies by kind, year and region, the oldest and the newest."""

from __future__ import annotations

import re

from assistant.exact.intent import Intent, Relation
from assistant.exact.reading import Reading, region_stems, regions_in
from assistant.exact.vocabulary import BODY_KINDS, BODY_NOUN, FOUNDING, OTHER_QUESTION, WHEN
from assistant.words import word_set

_ASKING = re.compile(
    r"^(?:and |so |please |can you |could you |the )*(?:which|what|list|name|show|give|tell|how many|count|are there"
    r"|is there|any|oldest|newest|latest|earliest|youngest|first|(?:\w+[- ]?\w* )?(?:alliances|bodies))\b",
    re.IGNORECASE,
)
_EARLIEST = re.compile(r"\b(?:oldest|earliest|first)\b", re.IGNORECASE)
_LATEST = re.compile(r"\b(?:newest|youngest|latest|most recent(?:ly)?|last)\b", re.IGNORECASE)
_DATING = re.compile(r"\bdat(?:es?|ing)\b", re.IGNORECASE)
_EXTREMES = word_set("oldest earliest first newest youngest latest recent last")
_DATE_WORDS = word_set("date back creation")
_EXISTING = word_set("exist")  # "existed before 2016" is "founded before 2016"
_COVER = word_set(
    "cover deal focus concern devot relat field area dedic base locat region contin headquart regard work"
)


def read_library(reading: Reading) -> Intent | None:
    """A question for bodies that it does not name; None when it is not wholly understood."""
    if reading.bodies or reading.organisations or reading.is_negated or reading.is_several_times:
        return None
    if WHEN.match(reading.masked) or OTHER_QUESTION.search(reading.masked):
        return None
    if not _ASKING.search(reading.masked) or not BODY_NOUN.search(reading.masked):
        return None
    kinds = [name for name, stems in BODY_KINDS.items() if stems & reading.left]
    regions = regions_in(reading.masked)
    kind_words = frozenset(stem for kind in kinds[:1] for stem in BODY_KINDS[kind])
    is_old = "exist" in reading.left and reading.span is not None and reading.span.first is None
    is_founding = is_old or bool(reading.left & FOUNDING) or _DATING.search(reading.masked) is not None
    rest = reading.without(
        FOUNDING,
        kind_words,
        region_stems(reading.masked),
        _EXTREMES,
        _DATE_WORDS,
        _COVER,
        _EXISTING if is_old else frozenset(),
    )
    if rest or len(kinds) > 1 or len(regions) > 1:
        return None
    kind, region = next(iter(kinds), None), next(iter(regions), None)
    asks_extreme = _LATEST.search(reading.masked) or _EARLIEST.search(reading.masked)
    if asks_extreme and not reading.span:
        relation: Relation = "latest" if _LATEST.search(reading.masked) else "earliest"
        return Intent(relation, body_kind=kind, region=region)
    if not (kind or region or (reading.span and is_founding)):
        return None
    if reading.span and not is_founding:
        return None
    return Intent("bodies", body_kind=kind, region=region, span=reading.span, is_counting=reading.is_counting)
