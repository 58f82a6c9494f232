"""Recognising questions for what happened: "timeline of A", "what happened in 2025", "what's the latest on A".

Words that are left over name a theme ("a chronology of AI safety summits") when no body is named; with one, they are
a question of their own ("the most recent trial under A"), which the passages answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.exact.reading import Reading, region_stems, regions_in
from assistant.exact.vocabulary import GENERAL, WHEN, YES_NO
from assistant.followup import with_article
from assistant.time_spans import TimeSpan
from assistant.words import content_stems, word_set, words
from index.catalogue import Catalogue
from index.dates import Period
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, Organisation

NEWEST_OF_BODY = 3
NEWEST_OF_ALL = 10
_EVENT = r"(?:events?|milestones?|developments?|happenings?|moments?)"
_TELLING = re.compile(
    rf"\b(?:time ?lines?|chronolog\w*|histor(?:y|ical)|{_EVENT}|(?:key|important) dates|happen\w*"
    r"|went on|(?:took|takes?|taken) place"
    r"|(?:series|list|sequence) of|in (?:chronological |time )?order|evolution|course of)\b",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"\bwhat (?:did|has|have|had|was|were) (?:the )?@ (?:do|done|doing|been doing|been up to|up to|get up to)\b",
    re.IGNORECASE,
)
_COURSE = re.compile(
    r"\bhow (?:did|has|have) (?:the )?@ (?:been )?(?:develop|evolv|progress|come along|unfold)\w*", re.IGNORECASE
)
_NEWS = re.compile(
    rf"\b(?:latest|newest|most recent|last|recent) {_EVENT}\b"
    r"|\b(?:news|updates?|what['’]?s new|what is new)\b"
    rf"|\b(?:latest|newest|most recent)\b"
    rf"(?! (?!{_EVENT}|news|updates?|on|about|from|of|with|regarding|at|for|in|here)\w)"
    r"(?=.*(?:\b(?:on|about|from|of|with|regarding|at|for|in)\b.*@|[^@]*$))",
    re.IGNORECASE,
)
_DATES = re.compile(r"\b(?:key|important) dates\b", re.IGNORECASE)
_ONE_EVENT = re.compile(r"\b(?:latest|newest|most recent|last) (?:event|milestone|development|moment)\b", re.IGNORECASE)
_ITS_FATE = re.compile(r"\bhappen\w* (?:to|at) (?:the )?@", re.IGNORECASE)
_AROUND_BODY = re.compile(r"\b(?:between|before|after|during|until|till|by|under)\s+(?:the\s+)?@", re.IGNORECASE)
_FROM_BODY = re.compile(
    r"\b(?:from|starting (?:with|at|in|from)|beginning (?:with|at|in|from))\s+(?:the\s+)?"
    r"(?:@(?:\s+on(?:wards?)?\b)?|(?P<word>[A-Z]\w+)\s+on(?:wards?)?\b)|\bsince\s+(?P<since>[A-Z]\w+)\b"
)
_WORDS = word_set(
    """timelin time-lin line chronolog chronologi histori histor event mileston develop happen moment key main major
    import date went seri list sequenc order evolut evolv cours latest newest recent last lateli new news updat
    world field space landscap scene domain global worldwid done doing do pls plz thank hi hello short brief overview
    far far up ago progress unfold along place notabl signific"""
)
# Of the general words, those that say which bodies are meant.
THEMES = word_set("summit institut treati network")


@dataclass(frozen=True, slots=True)
class Theme:
    """What a timeline is about when that is no body: words, or regions, or both.

    Attributes:
        label: As it stands in the question.
        stems: Those of its words.
        regions: Names of its regions.
    """

    label: str
    stems: frozenset[str]
    regions: tuple[str, ...]

    @property
    def is_name(self) -> bool:
        """True if every word of it has a capital: "San Diego"."""
        return all(word[0].isupper() for word in self.label.split())

    def is_told(self, text: str) -> bool:
        """True if the text holds every word of it and speaks of each region."""
        return self.stems <= content_stems(text) and set(self.regions) <= set(regions_in(text))


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, and to whom.

    Attributes:
        bodies: Only what happened to these; empty means every body.
        organisations: Only what is told in sentences that name these.
        theme: Only what has to do with it.
        span: Only what lies in it.
        newest: Only so many of the newest, the newest first; None is all, by date.
    """

    bodies: tuple[AllianceRecord, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    theme: Theme | None = None
    span: TimeSpan | None = None
    newest: int | None = None


def read_timeline(reading: Reading, catalogue: Catalogue) -> Timeline | None:
    """What a question wants to know of the course of things; None when it asks for something else, or for more.

    Args:
        reading: The question, taken apart.
        catalogue: Knows the body that "from Bletchley on" means.
    """
    reading = from_body_on(reading, catalogue)
    masked = reading.masked
    if reading.is_several_times or reading.is_negated or reading.is_counting or WHEN.search(_DATES.sub("", masked)):
        return None
    is_news = _NEWS.search(masked) is not None
    if not (
        is_news or _TELLING.search(masked) or _COURSE.search(masked) or (_DOING.search(masked) and reading.span)
    ) or YES_NO.match(masked):
        return None
    bodies = tuple({record.slug: record for body in reading.bodies for record in body}.values())
    newest = (
        None if reading.span and not reading.span.is_relative else _newest(masked, bool(bodies)) if is_news else None
    )
    if bodies:
        return _of_bodies(reading, bodies, newest)
    theme = theme_of(masked)
    if not (theme or reading.organisations or reading.span or newest):
        return None  # the whole library is no timeline
    return Timeline((), reading.organisations, theme, reading.span, newest)


def _of_bodies(reading: Reading, bodies: tuple[AllianceRecord, ...], newest: int | None) -> Timeline | None:
    is_fate = _ITS_FATE.search(reading.masked) and not reading.span  # "What happened to A?" wants to hear its end
    if is_fate or _AROUND_BODY.search(reading.masked) or reading.organisations or reading.without(_WORDS):
        return None
    return Timeline(bodies, span=reading.span, newest=newest)


def _newest(masked: str, is_of_bodies: bool) -> int:
    if _ONE_EVENT.search(masked):
        return 1
    return NEWEST_OF_BODY if is_of_bodies else NEWEST_OF_ALL


def from_body_on(reading: Reading, catalogue: Catalogue) -> Reading:
    """With "from the Bletchley summit on" read as a time; "Bletchley" may be a part of the names of one body."""
    opening = _FROM_BODY.search(reading.masked)
    if opening is None or reading.span:
        return reading
    meant: Sequence[AllianceRecord] = [record for body in reading.bodies for record in body]
    if word := opening["word"] or opening["since"]:
        part = re.compile(rf"\b{word}\b")
        meant = [body for body in catalogue.alliances if any(map(part.search, (body.name, *body.aliases)))]
    if len(meant) != 1 or not meant[0].founded:
        return replace(reading, is_several_times=True)  # a time that is not understood
    label = f"since {with_article(meant[0].name)} ({spoken_date(meant[0].founded)})"
    masked = reading.masked[: opening.start()] + reading.masked[opening.end() :]
    span = TimeSpan(Period.of(meant[0].founded).first, None, label)
    return replace(reading, masked=masked, bodies=(), span=span)


def theme_of(masked: str, asking: frozenset[str] = frozenset()) -> Theme | None:
    """What is left of a question when the words that ask for a timeline are taken out; None if nothing is.

    Args:
        masked: The question.
        asking: Stems of further words that ask for one.
    """
    regions = regions_in(masked)
    stems = content_stems(masked) - _WORDS - asking - (GENERAL - THEMES) - region_stems(masked)
    if not (stems or regions):
        return None
    label = " ".join(word for word in words(masked) if content_stems(word) & stems or regions_in(word))
    return Theme(label, frozenset(stems), tuple(regions))
