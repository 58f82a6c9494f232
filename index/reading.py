"""Opening the current generation for reading; nothing that is not what was written gets past this."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.errors import IndexDamaged, IndexMismatch, IndexMissing
from index.generations import Generation, IndexFolder
from index.made_once import sha256_of
from index.manifest import Manifest, digest, read_manifest
from index.passages import PASSAGE_FORMAT
from index.vectors.embed import Embedder
from index.vectors.exact_search import EXACT_LIMIT, ExactSearch
from index.vectors.store import VectorStore

_SAME = 0.9999  # cosine similarity of a vector to itself, after rounding
_HASHED_BYTES = 100_000_000  # a larger catalogue would make each start wait; `doctor --deep` reads it


class PassageVectors(Protocol):
    """Where the vectors of the passages are searched: in memory or by Chroma."""

    def search(self, vector: NDArray[np.float32], top_k: int) -> list[tuple[str, float]]:
        """The nearest passages to a unit vector (dim,): (id, cosine similarity), best first, ties by id."""

    def count(self) -> int:
        """Number of vectors."""

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted."""

    def close(self) -> None:
        """Let go of the files; every later call may fail."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class OpenIndex:
    """One generation, open for reading."""

    catalogue: Catalogue
    store: PassageVectors
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
        """Whether another generation has been put in place; False as long as that cannot be known."""
        try:
            current = IndexFolder(self.folder).current()
        except IndexDamaged:
            return False
        return current is not None and current.number != self.number


def open_index(index_folder: Path, embedder: Embedder, chroma_url: str | None = None) -> OpenIndex:
    """Open the current generation.

    Args:
        index_folder: The folder of the index.
        embedder: What the questions will be embedded with.
        chroma_url: The Chroma server that holds the vectors; by default, the generation's own folder does.

    Raises:
        IndexMissing: Nothing was built there yet.
        IndexMismatch: It was built with another embedding model, passage size, format or kind of store.
        IndexDamaged: Files are missing or are not what was written.
        IndexUnreachable: The Chroma server does not answer.
        IndexNotWritten: Read-only folder or full disk; Chroma cannot read without writing.
    """
    folder = IndexFolder(index_folder)
    while True:
        generation = folder.current()
        if generation is None:
            raise IndexMissing(f"There is no index in {index_folder} yet. Run `alliances rebuild`.")
        try:
            return open_generation(generation, index_folder, embedder, chroma_url)
        except IndexDamaged:
            if folder.current() == generation:
                raise
            # Rebuilds have replaced and removed this generation since CURRENT was read.


def open_generation(
    generation: Generation, index_folder: Path, embedder: Embedder, chroma_url: str | None = None
) -> OpenIndex:
    """Open one generation, whether CURRENT names it or not; errors as in `open_index`."""
    manifest = read_manifest(generation.manifest)
    _check_made_alike(manifest, generation, embedder)
    _check_kept_alike(manifest, generation, chroma_url)
    catalogue = open_catalogue(generation, manifest)
    try:
        store = _open_store(generation, manifest, catalogue, embedder, chroma_url)
    except BaseException:
        catalogue.close()
        raise
    return OpenIndex(catalogue, store, manifest, generation.number, index_folder)


def open_catalogue(generation: Generation, manifest: Manifest) -> Catalogue:
    """Open a generation's catalogue alone, if it is what was written.

    Raises:
        IndexDamaged: It is not.
    """
    path = generation.catalogue
    try:
        if path.stat().st_size <= _HASHED_BYTES and sha256_of(path) != manifest.catalogue_sha256:
            raise damaged(generation, "catalogue.sqlite is not what was written")
    except OSError as exc:
        raise damaged(generation, f"catalogue.sqlite cannot be read: {exc.strerror}") from exc
    catalogue = Catalogue.open(path)
    try:
        _check_catalogue(catalogue, generation, manifest)
    except BaseException:
        catalogue.close()
        raise
    return catalogue


def is_searched_exactly(manifest: Manifest) -> bool:
    """Whether readers search the catalogue's vectors themselves and leave Chroma alone."""
    return manifest.store == "embedded" and manifest.counts["passages"] <= EXACT_LIMIT


