"""The times that a question tells: "since 2025", "before the end of 2022", "between 2019 and 2021", "in May 2024"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from index.dates import Period, find_periods
from index.names.finder import Mention
from index.year_parts import PART, part_of

_OPENING = re.compile(
    r"\b(?:(?P<since>since|starting(?:\s+(?:in|from))?|as\s+from)|(?P<after>after|following|later\s+than)"
    r"|(?P<before>before|prior\s+to|earlier\s+than)|(?P<until>until|till|up\s+to|by)"
    r"|(?P<during>in|on|at|during|throughout|within|as\s+of)|(?P<span>between|from))\s+$",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s*(?:and|to|until|till|through|[-–—])\s*", re.IGNORECASE)
_ALSO = re.compile(r"\s*(?:and|[-–—&+])\s*(?:in\s+)?", re.IGNORECASE)
_ONWARDS = re.compile(r"\s+on(?:wards?)?\b", re.IGNORECASE)  # "from 2024 on", but not "in 2024 on the board"
# "between November and December 2024": the year is told once.
_MONTH_BEFORE = re.compile(
    r"\b(?:between|from)\s+(?P<month>[A-Z][a-z]{2,8})\s+(?:and|to|until|till|through|[-–—])\s+$", re.IGNORECASE
)
_DECADE = re.compile(r"\b(?:the\s+)?((?:19|20)\d0)['’]?s\b", re.IGNORECASE)
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
_ONES = "one two three four five six seven eight nine".split()
_SPELLED = re.compile(  # "twenty-nineteen", "twenty twenty-three"
    rf"\btwenty[\s-](?P<tens>{'|'.join(_TEENS)})(?:(?<=twenty)[\s-](?P<ones>{'|'.join(_ONES)}))?\b", re.IGNORECASE
)
_STARTS = ("start", "beginning")
_ENDS = ("end", "close")
_UNKNOWN = Period(date(2, 1, 1), date(1, 1, 1))  # ends before it begins
_MAX_LEAD_CHARS = 80


class Time(NamedTuple):
    """A date with the words before it: where they stand, and the days they mean; None is an open end."""

    start: int
    end: int
    first: date | None
    last: date | None


class _Lead(NamedTuple):
    """The words before a date: where they begin, how they bound it, and which part of it is meant."""

    start: int
    way: str | None
    part: str | None


def find_times(question: str, mentions: Sequence[Mention]) -> Iterator[Time]:
    """The times in a question, in its order; one that is not understood ends before it begins.

    Args:
        question: Any text.
        mentions: The names in it: a date in a name is no time.
    """
    dates = [
        (start, end, period)
        for start, end, period in sorted([*find_periods(question), *_find_years(question)], key=lambda item: item[:2])
        if not any(mention.start < end and start < mention.end for mention in mentions)
    ]
    while dates:
        start, end, period = dates.pop(0)
        lead = _lead(question, start)
        month = _MONTH_BEFORE.search(question[:start])
        next_start, next_end, following = dates[0] if dates else (end, end, period)
        if month and (since := _first_of(month["month"], period)):
            yield Time(month.start(), end, since, period.last)
        elif lead.way == "span" and dates and (last := _second(question, end, next_start, following)):
            dates.pop(0)
            meant = part_of(period, lead.part) or _UNKNOWN
            yield Time(lead.start, next_end, meant.first, last.last)
        elif dates and _is_one_time(lead, period, following) and _ALSO.fullmatch(question, end, next_start):
            dates.pop(0)  # "in 2024 and 2025"
            yield Time(lead.start, next_end, period.first, following.last)
        else:
            onwards = _ONWARDS.match(question, end) if lead.way == "span" else None
            first_day, last_day = _bounds("since" if onwards else lead.way, period, lead.part)
            yield Time(lead.start, onwards.end() if onwards else end, first_day, last_day)


def _find_years(question: str) -> Iterator[tuple[int, int, Period]]:
    """The decades, and the years in letters."""
    for match in _DECADE.finditer(question):
        year = int(match[1])
        yield match.start(), match.end(), Period(date(year, 1, 1), date(year + 9, 12, 31))
    for match in _SPELLED.finditer(question):
        ones = _ONES.index(match["ones"].lower()) + 1 if match["ones"] else 0
        yield match.start(), match.end(), Period.of(str(2010 + _TEENS.index(match["tens"].lower()) + ones))


def _lead(question: str, start: int) -> _Lead:
    """What stands before the date that starts there."""
    since = max(0, start - _MAX_LEAD_CHARS)
    part = PART.search(question[:start], since)
    at = part.start() if part else start
    opening = _OPENING.search(question[:at], since)
    if opening:
        return _Lead(opening.start(), opening.lastgroup, part["part"] if part else None)
    # Without either, "the year" belongs to what stands before: "alliances of the year 2021".
    return _Lead(at, None, part["part"]) if part and part["part"] else _Lead(start, None, None)


def _second(question: str, end: int, start: int, period: Period) -> Period | None:
    """The end of a span, if what stands between the two dates makes them one: "and the end of"."""
    part = PART.search(question[:start], end)
    if not _SPAN.fullmatch(question, end, part.start() if part else start):
        return None
    return part_of(period, part["part"] if part else None) or _UNKNOWN


def _is_one_time(lead: _Lead, one: Period, other: Period) -> bool:
    return lead.way in (None, "during") and not lead.part and other.first == one.last + timedelta(days=1)


def _bounds(way: str | None, period: Period, part: str | None) -> tuple[date | None, date | None]:
    day = timedelta(days=1)
    meant = part_of(period, part)
    if meant is None:
        return _UNKNOWN.first, _UNKNOWN.last
    word = (part or "").lower()
    if way == "since":
        return meant.first, None
    if way == "after":
        # After the start of a year is still within it.
        return (period.first if word in _STARTS else meant.last + day), None
    if way == "before":
        return None, (period.last if word in _ENDS else meant.first - day)
    if way == "until":
        return None, (period.first - day if word in _STARTS else meant.last)
    return meant.first, meant.last


def _first_of(month: str, period: Period) -> date | None:
    """The first day of that month in the year of the period; None if it is no month, or later."""
    found = next(find_periods(f"{month} {period.last.year}"), None)
    is_month = found is not None and found[0] == 0
    return found[2].first if found and is_month and found[2].first <= period.last else None
