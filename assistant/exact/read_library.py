"""Questions over the whole library: bodies by kind, year, region and status, the oldest and the newest."""

from __future__ import annotations

import re

from assistant.exact.intent import Intent, Relation
from assistant.exact.reading import Reading, region_stems, regions_in
from assistant.exact.vocabulary import (
    BODY_KINDS,
    BODY_NOUN,
    BODY_STATUS,
    FOUNDING,
    HOSTING,
    OTHER_QUESTION,
    OVER,
    REGIONS,
    WHEN,
    YES_NO,
)
from assistant.words import word_set

_IS_THERE = re.compile(
    r"^(?:so |and |but )*(?:(?:are|is|were|was) (?:there|any)\b|(?:do|did|have) (?:you|we) (?:have|got|know)\b"
    r"|(?:do|does|has|have) (?:the|your) (?:collection|library|articles?|catalogue)\b)",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:ones?|everything|anything|sectors?|launches|foundings|creations|births|newcomers)\b", re.IGNORECASE
)
_WHAT = re.compile(r"(?:so |and |but )*what\b(?! (?:is|are)\b)", re.IGNORECASE)  # "What was launched in 2020?"
_ITS_PEOPLE = re.compile(r"\b(?:co-?)?(?:founders?|members?|hosts?)\b", re.IGNORECASE)
_ABOUT_PEOPLE = re.compile(r"(?:so |and |but )*who(?:m|se)?\b", re.IGNORECASE)
_EARLIEST = re.compile(r"\b(?:oldest|eldest|earliest|first|most senior)\b", re.IGNORECASE)
_LATEST = re.compile(r"\b(?:newest|youngest|freshest|latest|most recent(?:ly)?|most junior|last)\b", re.IGNORECASE)
_DATING = re.compile(r"\bdat(?:es?|ing)\b|\bnew\b", re.IGNORECASE)
# "alliances of 2021", "from 2017: which alliances?": a time and a noun alone mean the founding.
_ONLY_NOUN = re.compile(
    rf"\W*(?:(?:which|what|list|all|the|any|name|show|of|from|how many|number of|are there|there|me|in) )*"
    rf"{BODY_NOUN.pattern}(?: (?:of|from|of the year|are there|there))?\W*",
    re.IGNORECASE,
)
_EXTREMES = word_set("oldest eldest senior earliest first newest youngest freshest junior latest recent last")
_DATE_WORDS = word_set(
    "date back creation emerg appear aros aris everyth anyth born birth vintag newcom spring sprang sprung pop"
)
_EXISTING = word_set("exist")  # "existed before 2016" is "founded before 2016"
_COVER = word_set(
    """cover deal focus concern devot relat field area dedic base locat region contin headquart regard interest
    hold contain includ home way got sector strategi you'v whole entir"""
)
_PLACED = re.compile(r"\b(?:in|from|of|within|across|inside|out of) (?:the )?#|#-based\b", re.IGNORECASE)
_HOSTED = re.compile(r"\bhosted (?:by|at|in|within) (?:the )?#", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(?:no longer|not) (?:active|running|going|around|operating)\b"
    r"|\b(?:ended|over|stopped|closed|ceased|dissolved|finished)\b(?! (?:their|its|the|an?)\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:called|named|known as|go(?:es)? by)(?: the)?(?: name)? @"
    r"|\b(?:have|has|with|shar\w*|bear\w*|carr\w*|us(?:e|es|ing))\b.*(?:@.*\bnames?\b|\bnames?\b.*@)",
    re.IGNORECASE,
)
NEUTRAL_WORDS = _EXTREMES | _DATE_WORDS | _COVER
_NAME_WORDS = word_set("bear carri share use entir full label titl")


