"""Search merges meaning and words by reciprocal rank; what a question says prefers, what a user sets excludes."""

import functools
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_index import WordEmbedder, vectors_by_id

from index.articles import load_library
from index.catalogue import Catalogue
from index.catalogue_writer import write_catalogue
from index.passages import split_article
from index.search.diversity import Told
from index.search.filters import NO_FILTERS, Filters
from index.search.hybrid import DEPTH, RANK_OFFSET, fuse_ranks, search
from index.search.second_look import relevance
from index.types import Passage, Sentence
from index.vectors.exact_search import ExactSearch

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


# -- search, with the real model

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
    vectors, vectors_of = vectors_by_id(passages, embedder)
    write_catalogue(folder / "c.sqlite", library, passages, vectors_of)
    catalogue = Catalogue.open(folder / "c.sqlite")
    yield catalogue, ExactSearch([passage.id for passage in passages], vectors), passages, vectors
    catalogue.close()


@pytest.fixture(scope="module")
def embed(embedder):
    """The vector of a query; each is made once."""
    return functools.cache(lambda query: embedder.embed([query])[0])


@pytest.fixture
def ask(index, embed):
    def ask(query, top_k=5, named=(), **options):
        catalogue, store, *_ = index
        return search(catalogue, store, query, embed(query), top_k=top_k, named_slugs=named, **options)

    return ask


def rank(hits, slug):
    return next(n for n, hit in enumerate(hits) if hit.passage.slug == slug)


@pytest.mark.parametrize(
    ("query", "slug", "heading"),
    [
        ("cable standard version two", "consortium", "Dates"),
        ("Which body helps peasants with artificial intelligence?", "harvest", ""),
        ("When did firms vow to obey regulation?", "pact", ""),
        ("grants for researchers", "forum", "Funding"),
    ],
)
def test_meaning_and_words_both_find(ask, query, slug, heading):
    best = ask(query)[0].passage
    assert (best.slug, best.heading) == (slug, heading)


