"""`alliances doctor` finds what is broken, says how to mend it, and is itself broken by nothing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.checks import Check, Status
from assistant.doctor import examine

ARTICLE = """\
---
title: Harbour Pact
published: 2026-11-23
---

The Harbour Pact is an agreement about the safe use of AI models in harbours.
"""
NAMES = ["Python", "Packages", "Articles", "Index", "Embedding model", "Language model"]
NAMES += ["GPU", "Memory", "Disk", "Port", "Network"]
DOCTOR = [sys.executable, "-c", "from assistant.cli import main; main()", "doctor"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of one article and, under `home`, the index of it."""
    folder = tmp_path_factory.mktemp("doctor")
    (folder / "library").mkdir()
    (folder / "library" / "harbour-pact.md").write_text(ARTICLE, encoding="utf-8")
    ours = {"ALLIANCES_HOME": str(folder / "home"), "ALLIANCES_LIBRARY": str(folder / "library")}
    subprocess.run([*DOCTOR[:-1], "rebuild"], env={**os.environ, **ours}, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture
def place(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, in use; the page's port is free."""
    place = tmp_path / "place"
    shutil.copytree(built, place)
    monkeypatch.setenv("ALLIANCES_HOME", str(place / "home"))
    # The index remembers where its articles lay, so the copy keeps to the first library.
    monkeypatch.setenv("ALLIANCES_LIBRARY", str(place / "library"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setenv("ALLIANCES_PORT", str(free.getsockname()[1]))
    return place


def check(name: str, *, deep: bool = False) -> Check:
    checks = examine(deep=deep)
    assert [check.name for check in checks if check.name != "Generations"] == NAMES
    assert all(bool(check.remedy) != (check.status is Status.OK) for check in checks)
    return next(check for check in checks if check.name == name)


def test_a_sound_installation_has_nothing_that_fails(place: Path) -> None:
    checks = examine()
    assert [check for check in checks if check.status is Status.FAIL] == []
    index = next(check for check in checks if check.name == "Index")
    assert index == Check("Index", Status.OK, "generation 1: 1 articles, 1 passages")


def test_no_index_yet_is_a_warning(place: Path) -> None:
    shutil.rmtree(place / "home" / "index")
    index = check("Index")
    assert index.status is Status.WARN
    assert "first question" in index.remedy


def test_articles_changed_since_the_build_are_named(place: Path) -> None:
    (place / "library" / "harbour-pact.md").write_text(ARTICLE + "\nIt is old.\n", encoding="utf-8")
    (place / "library" / "new-pact.md").write_text(ARTICLE.replace("Harbour", "New"), encoding="utf-8")
    index = check("Index")
    assert index.status is Status.WARN
    assert "changed since: harbour-pact, new-pact" in index.finding
    assert "alliances rebuild" in index.remedy


@pytest.mark.parametrize("file", ["manifest.json", "catalogue.sqlite", "chroma"])
def test_a_lost_file_of_the_index_fails_with_its_remedy(place: Path, file: str) -> None:
    (lost,) = (place / "home" / "index").glob(f"gen-*/{file}")
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    index = check("Index")
    assert index.status is Status.FAIL
    assert "alliances rebuild" in index.remedy


def test_the_deep_check_looks_at_every_generation_and_names_the_damaged_file(place: Path) -> None:
    index = place / "home" / "index"
    assert check("Generations", deep=True).finding == "every file looked at, nothing wrong: 1"
    (index / "gen-000001").rename(index / "gen-000002")
    (index / "CURRENT").write_text("gen-000002\n", encoding="ascii")
    shutil.copytree(index / "gen-000002", index / "gen-000001")
    with (index / "gen-000001" / "catalogue.sqlite").open("r+b") as old:
        old.truncate(5000)
    older = check("Generations", deep=True)
    assert older.status is Status.WARN
    assert "generation 1: " in older.finding and "catalogue.sqlite" in older.finding
    with (index / "gen-000002" / "chroma" / "chroma.sqlite3").open("r+b") as current:
        current.truncate(5000)
    both = check("Generations", deep=True)
    assert both.status is Status.FAIL
    assert "generation 2: " in both.finding and "chroma" in both.finding
    assert "alliances rebuild --force" in both.remedy


def test_a_wrong_article_fails_with_file_and_line(place: Path) -> None:
    (place / "library" / "bad.md").write_text("---\ntitel: Bad\n---\n\nText.\n", encoding="utf-8")
    articles = check("Articles")
    assert articles.status is Status.FAIL
    assert "bad.md:2" in articles.finding


def test_a_missing_model_fails_and_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLIANCES_MODEL", str(place / "no.gguf"))
    model = check("Language model")
    assert model.status is Status.FAIL
    assert "no.gguf" in model.finding
    assert "ALLIANCES_MODEL" in model.remedy


def test_a_llama_that_kills_its_process_is_survived(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "llama_cpp.py").write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    gpu = check("GPU")
    assert gpu.status is Status.FAIL
    assert "llama-cpp-python" in gpu.remedy


def test_a_package_that_cannot_be_imported_is_survived(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ImportError('half installed')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("uvicorn", "ui.server"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    port = check("Port")
    assert port.status is Status.FAIL
    assert "half installed" in port.finding


def test_a_home_that_cannot_be_a_folder_fails(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("ALLIANCES_HOME", str(place / "file" / "home"))
    disk = check("Disk")
    assert disk.status is Status.FAIL
    assert "ALLIANCES_HOME" in disk.remedy


def test_a_port_in_use_is_a_warning_because_it_may_be_the_page(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("ALLIANCES_PORT", str(taken.getsockname()[1]))
        assert check("Port").status is Status.WARN


def test_variables_that_let_libraries_talk_are_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SHARE", "True")
    network = check("Network")
    assert network.status is Status.WARN
    assert "GRADIO_SHARE" in network.finding


def test_a_setting_that_cannot_be_still_gets_a_table_and_status_1(place: Path) -> None:
    done = subprocess.run(
        DOCTOR, env={**os.environ, "ALLIANCES_PORT": "no"}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert done.stderr == ""
    states = {line.split()[1]: line.split()[0] for line in done.stdout.splitlines()}
    assert states["Python"] == "ok"
    assert states["Settings"] == "fail"
