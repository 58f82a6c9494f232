"""Passages hold each sentence of an article once, in order, cut at headings and at what the model reads."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import load_library
from index.passages import MAX_TOKENS, MIN_TOKENS, split_article
from index.types import Article, Sentence

LIBRARY = Path(__file__).parent.parent / "articles"
MODEL_TOKENS = 256


def count_words(text):
    return len(text.split())


def article(*sentences):
    """An article of (heading, words) pairs; sentence n consists of the word `wn`, so that none is like another."""
    return Article(
        slug="a",
        title="Title",
        path=Path("a.md"),
        digest="",
        sentences=tuple(Sentence(n, " ".join([f"w{n}"] * size), head) for n, (head, size) in enumerate(sentences)),
    )


def cut(*sentences):
    """The sentence numbers of each passage."""
    return [[s.number for s in passage.sentences] for passage in split_article(article(*sentences), count_words)]


@pytest.mark.parametrize(
    ("sentences", "passages"),
    [
        ([("", 50)], [[0]]),
        ([("", 5)], [[0]]),
        ([("", 50), ("", 50), ("", 50)], [[0, 1, 2]]),
        ([("", MAX_TOKENS)], [[0]]),
        ([("", MAX_TOKENS - 50), ("", 50)], [[0, 1]]),
        ([("", MAX_TOKENS - 50), ("", 51)], [[0], [1]]),
        ([("A", 50), ("B", 50)], [[0], [1]]),
        ([("A", 50), ("A", 50), ("B", 50), ("A", 50)], [[0, 1], [2], [3]]),
        ([("A", MIN_TOKENS), ("B", MIN_TOKENS)], [[0], [1]]),
        ([("A", 50), ("B", MIN_TOKENS - 1)], [[0, 1]]),
        ([("A", MIN_TOKENS - 1), ("B", 50)], [[0, 1]]),
        ([("A", MAX_TOKENS - 9), ("B", 10)], [[0], [1]]),
        ([("A", MAX_TOKENS - 10), ("B", 10)], [[0, 1]]),
        ([("", 3 * MAX_TOKENS)], [[0]]),
        ([("", 50), ("", 3 * MAX_TOKENS), ("", 50)], [[0], [1], [2]]),
        ([("", 5), ("", 3 * MAX_TOKENS), ("", 5)], [[0], [1], [2]]),
    ],
)
def test_passages_are_cut_at_headings_and_sizes(sentences, passages):
    assert cut(*sentences) == passages


SENTENCES = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 260)), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(SENTENCES)
def test_together_they_hold_each_sentence_once_in_order(sentences):
    whole = article(*sentences)
    passages = split_article(whole, count_words)
    assert tuple(s for passage in passages for s in passage.sentences) == whole.sentences
    assert all(passage.sentences for passage in passages)
    assert len({passage.id for passage in passages}) == len(passages)


@settings(max_examples=150, deadline=None)
@given(SENTENCES)
def test_only_a_lone_sentence_is_longer_than_the_model_reads(sentences):
    for passage in split_article(article(*sentences), count_words):
        assert count_words(passage.text) <= MAX_TOKENS or len(passage.sentences) == 1


@settings(max_examples=150, deadline=None)
@given(SENTENCES)
def test_neighbours_that_fit_together_are_cut_only_at_a_heading_and_only_if_long_enough(sentences):
    passages = split_article(article(*sentences), count_words)
    for one, two in zip(passages, passages[1:], strict=False):
        sizes = count_words(one.text), count_words(two.text)
        if sum(sizes) <= MAX_TOKENS:
            assert min(sizes) >= MIN_TOKENS
            assert one.sentences[-1].heading != two.sentences[0].heading


def test_a_passage_stands_under_the_heading_of_its_first_sentence():
    (passage,) = split_article(article(("A", 30), ("B", 5)), count_words)
    assert passage.heading == "A"
    assert (passage.slug, passage.title) == ("a", "Title")


def test_title_and_heading_are_embedded_and_not_shown():
    (under, bare) = (split_article(article((heading, 1)), count_words)[0] for heading in ("Head", ""))
    assert (under.text, under.embedded_text) == ("w0", "Title. Head. w0")
    assert (bare.text, bare.embedded_text) == ("w0", "Title. w0")


def test_an_id_changes_exactly_when_what_is_embedded_changes():
    same = article(("A", 50), ("A", 50))
    (passage,) = split_article(same, count_words)
    ids = {passage.id}
    first, second = same.sentences
    for changed in (
        replace(same, slug="b"),
        replace(same, title="Other"),
        replace(same, sentences=(replace(first, heading="B"), replace(second, heading="B"))),
        replace(same, sentences=(replace(first, number=1), replace(second, number=2))),
        replace(same, sentences=(first, replace(second, text="other"))),
    ):
        ids.add(split_article(changed, count_words)[0].id)
    assert len(ids) == 6
    unseen = replace(
        same, path=Path("b.md"), digest="0", published="2024", sentences=(replace(first, source_ids=("s1",)), second)
    )
    assert split_article(unseen, count_words)[0].id == passage.id


def test_the_model_reads_the_passages_of_the_library_to_their_end(embedder):
    for shipped in load_library([LIBRARY]).articles:
        passages = split_article(shipped, embedder.count_tokens)
        assert tuple(s for passage in passages for s in passage.sentences) == shipped.sentences
        for passage in passages:
            if len(passage.sentences) > 1:
                # the marks for start and end come on top
                assert embedder.count_tokens(passage.embedded_text) + 2 <= MODEL_TOKENS, passage.text
