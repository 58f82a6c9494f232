"""The time that a question is about: "in 2023", "last year", "before the Seoul summit".

A time is cut out of the question, so that what is left can be understood without it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates import Period
from index.fact_sentences import spoken_date
from index.names.finder import Mention
from index.question_times import Time, find_times
from index.types import AllianceRecord

_RELATIVE = re.compile(
    r"\b(?:in\s+|during\s+|over\s+|within\s+)?(?:"
    r"(?P<which>last|this|the\s+current|the\s+previous)\s+(?P<unit>year|month)"
    r"|(?:the\s+)?(?:last|past)\s+(?P<count>\d{1,2}|two|three|four|five|six|ten|twelve|few)\s+(?P<units>years|months|weeks|days)"
    r"|(?P<ago>\d{1,2}|one|a|two|three|four|five|six|ten)\s+years?\s+ago"
    r"|(?P<recent>recently|lately|of late))\b",
    re.IGNORECASE,
)
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12, "few": 3}
_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1}
_RECENT_DAYS = 365
_BEFORE_BODY = re.compile(
    r"\b(?:(?P<before>before|prior\s+to|earlier\s+than|until)|(?P<after>after|since|following|later\s+than))\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# "founded between A and B", but not "the difference between A and B".
_BETWEEN = re.compile(
    r"\b(?:found|start|launch|creat|establish|form|happen|emerg|appear|began|begun|born|set up|went on|came up"
    r"|place)\w*\s+(?P<time>(?:in the time\s+)?between\s+(?:the\s+)?)$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+and\s+(?:the\s+)?", re.IGNORECASE)
_BOUNDED = re.compile(r"\W*(?:and|but|yet|though|still|also|however|\W)*", re.IGNORECASE)
_FOLLOWS = re.compile(r"\s*(?:(?:summit|meeting|conference)\s+)?(?:of|in|on)?\s*", re.IGNORECASE)
_OF_DATE = re.compile(
    r"\s+(?:(?:summit|meeting|conference)\s+)?(?:of|in|on)\s+(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?\d{4}\b"
)
_IS_OVER = re.compile(r"\s+(?:was|is|were|had|has)\s+(?:been\s+)?(?:over|ended|finished|closed|concluded|done)\b")
_OF_YEAR = re.compile(r",\s+(?:the|a|an)\s+(?:[\w-]+\s+){0,3}year\b")  # "in 2020, the first covid year"
_COUNTED = re.compile(r"(?:first|second|third|fourth|last|\d(?:st|nd|rd|th)|(?:19|20)\d0['’]?s)\b", re.IGNORECASE)
_OPENED = re.compile(
    r"(?:since|starting|as|after|following|later|before|prior|earlier|until|till|up|by|in|on|at|during|throughout|within"
    r"|between|from)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Days from `first` to `last`, both included; None is an open end.

    Attributes:
        first: Its first day.
        last: Its last day.
        label: As it stands in an answer: "in 2023", "before the AI Seoul Summit (21 May 2024)".
        is_relative: It depends on today: "last year".
        told_in: Ids of the sentences that tell its dates, where a body's beginning does.
    """

    first: date | None
    last: date | None
    label: str
    is_relative: bool = False
    told_in: tuple[int, ...] = ()

    def holds(self, iso: str | None) -> bool:
        """True if the whole of a day, month or year (ISO 8601) lies within."""
        if iso is None:
            return False
        days = Period.of(iso)
        return (self.first is None or self.first <= days.first) and (self.last is None or days.last <= self.last)


@dataclass(frozen=True, slots=True)
class Timed:
    """A question without the time that it tells; blanks stand in its place, so that mentions keep theirs."""

    question: str
    mentions: tuple[Mention, ...]
    span: TimeSpan | None
    is_several: bool = False


def cut_time(question: str, mentions: Sequence[Mention], today: date) -> Timed:
    """Cut the one time out of a question; of several, none is cut and `is_several` is set.

    Args:
        question: Any text.
        mentions: The names in it. A body that dates the question ("before the Seoul summit") is cut out with it.
        today: What "last year" is relative to.
    """
    found = [(time.start, time.end, _told(question, time)) for time in find_times(question, mentions)]
    found += [(match.start(), match.end(), _relative(match, today)) for match in _RELATIVE.finditer(question)]
    found += [(start, end, span) for start, end, span in _between_bodies(question, mentions)]
    for mention in mentions:
        for start, span in _dated_by(question, mention):
            # "after the Seoul summit of May 2024" tells one time, not two.
            found = [
                item
                for item in found
                if item[0] < mention.end or not _FOLLOWS.fullmatch(question, mention.end, item[0])
            ]
            rest = _OF_DATE.match(question, mention.end) or _IS_OVER.match(question, mention.end)
            found.append((start, rest.end() if rest else mention.end, span))
    if len(found) == 2:
        found = _bounded(question, *sorted(found, key=lambda item: item[0]))
    if len(found) != 1:
        return Timed(question, tuple(mentions), None, len(found) > 1)
    start, end, span = found[0]
    if described := _OF_YEAR.match(question, end):
        end = described.end()
    if span.first and span.last and span.first > span.last:
        return Timed(question, tuple(mentions), None, True)
    left = question[:start] + " " * (end - start) + question[end:]
    return Timed(left, tuple(mention for mention in mentions if not start <= mention.start < end), span)


