"""The vectors of the passages, found by nearness. The only module that knows Chroma (1.5.9, embedded).

Chroma is used as a cache that is written once and thrown away with its generation. It never persists its own
index files (`sync_threshold` out of reach): they are rewritten in place, and a process killed meanwhile loses
the store. The vectors stay in its log, from which each process that opens the store builds the index in
memory, some thousand vectors a second. Texts are not in Chroma; the catalogue holds them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexNotWritten

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

STORE_FORMAT = 1
_COLLECTION = "passages"
_DATABASE = "chroma.sqlite3"
# With the default of 16 neighbours, one opening in 200 left a vector among near-duplicates out of reach; with
# 64, none of 400 did. Opening some thousand vectors takes a fifth longer.
_HNSW = {
    "space": "cosine",
    "ef_construction": 200,
    "max_neighbors": 64,
    "ef_search": 200,
    "sync_threshold": 1_000_000_000,
}
# Chroma needs to write even to read; SQLite's words for a read-only folder and a full disk.
_NOT_WRITABLE = ("readonly database", "disk is full", "disk I/O error")
# Chroma shares one system by path, and makes it without a lock of its own. Reentrant, because the garbage
# collector may close a store while another one is being opened.
_OPENING = threading.RLock()


class VectorStore:
    """Passage ids with their unit vectors. Safe to search from several threads."""

    def __init__(self, client: ClientAPI, collection: Collection, folder: Path) -> None:
        self._client = client
        self._collection = collection
        self._folder = folder

    @classmethod
    def create(cls, folder: Path, ids: Sequence[str], vectors: NDArray[np.float32]) -> VectorStore:
        """Write a new store.

        Args:
            folder: Does not exist yet; its parent does.
            ids: One a vector, none twice.
            vectors: (len(ids), dim), rows unit-norm.

        Raises:
            IndexNotWritten: The store cannot be written there.
        """
        if len(ids) != len(vectors):
            raise ValueError(f"{len(ids)} ids for {len(vectors)} vectors")
        with _as_not_written(folder):
            folder.mkdir()
            client = _client(folder)
            try:
                collection = client.create_collection(
                    _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
                )
                size = client.get_max_batch_size()
                for start in range(0, len(ids), size):
                    batch = slice(start, start + size)
                    collection.add(ids=list(ids[batch]), embeddings=vectors[batch])
            except BaseException:
                client.close()
                raise
        return cls(client, collection, folder)

    @classmethod
    def open(cls, folder: Path) -> VectorStore:
        """Open a store that was written before.

        Raises:
            IndexDamaged: The store is missing or not readable.
            IndexNotWritten: The folder is read-only or the disk full, and Chroma cannot read without writing.
        """
        database = folder / _DATABASE
        if not database.is_file():  # Chroma would make an empty one
            raise IndexDamaged(f"The index has lost its vectors, {database}. Run `alliances rebuild`.")
        with _as_damaged(folder):
            client = _client(folder)
            try:
                collection = client.get_collection(_COLLECTION, embedding_function=None)
            except BaseException:
                client.close()
                raise
        return cls(client, collection, folder)

    def close(self) -> None:
        """Let go of the files; every later call fails."""
        with _OPENING:
            self._client.close()

    def count(self) -> int:
        """Number of vectors.

        Raises:
            IndexDamaged: The store is not readable.
        """
        with _as_damaged(self._folder):
            return int(self._collection.count())

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted.

        Raises:
            IndexDamaged: The store is not readable.
        """
        with _as_damaged(self._folder):
            return sorted(self._collection.get(include=[])["ids"])

    def search(self, vector: NDArray[np.float32], top_k: int) -> list[tuple[str, float]]:
        """The nearest vectors.

        Args:
            vector: (dim,), unit-norm.
            top_k: At most this many results, at least 1.

        Returns:
            (id, cosine similarity), most similar first, ties by id.

        Raises:
            IndexDamaged: The store is not readable.
        """
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, got {top_k}")
        if not np.isfinite(vector).all():  # Chroma would answer with distances that are no numbers
            raise ValueError("the query vector is not finite")
        with _as_damaged(self._folder):
            found = self._collection.query(query_embeddings=[vector], n_results=top_k, include=["distances"])
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return sorted(((i, 1.0 - distance) for i, distance in pairs), key=lambda hit: (-hit[1], hit[0]))


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    # Without `_env_file`, Chroma would take settings from a file .env in the working directory.
    settings = chromadb.Settings(_env_file=None, anonymized_telemetry=False)
    with _OPENING:
        try:
            return chromadb.PersistentClient(path=folder, settings=settings)
        except BaseException:
            # A system that failed to start stays in Chroma's table, to be handed out for this path for good.
            if str(folder) not in SharedSystemClient._identifier_to_refcount:
                SharedSystemClient._identifier_to_system.pop(str(folder), None)
            raise


# Chroma answers damage, a full disk and a lost folder with ChromaError, ValueError, KeyError, AttributeError
# or OSError, depending on where it meets them: so both functions translate every Exception.


@contextmanager
def _as_not_written(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as exc:
        raise IndexNotWritten(f"Chroma cannot write to {folder}: {_first_line(exc)}.") from exc


@contextmanager
def _as_damaged(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as exc:
        reason = _first_line(exc)
        if any(words in reason for words in _NOT_WRITABLE):
            raise IndexNotWritten(
                f"The index {folder} cannot be read, because Chroma cannot write beside it ({reason}). "
                "Free some space, or make the folder writable."
            ) from exc
        raise IndexDamaged(f"The index's vectors in {folder} are damaged ({reason}). Run `alliances rebuild`.") from exc


def _first_line(exc: Exception) -> str:
    return (str(exc) or type(exc).__name__).partition("\n")[0]
