"""Questions with filters: nothing is quoted from outside; what the catalogue tells only there is said to be there."""

import pytest

from assistant.errors import BadFilter
from assistant.within import NOT_WITHIN, ONLY_WITHOUT

FOUNDED = "When was the Frontier Model Forum founded?"
FMF = "frontier-model-forum"


@pytest.mark.parametrize("filters", [{}, {"alliances": ["FMF"]}, {"kinds": ["safety"]}, {"until": "2023"}])
def test_an_exact_answer_within_is_told(assistant, filters):
    answer = assistant.ask(FOUNDED, **filters)
    assert (answer.kind, answer.text) == ("exact", "The Frontier Model Forum was founded on 26 July 2023. [1]")


@pytest.mark.parametrize("filters", [{"alliances": ["MLCommons"]}, {"kinds": ["standards"]}, {"since": "2026"}])
def test_an_exact_answer_from_outside_is_not_told_but_where_it_is(assistant, filters):
    answer = assistant.ask(FOUNDED, **filters)
    assert (answer.abstained, answer.text, answer.citations) == (True, ONLY_WITHOUT, ())


def test_no_row_is_taken_out_of_a_list(assistant):
    question = "Which bodies were founded in 2024?"
    assert assistant.ask(question, kinds=["safety"]).text == ONLY_WITHOUT
    assert assistant.ask(question, since="2024").kind == "exact"


@pytest.mark.parametrize("question", ["Who are its members?", "What happened in 2025?"])
def test_with_one_alliance_a_question_that_names_nothing_is_about_it(assistant, question):
    answer = assistant.ask(question, alliances=["FMF"])
    assert answer.kind == "exact"
    assert {citation.slug for citation in answer.citations} == {FMF}


def test_a_timeline_is_that_of_the_bodies_left(assistant):
    answer = assistant.ask("What happened in 2025?", kinds=["safety"])
    kinds = {alliance.slug: alliance.kind for alliance in assistant.catalogue.alliances}
    assert {kinds[citation.slug] for citation in answer.citations} == {"safety"}


def test_a_timeline_is_that_of_the_time_left(assistant):
    answer = assistant.ask("What is the timeline of the Frontier Model Forum?", since="2025", until="2025")
    assert "December 2025" in answer.text and "2023" not in answer.text and "2026" not in answer.text


def test_evidence_comes_from_the_passages_that_pass_only(assistant):
    question = "Who is the executive director of the Frontier Model Forum?"
    told = assistant.ask(question, kinds=["safety"])
    assert {citation.slug for citation in told.citations} == {FMF}
    assert assistant.ask(question, kinds=["health"]).text == NOT_WITHIN


def test_a_conversation_takes_filters_with_each_question(assistant):
    chat = assistant.conversation()
    assert chat.ask(FOUNDED, kinds=["health"]).abstained
    assert chat.ask(FOUNDED).kind == "exact"


def test_suggestions_are_those_that_are_answered_within(assistant):
    assert list(assistant.suggestions(FOUNDED, [FMF]))
    assert list(assistant.suggestions(FOUNDED, [FMF], kinds=["health"])) == []


def test_a_filter_that_means_nothing_is_refused(assistant):
    with pytest.raises(BadFilter, match="no alliance 'Nobody'"):
        assistant.ask(FOUNDED, alliances=["Nobody"])
