"""A sentence that tells what is asked scores above all others and from 0 on; where none tells it, all are below."""

from __future__ import annotations

import pytest
from small_library import small_library

from assistant.open.answerability import all_features, scores, tells_of_not_knowing
from assistant.open.answerability_weights import KNOWN, UNKNOWN
from assistant.open.wanted import Wanted

DIRECTOR = "Jane Doe became the executive director of the Example Forum in May 2024."
FOUNDING = "The Example Forum was founded on 26 July 2023 by Blue Labs."
STUDIES = "The Example Forum is a body that studies the safety of large models."
TESTS = "The Example Forum tests models for biological risks in its laboratory in Geneva."
HARVEST = "The Harvest Network brings language models to farmers in twelve countries."


@pytest.fixture(scope="module")
def library(tmp_path_factory, embedder):
    with small_library(tmp_path_factory.mktemp("small"), embedder) as opened:
        yield opened


@pytest.fixture
def features_of(library):
    """The features of a sentence, held against a question."""

    def features(question, text):
        candidate = library.candidates(question)[text]
        return all_features(library.asked(question), [candidate], library.embedder)[0]

    return features


def scored(library, question):
    """Score and text of each candidate, best first."""
    candidates = library.candidates(question)
    found = scores(library.asked(question), list(candidates.values()), library.embedder)
    return sorted(zip(found, candidates, strict=True), reverse=True)


@pytest.mark.parametrize(
    ("question", "telling"),
    [
        ("When was the Example Forum founded?", FOUNDING),
        ("Where is the laboratory of the Example Forum?", TESTS),
        ("Which risks does the Example Forum test models for?", TESTS),
        ("What does the Harvest Network bring to farmers?", HARVEST),
    ],
)
def test_the_sentence_that_tells_it_is_the_best_and_above_the_bar(library, question, telling):
    (best, text), (second, _), *_ = scored(library, question)
    assert text == telling
    assert best >= 0 > second


@pytest.mark.parametrize(
    "question",
    [
        "How many members does the Example Forum have?",
        "Who is the treasurer of the Example Forum?",
        "What is the phone number of the Example Forum?",
        "What did the Example Forum say about elections?",
        "Where is the laboratory of the Cable Consortium?",
    ],
)
def test_what_no_sentence_tells_leaves_all_below_the_bar(library, question):
    assert scored(library, question)[0][0] < 0


def test_every_feature_has_a_weight_and_every_weight_a_feature(features_of):
    assert set(features_of("Where is the Example Forum?", FOUNDING)) == set(KNOWN.weights) > set(UNKNOWN.weights)


@pytest.mark.parametrize(
    ("feature", "question", "more", "less"),
    [
        ("words_held", "Where is the laboratory of the Example Forum?", TESTS, FOUNDING),
        ("key_alike", "Who leads the Example Forum?", DIRECTOR, TESTS),
        ("person_role_missing", "Who is the executive director of the Example Forum?", FOUNDING, DIRECTOR),
        ("fits", "When was the Example Forum founded?", FOUNDING, STUDIES),
        ("number_told", "How many countries have farmers in the Harvest Network?", HARVEST, STUDIES),
        ("place_told", "In which city does the Example Forum test models?", TESTS, STUDIES),
        ("name_told", "Who founded the Example Forum?", FOUNDING, STUDIES),
        ("other_date", "What happened to the Example Forum in 2024?", FOUNDING, DIRECTOR),
        ("recent", "Who is the executive director of the Example Forum?", DIRECTOR, FOUNDING),
        ("definition", "What is the Example Forum?", STUDIES, TESTS),
        ("closeness", "Which risks does the Example Forum test models for?", TESTS, FOUNDING),
    ],
)
def test_a_feature_is_larger_for_the_one_sentence_than_for_the_other(features_of, feature, question, more, less):
    assert features_of(question, more)[feature] > features_of(question, less)[feature]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The sources do not give the budget of the Example Forum.", True),
        ("The names of its donors are not known.", True),
        ("No source names its chair.", True),
        ("The Example Forum does not accept donations.", False),
        ("The sources of its income are fees and grants.", False),
    ],
)
def test_saying_that_nothing_is_known_is_told_from_denying_it(text, expected):
    assert tells_of_not_knowing(text) is expected


@pytest.mark.parametrize("question", ["What is its phone number?", "Which email address does it have?", "Its website?"])
def test_a_way_to_reach_someone_is_told_by_a_number_or_an_address_only(question):
    wanted = Wanted.by(question)
    assert wanted.contact
    assert not wanted.is_in("The Example Forum runs a website and answers the phone.", set())
    for told in ("+41 22 555 01 00", "office@forum.example", "https://forum.example"):
        assert wanted.is_in(f"The Example Forum is reached at {told}.", set())


def test_no_address_is_wanted_by_who_addresses_a_matter():
    assert not Wanted.by("Who addressed the summit?").contact
