"""The times that a question tells: "since 2025", "before the end of 2022", "between 2019 and 2021", "in May 2024"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from index.dates import Period, find_periods
from index.names import Mention

_PART_OF = (
    r"(?:(?:the\s+)?(?P<part>end|close|beginning|start|middle|(?:first|second)\s+half|\w+\s+quarter)\s+of\s+"
    r"|(?:the\s+)?(?:very\s+)?(?:early|mid|late|spring|summer|autumn|fall|winter)[\s-]+(?:of\s+)?"
    r"|the\s+(?:years?|months?)\s+(?:of\s+)?)?"
)
_OPENING = re.compile(
    r"\b(?:(?P<since>since|starting(?:\s+(?:in|from))?|as\s+from)|(?P<after>after|following|later\s+than)"
    r"|(?P<before>before|prior\s+to|earlier\s+than)|(?P<until>until|till|up\s+to|by)"
    rf"|(?P<during>in|on|during|throughout|within|as\s+of)|(?P<span>between|from))\s+{_PART_OF}$",
    re.IGNORECASE,
)
_SPAN = re.compile(rf"\s*(?:and|to|until|till|through|[-–—])\s*{_PART_OF}", re.IGNORECASE)
_ONWARDS = re.compile(r"\s+on(?:wards?)?\b", re.IGNORECASE)  # "from 2024 on", but not "in 2024 on the board"
# "between November and December 2024": the year is told once.
_MONTH_BEFORE = re.compile(
    r"\b(?:between|from)\s+(?P<month>[A-Z][a-z]{2,8})\s+(?:and|to|until|till|through|[-–—])\s+$", re.IGNORECASE
)
_MAX_OPENING_CHARS = 80


class Time(NamedTuple):
    """A date with the words before it: where they stand, and the days they mean; None is an open end."""

    start: int
    end: int
    first: date | None
    last: date | None


def find_times(question: str, mentions: Sequence[Mention]) -> Iterator[Time]:
    """The times in a question, in its order.

    Args:
        question: Any text.
        mentions: The names in it: a date in a name is no time.
    """
    dates = [
        (start, end, period)
        for start, end, period in find_periods(question)
        if not any(mention.start < end and start < mention.end for mention in mentions)
    ]
    while dates:
        start, end, period = dates.pop(0)
        opening = _OPENING.search(question[:start], max(0, start - _MAX_OPENING_CHARS))
        month = _MONTH_BEFORE.search(question[:start])
        if month and (since := _first_of(month["month"], period)):
            yield Time(month.start(), end, since, period.last)
        elif opening is None:
            yield Time(start, end, period.first, period.last)  # "the February 2026 session"
        elif opening["span"] and dates and _SPAN.fullmatch(question[end : dates[0][0]]):
            _, end, last = dates.pop(0)
            yield Time(opening.start(), end, period.first, last.last)
        else:
            onwards = _ONWARDS.match(question, end) if opening["span"] else None
            first_day, last_day = _bounds(opening, period, onwards is not None)
            yield Time(opening.start(), onwards.end() if onwards else end, first_day, last_day)


def _bounds(opening: re.Match[str], period: Period, goes_on: bool) -> tuple[date | None, date | None]:
    day = timedelta(days=1)
    is_at_end = (opening["part"] or "").lower() in ("end", "close")
    if opening["since"] or goes_on:
        return period.first, None
    if opening["after"]:
        # After the start of a year is still within it.
        return (period.first if opening["part"] and not is_at_end else period.last + day), None
    if opening["before"]:
        return None, period.last if opening["part"] else period.first - day
    return (None, period.last) if opening["until"] else (period.first, period.last)


def _first_of(month: str, period: Period) -> date | None:
    """The first day of that month in the year of the period; None if it is no month, or later."""
    found = next(find_periods(f"{month} {period.last.year}"), None)
    is_month = found is not None and found[0] == 0
    return found[2].first if found and is_month and found[2].first <= period.last else None
