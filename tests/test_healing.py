"""Whatever becomes of the index's files, it is noticed, said in one line, and mended; nothing crashes or is empty."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace

import pytest
from tiny_index import CHANGED, NEW_TEXT, WordEmbedder, change, find, write_library

from assistant.probe import ProbeFailed, run_probe
from index import healing
from index.build import open_index, rebuild
from index.deep_check import check_catalogue, check_vectors
from index.errors import IndexBusy, IndexDamaged, IndexMismatch, LibraryError
from index.generations import IndexFolder
from index.healing import open_or_build
from index.manifest import read_manifest, write_manifest
from index.vectors.store import VectorStore

FILES = ("manifest.json", "catalogue.sqlite", "chroma/chroma.sqlite3")


@pytest.fixture
def library(tmp_path):
    return write_library(tmp_path / "library")


@pytest.fixture
def built(library, tmp_path, monkeypatch):
    """The folder of an index, in the home that the settings name."""
    monkeypatch.setenv("ALLIANCES_HOME", str(tmp_path))
    rebuild([library], tmp_path / "index", WordEmbedder())
    return tmp_path / "index"


class Heard:
    """What a person was told meanwhile."""

    def __init__(self):
        self.notices = []
        self.steps = []

    def heal(self, library, index_folder, embedder=None):
        return open_or_build(
            [library],
            index_folder,
            embedder or WordEmbedder(),
            on_step=lambda step: self.steps.append(step.name),
            on_notice=self.notices.append,
        )


def answers_and_is_whole(index, embedder=None):
    embedder = embedder or WordEmbedder()
    check_catalogue(IndexFolder(index.folder).current())
    return "farmers" in find(index, "farmers", embedder) and index.store.count() == index.manifest.counts["passages"]


def problem_of(index_folder):
    """What opening the current generation finds, or else `doctor --deep` in processes of its own; "" for nothing."""
    try:
        open_index(index_folder, WordEmbedder()).close()
    except (IndexDamaged, IndexMismatch) as exc:
        return str(exc)
    number = str(IndexFolder(index_folder).current().number)
    try:
        found = run_probe("catalogue", number) or run_probe("vectors", number)
    except ProbeFailed as exc:  # a native crash of the other process
        return str(exc)
    return found.get("error", "")


# -- damage


def emptied(data):
    return b""


def halved(data):
    return data[: len(data) // 2]


@pytest.mark.parametrize("damage", [emptied, halved, None], ids=["emptied", "halved", "removed"])
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_said_in_one_line_and_the_index_heals(library, built, file, damage):
    path = built / "gen-000001" / file
    if damage:
        path.write_bytes(damage(path.read_bytes()))
    else:
        path.unlink()
    found = problem_of(built)
    assert "gen-000001" in found and "\n" not in found
    heard = Heard()
    with heard.heal(library, built) as index:
        assert answers_and_is_whole(index)
    assert all("gen-000001" in notice and "built anew" in notice for notice in heard.notices)


@pytest.mark.parametrize("file", FILES[:2])
def test_any_flipped_bit_of_manifest_or_catalogue_is_noticed_at_opening_and_healed(library, built, file):
    path = built / "gen-000001" / file
    sound = path.read_bytes()
    for place in range(0, 100, 4):
        data = bytearray(sound)
        data[place * (len(data) - 1) // 96] ^= 1 << place % 8
        path.write_bytes(data)
        with pytest.raises((IndexDamaged, IndexMismatch), match="gen-000001") as error:
            open_index(built, WordEmbedder())
        assert "\n" not in str(error.value)
    heard = Heard()
    with heard.heal(library, built) as index:
        assert (index.number, len(heard.notices)) == (2, 1)
        assert answers_and_is_whole(index)


def test_a_flipped_bit_of_chroma_is_found_by_the_deep_check_or_harms_nobody(library, built):
    path = built / "gen-000001" / "chroma" / "chroma.sqlite3"
    sound = path.read_bytes()
    for place in (0, 20, 4100, len(sound) // 2, len(sound) - 10):
        data = bytearray(sound)
        data[place] ^= 0x55
        path.write_bytes(data)
        assert "\n" not in problem_of(built)
        with Heard().heal(library, built) as index:
            assert answers_and_is_whole(index)


def test_all_that_is_lost_at_once_is_built_from_the_articles(library, built):
    shutil.rmtree(built / "gen-000001")
    heard = Heard()
    with heard.heal(library, built) as index:
        assert answers_and_is_whole(index)
    assert len(heard.notices) == 1


def test_a_pointer_that_names_nothing_is_healed(library, built):
    (built / "CURRENT").write_text("gen-9")
    with Heard().heal(library, built) as index:
        assert answers_and_is_whole(index)


def test_a_first_build_and_a_sound_index_say_nothing(library, tmp_path):
    heard = Heard()
    heard.heal(library, tmp_path / "index").close()
    assert "embed" in heard.steps
    heard.steps.clear()
    heard.heal(library, tmp_path / "index").close()
    assert (heard.notices, heard.steps) == ([], [])


# -- Chroma may end the process that opens it


@pytest.fixture
def deadly_chroma(tmp_path, monkeypatch):
    """Chroma searches every index, and kills each other process that imports it."""
    monkeypatch.setattr("index.reading.EXACT_LIMIT", 0)
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "chromadb.py").write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "modules")


def test_vectors_that_kill_their_reader_are_written_anew_from_the_catalogue(library, built, deadly_chroma):
    heard, embedder = Heard(), WordEmbedder()
    with heard.heal(library, built, embedder) as index:
        assert index.number == 2
        assert embedder.embedded == []
        assert answers_and_is_whole(index)
    assert len(heard.notices) == 1 and "ended a process" in heard.notices[0]


def test_the_deep_check_survives_vectors_that_kill_their_reader(built, deadly_chroma):
    assert run_probe("catalogue", "1") == {}
    with pytest.raises(ProbeFailed, match="signal"):
        run_probe("vectors", "1")


@pytest.mark.parametrize("wrong", ["ids", "vectors"])
def test_the_deep_check_tells_other_ids_and_other_vectors_from_those_written(built, wrong):
    generation = IndexFolder(built).current()
    check_vectors(generation)
    with open_index(built, WordEmbedder()) as index:
        ids, vectors = index.catalogue.vectors(WordEmbedder.dimension)
    ids = [f"{i}x" for i in ids] if wrong == "ids" else ids
    vectors = -vectors if wrong == "vectors" else vectors
    shutil.rmtree(generation.chroma)
    VectorStore.create(generation.chroma, [(ids, vectors)]).close()
    with pytest.raises(IndexDamaged, match="gen-000001 is damaged .chroma"):
        check_vectors(generation)


# -- made in another way


@pytest.mark.parametrize("field", ["format", "passage_format", "fingerprint"])
def test_an_index_made_in_another_way_is_named_and_built_anew_never_mixed(library, built, field):
    path = built / "gen-000001" / "manifest.json"
    write_manifest(path, replace(read_manifest(path), **{field: "of last year"}))
    heard, embedder = Heard(), WordEmbedder()
    with heard.heal(library, built, embedder) as index:
        assert answers_and_is_whole(index)
        assert len(embedder.embedded) >= index.manifest.counts["passages"]
    assert len(heard.notices) == 1 and "of last year" in heard.notices[0]


# -- when nothing new can be built


def test_an_older_generation_answers_while_an_article_cannot_be_read(library, built):
    change(library)
    rebuild([library], built, WordEmbedder())
    (built / "gen-000002" / "catalogue.sqlite").unlink()
    (library / "consortium.md").write_text("---\ntitel: wrong\n---\nText.\n")
    heard = Heard()
    with heard.heal(library, built) as index:
        assert index.number == 1
        assert NEW_TEXT not in find(index, NEW_TEXT)
    assert len(heard.notices) == 2 and "generation 1 answers" in heard.notices[1]
    assert all("\n" not in notice for notice in heard.notices)
    (library / "consortium.md").write_text(CHANGED)
    with Heard().heal(library, built) as index:
        assert NEW_TEXT in find(index, NEW_TEXT)


def test_without_an_older_generation_the_reason_is_raised(library, built):
    (built / "gen-000001" / "catalogue.sqlite").unlink()
    (library / "consortium.md").write_text("---\ntitel: wrong\n---\nText.\n")
    with pytest.raises(LibraryError, match="consortium"):
        Heard().heal(library, built)


# -- two at once


class SlowEmbedder(WordEmbedder):
    """Embeds only once it may."""

    def __init__(self, may):
        super().__init__()
        self._may = may
        self.started = threading.Event()

    def embed(self, texts, on_done=None):
        self.started.set()
        assert self._may.wait(60)
        return super().embed(texts, on_done)


def test_of_two_that_heal_at_once_one_builds_and_the_other_waits_for_it(library, tmp_path):
    may = threading.Event()
    slow = SlowEmbedder(may)
    builder = threading.Thread(target=rebuild, args=([library], tmp_path / "index", slow))
    builder.start()
    assert slow.started.wait(60)

    def on_notice(notice):
        notices.append(notice)
        may.set()

    notices, other = [], WordEmbedder()
    with open_or_build([library], tmp_path / "index", other, on_step=lambda step: None, on_notice=on_notice) as index:
        assert index.number == 1
        assert other.embedded == []
    builder.join()
    (notice,) = notices
    assert "is building the index" in notice and notice.endswith("Waiting until it has finished.")


def test_who_builds_for_too_long_is_named_and_an_older_generation_answers(library, built, monkeypatch):
    monkeypatch.setattr(healing, "_PATIENCE_S", 0)
    monkeypatch.setattr(healing, "_POLL_S", 0)
    rebuild([library], built, WordEmbedder(), force=True)
    (built / "gen-000002" / "manifest.json").unlink()
    heard = Heard()
    with IndexFolder(built).lock():
        with heard.heal(library, built) as index:
            assert index.number == 1
        shutil.rmtree(built / "gen-000001")
        with pytest.raises(IndexBusy, match="is building"):
            heard.heal(library, built)
    assert "generation 1 answers" in " ".join(heard.notices)
