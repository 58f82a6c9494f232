"""What a body is and what it is for, in the sentences of its article; anything more particular stays open."""

from __future__ import annotations

import pytest

from assistant.citing import Citations
from assistant.exact.overview import MAX_SENTENCES, read_overview, tell_overview


@pytest.fixture(scope="module")
def overview(take):
    return lambda question: read_overview(take(question))


@pytest.mark.parametrize(
    "question",
    ["What is the AI Alliance?", "what's mlcommons", "Tell me about C2PA", "fmf", "Describe Stargate in a few words"],
)
def test_what_a_body_is_is_understood(overview, question):
    found = overview(question)
    assert found is not None and not found.is_purpose and not found.sections


@pytest.mark.parametrize(
    "question",
    [
        "What does C2PA do?",
        "What are the goals of Pax Silica?",
        "I want to know what the UXL Foundation is trying to achieve.",
    ],
)
def test_what_a_body_is_for_is_understood(overview, question):
    found = overview(question)
    assert found is not None and found.is_purpose


@pytest.mark.parametrize(
    "question",
    [
        "What did the AI Alliance launch?",
        "Who criticises Akrites?",
        "When was the AI Alliance criticised?",
        "What is the AI Alliance's stance on Meta?",
        "What happened in 2023?",
        "Is MLCommons criticised?",
    ],
)
def test_anything_more_particular_is_none(overview, question):
    assert overview(question) is None


def test_every_body_is_told_by_its_own_article_word_for_word(overview, shipped):
    for alliance in shipped.alliances:
        asked = overview(f"What is {alliance.name}?")
        citations = Citations(shipped)
        told = tell_overview(asked, shipped, citations)
        assert 1 <= len(told) <= MAX_SENTENCES * len(asked.bodies), alliance.name
        assert [sentence.text for sentence in told] == [citation.quote for citation in citations.all()]
        assert alliance.slug in {citation.slug for citation in citations.all()}


def test_a_section_is_told_by_the_sentences_under_its_heading(overview, shipped):
    citations = Citations(shipped)
    told = tell_overview(overview("What is the criticism of Akrites?"), shipped, citations)
    headings = {r.sentence.heading for r in shipped.sentences_of([c.passage_id for c in citations.all()])}
    assert len(told) == MAX_SENTENCES and "Criticism" in headings


def test_a_section_that_the_article_has_not_is_not_told(overview, shipped):
    assert tell_overview(overview("What is the cuisine of Akrites?"), shipped, Citations(shipped)) == []
