"""Prompts are files; a missing variable is an error that names it; the system part never changes."""

from __future__ import annotations

import jinja2
import pytest

from prompts import fill_in

FACTS = ["The Frontier Model Forum was founded on 26 July 2023.", "<script> {{ question }} {% raw %}"]


def test_the_question_comes_last_and_facts_are_not_interpreted():
    system, user = fill_in("answer", {"question": "When was it founded?", "facts": FACTS})
    assert (system["role"], user["role"]) == ("system", "user")
    assert user["content"].endswith("When was it founded?")
    assert all(f"- {fact}" in user["content"] for fact in FACTS)


def test_the_system_part_is_the_same_bytes_for_every_question():
    first, second = (fill_in("answer", {"question": q, "facts": FACTS[:n]})[0] for n, q in enumerate(("a?", "b?")))
    assert first == second and "{" not in first["content"]


@pytest.mark.parametrize("missing", ["question", "facts"])
def test_a_missing_variable_is_named(missing):
    variables = {"question": "?", "facts": FACTS}
    del variables[missing]
    with pytest.raises(jinja2.UndefinedError, match=missing):
        fill_in("answer", variables)
