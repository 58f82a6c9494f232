"""What a question comes down to, and the words under which a place may be told."""

import pytest

from assistant.open.places import holds_name
from assistant.open.question_form import asked_verb, asking_sentence, key_words
from assistant.words import concept


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("I am in Nairobi. Who chose them? Thanks.", "Who chose them?"),
        ("Who chose them?", "Who chose them?"),
        ("phone number", "phone number"),
    ],
)
def test_of_several_sentences_the_last_with_a_question_mark_asks(question, expected):
    assert asking_sentence(question) == expected


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        ("Who is the executive director of @?", ("executive", "director")),
        ("How many staff does @ have?", ("staff",)),
        ("Why did @ leave @?", ("leave",)),
        ("?", ()),
    ],
)
def test_the_key_words_are_the_first_content_words_after_the_interrogative(masked, expected):
    assert key_words(masked) == expected


def test_the_verb_is_found_where_a_name_is_made_to_do_it():
    assert asked_verb("What made @ leave @?") == concept("leave")
    assert asked_verb("Who is the chair of @?") is None


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("23 percent came from the United States.", "American", True),
        ("Washington paused the deal.", "US", True),
        ("They gave it to us.", "American", False),
        ("The forum met in Geneva.", "forum", True),
        ("The Chinese firm signed.", "Japan", False),
    ],
)
def test_a_place_is_held_under_its_other_words_with_their_capitals(text, name, expected):
    assert holds_name(text, name) is expected
