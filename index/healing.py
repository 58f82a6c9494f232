"""An index that can be used, whatever became of the one on the disk: opened, built anew, or an older one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from index.build import Step, rebuild
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexNotWritten,
    IndexProblem,
    LibraryError,
)
from index.generations import Generation, IndexFolder
from index.manifest import Manifest, read_manifest
from index.reading import OpenIndex, is_searched_exactly, open_generation, open_index
from index.vectors.embed import Embedder
from index.vectors.store_probe import probe_store

_PATIENCE_S = 60.0  # for another process that builds the index
_POLL_S = 0.5
# What messages advise, and what is done here without being asked.
_ADVICE = (" Run `alliances rebuild`.", " Try again when it has finished.")


def open_or_build(
    folders: Sequence[Path],
    index_folder: Path,
    embedder: Embedder,
    *,
    on_step: Callable[[Step], None],
    on_notice: Callable[[str], None],
    chroma_url: str | None = None,
) -> OpenIndex:
    """Open the index; build it if there is none, or if it is damaged or was made in another way.

    While another process builds, its result is waited for, up to a minute. If nothing new can be built, an older
    generation that is whole answers.

    Args:
        folders: The libraries to build from.
        index_folder: Where the index lies.
        embedder: Makes the vectors, of passages and questions.
        on_step: Told of each step of a build, as by `rebuild`.
        on_notice: Told in one line what is wrong and what is done about it.
        chroma_url: A Chroma server that holds the vectors.

    Raises:
        LibraryError: The index has to be built and an article is wrong; no older generation can be used.
        IndexNotWritten: It has to be built and the disk is full or read-only; likewise.
        IndexBusy: Another process has been building for more than a minute; likewise.
        IndexUnreachable: The Chroma server does not answer.
    """
    heal = _Healing(folders, IndexFolder(index_folder), embedder, on_step, on_notice, chroma_url)
    try:
        return heal.open()
    except IndexMissing:
        pass
    except (IndexDamaged, IndexMismatch) as exc:
        on_notice(f"{_without_advice(exc)} It is being built anew from the articles.")
    try:
        return heal.build_or_wait()
    except (LibraryError, IndexNotWritten, IndexBusy) as exc:
        if older := heal.open_older():
            reason = _without_advice(exc).partition("\n")[0].rstrip(".")
            on_notice(f"{reason}. Until that is mended, generation {older.number} answers, {_built(older.manifest)}.")
            return older
        raise


def roll_back(index_folder: Path, embedder: Embedder, chroma_url: str | None = None) -> str:
    """Put the generation before the current one in use again, after opening it.

    Returns:
        One line: which generation answers now, when it was built, and how to undo this.

    Raises:
        IndexMissing: There is no generation to go back to.
        IndexDamaged: The one before is damaged; nothing was changed. Likewise IndexMismatch.
        IndexBusy: Another process builds.
        IndexNotWritten: The folder cannot be written.
    """
    folder = IndexFolder(index_folder)
    if folder.current() is None:  # asked before the lock, which would make the folder
        raise IndexMissing(f"There is no index in {index_folder} yet. Run `alliances rebuild`.")
    try:
        with folder.lock():
            previous = folder.previous()
            if previous is None:
                raise IndexMissing(
                    f"There is no generation to go back to in {index_folder}. `alliances index` lists what there is."
                )
            _probe(previous)
            with open_generation(previous, index_folder, embedder, chroma_url) as index:
                folder.point_to(previous)
                return (
                    f"Generation {previous.number} answers again, {_built(index.manifest)}; "
                    "`alliances rebuild` brings the newest articles back."
                )
    except OSError as exc:
        raise IndexNotWritten(
            f"The older index could not be put in use in {index_folder}: {exc.strerror or exc}. "
            "Make the folder writable, and run `alliances rebuild --rollback` again."
        ) from exc


class _Healing:
    """One attempt; holds what every step needs."""

    def __init__(
        self,
        folders: Sequence[Path],
        layout: IndexFolder,
        embedder: Embedder,
        on_step: Callable[[Step], None],
        on_notice: Callable[[str], None],
        chroma_url: str | None,
    ) -> None:
        self._folders = folders
        self._layout = layout
        self._embedder = embedder
        self._on_step = on_step
        self._on_notice = on_notice
        self._chroma_url = chroma_url

    def open(self) -> OpenIndex:
        """The current generation, whose vectors have not ended another process; errors as in `open_index`."""
        generation = self._layout.current()
        if generation is not None:
            _probe(generation)
        return open_index(self._layout.root, self._embedder, self._chroma_url)

    def build_or_wait(self) -> OpenIndex:
        """What this process or another one builds; errors as in `rebuild`."""
        patient_until = time.monotonic() + _PATIENCE_S
        waiting = False
        while True:
            try:
                return self._build()
            except IndexBusy as exc:
                if time.monotonic() > patient_until:
                    raise
                if not waiting:
                    self._on_notice(f"{_without_advice(exc)} Waiting until it has finished.")
                waiting = True
            time.sleep(_POLL_S)

    def open_older(self) -> OpenIndex | None:
        """The newest generation that can be used, or None."""
        for generation in reversed(self._layout.generations()):
            with suppress(IndexProblem):
                _probe(generation)
                return open_generation(generation, self._layout.root, self._embedder, self._chroma_url)
        return None

    def _build(self) -> OpenIndex:
        self._discard_broken_store()
        rebuild(self._folders, self._layout.root, self._embedder, on_step=self._on_step, chroma_url=self._chroma_url)
        return open_index(self._layout.root, self._embedder, self._chroma_url)

    def _discard_broken_store(self) -> None:
        """Remove the current generation's copy of the vectors for Chroma if it would end the process that builds.

        A build opens the current generation to see whether it is up to date. Without the copy it finds damage, and
        takes the vectors over from the catalogue.
        """
        with suppress(IndexProblem):
            generation = self._layout.current()
            if generation is None:
                return
            try:
                _probe(generation)
            except IndexDamaged:
                with self._layout.lock():
                    shutil.rmtree(generation.chroma, ignore_errors=True)


def _probe(generation: Generation) -> None:
    """Raises IndexDamaged if Chroma is what readers would open and it cannot open its files."""
    try:
        manifest = read_manifest(generation.manifest)
    except IndexProblem:
        return  # opening tells what is wrong with it
    if manifest.store == "embedded" and not is_searched_exactly(manifest):
        probe_store(generation)


def _without_advice(exc: Exception) -> str:
    text = str(exc)
    for advice in _ADVICE:
        text = text.removesuffix(advice)
    return text


def _built(manifest: Manifest) -> str:
    return f"built on {manifest.built_locally}"
