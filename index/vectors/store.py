"""The vectors of the passages, found by nearness, with Chroma (1.5.9).

Chroma runs in this process, with its files in a folder of the generation, or as a server, which has a collection
for each generation; then the folder holds the collection's name alone, so that it can be copied. Only this module,
`chroma_folder` and `chroma_server` know Chroma.

Either way it is written once and thrown away with its generation. Texts are not in Chroma; the catalogue holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexMismatch, IndexUnreachable
from index.vectors.chroma_folder import DATABASE, ChromaFolder, as_not_written
from index.vectors.chroma_server import SERVER_FILE, ChromaServer, check_chroma_url

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

__all__ = ["SERVER_FILE", "STORE_FORMAT", "VectorStore", "check_chroma_url"]

STORE_FORMAT = 1
_BATCH = 1_000  # vectors; a server refuses requests of 40 MB, which 5,461, all that Chroma takes at once, can exceed


class VectorStore:
    """Passage ids with their unit vectors. Safe to search from several threads."""

    def __init__(self, collection: Collection, place: ChromaFolder | ChromaServer) -> None:
        self._collection = collection
        self._place = place

    @classmethod
    def create(
        cls, folder: Path, batches: Iterable[tuple[Sequence[str], NDArray[np.float32]]], *, url: str | None = None
    ) -> VectorStore:
        """Write a new store; if that fails, no collection is left on the server.

        Args:
            folder: Does not exist yet; its parent does.
            batches: Ids, none twice, each with their vectors, (len(ids), dim), rows unit-norm.
            url: A Chroma server; by default, Chroma runs in this process.

        Raises:
            IndexNotWritten: The store cannot be written there.
            IndexUnreachable: The server does not answer.
        """
        place = ChromaServer(folder, url) if url else ChromaFolder(folder)
        with as_not_written(folder):
            folder.mkdir()
        try:
            with place.writing():
                collection = place.create()
            for ids, vectors in batches:
                if len(ids) != len(vectors):
                    raise ValueError(f"{len(ids)} ids for {len(vectors)} vectors")
                for start in range(0, len(ids), _BATCH):
                    batch = slice(start, start + _BATCH)
                    with place.writing():
                        collection.add(ids=list(ids[batch]), embeddings=vectors[batch])
        except BaseException:
            place.discard()
            raise
        return cls(collection, place)

    @classmethod
    def open(cls, folder: Path, *, url: str | None = None) -> VectorStore:
        """Open a store that was written before.

        Raises:
            IndexDamaged: The store is missing or not readable.
            IndexMismatch: It is on a server and `url` is None, or the other way round.
            IndexNotWritten: The folder is read-only or the disk full, and Chroma cannot read without writing.
            IndexUnreachable: The server does not answer.
        """
        _check_kept_alike(folder, url)
        place = ChromaServer(folder, url) if url else ChromaFolder(folder)
        try:
            with place.reading():
                return cls(place.open(), place)
        except BaseException:
            place.close()
            raise

    @classmethod
    def remove(cls, folder: Path, *, url: str | None = None) -> None:
        """Delete what the store of this folder has on a server; the folder itself is the caller's to remove.

        Raises:
            IndexDamaged: The folder does not tell the name of the collection.
            IndexUnreachable: The server does not answer, or `url` is None and it has vectors on one.
        """
        if not (folder / SERVER_FILE).exists():
            return
        if url is None:
            raise IndexUnreachable(
                f"The index's vectors of {folder} are on a Chroma server. Set ALLIANCES_CHROMA_URL to its address."
            )
        place = ChromaServer(folder, url)
        try:
            with place.reading():
                place.remove()
        finally:
            place.close()

    def close(self) -> None:
        """Let go of the files or the connection; every later call fails."""
        self._place.close()

    def count(self) -> int:
        """Number of vectors.

        Raises:
            IndexDamaged: The store is not readable.
            IndexUnreachable: The server does not answer.
        """
        with self._place.reading():
            return int(self._collection.count())

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted; errors as in `count`."""
        with self._place.reading():
            return sorted(self._collection.get(include=[])["ids"])

    def search(self, vector: NDArray[np.float32], top_k: int) -> list[tuple[str, float]]:
        """The nearest vectors; errors as in `count`.

        Args:
            vector: (dim,), unit-norm.
            top_k: At most this many results, at least 1.

        Returns:
            (id, cosine similarity), most similar first, ties by id.
        """
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, got {top_k}")
        if not np.isfinite(vector).all():  # Chroma would answer with distances that are no numbers
            raise ValueError("the query vector is not finite")
        with self._place.reading():
            found = self._collection.query(query_embeddings=[vector], n_results=top_k, include=["distances"])
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return sorted(((i, 1.0 - distance) for i, distance in pairs), key=lambda hit: (-hit[1], hit[0]))


def _check_kept_alike(folder: Path, url: str | None) -> None:
    if (folder / SERVER_FILE).exists() and url is None:
        raise IndexMismatch(
            f"The index's vectors of {folder} are on a Chroma server. "
            "Set ALLIANCES_CHROMA_URL to its address, or run `alliances rebuild`."
        )
    if (folder / DATABASE).exists() and url is not None:
        raise IndexMismatch(
            f"The index's vectors are in {folder}, not on the Chroma server {url}. "
            "Unset ALLIANCES_CHROMA_URL, or run `alliances rebuild`."
        )
