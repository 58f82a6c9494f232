"""Times told by a body: "from @ on", or by a part of its name: "since Bletchley", "yet before the Paris one"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from assistant.exact.reading import Reading
from assistant.followups.make_whole import with_article
from assistant.time_spans import TimeSpan, told_beginnings
from assistant.words import content_stems
from index.catalogue import Catalogue
from index.dates import Period
from index.fact_sentences import spoken_date
from index.types import AllianceRecord

_MEETING = r"(?:one|summit|gathering|meeting|conference|event)\b"
_BODY = rf"(?:the\s+)?(?:@|[A-Z]\w+(?:\s[A-Z]\w+)?|[a-z]\w+(?=\s+{_MEETING}))(?:\s+{_MEETING})?"
_OPENING = r"(?:(?:yet|but|and|though|still|also)\s+)?"
_TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b[Ff]rom\s+(?P<since>{_BODY})(?:\s+on(?:wards?)?)?\s+(?:to|until|till|through)\s+(?P<until>{_BODY})",
        rf"\b[Bb]etween\s+(?P<after>{_BODY})\s+and\s+(?P<before>{_BODY})",
        rf"\b{_OPENING}(?:[Ff]rom|[Ss]tarting\s+(?:with|at|in|from)|[Bb]eginning\s+(?:with|at|in|from))"
        rf"\s+(?P<since>(?:the\s+)?@|{_BODY}(?=\s+on(?:wards?)?\b))(?:\s+on(?:wards?)?\b)?",
        rf"\b{_OPENING}[Ss]ince\s+(?P<since>{_BODY})",
        rf"\b{_OPENING}(?:[Aa]fter|[Ff]ollowing)\s+(?P<after>{_BODY})",
        rf"\b{_OPENING}(?:[Bb]efore|[Pp]rior\s+to)\s+(?P<before>{_BODY})",
        rf"\b(?:around|at|during|on the occasion of)\s+(?P<at>{_BODY}),?",
    )
)
_FOLLOWING = frozenset({"since", "after"})


def with_body_time(reading: Reading, catalogue: Catalogue) -> Reading:
    """With the time read that a body tells, and taken out; of two bounds, one may have been read before.

    Args:
        reading: The question, taken apart.
        catalogue: Knows the body that "Bletchley" means.
    """
    if reading.is_several_times:
        return reading
    for pattern in _TIMES:
        if match := pattern.search(reading.masked):
            bounds = {way: _meant(text, match.start(way), reading, catalogue) for way, text in _told(match)}
            if all(body is not None for body in bounds.values()):
                return _bounded(reading, match, {way: body for way, body in bounds.items() if body is not None})
            if "since" in bounds:
                return replace(reading, is_several_times=True)  # a time that is not understood
    return reading


def _told(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    return ((way, text) for way, text in match.groupdict().items() if text)


def _meant(text: str, start: int, reading: Reading, catalogue: Catalogue) -> AllianceRecord | None:
    """The one body that is meant, if its beginning is known; of several, the one that is a summit."""
    if "@" in text:
        named = reading.bodies[reading.masked[:start].count("@")]
        meant = list(named)
    else:
        part = re.compile(rf"\b{re.sub(rf'^the |{_MEETING}', '', text).strip()}\b", re.IGNORECASE)
        names = {
            body.slug: [name for name in (body.name, *body.aliases) if part.search(name)] for body in _dated(catalogue)
        }
        meant = [body for body in _dated(catalogue) if names[body.slug]]
        if len(meant) > 1:
            meant = [body for body in meant if any("summit" in name.lower() for name in names[body.slug])]
    return meant[0] if len(meant) == 1 and meant[0].founded else None


def _dated(catalogue: Catalogue) -> list[AllianceRecord]:
    return [body for body in catalogue.alliances if body.founded]


def _bounded(reading: Reading, match: re.Match[str], bounds: dict[str, AllianceRecord]) -> Reading:
    """The reading with these bounds, beside those that it has; not understood if they are told twice."""
    day = timedelta(days=1)
    first = last = None
    labels = []
    for way, body in bounds.items():
        days = Period.of(body.founded or "")
        named = f"{with_article(body.name)} ({spoken_date(body.founded or '')})"
        if way == "at":
            if reading.span is None or not reading.span.holds(body.founded):
                return reading
            continue  # "around the Paris summit, in February 2025"
        labels.append(f"{way} {named}")
        if way in _FOLLOWING:
            first = days.first if way == "since" else days.last + day
        else:
            last = days.last if way == "until" else days.first - day
    told = TimeSpan(first, last, " and ".join(labels), told_in=told_beginnings(*bounds.values()))
    span = _joined(reading.span, told) if labels else reading.span
    if span is None:
        return replace(reading, is_several_times=True)
    masked = f"{reading.masked[: match.start()]} {reading.masked[match.end() :]}"
    marks = reading.masked[: match.start()].count("@")
    bodies = reading.bodies[:marks] + reading.bodies[marks + match[0].count("@") :]
    gone = content_stems(match[0]) - content_stems(masked)
    return replace(reading, masked=" ".join(masked.split()), left=reading.left - gone, bodies=bodies, span=span)


def _joined(span: TimeSpan | None, told: TimeSpan) -> TimeSpan | None:
    """The time that is told within the one that is known; None if a bound is told twice."""
    if span is None:
        return told
    if (span.first and told.first) or (span.last and told.last):
        return None
    return TimeSpan(
        span.first or told.first,
        span.last or told.last,
        f"{span.label} and {told.label}",
        span.is_relative,
        span.told_in + told.told_in,
    )
