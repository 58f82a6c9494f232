"""Greetings, thanks and questions about the assistant get a reply; questions to the library get none."""

from __future__ import annotations

import pytest

from assistant.smalltalk import small_talk


@pytest.mark.parametrize(
    "said", ["Hello!", "hi there", "Good morning.", "thanks a lot", "Thank you so much!", "who are you?", "help", "Bye"]
)
def test_small_talk_gets_a_reply(said):
    assert small_talk(said)


@pytest.mark.parametrize(
    "asked",
    [
        "Who founded the AI Alliance?",
        "What is AI?",
        "Thanks to whom was it founded?",
        "",
        "hi-tech alliances?",
        "Hello, who founded C2PA?",
        "ok, and when?",
        "What do you know about MLCommons?",
        "help me find its members",
    ],
)
def test_a_question_is_no_small_talk(asked):
    assert small_talk(asked) is None
