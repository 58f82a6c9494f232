"""Filters of a search from what a person writes: any name of an alliance or organisation, a kind, a publisher, days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from assistant.errors import BadFilter
from index.catalogue import Catalogue
from index.names.finder import NameFinder
from index.search.filters import Filters, publisher_names


class FilterWords(TypedDict, total=False):
    """What a person may set; a passage has to fit each that is set, and of each one value.

    Attributes:
        alliances: Names, aliases or slugs; typos are forgiven, and a name of several bodies means each of them.
        organisations: Names or aliases.
        kinds: Kinds of alliances.
        publishers: Of articles or of their sources.
        since: Day, month or year, ISO 8601, of what is told; likewise `until`, itself included.
        until: See `since`.
        published_since: Of the article's publication; likewise `published_until`, itself included.
        published_until: See `published_since`.
    """

    alliances: Sequence[str]
    organisations: Sequence[str]
    kinds: Sequence[str]
    publishers: Sequence[str]
    since: str | None
    until: str | None
    published_since: str | None
    published_until: str | None


def make_filters(catalogue: Catalogue, names: NameFinder, words: FilterWords) -> Filters:
    """The filters that these words mean, by what a catalogue and the finder of its names know.

    Raises:
        BadFilter: A name or kind that the articles do not know, or no date.
    """
    kinds, publishers = words.get("kinds", ()), words.get("publishers", ())
    _check_kinds(kinds, catalogue)
    _check_publishers(publishers, catalogue)
    slugs = {alliance.slug for alliance in catalogue.alliances}
    try:
        return Filters(
            alliances=tuple(slug for name in words.get("alliances", ()) for slug in _slugs(name, slugs, names)),
            organisations=tuple(_organisation(name, names) for name in words.get("organisations", ())),
            kinds=tuple(kinds),
            publishers=tuple(publishers),
            events_from=words.get("since"),
            events_to=words.get("until"),
            published_from=words.get("published_since"),
            published_to=words.get("published_until"),
        )
    except ValueError as exc:
        raise BadFilter(str(exc)) from exc


def _slugs(name: str, slugs: set[str], names: NameFinder) -> list[str]:
    if name in slugs:
        return [name]
    found = [alliance.slug for mention in names.find(name) for alliance in mention.alliances]
    if not found:
        raise BadFilter(f"The articles know no alliance '{name}'. `alliances articles` lists them.")
    return found


def _organisation(name: str, names: NameFinder) -> str:
    found = next((mention.organisation for mention in names.find(name) if mention.organisation), None)
    if found is None:
        raise BadFilter(f"The articles know no organisation '{name}'. Check the spelling.")
    return found.name


def _check_kinds(kinds: Sequence[str], catalogue: Catalogue) -> None:
    known = sorted({alliance.kind for alliance in catalogue.alliances})
    for kind in kinds:
        if kind not in known:
            raise BadFilter(f"There is no kind '{kind}' of alliance. Kinds: {', '.join(known)}.")


def _check_publishers(publishers: Sequence[str], catalogue: Catalogue) -> None:
    if not publishers:
        return
    articles = catalogue.articles.values()
    known = {source.publisher for article in articles for source in article.sources}
    known |= {article.publisher for article in articles if article.publisher}
    names = {name for publisher in known for name in publisher_names(publisher)}
    for publisher in publishers:
        if not publisher_names(publisher) & names:
            raise BadFilter(f"No article or source is published by '{publisher}'. Give the publisher's whole name.")
