"""What is said beside the question neither hides what is asked nor changes it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("is huawei in the coalition for secure AI?? my boss won't believe me", "Yes: the articles name Huawei"),
        ("who set up the Content Authenticity Initiative (NOT c2pa please)", "Adobe, The New York Times Company and X"),
        ("Does Amazon still belong to CHAI, the American health AI coalition?", "No longer: the articles name Amazon"),
        ("How many signed the Paris statement? I keep reading different numbers.", "58, about 60, 61 or 64"),
    ],
)
def test_an_aside_does_not_hide_the_question(assistant, question, holds):
    answer = assistant.ask(question)
    assert (answer.kind, holds in answer.text) == ("exact", True), answer.text


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Frontier Model Forum: who founded it and when?", ["Anthropic, Google, Microsoft and OpenAI", "26 July 2023"]),
        ("content authenticity initiative (not the C2PA!) - who kicked it off", ["Adobe"]),
        ("UALink - is it older than the Ultra Ethernet Consortium?", ["(19 July 2023) is older than the UALink"]),
        ("Who belongs to 'Fab 4' - the chip one, not the Beatles?", ["Japan, South Korea and Taiwan"]),
        ("I get different numbers for the ELLIS units in 2020. What do the reports say?", ["17 first", "30 in all"]),
        ("Who is in UALink, not OCP?", ["in the UALink Consortium but not in the Open Compute Project"]),
    ],
)
def test_what_a_question_begins_with_is_what_it_is_about(assistant, question, holds):
    answer = assistant.ask(question)
    assert all(text in answer.text for text in holds), answer.text


def test_an_aside_alone_asks_nothing(assistant):
    assert assistant.ask("(not the C2PA)").abstained
