"""What is asked in one go is taken apart into questions; sentences that ask nothing are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parts import MAX_PARTS, split_parts


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Who founded the AI Alliance?", ["Who founded the AI Alliance?"]),
        ("Who founded the AI Alliance, and when?", ["Who founded the AI Alliance?", "when?"]),
        (
            "How many founding sponsors did CoSAI have, and how many founders did Akrites have?",
            ["How many founding sponsors did CoSAI have?", "how many founders did Akrites have?"],
        ),
        ("Who founded MLCommons? And who chairs it?", ["Who founded MLCommons?", "And who chairs it?"]),
        ("Where and when did it meet?", ["Where and when did it meet?"]),
        ("Which companies are in UALink and in OCP?", ["Which companies are in UALink and in OCP?"]),
        ("When did it start? I need the exact day.", ["When did it start?"]),
        ("is Huawei in it?? my boss won't believe me", ["is Huawei in it??"]),
        ("founders of the FMF", ["founders of the FMF"]),
        (
            "founding date and host of the FMF",
            ["What is the founding date of the FMF?", "What is the host of the FMF?"],
        ),
        ("Compare the founders and hosts of A and B.", ["Compare the founders and hosts of A and B."]),
        ("the AI Alliance", ["the AI Alliance"]),
    ],
)
def test_each_question_is_a_part(text, questions):
    assert list(split_parts(text).questions) == questions


def test_a_sentence_before_the_question_is_kept_for_what_it_names():
    parts = split_parts("I am writing about the AI Alliance. Who founded it?")
    assert parts.context == ("I am writing about the AI Alliance.",)
    assert parts.questions == ("Who founded it?",)


def test_more_questions_than_can_be_answered_in_one_go_stay_together():
    text = " ".join(f"Who founded body {number}?" for number in range(MAX_PARTS + 1))
    assert split_parts(text).questions == (text,)


@given(st.text(max_size=200))
def test_any_text_has_a_part(text):
    parts = split_parts(text)
    assert 1 <= len(parts.questions) <= MAX_PARTS
