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


def test_a_body_of_several_states_lies_in_none_of_them(answer):
    assert named(answer("Which alliances are there in China?")) == {"Artificial Intelligence Industry Alliance"}


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
