"""Search merges meaning and words by reciprocal rank; articles that the question names come first and hide nothing."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import load_library
from index.catalogue import Catalogue
from index.catalogue_writer import write_catalogue
from index.passages import split_article
from index.search import DEPTH, RANK_OFFSET, fuse_ranks, search
from index.store import VectorStore
from index.vectors import NO_VECTORS, make_vectors

# -- reciprocal rank fusion

RANKINGS = st.lists(st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=8), max_size=4)


def brute_force(rankings, k):
    """(id, score) by the formula of the paper, one id at a time."""
    ids = {i for ranking in rankings for i in ranking}
    scores = {i: sum(1 / (k + ranking.index(i) + 1) for ranking in rankings if i in ranking) for i in ids}
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


@settings(max_examples=200, deadline=None)
@given(RANKINGS, st.integers(0, 100))
def test_fusion_equals_brute_force(rankings, k):
    assert fuse_ranks(rankings, k=k) == brute_force(rankings, k)


@settings(max_examples=100, deadline=None)
@given(RANKINGS)
def test_scores_are_bounded_and_sorted_with_ties_by_id(rankings):
    fused = fuse_ranks(rankings)
    assert fused == sorted(fused, key=lambda hit: (-hit[1], hit[0]))
    assert all(0 < score <= len(rankings) / (RANK_OFFSET + 1) + 1e-12 for _, score in fused)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from("abcdefghij"), unique=True), st.integers(1, 4))
def test_rankings_that_agree_are_kept(ranking, times):
    assert [i for i, _ in fuse_ranks([ranking] * times)] == ranking


@pytest.mark.parametrize(
    ("rankings", "order"),
    [
        ([], ""),
        ([[], []], ""),
        (["ab", "ba"], "ab"),  # a tie
        (["ba", "ab"], "ab"),
        (["abc", "cbd"], "cbad"),
        (["abcd", "efgd"], "daebfcg"),  # twice fourth beats once first
        (["z", "a"], "az"),
    ],
)
def test_fusion_by_hand(rankings, order):
    assert "".join(i for i, _ in fuse_ranks(rankings)) == order


def test_the_example_of_the_docstring():
    assert fuse_ranks(["ab", "ac"])[0] == ("a", 2 / 61)


def test_a_negative_offset_is_refused():
    with pytest.raises(ValueError, match="must not be negative, got -1"):
        fuse_ranks([["a"]], k=-1)


# -- search, with the real model and store

BODIES = {
    "forum": (
        "The Forum studies how dangerous large models could become.\n\n## Funding\n\n"
        "A fund of ten million dollars pays researchers who look for hazards."
    ),
    "consortium": (
        "The Consortium writes a standard for the cables between accelerators in one rack.\n\n## Dates\n\n"
        "Version two of the cable standard appeared in March 2026."
    ),
    "harvest": (
        "The Harvest Network brings chatbots to farmers in twelve countries.\n\n## Funding\n\n"
        "Foundations give money to the network every year."
    ),
    "pact": "The Pact lets companies promise early to follow the law.\n\n## Dates\n\nBrussels signed it in 2024.",
    "twin-b": "The very same words stand in two articles.",
    "twin-a": "The very same words stand in two articles.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory, embedder):
    """(catalogue, store, passages, vectors) of a small library."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "library").mkdir()
    for slug, body in BODIES.items():
        title = "Twin" if slug.startswith("twin") else slug.title()
        (folder / "library" / f"{slug}.md").write_text(f"---\ntitle: {title}\n---\n{body}\n")
    library = load_library([folder / "library"])
    # a sentence counts as sixty tokens, so that every heading starts a passage
    passages = [p for article in library.articles for p in split_article(article, lambda text: 60)]
    vectors = make_vectors(passages, NO_VECTORS, embedder, lambda done, total: None)
    write_catalogue(folder / "c.sqlite", library, passages, vectors.passages, vectors.sentences)
    ids = [passage.id for passage in passages]
    store = VectorStore.create(folder / "chroma", ids, vectors.passages)
    catalogue = Catalogue.open(folder / "c.sqlite")
    yield catalogue, store, passages, vectors.passages
    store.close()
    catalogue.close()


