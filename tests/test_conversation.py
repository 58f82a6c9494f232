"""A conversation keeps its subject; the stream tells checked text only; hostile or useless questions get one error."""

from __future__ import annotations

import threading

import pytest

from assistant import AlliancesError, Delta, Finished, Retrieved
from assistant.followups.make_whole import Turn, make_whole, refers_back

FOUNDERS = ("Who founded the AI Alliance?", "The articles name IBM and Meta as founders of the AI Alliance. [1]")
LIST_2023 = (
    "Which alliances were founded in 2023?",
    "In 2023: the AI Alliance, the Frontier Model Forum, UXL Foundation.",
)
GOOGLE = (
    "Which alliances did Google found?",
    "Google founded the Frontier Model Forum and the Coalition for Secure AI.",
)
DRAFTED = "What has the Partnership on AI published?"  # an open question, which the model works at
INSTITUTES = ("What is the AI Safety Institute?", "The UK AI Security Institute and the Canadian AI Safety Institute.")

# What was asked before (with its answer where that matters), what is asked then, and the whole question.
CONVERSATIONS = [
    # pronouns
    (["What is the EU AI Pact?"], "how many companies have signed it", "How many companies have signed the EU AI Pact"),
    (["tell me about MLCommons"], "Who pays for it?", "Who pays for MLCommons?"),
    (["What is Stargate?"], "is it still going on?", "Is Stargate still going on?"),
    (["What does ROOST do?"], "who are their funders", "Who are ROOST's funders"),
    (["What is the Christchurch Call?"], "Who is behind this?", "Who is behind the Christchurch Call?"),
    (["What is the Alignment Project?"], "who works there?", "Who works at the Alignment Project?"),
    (["What is CoSAI?"], "what has this one published?", "What has the Coalition for Secure AI published?"),
    (["What is Masakhane?"], "How is it different from BigScience?", "How is Masakhane different from BigScience?"),
    (["Which alliances is IBM in?"], "did it found MLCommons?", "Did IBM found MLCommons?"),
    (["What is the PyTorch Foundation?"], "What does the foundation own?", "What does the PyTorch Foundation own?"),
    ([FOUNDERS], "Are they in the Frontier Model Forum too?", "Are IBM and Meta in the Frontier Model Forum too?"),
    ([FOUNDERS], "When did they leave?", "When did IBM and Meta leave the AI Alliance?"),
    # ellipsis
    (["Tell me about the Partnership on AI"], "founders?", "founders of the Partnership on AI?"),
    (["Tell me about the Partnership on AI"], "and its founders?", "The Partnership on AI's founders?"),
    (["Tell me about the Partnership on AI"], "how about members", "members of the Partnership on AI?"),
    (["Who founded the UXL Foundation?"], "and when?", "When was the UXL Foundation founded?"),
    (["When was C2PA launched?"], "why?", "Why was C2PA launched?"),
    (["Did Google leave the Partnership on AI?"], "when?", "When did Google leave the Partnership on AI?"),
    (["Who are the members of the EU AI Pact?"], "how many?", "How many members of the EU AI Pact are there?"),
    (["What is the Rome Call?"], "which countries signed?", "which countries signed the Rome Call for AI Ethics?"),
    (["What is the Rome Call?"], "Did Microsoft sign too?", "Did Microsoft sign the Rome Call for AI Ethics too?"),
    (["What is the AI Alliance?"], "Is Apple a member?", "Is Apple a member of the AI Alliance?"),
    (["What is the AI Alliance?"], "Is there a membership fee?", "Is there a membership fee of the AI Alliance?"),
    (["What is the AI Alliance?"], "any Chinese members?", "any Chinese members (the AI Alliance)?"),
    (
        ["What is the AI Alliance?"],
        "Are there any Chinese members?",
        "Are there any Chinese members of the AI Alliance?",
    ),
    (["What is LAION?"], "tell me more", "Tell me more about LAION."),
    (["What is LAION?"], "ok, and the budget?", "the budget of LAION?"),
    (["Who is in the AI Alliance?"], "what about Google?", "Is Google in the AI Alliance?"),
    (["Who are members of the AI Alliance?"], "what about Google?", "Is Google a member of the AI Alliance?"),
    (["Is Apple in the Frontier Model Forum?"], "and Amazon", "Is Amazon in the Frontier Model Forum?"),
    (["Is Apple in the Frontier Model Forum?"], "And in the AI Alliance?", "Is Apple in the AI Alliance?"),
    (["What is MLCommons?"], "Is the Partnership on AI older?", "Is the Partnership on AI older than MLCommons?"),
    # time
    ([LIST_2023], "and in 2024?", "Which alliances were founded in 2024?"),
    ([LIST_2023], "what about 2025", "Which alliances were founded in 2025?"),
    (["What did MLCommons do in 2024?"], "and last year?", "What did MLCommons do last year?"),
    (["Who joined MLCommons?"], "since 2025?", "Who joined MLCommons since 2025?"),
    # the second one
    ([LIST_2023], "Who founded the second one?", "Who founded the Frontier Model Forum?"),
    ([LIST_2023], "who founded the last of these?", "Who founded the UXL Foundation?"),
    (
        [LIST_2023],
        "When were the first two launched?",
        "When were the AI Alliance and the Frontier Model Forum launched?",
    ),
    ([GOOGLE], "when was the second one founded?", "When was the Coalition for Secure AI founded?"),
    (["How do MLCommons and LAION differ?"], "who leads the first one?", "Who leads MLCommons?"),
    # choices
    (
        ["What is the UK AI Security Institute?"],
        "and the American one?",
        "What is the Center for AI Standards and Innovation?",
    ),
    (["Who runs the Canadian AI Safety Institute?"], "no, the UK one", "Who runs the UK AI Security Institute?"),
    ([INSTITUTES], "I mean the UK institute", "What is the UK AI Security Institute?"),
    ([FOUNDERS], "What about Europe's?", "Who founded the European AI Alliance?"),
    ([FOUNDERS], "no, the European one", "Who founded the European AI Alliance?"),
    (["What is MLCommons?", "What is LAION?"], "when was the other one founded?", "When was MLCommons founded?"),
    # corrections
    ([FOUNDERS], "sorry, I meant the Frontier Model Forum", "Who founded the Frontier Model Forum?"),
    ([FOUNDERS], "no, MLCommons", "Who founded MLCommons?"),
    ([FOUNDERS], "not the AI Alliance, the European AI Alliance", "Who founded the European AI Alliance?"),
    (["What is the FMF?", "What is LAION?"], "not LAION, the forum", "What is the Frontier Model Forum?"),
    ([FOUNDERS], "no, when was it launched?", "When was the AI Alliance launched?"),
    # back references
    (["What is the FMF?", "What is LAION?", "Who runs it?"], "and the forum?", "Who runs the Frontier Model Forum?"),
    (["What is ROOST?", "What is LAION?", "Who runs it?"], "back to the first one: who funds it?", "Who funds ROOST?"),
    (
        ["What is the AI Alliance?", "What is LAION?", "What is ROOST?", "Who runs it?", "And when?"],
        "who chairs the alliance we started with?",
        "Who chairs the AI Alliance?",
    ),
    (["What is ROOST?", "What is LAION?"], "back to ROOST: who are its donors?", "Who are ROOST's donors?"),
    (["What is ROOST?", "What is LAION?"], "As for ROOST, when was it founded?", "When was ROOST founded?"),
    (["What is ROOST?", "What is LAION?"], "Who founded the previous one?", "Who founded ROOST?"),
    # two at once
    (["What is MLCommons?", "What is LAION?"], "how do they differ?", "How do MLCommons and LAION differ?"),
    (["What is MLCommons?", "What is LAION?"], "which of them is older?", "Which of MLCommons and LAION is older?"),
    (["What is MLCommons?", "What is LAION?"], "Is Google in both?", "Is Google in both MLCommons and LAION?"),
    (["How do MLCommons and LAION differ?"], "what are their goals?", "What are MLCommons's and LAION's goals?"),
    (["How do MLCommons and LAION differ?"], "Which of the two is bigger?", "Which of MLCommons and LAION is bigger?"),
    # a subject of its own
    (["What is ROOST?", "What is LAION?"], "Is Meta in both C2PA and CoSAI?", "Is Meta in both C2PA and CoSAI?"),
    (["What is ROOST?", "What is LAION?"], "What is C2PA and what do they do?", "What is C2PA and what do they do?"),
    (["What is ROOST?", "What is LAION?"], "What do the two committees do?", "What do the two committees do (LAION)?"),
    ([FOUNDERS], "Which alliances are about chips?", "Which alliances are about chips?"),
    ([FOUNDERS], "What is the largest alliance?", "What is the largest alliance?"),
    ([FOUNDERS], "Who founded MLCommons and when did it start?", "Who founded MLCommons and when did it start?"),
    ([FOUNDERS], "What is the role of compute in AI policy?", "What is the role of compute in AI policy?"),
    ([FOUNDERS], "who won the cup?", "who won the cup (the AI Alliance)?"),
    ([FOUNDERS], "Is it true that Apple founded MLCommons?", "Is it true that Apple founded MLCommons?"),
]