QUERIES = ["cable standard", "money for researchers", "farmers", "the very same words", "2024", "dates"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("top_k", [1, 3, 100])
def test_search_equals_brute_force(ask, index, embed, query, top_k):
    """All passages of the small library are looked at twice: the order is that of relevance, the worse twin is out."""
    catalogue, _, passages, vectors = index
    cosines = dict(zip([p.id for p in passages], (vectors @ embed(query)).tolist(), strict=True))
    bm25 = dict(catalogue.search_words(query, DEPTH))
    scores = relevance(query, passages, cosines, bm25, (), ())
    expected = sorted(passages, key=lambda p: (-round(scores[p.id], 6), p.id))
    twins = [passage for passage in expected if passage.slug.startswith("twin")]
    expected = [passage for passage in expected if passage not in twins[1:]][:top_k]
    hits = ask(query, top_k)
    assert [hit.passage for hit in hits] == expected
    assert np.allclose([hit.score for hit in hits], [scores[passage.id] for passage in expected], atol=1e-6)


def test_passages_beyond_the_second_look_keep_their_rank(ask, index, monkeypatch):
    catalogue, store, *_ = index
    everything = ask("cable standard", 100)
    monkeypatch.setattr("index.search.hybrid.LOOKED_AT", 2)
    hits = ask("cable standard", 100)
    assert len(hits) == len(everything)
    assert {hit.passage.id for hit in hits} == {hit.passage.id for hit in everything}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_of_equal_passages_the_first_by_id_comes(ask, index):
    """Their vectors and words are the same, so only the id can order them: the same way every time."""
    found = [hit.passage for hit in ask("the very same words stand in two articles", 100)]
    ids = [passage.id for passage in index[2] if passage.slug.startswith("twin")]
    assert len(ids) == 2
    assert [passage.id for passage in found if passage.slug.startswith("twin")] == [min(ids)] == [found[0].id]


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


# -- filters


EXPLICIT = [Filters(events_from="2024", events_to="2024"), Filters(events_from="2026"), Filters(events_to="2024-06")]


@pytest.mark.parametrize("preferred", EXPLICIT)
@pytest.mark.parametrize("query", QUERIES)
def test_what_a_question_says_of_the_answer_hides_nothing(ask, index, query, preferred):
    passing = preferred.passages(index[0])
    plain, changed = ask(query, 100), ask(query, 100, preferred=preferred)
    assert {hit.passage.id for hit in changed} == {hit.passage.id for hit in plain}
    for wanted in (True, False):
        order = [[hit.passage.id for hit in hits if (hit.passage.id in passing) == wanted] for hits in (plain, changed)]
        assert order[0] == order[1]


def test_what_fits_the_words_of_a_question_comes_earlier(ask):
    def place(**options):
        texts = [hit.passage.text for hit in ask("funding", 100, **options)]
        return texts.index("Brussels signed it in 2024.")

    assert place(preferred=Filters(events_to="2024")) < place()


@pytest.mark.parametrize("filters", EXPLICIT)
@pytest.mark.parametrize("query", QUERIES)
def test_what_a_user_sets_excludes_and_loses_nothing_that_passes(ask, index, query, filters):
    assert {hit.passage.id for hit in ask(query, 100, filters=filters)} == filters.passages(index[0])


def test_nothing_is_found_when_nothing_passes(ask):
    assert ask("cable standard", filters=Filters(kinds=("standards",))) == []


def test_filters_that_are_not_set_change_nothing(ask):
    assert ask("cable standard", filters=NO_FILTERS, preferred=NO_FILTERS) == ask("cable standard")


@pytest.fixture
def search_texts(tmp_path):
    """Search some texts, (heading, text), each an article of its own, for words; returns the texts found."""

    def search_texts(texts, query, **options):
        for n, (heading, text) in enumerate(texts):
            (tmp_path / f"a{n:03}.md").write_text(f"---\ntitle: Text\n---\n## {heading}\n\n{text}\n")
        library = load_library([tmp_path])
        passages = [p for article in library.articles for p in split_article(article, lambda text: 150)]
        vectors, vectors_of = vectors_by_id(passages)
        write_catalogue(tmp_path / "c.sqlite", library, passages, vectors_of)
        store = ExactSearch([passage.id for passage in passages], vectors)
        with closing(Catalogue.open(tmp_path / "c.sqlite")) as catalogue:
            hits = search(catalogue, store, query, WordEmbedder().embed([query])[0], **options)
        return [hit.passage.text for hit in hits]

    return search_texts


def test_what_passes_is_found_below_all_that_does_not(search_texts):
    """Half of the passages pass, and every one of the others fits the query better."""
    half = 5 * DEPTH
    texts = [("Part", f"The cable standard {n}x.") for n in range(half)] + [("2024", f"Tea {n}x.") for n in range(half)]
    found = search_texts(texts, "cable standard", top_k=DEPTH, filters=Filters(events_from="2024", events_to="2024"))
    assert len(found) == DEPTH and all(text.startswith("Tea") for text in found)


def test_other_words_than_the_question_are_looked_for(ask):
    """The question's meaning counts on, so only the half that goes by words changes."""
    first = ask("xyzzy", 100, words="Brussels")
    assert "pact" in {hit.passage.slug for hit in first[:2]}


# -- copies

STORY = (
    "The alliance was started on 5 May 2025 by twelve firms in Oslo. It wants to measure how much power large models "
    "draw while they answer. Its first report is due in the autumn, and a second one will follow next year."
)


def passage(slug, text, number=0):
    return Passage(f"{slug}-{number}", slug, slug, "", (Sentence(number, text, ""),))


def shown(*passages):
    told = Told()
    return [p.id for p in passages if told.add(p)]


def test_copies_of_one_press_release_are_one():
    again = STORY.replace(" It wants", "\u00a0It wants").upper().lower().capitalize()
    assert shown(passage("a", STORY), passage("b", STORY), passage("c", again)) == ["a-0"]


def test_the_next_passages_move_up_for_copies(search_texts):
    texts = [("Part", "The cable standard is out.")] * 5 + [("Part", "The cable is long."), ("Part", "Tea was served.")]
    found = search_texts(texts, "cable standard is out", top_k=2)
    assert found == ["The cable standard is out.", "The cable is long."]


def test_a_copy_cut_at_other_places_is_one():
    start, end = STORY[: STORY.index(" Its")], STORY[STORY.index(" Its") + 1 :]
    assert shown(passage("a", start, 0), passage("a", end, 1), passage("b", STORY)) == ["a-0", "a-1"]
    assert shown(passage("a", STORY), passage("b", start, 0), passage("b", end, 1)) == ["a-0"]


@pytest.mark.parametrize(("old", "new"), [("5 May", "6 May"), ("Oslo", "Bergen"), ("2025", "2026")])
def test_another_number_or_name_is_no_copy(old, new):
    assert shown(passage("a", STORY), passage("b", STORY.replace(old, new))) == ["a-0", "b-0"]


def test_another_text_is_no_copy():
    half = STORY[: STORY.index("draw")] + "need in all. Its head says that more is to come, but not when or from whom."
    assert shown(passage("a", STORY), passage("b", half)) == ["a-0", "b-0"]
    other = "It wants to measure how much water large models draw. Nobody knows when its first report will come."
    assert shown(passage("a", STORY), passage("b", other), passage("c", "")) == ["a-0", "b-0", "c-0"]


def test_an_article_is_no_copy_of_itself():
    for text in (STORY, STORY.lower().replace("5 may 2025", "may")):
        assert shown(passage("a", text, 0), passage("a", text, 1)) == ["a-0", "a-1"]


# -- hostile questions

HOSTILE = {
    "one character": "a",
    "quotes and operators": '" OR 1=1 NOT ( NEAR * : ^ cable',
    "only operators": "AND OR NOT NEAR",
    "control characters": "\x00\x1b[2J\u202ecable\x00",
    "20,000 characters": "cable standard " * 1_333,
    "20,000 characters in a row": "x" * 20_000,
    "another script": "人工智能联盟",
    "half a character": "\ud800 cable",
}
NOTHING = {"nothing": "", "blanks": " \n\t", "marks": '?!"*^:()_', "emoji": "🚜🧑\u200d🌾", "NULs": "\x00\x00"}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_any_query_gives_at_most_top_k_hits(index, query):
    catalogue, store, _, vectors = index
    for options in ({}, {"named_slugs": ["forum"]}, {"words": query}, {"preferred": EXPLICIT[0]}):
        assert 0 < len(search(catalogue, store, query, vectors[0], top_k=4, **options)) <= 4


@pytest.mark.parametrize("query", NOTHING.values(), ids=NOTHING)
def test_nothing_is_found_when_there_is_nothing_to_search_for(ask, query):
    assert ask(query, 4) == ask(query, 4, ["forum"]) == ask(query, 4, filters=EXPLICIT[0]) == []
