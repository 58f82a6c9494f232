"""Relevance is the weighted sum that index/search/second_look.py tells, whatever is missing."""

import pytest

from index.search.second_look import relevance
from index.types import Passage, Sentence


def passage(name, text, heading="", title="Title"):
    return Passage(name, name, title, heading, (Sentence(0, text, heading),))


ABOUT = passage("a", "The cable standard of 2024 links 128 chips.")
OTHER = passage("b", "Farmers meet in June.", heading="Cable standard 2024")
BOTH = [ABOUT, OTHER]


def scores(query="nothing", cosines=(0.0, 0.0), bm25=None, named=(), fitting=()):
    found = relevance(query, BOTH, dict(zip("ab", cosines, strict=True)), bm25 or {}, named, fitting)
    return found["a"], found["b"]


def test_closeness_and_words_are_combined():
    assert scores(cosines=(0.5, -0.1), bm25={"a": 4.0, "b": 8.0}) == pytest.approx((0.7 * 0.5 + 0.15, 0.3 - 0.07))


def test_without_any_word_found_closeness_decides():
    assert scores(cosines=(0.5, 0.1)) == pytest.approx((0.35, 0.07))


def test_what_is_named_and_what_fits_comes_first():
    assert scores(named={"b"}) == pytest.approx((0, 0.2))
    assert scores(fitting={"a"}) == pytest.approx((0.1, 0))


def test_numbers_of_the_query_count_by_the_share_that_is_held():
    assert scores("2024 or 128 or 7 or 8") == pytest.approx((0.05, 0.025))


def test_neighbouring_words_count_where_they_stand_together():
    both, heading = scores("the cable standard chips")  # two pairs: "cable standard", "standard chips"
    assert (both, heading) == pytest.approx((0.05, 0.05))


def test_stop_words_make_no_pairs():
    assert scores("links the chips") == pytest.approx((0, 0))


@pytest.mark.parametrize("query", ["", "?!", "🙂", "\0", "'\"*", "a" * 20_000])
def test_odd_queries_are_no_error(query):
    assert scores(query) == pytest.approx((0, 0))
