"""A follow-up without a pronoun or a name is bound to the talk: to its subject, its time, a person, a thing counted."""

from __future__ import annotations

import pytest

from assistant.followups.make_whole import Turn, is_choice, make_whole
from assistant.followups.regions import told_apart
from assistant.followups.same_noun import with_nouns

FORUM = Turn("When was the Frontier Model Forum founded?", "Frontier Model Forum", "On 26 July 2023.")
MEMBERS = Turn("How many members did MLCommons have in July 2024?", "MLCommons", "More than 100.")
TOOLS = Turn("Which tools did ROOST announce in July 2025?", "ROOST", "Osprey and two others.")
LEADER = Turn("Who leads EleutherAI?", "EleutherAI", "Stella Biderman leads EleutherAI.")
UNKNOWN = Turn("Who will be ICAIN's executive director?", "International Computation and AI Network", "")
PAIR = Turn("How do UALink and CoSAI differ?", "UALink Consortium")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("who joined later?", "who joined later (the Frontier Model Forum)?"),
        ("and on appeal?", "and on appeal (the Frontier Model Forum)?"),
        ("which ones were added", "which ones were added (the Frontier Model Forum)?"),
        ("budget?", "What is the budget of the Frontier Model Forum?"),
    ],
)
def test_a_question_that_hangs_in_the_air_is_about_the_subject(shipped_names, question, expected):
    assert make_whole(question, [FORUM], shipped_names) == expected


@pytest.mark.parametrize(
    "question",
    ["What is a safety case?", "Which alliances were founded in 2024?", "Who is Chris Meserole?", "thanks"],
)
def test_a_question_about_the_world_is_not_bound(shipped_names, question):
    assert make_whole(question, [FORUM], shipped_names) == question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and in May 2026?", "How many members did MLCommons have in May 2026?"),
        ("and that December?", "How many members did MLCommons have in December 2024?"),
        ("by 2 March?", "How many members did MLCommons have by 2 March 2024?"),
        ("and 2025?", "How many members did MLCommons have in 2025?"),
        ("and at the start?", "How many members did MLCommons have at the start?"),
    ],
)
def test_a_time_alone_takes_the_place_of_the_time_before(shipped_names, question, expected):
    assert make_whole(question, [MEMBERS], shipped_names) == expected


def test_he_and_she_are_the_person_of_the_answer_or_the_role_asked_for(shipped_names):
    assert make_whole("what did she study?", [LEADER], shipped_names) == "what did Stella Biderman study (EleutherAI)?"
    assert make_whole("and before her?", [LEADER], shipped_names) == "Who leads EleutherAI before Stella Biderman?"
    assert make_whole("how old is he?", [UNKNOWN], shipped_names) == "how old is ICAIN's executive director?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("who made the second of them?", "who made the second tool (ROOST)?"),
        ("who made the second one?", "who made the second tool (ROOST)?"),
        ("who made the one on text?", "who made the tool on text (ROOST)?"),
    ],
)
def test_things_that_are_counted_are_called_by_their_noun(shipped_names, question, expected):
    assert make_whole(question, [TOOLS], shipped_names) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did the latter start?", "When did the Coalition for Secure AI start?"),
        ("And the former's chair?", "And the UALink Consortium's chair?"),
    ],
)
def test_former_and_latter_are_the_first_and_the_last_of_two(shipped_names, question, expected):
    assert make_whole(question, [PAIR], shipped_names) == expected


def test_the_other_asked_about_may_be_unknown_to_the_catalogue(shipped_names):
    assert make_whole("and the Deep Learning Indaba?", [FORUM], shipped_names) == (
        "When was the Deep Learning Indaba founded?"
    )


def test_why_after_which_keeps_what_was_asked(shipped_names):
    turn = Turn("Which Chinese company left the Partnership on AI?", "Partnership on AI")
    assert make_whole("why?", [turn], shipped_names) == "Why Chinese company left the Partnership on AI?"


def test_that_summit_is_the_one_of_the_answer(shipped_names):
    turn = Turn("Where was ROOST unveiled?", "ROOST", "ROOST was announced at the Paris AI Action Summit.")
    assert make_whole("Who hosted that summit?", [turn], shipped_names) == "Who hosted the Paris AI Action Summit?"


def test_an_organisation_alone_after_a_list_is_asked_for_in_it(shipped_names):
    turn = Turn("Who signed Pax Silica at the launch?", "Pax Silica", "Japan.")
    assert make_whole("India?", [turn], shipped_names) == "Is India in Pax Silica?"


def test_a_region_tells_apart_the_bodies_of_one_name(shipped_names):
    assert told_apart("Who heads the United States CAISI?", shipped_names) == (
        "Who heads the Center for AI Standards and Innovation?"
    )
    assert told_apart("Who heads CAISI?", shipped_names) == "Who heads CAISI?"


def test_a_choice_is_known_by_which_of():
    assert is_choice("Which of UALink and CoSAI is older?")
    assert not is_choice("Which members does CoSAI have?")


def test_what_a_question_puts_first_is_what_the_next_one_means(shipped_names):
    turn = Turn("And the data set, what is it called (BigScience)?", "BigScience", "ROOTS.")
    assert make_whole("who made it?", [turn], shipped_names) == "Who made the data set (BigScience)?"
    assert make_whole("and the data set, what's it called?", [turn], shipped_names) == (
        "and the data set, what's it called (BigScience)?"
    )


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        (
            "who put a signature under the bletchley declaration but not under the one from seoul?",
            "who put a signature under the bletchley declaration but not under the Seoul Declaration?",
        ),
        (
            "The Rome Call and the Christchurch one: who signed both?",
            "The Rome Call and the Christchurch Call: who signed both?",
        ),
    ],
)
def test_one_stands_for_the_noun_of_the_name_before_it(shipped_names, question, whole):
    assert with_nouns(question, shipped_names) == whole


@pytest.mark.parametrize(
    "question",
    ["which summit came after the Seoul one?", "Is CoSAI the one by OASIS?", "Is the AI Alliance the one from IBM?"],
)
def test_one_that_makes_no_name_stays(shipped_names, question):
    assert with_nouns(question, shipped_names) == question
