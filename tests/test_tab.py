"""A tab answers one question at a time, tells what went wrong, and forgets when it is told to."""

from html.parser import HTMLParser

import pytest
from standin import CRASHED, PLAIN, StandIn

from assistant.evaluation.questions import read_questions
from assistant.settings import Settings
from ui.chat.line import Line
from ui.chat.saved import record_html
from ui.chat.tab import BROKEN, CROWDED, NOTED, SUGGESTED, TURNS_SHOWN, UNREADABLE, Tab
from ui.chat.turn import Stage


@pytest.fixture
def assistant(tmp_path):
    stand_in = StandIn()
    stand_in.settings = Settings.load(home=tmp_path)
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
    assert PLAIN in turn.passages["plain"].text


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


def test_an_answer_brings_a_few_questions_that_were_not_asked_yet(tab, assistant):
    assistant.suggestions = lambda question, slugs, **filters: iter(["First?", "A question?", "b", "c", "d"])
    finish(tab, "first?")
    assert finish(tab, "And now?").suggestions == ("A question?", "b", "c")
    assert SUGGESTED == 3


@pytest.mark.parametrize(
    ("question", "slugs"),
    [("Is it in it?", ["plain"]), ("decline to answer", ["forum"])],  # cited; without an answer, looked into
)
def test_suggestions_come_from_the_articles_cited_or_looked_into(tab, assistant, question, slugs):
    seen = []
    assistant.suggestions = lambda question, slugs, **filters: seen.append((question, list(slugs))) or iter(())
    finish(tab, question)
    assert seen == [(question, slugs)]


def test_a_question_taken_back_is_forgotten_with_its_answer(tab):
    finish(tab, "first")
    finish(tab, "second")
    assert tab.take_back() == "second"
    assert [turn.question for turn in tab.turns] == ["first"]
    assert "This is question 2" in finish(tab, "third").text  # the conversation goes on from the first


def test_there_may_be_nothing_to_take_back(tab):
    assert tab.take_back() == ""


def test_taking_back_an_open_question_stops_it(tab, assistant):
    answering = begin(tab, "wait")
    assert tab.take_back() == "wait"
    for _ in answering:
        pass
    assistant.release.set()
    assert tab.turns == ()


def kept(tab):
    """What the browser keeps of the tab's conversation."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append(dict(attributes)["data-kept"])
    parser.feed(record_html(tab.identity, tab.turns))
    return found[0]


def test_a_conversation_is_taken_up_again_in_another_tab(tab, assistant):
    finish(tab, "first")
    other = Tab(assistant)
    other.restore(kept(tab))
    assert (other.identity, other.turns) == (tab.identity, tab.turns)
    turn = finish(other, "second")
    assert "This is question 2" in turn.text
    assert turn.number > tab.turns[0].number


def test_what_cannot_be_taken_up_is_said(tab):
    tab.restore("[]")
    assert [(turn.stage, turn.text) for turn in tab.turns] == [(Stage.FAILED, UNREADABLE)]


def test_a_new_conversation_has_another_identity(tab):
    before = tab.identity
    tab.clear()
    assert tab.identity != before


def test_a_verdict_and_a_word_are_kept_as_a_question(tab, assistant):
    finish(tab, "first")
    finish(tab, "second")
    tab.annotate("too early")
    assert not assistant.settings.feedback_file.exists()
    tab.rate(is_helpful=False)
    tab.annotate("wrong body")
    (question,) = read_questions([assistant.settings.feedback_file])
    assert question.turns == ("first", "second")
    assert (tab.turns[-1].is_helpful, tab.turns[-1].thanks) == (False, NOTED)
    assert "wrong body" in assistant.settings.feedback_file.read_text("utf-8")


def test_a_verdict_that_cannot_be_kept_is_said(tab, assistant):
    assistant.settings.feedback_file.mkdir()
    finish(tab, "first")
    tab.rate(is_helpful=True)
    assert "cannot be kept" in tab.turns[-1].thanks


def test_without_an_answer_there_is_no_verdict(tab, assistant):
    tab.rate(is_helpful=True)
    finish(tab, "fail")
    tab.rate(is_helpful=True)
    assert not assistant.settings.feedback_file.exists()


def test_a_question_says_how_many_come_first_and_is_answered_in_its_turn(assistant):
    line = Line()
    one, two, three = (Tab(assistant, line) for _ in range(3))
    first = begin(one, "wait")
    waiting = [tab.answer() for tab in (two, three) if tab.ask("a question")]
    for answering in waiting:
        next(answering)
    assert [tab.turns[-1].place for tab in (two, three)] == ["1 question before yours", "2 questions before yours"]
    assistant.release.set()
    for _ in first:
        pass
    second, third = waiting
    assert next(third) and three.turns[-1].place.startswith("1 question before yours")
    for _ in second:
        pass
    for _ in third:
        pass
    assert [tab.turns[-1].stage for tab in (one, two, three)] == [Stage.ANSWERED] * 3


def test_a_question_that_is_stopped_while_it_waits_leaves_its_place(assistant):
    line = Line()
    one, two, three = (Tab(assistant, line) for _ in range(3))
    first = begin(one, "wait")
    waiting = [tab.answer() for tab in (two, three) if tab.ask("a question")]
    for answering in waiting:
        next(answering)
    two.stop()
    for _ in waiting[0]:
        pass
    next(waiting[1])
    assert three.turns[-1].place == "1 question before yours"
    first.close()


def test_where_no_place_is_left_that_is_said(assistant, monkeypatch):
    monkeypatch.setattr("ui.chat.line.PLACES", 1)
    line = Line()
    one, two = Tab(assistant, line), Tab(assistant, line)
    first = begin(one, "wait")
    turn = finish(two, "a question")
    first.close()
    assert turn.stage is Stage.FAILED
    assert turn.text == "Too many questions are waiting: 1 question before yours. Ask again in a moment."
