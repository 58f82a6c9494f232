"""The columns of the timeline: decades, years, months or days, by how long a time is shown. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ui.text import MONTHS

MONTHS_UP_TO_YEARS = 4  # a longer time is drawn by year,
YEARS_UP_TO = 40  # and a very long one by decade
SHORT = 3  # letters of a month


@dataclass(frozen=True, slots=True)
class Period:
    """A time with its label; its first and last year, and the name of the month if it is one. A day leads nowhere."""

    label: str
    since: str = ""
    until: str = ""
    month: str = ""


def columns_of(dates: Sequence[str], month: int | None) -> dict[str, Period]:
    """The columns for ISO 8601 dates in their order, by the beginning of the dates that fall into each.

    Args:
        dates: At least one.
        month: 1 to 12 where only that month is shown, of whichever years.
    """
    first, last = int(dates[0][:4]), int(dates[-1][:4])
    if month and first == last:
        return _days(first, month, dates)
    if last - first < MONTHS_UP_TO_YEARS:
        return {key: period for year in range(first, last + 1) for key, period in _months(year, month, dates).items()}
    if last - first < YEARS_UP_TO:
        return {str(year): Period(str(year), str(year), str(year)) for year in range(first, last + 1)}
    return {str(decade): _decade(decade, dates) for decade in range(first // 10, last // 10 + 1)}


def column_of(date: str, columns: Mapping[str, Period]) -> str:
    """The key of the column that a date falls into."""
    return next(date[:length] for length in (10, 7, 4, 3) if date[:length] in columns)


def _days(year: int, month: int, dates: Collection[str]) -> dict[str, Period]:
    """The days of a month; before them the month itself, if a date has no day."""
    start = f"{year}-{month:02}"
    whole = {start: Period(MONTHS[month - 1][:SHORT])} if start in dates else {}
    return whole | {f"{start}-{day:02}": Period(str(day)) for day in range(1, monthrange(year, month)[1] + 1)}


def _months(year: int, only: int | None, dates: Collection[str]) -> dict[str, Period]:
    """The months of a year; before them the year itself, if a date has no month."""
    told = str(year)
    whole = {told: Period(told, told, told)} if told in dates else {}
    return whole | {
        f"{told}-{number:02}": Period(month, told, told, month)
        for number, month in enumerate(MONTHS, 1)
        if only in (None, number)
    }


def _decade(decade: int, dates: Sequence[str]) -> Period:
    years = [date[:4] for date in dates if date.startswith(str(decade))]
    return Period(f"{decade}0s", min(years, default=""), max(years, default=""))
