"""A question is exact only when it is understood to its last content word; everything else is an open question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_library import TODAY

from assistant.exact.reading import read as take_apart
from assistant.exact.understanding import read_intents


@pytest.fixture(scope="module")
def read(shipped_names):
    """The intent of a question, as (relation, slugs, organisation, role, kind) without what is None; None if open."""

    def read_one(question):
        mentions = shipped_names.find(question)
        intent = next(read_intents(take_apart(question, mentions, TODAY), mentions), None)
        if intent is None:
            return None
        organisation = "+".join(organisation.name for organisation in intent.organisations)
        slugs = "+".join(alliance.slug for alliance in intent.alliances)
        parts = (intent.relation, slugs, organisation, intent.role, intent.kind, intent.span and intent.span.label)
        return tuple(part for part in parts if part)

    return read_one


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who founded the AI Alliance?", ("founders", "ai-alliance")),
        ("who started the FMF", ("founders", "frontier-model-forum")),
        ("founders of C2PA", ("founders", "c2pa")),
        ("Who was the EU AI Pact launched by?", ("founders", "eu-ai-pact")),
        ("Which companies are behind C2PA?", ("founders", "c2pa", "company")),
        ("Which countries founded GPAI?", ("founders", "gpai", "government")),
        ("When was the Frontier Model Forum founded?", ("founded", "frontier-model-forum")),
        ("founding date of C2PA", ("founded", "c2pa")),
        ("What year did MLCommons launch?", ("founded", "mlcommons")),
        ("How old is the Partnership on AI?", ("founded", "partnership-on-ai")),
        ("When was the UALink group set up?", ("founded", "ualink-consortium")),
        ("When was the alliance C2PA formed?", ("founded", "c2pa")),
        ("Who hosts the PyTorch Foundation?", ("host", "pytorch-foundation")),
        ("Which bodies does the Linux Foundation host?", ("hosted_by", "Linux Foundation")),
        ("Which alliances has France helped to found?", ("founded_by", "France")),
        ("Who founded Singapore's AI Verify Foundation?", ("founders", "ai-verify-foundation")),
        ("Which of these alliances were founded in 2026?", ("bodies", "in 2026")),
        ("List the bodies that date from 2018.", ("bodies", "from 2018")),
        ("Which alliances were founded in March 2024?", ("bodies", "in March 2024")),
        ("Which alliances were founded last year?", ("bodies", "in 2025")),
    ],
)
def test_founders_and_founding_dates_are_exact(read, question, expected):
    assert read(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who are the members of the EU AI Pact?", ("members", "eu-ai-pact")),
        ("who is in the frontier model forum", ("members", "frontier-model-forum")),
        ("Who signed the EU AI Pact?", ("members", "eu-ai-pact")),
        ("Name the platinum members of AAIF.", ("members", "agentic-ai-foundation", "platinum")),
        ("Who is on the board of the UALink Consortium?", ("members", "ualink-consortium", "board")),
        ("Who were the founding members of the AI Alliance?", ("members", "ai-alliance", "founder")),
        ("Which universities are members of the AI Alliance?", ("members", "ai-alliance", "university")),
        ("Which non-profits belong to the Partnership on AI?", ("members", "partnership-on-ai", "nonprofit")),
        ("Which governments are part of GPAI?", ("members", "gpai", "government")),
        ("Which alliances is Anthropic a member of?", ("belongs_to", "Anthropic")),
        ("In which alliances is Meta?", ("belongs_to", "Meta")),
        ("What alliances is MLCommons a member of?", ("belongs_to", "MLCommons")),
        ("Which alliances did Meta found?", ("founded_by", "Meta")),
        ("Which alliances were founded by Meta?", ("founded_by", "Meta")),
        ("Is Apple a member of the Partnership on AI?", ("is_member", "partnership-on-ai", "Apple")),
        ("Does the Partnership on AI include Apple?", ("is_member", "partnership-on-ai", "Apple")),
        ("Is Meta in the Ultra Ethernet Consortium?", ("is_member", "ultra-ethernet-consortium", "Meta")),
        ("Did Apple sign the EU AI Pact?", ("is_member", "eu-ai-pact", "Apple")),
        ("Isn't Meta a member of MLCommons?", ("is_member", "mlcommons", "Meta")),
        ("Which alliances did Meta join in May 2024?", ("belongs_to", "Meta", "in May 2024")),
        ("How many members does the AI Alliance have?", ("figure", "ai-alliance")),
        ("When did Meta join the Frontier Model Forum?", ("when_joined", "frontier-model-forum", "Meta")),
        ("Who left the Partnership on AI?", ("former_members", "partnership-on-ai")),
        ("Why did Meta leave the Partnership on AI?", ("has_left", "partnership-on-ai", "Meta")),
        ("Who is in both C2PA and the FMF?", ("shared_members", "c2pa+frontier-model-forum")),
        ("Which alliances do Meta and IBM share?", ("shared_bodies", "Meta+IBM")),
        ("Which standards bodies are there?", ("bodies",)),
        ("What is the oldest alliance?", ("earliest",)),
        ("Did IBM found the AI Alliance?", ("is_founder", "ai-alliance", "IBM")),
        ("Was the Frontier Model Forum founded by Google?", ("is_founder", "frontier-model-forum", "Google")),
    ],
)
def test_memberships_are_exact(read, question, expected):
    assert read(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When was the AI Safety Fund of the Frontier Model Forum set up?",
        "When did the AI Alliance start Project Tapestry?",
        "Who created SemiKong with the AI Alliance?",
        "Which projects did the AI Alliance start?",
        "Who leads the members of the Frontier Model Forum?",
        "Who is the director of the Frontier Model Forum?",
        "What do the members of the Frontier Model Forum think?",
        "Is Meta the leader of MLCommons?",
        "What is the AI Alliance?",
        "Which alliances met in 2024?",
        "Which members did alliances founded in 2024 lose?",
        "What happened in 2023?",
    ],
)
def test_a_word_left_over_makes_it_open(read, question):
    assert read(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "When was the first working group of the AI Alliance founded?",
        "When did the AI Alliance start its working groups?",
        "When was the forum of the AI Alliance started?",
        "What did the AI Alliance launch?",
        "What has the AI Alliance created?",
    ],
)
def test_what_a_body_founded_is_not_when_or_by_whom_it_was_founded(read, question):
    assert read(question) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("I was wondering whether Cisco has signed the Rome Call.", ("is_member", "rome-call", "Cisco")),
        ("Can you confirm that Meta is a member of the FMF?", ("is_member", "frontier-model-forum", "Meta")),
        ("Would you happen to know when UXL was kicked off?", ("founded", "uxl-foundation")),
        ("since when does ROOST exist", ("founded", "roost")),
        ("when was UALink etablished", ("founded", "ualink-consortium")),
        ("Who got the Ultra Ethernet Consortium off the ground?", ("founders", "ultra-ethernet-consortium")),
        ("The Rome Call was initiated by?", ("founders", "rome-call")),
        ("ex-members of the Partnership on AI", ("former_members", "partnership-on-ai")),
        ("Could you give me the list of premier sponsors of CoSAI?", ("members", "coalition-for-secure-ai", "premier")),
        ("which governments back Current AI?", ("members", "current-ai", "backer", "government")),
        ("countries in AUKUS", ("members", "aukus-ai", "government")),
        ("Which body is home to the AI Governance Alliance?", ("host", "wef-ai-governance-alliance")),
        ("Qualcomm's alliances?", ("belongs_to", "Qualcomm")),
        ("Where is Salesforce involved?", ("belongs_to", "Salesforce")),
        ("where does Mastercard turn up in all this?", ("belongs_to", "Mastercard")),
        ("where does the Emirati investor MGX appear as a founder?", ("founded_by", "MGX")),
        ("What has Block, Jack Dorsey's firm, co-founded?", ("founded_by", "Block")),
        ("Which African AI undertakings is Smart Africa behind?", ("founded_by", "Smart Africa")),
        ("Inside which body are the AAIF and GPAI housed, respectively?", ("host", "agentic-ai-foundation+gpai")),
        ("How many firms had signed Akrites on day one?", ("figure", "akrites", "on 25 June 2026")),
        ("which treaties has Japan signed?", ("belongs_to", "Japan", "signatory")),
        ("Is Snowflake a gold member of the AAIF?", ("is_member", "agentic-ai-foundation", "Snowflake", "gold")),
        ("How long has Apple been on the board of UALink?", ("when_joined", "ualink-consortium", "Apple", "board")),
    ],
)
def test_other_wordings_mean_the_same(read, question, expected):
    assert read(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who founded C2PA and the FMF?", ("founders", "c2pa+frontier-model-forum")),
        ("When did C2PA and the FMF start?", ("founded", "c2pa+frontier-model-forum")),
        (
            "Who hosts the AAIF, UXL and the PyTorch Foundation?",
            ("host", "agentic-ai-foundation+uxl-foundation+pytorch-foundation"),
        ),
    ],
)
def test_several_bodies_are_asked_about_one_by_one(read, question, expected):
    assert read(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was the AI Alliance set up in 2019?", ("was_founded", "ai-alliance", "in 2019")),
        ("Why was the AI Alliance founded in 2019?", ("was_founded", "ai-alliance", "in 2019")),
        ("Did Cisco sign the Rome Call in 2023?", ("is_member", "rome-call", "Cisco", "in 2023")),
        ("Why did Microsoft never join the FMF?", ("has_refused", "frontier-model-forum", "Microsoft")),
        ("Why did IBM refuse to sign the Rome Call?", ("has_refused", "rome-call", "IBM")),
        ("When did Meta found the AI Alliance?", ("when_founded", "ai-alliance", "Meta")),
        ("Since Apple founded the AI Alliance, how has it grown?", ("is_founder", "ai-alliance", "Apple")),
    ],
)
def test_what_a_question_takes_for_granted_is_asked_of_the_catalogue(read, question, expected):
    assert read(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who may join the Frontier Model Forum?",
        "Which alliances would Apple like to join?",
        "Who are the founders of the companies in the FMF?",
        "Who sponsors the members of CoSAI?",
        "What did the founders of the FMF say at its launch?",
        "Which alliances did Google's founders join?",
        "Is Microsoft the only founder of the FMF?",
        "Was Meta the first to join the FMF?",
        "Did Meta join the FMF before Amazon?",
        "Who was the first to leave CoSAI?",
        "How many new members joined the AI Alliance?",
        "Which projects does the Agentic AI Foundation host?",
        "Where does Google stand on copyright?",
        "Which African undertakings is Google behind?",
        "Which alliances have the same members as the Frontier Model Forum?",
    ],
)
def test_what_sounds_alike_but_asks_for_something_else_is_open(read, question):
    assert read(question) is None


def test_who_was_a_member_in_a_year_is_asked_of_the_lists_of_that_year(read):
    assert read("Who were the members of GPAI in 2020?") == ("members", "gpai")  # and no span of joining


def test_whether_one_was_a_member_in_a_year_is_open(read):
    assert read("Was Apple a member of the Partnership on AI in 2016?") is None


@pytest.mark.parametrize(
    "question",
    [
        "Which companies did not sign the EU AI Pact?",
        "Who is not a member of the Frontier Model Forum?",
        "Is Meta no longer in MLCommons?",
        "Which alliances has Apple never joined?",
        "Who founded neither the AI Alliance?",
    ],
)
def test_a_negation_makes_it_open(read, question):
    assert read(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Why was the AI Alliance founded?",
        "Where was the AI Alliance founded?",
        "Are the members of the Frontier Model Forum rich?",
        "Was C2PA ever founded?",
        "Does the EU AI Pact list its members?",
    ],
)
def test_other_kinds_of_questions_are_open(read, question):
    assert read(question) is None


@pytest.mark.parametrize(
    "question",
    ["Who founded Google?", "When was Google founded?", "When was Meta launched?", "Who are the members of Google?"],
)
def test_what_the_catalogue_does_not_hold_of_an_organisation_is_open(read, question):
    assert read(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Who founded it?",
        "Who founded the Quantum Alliance of Mars?",
        "Which alliances are there?",
    ],
)
def test_without_a_name_it_is_open(read, question):
    assert read(question) is None


def test_belonging_has_a_direction(read):
    assert read("Is MLCommons a member of the AI Alliance?") == ("is_member", "ai-alliance", "MLCommons")
    assert read("Is the AI Alliance a member of MLCommons?") is None
    assert read("Does the AI Alliance belong to the Linux Foundation?") == (
        "is_host",
        "ai-alliance",
        "Linux Foundation",
    )
    assert read("Was Meta founded by the AI Alliance?") is None


@given(
    st.text(max_size=40),
    st.sampled_from(["Meta", "the AI Alliance", "MLCommons", "Meta and C2PA"]),
    st.text(max_size=40),
)
@settings(deadline=None, max_examples=80)
def test_any_text_around_a_name_is_read(read, before, name, after):
    intent = read(f"{before} {name} {after}")
    assert intent is None or intent[0]


@given(st.sampled_from(["safety", "budget", "chair", "workshop", "Tapestry", "critics"]), st.integers(0, 5))
@settings(deadline=None, max_examples=40)
def test_a_foreign_word_anywhere_makes_it_open(read, word, place):
    question = "Who founded the AI Alliance ?".split()
    question.insert(place, word)
    assert read(" ".join(question)) is None
