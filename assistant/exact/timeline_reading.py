"""Recognising questions for what happened: "timeline of A", "what happened in 2025", "what's the latest on A".

Words that are left over name a theme ("a chronology of AI safety summits") when no body is named; with one, they are
a question of their own ("the most recent trial under A"), which the passages answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.exact.body_times import with_body_time
from assistant.exact.event_topics import MEETING, has_been_renamed, topic_of
from assistant.exact.reading import Reading, region_stems, regions_in
from assistant.exact.vocabulary import GENERAL, WHEN, YES_NO
from assistant.time_spans import TimeSpan
from assistant.words import content_stems, word_set, words
from index.catalogue import Catalogue
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
_IN_TURN = re.compile(
    r"\b(?:one|each) (?:after|by) (?:the|an)?other\b|\bfollow\w*(?: on)? (?:one another|each other)\b"
    r"|\bover the years\b|\bin (?:(?:what|which) )?(?:order|sequence|succession|turn)\b|\bsteps?\b",
    re.IGNORECASE,
)
_LAST_ONE = re.compile(
    r"\b(?:latest|newest|most recent|last)\b(?=.*@)|@(?:['’]s?)? (?:[\w-]+ ){0,3}(?:latest|newest|most recent|last)\b",
    re.IGNORECASE,
)
_RENAMING = re.compile(  # more than once; the one new name is told by a sentence
    r"\brenam\w*\b.*\b(?:once|often|times|in turn|over the years)\b|\b(?:name changes|renamings)\b"
    r"|\b(?:chang\w*|switch\w*) (?:\w+ ){0,3}names?\b.*\b(?:once|often|times|called when)\b"
    r"|\b(?:which|what|former|earlier|previous|old|all) (?:\w+ )?names\b",
    re.IGNORECASE,
)
_CHRONICLE = re.compile(r"\b(?:time ?lines?|chronolog\w*|histor(?:y|ical)|series|sequence)\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"\b(?:who|whom|whose|how (?:many|much)|why)\b|\b(?:which|what) (?:\w+ )?#", re.IGNORECASE)
_FROM_TO = re.compile(
    r",? from (?:its|their|the) (?:\w+ ){1,3}(?:up )?(?:to|until|till) (?:its|their|the|a)(?: \w+){1,3}\W*$"
)
_WORDS = word_set(
    """timelin time-lin line chronolog chronologi histori histor event mileston develop happen moment key main major
    import date went seri list sequenc order evolut evolv cours latest newest recent last lateli new news updat
    world field space landscap scene domain global worldwid done doing do pls plz thank hi hello short brief overview
    far far up ago progress unfold along place notabl signific step stori"""
)
_OF_SORT = word_set(
    """citi town venu where follow success turn newest latest recent last platform giant sequenc order onto people held
    hold chang name renam call year former earlier previous old gone anoth other"""
)
_RELATION = word_set("relationship relat tie bond dealings friendship")
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
        listed: Stems of what the question says is among it; without them all, nothing is told.
    """

    bodies: tuple[AllianceRecord, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    theme: Theme | None = None
    span: TimeSpan | None = None
    newest: int | None = None
    listed: frozenset[str] = frozenset()


def read_timeline(reading: Reading, catalogue: Catalogue) -> Timeline | None:
    """What a question wants to know of the course of things; None when it asks for something else, or for more.

    Args:
        reading: The question, taken apart.
        catalogue: Knows the body that "from Bletchley on" means, and what events are of.
    """
    reading = with_body_time(reading, catalogue)
    if reading.is_several_times or reading.is_negated or reading.is_counting or YES_NO.match(reading.masked):
        return None
    bodies = reading.records
    return _read_course(reading, bodies) or (_read_sort(reading, bodies[0], catalogue) if len(bodies) == 1 else None)


def _read_course(reading: Reading, bodies: tuple[AllianceRecord, ...]) -> Timeline | None:
    """Everything that happened, or the newest of it, and nothing else asked."""
    masked = reading.masked
    if WHEN.search(_DATES.sub("", masked)):
        return None
    is_news = _NEWS.search(masked) is not None
    is_course = _TELLING.search(masked) or _COURSE.search(masked) or _IN_TURN.search(masked)
    if not (is_news or is_course or (_DOING.search(masked) and reading.span)):
        return None
    newest = (
        None if reading.span and not reading.span.is_relative else _newest(masked, bool(bodies)) if is_news else None
    )
    if bodies:
        return _of_bodies(reading, bodies, newest)
    asked, _, listed = masked.partition(": ")  # "AI in Africa, in order: the strategy, the council"
    theme = theme_of(asked, _RELATION if len(reading.organisations) > 1 else frozenset())
    organisations = reading.organisations[: asked.count("#")]
    if not (theme or organisations or reading.span or newest):
        return None  # the whole library is no timeline
    return Timeline((), organisations, theme, reading.span, newest, frozenset(content_stems(listed) - GENERAL))


def _of_bodies(reading: Reading, bodies: tuple[AllianceRecord, ...], newest: int | None) -> Timeline | None:
    is_fate = _ITS_FATE.search(reading.masked) and not reading.span  # "What happened to A?" wants to hear its end
    left = content_stems(_FROM_TO.sub("", reading.masked)) & reading.without(_WORDS)
    if is_fate or _AROUND_BODY.search(reading.masked) or reading.organisations or left:
        return None
    return Timeline(bodies, span=reading.span, newest=newest)


def _read_sort(reading: Reading, body: AllianceRecord, catalogue: Catalogue) -> Timeline | None:
    """A body's events of one sort: "the last REAIM meeting", "in what order did they join?"; or its names in turn."""
    masked = reading.masked
    is_fate = _ITS_FATE.search(masked) and not reading.span
    if reading.organisations or is_fate or _ASKS_WHO.search(masked) or _AROUND_BODY.search(masked):
        return None
    is_last = _LAST_ONE.search(masked) is not None and not reading.span
    is_renaming = _RENAMING.search(masked) is not None and has_been_renamed(body, catalogue)
    if not (is_last or is_renaming or _IN_TURN.search(masked) or _CHRONICLE.search(masked)):
        return None
    topic = topic_of(reading.without(_WORDS, _OF_SORT), masked, body, catalogue)
    # Events of another sort may be worded in another way, and one of those be the last.
    if topic is None or (is_renaming and topic) or (is_last and topic - MEETING):
        return None
    label = "meetings" if topic <= MEETING else " ".join(word for word in words(masked) if content_stems(word) & topic)
    theme = Theme(label, topic, ()) if topic else None
    return Timeline((body,), theme=theme, span=reading.span, newest=1 if is_last else None)


def _newest(masked: str, is_of_bodies: bool) -> int:
    if _ONE_EVENT.search(masked):
        return 1
    return NEWEST_OF_BODY if is_of_bodies else NEWEST_OF_ALL


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