def turns_of(said, shipped_names):
    """The turns of a conversation; one is about the first alliance that it shipped_names, or else organisation."""
    turns = []
    for item in said:
        question, answer = item if isinstance(item, tuple) else (item, "")
        whole = make_whole(question, turns, shipped_names)
        mentions = sorted(shipped_names.find(whole), key=lambda mention: not mention.alliances)
        turns.append(Turn(whole, mentions[0].name if mentions else None, answer))
    return turns


@pytest.mark.parametrize(("said", "question", "expected"), CONVERSATIONS)
def test_a_question_in_a_conversation_is_made_whole(shipped_names, said, question, expected):
    assert make_whole(question, turns_of(said, shipped_names), shipped_names) == expected


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ([LIST_2023], "Who leads it?"),
        ([FOUNDERS], "And the Chinese one?"),
        ([FOUNDERS], "When was the fifth of them founded?"),
        (["What is MLCommons?"], "What does the summit want?"),
        (["What is MLCommons?"], "How do they differ?"),
        (["What is MLCommons?", "What is LAION?", "What is ROOST?"], "Who runs the other one?"),
    ],
)
def test_what_could_mean_several_or_nothing_is_asked_back(shipped_names, said, question):
    whole = make_whole(question, turns_of(said, shipped_names), shipped_names)
    assert whole == question
    assert refers_back(whole, shipped_names)


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
    for question in ("Who founded the AI Alliance?", DRAFTED, "What is the capital of France?"):
        events = list(assistant.conversation().stream(question))
        assert isinstance(events[-1], Finished)
        assert "".join(event.text for event in events if isinstance(event, Delta)) == events[-1].answer.text
        told = [event for event in events if isinstance(event, Retrieved)]
        assert len(told) == 1 and events.index(told[0]) == 0


