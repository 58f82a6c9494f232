"""The vector store finds what numpy would find, survives being closed, and never serves what is damaged."""

import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import IndexDamaged, IndexNotWritten, IndexProblem
from index.vectors.store import VectorStore

DIM = 16


def unit_rows(n, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def names(n):
    return [f"p{i:04}" for i in range(n)]


def create(folder, ids, vectors):
    """A new store, from batches of a hundred."""
    batches = ((ids[i : i + 100], vectors[i : i + 100]) for i in range(0, len(ids), 100))
    return VectorStore.create(folder, batches)


def brute_force(ids, vectors, query, top_k):
    ranked = sorted(zip(ids, vectors @ query, strict=True), key=lambda hit: (-hit[1], hit[0]))
    return ranked[:top_k]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A closed store of 300 vectors: its folder, the ids, the vectors."""
    folder = tmp_path_factory.mktemp("store") / "chroma"
    ids, vectors = names(300), unit_rows(300)
    create(folder, ids, vectors).close()
    return folder, ids, vectors


@pytest.fixture(scope="module")
def store(written):
    store = VectorStore.open(written[0])
    yield store
    store.close()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), top_k=st.integers(1, 60))
def test_search_equals_brute_force(written, store, seed, top_k):
    _, ids, vectors = written
    query = unit_rows(1, seed)[0]
    found = store.search(query, top_k)
    expected = brute_force(ids, vectors, query, top_k)
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert np.allclose([s for _, s in found], [s for _, s in expected], atol=1e-5)


def test_every_vector_finds_itself_after_reopening(written, store):
    _, ids, vectors = written
    assert [store.search(vector, 1)[0][0] for vector in vectors] == ids
    assert store.count() == len(ids)
    assert store.ids() == sorted(ids)


def test_equal_similarities_are_ordered_by_id(tmp_path):
    same = np.repeat(unit_rows(1), 5, axis=0)
    store = create(tmp_path / "chroma", ["d", "a", "e", "c", "b"], same)
    assert [i for i, _ in store.search(same[0], 5)] == ["a", "b", "c", "d", "e"]
    store.close()


def test_more_results_than_vectors_gives_all_of_them(tmp_path):
    store = create(tmp_path / "chroma", names(3), unit_rows(3))
    assert len(store.search(unit_rows(1)[0], 50)) == 3
    store.close()


def test_more_vectors_than_chroma_takes_at_once_all_arrive(tmp_path):
    n = 6_000  # Chroma takes 5,461 in a batch
    store = VectorStore.create(tmp_path / "chroma", [(names(n), unit_rows(n))])
    assert store.count() == n
    store.close()


@pytest.mark.parametrize("vector", [np.full(DIM, np.nan), np.full(DIM, np.inf)])
def test_query_that_is_not_finite_is_refused(store, vector):
    with pytest.raises(ValueError, match="finite"):
        store.search(vector.astype(np.float32), 1)


def test_asking_for_no_result_is_refused(store):
    with pytest.raises(ValueError, match="top_k"):
        store.search(unit_rows(1)[0], 0)


def test_ids_and_vectors_must_be_as_many(tmp_path):
    with pytest.raises(ValueError, match="2 ids for 3 vectors"):
        create(tmp_path / "chroma", names(2), unit_rows(3))


def test_vectors_are_let_go_of_as_soon_as_they_are_written(tmp_path):
    made = []

    def batches():
        for i in range(5):
            vectors = unit_rows(10, seed=i)
            made.append(weakref.ref(vectors))
            yield [f"p{i}{j}" for j in range(10)], vectors
            assert not any(batch() is not None for batch in made[:-1])

    VectorStore.create(tmp_path / "chroma", batches()).close()
    assert len(made) == 5


def test_what_goes_wrong_in_making_the_vectors_is_not_blamed_on_chroma(tmp_path):
    def batches():
        yield names(3), unit_rows(3)
        raise IndexProblem("no more")

    with pytest.raises(IndexProblem, match="^no more$"):
        VectorStore.create(tmp_path / "chroma", batches())


def test_opening_a_missing_store_says_so_and_makes_none(tmp_path):
    with pytest.raises(IndexDamaged, match="lost its vectors"):
        VectorStore.open(tmp_path / "chroma")
    assert list(tmp_path.iterdir()) == []


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def overwrite(path):
    path.write_bytes(b"no database " * 1000)


@pytest.mark.parametrize("damage", [halve, empty, overwrite, Path.unlink])
def test_damaged_database_is_an_error_until_it_is_put_back(tmp_path, damage):
    ids, vectors = names(50), unit_rows(50)
    create(tmp_path / "chroma", ids, vectors).close()
    database = tmp_path / "chroma" / "chroma.sqlite3"
    whole = database.read_bytes()
    damage(database)
    with pytest.raises(IndexDamaged, match="alliances rebuild"):
        VectorStore.open(tmp_path / "chroma")
    database.write_bytes(whole)
    store = VectorStore.open(tmp_path / "chroma")  # nothing of the failure stays in this process
    assert store.search(vectors[7], 1)[0][0] == ids[7]
    store.close()


def test_files_that_chroma_keeps_beside_the_database_do_not_matter(tmp_path):
    ids, vectors = names(50), unit_rows(50)
    create(tmp_path / "chroma", ids, vectors).close()
    beside = [path for path in (tmp_path / "chroma").rglob("*.bin")]
    assert beside
    for path in beside:
        overwrite(path)
    store = VectorStore.open(tmp_path / "chroma")
    assert [store.search(vector, 1)[0][0] for vector in vectors] == ids
    store.close()


def test_existing_folder_is_not_written_over(tmp_path):
    (tmp_path / "chroma").mkdir()
    with pytest.raises(IndexNotWritten, match="cannot write to"):
        create(tmp_path / "chroma", names(1), unit_rows(1))


def test_closed_store_answers_no_more(tmp_path):
    store = create(tmp_path / "chroma", names(3), unit_rows(3))
    store.close()
    store.close()
    with pytest.raises(IndexDamaged):
        store.search(unit_rows(1)[0], 1)
