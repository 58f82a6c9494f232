"""Vectors of an unfinished build outlive it, and nothing that is wrong with their file outlives the next one."""

import sqlite3

import numpy as np
import pytest

from index.vectors.unfinished import UnfinishedVectors

IDS = ["a", "b", "c"]
VECTORS = np.eye(3, 4, dtype=np.float32)


@pytest.fixture
def path(tmp_path):
    made = UnfinishedVectors(tmp_path / "embeddings.partial", "model-1", 4)
    made.add(IDS[:2], VECTORS[:2])
    made.add(IDS[2:], VECTORS[2:])
    made.close()
    return tmp_path / "embeddings.partial"


def found(path, fingerprint="model-1", dimension=4):
    made = UnfinishedVectors(path, fingerprint, dimension)
    try:
        return made.vectors_of([*IDS, "unknown"])
    finally:
        made.close()


def test_vectors_are_there_for_the_next_build(path):
    again = found(path)
    assert again.keys() == set(IDS)
    assert np.array_equal([again[i] for i in IDS], VECTORS)


def test_vectors_of_another_model_are_forgotten(path):
    assert found(path, "model-2") == {}
    assert found(path, "model-1") == {}


def test_vectors_of_another_length_are_not_given(path):
    assert found(path, dimension=5) == {}


@pytest.mark.parametrize("data", [b"", b"no database at all", None])
def test_damaged_file_is_begun_anew(path, data):
    path.write_bytes(path.read_bytes()[:5000] if data is None else data)
    assert found(path) == {}
    made = UnfinishedVectors(path, "model-1", 4)
    made.add(["d"], VECTORS[:1])
    assert made.vectors_of(["d"]).keys() == {"d"}
    made.close()


def test_changed_vector_is_not_given(path):
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE vectors SET vector = ? WHERE id = 'b'", (VECTORS[0].tobytes(),))
    connection.close()
    assert found(path).keys() == {"a", "c"}


def test_finished_build_leaves_no_file(path):
    UnfinishedVectors(path, "model-1", 4).remove()
    assert list(path.parent.iterdir()) == []