def test_a_stream_given_up_leaves_the_conversation_usable(assistant):
    chat = assistant.conversation()
    chat.ask("When was the Frontier Model Forum founded?")
    stream = chat.stream(DRAFTED)
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
    first, second = (assistant.ask(DRAFTED) for _ in range(2))
    assert (first.text, first.citations) == (second.text, second.citations)


def test_greetings_get_a_reply_without_citations(assistant):
    answer = assistant.ask("Hello!")
    assert answer.kind == "smalltalk" and not answer.abstained and not answer.citations


def test_stop_from_another_thread_ends_the_stream_and_forgets_the_question(assistant):
    chat = assistant.conversation()
    chat.ask("When was the Frontier Model Forum founded?")
    stream = chat.stream(DRAFTED)
    assert isinstance(next(stream), Retrieved)
    threading.Timer(0.05, chat.stop).start()
    assert not any(isinstance(event, Finished) for event in stream)
    assert "Anthropic" in chat.ask("And by whom?").text


def test_stop_with_nothing_under_way_does_nothing(assistant):
    chat = assistant.conversation()
    chat.stop()
    assert "IBM" in chat.ask("Who founded the AI Alliance?").text


def test_thanks_that_bring_a_name_along_go_on_with_the_conversation(assistant):
    chat = assistant.conversation()
    chat.ask("When was the Frontier Model Forum founded?")
    assert "3 December 2020" in chat.ask("thanks, and MLCommons").text
    assert chat.ask("thanks, that was helpful").kind == "smalltalk"
