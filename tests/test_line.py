"""Questions wait in the order of coming, and are told how long by what earlier answers took."""

import pytest

from ui.chat import line as module
from ui.chat.line import Line, Place


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def line(clock):
    return Line(clock)


def take(line, clock, *seconds):
    """Let answers take this long, one after the other."""
    for one in seconds:
        ticket = line.join()
        clock.now += one
        line.leave(ticket, is_answered=True)


def test_who_came_first_has_none_before_it(line):
    tickets = [line.join() for _ in range(3)]
    assert [line.place(ticket).ahead for ticket in tickets] == [0, 1, 2]
    line.leave(tickets[0])
    assert [line.place(ticket).ahead for ticket in tickets[1:]] == [0, 1]
    line.leave(tickets[2])
    assert line.end() == Place(1)


def test_no_time_is_told_before_an_answer_was_measured(line, clock):
    line.leave(line.join())  # stopped, not answered
    line.join()
    clock.now += 5
    assert line.place(line.join()) == Place(1, None)


def test_the_time_is_the_mean_of_those_before_and_the_rest_of_the_one_under_way(line, clock):
    take(line, clock, 2, 6)
    line.join()
    line.join()
    last = line.join()
    assert line.place(last) == Place(2, 4 + 4)
    clock.now += 3
    assert line.place(last) == Place(2, 4 + 3)  # of the two, only the one of 6 s took longer
    clock.now += 4
    assert line.place(last) == Place(2, None)  # none took as long


def test_only_the_latest_answers_tell_the_time(line, clock):
    take(line, clock, 1000, *[1] * module._MEASURED)
    line.join()
    assert line.place(line.join()) == Place(1, 1)


def test_a_full_line_takes_nobody_in(line):
    tickets = [line.join() for _ in range(module.PLACES)]
    assert None not in tickets and line.join() is None
    line.leave(tickets[3])
    assert line.join() is not None


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(0, 0.0), ""),
        (Place(1), "1 question before yours"),
        (Place(2, 5.6), "2 questions before yours, about 6 s"),
        (Place(2, 0.01), "2 questions before yours, about 1 s"),
        (Place(9, 250), "9 questions before yours, about 4 min"),
    ],
)
def test_a_place_is_told_in_words(place, words):
    assert str(place) == words
