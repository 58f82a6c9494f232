"""A tab answers one question at a time, tells what went wrong, and forgets when it is told to."""

import pytest
from standin import CRASHED, PLAIN, StandIn

from ui.render import Stage
from ui.tab import BROKEN, CROWDED, TURNS_SHOWN, Tab


@pytest.fixture
def assistant():
    stand_in = StandIn()
    yield stand_in
    stand_in.release.set()


@pytest.fixture
def tab(assistant):
    return Tab(assistant)


def finish(tab, question):
    assert tab.ask(question)
    for _ in tab.answer():
        pass
    return tab.turns[-1]


def begin(tab, question):
    """Ask, and work on the answer until its first words are there."""
    assert tab.ask(question)
    answering = tab.answer()
    while not tab.turns[-1].text:
        next(answering)
    return answering


def test_an_answer_brings_its_cited_passage(tab):
    turn = finish(tab, "a question")
    assert (turn.stage, turn.citations[0].quote) == (Stage.ANSWERED, PLAIN)
    assert PLAIN in turn.passages["plain"]


def test_a_blank_question_is_none(tab):
    assert not tab.ask("  \n ")
    assert tab.turns == ()


def test_one_question_at_a_time(tab, assistant):
    answering = begin(tab, "wait")
    assert not tab.ask("another")
    assert list(tab.answer()) == []  # a second worker finds nothing to do
    assistant.release.set()
    for _ in answering:
        pass
    assert [turn.stage for turn in tab.turns] == [Stage.ANSWERED]


@pytest.mark.parametrize(("question", "sentence"), [("fail", CRASHED), ("break", BROKEN)])
def test_what_goes_wrong_is_said_and_the_next_question_is_answered(tab, question, sentence):
    turn = finish(tab, question)
    assert (turn.stage, turn.text) == (Stage.FAILED, sentence)
    assert finish(tab, "next").stage is Stage.ANSWERED


def test_stop_shows_at_once_and_ends_the_work(tab, assistant):
    answering = begin(tab, "wait")
    tab.stop()
    assert not tab.is_busy
    assert tab.turns[-1].stage is Stage.STOPPED
    for _ in answering:
        pass
    assistant.release.set()
    assert assistant.ended.get(timeout=10) == ("wait", False)
    assert tab.turns[-1].stage is Stage.STOPPED


def test_closing_the_answer_stops_the_work(tab, assistant):
    begin(tab, "wait").close()
    assistant.release.set()
    assert assistant.ended.get(timeout=10) == ("wait", False)


def test_a_cleared_answer_does_not_come_back(tab, assistant):
    answering = begin(tab, "wait")
    tab.clear()
    assistant.release.set()
    for _ in answering:
        pass
    assert tab.turns == ()
    assert "This is question 1" in finish(tab, "new").text


def test_a_question_that_found_the_queue_full_is_refused(tab):
    assert tab.ask("a question")
    tab.refuse()
    assert (tab.turns[-1].stage, tab.turns[-1].text) == (Stage.FAILED, CROWDED)
    assert list(tab.answer()) == []


def test_a_question_being_worked_on_is_not_refused(tab):
    answering = begin(tab, "wait")
    tab.refuse()
    assert tab.is_busy
    answering.close()


def test_a_long_chat_drops_its_oldest_turns(tab):
    for number in range(TURNS_SHOWN + 2):
        finish(tab, f"question {number}")
    assert len(tab.turns) == TURNS_SHOWN
    assert tab.turns[0].question == "question 2"
    assert len({turn.number for turn in tab.turns}) == TURNS_SHOWN
