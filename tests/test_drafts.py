"""A streamed draft is cut into finished sentences, wherever its pieces are cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.open.drafting import finished_sentences
from assistant.settings import SHIPPED_LIBRARY
from index.articles import load_library

TEXT = (
    "The U.S. AI Safety Institute signed in 2024.\n- It was renamed in June 2025.\n"
    "1. **The fund** had USD 10.5 million.\n* *A*STAR* and `fast.ai` joined.\nWho leads it? Dr. J. Metz does."
)
SENTENCES = [
    "The U.S. AI Safety Institute signed in 2024.",
    "It was renamed in June 2025.",
    "The fund had USD 10.5 million.",
    "A*STAR and fast.ai joined.",
    "Who leads it?",
    "Dr. J. Metz does.",
]


def test_the_whole_text_at_once_gives_its_sentences_without_marks():
    assert list(finished_sentences([TEXT])) == SENTENCES


@given(st.lists(st.integers(1, len(TEXT) - 1), max_size=20))
@settings(deadline=None, max_examples=80)
def test_where_the_pieces_are_cut_does_not_matter(cuts):
    edges = [0, *sorted(set(cuts)), len(TEXT)]
    assert list(finished_sentences(TEXT[a:b] for a, b in pairwise(edges))) == SENTENCES


def test_the_sentences_of_articles_come_out_of_single_characters_as_they_are():
    for article in load_library([SHIPPED_LIBRARY]).articles:
        sentences = [sentence.text for sentence in article.sentences[:6]]
        assert list(finished_sentences(" ".join(sentences))) == sentences


def test_a_sentence_is_told_as_soon_as_the_next_one_begins():
    taken = []

    def pieces():
        for piece in ("One is ", "whole. ", "The ", "other ", "follows."):
            taken.append(piece)
            yield piece

    assert next(finished_sentences(pieces())) == "One is whole."
    assert "follows." not in taken


def test_a_last_sentence_that_is_cut_is_left_out():
    assert list(finished_sentences(["One is whole. The other is n"])) == ["One is whole."]


def test_nothing_gives_nothing():
    assert list(finished_sentences([])) == list(finished_sentences(["", "\n\n"])) == []
