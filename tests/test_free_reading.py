"""Questions in free wording become requests to the catalogue; what narrows them down unread leaves them open."""

from __future__ import annotations

import pytest

from assistant.exact.comparison_reading import Comparison
from assistant.exact.free_reading import FreeReading
from assistant.exact.intent import Intent
from assistant.exact.order import Order
from assistant.exact.overview import Overview
from assistant.exact.timeline_reading import Timeline


@pytest.fixture
def understood(take, shipped, embedder):
    return lambda question: FreeReading(take(question), shipped, embedder)


@pytest.fixture
def request_of(understood):
    return lambda question: understood(question).request


@pytest.mark.parametrize(
    ("question", "relation"),
    [
        ("Who got the Frontier Model Forum off the ground?", "founders"),
        ("Under whose roof does the Coalition for Secure AI live?", "host"),
        ("The American CAISI: under whose roof is it?", "host"),
        ("Which firms sit around the table at the Frontier Model Forum?", "members"),
        ("Memberships that Amazon has let go of?", "left_by"),
    ],
)
def test_a_relation_is_read_in_any_words(request_of, question, relation):
    found = request_of(question)
    assert isinstance(found, Intent) and found.relation == relation


def test_an_alliance_described_besides_its_name_is_still_that_alliance(request_of):
    assert request_of("Is MLCommons, the benchmark people, still alive and kicking?") is not None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("MLCommons? never heard of it, what's that?", Overview),
        ("Was ELLIS or CLAIRE there first?", Order),
        ("Put CoSAI next to MLCommons for me, please", Comparison),
        ("What all went on in 2025 among AI alliances?", Timeline),
    ],
)
def test_other_requests_are_read_in_any_words(request_of, question, kind):
    assert isinstance(request_of(question), kind)


@pytest.mark.parametrize(
    "question",
    [
        "Who got the zebra programme of the Frontier Model Forum off the ground?",
        "Which Danish firms sit around the table at the Frontier Model Forum?",
        "Who should be in charge of the Frontier Model Forum?",
        "Who got the Frontier Model Forum off the ground in 1999?",
        "Which bodies on fishing were born in 2023?",
        "Good morning",
        "",
    ],
)
def test_what_narrows_a_question_down_unread_leaves_it_open(request_of, question):
    assert request_of(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Has the Open Model Initiative gone silent, or is there still life in it?",
        "Is BigScience still a going concern or has it wrapped up?",
        "CETS 225: in force already or not?",
        "is the tech prosperity deal on or off rn?",
        "Does WAICO really exist by now, or is it so far only an idea?",
    ],
)
def test_whether_a_body_is_still_there_is_read_in_set_phrases(request_of, question):
    found = request_of(question)
    assert isinstance(found, Intent) and found.relation == "status"


@pytest.mark.parametrize(
    "question",
    ["Is the zebra programme of BigScience still active?", "Why is BigScience no longer active?"],
)
def test_the_status_of_a_part_or_its_reason_is_not_the_status(request_of, question):
    found = request_of(question)
    assert not isinstance(found, Intent) or found.relation != "status"


def test_politeness_is_no_might_be(request_of):
    found = request_of("And the youngest alliance in the whole library would be which one?")
    assert isinstance(found, Intent) and found.relation == "latest"


def test_which_body_is_left_out_has_to_be_sure(request_of):
    found = request_of("Whom does the Partnership on AI have on board that the Frontier Model Forum lacks?")
    assert found is None or found.excluded == frozenset({1})


def test_where_a_body_is_asks_for_a_place_and_not_for_its_host(request_of):
    assert request_of("Where is the Frontier Model Forum based?") is None
    assert request_of("By whom is the Frontier Model Forum hosted?").relation == "host"


@pytest.mark.parametrize(
    "question",
    [
        "Who sits both in the Frontier Model Forum and the Partnership on AI?",
        "Which alliances would you file under health?",
        "How many organisations are on the rolls of the Frontier Model Forum?",
    ],
)
def test_lists_over_bodies_and_their_size_are_for_the_catalogue_only(understood, question):
    assert understood(question).is_for_catalogue_only


@pytest.mark.parametrize(
    "question",
    [
        "Who got the Frontier Model Forum off the ground?",
        "How many papers did the Frontier Model Forum publish?",
        "When was the Harbour Pact founded?",
    ],
)
def test_what_a_sentence_may_tell_is_not_for_the_catalogue_only(understood, question):
    assert not understood(question).is_for_catalogue_only


def test_a_question_on_one_body_is_put_in_the_plainest_words(understood):
    assert understood("Whose brainchild was MLCommons?").plain_wording == "Who founded MLCommons?"


@pytest.mark.parametrize(
    "question",
    [
        "Whose brainchild were MLCommons and BigScience?",
        "Which companies got MLCommons off the ground?",
        "Who got the zebra programme of MLCommons off the ground?",
    ],
)
def test_what_the_plainest_words_would_lose_keeps_its_own(understood, question):
    assert understood(question).plain_wording is None