def check_store(store: PassageVectors, manifest: Manifest) -> None:
    """Compare an open store with what was written to it.

    Raises:
        IndexDamaged: Vectors are missing or not found.
    """
    if problem := problem_of_store(store, manifest):
        raise IndexDamaged(f"The index's vectors are damaged ({problem}). Run `alliances rebuild`.")


def problem_of_store(store: PassageVectors, manifest: Manifest) -> str | None:
    """What is wrong with an open store, in a few words; None if nothing is."""
    passages = manifest.counts["passages"]
    if (vectors := store.count()) != passages:
        return f"{vectors} vectors for {passages} passages"
    # Chroma can lose vectors and still count them, nearly all at once, so a few are looked for. A single one
    # may be out of reach in a sound index too, which is approximate.
    found = sum(finds_itself(store, canary.unit_vector()) for canary in manifest.canaries)
    if found <= len(manifest.canaries) / 2:
        return "passages are not found by their own vectors"
    return None


def finds_itself(store: PassageVectors, vector: NDArray[np.float32]) -> bool:
    """Whether this vector (dim,), or the same one of a passage with the same words, comes first."""
    return any(similarity > _SAME for _, similarity in store.search(vector, 1))


def damaged(generation: Generation, problem: str) -> IndexDamaged:
    """The error that says what is wrong with a generation."""
    return IndexDamaged(f"The index {generation.folder} is damaged ({problem}). Run `alliances rebuild`.")


def _open_store(
    generation: Generation, manifest: Manifest, catalogue: Catalogue, embedder: Embedder, chroma_url: str | None
) -> PassageVectors:
    if is_searched_exactly(manifest):
        if not _holds_something(generation.chroma):
            raise damaged(generation, "the copy of the vectors for Chroma is missing")
        return ExactSearch.load(catalogue, embedder.dimension)
    store = VectorStore.open(generation.chroma, url=chroma_url)
    try:
        if problem := problem_of_store(store, manifest):
            raise damaged(generation, problem)
    except BaseException:
        store.close()
        raise
    return store


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


def _check_kept_alike(manifest: Manifest, generation: Generation, chroma_url: str | None) -> None:
    if manifest.store == "server" and not chroma_url:
        raise IndexMismatch(
            f"The index {generation.folder} has its vectors on a Chroma server, and ALLIANCES_CHROMA_URL is not set. "
            "Set it, or run `alliances rebuild`."
        )
    if manifest.store == "embedded" and chroma_url:
        raise IndexMismatch(
            f"The index {generation.folder} has its vectors in its own folder, not on the Chroma server {chroma_url}. "
            "Unset ALLIANCES_CHROMA_URL, or run `alliances rebuild`."
        )


def _check_catalogue(catalogue: Catalogue, generation: Generation, manifest: Manifest) -> None:
    counts = catalogue.counts()
    for name, number in manifest.counts.items():
        if counts.get(name) != number:
            raise damaged(generation, f"{counts.get(name, 0)} {name} instead of {number} in the catalogue")
    if digest([sorted(catalogue.passage_ids())]) != manifest.passage_ids:
        raise damaged(generation, "other passages in the catalogue than were written")


def _holds_something(folder: Path) -> bool:
    """Whether there is a file that is not empty, without opening it: Chroma can end the process that tries."""
    return folder.is_dir() and any(path.is_file() and path.stat().st_size for path in folder.iterdir())


def _model(name: str, fingerprint: str) -> str:
    return f"'{name}' ({fingerprint[:12]})"


def _close(catalogue: Catalogue, store: PassageVectors) -> None:
    catalogue.close()
    store.close()
