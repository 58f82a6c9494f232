"""A rebuild is all or nothing: whatever ends it, the old index answers, and the next rebuild succeeds.

Also: only new text is embedded, and an index that is not what this program wrote is refused with a reason.
"""

import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest

from index.build import STEPS, Step, open_index, rebuild
from index.embed import MiniLM
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexNotWritten,
    IndexProblem,
    LibraryError,
)

FORUM = """---
title: Example Forum
alliance:
  name: Example Forum
  kind: safety
  status: active
  founded: 2023-07-26
  founders: [Blue Labs]
sources:
  - {id: s1, title: About, publisher: Example Forum}
---
The Example Forum is a body that studies the safety of large models. [s1]
The Example Forum was founded on 26 July 2023 by Blue Labs. [s1]

## Work

The Example Forum publishes reports on the testing of frontier models. [s1]
"""
CONSORTIUM = """---
title: Cable Consortium
---
The Cable Consortium writes a standard for the links between accelerators in one rack.
"""
NETWORK = """---
title: Harvest Network
---
The Harvest Network brings language models to farmers in twelve countries.
"""
CHANGED = CONSORTIUM + "\nThe second version of the cable standard appeared in March 2026.\n"
NEW_TEXT = "second version of the cable standard"


class WordEmbedder:
    """Counts the words of a text into buckets: quick, deterministic, and near for texts that share words."""

    name = "words"
    dimension = 128

    def __init__(self, fingerprint="words-1"):
        self.fingerprint = fingerprint
        self.embedded = []

    def count_tokens(self, text):
        return len(text.split())

    def embed(self, texts, on_done=None):
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().replace(".", " ").split():
                row[zlib.crc32(word.encode()) % self.dimension] += 1
            row /= np.linalg.norm(row)
            self.embedded.append(text)
            if on_done:
                on_done(len(self.embedded))
        return vectors


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    for slug, text in {"forum": FORUM, "consortium": CONSORTIUM, "network": NETWORK}.items():
        (folder / f"{slug}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def index_folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def built(library, index_folder):
    """The folder of an index of the three articles."""
    rebuild([library], index_folder, WordEmbedder())
    return index_folder


def change(library):
    (library / "consortium.md").write_text(CHANGED, encoding="utf-8")


def find(index, words, embedder=None):
    """The text of the passage nearest to these words."""
    vector = (embedder or WordEmbedder()).embed([words])[0]
    return index.catalogue.passages([index.store.search(vector, 1)[0][0]])[0].text


def ask(index_folder, words):
    with open_index(index_folder, WordEmbedder()) as index:
        return find(index, words)


def leftovers(index_folder):
    return sorted(path.name for path in index_folder.glob("*.tmp"))


def generations(index_folder):
    return sorted(path.name for path in index_folder.glob("gen-*"))


# -- what a rebuild does


def test_first_build_makes_an_index_that_answers(library, index_folder):
    report = rebuild([library], index_folder, WordEmbedder())
    assert report.generation == 1
    assert not report.unchanged
    assert report.added == ("consortium", "forum", "network")
    assert report.changed == report.removed == ()
    assert report.passages_embedded == report.counts["passages"] > 0
    assert report.counts["articles"] == 3
    assert report.counts["alliances"] == report.counts["organisations"] == 1
    assert "farmers" in ask(index_folder, "language models for farmers")
    assert generations(index_folder) == ["gen-000001"]
    assert (index_folder / "CURRENT").read_text() == "gen-000001\n"


def test_steps_are_told_in_order_and_embedding_counts_texts(library, index_folder):
    told = []
    report = rebuild([library], index_folder, WordEmbedder(), on_step=told.append)
    assert tuple(dict.fromkeys(step.name for step in told)) == STEPS
    embedding = [step for step in told if step.name == "embed"]
    total = report.counts["passages"] + report.counts["sentences"]
    assert embedding == [Step("embed", done, total) for done in range(total + 1)]


def test_unchanged_articles_are_neither_embedded_nor_written(library, built):
    before = (built / "gen-000001" / "manifest.json").stat().st_mtime_ns
    embedder = WordEmbedder()
    report = rebuild([library], built, embedder)
    assert report.unchanged
    assert report.generation == 1
    assert report.passages_embedded == 0
    assert report.added == report.changed == report.removed == ()
    assert embedder.embedded == []
    assert (built / "gen-000001" / "manifest.json").stat().st_mtime_ns == before


def test_only_the_changed_article_is_embedded(library, built):
    change(library)
    embedder = WordEmbedder()
    report = rebuild([library], built, embedder)
    assert report.changed == ("consortium",)
    assert report.added == report.removed == ()
    assert report.passages_reused == report.counts["passages"] - report.passages_embedded > 0
    assert embedder.embedded
    assert all("cable" in text.lower() for text in embedder.embedded)
    assert NEW_TEXT in ask(built, NEW_TEXT)
    assert "farmers" in ask(built, "farmers")


def test_removed_article_is_forgotten(library, built):
    (library / "network.md").unlink()
    report = rebuild([library], built, WordEmbedder())
    assert report.removed == ("network",)
    assert report.passages_embedded == 0
    assert "farmers" not in ask(built, "language models for farmers")


def test_force_builds_and_embeds_everything_again(library, built):
    report = rebuild([library], built, WordEmbedder(), force=True)
    assert not report.unchanged
    assert report.generation == 2
    assert report.passages_embedded == report.counts["passages"]


def test_moved_library_is_noticed_but_not_embedded_again(library, built):
    moved = library.rename(library.with_name("moved"))
    embedder = WordEmbedder()
    report = rebuild([moved], built, embedder)
    assert not report.unchanged
    assert embedder.embedded == []
    with open_index(built, embedder) as index:
        assert {article.path.parent for article in index.catalogue.articles.values()} == {moved}


def test_changed_organisations_are_noticed(library, built):
    (library / "organisations.yaml").write_text("Blue Labs:\n  aliases: [BL]\n", encoding="utf-8")
    assert not rebuild([library], built, WordEmbedder()).unchanged


def test_two_newest_generations_are_kept(library, built):
    for _ in range(3):
        report = rebuild([library], built, WordEmbedder(), force=True)
    assert report.generation == 4
    assert generations(built) == ["gen-000003", "gen-000004"]


# -- what cannot be built


def test_library_without_articles_is_an_error(tmp_path):
    with pytest.raises(LibraryError, match="no articles"):
        rebuild([tmp_path / "nowhere"], tmp_path / "index", WordEmbedder())
    assert generations(tmp_path / "index") == []


def test_wrong_article_leaves_the_old_index(library, built):
    (library / "wrong.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(LibraryError, match="wrong.md"):
        rebuild([library], built, WordEmbedder())
    assert "farmers" in ask(built, "farmers")


def test_vectors_that_are_none_are_not_published(library, built):
    class BrokenEmbedder(WordEmbedder):
        def embed(self, texts, on_done=None):
            return super().embed(texts, on_done) * np.float32(np.nan)

    with pytest.raises(IndexProblem, match="not of length one"):
        rebuild([library], built, BrokenEmbedder(), force=True)
    assert generations(built) == ["gen-000001"]


def test_second_builder_is_refused_and_told_who_builds(library, index_folder):
    refused = []

    def build_meanwhile(step):
        if step.name == "catalogue":
            with pytest.raises(IndexBusy, match=rf"Process {os.getpid()} on .* is building") as error:
                rebuild([library], index_folder, WordEmbedder())
            refused.append(error.value)

    rebuild([library], index_folder, WordEmbedder(), on_step=build_meanwhile)
    assert len(refused) == 1
    assert not (index_folder / "LOCK.holder").exists()


# -- what ends a build early


@pytest.mark.parametrize("at", STEPS)
def test_interrupted_build_cleans_up_and_frees_the_lock(library, built, at):
    def interrupt(step):
        if step.name == at:
            raise KeyboardInterrupt

    change(library)
    with pytest.raises(KeyboardInterrupt):
        rebuild([library], built, WordEmbedder(), on_step=interrupt)
    assert leftovers(built) == []
    assert "farmers" in ask(built, "farmers")
    rebuild([library], built, WordEmbedder())
    assert NEW_TEXT in ask(built, NEW_TEXT)


# Chroma cannot live through a fork: the children come from a process that has imported it but never used it.
PROCESSES = None
if os.name == "posix":
    PROCESSES = multiprocessing.get_context("forkserver")
    PROCESSES.set_forkserver_preload(["pytest", "chromadb", "hypothesis", "index.build"])
needs_kill = pytest.mark.skipif(PROCESSES is None, reason="SIGKILL is of POSIX systems")


def build_and_die(library, index_folder, at, make_embedder):
    """Rebuild, and be killed as `at`, a step and for `embed` a number of texts, is reached."""

    def die(step):
        if (step.name, step.done) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    rebuild([library], index_folder, make_embedder(), on_step=die)


def kill_build(library, index_folder, at, make_embedder=WordEmbedder):
    process = PROCESSES.Process(target=build_and_die, args=(library, index_folder, at, make_embedder))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


DEATHS = [(name, 0) for name in STEPS] + [("embed", 2)]


@needs_kill
@pytest.mark.parametrize("at", DEATHS, ids=str)
def test_killed_first_build_leaves_nothing_or_all(library, index_folder, at):
    kill_build(library, index_folder, at)
    if at[0] == "cleanup":
        assert "farmers" in ask(index_folder, "farmers")
    else:
        with pytest.raises(IndexMissing):
            open_index(index_folder, WordEmbedder())
    rebuild([library], index_folder, WordEmbedder())
    assert "farmers" in ask(index_folder, "farmers")
    assert leftovers(index_folder) == []


@needs_kill
@pytest.mark.parametrize("at", DEATHS, ids=str)
def test_killed_rebuild_leaves_the_old_index_or_the_new_one(library, built, at):
    rebuild([library], built, WordEmbedder(), force=True)  # so that there is something to clean up
    change(library)
    kill_build(library, built, at)
    assert "farmers" in ask(built, "farmers")
    assert (NEW_TEXT in ask(built, NEW_TEXT)) == (at[0] == "cleanup")
    report = rebuild([library], built, WordEmbedder())
    assert report.unchanged == (at[0] == "cleanup")
    assert NEW_TEXT in ask(built, NEW_TEXT)
    assert leftovers(built) == []


@needs_kill
def test_build_killed_while_the_real_model_reads_can_be_repeated(library, index_folder):
    for i in range(40):
        text = NETWORK.replace("Harvest", f"Harvest {i}").replace("twelve", str(i))
        (library / f"network-{i}.md").write_text(text, encoding="utf-8")
    kill_build(library, index_folder, ("embed", 32), MiniLM)
    for path in library.glob("network-*.md"):
        path.unlink()
    minilm = MiniLM()
    with pytest.raises(IndexMissing):
        open_index(index_folder, minilm)
    report = rebuild([library], index_folder, minilm)
    assert report.counts["articles"] == 3
    with open_index(index_folder, minilm) as index:
        assert "rack" in find(index, "Which standard connects AI chips?", minilm)
        assert "farmers" in find(index, "What helps agriculture?", minilm)


# -- a disk that is full, small or read-only


@pytest.fixture
def disk(tmp_path):
    """Makes file systems of their own size: `disk(megabytes)` is the folder of a new one."""
    mounted = []

    def mount(megabytes):
        folder = tmp_path / f"disk-{megabytes}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("needs the right to mount a file system")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder):
    """Leave a few kilobytes of room, in a file that is returned."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as stream:
        stream.truncate(0)
        free = shutil.disk_usage(folder).free - 8_192
        while free > 0:
            free -= stream.write(b"\0" * min(free, 1_000_000))
    return filler


@pytest.mark.parametrize("at", ["catalogue", "chroma", "manifest"])
def test_full_disk_is_told_and_the_old_index_answers(library, disk, at):
    folder = disk(80)
    index_folder = folder / "index"
    rebuild([library], index_folder, WordEmbedder())
    change(library)
    with open_index(index_folder, WordEmbedder()) as reader:

        def fill_up(step):
            if step.name == at:
                fill(folder)

        message = (
            rf"could not be written to {index_folder}: .* needs about \d+ MB there, \d+ are free|MB are free"
        )
        with pytest.raises(IndexNotWritten, match=message) as error:
            rebuild([library], index_folder, WordEmbedder(), on_step=fill_up)
        assert "The old index still answers" in str(error.value)
        assert "\n" not in str(error.value)
        assert "farmers" in find(reader, "farmers")
    assert leftovers(index_folder) == []
    (folder / "filler").unlink()
    assert "farmers" in ask(index_folder, "farmers")
    rebuild([library], index_folder, WordEmbedder())
    assert NEW_TEXT in ask(index_folder, NEW_TEXT)


def test_too_small_disk_is_told_before_anything_is_embedded(library, disk):
    embedder = WordEmbedder()
    with pytest.raises(IndexNotWritten, match="too little free space") as error:
        rebuild([library], disk(8) / "index", embedder)
    assert "old index" not in str(error.value)
    assert embedder.embedded == []


def test_read_only_folder_is_told(library, disk):
    folder = disk(80)
    rebuild([library], folder / "index", WordEmbedder())
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    change(library)
    with pytest.raises(IndexNotWritten, match="[Rr]ead-only"):
        rebuild([library], folder / "index", WordEmbedder())
    with pytest.raises(IndexNotWritten, match="cannot be read, because Chroma cannot write"):
        open_index(folder / "index", WordEmbedder())


def test_index_folder_that_is_a_file_is_told(library, index_folder):
    index_folder.write_text("not a folder")
    with pytest.raises(IndexNotWritten, match="could not be written"):
        rebuild([library], index_folder, WordEmbedder())


# -- opening


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
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


@pytest.mark.parametrize("field", ["format", "passage_format"])
def test_index_in_another_format_is_refused_until_rebuilt(library, built, field):
    edit_manifest(built, **{field: "of next year"})
    with pytest.raises(IndexMismatch, match="'of next year'"):
        open_index(built, WordEmbedder())
    assert not rebuild([library], built, WordEmbedder()).unchanged
    open_index(built, WordEmbedder()).close()


def empty(path):
    path.write_bytes(b"")


def overwrite(path):
    path.write_bytes(b"no index " * 1000)


def remove_vectors(path):
    """Empty Chroma's store in a way that it does not notice."""
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM embeddings_queue")
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
    ("gen-000001/chroma", shutil.rmtree),
    ("gen-000001/chroma/chroma.sqlite3", Path.unlink),
    ("gen-000001/chroma/chroma.sqlite3", empty),
    ("gen-000001/chroma/chroma.sqlite3", overwrite),
    ("gen-000001/chroma/chroma.sqlite3", remove_vectors),
]


@pytest.mark.parametrize(("path", "damage"), DAMAGES, ids=lambda value: getattr(value, "__name__", value))
def test_damaged_index_is_refused_until_rebuilt(library, built, path, damage):
    damage(built / path)
    with pytest.raises(IndexDamaged, match="alliances rebuild") as error:
        open_index(built, WordEmbedder())
    assert "\n" not in str(error.value)
    assert not rebuild([library], built, WordEmbedder()).unchanged
    assert "farmers" in ask(built, "farmers")


@pytest.mark.parametrize(
    "fields",
    [
        {"counts": {"articles": 4}},
        {"counts": "many"},
        {"passage_ids": "0" * 64},
        {"canaries": [{"passage_id": "a", "text": "b", "vector": "not base64!"}]},
        {"canaries": [{"passage_id": "a", "text": "b", "vector": "AAAAAA=="}]},
        {"articles": None},
    ],
    ids=str,
)
def test_manifest_that_does_not_fit_the_rest_is_damage(built, fields):
    edit_manifest(built, **fields)
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
    store, vector = index.store, WordEmbedder().embed(["farmers"])[0]
    del index
    with pytest.raises(IndexDamaged):
        store.search(vector, 1)
