"""A folder gives the files that lie in it, and watched, those that come or change, once they are whole."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.adding.watching import Settling, files_in, watch
from index.errors import LibraryError

SUFFIXES = (".md", ".pdf", ".docx")
LIMIT_S = 30.0


def write(folder: Path, *names: str) -> None:
    """Whole at once, so that no file is ever seen half written."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        partial = folder / "partial.tmp"
        partial.write_text("text")
        partial.replace(folder / name)


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in files_in(folder, SUFFIXES)]


# -- the files of a folder


def test_files_of_all_folders_are_found_in_order(tmp_path):
    write(tmp_path, "b.md", "B.PDF", "a/z.md", "a/b/c.docx", "a b.md", "é.md", "x.html", "md", "no.md.bak")
    assert names(tmp_path) == ["B.PDF", "a/b/c.docx", "a/z.md", "a b.md", "b.md", "é.md"]


def test_hidden_and_temporary_files_are_left_out(tmp_path):
    write(tmp_path, ".a.md", ".git/a.md", "~$a.docx", ".~lock.a.docx#", "a.md.part", "a.pdf.crdownload", ".a.md.swp")
    write(tmp_path, "a.pdf.download/a.pdf", "a.md~", "whole.md")
    assert names(tmp_path) == ["whole.md"]


def test_the_folder_named_may_be_hidden_itself(tmp_path):
    write(tmp_path, ".notes/a.md")
    assert names(tmp_path / ".notes") == ["a.md"]


def test_links_are_not_followed(tmp_path):
    write(tmp_path, "in/a.md", "out/b.md")
    inside = tmp_path / "in"
    (inside / "file.md").symlink_to(tmp_path / "out" / "b.md")
    (inside / "folder").symlink_to(tmp_path / "out")
    (inside / "circle").symlink_to(inside)
    (inside / "same.md").symlink_to("a.md")
    (inside / "nowhere.md").symlink_to("gone.md")
    assert names(inside) == ["a.md"]


def test_only_files_are_files(tmp_path):
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["missing", "file.md"])
def test_what_is_no_folder_is_told(tmp_path, name):
    write(tmp_path, "file.md")
    with pytest.raises(LibraryError, match=f"{name}: .*folder"):
        files_in(tmp_path / name, SUFFIXES)
    with pytest.raises(LibraryError, match=f"{name}: .*folder"):
        watch(tmp_path / name, lambda files: None, suffixes=SUFFIXES, stop=threading.Event())


# -- when a file is whole

A, B = Path("a.md"), Path("b.md")


def test_a_file_is_ready_when_it_stays_as_it_is():
    files = Settling(1.0)
    assert files.settled({A: (1, 1)}, 10.0) == [] and files.is_waiting
    assert files.settled({A: (1, 1)}, 10.9) == []
    assert files.settled({A: (1, 1)}, 11.0) == [A] and not files.is_waiting
    assert files.settled({A: (1, 1)}, 99.0) == []


@pytest.mark.parametrize("grown", [(2, 1), (1, 2)], ids=["size", "time"])
def test_a_file_that_is_being_written_is_waited_for(grown):
    files = Settling(1.0)
    files.settled({A: (1, 1), B: (1, 1)}, 10.0)
    assert files.settled({A: grown, B: (1, 1)}, 11.0) == [B] and files.is_waiting
    assert files.settled({A: grown, B: (1, 1)}, 11.9) == []
    assert files.settled({A: grown, B: (1, 1)}, 12.0) == [A]


def test_a_changed_file_is_ready_again():
    files = Settling(0.0)
    files.settled({A: (1, 1)}, 10.0)
    assert files.settled({A: (1, 1)}, 10.0) == [A]
    assert files.settled({A: (2, 2)}, 11.0) == []
    assert files.settled({A: (2, 2)}, 12.0) == [A]


def test_a_file_that_went_and_came_back_is_new():
    files = Settling(0.0)
    for _ in range(2):
        files.settled({A: (1, 1)}, 10.0)
        assert files.settled({A: (1, 1)}, 10.0) == [A]
        assert files.settled({}, 10.0) == [] and not files.is_waiting


