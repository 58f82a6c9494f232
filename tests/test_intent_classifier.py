"""What a question asks in words that no reader knows, and which near questions ask for something else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.exact.intent_classifier import OTHER, guess_intent, ngrams_of, signature, tf_idf, unknown_stems

WORDINGS = Path(__file__).parent / "questions" / "wordings.yaml"


@pytest.fixture
def guess(take, embedder):
    return lambda question: guess_intent(take(question), embedder)


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Tell me, whose handiwork is MLCommons?", "founders"),
        ("MLCommons dates back how far?", "founded"),
        ("Which of the two is the senior one, MLCommons or CoSAI?", "older"),
        ("Is there still life in MLCommons or has it folded?", "status"),
        ("Put CoSAI next to MLCommons for me, please", "compare"),
        ("Where has Qualcomm signed up over the years?", "org_belongs"),
        ("Do Intel and Qualcomm ever meet under the same banner?", "shared_bodies"),
        ("Who turned their back on MLCommons?", "former_members"),
    ],
)
def test_the_intent_is_told_in_words_that_it_was_not_fitted_on(guess, question, intent):
    assert guess(question).intent == intent


@pytest.mark.parametrize(
    "question",
    [
        "Who pays the salaries at MLCommons?",
        "What do the members of MLCommons think of China?",
        "Why did Qualcomm join MLCommons?",
        "How does one apply to MLCommons?",
        "Which member of MLCommons earns the most?",
    ],
)
def test_a_near_question_is_none_of_the_catalogue(guess, question):
    assert guess(question).intent == OTHER


def test_only_intents_that_fit_the_names_are_possible(guess):
    assert guess("Which bodies exist?").probability.keys().isdisjoint({"members", "is_member", "shared_members"})
    assert sum(guess("Who is in MLCommons?").probability.values()) == pytest.approx(1, abs=1e-5)


def test_names_are_counted_up_to_two():
    assert signature("who is in @?") == "1@0#"
    assert signature("is # in @, @ or @?") == "2@1#"


def test_ngrams_number_the_names_and_weigh_as_tf_idf():
    ngrams = ngrams_of("in @ and not in @")
    assert ngrams["in"] == 2 and ngrams["not in @2"] == 1
    values = tf_idf("in @ and not in @", {"in": 0, "not in @2": 1, "elsewhere": 2}, [1.0, 2.0, 5.0])
    assert sum(value**2 for value in values.values()) == pytest.approx(1) and values["not in @2"] > values["in"]
    assert tf_idf("", {"in": 0}, [1.0]) == {}


def test_a_word_of_no_wording_is_unknown_but_for_its_spelling():
    assert unknown_stems(frozenset({"founder", "zebra"}), "founders") == {"zebra"}
    assert unknown_stems(frozenset({"acheiv"}), "purpose") == frozenset()


def test_the_wordings_that_it_was_fitted_on_are_all_different_and_marked():
    wordings = yaml.safe_load(WORDINGS.read_text(encoding="utf-8"))
    every = [text for texts in wordings.values() for text in texts]
    assert len(set(every)) == len(every) > 3_000
    assert all("{body}" in text for text in wordings["founders"])
