"""Only an index that is what this program wrote is opened; everything else is refused with what to do.

An open index answers from its own generation, whatever happens to the folder.
"""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_index import NEW_TEXT, WordEmbedder, ask, change, find, write_library

from index.build import open_index, rebuild
from index.errors import IndexDamaged, IndexMismatch, IndexMissing
from index.manifest import read_manifest, write_manifest
from index.vectors.store import VectorStore


@pytest.fixture
def library(tmp_path):
    return write_library(tmp_path / "library")


@pytest.fixture
def index_folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def built(library, index_folder):
    """The folder of an index of the three articles."""
    rebuild([library], index_folder, WordEmbedder())
    return index_folder


def test_before_the_first_build_the_index_is_missing_and_stays_so(index_folder):
    with pytest.raises(IndexMissing, match="alliances rebuild"):
        open_index(index_folder, WordEmbedder())
    assert not index_folder.exists()


def test_index_of_another_embedding_model_is_refused_until_rebuilt(library, built):
    other = WordEmbedder("words-2")
    with pytest.raises(IndexMismatch, match=r"'words' \(words-1\).*'words' \(words-2\)"):
        open_index(built, other)
    report = rebuild([library], built, other)
    assert report.passages_embedded == report.counts["passages"]
    open_index(built, other).close()


def edit_manifest(index_folder, **fields):
    path = index_folder / "gen-000001" / "manifest.json"
    write_manifest(path, replace(read_manifest(path), **fields))


@pytest.mark.parametrize("field", ["format", "passage_format"])
def test_index_in_another_format_is_refused_until_rebuilt(library, built, field):
    edit_manifest(built, **{field: "of last year"})
    with pytest.raises(IndexMismatch, match="'of last year'"):
        open_index(built, WordEmbedder())
    assert not rebuild([library], built, WordEmbedder()).unchanged
    open_index(built, WordEmbedder()).close()


def test_vectors_kept_elsewhere_than_the_settings_say_are_refused_with_the_setting(built):
    with pytest.raises(IndexMismatch, match="ALLIANCES_CHROMA_URL"):
        open_index(built, WordEmbedder(), "http://127.0.0.1:9")
    edit_manifest(built, store="server")
    with pytest.raises(IndexMismatch, match="ALLIANCES_CHROMA_URL is not set"):
        open_index(built, WordEmbedder())


def empty(path):
    path.write_bytes(b"")


def overwrite(path):
    path.write_bytes(b"no index " * 1000)


def change_one_text(path):
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sentences SET text = 'No such thing.' WHERE id = 1")
    connection.close()


DAMAGES = [
    ("CURRENT", overwrite),
    ("CURRENT", empty),
    ("gen-000001", shutil.rmtree),
    ("gen-000001/manifest.json", Path.unlink),
    ("gen-000001/manifest.json", empty),
    ("gen-000001/manifest.json", overwrite),
    ("gen-000001/catalogue.sqlite", Path.unlink),
    ("gen-000001/catalogue.sqlite", empty),
    ("gen-000001/catalogue.sqlite", overwrite),
    ("gen-000001/catalogue.sqlite", change_one_text),
    ("gen-000001/chroma", shutil.rmtree),
    ("gen-000001/chroma/chroma.sqlite3", Path.unlink),
    ("gen-000001/chroma/chroma.sqlite3", empty),
]


@pytest.mark.parametrize(("path", "damage"), DAMAGES, ids=lambda value: getattr(value, "__name__", value))
def test_damaged_index_is_refused_until_rebuilt(library, built, path, damage):
    damage(built / path)
    with pytest.raises(IndexDamaged, match="alliances rebuild") as error:
        open_index(built, WordEmbedder())
    assert "\n" not in str(error.value)
    assert not rebuild([library], built, WordEmbedder()).unchanged
    assert "farmers" in ask(built, "farmers")


