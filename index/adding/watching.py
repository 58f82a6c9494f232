"""The files of a folder: those that are there, and new or changed ones as they appear.

Only what lies in the folder is taken. Links are not followed, as what they lead to either lies in the folder too and
is found there, or does not.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from threading import Event

import watchfiles

from index.errors import LibraryError

_PARTIAL_FOLDER = ".download"  # Safari loads report.pdf into the folder report.pdf.download
_LOCK_FILE = "~$"  # Word writes ~$report.docx while report.docx is open

_Stamp = tuple[int, int]  # size, time of the last change in ns


def files_in(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """The files of a folder and all folders in it, sorted; hidden and temporary ones are left out.

    Args:
        folder: Where to look.
        suffixes: Which files, such as `.md`, in lower case; the case of the files' own does not matter.

    Raises:
        LibraryError: The folder, or one in it, cannot be read.
    """
    return sorted(_stamps(folder, suffixes))


def watch(
    folder: Path,
    on_files: Callable[[list[Path]], None],
    *,
    suffixes: Collection[str],
    stop: Event,
    settle_s: float = 1.0,
) -> None:
    """Hand over the files that are there, then new and changed ones, until stopped or interrupted by Ctrl-C.

    A file is handed over when it has not changed for a moment: until then, somebody may still be writing it.

    Args:
        folder: The folder to watch, with all folders in it.
        on_files: Called with one or more files, sorted. What happens to files meanwhile is seen afterwards.
        suffixes: As for `files_in`.
        stop: Ends the watching when set.
        settle_s: How long a file must stay as it is, in seconds.

    Raises:
        LibraryError: The folder is missing, is taken away, or cannot be watched.
    """
    files = Settling(settle_s)
    try:
        identity = _identity(folder)
        files.settled(_stamps(folder, suffixes), time.monotonic())  # none can be yet
        is_due = True  # the first time, for what changes before the watching has begun
        for changes in _wake_ups(folder, stop, settle_s):
            if _identity(folder) != identity:
                raise LibraryError(f"{folder}: the folder was replaced by another: watch it anew")
            if changes or is_due:
                settled = files.settled(_stamps(folder, suffixes), time.monotonic())
                is_due = files.is_waiting
                if settled:
                    on_files(settled)
    except KeyboardInterrupt:
        return


class Settling:
    """Tells which files are new or changed, and have been left alone for long enough."""

    def __init__(self, settle_s: float) -> None:
        self._settle_s = settle_s
        self._done: dict[Path, _Stamp] = {}
        self._waiting: dict[Path, tuple[_Stamp, float]] = {}  # and since when it has that stamp

    @property
    def is_waiting(self) -> bool:
        """Whether there are files that are not ready yet."""
        return bool(self._waiting)

    def settled(self, stamps: dict[Path, _Stamp], now: float) -> list[Path]:
        """Those that are ready, sorted; each is told once, and again when it has changed.

        Args:
            stamps: All files as they are now: size in bytes, time of the last change in ns.
            now: In seconds, on a clock that never goes back.
        """
        self._done = {path: stamp for path, stamp in self._done.items() if path in stamps}
        before, self._waiting = self._waiting, {}
        ready = []
        for path, stamp in stamps.items():
            if self._done.get(path) == stamp:
                continue
            seen, since = before.get(path, (None, now))
            if seen == stamp and now - since >= self._settle_s:
                self._done[path] = stamp
                ready.append(path)
            else:
                self._waiting[path] = (stamp, since if seen == stamp else now)
        return sorted(ready)


def _stamps(folder: Path, suffixes: Collection[str]) -> dict[Path, _Stamp]:
    stamps = {}
    for entry in _entries(folder):
        name = entry.name
        if name.startswith((".", _LOCK_FILE)) or Path(name).suffix.lower() not in suffixes:
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # deleted a moment ago
            continue
        if stat.S_ISREG(status.st_mode):
            stamps[Path(entry.path)] = (status.st_size, status.st_mtime_ns)
    return stamps


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """What lies in the folder and in those below it that are neither hidden nor half loaded."""
    unread = [folder]
    while unread:
        current = unread.pop()
        try:
            with os.scandir(current) as entries:
                found = list(entries)
        except OSError as exc:
            if isinstance(exc, FileNotFoundError) and current != folder:  # deleted a moment ago
                continue
            raise LibraryError(f"{current}: the folder cannot be read: {exc.strerror or exc}") from exc
        for entry in found:
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif not entry.name.startswith(".") and not entry.name.lower().endswith(_PARTIAL_FOLDER):
                unread.append(Path(entry.path))


def _wake_ups(folder: Path, stop: Event, settle_s: float) -> Iterator[set[watchfiles.main.FileChange]]:
    """Whatever changed, at once; nothing, when nothing has for `settle_s`."""
    tick_ms = max(int(settle_s * 1000), 1)
    try:
        yield from watchfiles.watch(
            folder, watch_filter=None, stop_event=stop, rust_timeout=tick_ms, yield_on_timeout=True
        )
    except (OSError, RuntimeError) as exc:  # the system's limit of watched folders; its own error has no name
        raise LibraryError(f"{folder}: cannot be watched ({exc}); add it without watching") from exc


def _identity(folder: Path) -> tuple[int, int]:
    try:
        status = os.stat(folder)
    except OSError as exc:
        raise LibraryError(f"{folder}: the folder is missing or cannot be read: {exc.strerror or exc}") from exc
    if not stat.S_ISDIR(status.st_mode):
        raise LibraryError(f"{folder}: not a folder")
    return status.st_dev, status.st_ino
