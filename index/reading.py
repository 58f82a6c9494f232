"""Opening the current generation for reading; nothing that is not what was written gets past this."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from index.catalogue import Catalogue
from index.embed import Embedder
from index.errors import IndexDamaged, IndexMismatch, IndexMissing
from index.generations import Generation, IndexFolder
from index.manifest import Canary, Manifest, digest, read_manifest
from index.passages import PASSAGE_FORMAT
from index.store import VectorStore

_SAME = 0.9999  # cosine similarity of a vector to itself, after rounding


@dataclass(frozen=True, slots=True, weakref_slot=True)
class OpenIndex:
    """One generation, open for reading."""

    catalogue: Catalogue
    store: VectorStore
    manifest: Manifest
    number: int
    folder: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files now; every later search fails."""
        _close(self.catalogue, self.store)

    def retire(self) -> None:
        """Close the files once nobody holds this object any more: questions under way keep their index."""
        weakref.finalize(self, _close, self.catalogue, self.store)

    def is_superseded(self) -> bool:
        """Whether a rebuild has put another generation in place; False as long as that cannot be known."""
        try:
            current = IndexFolder(self.folder).current()
        except IndexDamaged:
            return False
        return current is not None and current.number != self.number


def open_index(index_folder: Path, embedder: Embedder) -> OpenIndex:
    """Open the current generation.

    Args:
        index_folder: The folder of the index.
        embedder: What the questions will be embedded with.

    Raises:
        IndexMissing: Nothing was built there yet.
        IndexMismatch: It was built with another embedding model, passage size or format.
        IndexDamaged: Files are missing or are not what was written.
        IndexNotWritten: Read-only folder or full disk; the vector store cannot be read without writing.
    """
    folder = IndexFolder(index_folder)
    while True:
        generation = folder.current()
        if generation is None:
            raise IndexMissing(f"There is no index in {index_folder} yet. Run `alliances rebuild`.")
        try:
            return open_generation(generation, index_folder, embedder)
        except IndexDamaged:
            if folder.current() == generation:
                raise
            # Rebuilds have replaced and removed this generation since CURRENT was read.


def open_generation(generation: Generation, index_folder: Path, embedder: Embedder) -> OpenIndex:
    """Open one generation, whether CURRENT names it or not; errors as in `open_index`."""
    manifest = read_manifest(generation.manifest)
    _check_made_alike(manifest, generation, embedder)
    catalogue = Catalogue.open(generation.catalogue)
    try:
        store = VectorStore.open(generation.chroma)
    except BaseException:
        catalogue.close()
        raise
    index = OpenIndex(catalogue, store, manifest, generation.number, index_folder)
    try:
        _check_whole(index, generation)
    except BaseException:
        index.close()
        raise
    return index


def _check_made_alike(manifest: Manifest, generation: Generation, embedder: Embedder) -> None:
    if manifest.fingerprint != embedder.fingerprint:
        raise IndexMismatch(
            f"The index {generation.folder} was built with the embedding model "
            f"{_model(manifest.embedder, manifest.fingerprint)}; the one in use is "
            f"{_model(embedder.name, embedder.fingerprint)}. Run `alliances rebuild`."
        )
    if manifest.passage_format != PASSAGE_FORMAT:
        raise IndexMismatch(
            f"The index {generation.folder} has passages in the format '{manifest.passage_format}'; "
            f"this version makes them in '{PASSAGE_FORMAT}'. Run `alliances rebuild`."
        )


def _check_whole(index: OpenIndex, generation: Generation) -> None:
    counts = index.catalogue.counts()
    problems = [
        f"{counts.get(name, 0)} {name} instead of {number} in the catalogue"
        for name, number in index.manifest.counts.items()
        if counts.get(name) != number
    ]
    ids = index.catalogue.passage_ids()
    if digest([sorted(ids)]) != index.manifest.passage_ids:
        problems.append("other passages in the catalogue than were written")
    if (vectors := index.store.count()) != len(ids):
        problems.append(f"{vectors} vectors for {len(ids)} passages")
    # Chroma can lose vectors and still count them, nearly all at once, so a few are looked for. A single one
    # may be out of reach in a sound index too, which is approximate.
    elif sum(_finds(index.store, c) for c in index.manifest.canaries) <= len(index.manifest.canaries) / 2:
        problems.append("passages are not found by their own vectors")
    if problems:
        found = problems[0]
        raise IndexDamaged(f"The index {generation.folder} is damaged ({found}). Run `alliances rebuild`.")


def _finds(store: VectorStore, canary: Canary) -> bool:
    """Whether the canary's vector, or the same one of a passage with the same words, comes first."""
    return any(similarity > _SAME for _, similarity in store.search(canary.unit_vector(), 1))


def _model(name: str, fingerprint: str) -> str:
    return f"'{name}' ({fingerprint[:12]})"


def _close(catalogue: Catalogue, store: VectorStore) -> None:
    catalogue.close()
    store.close()
