"""Which of several bodies is larger: "Which has more members, A or B?", "Was A founded by more than B?".

Members are compared by the newest number that an article gives of each, with its date; what the articles list by name
may be a part of them. Founders are counted as the articles name them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.citing import Citations
from assistant.exact.comparison import newest_number_of_members
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import FOUNDING, MEMBER, OTHER_QUESTION, WHEN
from assistant.exact.wording import cited, counted, join_names, noun_for, of_kind, upper_first
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from assistant.words import content_stems, find_numbers, word_set
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, Fact, FigureRecord

MAX_BODIES = 4
_LARGER = re.compile(r"\b(?:more|most|larger|largest|bigger|biggest)\b", re.IGNORECASE)
_SIZES = word_set("larger largest bigger biggest larg big more most size membership number carri support each")
_CHOICE = re.compile(r"\b(?:which|what|who|or|than)\b", re.IGNORECASE)
_WHEN_FOUNDED = re.compile(
    r",? (?:when (?:it was |they were |first )?|at (?:its |their |the )?)(?:launch|found|start)(?:ed|ing)?\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r"\bhow many (?:\w+ )?more\b|\bhow much\b", re.IGNORECASE)
_AT_LEAST = re.compile(r"more than|over|at least", re.IGNORECASE)
_EXACT = re.compile(r"[\d,]+")


@dataclass(frozen=True, slots=True)
class Size:
    """Bodies whose members, founders or governments among the members are to be compared by their number."""

    bodies: tuple[AllianceRecord, ...]
    counted: Literal["members", "founders", "governments"]


def read_size(reading: Reading) -> Size | None:
    """The question which body is larger; None when it is none.

    Args:
        reading: The question, taken apart.
    """
    bodies = reading.records
    if not 2 <= len(bodies) <= MAX_BODIES or reading.organisations:
        return None
    if reading.is_several_times or reading.is_negated:
        return None
    masked = _WHEN_FOUNDED.sub("", reading.masked)
    if not (_LARGER.search(masked) and _CHOICE.search(masked)) or OTHER_QUESTION.search(masked) or WHEN.search(masked):
        return None
    if _DIFFERENCE.search(masked):
        return None
    if content_stems(masked) & FOUNDING and not reading.without(FOUNDING, _SIZES):
        is_then = reading.span is None or all(reading.span.holds(body.founded) for body in bodies)
        return Size(bodies, "founders") if is_then else None
    if reading.span or reading.without(MEMBER, _SIZES):
        return None
    if reading.kind == "government":
        return Size(bodies, "governments")
    return None if reading.kind else Size(bodies, "members")


def tell_size(size: Size, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """One sentence with each number; empty when the catalogue lacks one of them.

    Args:
        size: What is asked.
        catalogue: Where the numbers are.
        citations: Takes up the sentences that tell them.
    """
    if size.counted != "members":
        return _counted_by_name(size, catalogue, citations)
    figures = [newest_number_of_members(body, catalogue) for body in size.bodies]
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(figures):
        return []
    told = catalogue.sentences(figure.sentence_id for figure in known)
    numbers = tuple(citations.cite(told[figure.sentence_id]) for figure in known)
    values = {
        body: f"{figure.value} ({spoken_date(figure.as_of or '')})"
        for body, figure in zip(size.bodies, known, strict=True)
    }
    largest = _largest(size.bodies, known)
    if largest is None:
        each = join_names(f"{value} of {with_article(body.name)}" for body, value in values.items())
        return [CheckedSentence(f"The articles give these numbers of members: {each}.", numbers)]
    name, value = upper_first(with_article(largest.name)), values.pop(largest)
    others = join_names(f"{other} of {with_article(body.name)}" for body, other in values.items())
    more = "larger" if len(values) == 1 else "largest"
    return [
        CheckedSentence(f"{name} has the {more} number of members in the articles: {value}, against {others}.", numbers)
    ]


def _counted_by_name(size: Size, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """How many founders, or governments that are members, the articles name of each; nothing if of one none."""
    facts = {body.name: _facts(body, size, catalogue) for body in size.bodies}
    if not all(facts.values()):
        return []
    numbers = [number for of_body in facts.values() for number in cited(of_body, catalogue, citations)]
    each = []
    for name, of_body in facts.items():
        noun = "founder" if size.counted == "founders" else "government"
        among = "" if size.counted == "founders" else f"among the {noun_for(of_body)} "
        count = counted(len({fact.organisation for fact in of_body}), noun)
        each.append(f"{count} {among}of {with_article(name)}")
    return [CheckedSentence(f"The articles name {join_names(each)}.", tuple(dict.fromkeys(numbers)))]


def _facts(body: AllianceRecord, size: Size, catalogue: Catalogue) -> list[Fact]:
    if size.counted == "founders":
        return catalogue.facts_of_alliance(body.slug, "founder")
    members = of_kind(catalogue.facts_of_alliance(body.slug, "member"), "government", catalogue)
    return [fact for fact in members if fact.role != "participant" and not fact.until]


def _largest(bodies: tuple[AllianceRecord, ...], figures: list[FigureRecord]) -> AllianceRecord | None:
    """The body that has most members whatever the numbers leave open; None if they do not settle it."""
    ranges = [_range(figure.value) for figure in figures]
    for i, body in enumerate(bodies):
        if all(ranges[i][0] > high for j, (_, high) in enumerate(ranges) if j != i):
            return body
    return None


def _range(value: str) -> tuple[float, float]:
    """The least and the most that a number tells: "more than 200" is 201 to infinity, "about 70" is anything."""
    number = find_numbers(value)
    if len(number) == 1 and _EXACT.fullmatch(value):
        return number[0].value, number[0].value
    if len(number) == 1 and _AT_LEAST.match(value):
        return number[0].value + (not value.lower().startswith("at least")), float("inf")
    return 0, float("inf")
