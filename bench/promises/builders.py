"""Of two builders one is refused at once and told who builds; when a builder dies, the next one may begin."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from index.build import Step, rebuild
from index.errors import IndexBusy
from promises.small_library import examine, write_edition
from promises.trials import ChildEnded, Row, begin, in_child, problems_in_child
from promises.word_embedder import WordEmbedder

LIMIT_S = 2.0
_AT = "catalogue"  # where the first builder waits, holding the lock


@dataclass(frozen=True, slots=True)
class Waited:
    """How long it took to be let in or refused, seconds, and what a builder was told who was refused."""

    seconds: float
    refusal: str = ""


def try_out(times: int) -> Iterator[Row]:
    """A row for a second builder, one for the next builder after the first was killed."""
    refused = Row(f"a second builder is told within {LIMIT_S:.0f} s who builds")
    let_in = Row(f"the lock of a killed builder is taken over within {LIMIT_S:.0f} s")
    slowest = {refused.promise: 0.0, let_in.promise: 0.0}
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "library")
        write_edition(library, 1)
        for attempt in range(times):
            index_folder = Path(folder, f"index-{attempt}")
            first, _ = begin(_build_and_wait, library, index_folder)
            _record(refused, library, index_folder, slowest, f"Process {first.pid} on ")
            first.kill()
            first.join()
            _record(let_in, library, index_folder, slowest, "")
    for row in (refused, let_in):
        row.remarks = f"slowest {slowest[row.promise]:.3f} s"
        yield row


def _record(row: Row, library: Path, index_folder: Path, slowest: dict[str, float], told: str) -> None:
    """Try to build. `told` is how the refusal has to begin; if empty, the build has to succeed."""
    try:
        waited = in_child(_try_to_build, library, index_folder)
    except ChildEnded as exc:
        row.record([str(exc)])
        return
    problems = [f"took {waited.seconds:.1f} s"] if waited.seconds > LIMIT_S else []
    if not waited.refusal.startswith(told) or "\n" in waited.refusal or bool(told) != bool(waited.refusal):
        problems.append(f"was told: {waited.refusal!r}")
    if not told:
        problems += problems_in_child(examine, index_folder, WordEmbedder, 1)
    slowest[row.promise] = max(slowest[row.promise], waited.seconds)
    row.record(problems)


def _build_and_wait(connection: Connection, library: Path, index_folder: Path) -> None:
    def wait(step: Step) -> None:
        if step.name == _AT:
            connection.send("building")
            while True:  # until killed
                time.sleep(60)

    rebuild([library], index_folder, WordEmbedder(), on_step=wait)


def _try_to_build(library: Path, index_folder: Path) -> Waited:
    began = time.perf_counter()
    let_in_s: list[float] = []

    def note(step: Step) -> None:
        if step.name == "clean":  # the lock is held from here on
            let_in_s.append(time.perf_counter() - began)

    try:
        rebuild([library], index_folder, WordEmbedder(), on_step=note)
    except IndexBusy as exc:
        return Waited(time.perf_counter() - began, str(exc))
    return Waited(let_in_s[0])
