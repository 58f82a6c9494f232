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


def test_an_aside_alone_asks_nothing(assistant):
    assert assistant.ask("(not the C2PA)").abstained
