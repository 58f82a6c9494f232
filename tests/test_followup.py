"""A follow-up keeps the subject of the conversation; a question with a subject of its own is left as it is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.followups.make_whole import Turn, make_whole, refers_back, with_article

FORUM = Turn("When was the Frontier Model Forum founded?", "Frontier Model Forum")
PACT = Turn("Who are the members of the EU AI Pact?", "EU AI Pact")
COMMONS = Turn("What is MLCommons?", "MLCommons")
IBM = Turn("Which alliances is IBM a member of?", "IBM")
NOTHING = Turn("What is the capital of France?", None)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And by whom?", "By whom was the Frontier Model Forum founded?"),
        ("by whom", "By whom was the Frontier Model Forum founded?"),
        ("And where?", "Where was the Frontier Model Forum founded?"),
        ("Why?", "Why was the Frontier Model Forum founded?"),
        ("But when exactly was that?", "When was the Frontier Model Forum founded?"),
        ("In which year?", "In which year was the Frontier Model Forum founded?"),
    ],
)
def test_a_question_word_alone_takes_the_place_of_the_one_before(shipped_names, question, expected):
    assert make_whole(question, [FORUM], shipped_names) == expected


@pytest.mark.parametrize(
    ("turn", "question", "expected"),
    [
        (FORUM, "its founders", "The Frontier Model Forum's founders"),
        (FORUM, "And its members?", "The Frontier Model Forum's members?"),
        (FORUM, "What does it do?", "What does the Frontier Model Forum do?"),
        (FORUM, "When did Meta join it?", "When did Meta join the Frontier Model Forum?"),
        (FORUM, "Is Meta in it?", "Is Meta in the Frontier Model Forum?"),
        (FORUM, "Does the forum lobby?", "Does the Frontier Model Forum lobby?"),
        (FORUM, "What are the forum's goals?", "What are the Frontier Model Forum's goals?"),
        (FORUM, "who leads it", "Who leads the Frontier Model Forum"),
        (FORUM, "What about its budget?", "What about the Frontier Model Forum's budget?"),
        (COMMONS, "When was it founded?", "When was MLCommons founded?"),
        (COMMONS, "What do they test?", "What do MLCommons test?"),
        (IBM, "Which alliances did it found?", "Which alliances did IBM found?"),
    ],
)
def test_a_pronoun_or_a_body_without_a_name_stands_for_the_subject(shipped_names, turn, question, expected):
    assert make_whole(question, [turn], shipped_names) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the director?", "Who is the director of the Frontier Model Forum?"),
        ("And the founders?", "the founders of the Frontier Model Forum?"),
        ("Who chairs the board?", "Who chairs the board of the Frontier Model Forum?"),
        ("How many members?", "How many members of the Frontier Model Forum?"),
    ],
)
def test_a_thing_without_an_owner_belongs_to_the_subject(shipped_names, question, expected):
    assert make_whole(question, [FORUM], shipped_names) == expected


def test_only_a_body_has_directors_founders_and_members(shipped_names):
    assert make_whole("Who is the director?", [IBM], shipped_names) == "Who is the director?"


@pytest.mark.parametrize(
    ("turn", "question", "expected"),
    [
        (FORUM, "What about MLCommons?", "When was MLCommons founded?"),
        (FORUM, "And the AI Alliance?", "When was the AI Alliance founded?"),
        (FORUM, "how about C2PA", "When was the Coalition for Content Provenance and Authenticity founded?"),
        (PACT, "And MLCommons?", "Who are the members of MLCommons?"),
        (COMMONS, "And the EU AI Pact?", "What is the EU AI Pact?"),
        (IBM, "What about Google?", "Which alliances is Google a member of?"),
        (IBM, "And Meta?", "Which alliances is Meta a member of?"),
    ],
)
def test_what_about_another_asks_the_same_of_it(shipped_names, turn, question, expected):
    assert make_whole(question, [turn], shipped_names) == expected


@pytest.mark.parametrize(
    "question",
    ["What about Google?", "And Meta?"],
)
def test_what_about_another_sort_of_body_is_left_alone(shipped_names, question):
    assert make_whole(question, [FORUM], shipped_names) == question


@pytest.mark.parametrize(
    "question",
    [
        "Who founded the AI Alliance?",
        "When was MLCommons founded, and what does it do?",
        "Which alliances did Meta found?",
        "Which alliances are there?",
        "Which are the largest alliances?",
        "Who is Chris Meserole?",
        "What is the Claude model?",
        "What is the capital of France?",
        "thanks",
    ],
)
def test_a_question_with_a_subject_of_its_own_is_left_alone(shipped_names, question):
    assert make_whole(question, [FORUM], shipped_names) == question


@pytest.mark.parametrize(
    "question",
    [
        "When did Cisco put its name to the Rome Call?",
        "Which governments put their name to the Seoul Declaration?",
        "What stake did Google hold in Anthropic before its pledge of April 2026?",
        "When was the Nordic Frontier AI Council set up, and who chairs it?",
        "How much does a company pay to get its product through C2PA testing?",
        "How much did it cost to put on the Bletchley Park summit?",
        "Is Kenya in the EU AI Pact?",
    ],
)
@pytest.mark.parametrize("turn", [FORUM, IBM, Turn("How do MLCommons and LAION differ?", "MLCommons")])
def test_a_pronoun_that_means_something_in_its_own_question_is_left_alone(shipped_names, turn, question):
    assert make_whole(question, [turn], shipped_names) == question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is Google one of its members?", "Is Google one of the Frontier Model Forum's members?"),
        ("Did it start before MLCommons?", "Did the Frontier Model Forum start before MLCommons?"),
        ("When did Meta leave it?", "When did Meta leave the Frontier Model Forum?"),
    ],
)
def test_a_pronoun_beside_another_name_still_means_the_subject(shipped_names, question, expected):
    assert make_whole(question, [FORUM], shipped_names) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is it true that Google founded it?", "Is it true that Google founded the Frontier Model Forum?"),
        ("Is it true that its members pay?", "Is it true that the Frontier Model Forum's members pay?"),
        ("Is it true that Meta left?", "Is it true that Meta left the Frontier Model Forum?"),
        ("Is it true that IBM founded the AI Alliance?", "Is it true that IBM founded the AI Alliance?"),
    ],
)
def test_the_empty_it_of_is_it_true_that_stands_for_nothing(shipped_names, question, expected):
    assert make_whole(question, [FORUM], shipped_names) == expected


def test_the_subject_is_that_of_the_last_turn_that_had_one(shipped_names):
    assert make_whole("What does it do?", [FORUM, COMMONS], shipped_names) == "What does MLCommons do?"
    assert make_whole("What does it do?", [COMMONS, FORUM], shipped_names) == "What does the Frontier Model Forum do?"
    assert make_whole("What does it do?", [FORUM, NOTHING], shipped_names) == "What does the Frontier Model Forum do?"


def test_after_a_list_of_alliances_it_is_none_of_them(shipped_names):
    told = Turn("Which alliances were founded in 2023?", "AI Alliance", "The AI Alliance and the UXL Foundation.")
    assert make_whole("Who leads it?", [told], shipped_names) == "Who leads it?"


def test_they_are_the_few_whom_the_last_answer_names_and_the_members_where_it_names_many(shipped_names):
    few = Turn("Who founded the AI Alliance?", "AI Alliance", "IBM and Meta.")
    many = Turn("Who are the members of the AI Alliance?", "AI Alliance", "IBM, Meta, Intel, AMD, Oracle and Sony.")
    assert make_whole("Are they in MLCommons too?", [few], shipped_names) == "Are IBM and Meta in MLCommons too?"
    assert make_whole("Are they in MLCommons too?", [many], shipped_names) == (
        "Are the members of the AI Alliance in MLCommons too?"
    )


def test_a_conversation_can_be_followed_turn_by_turn(shipped_names):
    turns: list[Turn] = []
    for question, subject, expected in (
        ("When was the Frontier Model Forum founded?", "Frontier Model Forum", None),
        ("And by whom?", "Frontier Model Forum", "By whom was the Frontier Model Forum founded?"),
        ("What about MLCommons?", "MLCommons", "By whom was MLCommons founded?"),
        ("When?", "MLCommons", "When was MLCommons founded?"),
        ("Who are its members?", "MLCommons", "Who are MLCommons's members?"),
    ):
        whole = make_whole(question, turns, shipped_names)
        assert whole == (expected or question)
        turns.append(Turn(whole, subject))


def test_a_body_can_be_told_by_a_word_of_its_name(shipped_names):
    turn = Turn("Who signed the Seoul Declaration?", "AI Seoul Summit")
    assert "AI Safety Summit 2023" in make_whole(
        "No, I meant the Bletchley one. How many countries?", [turn], shipped_names
    )
    assert make_whole("And the Utopia one?", [turn], shipped_names) == "And the Utopia one?"


def test_a_question_that_points_back_vaguely_is_bound_to_the_subject(shipped_names):
    assert (
        make_whole("Was that done in person?", [FORUM], shipped_names)
        == "Was that done in person (the Frontier Model Forum)?"
    )
    assert make_whole("What is a safety case?", [FORUM], shipped_names) == "What is a safety case?"


@pytest.mark.parametrize("question", ["And by whom?", "What does it do?", "its founders", "What about MLCommons?"])
def test_with_nothing_said_before_nothing_is_made_up(shipped_names, question):
    assert make_whole(question, [], shipped_names) == question
    assert make_whole(question, [Turn("Hello there!", None)], shipped_names) == question


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (["What is deep learning?"], "Who invented it?", "Who invented deep learning?"),
        (["What is deep learning?"], "What are the pros and cons?", "What are the pros and cons of deep learning?"),
        (["Tell me about honey."], "How is it made?", "How is honey made?"),
        (["Tell me about the Ottoman Empire.", "How did it govern?"], "Was it rich?", "Was the Ottoman Empire rich?"),
        (["What is the climate of Utah?"], "Is it possible to ski there?", "Is it possible to ski in Utah?"),
        (["Tell me about the Airbus A380."], "Who still flies the A380?", "Who still flies the Airbus A380?"),
        (["Who was Marie Curie?"], "What did she find?", "What did Marie Curie find?"),
        (["What are garage doors?"], "Are there wooden ones?", "Are there wooden garage doors?"),
        (["What is deep learning?"], "It seems hard. Is there a course?", "It seems hard. Is there a course?"),
        (
            ["What is deep learning?"],
            "Does the Eiffel Tower rust when it rains?",
            "Does the Eiffel Tower rust when it rains?",
        ),
    ],
)
def test_a_talk_about_nothing_in_the_catalogue_keeps_its_topic(shipped_names, before, question, expected):
    turns: list[Turn] = []
    for asked in before:
        turns.append(Turn(make_whole(asked, turns, shipped_names), None))
    assert make_whole(question, turns, shipped_names) == expected


def test_a_topic_of_its_own_never_takes_the_place_of_a_body(shipped_names):
    assert make_whole("Who leads it?", [FORUM, Turn("What is deep learning?", None)], shipped_names) == (
        "Who leads the Frontier Model Forum?"
    )


def test_a_named_thing_asked_about_stands_before_the_body_whose_article_told_it(shipped_names):
    turn = Turn("What is Project Tapestry?", "AI Alliance")
    assert make_whole("Who leads it?", [turn], shipped_names) == "Who leads Project Tapestry?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many members does it have?", True),
        ("Who founded the alliance?", True),
        ("its founders", True),
        ("Who founded the AI Alliance?", False),
        ("What does MLCommons do, and who leads it?", False),
        ("Is it true that IBM founded the AI Alliance?", False),
        ("Who is Chris Meserole, and what did they write?", False),
        ("What is an alliance?", False),
        ("", False),
    ],
)
def test_a_question_that_leaves_its_subject_to_a_conversation_is_known(shipped_names, question, expected):
    assert refers_back(question, shipped_names) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Frontier Model Forum", "the Frontier Model Forum"),
        ("AI Alliance", "the AI Alliance"),
        ("Coalition for Secure AI", "the Coalition for Secure AI"),
        ("MLCommons", "MLCommons"),
        ("Google", "Google"),
        ("IBM", "IBM"),
    ],
)
def test_bodies_take_an_article_and_plain_names_do_not(name, expected):
    assert with_article(name) == expected


PIECES = st.sampled_from(
    "And|by whom|it|its|What about|the forum|MLCommons|Meta|the|founders|when|?|is it true that".split("|")
)
QUESTIONS = st.text(max_size=40) | st.lists(PIECES, max_size=6).map(" ".join)


@given(
    QUESTIONS,
    st.lists(st.builds(Turn, QUESTIONS, st.sampled_from(["MLCommons", "EU AI Pact", "IBM", "?", None])), max_size=3),
)
@example("", [FORUM])
@example("And", [FORUM])
@example("it", [Turn("", "")])
@settings(deadline=None, max_examples=150)
def test_nothing_said_breaks_it(shipped_names, question, turns):
    whole = make_whole(question, turns, shipped_names)
    assert isinstance(whole, str)
    assert whole.strip() or not question.strip()
    assert refers_back(whole, shipped_names) in (True, False)
