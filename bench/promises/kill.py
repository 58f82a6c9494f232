"""A build that is killed with SIGKILL, wherever it is, leaves the old index or the new one, and no work is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from index.build import Step, rebuild
from index.errors import IndexMissing
from index.vectors.embed import MiniLM
from promises.small_library import (
    PASSAGES,
    MakeEmbedder,
    build,
    build_editions,
    examine,
    write_edition,
)
from promises.trials import ChildEnded, Row, begin, in_child, problems_in_child, start
from promises.word_embedder import WordEmbedder

OLD, NEW = 2, 3  # editions; the first is there to be cleaned up
LOST_AT_MOST = 64  # vectors
# The name of a step is told before it is taken: at `current`, CURRENT still names the old generation.
POINTS = {
    "lock": "before the lock is taken",
    "clean": "before leftovers are removed",
    "load": "before the articles are read",
    "embed": "before the first text is embedded",
    "catalogue": "before the catalogue is written",
    "chroma": "before Chroma is written",
    "manifest": "before the manifest is written",
    "verify": "before it is read back",
    "fsync": "before it is had on the disk",
    "rename": "before gen-N.tmp is renamed",
    "current": "before CURRENT names it",
    "cleanup": "before old generations are removed",
}
_EMBEDDED = PASSAGES * 5 // 6  # enough for some to be kept, and the rest to be lost
_SEED = 4


@dataclass(frozen=True, slots=True)
class Point:
    """Where to die: at a step, or once so many texts are embedded."""

    step: str
    done: int = 0

    def is_reached(self, step: Step) -> bool:
        """Whether the build is there."""
        return step.name == self.step and step.done >= self.done


def try_out(times: int) -> Iterator[Row]:
    """A row for each point, one for random moments, one for the real embedding model."""
    with tempfile.TemporaryDirectory() as folder:
        trial = _Trial(Path(folder), WordEmbedder)
        for step, where in POINTS.items():
            yield trial.row(f"killed at {step}, {where}", [Point(step)] * times)
        embedding = f"with {_EMBEDDED} of {PASSAGES} texts embedded"
        yield trial.row(f"killed at embed, {embedding}", [Point("embed", _EMBEDDED)] * times)
        yield trial.random_moments(2 * times)
    with tempfile.TemporaryDirectory() as folder:
        trial = _Trial(Path(folder), MiniLM)
        points = [Point("embed", done) for done in range(_EMBEDDED, -1, -_EMBEDDED // 4)]
        yield trial.row("killed while the real model embeds", points[: (times + 1) // 2])


class _Trial:
    """An index of the old edition, of which every attempt gets a copy, and the library in the new one."""

    def __init__(self, folder: Path, make_embedder: MakeEmbedder) -> None:
        self._library = folder / "library"
        self._sound = folder / "sound"
        self._index = folder / "index"
        self._make_embedder = make_embedder
        in_child(build_editions, self._library, self._sound, make_embedder, OLD)
        write_edition(self._library, NEW)

    def row(self, promise: str, points: list[Point]) -> Row:
        """Kill at each of these points."""
        row = Row(promise)
        for point in points:
            self._restore()
            killed = start(_build_and_die, self._library, self._index, self._make_embedder, point)
            killed.join()
            if killed.exitcode == -signal.SIGKILL:
                row.record(self._problems_after(point))
            else:
                row.record([f"the build was not killed but ended with status {killed.exitcode}"])
        return row

    def random_moments(self, times: int) -> Row:
        """Kill at moments spread evenly over the time that a build takes."""
        row, chance = Row("killed at random moments"), random.Random(_SEED)
        self._restore()
        needed_s = in_child(_timed_build, self._library, self._index, self._make_embedder)
        renewed = 0
        for _ in range(times):
            self._restore()
            process, _ = begin(_tell_and_build, self._library, self._index, self._make_embedder)
            time.sleep(chance.uniform(0, needed_s))
            process.kill()
            process.join()
            edition = NEW if in_child(_answers_with, self._index, self._make_embedder, NEW) else OLD
            renewed += edition == NEW
            row.record(self._problems(edition))
        row.remarks = f"within {needed_s:.1f} s; {renewed} times the new index answered"
        return row

    def _restore(self) -> None:
        shutil.rmtree(self._index, ignore_errors=True)
        shutil.copytree(self._sound, self._index)

    def _problems_after(self, point: Point) -> list[str]:
        problems = self._problems(NEW if point.step == "cleanup" else OLD, kept=max(0, point.done - LOST_AT_MOST))
        return [f"{point}: {problem}" for problem in problems]

    def _problems(self, edition: int, kept: int = 0) -> list[str]:
        """What is wrong with what is left, and with the next build, which may embed all but `kept` passages."""
        problems = list(problems_in_child(examine, self._index, self._make_embedder, edition))
        try:
            report = in_child(build, self._library, self._index, self._make_embedder)
        except ChildEnded as exc:
            return [*problems, f"next build: {exc}"]
        if report.passages_embedded > PASSAGES - kept:
            problems.append(f"{report.passages_embedded} passages were embedded again, though {kept} had been kept")
        if leftovers := sorted(path.name for path in self._index.glob("*.tmp")):
            problems.append(f"the next build left {', '.join(leftovers)}")
        return problems + list(problems_in_child(examine, self._index, self._make_embedder, NEW))


def _build_and_die(library: Path, index_folder: Path, make_embedder: MakeEmbedder, point: Point) -> None:
    def die(step: Step) -> None:
        if point.is_reached(step):
            os.kill(os.getpid(), signal.SIGKILL)

    rebuild([library], index_folder, make_embedder(), on_step=die)


def _tell_and_build(connection: Connection, library: Path, index_folder: Path, make_embedder: MakeEmbedder) -> None:
    connection.send("begun")
    build(library, index_folder, make_embedder)


def _timed_build(library: Path, index_folder: Path, make_embedder: MakeEmbedder) -> float:
    began = time.perf_counter()
    build(library, index_folder, make_embedder)
    return time.perf_counter() - began


def _answers_with(index_folder: Path, make_embedder: MakeEmbedder, edition: int) -> bool:
    try:
        return not examine(index_folder, make_embedder, edition)
    except IndexMissing:
        return False