@pytest.fixture
def chroma_searches(monkeypatch):
    """Every index counts as too large to be searched exactly."""
    monkeypatch.setattr("index.reading.EXACT_LIMIT", 0)


def remove_vectors(path):
    """Empty Chroma's store in a way that it does not notice."""
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM embeddings_queue")
    connection.close()


@pytest.mark.parametrize("damage", [Path.unlink, empty, overwrite, remove_vectors])
def test_where_chroma_searches_its_damage_is_noticed(library, built, chroma_searches, damage):
    damage(built / "gen-000001" / "chroma" / "chroma.sqlite3")
    with pytest.raises(IndexDamaged, match="alliances rebuild") as error:
        open_index(built, WordEmbedder())
    assert "\n" not in str(error.value)
    assert not rebuild([library], built, WordEmbedder()).unchanged
    assert "farmers" in ask(built, "farmers")


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_vectors_of_another_index_are_damage(built, chroma_searches, more):
    chroma = built / "gen-000001" / "chroma"
    n = read_manifest(built / "gen-000001" / "manifest.json").counts["passages"] + more
    shutil.rmtree(chroma)
    vectors = np.eye(n, WordEmbedder.dimension, dtype=np.float32)
    VectorStore.create(chroma, [([str(i) for i in range(n)], vectors)]).close()
    with pytest.raises(IndexDamaged, match="gen-000001 is damaged"):
        open_index(built, WordEmbedder())


def test_a_vector_too_many_is_damage_though_all_others_are_found(built, chroma_searches):
    with open_index(built, WordEmbedder()) as index:
        ids, vectors = index.catalogue.vectors(WordEmbedder.dimension)
    chroma = built / "gen-000001" / "chroma"
    shutil.rmtree(chroma)
    VectorStore.create(chroma, [([*ids, "more"], np.vstack([vectors, -vectors[:1]]))]).close()
    with pytest.raises(IndexDamaged, match=f"{len(ids) + 1} vectors for {len(ids)} passages"):
        open_index(built, WordEmbedder())


@pytest.mark.parametrize("fields", [{"counts": {"articles": 4}}, {"passage_ids": "0" * 64}], ids=str)
def test_manifest_that_does_not_fit_the_catalogue_is_damage(built, fields):
    edit_manifest(built, **fields)
    with pytest.raises(IndexDamaged, match="gen-000001"):
        open_index(built, WordEmbedder())


def test_manifest_with_any_field_changed_is_damage(built):
    path = built / "gen-000001" / "manifest.json"
    written = json.loads(path.read_text())
    for name in written.keys() - {"format"}:
        path.write_text(json.dumps({**written, name: "x"}))
        with pytest.raises(IndexDamaged, match="gen-000001"):
            open_index(built, WordEmbedder())


def test_damaged_vectors_are_embedded_again_not_taken_over(library, built):
    connection = sqlite3.connect(built / "gen-000001" / "catalogue.sqlite")
    connection.execute("UPDATE passages SET vector = zeroblob(length(vector))")
    connection.commit()
    connection.close()
    change(library)
    report = rebuild([library], built, WordEmbedder())
    assert report.passages_embedded == report.counts["passages"]
    assert "farmers" in ask(built, "farmers")


# -- readers while the index is rebuilt


def test_reader_answers_from_its_own_generation_while_others_replace_it(library, built):
    with open_index(built, WordEmbedder()) as reader:
        assert not reader.is_superseded()
        change(library)
        rebuild([library], built, WordEmbedder())
        assert reader.is_superseded()
        assert NEW_TEXT not in find(reader, NEW_TEXT)
        assert "farmers" in find(reader, "farmers")


def test_retired_index_answers_until_the_last_holder_lets_go(built):
    index = open_index(built, WordEmbedder())
    index.retire()
    assert "farmers" in find(index, "farmers")
    catalogue = index.catalogue
    del index
    with pytest.raises(IndexDamaged):
        catalogue.counts()
