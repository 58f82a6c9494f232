"""Chroma in this process, with its files in a folder.

It never persists its own index files (`sync_threshold` out of reach): they are rewritten in place, and a process
killed meanwhile loses the store. The vectors stay in its log, from which each process that opens the store builds
the index in memory, some hundred to some thousand vectors a second.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexDamaged, IndexNotWritten, IndexProblem

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

DATABASE = "chroma.sqlite3"
_COLLECTION = "passages"
# With the default of 16 neighbours, one opening in 200 left a vector among near-duplicates out of reach; with
# 64, none of 400 did. Opening some thousand vectors takes a fifth longer.
HNSW = {
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


class ChromaFolder:
    """Chroma in this process, with its files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: ClientAPI | None = None

    def create(self) -> Collection:
        """Make an empty collection."""
        self._client = _client(self._folder)
        return self._client.create_collection(_COLLECTION, embedding_function=None, configuration={"hnsw": HNSW})

    def open(self) -> Collection:
        """The collection that was made before."""
        if not (database := self._folder / DATABASE).is_file():  # Chroma would make an empty one
            raise IndexDamaged(f"The index has lost its vectors, {database}. Run `alliances rebuild`.")
        self._client = _client(self._folder)
        return self._client.get_collection(_COLLECTION, embedding_function=None)

    def close(self) -> None:
        """Let go of the files."""
        with _OPENING:
            if self._client:
                self._client.close()

    discard = close  # the folder is the caller's to remove

    # Chroma answers damage, a full disk and a lost folder with ChromaError, ValueError, KeyError, AttributeError
    # or OSError, depending on where it meets them: so both functions translate every Exception.

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn what goes wrong into errors of ours, while the collection is made."""
        with as_not_written(self._folder):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn what goes wrong into errors of ours, once it is made."""
        try:
            yield
        except IndexProblem:
            raise
        except Exception as exc:
            reason = first_line(exc)
            if any(words in reason for words in _NOT_WRITABLE):
                raise IndexNotWritten(
                    f"The index {self._folder} cannot be read, because Chroma cannot write beside it ({reason}). "
                    "Free some space, or make the folder writable."
                ) from exc
            raise IndexDamaged(
                f"The index's vectors in {self._folder} are damaged ({reason}). Run `alliances rebuild`."
            ) from exc


@contextmanager
def as_not_written(folder: Path) -> Iterator[None]:
    """Chroma and the disk, writing there: whatever goes wrong is told as IndexNotWritten."""
    try:
        yield
    except Exception as exc:
        raise IndexNotWritten(f"Chroma cannot write to {folder}: {first_line(exc)}.") from exc


def first_line(exc: Exception) -> str:
    """What an exception says, for a message of one line."""
    return (str(exc) or type(exc).__name__).partition("\n")[0]


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
