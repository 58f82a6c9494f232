"""Who waits for the model has a turn: conversations one after the other, and each in the order of its questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.waiting import Request, Waiting


def asked(asker):
    return Request([{"role": "user", "content": "?"}], 1, 0, asker)


def queue(askers):
    waiting = Waiting()
    requests = [asked(asker) for asker in askers]
    for request in requests:
        waiting.add(request)
    return waiting, requests


def served(waiting):
    return [waiting.take() for _ in range(len(waiting))]


@pytest.mark.parametrize(
    ("askers", "order"),
    [
        ("abc", [0, 1, 2]),
        ("aaab", [0, 3, 1, 2]),
        ("aabbcc", [0, 2, 4, 1, 3, 5]),
        ("aaa", [0, 1, 2]),
    ],
)
def test_conversations_take_turns(askers, order):
    waiting, requests = queue(askers)
    assert served(waiting) == [requests[place] for place in order]


def test_who_is_being_answered_lets_those_go_first_who_come_meanwhile():
    waiting, (first,) = queue("a")
    assert waiting.take() is first
    again, other = asked("a"), asked("b")
    waiting.add(again)
    waiting.add(other)
    assert served(waiting) == [other, again]


def test_whoever_asks_one_at_a_time_is_served_in_the_order_of_coming():
    waiting, _ = queue("abc")
    order = []
    for _ in range(9):
        request = waiting.take()
        order.append(request.asker)
        waiting.add(asked(request.asker))
    assert "".join(order) == "abcabcabc"


def test_a_request_given_back_goes_first():
    waiting, (first, _) = queue("ab")
    waiting.give_back(waiting.take())
    assert waiting.take() is first


def test_a_question_that_was_given_up_is_not_held_against_its_conversation():
    waiting, requests = queue("aaab")
    for request in requests[:3]:
        assert waiting.remove(request)
    assert not waiting.remove(requests[0])
    again, another = asked("a"), asked("c")
    waiting.add(again)
    waiting.add(another)
    assert served(waiting) == [requests[3], again, another]


def test_the_longest_waiting_is_the_one_that_asked_first():
    waiting, requests = queue("aab")
    for request, moment in zip(requests, (3.0, 1.0, 2.0), strict=True):
        request.asked_at = moment
    assert waiting.longest() is requests[1]
    assert Waiting().longest() is None


@given(st.lists(st.sampled_from("abc")))
def test_all_are_served_and_each_conversation_in_its_order(askers):
    waiting, requests = queue(askers)
    order = served(waiting)
    assert sorted(map(id, order)) == sorted(map(id, requests))
    for asker in "abc":
        assert [r for r in order if r.asker == asker] == [r for r in requests if r.asker == asker]
