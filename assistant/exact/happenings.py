"""What happened to bodies: the events of the catalogue, and the day on which each was founded, launched, adopted ..."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.catalogue import Catalogue
from index.fact_sentences import FOUNDING, spoken_date
from index.types import AllianceRecord, SentenceRecord

_FOUNDED = re.compile(rf"\b(?:was|were)(?: \w+)? (?={FOUNDING.pattern})", re.IGNORECASE)
_BEGINNINGS = (  # how a word of founding begins, and what the event is called
    *(("found", "founded"), ("co", "founded"), ("launch", "launched"), ("establish", "established")),
    *(("creat", "created"), ("set", "set up"), ("start", "started"), ("form", "formed"), ("announc", "announced")),
    *(("initiat", "initiated"), ("incorporat", "incorporated"), ("adopt", "adopted"), ("sign", "signed")),
    ("beg", "began"),
)
FOUNDING_EVENTS = frozenset(event for _, event in _BEGINNINGS)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, or a founding: its ISO 8601 date, as exact as known, and the sentence that tells it."""

    date: str
    what: str
    body: AllianceRecord
    told: SentenceRecord
    is_founding: bool


def happenings_of(bodies: Mapping[str, AllianceRecord], catalogue: Catalogue) -> list[Entry]:
    """The events and foundings of these bodies, which come by slug; by date, at most one founding a body."""
    events = [event for event in catalogue.events if event.slug in bodies]
    foundings = {body.founded_in for body in bodies.values() if body.founded_in}
    told = catalogue.sentences({event.sentence_id for event in events} | foundings)
    own: dict[str, list[Entry]] = {slug: [] for slug in bodies}
    for event in events:
        own[event.slug].append(
            Entry(event.date, event.what, bodies[event.slug], told[event.sentence_id], is_founding=False)
        )
    for slug, body in bodies.items():
        if body.founded and body.founded_in:
            own[slug] = _with_founding(own[slug], body, body.founded, told[body.founded_in])
    entries = [entry for of_body in own.values() for entry in of_body]
    return sorted(entries, key=lambda entry: (entry.date, not entry.is_founding, entry.body.name))


def _with_founding(own: Sequence[Entry], body: AllianceRecord, founded: str, told: SentenceRecord) -> list[Entry]:
    """A body's entries with its founding, which one of them may be ("launched by IBM and Meta")."""
    verb = _beginning(told, founded)
    same = next((entry for entry in own if entry.date == founded and _names(verb, entry.what)), None)
    founding = replace(same, is_founding=True) if same else Entry(founded, verb, body, told, is_founding=True)
    return [founding, *(entry for entry in own if entry is not same)]


def _beginning(told: SentenceRecord, founded: str) -> str:
    """What the sentence calls the founding: "was ... launched ... on DATE"; the last such word before the date."""
    before = told.sentence.text.partition(spoken_date(founded))[0]
    places = [match.end() for match in _FOUNDED.finditer(before)] or [0]
    word = FOUNDING.search(told.sentence.text, places[-1])
    return _verb(word[0]) if word else "founded"


def _names(verb: str, what: str) -> bool:
    return any(_verb(word[0]) == verb for word in FOUNDING.finditer(what))


def _verb(word: str) -> str:
    """How a word of founding is told as an event: "launch" and "launches" are "launched"."""
    return next((event for opening, event in _BEGINNINGS if word.lower().startswith(opening)), "founded")