# -- watching


class Watcher:
    """`watch` in a thread; what it hands over, and how it ends, comes out of a queue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stop = threading.Event()
        self.told: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        try:
            watch(self.folder, self.told.put, suffixes=SUFFIXES, stop=self.stop, settle_s=0.05)
            self.told.put("ended")
        except LibraryError as exc:
            self.told.put(exc)

    def next(self) -> object:
        return self.told.get(timeout=LIMIT_S)

    def names(self, count: int) -> list[str]:
        """The next files; they may come in one piece or in several."""
        found: list[str] = []
        while len(found) < count:
            found += [path.relative_to(self.folder).as_posix() for path in self.next()]
        return sorted(found)


@pytest.fixture
def watching(tmp_path):
    watchers = []

    def start() -> Watcher:
        watchers.append(Watcher(tmp_path / "watched"))
        return watchers[-1]

    (tmp_path / "watched").mkdir()
    yield start
    for watcher in watchers:
        watcher.stop.set()
        watcher.thread.join(LIMIT_S)


def test_files_come_when_they_are_there_new_changed_or_moved_in(tmp_path, watching):
    folder = tmp_path / "watched"
    write(folder, "old.md", "in/older.md")
    write(tmp_path, "elsewhere/moved.md")
    watcher = watching()
    assert watcher.names(2) == ["in/older.md", "old.md"]
    write(folder, ".hidden.md", "~$new.docx", "new.txt", "new.md.part", "new.md")
    assert watcher.names(1) == ["new.md"]
    write(folder, "old.md")  # of the same size
    assert watcher.names(1) == ["old.md"]
    (tmp_path / "elsewhere").rename(folder / "here")
    assert watcher.names(1) == ["here/moved.md"]
    (folder / "new.md.part").rename(folder / "whole.md")
    assert watcher.names(1) == ["whole.md"]


def test_what_comes_while_files_are_handed_over_is_not_lost(tmp_path):
    folder = tmp_path
    write(folder, "1.md")
    stop, seen = threading.Event(), []

    def on_files(files: list[Path]) -> None:
        seen.extend(path.name for path in files)
        write(folder, "2.md") if len(seen) == 1 else stop.set()

    watch(folder, on_files, suffixes=SUFFIXES, stop=stop, settle_s=0.05)
    assert seen == ["1.md", "2.md"]


def test_it_ends_when_it_is_told_to(watching):
    watcher = watching()
    watcher.stop.set()
    assert watcher.next() == "ended"


def test_a_folder_taken_away_ends_it_with_a_message(tmp_path, watching):
    write(tmp_path / "watched", "a.md")
    watcher = watching()
    assert watcher.names(1) == ["a.md"]
    (tmp_path / "watched").rename(tmp_path / "gone")
    told = watcher.next()
    assert isinstance(told, LibraryError) and str(told).startswith(f"{tmp_path / 'watched'}: the folder is missing")


def test_a_folder_that_was_replaced_is_not_watched_in_silence(tmp_path, watching):
    write(tmp_path / "watched", "a.md")
    (tmp_path / "other").mkdir()
    watcher = watching()
    assert watcher.names(1) == ["a.md"]
    os.rename(tmp_path / "watched", tmp_path / "gone")
    os.rename(tmp_path / "other", tmp_path / "watched")
    assert "the folder" in str(watcher.next())


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("moment", ["waiting", "working"])
def test_ctrl_c_ends_it_quietly(tmp_path, moment):
    write(tmp_path, "a.md")
    script = f"""if True:
        import sys, threading
        from pathlib import Path
        from index.adding.watching import watch

        def on_files(files):
            print("working", flush=True)
            if {moment == "working"}:
                threading.Event().wait()

        watch(Path(sys.argv[1]), on_files, suffixes=(".md",), stop=threading.Event(), settle_s=0.05)
        print("ended")
    """
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "working\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=LIMIT_S) == ("ended\n", "")
    assert process.returncode == 0
