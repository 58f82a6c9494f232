"""A text of which at least half is already in another is found, and different articles are not taken for each other."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.adding.near_duplicates import MIN_SHARE, MIN_WORDS, SHINGLE_WORDS, NearDuplicates

ARTICLES = {
    path.stem: path.read_text(encoding="utf-8").split("---\n", 2)[2]
    for path in sorted((Path(__file__).parent.parent / "articles").glob("*.md"))
    if path.stem != "README"
}


def words(count: int, seed: object = 0) -> str:
    chance = random.Random(str(seed))
    return " ".join("".join(chance.choices("abcdefghij", k=6)) for _ in range(count))


def known(**texts: str) -> NearDuplicates:
    near = NearDuplicates()
    for slug, text in texts.items():
        near.add(slug, text)
    return near


@pytest.fixture(scope="module")
def library() -> NearDuplicates:
    return known(**ARTICLES)


@pytest.mark.parametrize("slug", ARTICLES)
def test_the_articles_that_ship_are_told_from_each_other(library, slug):
    assert library.find(ARTICLES[slug], besides=slug) is None


@pytest.mark.parametrize("slug", ARTICLES)
def test_the_same_story_on_another_site_is_found(library, slug):
    added = int(len(ARTICLES[slug].split()) * 0.3)
    story = f"{words(12, 'headline, byline')}\n\n{ARTICLES[slug]}\n\n{words(added - 12, 'boilerplate')}"
    found = library.find(story)
    assert found is not None and found[0] == slug and 0.65 < found[1] < 0.8


def test_case_punctuation_and_the_form_of_letters_do_not_count():
    near = known(a=words(100) + " café")
    assert near.find("- " + words(100).upper().replace(" ", ",\n") + " (CAFE\u0301)") == ("a", 1.0)


def test_the_share_is_that_of_the_new_text():
    short, long = words(100), words(100) + " " + words(300, "more")
    assert known(long=long).find(short) == ("long", 1.0)
    assert known(short=short).find(long) is None


def test_half_is_enough():
    common, new = words(54), words(50, "new")
    assert known(a=common).find(f"{common} {new}") == ("a", MIN_SHARE)
    assert known(a=common).find(f"{common} {new} more") is None


def test_the_text_that_holds_most_is_found():
    near = known(a=words(60), c=words(80), b=words(80))
    assert near.find(words(80)) == ("b", 1.0)
    assert near.find(words(80), besides="b") == ("c", 1.0)


def test_a_text_added_again_takes_the_place_of_the_old_one():
    near = known(a=words(100))
    near.add("a", words(100, "other"))
    assert near.find(words(100)) is None and near.find(words(100, "other")) == ("a", 1.0)
    near.add("a", "short")
    near.add("a", words(100))
    assert near.find(words(100) + " more") is not None


def test_a_text_removed_is_not_found():
    near = known(a=words(100), b="short")
    near.remove("a")
    near.remove("b")
    near.remove("never there")
    assert near.find(words(100)) is None and near.resemblance("a", words(100)) == 0.0


def test_short_texts_are_found_by_the_same_words_only():
    short = words(MIN_WORDS - 1)
    assert known(a=f"{short} {words(100, 'more')}").find(short) is None
    assert known(a=short).find(f"{short} more") is None
    assert known(a=short).find(f"{short}!") == ("a", 1.0)
    assert known(a="Two words").find("two  words.") == ("a", 1.0)


@pytest.mark.parametrize("text", ["", " \n", "...!"])
def test_a_text_without_words_is_like_nothing(text):
    near = known(a=text, b=words(100))
    assert near.find(text) is None and near.find(words(100), besides="b") is None
    assert near.resemblance("a", text) == near.resemblance("b", text) == near.resemblance("c", "word") == 0.0


def test_resemblance_is_the_jaccard_index():
    near = known(a="a b c d e f g h")  # 4 shingles
    assert near.resemblance("a", "a b c d e f x y") == pytest.approx(2 / 6)
    assert near.resemblance("a", "A, b, c, d, e, f, g, h.") == 1.0


TEXTS = st.lists(st.sampled_from("abc"), min_size=MIN_WORDS, max_size=90).map(" ".join)


@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_the_share_is_what_sets_of_words_give(texts, new):
    def shingles(text: str) -> set[tuple[str, ...]]:
        told = text.split()
        return {tuple(told[start : start + SHINGLE_WORDS]) for start in range(len(told) - SHINGLE_WORDS + 1)}

    shares = [len(shingles(new) & shingles(text)) / len(shingles(new)) for text in texts]
    found = known(**{str(number): text for number, text in enumerate(texts)}).find(new)
    best = max(shares, default=0.0)
    assert found == ((str(shares.index(best)), best) if best >= MIN_SHARE else None)
