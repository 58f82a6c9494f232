"""A rebuild is all or nothing: whatever ends it, the old index answers, and the next rebuild succeeds.

Also: only new text is embedded.
"""

import multiprocessing
import os
import shutil
import signal
import subprocess

import numpy as np
import pytest
from tiny_index import NETWORK, NEW_TEXT, WordEmbedder, ask, change, find, write_library

from index.build import STEPS, Step, open_index, rebuild
from index.errors import (
    IndexBusy,
    IndexMissing,
    IndexNotWritten,
    IndexProblem,
    LibraryError,
)
from index.vectors.embed import MiniLM


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
    total = report.counts["passages"]
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


def test_generation_that_was_read_until_now_is_kept_too(library, built):
    def interrupt(step):
        if step.name == "current":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild([library], built, WordEmbedder(), on_step=interrupt, force=True)
    rebuild([library], built, WordEmbedder(), force=True)
    assert generations(built) == ["gen-000001", "gen-000002", "gen-000003"]
    rebuild([library], built, WordEmbedder(), force=True)
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


DEATHS = [(name, 0) for name in STEPS] + [("embed", 1)]


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
def test_build_killed_while_the_real_model_reads_goes_on_where_it_was(library, index_folder, embedder):
    for i in range(100):
        text = NETWORK.replace("Harvest", f"Harvest {i}").replace("twelve", str(i))
        (library / f"network-{i}.md").write_text(text, encoding="utf-8")
    kill_build(library, index_folder, ("embed", 103), MiniLM)  # when the last 64 are read, but not kept
    with pytest.raises(IndexMissing):
        open_index(index_folder, embedder)
    report = rebuild([library], index_folder, embedder)
    assert report.passages_embedded == report.counts["passages"] - 64
    with open_index(index_folder, embedder) as index:
        assert "rack" in find(index, "Which standard connects AI chips?", embedder)
        assert "farmers" in find(index, "What helps agriculture?", embedder)


def test_interrupted_embedding_is_not_lost(library, index_folder, monkeypatch):
    monkeypatch.setattr("index.vectors.taken_over._KEPT_EACH", 1)

    def interrupt(step):
        if (step.name, step.done) == ("embed", 3):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild([library], index_folder, WordEmbedder(), on_step=interrupt)
    embedder = WordEmbedder()
    report = rebuild([library], index_folder, embedder)
    assert report.passages_embedded == len(embedder.embedded) == report.counts["passages"] - 2
    assert not (index_folder / "embeddings.partial").exists()
    assert "farmers" in ask(index_folder, "farmers")


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

        message = rf"could not be written to {index_folder}: .* needs about \d+ MB there, \d+ are free|MB are free"
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


def test_read_only_folder_is_told_and_read_from(library, disk):
    folder = disk(80)
    rebuild([library], folder / "index", WordEmbedder())
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    change(library)
    with pytest.raises(IndexNotWritten, match="[Rr]ead-only"):
        rebuild([library], folder / "index", WordEmbedder())
    assert "farmers" in ask(folder / "index", "farmers")


def test_index_folder_that_is_a_file_is_told(library, index_folder):
    index_folder.write_text("not a folder")
    with pytest.raises(IndexNotWritten, match="could not be written"):
        rebuild([library], index_folder, WordEmbedder())
