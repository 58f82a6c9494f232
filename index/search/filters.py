"""What a passage has to be about, from whom or from when: the filters of a search.

A passage passes when it fits each filter that is set, and fits a filter when it fits one of its values:

    alliances       its article is about the alliance, or one of its sentences names it
    organisations   one of its sentences names the organisation
    kinds           its article is about a body of the kind; in an article about no body, it names one
    publishers      one of its sentences rests on a source of the publisher, or the article is by it
    events          it, or its heading, holds a date within; in a report (an article that cites no sources), a
                    passage without any date is of the day on which the report was published
    published       its article was published within
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from index.catalogue import Catalogue
from index.dates import Period, find_periods
from index.search.passage_sets import passages_naming, passages_resting_on, passages_with_any
from index.types import Passage

_YEARS = range(1900, 2100)  # those that index.dates reads
_PARTS = re.compile(r"\s+via\s+|\s+/\s+")  # "Reuters via CNA", "Coalition for Secure AI / OASIS Open"


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on passages; those that are empty are not set.

    Dates are ISO 8601, as exact as known (`2024`, `2024-07`, `2024-07-18`), and are included themselves.

    Attributes:
        alliances: Slugs of the articles about them.
        organisations: Their canonical names.
        kinds: Kinds of alliances, such as `standards`.
        publishers: Their names, capitals aside; "Reuters" also stands for "Reuters via CNA".
        events_from: What happened then or later.
        events_to: What happened then or earlier.
        published_from: What was published then or later.
        published_to: What was published then or earlier.
    """

    alliances: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    events_from: str | None = None
    events_to: str | None = None
    published_from: str | None = None
    published_to: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no date, and an end before its beginning.

        Raises:
            ValueError: With a sentence for the user.
        """
        for start, end in ((self.events_from, self.events_to), (self.published_from, self.published_to)):
            first, last = _days(start, end)
            if first > last:
                raise ValueError(f"The time from {start} to {end} ends before it begins. Give the earlier date first.")

    def passages(self, catalogue: Catalogue, among: Collection[str] | None = None) -> frozenset[str] | None:
        """The ids of the passages that pass.

        Args:
            catalogue: What is known of them.
            among: Only these are asked about, which is quick when they are few; by default, all.

        Returns:
            The ids, or None when no filter is set: everything passes.
        """
        passing: set[str] | None = None
        for fitting in self._fitting(catalogue, among):
            passing = fitting if passing is None else passing & fitting
        if passing is None:
            return None
        return frozenset(passing if among is None else passing.intersection(among))

    def _fitting(self, catalogue: Catalogue, among: Collection[str] | None) -> Iterator[set[str]]:
        """The passages that fit, filter by filter."""
        if self.alliances:
            own = set(catalogue.passage_ids_of(self.alliances))
            yield own | passages_naming(catalogue, "alliance", self.alliances, among)
        if self.organisations:
            yield passages_naming(catalogue, "organisation", self.organisations, among)
        if self.kinds:
            yield _of_kinds(catalogue, self.kinds, among)
        if self.publishers:
            yield _from_publishers(catalogue, self.publishers, among)
        if self.events_from or self.events_to:
            yield _telling_of(catalogue, *_days(self.events_from, self.events_to), among)
        if self.published_from or self.published_to:
            first, last = _days(self.published_from, self.published_to)
            yield set(catalogue.passage_ids_of(_published(catalogue, first, last)))


def publisher_names(publisher: str) -> frozenset[str]:
    """The names that stand for a publisher, in small letters: itself, and the parts of "Reuters via CNA"."""
    return frozenset(" ".join(name.casefold().split()) for name in (publisher, *_PARTS.split(publisher)))


def _days(start: str | None, end: str | None) -> tuple[date, date]:
    return Period.of(start).first if start else date.min, Period.of(end).last if end else date.max


def _of_kinds(catalogue: Catalogue, kinds: Collection[str], among: Collection[str] | None) -> set[str]:
    bodies = {alliance.slug for alliance in catalogue.alliances}
    slugs = [alliance.slug for alliance in catalogue.alliances if alliance.kind in kinds]
    about_none = set(catalogue.passage_ids_of([slug for slug in catalogue.articles if slug not in bodies]))
    return set(catalogue.passage_ids_of(slugs)) | (passages_naming(catalogue, "alliance", slugs, among) & about_none)


def _from_publishers(catalogue: Catalogue, publishers: Collection[str], among: Collection[str] | None) -> set[str]:
    wanted = {" ".join(name.casefold().split()) for name in publishers}
    articles = catalogue.articles.values()
    known = {source.publisher for article in articles for source in article.sources}
    named = [publisher for publisher in known if publisher_names(publisher) & wanted]
    own = [a.slug for a in articles if a.publisher and publisher_names(a.publisher) & wanted]
    return set(catalogue.passage_ids_of(own)) | passages_resting_on(catalogue, named, among)


def _telling_of(catalogue: Catalogue, first: date, last: date, among: Collection[str] | None) -> set[str]:
    """Whole years are looked up as words; only a year that is not wholly within has its passages read."""
    whole, cut = [], []
    for year in _YEARS:
        if first <= date(year, 1, 1) and date(year, 12, 31) <= last:
            whole.append(str(year))
        elif first.year <= year <= last.year:
            cut.append(str(year))
    found = passages_with_any(catalogue, whole, among)
    unsure = passages_with_any(catalogue, cut, among) - found
    found |= {passage.id for passage in catalogue.passages(sorted(unsure)) if _is_dated(passage, first, last)}
    reports = [slug for slug in _published(catalogue, first, last) if not catalogue.articles[slug].sources]
    if reports:
        told = set(catalogue.passage_ids_of(reports))
        found |= told - passages_with_any(catalogue, [str(year) for year in _YEARS], among)
    return found


def _is_dated(passage: Passage, first: date, last: date) -> bool:
    text = f"{passage.heading}\n{passage.text}"
    return any(period.overlaps(first, last) for _, _, period in find_periods(text))


def _published(catalogue: Catalogue, first: date, last: date) -> list[str]:
    return [
        slug
        for slug, article in catalogue.articles.items()
        if article.published and Period.of(article.published).overlaps(first, last)
    ]


NO_FILTERS = Filters()
