"""Free wording on several bodies or organisations: what they share, and how they compare."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.exact.comparison_reading import ALL_ASPECTS, MAX_COLUMNS, Comparison, aspects_of
from assistant.exact.comparison_same import Same
from assistant.exact.intent import Intent
from assistant.exact.intent_classifier import Guess, unknown_stems
from assistant.exact.order import Order
from assistant.exact.read_sets import MAX_NAMED, Places, places_of, read_sets, signed_in
from assistant.exact.reading import Reading
from assistant.exact.request import Reader, Request
from assistant.exact.set_wording import in_plain_words
from assistant.exact.size import Size
from assistant.exact.vocabulary import YES_NO

DIFFERENCE = ("first_not_second", "second_not_first")
_LEAST_OF_DIRECTION = 0.9  # of "in A, not in B" against "in B, not in A"
_YOUNGER = re.compile(
    r"\b(?:young\w*|new(?:er|est)|later|latest|last|after|more recent\w*|most recent\w*)\b", re.IGNORECASE
)
_FOUNDERS = re.compile(r"\bfounders?\b|\bfounded by\b", re.IGNORECASE)


def _read_sets(reading: Reading, guess: Guess) -> Intent | None:
    """What the reader of sets makes of it, without the words that only describe a body."""
    return read_sets(replace(reading, left=reading.left - unknown_stems(reading.left, guess.intent)))


def _shared_members(reading: Reading, guess: Guess) -> Request | None:
    if found := _read_sets(reading, guess):
        return found
    reading = in_plain_words(reading)
    places = places_of(reading.masked, "@")
    if reading.span or reading.is_negated or places is None or places.excluded:
        return None
    return _shared(reading, places)


def _shared_founders(reading: Reading, guess: Guess) -> Request | None:
    if found := _read_sets(reading, guess):
        return found
    every = frozenset(range(len(reading.bodies)))
    places = places_of(reading.masked, "@")
    # "the founders of @ that are in @": founders of one of them only
    if (
        reading.span
        or reading.is_negated
        or places is None
        or places.excluded
        or places.founding not in (frozenset(), every)
    ):
        return None
    return _shared(reading, Places(frozenset(), every))


def _difference(reading: Reading, guess: Guess) -> Request | None:
    """Who is in one body and not in the other; which one is left out has to be sure."""
    if found := _read_sets(reading, guess):
        return found
    reading = in_plain_words(reading)
    sure = sum(guess.probability[intent] for intent in DIFFERENCE)
    places = places_of(reading.masked, "@")
    if places is None or reading.span or len(reading.bodies) != 2:
        return None
    if len(places.excluded) != 1:
        if guess.probability[guess.intent] < _LEAST_OF_DIRECTION * sure:
            return None
        places = Places(frozenset({1 if guess.intent == "first_not_second" else 0}), places.founding)
    return _shared(reading, places)


def _shared(reading: Reading, places: Places) -> Request | None:
    if not 2 <= len(reading.bodies) <= MAX_NAMED:
        return None
    return Intent(
        "shared_members",
        reading.bodies,
        excluded=places.excluded,
        founding=places.founding,
        signed=signed_in(reading.masked),
        kind=reading.kind,
        is_counting=reading.is_counting,
    )


def _shared_bodies(excluded: frozenset[int]) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        if (
            reading.span
            or not 2 <= len(reading.organisations) <= MAX_NAMED
            or excluded
            and len(reading.organisations) > 2
        ):
            return None
        if reading.is_negated and not excluded:
            return None
        return Intent(
            "shared_bodies",
            organisations=reading.organisations,
            excluded=excluded,
            is_counting=reading.is_counting,
        )

    return read


def _compare(reading: Reading, _: Guess) -> Request | None:
    bodies = reading.records
    if not 2 <= len(bodies) <= MAX_COLUMNS or reading.span or reading.is_negated:
        return None
    return Comparison(bodies, aspects_of(reading)[0] or ALL_ASPECTS)


def _older(reading: Reading, _: Guess) -> Request | None:
    bodies = reading.records
    if not 2 <= len(bodies) <= MAX_COLUMNS or len(bodies) != len(reading.bodies) or reading.is_negated:
        return None
    is_yes_no = YES_NO.match(reading.masked) is not None and not re.search(r"\bor\b", reading.masked)
    return Order(bodies, _YOUNGER.search(reading.masked) is not None, is_yes_no and len(bodies) == 2)


def _larger(reading: Reading, _: Guess) -> Request | None:
    bodies = reading.records
    if not 2 <= len(bodies) <= MAX_COLUMNS or reading.span or reading.is_negated or reading.kind:
        return None
    return Size(bodies, "founders" if _FOUNDERS.search(reading.masked) else "members")


def _same_host(reading: Reading, _: Guess) -> Request | None:
    bodies = reading.records
    if not 2 <= len(bodies) <= MAX_COLUMNS or len(bodies) != len(reading.bodies) or reading.is_negated:
        return None
    return Same(bodies, "host")


READERS: dict[str, Reader] = {
    "shared_members": _shared_members,
    "shared_founders": _shared_founders,
    "first_not_second": _difference,
    "second_not_first": _difference,
    "shared_bodies": _shared_bodies(frozenset()),
    "first_org_not_second": _shared_bodies(frozenset({1})),
    "compare": _compare,
    "older": _older,
    "larger": _larger,
    "same_host": _same_host,
}
