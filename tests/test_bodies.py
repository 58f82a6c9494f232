"""Bodies by kind, year, region and status: what is asked, and that no list holds more than the articles tell."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.exact.read_library import read_library, read_namesakes


def named(sentences):
    return {sentence.text.removeprefix("- ").partition(":")[0].removesuffix(".") for sentence in sentences[1:]}


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Show me all the intergovernmental ones.", ("intergovernmental", None, None)),
        ("standards bodies", ("standards", None, None)),
        ("Which alliances were set up between 2016 and 2018?", (None, None, "between 2016 and 2018")),
        ("what got started in 2020", (None, None, "in 2020")),
        ("alliances of the year 2021, please", (None, None, "in 2021")),
        ("new alliances since 2026?", (None, None, "since 2026")),
        ("Which bodies were born two years ago?", (None, None, "in 2024")),
        ("african ai bodies", (None, "Africa", None)),
        ("What AI alliances are there in Japan?", (None, "Japan", None)),
        ("which asian alliances are there", (None, "Asia", None)),
        ("alliances based in Latin America", (None, "Latin America", None)),
        ("Does the collection hold anything Japanese?", (None, "Japan", None)),
        ("what's going on in Africa in the way of AI alliances and strategies?", (None, "Africa", None)),
        ("What existed already before 2019?", (None, None, "before 2019")),
        ("launches between July and September 2024?", (None, None, "between July and September 2024")),
        ("2022 vintage: alliances created that year?", (None, None, "in 2022")),
        ("what got founded in twenty-twenty, the first covid year", (None, None, "in twenty-twenty")),
        ("What is there in the health sector?", ("health", None, None)),
    ],
)
def test_kind_region_and_time_are_read(take, question, asked):
    intent = read_library(take(question))
    assert intent is not None and intent.relation == "bodies"
    assert (intent.body_kind, intent.region, intent.span and intent.span.label) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Which alliances were active in 2021?",
        "Which safety bodies tested models in 2025?",
        "Which alliances in Africa receive Chinese money?",
        "Which Japanese companies are in alliances?",
        "Which alliances are not dormant?",
        "Which bodies were not founded in 2023?",
        "Is the alliance in Europe?",
        "Which alliances have ended their work on chips?",
        "Which bodies replaced the dormant ones?",
        "List the founders of European alliances.",
        "What is Africa?",
    ],
)
def test_a_word_more_makes_it_open(take, question):
    assert read_library(take(question)) is None


def test_bodies_between_two_summits_lie_between_their_dates(answer, shipped):
    told = answer("Which bodies were founded between the Bletchley summit and the Seoul summit?")
    dates = {alliance.name: alliance.founded for alliance in shipped.alliances}
    assert told and all("2023-11" <= dates[name] < "2024-05-21" for name in named(told))


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        (
            "Bodies founded after the AI Seoul Summit yet before the Paris one, which are they?",
            "2024-05-22",
            "2025-02-09",
        ),
        ("Which groups sprang up between the Bletchley gathering and the Seoul one?", "2023-11-02", "2024-05-20"),
        ("What new has been founded since the India AI Impact Summit was over?", "2026-02-17", "9999"),
        ("which alliances were kicked off around the paris gathering, in february 2025?", "2025-02-01", "2025-02-28"),
    ],
)
def test_summits_told_by_a_part_of_their_names_bound_a_list(answer, shipped, question, since, until):
    told = answer(question)
    dates = {alliance.name: alliance.founded for alliance in shipped.alliances}
    assert told and named(told) == {n for n, day in dates.items() if day and since <= day and day <= until}
    quotes = {name for name in ("Seoul", "Paris", "Bletchley", "Impact") if name in told[0].text}
    assert len(told[0].citations) >= len(told) - 1 + len(quotes)


@pytest.mark.parametrize(
    "question",
    [
        "Which bodies were founded before the Zebra gathering?",
        "Which alliances were kicked off around the Paris gathering, in May 2019?",
        "Which bodies set up in 2020 went bankrupt?",
        "What alliances founded in 2023 have their headquarters in Geneva?",
        "Which health coalitions charge their members a fee?",
    ],
)
def test_a_time_or_a_limit_that_is_not_understood_gives_no_list(answer, question):
    assert answer(question) == []


def test_a_body_of_several_states_lies_in_none_of_them(answer):
    assert named(answer("Which alliances are there in China?")) == {"Artificial Intelligence Industry Alliance"}
    assert "AI Seoul Summit" not in named(answer("Which bodies are from Europe?"))  # "and the European Union"
    assert "International Dialogues on AI Safety" not in named(answer("Which bodies are Asian?"))


def test_a_summit_lies_where_its_host_is(answer):
    assert "AI Safety Summit 2023" in named(answer("Which bodies are from the UK?"))


def test_a_status_is_told_in_the_words_of_the_article(answer):
    told = answer("Which alliances are dormant?")
    assert named(told) == {"BigScience", "Open Model Initiative"}
    assert all("“" in sentence.text for sentence in told[1:])


def test_a_relative_time_says_how_far_the_articles_go(answer):
    told = answer("Which alliances were founded this year?")
    assert told[0].text.startswith("The newest event that the articles tell is of ") and "in 2026" in told[1].text


def test_where_nothing_is_so_new_the_newest_is_told(answer):
    told = answer("Which alliances were founded this year?", date(2031, 1, 1))
    assert told[0].text == "The articles name no body founded in 2031." and "Akrites" in told[1].text


def test_a_former_name_leads_to_the_body_that_bore_it(answer):
    assert answer("What body was called LibreAI?")[1].text == "- EleutherAI, also called LibreAI."


def test_the_bodies_with_a_name_in_theirs_are_counted(answer):
    told = answer("How many different bodies are called AI Alliance?")
    assert {"AI Alliance", "European AI Alliance", "AI Alliance Network"} <= named(told)
    assert "K-AI Alliance" not in named(told) and "name five bodies" in told[0].text


@pytest.mark.parametrize(
    "question",
    [
        "Which bodies work with the AI Alliance?",
        "How many bodies called the AI Alliance a failure?",
        "Which bodies go by AIGA, and how do they differ?",
    ],
)
def test_what_bodies_do_with_a_body_is_not_what_they_are_called(take, question):
    assert read_namesakes(take(question)) is None
