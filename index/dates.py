"""The days that a date in a text stands for: "July 2023" is the 1st to the 31st."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTH_NAMES = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?:19|20)\d\d"
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_DATE = re.compile(
    rf"(?<![\w.,$€£])(?:(?P<iso>{_YEAR}-\d\d(?:-\d\d)?)"
    rf"|(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH_NAMES})\.?"
    rf"(?:\s+(?P<american>\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(?P<spoken>{_YEAR})"
    rf"|(?P<year>{_YEAR}))(?![\w$€£]|[.,]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, iso: str) -> Period:
        """The days of an ISO 8601 date, as exact as given: `2024`, `2024-07`, `2024-07-18`.

        Raises:
            ValueError: It is no such date.
        """
        match = _ISO.fullmatch(iso)
        if not match:
            raise ValueError(f"{iso!r} is no date. Write it like 2024, 2024-07 or 2024-07-18.")
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            return _period(year or 0, month, day)
        except (ValueError, calendar.IllegalMonthError) as exc:
            raise ValueError(f"{iso!r} is not in the calendar. Write a date like 2024-07-18.") from exc

    def overlaps(self, first: date, last: date) -> bool:
        """True if a day of it lies between these two, both included."""
        return self.first <= last and first <= self.last


def find_periods(text: str) -> Iterator[tuple[int, int, Period]]:
    """The dates with a year from 1900 to 2099 in a text, in its order, as (start, end, days)."""
    for match in _DATE.finditer(text):
        period = _read(match)
        if period:
            yield match.start(), match.end(), period


def _read(match: re.Match[str]) -> Period | None:
    try:
        if match["iso"]:
            return Period.of(match["iso"])
        if match["year"]:
            return _period(int(match["year"]))
        day = match["day"] or match["american"]
        return _period(int(match["spoken"]), _MONTHS.index(match["month"][:3].lower()) + 1, int(day) if day else None)
    except ValueError:  # 31 February
        return None


def _period(year: int, month: int | None = None, day: int | None = None) -> Period:
    if month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    return Period(date(year, month, day), date(year, month, day))
