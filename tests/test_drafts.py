"""A streamed draft is cut into finished sentences, wherever its pieces are cut."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering import finished_sentences

TEXT = (
    "The U.S. AI Safety Institute signed in 2024.\n- It was renamed in June 2025.\n"
    "1. **The fund** had USD 10.5 million.\nWho leads it? Dr. Smith does."
)
SENTENCES = [
    "The U.S. AI Safety Institute signed in 2024.",
    "It was renamed in June 2025.",
    "The fund had USD 10.5 million.",
    "Who leads it?",
    "Dr. Smith does.",
]


def test_the_whole_text_at_once_gives_its_sentences_without_marks():
    assert list(finished_sentences([TEXT])) == SENTENCES


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, len(TEXT) - 1), max_size=20))
def test_where_the_pieces_are_cut_does_not_matter(cuts):
    edges = [0, *sorted(set(cuts)), len(TEXT)]
    pieces = [TEXT[a:b] for a, b in zip(edges, edges[1:], strict=False)]
    assert "".join("".join(s.split()) for s in finished_sentences(pieces)) == "".join("".join(SENTENCES).split())


def test_a_last_sentence_that_is_cut_is_left_out():
    assert list(finished_sentences(["One is whole. The other is n"])) == ["One is whole."]


def test_nothing_gives_nothing():
    assert list(finished_sentences([])) == list(finished_sentences(["", "\n\n"])) == []
