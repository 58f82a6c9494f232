"""The time of a question is cut out of it, whatever way it is told."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.time_spans import TimeSpan, cut_time
from index.names.finder import Mention
from index.types import AllianceRecord

TODAY = date(2026, 11, 23)
SUMMIT = AllianceRecord("Seoul Summit", (), "seoul", "policy", "active", "2024-05-21", 1)


@pytest.mark.parametrize(
    ("question", "first", "last", "label"),
    [
        ("founded in 2023?", "2023-01-01", "2023-12-31", "in 2023"),
        ("founded before 2020?", None, "2019-12-31", "before 2020"),
        ("founded since May 2024?", "2024-05-01", None, "since May 2024"),
        ("founded between 2019 and 2021?", "2019-01-01", "2021-12-31", "between 2019 and 2021"),
        (
            "founded between November and December 2024?",
            "2024-11-01",
            "2024-12-31",
            "between November and December 2024",
        ),
        ("founded last year?", "2025-01-01", "2025-12-31", "in 2025"),
        ("founded this year?", "2026-01-01", "2026-12-31", "in 2026"),
        ("founded two years ago?", "2024-01-01", "2024-12-31", "in 2024"),
        ("founded last month?", "2026-10-01", "2026-10-31", "in October 2026"),
        ("founded in the last two years?", "2024-11-23", "2026-11-23", "since 23 November 2024"),
        ("founded on 5 December 2023?", "2023-12-05", "2023-12-05", "on 5 December 2023"),
        ("founded in the spring of 2024?", "2024-03-01", "2024-05-31", "in the spring of 2024"),
        ("founded in Q3 2023?", "2023-07-01", "2023-09-30", "in Q3 2023"),
        ("founded in the first six months of 2023?", "2023-01-01", "2023-06-30", "in the first six months of 2023"),
        ("founded in early 2024?", "2024-01-01", "2024-04-30", "in early 2024"),
        ("founded at the end of 2024?", "2024-10-01", "2024-12-31", "at the end of 2024"),
        ("founded by the end of 2022?", None, "2022-12-31", "by the end of 2022"),
        ("founded before the second half of 2022?", None, "2022-06-30", "before the second half of 2022"),
        ("founded after the first quarter of 2022?", "2022-04-01", None, "after the first quarter of 2022"),
        ("founded after the start of 2022?", "2022-01-01", None, "after the start of 2022"),
        ("founded from early 2023 to mid 2024?", "2023-01-01", "2024-08-31", "from early 2023 to mid 2024"),
        ("founded in 2023 and 2024?", "2023-01-01", "2024-12-31", "in 2023 and 2024"),
        ("founded in the 2010s?", "2010-01-01", "2019-12-31", "in the 2010s"),
        ("founded in twenty-twenty?", "2020-01-01", "2020-12-31", "in twenty-twenty"),
        ("founded in twenty twenty-three?", "2023-01-01", "2023-12-31", "in twenty twenty-three"),
        ("founded in 2020, the first covid year?", "2020-01-01", "2020-12-31", "in 2020"),
    ],
)
def test_a_time_is_read_and_cut_out(question, first, last, label):
    timed = cut_time(question, (), TODAY)
    span = timed.span
    assert (span.first and span.first.isoformat(), span.last and span.last.isoformat(), span.label) == (
        first,
        last,
        label,
    )
    assert timed.question.split() in (["founded", "?"], ["founded?"]) and len(timed.question) == len(question)


@pytest.mark.parametrize("suffix", ["?", " of May 2024?", " was over?"])
def test_a_body_can_date_a_question(suffix):
    question = f"Which bodies were founded before the Seoul Summit{suffix}"
    start = question.index("Seoul")
    mention = Mention(start, start + len("Seoul Summit"), "Seoul Summit", (SUMMIT,))
    timed = cut_time(question, [mention], TODAY)
    assert timed.span == TimeSpan(None, date(2024, 5, 20), "before the Seoul Summit (21 May 2024)", told_in=(1,))
    assert timed.mentions == () and "Seoul" not in timed.question


@pytest.mark.parametrize("time", ["in 2020 or in 2023", "in 2020 and 2023", "in the winter of 2023"])
def test_several_times_and_a_season_of_two_years_are_not_understood(time):
    timed = cut_time(f"founded {time}?", (), TODAY)
    assert timed.span is None and timed.is_several


def test_only_what_lies_wholly_within_is_held():
    span = TimeSpan(date(2023, 6, 1), date(2023, 12, 31), "in the second half of 2023")
    assert span.holds("2023-07-26") and span.holds("2023-12")
    assert not span.holds("2023") and not span.holds("2024-01") and not span.holds(None)
