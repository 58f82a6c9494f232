"""Times told by a body: between two summits, from one on, before one; and what cannot be understood."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.exact.body_times import with_body_time


@pytest.fixture
def span_of(take, shipped):
    return lambda question: with_body_time(take(question), shipped).span


BLETCHLEY, SEOUL, PARIS = date(2023, 11, 1), date(2024, 5, 21), date(2025, 2, 10)  # as the articles tell


def test_between_two_summits_neither_is_included(span_of):
    span = span_of("Which alliances were founded between the Bletchley summit and the Paris summit?")
    assert (span.first > BLETCHLEY, span.last < PARIS) == (True, True)


def test_from_includes_the_day_and_before_does_not(span_of):
    assert span_of("Which alliances were founded from the Bletchley summit onwards?").first == BLETCHLEY
    assert span_of("Which alliances were founded before the Bletchley summit?").last == date(2023, 10, 31)


def test_a_bound_told_by_a_body_and_one_told_by_a_date_bound_one_another(span_of):
    span = span_of("Which alliances were founded after the Bletchley summit but before 2025?")
    assert BLETCHLEY < span.first < SEOUL and span.last == date(2024, 12, 31)


def test_the_date_may_stand_before_the_body(span_of):
    span = span_of("Which alliances were founded before 2025 and after the Bletchley summit?")
    assert BLETCHLEY < span.first < SEOUL and span.last == date(2024, 12, 31)


def test_a_bound_told_twice_is_not_understood(take, shipped):
    reading = with_body_time(take("Which were founded after 2024 and after the Bletchley summit?"), shipped)
    assert reading.is_several_times


def test_a_body_that_tells_no_time_is_left_alone(take, shipped):
    reading = take("Who founded the Frontier Model Forum?")
    assert with_body_time(reading, shipped) == reading
