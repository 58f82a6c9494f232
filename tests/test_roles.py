"""Word order tells who did it and to whom; a sentence that tells it the other way round contradicts the question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.open.roles import asked_role, contradicts, told_role
from assistant.words import concept

FOUNDING, JOINING, LEAVING = concept("founded"), concept("joined"), concept("left")
BY_GOOGLE = "The Frontier Model Forum was founded on 26 July 2023 by Google and Meta."


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        ("When was @ founded?", (FOUNDING, "done_to")),
        ("When was the @ launched?", (FOUNDING, "done_to")),
        ("Who founded @?", (FOUNDING, "done_to")),
        ("And which companies started the @?", (FOUNDING, "done_to")),
        ("When did @ join the forum?", (JOINING, "doer")),
        ("Why did the @ leave?", (LEAVING, "doer")),
        ("Has @ ever resigned?", (LEAVING, "doer")),
        ("Which alliances did @ found?", (FOUNDING, "doer")),
        ("Who are the members of @?", None),
        ("When did @ get its first grant?", None),
        ("@", None),
        ("", None),
    ],
)
def test_a_question_gives_the_name_a_part_in_its_verb(masked, expected):
    assert asked_role(masked) == expected


@pytest.mark.parametrize(
    ("sentence", "name", "verb", "expected"),
    [
        (BY_GOOGLE, "Frontier Model Forum", FOUNDING, "done_to"),
        (BY_GOOGLE, "Google", FOUNDING, "doer"),
        (BY_GOOGLE, "Meta", FOUNDING, "doer"),
        (BY_GOOGLE, "Google", JOINING, None),
        (BY_GOOGLE, "IBM", FOUNDING, None),
        ("Google founded the Forum in 2023.", "Google", FOUNDING, "doer"),
        ("Google founded the Forum in 2023.", "Forum", FOUNDING, "done_to"),
        ("The Forum, co-founded by Google, met in Paris.", "Google", FOUNDING, "doer"),
        ("The Forum, co-founded by Google, met in Paris.", "Forum", FOUNDING, "done_to"),
        ("The Alliance was first officially launched by IBM.", "Alliance", FOUNDING, "done_to"),
        ("The Alliance launched a fund.", "Alliance", FOUNDING, "doer"),
        ("Baidu left the Partnership in 2020.", "Baidu", LEAVING, "doer"),
        ("Google's research centre founded the Forum.", "Google", FOUNDING, None),
        ("The fund of the Forum was founded by Google.", "Forum", FOUNDING, None),
        ("It was founded, Meta says, by Google.", "Meta", FOUNDING, None),
        ("Forum-like bodies were founded by Google.", "Forum", FOUNDING, None),
    ],
)
def test_a_sentence_tells_the_part_of_a_name_by_word_order(sentence, name, verb, expected):
    assert told_role(sentence, name, verb) == expected


@pytest.mark.parametrize(
    ("masked", "sentence", "names", "expected"),
    [
        # "When was Google founded?" is not answered by when Google founded something.
        ("When was @ founded?", BY_GOOGLE, ["Google"], True),
        ("When was @ founded?", BY_GOOGLE, ["Frontier Model Forum", "FMF"], False),
        ("Who founded the @?", "The Alliance launched a fund in 2023.", ["Alliance"], True),
        ("Which bodies did @ found?", BY_GOOGLE, ["Google"], False),
        ("Which bodies did @ found?", BY_GOOGLE, ["Frontier Model Forum"], True),
        ("When did @ leave?", "Baidu left the Partnership in 2020.", ["Partnership"], True),
        # Founding is strict: a founding of something else does not tell when X was founded.
        ("When was @ founded?", "The fund of the Forum was launched in 2023.", ["Forum"], True),
        ("When was @ founded?", "The Forum has been at work since 2023.", ["Forum"], False),
        ("When was @ renamed?", "The renaming of the Network came in 2025.", ["Network"], False),
        ("Who are the members of @?", BY_GOOGLE, ["Google"], False),
    ],
)
def test_the_other_role_contradicts_the_question(masked, sentence, names, expected):
    assert contradicts(asked_role(masked), sentence, names) is expected


def test_any_spelling_of_the_name_in_the_right_role_is_enough():
    sentence = "The FMF was founded by Google; the Frontier Model Forum founded a fund."
    assert not contradicts((FOUNDING, "done_to"), sentence, ["Frontier Model Forum", "FMF"])
    assert contradicts((FOUNDING, "done_to"), sentence, ["Frontier Model Forum"])


@given(st.text(max_size=60), st.text(min_size=1, max_size=8))
@settings(deadline=None, max_examples=60)
def test_any_text_gets_a_role_or_none(text, name):
    assert told_role(f"{text} {name}", name, FOUNDING) in ("doer", "done_to", None)
    assert contradicts(asked_role(text), text, [name]) in (True, False)