def _bounded(
    question: str, one: tuple[int, int, TimeSpan], other: tuple[int, int, TimeSpan]
) -> list[tuple[int, int, TimeSpan]]:
    """The two times as one where they bound it: "after the Seoul summit, but before May 2025"."""
    spans = (one[2], other[2])
    first = [span.first for span in spans if span.first and not span.last]
    last = [span.last for span in spans if span.last and not span.first]
    if len(first) != 1 or len(last) != 1 or not _BOUNDED.fullmatch(question[one[1] : other[0]]):
        return [one, other]
    label = f"{spans[0].label} and {spans[1].label}"
    is_relative = any(span.is_relative for span in spans)
    return [(one[0], other[1], TimeSpan(first[0], last[0], label, is_relative, one[2].told_in + other[2].told_in))]


def _told(question: str, time: Time) -> TimeSpan:
    label = " ".join(question[time.start : time.end].split())
    if not _OPENED.match(label):
        the = "the " if _COUNTED.match(label) else ""
        label = f"{'on' if time.first == time.last else 'in'} {the}{label}"
    return TimeSpan(time.first, time.last, label[0].lower() + label[1:])


def _relative(match: re.Match[str], today: date) -> TimeSpan:
    if match["unit"]:
        is_current = match["which"].lower() in ("this", "the current")
        if match["unit"].lower() == "year":
            year = today.year if is_current else today.year - 1
            return TimeSpan(date(year, 1, 1), date(year, 12, 31), f"in {year}", is_relative=True)
        last = today if is_current else today.replace(day=1) - timedelta(days=1)
        month = f"{last.year}-{last.month:02}"
        days = Period.of(month)
        return TimeSpan(days.first, days.last, f"in {spoken_date(month)}", is_relative=True)
    if match["ago"]:
        count = match["ago"].lower()
        year = today.year - (_COUNTS.get(count) or int(count))
        return TimeSpan(date(year, 1, 1), date(year, 12, 31), f"in {year}", is_relative=True)
    days_back = _RECENT_DAYS
    if match["units"]:
        count = match["count"].lower()
        days_back = (_COUNTS.get(count) or int(count)) * _DAYS[match["units"].lower()]
    first = today - timedelta(days=days_back)
    return TimeSpan(first, today, f"since {spoken_date(first.isoformat())}", is_relative=True)


def _dated_by(question: str, mention: Mention) -> list[tuple[int, TimeSpan]]:
    """The time before or after a body was founded or a summit began, where the question says so."""
    opening = _BEFORE_BODY.search(question[: _start_of_name(question, mention)])
    if opening is None or len(mention.alliances) != 1 or mention.alliances[0].founded is None:
        return []
    body = mention.alliances[0]
    days = Period.of(mention.alliances[0].founded or "")
    word = "before" if opening["before"] else "after"
    label = f"{word} {_with_the(body.name)} ({spoken_date(body.founded or '')})"
    one = timedelta(days=1)
    if opening["before"]:
        return [(opening.start(), TimeSpan(None, days.first - one, label, told_in=told_beginnings(body)))]
    return [(opening.start(), TimeSpan(days.last + one, None, label, told_in=told_beginnings(body)))]


def told_beginnings(*bodies: AllianceRecord) -> tuple[int, ...]:
    """Ids of the sentences that tell when these bodies began."""
    return tuple(body.founded_in for body in bodies if body.founded_in is not None)


def _start_of_name(question: str, mention: Mention) -> int:
    """Where a body's name starts, with a word of it that was read as a country: "the India AI Impact Summit"."""
    word = re.search(r"\b(\w+)\s+$", question[: mention.start])
    names = {word for body in mention.alliances for word in body.name.split()}
    return word.start() if word and word[1] in names and word[1].lower() != "the" else mention.start


def _between_bodies(question: str, mentions: Sequence[Mention]) -> list[tuple[int, int, TimeSpan]]:
    """The time between the beginnings of two bodies: "between the Bletchley summit and the Seoul summit"."""
    found = []
    for one, other in zip(mentions, mentions[1:], strict=False):
        opening = _BETWEEN.search(question[: one.start])
        if not opening or not _AND.fullmatch(question[one.end : other.start]):
            continue
        if len(one.alliances) != 1 or len(other.alliances) != 1:
            continue
        first, last = one.alliances[0], other.alliances[0]
        if not (first.founded and last.founded):
            continue
        since, until = Period.of(first.founded).last, Period.of(last.founded).first
        label = (
            f"between {_with_the(first.name)} ({spoken_date(first.founded)}) and {_with_the(last.name)} "
            f"({spoken_date(last.founded)})"
        )
        one_day = timedelta(days=1)
        span = TimeSpan(since + one_day, until - one_day, label, told_in=told_beginnings(first, last))
        found.append((opening.start("time"), other.end, span))
    return found


def _with_the(name: str) -> str:
    return f"the {name}" if " " in name else name
