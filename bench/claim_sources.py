"""Sentences of the library that claims are made from, and what their makers share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from assistant.words import is_negated
from index.articles import Library

MONTHS = "January February March April May June July August September October November December".split()
DATE = rf"(?:(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)}) )?(?:19|20)\d\d"
WHEN = rf"(?:on|in) {DATE}"
NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
)  # from 2 on
# Names, in a list or not: "the AI Alliance", "Anthropic, Google and OpenAI".
NAMED = r"(?:[Tt]he )?[A-Z][\w&*.'-]*(?:,? (?:and (?:the )?)?(?:(?:of|for|on) (?:the )?)?[A-Z][\w&*.'-]*)*"
PASSIVE = re.compile(
    rf"(?P<done>[^,]+?) (?P<be>was|were) (?P<verb>\w+ed|led)(?P<when> {WHEN})? by (?P<doer>{NAMED})(?P<then> {WHEN})?\."
)
ACTIVE = re.compile(
    rf"(?:(?P<first>(?:On|In) {DATE}), )?(?P<doer>{NAMED}) (?P<verb>joined|founded|launched|signed|announced|published"
    rf"|released|hosted|proposed|adopted|chaired|led|started|backed|endorsed)"
    rf" (?P<done>(?:the )?{NAMED})(?P<when> {WHEN})?\."
)


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence with slug and title of its article and all names of the body that the article is about, longest first.

    `own_names` is empty for an overview, which is about no single body.
    """

    text: str
    slug: str
    title: str
    own_names: tuple[str, ...]

    @property
    def told_names(self) -> str:
        """What the checker is given as the names of the evidence."""
        return " | ".join(self.own_names) or self.title

    def subject(self) -> re.Match[str] | None:
        """The body's name where it opens the sentence as its subject."""
        names = "|".join(map(re.escape, self.own_names))
        return re.match(rf"(?:The )?({names})(?= (?:was|is|has|had|[a-z]+(?:ed|s)) )", self.text) if names else None

    def first_name(self) -> re.Match[str] | None:
        """The body's name where it comes first."""
        names = "|".join(map(re.escape, self.own_names))
        return re.search(rf"(?<![\w-])(?:{names})(?![\w-])", self.text) if names else None


@dataclass(frozen=True)
class Pool:
    """All sentences and organisations of a library."""

    sources: tuple[Source, ...]
    organisations: tuple[str, ...]

    @cached_property
    def organisation_pattern(self) -> re.Pattern[str]:
        """Any organisation's name, the longest where several begin."""
        longest_first = sorted(self.organisations, key=lambda name: (-len(name), name))
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


Maker = Callable[[Source, Pool, Random], str | None]


def read_pool(library: Library) -> Pool:
    """Every sentence of a library, in its order."""
    sources = []
    for article in library.articles:
        names = (article.alliance.name, *article.alliance.aliases) if article.alliance else ()
        own = tuple(sorted(names, key=lambda name: (-len(name), name)))
        sources += [Source(sentence.text, article.slug, article.title, own) for sentence in article.sentences]
    return Pool(tuple(sources), tuple(organisation.name for organisation in library.organisations))


def numbers_in(text: str) -> list[re.Match[str]]:
    """Numbers in digits or words that are part neither of a date nor of a name."""
    dates = [match.span() for match in re.finditer(DATE, text)]
    found = re.finditer(rf"(?<![\w.,-])(?:\d[\d,]*|{'|'.join(NUMBER_WORDS)})(?![\w-]|[.,]\d)", text)
    return [match for match in found if not any(start <= match.start() < end for start, end in dates)]


def is_plain(text: str) -> bool:
    """True if the text has one clause, so that a date in it belongs to all of it."""
    joined = r",|;|:|\b(?:which|that|who|whose|but|where|when|while|after|before|since|until|than|as|to)\b|\band [a-z]"
    return not re.search(joined, text) and not re.search(DATE, text)


def is_event(text: str) -> bool:
    """True if the text stays true without its date: nothing in it is counted, denied or held for a time."""
    return not (
        is_negated(text) or numbers_in(text) or re.search(r"\b(?:only|still|absent|had|has|plan\w*|first|last)\b", text)
    )


def lower_first(text: str) -> str:
    """A sentence's text as it goes on within another: a capital stays where it is part of a name."""
    opening = text.partition(" ")[0]
    is_common = opening in {"The", "A", "An", "Its", "Their", "Some", "Two", "Three", "Reports", "Members"}
    return text[0].lower() + text[1:] if is_common else text


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def replaced(text: str, match: re.Match[str], new: str) -> str:
    """The text with what was matched replaced."""
    return text[: match.start()] + new + text[match.end() :]


def swapped(text: str, one: re.Match[str], other: re.Match[str]) -> str:
    """The text with two matches, the first one first, in each other's place."""
    return f"{text[: one.start()]}{other[0]}{text[one.end() : other.start()]}{one[0]}{text[other.end() :]}"


def changed_pairs(matches: list[re.Match[str]]) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Neighbours that differ."""
    return ((a, b) for a, b in zip(matches, matches[1:], strict=False) if a[0].lower() != b[0].lower())
