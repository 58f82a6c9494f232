"""Recognising comparisons: "compare A and B", "A vs B", "how does A differ from B in who founded it?".

A comparison is answered by a table only when nothing else is asked: "How do A and B differ in their attitude to
China?" leaves "attitude" and is an open question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.exact.reading import Reading
from assistant.exact.vocabulary import FOUNDING, HOSTING, MEMBER, OTHER_THING, SHARING, WHEN
from assistant.words import word_set
from index.types import AllianceRecord

Aspect = Literal["what", "founded", "founders", "host", "members", "event"]

MAX_COLUMNS = 4
_COMPARING = re.compile(
    r"\b(?:compar\w*|versus|vs|differ\w*|contrast\w*|distinguish\w*|distinct\w*|apart|side by side|unlike|similar\w*"
    r"|in common|mix(?:ed|ing)? up|confus\w*)\b",
    re.IGNORECASE,
)
# "the founders of @ against those of @"; not "What did @ do against @?"
_SIDE_BY_SIDE = re.compile(
    r"^(?!.*\b(?:what|why|who|is|are|was|were|do|does|did|has|have)\b).*@.*\bagainst\b.*@", re.IGNORECASE
)
_FILLER = word_set(
    """compar contrast distinguish distinct apart unlik similar set side main key biggest most import
    essenti basic short brief tabl detail put other anoth respect aspect point regard against alway often
    keep mix confus"""
)
_PURPOSE = word_set(
    "purpos aim goal mission focus focuss objectiv scope natur structur function remit charact kind type task job"
)
_FOUNDERS = re.compile(
    r"\bfounders?\b|\bwho(?:m|se)?\b.*\b(?:found|launch|creat|start|establish|set up|form)\w*|\bbehind\b|\bby whom\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(?:dates?|age|old|years?)\b", re.IGNORECASE)
_SIZE = re.compile(r"\bhow many\b|\bnumbers? of\b|\bsizes?\b|\bmembership numbers?\b", re.IGNORECASE)
_SIZE_WORDS = word_set("size number count")
_EVENTS = re.compile(
    r"\b(?:latest|last|most recent) (?:events?|news|developments?|steps?|milestones?)\b", re.IGNORECASE
)
_EVENT_WORDS = word_set("latest last recent event news develop step mileston")
ALL_ASPECTS: frozenset[Aspect] = frozenset({"what", "founded", "founders", "host", "members", "event"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Bodies to be set side by side, in the order of the question, and in what respects."""

    bodies: tuple[AllianceRecord, ...]
    aspects: frozenset[Aspect]


def read_comparison(reading: Reading) -> Comparison | None:
    """The comparison that a question asks for; None when it asks for none, or for more than a table holds.

    Args:
        reading: The question, taken apart. A name that several bodies bear stands for all of them.
    """
    bodies = reading.records
    if not 2 <= len(bodies) <= MAX_COLUMNS:
        return None
    if not (_COMPARING.search(reading.masked) or _SIDE_BY_SIDE.search(reading.masked)):
        return None
    if OTHER_THING.search(reading.masked):
        return None
    if reading.span or reading.is_several_times or reading.is_negated:
        return None
    aspects, understood = aspects_of(reading)
    if reading.without(understood, _FILLER, SHARING):
        return None
    if reading.organisations and not aspects & {"host", "founders"}:
        return None
    return Comparison(bodies, aspects or ALL_ASPECTS)


def aspects_of(reading: Reading) -> tuple[frozenset[Aspect], frozenset[str]]:
    """The respects that a question names, and the stems that name them; none means all."""
    aspects: set[Aspect] = set()
    understood: set[str] = set()
    if reading.left & _PURPOSE:
        aspects.add("what")
        understood |= _PURPOSE
    asks_date = bool(WHEN.search(reading.masked) or _DATE.search(reading.masked))
    if (reading.left & FOUNDING - _FILLER) or asks_date:
        asks_founders = _FOUNDERS.search(reading.masked) is not None
        # "Compare the launch of A with that of B": who and when.
        aspects |= {"founders"} if asks_founders or not asks_date else set()
        aspects |= {"founded"} if asks_date or not asks_founders else set()
        understood |= FOUNDING
    if reading.left & HOSTING:
        aspects.add("host")
        understood |= HOSTING
    if _SIZE.search(reading.masked):
        aspects.add("members")
        understood |= MEMBER | _SIZE_WORDS
    if _EVENTS.search(reading.masked):
        aspects.add("event")
        understood |= _EVENT_WORDS
    return frozenset(aspects), frozenset(understood)
