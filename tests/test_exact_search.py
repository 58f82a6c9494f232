"""Exact search finds what comparing with every vector finds, ties by id."""

import sqlite3

import numpy as np
import pytest
from tiny_index import WordEmbedder, vectors_by_id, write_library

from index.articles import load_library
from index.catalogue import Catalogue
from index.catalogue_writer import write_catalogue
from index.errors import IndexDamaged
from index.passages import split_article
from index.vectors.exact_search import ExactSearch


def unit_rows(count, dimension=16, seed=1):
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def written(tmp_path):
    library = load_library([write_library(tmp_path / "library")])
    passages = [p for article in library.articles for p in split_article(article, lambda text: 60)]
    vectors, vectors_of = vectors_by_id(passages)
    write_catalogue(tmp_path / "c.sqlite", library, passages, vectors_of)
    return tmp_path / "c.sqlite", [passage.id for passage in passages], vectors


@pytest.mark.parametrize("top_k", [1, 7, 200, 500])
def test_the_nearest_come_first(top_k):
    vectors = unit_rows(200)
    store = ExactSearch([f"p{i:03}" for i in range(200)], vectors)
    query = unit_rows(1, seed=2)[0]
    found = store.search(query, top_k)
    expected = np.argsort(-(vectors @ query))[:top_k]
    assert [passage_id for passage_id, _ in found] == [f"p{i:03}" for i in expected]
    assert np.allclose([similarity for _, similarity in found], (vectors @ query)[expected])


def test_ties_are_broken_by_id_also_at_the_end():
    store = ExactSearch(["d", "b", "a", "c"], np.tile(unit_rows(1), (4, 1)))
    assert [passage_id for passage_id, _ in store.search(unit_rows(1)[0], 2)] == ["a", "b"]


def test_a_catalogues_vectors_are_found_by_themselves(written):
    path, ids, vectors = written
    catalogue = Catalogue.open(path)
    store = ExactSearch.load(catalogue, WordEmbedder.dimension)
    catalogue.close()
    assert store.count() == len(ids)
    assert store.ids() == sorted(ids)
    for passage_id, vector in zip(ids, vectors, strict=True):
        assert store.search(vector, 1)[0][0] == passage_id
    assert np.array_equal(store.vectors_of(ids[:2]), vectors[:2])


@pytest.mark.parametrize("change", ["vector = zeroblob(512)", "vector = x'00'", "vector = substr(vector, 5)"])
def test_vectors_that_are_none_are_damage(written, change):
    connection = sqlite3.connect(written[0])
    with connection:
        connection.execute(f"UPDATE passages SET {change} WHERE position = 1")
    connection.close()
    catalogue = Catalogue.open(written[0])
    with pytest.raises(IndexDamaged, match="alliances rebuild"):
        ExactSearch.load(catalogue, WordEmbedder.dimension)
    catalogue.close()


@pytest.mark.parametrize(("vector", "top_k"), [(unit_rows(1)[0], 0), (np.full(16, np.nan, np.float32), 1)])
def test_a_query_that_makes_no_sense_is_refused(vector, top_k):
    with pytest.raises(ValueError, match="top_k|finite"):
        ExactSearch(["a"], unit_rows(1)).search(vector, top_k)
