"""Free wording on the whole library: lists of bodies, the oldest and the newest, what happened when."""

from __future__ import annotations

from assistant.exact.intent import Intent, Relation
from assistant.exact.intent_classifier import Guess, known_stems
from assistant.exact.read_library import NEUTRAL_WORDS
from assistant.exact.reading import Reading, region_stems, regions_in
from assistant.exact.request import Reader, Request
from assistant.exact.timeline_reading import NEWEST_OF_BODY, Timeline, theme_of
from assistant.exact.vocabulary import BODY_KINDS, BODY_STATUS, FOUNDING, WHEN

# Intents whose wordings name neither kinds, regions nor times: their words narrow nothing down.
_NEUTRAL = ("members", "founders", "founded", "org_belongs", "org_founded", "year_events", "body_events", "definition")


def _listed(reading: Reading, _: Guess) -> Request | None:
    """The bodies of a kind, a region, a status or a time."""
    kinds = reading.body_kinds
    regions = regions_in(reading.masked)
    statuses = frozenset(status for status, stems in BODY_STATUS.items() if stems & reading.left)
    if reading.is_negated or len(kinds) > 1 or len(regions) > 1 or not (kinds or regions or statuses or reading.span):
        return None
    if _narrowing(reading, kinds, statuses):
        return None
    return Intent(
        "bodies",
        body_kind=kinds[0] if kinds else None,
        region=regions[0] if regions else None,
        statuses=statuses,
        span=reading.span,
        is_counting=reading.is_counting,
    )


def _extreme(relation: Relation) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        kinds = reading.body_kinds
        regions = regions_in(reading.masked)
        if reading.is_negated or reading.span or len(kinds) > 1 or len(regions) > 1 or WHEN.match(reading.masked):
            return None
        if _narrowing(reading, kinds, frozenset()):
            return None
        return Intent(relation, body_kind=kinds[0] if kinds else None, region=regions[0] if regions else None)

    return read


def _narrowing(reading: Reading, kinds: list[str], statuses: frozenset[str]) -> frozenset[str]:
    """Stems that may narrow the bodies down in a way that is not read."""
    read = [BODY_KINDS[kind] for kind in kinds] + [BODY_STATUS[status] for status in statuses]
    neutral = known_stems(*_NEUTRAL) | NEUTRAL_WORDS | FOUNDING
    return (reading.left - neutral - region_stems(reading.masked)).difference(*read)


def _year_events(reading: Reading, _: Guess) -> Request | None:
    return Timeline(span=reading.span) if reading.span and not reading.is_negated else None


def _theme_events(reading: Reading, _: Guess) -> Request | None:
    theme = theme_of(reading.masked, known_stems("body_events", "year_events", "latest_event"))
    return Timeline(theme=theme, span=reading.span) if theme and not reading.is_negated else None


def _body_events(reading: Reading, _: Guess) -> Request | None:
    return None if reading.is_negated else Timeline(reading.records, span=reading.span)


def _latest_event(reading: Reading, _: Guess) -> Request | None:
    return None if reading.is_negated or reading.span else Timeline(reading.records, newest=NEWEST_OF_BODY)


READERS: dict[str, Reader] = {
    "body_events": _body_events,
    "latest_event": _latest_event,
    "list_bodies": _listed,
    "count_bodies": _listed,
    "oldest": _extreme("earliest"),
    "newest": _extreme("latest"),
    "year_events": _year_events,
    "theme_events": _theme_events,
}
