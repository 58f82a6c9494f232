"""A rebuild in the background tells its steps and its end, whatever that is, and dies with who started it."""

import subprocess
import sys
import time

import pytest

from assistant.rebuilding import BROKEN_OFF, Rebuild
from assistant.settings import Settings
from index.build import STEPS
from index.generations import IndexFolder

ARTICLE = "---\ntitle: A Note\n---\n\nThe cable was laid in {}.\n"
PATIENCE_S = 300  # the first use of the model takes a minute on a busy machine


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "note.md").write_text(ARTICLE.format(2024))
    return Settings.load(home=tmp_path / "home", library=tmp_path / "library")


def ended(rebuild):
    """The names of its steps, once it is over."""
    deadline, steps = time.monotonic() + PATIENCE_S, []
    while rebuild.is_running:
        assert time.monotonic() < deadline
        steps += [rebuild.step.name] if rebuild.step.name not in steps[-1:] else []
        time.sleep(0.01)
    return steps


def test_it_builds_and_reports(settings):
    rebuild = Rebuild(settings)
    steps = ended(rebuild)
    assert rebuild.failure is None
    assert (rebuild.report.added, rebuild.report.counts["articles"]) == (("note",), 1)
    assert steps == sorted(steps, key=STEPS.index)
    assert IndexFolder(settings.index_folder).current().number == 1


def test_with_nothing_new_it_changes_nothing(settings):
    ended(Rebuild(settings))
    again = Rebuild(settings)
    ended(again)
    assert again.report.unchanged
    assert IndexFolder(settings.index_folder).current().number == 1


def test_a_wrong_article_is_told_in_words_and_the_old_index_stays(settings):
    ended(Rebuild(settings))
    (settings.library / "wrong.md").write_text("no front matter")
    rebuild = Rebuild(settings)
    ended(rebuild)
    assert "wrong.md:1: no front matter" in rebuild.failure
    assert IndexFolder(settings.index_folder).current().number == 1


def test_another_builder_is_told(settings):
    with IndexFolder(settings.index_folder).lock():
        rebuild = Rebuild(settings)
        ended(rebuild)
    assert "is building the index" in rebuild.failure


def test_a_process_that_dies_is_told_as_that(settings, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    rebuild = Rebuild(settings)
    ended(rebuild)
    assert rebuild.failure == BROKEN_OFF


def test_the_end_is_announced_after_it_is_known(settings):
    seen = []
    rebuild = Rebuild(settings, on_end=lambda: seen.append(rebuild.is_running))
    ended(rebuild)
    deadline = time.monotonic() + PATIENCE_S
    while not seen and time.monotonic() < deadline:
        time.sleep(0.01)
    assert seen == [False]


def test_its_process_ends_with_its_parent():
    process = subprocess.Popen(
        [sys.executable, "-c", "from assistant.rebuild_process import _end_with_parent as end; end()"],
        stdin=subprocess.PIPE,
    )
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 1
