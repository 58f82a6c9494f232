"""Parts of a year or another time: "the third quarter of 2023", "spring 2024", "early 2025"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from index.dates import Period

_NUMBERS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_COUNTED = rf"(?:{'|'.join(_NUMBERS)})\s+(?:half|quarter|trimester|six\s+months|three\s+months)|q[1-4]"
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_SIZES = {"half": 2, "six months": 2, "quarter": 4, "three months": 4, "trimester": 3}
# Which of how many equal parts; a season that lies in two years has none.
_LOOSE = {"early": (1, 3), "mid": (2, 3), "middle": (2, 3), "late": (3, 3)}
_LOOSE |= {"beginning": (1, 4), "start": (1, 4), "end": (4, 4), "close": (4, 4)}
# What stands right before a date, up to the date.
PART = re.compile(
    rf"\b(?:the\s+)?(?:very\s+)?(?:(?P<part>{_COUNTED}|{'|'.join(_LOOSE)}|{'|'.join(_SEASONS)}|winter)"
    r"(?:[\s-]+(?:months\s+)?(?:of\s+)?(?:the\s+year\s+)?)"
    r"|(?:years?|months?)\s+(?:of\s+)?)$",
    re.IGNORECASE,
)


def part_of(period: Period, part: str | None) -> Period | None:
    """The days of a part of a time, all of it without one; None if they are not known ("winter 2024").

    Args:
        period: The time.
        part: As `PART` finds it.

    Example: the "third quarter" of 2023 is July to September.
    """
    if part is None:
        return period
    word = " ".join(part.lower().split())
    if word in _SEASONS or word == "winter":
        if word == "winter" or (period.first.year, period.first.month) != (period.last.year, 1):
            return None
        first, last = _SEASONS[word]
        year = period.first.year
        return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))
    number, of = _LOOSE[word] if word in _LOOSE else _counted(word)
    return _share(period, number, of) if 1 <= number <= of else None


def _counted(word: str) -> tuple[int, int]:
    if word.startswith("q"):
        return int(word[1:]), 4
    number, _, size = word.partition(" ")
    of = _SIZES[size]
    return (of if _NUMBERS[number] < 0 else _NUMBERS[number]), of


def _share(period: Period, number: int, of: int) -> Period:
    """One of so many equal parts, the first being 1; of a year in whole months."""
    first, last = period.first, period.last
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        months = 12 // of
        end = number * months
        return Period(
            date(first.year, end - months + 1, 1), date(first.year, end, calendar.monthrange(first.year, end)[1])
        )
    days = (last - first).days + 1
    return Period(first + timedelta(days=days * (number - 1) // of), first + timedelta(days=days * number // of - 1))