def read_library(reading: Reading) -> Intent | None:
    """A question for bodies that it does not name; None when it is not wholly understood."""
    masked = reading.masked
    if (
        reading.bodies
        or reading.kind
        or reading.is_several_times
        or WHEN.match(masked)
        or OTHER_QUESTION.search(masked)
    ):
        return None
    is_old = "exist" in reading.left and reading.span is not None and reading.span.first is None
    is_begun = is_old or bool(reading.left & (FOUNDING | _DATE_WORDS))
    is_what = _WHAT.match(masked) is not None and reading.span is not None and is_begun
    if (
        _ABOUT_PEOPLE.match(masked)
        or (YES_NO.match(masked) and not _IS_THERE.match(masked))
        or not (BODY_NOUN.search(masked) or _NOUN.search(masked) or is_what)
        or _ITS_PEOPLE.search(masked)
    ):
        return None
    if reading.organisations and not (region := _region_of(reading)):
        return _hosted(reading)
    statuses, status_words = _statuses(reading)
    if reading.is_negated and not (statuses and _ENDED.search(masked)):
        return None
    kinds = reading.body_kinds
    regions = [region] if reading.organisations else regions_in(masked)
    kind_words = frozenset(stem for kind in kinds[:1] for stem in BODY_KINDS[kind])
    is_founding = is_begun or _DATING.search(masked) is not None or _ONLY_NOUN.fullmatch(masked) is not None
    understood = (FOUNDING, kind_words, region_stems(masked), NEUTRAL_WORDS, status_words)
    rest = reading.without(*understood, _EXISTING if is_old else frozenset())
    if rest or len(kinds) > 1 or len(regions) > 1:
        return None
    kind, region = next(iter(kinds), None), next(iter(regions), None)
    asks_extreme = _LATEST.search(masked) or _EARLIEST.search(masked)
    if asks_extreme and not reading.span and not statuses:
        relation: Relation = "latest" if _LATEST.search(masked) else "earliest"
        return Intent(relation, body_kind=kind, region=region)
    if not (kind or region or statuses or (reading.span and is_founding)):
        return None
    if reading.span and not is_founding:
        return None
    return Intent(
        "bodies",
        body_kind=kind,
        region=region,
        statuses=statuses,
        span=reading.span,
        is_counting=reading.is_counting,
    )


def read_namesakes(reading: Reading) -> Intent | None:
    """The bodies called by a name: "How many different bodies are called AI Alliance?"; None if it asks for others."""
    masked = reading.masked
    if (
        len(reading.bodies) != 1
        or reading.organisations
        or reading.span
        or reading.is_negated
        or YES_NO.match(masked)
        or OTHER_QUESTION.search(masked)
    ):
        return None
    if re.search(r"\bdiffer(?:s|ences?)?\b|\bcompar", masked, re.IGNORECASE):
        return None
    asks = re.search(r"\b(?:how many|which|what|list|number of)\b", masked, re.IGNORECASE)
    if not asks or not _NAMED.search(masked) or not BODY_NOUN.search(masked) or reading.without(_NAME_WORDS):
        return None
    names = {name for record in reading.bodies[0] for name in (record.name, *record.aliases)}
    called = max((name for name in names if name.lower() in reading.question.lower()), key=len, default=None)
    return Intent("namesakes", reading.bodies, called=called, is_counting=reading.is_counting) if called else None


def _region_of(reading: Reading) -> str | None:
    """The part of the world that the one organisation named is, where it stands for a place: "alliances in Japan"."""
    if len(reading.organisations) != 1 or not _PLACED.search(reading.masked):
        return None
    name = reading.organisations[0].name
    named = "Europe" if name == "European Union" else name
    return next((region for region in REGIONS if region.removeprefix("the ") in (named, named.split()[-1])), None)


def _hosted(reading: Reading) -> Intent | None:
    """The bodies that an organisation hosts, without a word of asking: "bodies hosted by NIST"."""
    is_hosted = len(reading.organisations) == 1 and _HOSTED.search(reading.masked) and not reading.without(HOSTING)
    if not is_hosted or reading.span or reading.is_negated or YES_NO.match(reading.masked):
        return None
    return Intent("hosted_by", organisations=reading.organisations, is_counting=reading.is_counting)


def _statuses(reading: Reading) -> tuple[frozenset[str], frozenset[str]]:
    """The statuses asked for, and the stems that say it."""
    found = {status for status, stems in BODY_STATUS.items() if stems & reading.left}
    if _ENDED.search(reading.masked):
        found |= {"dormant", "superseded"}
    words = frozenset(stem for status in found for stem in BODY_STATUS[status])
    return frozenset(found), words | OVER | {"run", "oper"} if found else frozenset()