@pytest.fixture(scope="module")
def embed(embedder):
    """The vector of a query; each is made once."""
    return functools.cache(lambda query: embedder.embed([query])[0])


@pytest.fixture
def ask(index, embed):
    def ask(query, top_k=5, named=()):
        catalogue, store, *_ = index
        return search(catalogue, store, query, embed(query), top_k=top_k, named_slugs=named)

    return ask


def rank(hits, slug):
    return next(n for n, hit in enumerate(hits) if hit.passage.slug == slug)


@pytest.mark.parametrize(
    ("query", "slug", "heading"),
    [
        ("cable standard version two", "consortium", "Dates"),
        ("Which body helps peasants with artificial intelligence?", "harvest", ""),
        ("When did firms vow to obey regulation?", "pact", ""),
        ("grants for scientists", "forum", "Funding"),
    ],
)
def test_meaning_and_words_both_find(ask, query, slug, heading):
    best = ask(query)[0].passage
    assert (best.slug, best.heading) == (slug, heading)


QUERIES = ["cable standard", "money for researchers", "farmers", "the very same words", "2024", "?!", "dates"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("top_k", [1, 3, 100])
def test_search_equals_brute_force(ask, index, embed, query, top_k):
    catalogue, _, passages, vectors = index
    similarity = dict(zip([p.id for p in passages], vectors @ embed(query), strict=True))
    dense = sorted(similarity, key=lambda i: (-round(float(similarity[i]), 6), i))
    words = [i for i, _ in catalogue.search_words(query, DEPTH)]
    expected = brute_force([dense, words], RANK_OFFSET)[:top_k]
    hits = ask(query, top_k)
    assert [hit.passage.id for hit in hits] == [i for i, _ in expected]
    assert np.allclose([hit.score for hit in hits], [score for _, score in expected])
    by_id = {passage.id: passage for passage in passages}
    assert all(hit.passage == by_id[hit.passage.id] for hit in hits)


def test_equal_passages_come_by_id(ask):
    """Their vectors and words are the same, so only the id can order them: the same way every time."""
    found = [hit.passage for hit in ask("the very same words stand in two articles")[:2]]
    assert {passage.slug for passage in found} == {"twin-a", "twin-b"}
    assert [passage.id for passage in found] == sorted(passage.id for passage in found)


def test_hits_come_best_first_each_passage_once(ask):
    hits = ask("funding and dates", 100)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_no_hits_are_asked_for_and_none_come(ask):
    assert ask("cable standard", 0) == []


# -- articles that the question names


@pytest.mark.parametrize("named", ["forum", "consortium", "harvest", "pact"])
def test_a_named_article_comes_earlier(ask, named):
    plain, preferred = ask("funding and dates", 100), ask("funding and dates", 100, [named])
    assert rank(preferred, named) <= rank(plain, named)
    assert preferred[0].passage.slug == named


@pytest.mark.parametrize("named", [["forum"], ["forum", "pact"], ["unknown"], list(BODIES)])
@pytest.mark.parametrize("query", QUERIES)
def test_naming_articles_hides_nothing(ask, query, named):
    plain, preferred = ask(query, 100), ask(query, 100, named)
    assert {hit.passage.id for hit in preferred} == {hit.passage.id for hit in plain}
    others = [hit for hit in plain if hit.passage.slug not in named]
    kept = [hit for hit in preferred if hit.passage.slug not in named]
    assert kept == others


def test_a_passage_that_fits_far_better_beats_a_named_one_that_does_not_fit(ask):
    hits = ask("version two of the cable standard", 3, ["pact"])
    assert "consortium" in [hit.passage.slug for hit in hits]


HOSTILE = {
    "nothing": "",
    "quotes and operators": '" OR 1=1 NOT ( NEAR * : ^ cable',
    "emoji": "🚜🧑‍🌾",
    "control characters": "\x00\x1b[2J\u202ecable",
    "20,000 characters": "cable standard " * 1_333,
    "another script": "人工智能联盟",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_any_query_gives_at_most_top_k_hits(ask, query):
    assert 0 < len(ask(query, 4)) <= 4
    assert len(ask(query, 4, ["forum"])) <= 4
