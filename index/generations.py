"""The folder of the index: numbered generations, the pointer to the current one, the lock of the one builder.

    index_folder/
        LOCK            held by the process that builds; free again when it dies
        LOCK.holder     who that is, for the message to a second builder
        CURRENT         one line: gen-000002
        gen-000001/     the generation before, for readers that still have it open
        gen-000002/     manifest.json, catalogue.sqlite, chroma/
        gen-000003.tmp/ a build in progress, or one that was killed

A generation is never changed once CURRENT names it, and CURRENT changes by one atomic replacement: whatever
kills a build, what CURRENT names is whole.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexBusy, IndexDamaged, IndexProblem, IndexUnreachable

KEPT_GENERATIONS = 2
_NAME = re.compile(r"gen-(\d{6,})")
_LEFTOVERS = "*.tmp"


@dataclass(frozen=True, slots=True)
class Generation:
    """One index: its number, and where its parts lie."""

    number: int
    folder: Path

    @property
    def manifest(self) -> Path:
        """What the index was made of and by."""
        return self.folder / "manifest.json"

    @property
    def catalogue(self) -> Path:
        """Texts, facts, and every vector."""
        return self.folder / "catalogue.sqlite"

    @property
    def chroma(self) -> Path:
        """The folder of the vector store."""
        return self.folder / "chroma"

    def size_bytes(self) -> int:
        """Bytes of its files on the disk; what a Chroma server holds for it is not counted."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


class IndexFolder:
    """Generations under one folder, which need not exist yet. Only the lock's holder may change anything."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = root / "CURRENT"
        self._holder = root / "LOCK.holder"

    def current(self) -> Generation | None:
        """The generation to read, or None before the first build.

        Raises:
            IndexDamaged: CURRENT cannot be read or names no generation.
        """
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as exc:
            raise IndexDamaged(f"{self._pointer} cannot be read ({exc}). Run `alliances rebuild`.") from exc
        match = _NAME.fullmatch(name)
        if not match:
            raise IndexDamaged(f"{self._pointer} names no index but {name[:40]!r}. Run `alliances rebuild`.")
        return Generation(int(match[1]), self.root / name)

    def generations(self) -> list[Generation]:
        """Every finished generation, oldest first."""
        found = ((_NAME.fullmatch(path.name), path) for path in self.root.glob("gen-*"))
        return sorted((Generation(int(m[1]), path) for m, path in found if m), key=lambda g: g.number)

    def previous(self) -> Generation | None:
        """The finished generation before the current one, or None.

        Raises:
            IndexDamaged: CURRENT cannot be read or names no generation.
        """
        current = self.current()
        if current is None:
            return None
        return max((g for g in self.generations() if g.number < current.number), key=lambda g: g.number, default=None)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only builder, or fail at once. The operating system frees the lock when its holder dies.

        Raises:
            IndexBusy: Another builder, in this process or another, has the lock.
            OSError: The folder cannot be written.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / "LOCK")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise IndexBusy(
                f"{self._holder_in_words()} is building the index in {self.root}. Try again when it has finished."
            ) from None
        try:
            holder = {"pid": os.getpid(), "host": platform.node(), "since": _now()}
            self._holder.write_text(json.dumps(holder), encoding="utf-8")
            yield
        finally:
            with suppress(OSError):
                self._holder.unlink()
            lock.release()

    def start(self) -> Generation:
        """Make an empty folder `gen-N.tmp` for the next generation. Numbers only grow."""
        taken = [int(match[1]) for path in self.root.glob("gen-*") if (match := _NAME.match(path.name))]
        with suppress(IndexDamaged):
            current = self.current()
            taken += [current.number] if current else []
        number = max(taken, default=0) + 1
        building = Generation(number, self.root / f"gen-{number:06}.tmp")
        building.folder.mkdir()
        return building

    def finish(self, building: Generation) -> Generation:
        """Give a synced generation its final name."""
        generation = Generation(building.number, building.folder.with_suffix(""))
        building.folder.rename(generation.folder)
        _sync_folder(self.root)
        return generation

    def point_to(self, generation: Generation) -> None:
        """Make a finished generation the current one, all at once."""
        replacement = self._pointer.with_suffix(".tmp")
        replacement.write_text(f"{generation.folder.name}\n", encoding="ascii")
        _sync_file(replacement)
        replacement.replace(self._pointer)
        _sync_folder(self.root)

    def remove_leftovers(self, remove_store: Callable[[Path], None]) -> None:
        """Remove what a killed build left; what another program holds open stays until the next time.

        Args:
            remove_store: Removes the vectors that a generation's `chroma` folder keeps elsewhere. While they cannot
                be reached, the folder stays, because it alone tells where they are.
        """
        for path in self.root.glob(_LEFTOVERS):
            if path.is_dir():
                _remove_generation(path, remove_store)
            else:
                with suppress(OSError):
                    path.unlink()

    def remove_old(self, read_until_now: Generation | None, remove_store: Callable[[Path], None]) -> None:
        """Remove all but the two newest generations and the one that readers may still have open."""
        for generation in self.generations()[:-KEPT_GENERATIONS]:
            if generation != read_until_now:
                with suppress(OSError):  # Windows: open in another program
                    # Renamed first, so that no half of it is left under a name that counts.
                    generation.folder.rename(generation.folder.with_suffix(".tmp"))
        self.remove_leftovers(remove_store)

    def _holder_in_words(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return f"Process {holder['pid']} on {holder['host']}, since {holder['since']},"
        except (OSError, ValueError, KeyError, TypeError):  # not written yet, or just removed
            return "Another process"


def _remove_generation(folder: Path, remove_store: Callable[[Path], None]) -> None:
    store = Generation(0, folder).chroma
    if store.is_dir():
        try:
            remove_store(store)
        except IndexUnreachable:
            return
        except IndexProblem:  # it does not tell, or no longer, where its vectors are
            pass
    shutil.rmtree(folder, ignore_errors=True)


def sync_tree(folder: Path) -> None:
    """Have every file and folder under `folder` written to the disk before returning."""
    for path, _, files in os.walk(folder):
        for file in files:
            _sync_file(Path(path, file))
        _sync_folder(Path(path))


def _sync_file(path: Path) -> None:
    with path.open("r+b") as stream:  # Windows syncs only what is open for writing
        os.fsync(stream.fileno())


def _sync_folder(path: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handles of folders to sync
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
