"""A conversation keeps its subject; the stream tells checked text only; hostile or useless questions get one error."""

from __future__ import annotations

import threading

import pytest

from assistant import AlliancesError, Delta, Finished, Retrieved


def test_by_whom_asks_about_the_alliance_of_the_turn_before(assistant):
    chat = assistant.conversation()
    assert "26 July 2023" in chat.ask("When was the Frontier Model Forum founded?").text
    founders = chat.ask("And by whom?").text
    assert all(name in founders for name in ("Anthropic", "Google", "Microsoft", "OpenAI"))


def test_it_and_its_mean_the_subject_until_another_is_named(assistant):
    chat = assistant.conversation()
    chat.ask("What is the Partnership on AI?")
    assert "126" in chat.ask("How many partners does it have?").text
    assert "2016" in chat.ask("And its founding date?").text or "2016" in chat.ask("When was it founded?").text
    assert "3 December 2020" in chat.ask("When was MLCommons founded?").text
    assert "MLPerf" in chat.ask("What does it do?").text


def test_a_new_conversation_remembers_nothing(assistant):
    assistant.conversation().ask("What is the EU AI Pact?")
    assert assistant.conversation().ask("How many members does it have?").abstained


def test_the_deltas_joined_are_the_text_of_the_answer(assistant):
    for question in ("Who founded the AI Alliance?", "What is the EU AI Pact?", "What is the capital of France?"):
        events = list(assistant.conversation().stream(question))
        assert isinstance(events[-1], Finished)
        assert "".join(event.text for event in events if isinstance(event, Delta)) == events[-1].answer.text
        told = [event for event in events if isinstance(event, Retrieved)]
        assert len(told) == 1 and events.index(told[0]) == 0


def test_a_stream_given_up_leaves_the_conversation_usable(assistant):
    chat = assistant.conversation()
    chat.ask("When was the Frontier Model Forum founded?")
    stream = chat.stream("What risks does the AI Alliance see?")
    next(stream)
    stream.close()
    assert "Anthropic" in chat.ask("And by whom?").text


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "x" * 20_000])
def test_an_empty_or_endless_question_is_refused_in_one_line(assistant, question):
    with pytest.raises(AlliancesError) as raised:
        assistant.ask(question)
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 200


@pytest.mark.parametrize(
    "question",
    [
        "?",
        "'; DROP TABLE articles; --",
        '"',
        "NEAR(",
        "AND OR NOT",
        "🤝🤝🤝",
        "\x00\x07",
        "<script>alert(1)</script>",
        "ש" * 300,
    ],
)
def test_odd_questions_are_declined_and_do_no_harm(assistant, question):
    assert assistant.ask(question).abstained
    assert "IBM" in assistant.ask("Who founded the AI Alliance?").text


def test_the_same_question_gives_the_same_answer(assistant):
    first, second = (assistant.ask("What does the Coalition for Secure AI work on?") for _ in range(2))
    assert (first.text, first.citations) == (second.text, second.citations)


def test_greetings_get_a_reply_without_citations(assistant):
    answer = assistant.ask("Hello!")
    assert answer.kind == "smalltalk" and not answer.abstained and not answer.citations


def test_stop_from_another_thread_ends_the_stream_and_forgets_the_question(assistant):
    chat = assistant.conversation()
    chat.ask("When was the Frontier Model Forum founded?")
    stream = chat.stream("What does the Coalition for Secure AI work on?")
    assert isinstance(next(stream), Retrieved)
    threading.Timer(0.05, chat.stop).start()
    assert not any(isinstance(event, Finished) for event in stream)
    assert "Anthropic" in chat.ask("And by whom?").text


def test_stop_with_nothing_under_way_does_nothing(assistant):
    chat = assistant.conversation()
    chat.stop()
    assert "IBM" in chat.ask("Who founded the AI Alliance?").text
