"""Of tests/questions/first.yaml, asked of the library that ships, nearly all is answered rightly, nothing falsely."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.ask_all import ask_all
from assistant.evaluation.questions import read_questions

QUESTIONS = Path(__file__).parent / "questions" / "first.yaml"


@pytest.fixture(scope="module")
def judged(assistant):
    return list(ask_all(assistant, read_questions([QUESTIONS])))


def told(items):
    return "\n".join(f"{item.verdict}: {' / '.join(item.question.turns)} -> {item.answer.text}" for item in items)


def test_nearly_every_question_of_the_first_set_is_answered_rightly(judged):
    failed = [item for item in judged if item.verdict != "right"]
    assert len(failed) <= 0.05 * len(judged), told(failed)


def test_no_question_of_the_first_set_is_answered_falsely(judged):
    wrong = [item for item in judged if item.verdict == "wrong"]
    assert not wrong, told(wrong)


def test_each_shown_sentence_has_a_citation_and_each_quote_stands_in_its_passage(judged, assistant):
    for item in judged:
        if item.answer.abstained:
            assert not item.answer.citations
            continue
        numbers = {citation.number for citation in item.answer.citations}
        assert numbers == set(range(1, len(numbers) + 1))
        assert item.answer.sentences
        for sentence in item.answer.sentences:
            assert sentence.citations and set(sentence.citations) <= numbers, sentence
        for citation in item.answer.citations:
            assert citation.quote in assistant.passage(citation.passage_id).text


def test_sources_of_library_articles_can_be_followed(judged):
    for item in judged:
        for citation in item.answer.citations:
            assert citation.url is None or citation.url.startswith(("https://", "http://"))
            assert citation.published == "2026-11-23"
            assert citation.sources, f"{citation.slug}: no source behind “{citation.quote}”"


def test_no_model_is_named_where_none_was_asked(judged, assistant):
    for item in judged:
        if item.answer.kind in ("exact", "abstain", "smalltalk"):
            assert item.answer.model is None
        elif item.answer.kind == "open":
            assert item.answer.model == assistant.model_name
    fact = assistant.ask("Who is the executive director of the Frontier Model Forum?")
    assert (fact.kind, fact.model) == ("quote", None)
