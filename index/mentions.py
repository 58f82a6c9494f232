"""Which alliances and organisations the articles name, sentence by sentence.

Articles with facts in their front matter are searched, too, but it is for the others - what a user adds - that this
says what they are about. A name that several bodies share counts for each of them, save in the article about one of
them. A typo is taken for a name only where the library uses that word nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from index.articles import Library
from index.names.finder import Mention, NameFinder
from index.types import AllianceRecord, Article

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FoundMention:
    """A name in sentence `number` of an article; see `MentionRecord` for the rest."""

    slug: str
    number: int
    text: str
    kind: Literal["alliance", "organisation"]
    means: str


def find_mentions(library: Library) -> list[FoundMention]:
    """Every name in every sentence, in the order of the library, each meaning once a sentence."""
    finder = name_finder(library)
    return [
        found
        for article in library.articles
        for sentence in article.sentences
        for found in _distinct(article, sentence.number, finder.find(sentence.text))
    ]


def name_finder(library: Library) -> NameFinder:
    """Finds the names of this library."""
    records = [
        AllianceRecord(body.name, body.aliases, a.slug, body.kind, body.status, None, None, body.called)
        for a in library.articles
        if (body := a.alliance)
    ]
    articles_with = _articles_with(library.articles)
    everyday = {
        word for a in library.articles for s in a.sentences for word in _WORD.findall(s.text) if word == word.lower()
    }
    # A word is no typo when a curated article writes it, or a second article.
    known = {word for a in library.articles if a.alliance for word in _words_of(a)}
    return NameFinder(
        records,
        library.organisations,
        lambda word: word.lower() in known or articles_with[word.lower()] > 1,
        lambda word: word in everyday,
    )


def _articles_with(articles: Iterable[Article]) -> Mapping[str, int]:
    return Counter(word for article in articles for word in _words_of(article))


def _words_of(article: Article) -> set[str]:
    return {word for sentence in article.sentences for word in _WORD.findall(sentence.text.lower())}


def _distinct(article: Article, number: int, mentions: Iterable[Mention]) -> Iterator[FoundMention]:
    seen: set[tuple[str, str]] = set()
    for mention in mentions:
        slugs = [alliance.slug for alliance in mention.alliances]
        if article.slug in slugs:
            slugs = [article.slug]
        for slug in slugs:
            if ("alliance", slug) not in seen:
                seen.add(("alliance", slug))
                yield FoundMention(article.slug, number, mention.text, "alliance", slug)
        name = mention.organisation.name if mention.organisation else None
        if name and ("organisation", name) not in seen:
            seen.add(("organisation", name))
            yield FoundMention(article.slug, number, mention.text, "organisation", name)
