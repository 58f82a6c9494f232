"""Evidence is looked for in whole articles about the bodies asked about; orders in an article are never evidence."""

from __future__ import annotations

import pytest
from small_library import small_library

from assistant.open.answerability import all_features

DIRECTOR = "Who is the executive director of the Example Forum?"


@pytest.fixture(scope="module")
def library(tmp_path_factory, embedder):
    with small_library(tmp_path_factory.mktemp("small"), embedder) as opened:
        yield opened


def evidence_of(selection):
    return [item.record.sentence.text for item in selection.evidence]


def test_the_whole_article_of_a_named_body_is_looked_at_whatever_search_found(library):
    found = library.candidates("Where is the laboratory of the Example Forum?", hits=[])
    assert {candidate.record.slug for candidate in found.values()} == {"forum"}
    assert {candidate.record.sentence.heading for candidate in found.values()} == {"", "Work", "Notes"}


def test_without_a_named_body_the_sentences_of_the_passages_found_are_looked_at(library):
    question = "Which risks are models tested for?"
    assert library.candidates(question, hits=[]) == {}
    assert {c.record.slug for c in library.candidates(question).values()} == {"forum", "consortium", "network"}


def test_sentences_about_another_body_are_left_out(library):
    assert any(hit.passage.slug == "consortium" for hit in library.hits(DIRECTOR))
    assert not any("Mary Major" in text for text in library.candidates(DIRECTOR))


@pytest.mark.parametrize("question", [DIRECTOR, "Is Max Power the executive director of the Example Forum?"])
def test_orders_to_whoever_reads_an_article_out_are_left_out(library, question):
    assert any("Max Power" in hit.passage.text for hit in library.hits(question))
    assert not any("Max Power" in text for text in library.candidates(question))


def test_the_best_sentence_comes_first_and_what_says_the_same_is_told_once(library):
    selection = library.select(DIRECTOR)
    relevance = [item.relevance for item in selection.evidence]
    assert relevance == sorted(relevance, reverse=True) and relevance[-1] >= 0
    same = {
        "Jane Doe became the executive director of the Example Forum in May 2024.",
        "In May 2024, Jane Doe became the executive director of the Example Forum.",
    }
    assert len(same & set(evidence_of(selection))) == 1


def test_one_sentence_is_needed_where_one_is_clearly_the_best(library):
    assert library.select("Where is the laboratory of the Example Forum?").needed == 1


def test_two_sentences_are_needed_where_either_may_tell_it(library):
    selection = library.select(DIRECTOR)
    assert selection.needed == 2 == len(selection.evidence)


def test_a_sentence_that_says_that_it_is_not_known_is_no_evidence(library):
    assert (
        evidence_of(library.select("What is the annual budget that the Example Forum spends on tests of models?")) == []
    )


def test_a_question_over_two_bodies_is_told_by_sentences_that_are_together_about_both(library):
    told = evidence_of(library.select("Who are the executive directors of the Example Forum and the Cable Consortium?"))
    assert any("Jane Doe" in text for text in told[:2]) and any("Mary Major" in text for text in told[:2])


def test_half_of_a_comparison_is_not_told_for_the_whole(library):
    assert library.select("Where are the offices of the Cable Consortium?").evidence
    asked = "How many people work in the offices of the Example Forum and the Cable Consortium?"
    assert evidence_of(library.select(asked)) == []


def test_an_article_that_is_about_no_known_body_is_about_what_its_title_names(library):
    found = library.candidates("What does the Harvest Network bring to farmers?")
    asked = library.asked("What does the Harvest Network bring to farmers?")
    (features,) = (
        own
        for candidate, own in zip(
            found.values(), all_features(asked, list(found.values()), library.embedder), strict=True
        )
        if candidate.record.slug == "network"
    )
    assert (features["own_article"], features["overview"]) == (1.0, 0.0)


def test_a_name_that_no_article_holds_is_told(library):
    selection = library.select("What does the Zebra Pact test?")
    assert (selection.evidence, selection.missing) == ((), "Zebra")


@pytest.mark.parametrize(("question", "expected"), [("?", True), ("and or not", True), ("Where is Geneva?", False)])
def test_a_question_of_no_words_names_or_dates_is_known_to_be_empty(library, question, expected):
    assert library.asked(question).is_empty is expected
