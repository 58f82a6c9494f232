"""The vectors of a build that is not finished: kept, so that Ctrl-C or a kill costs one batch and no more.

A small SQLite file beside the generations. Losing it costs time only, so whatever is wrong with it, it is begun
anew; each vector carries a checksum, because a wrong one would cost more than time.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SCHEMA = """
CREATE TABLE IF NOT EXISTS made_by (fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vectors (id TEXT PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL);
"""


class UnfinishedVectors:
    """Passage id -> vector, on disk; for the one process that builds."""

    def __init__(self, path: Path, fingerprint: str, dimension: int) -> None:
        """Open the file, or begin it anew if it is damaged or another model made it.

        Raises:
            sqlite3.OperationalError: It cannot be written.
        """
        self._path = path
        self._dimension = dimension
        try:
            self._connection = self._open(fingerprint)
        except sqlite3.DatabaseError:
            self._delete()
            self._connection = self._open(fingerprint)

    def close(self) -> None:
        """Keep the file for the next build."""
        self._connection.close()

    def remove(self) -> None:
        """The build is finished: delete the file."""
        self._connection.close()
        self._delete()

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep vectors, (len(ids), dimension)."""
        blobs = [vector.astype("<f4").tobytes() for vector in vectors]
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(i, blob, zlib.crc32(blob)) for i, blob in zip(ids, blobs, strict=True)],
            )

    def vectors_of(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Passage id -> vector (dimension,), of those that are here, whole."""
        marks = ", ".join("?" * len(ids))
        rows = self._connection.execute(f"SELECT id, vector, checksum FROM vectors WHERE id IN ({marks})", tuple(ids))
        return {
            i: np.frombuffer(blob, "<f4")
            for i, blob, checksum in rows
            if zlib.crc32(blob) == checksum and len(blob) == 4 * self._dimension
        }

    def _open(self, fingerprint: str) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        try:
            connection.executescript(_SCHEMA)
            made_by = connection.execute("SELECT fingerprint FROM made_by").fetchone()
            if made_by != (fingerprint,):
                connection.executescript("DELETE FROM made_by; DELETE FROM vectors;")
                connection.execute("INSERT INTO made_by VALUES (?)", (fingerprint,))
                connection.commit()
            connection.execute("SELECT count(*) FROM vectors WHERE length(vector) > 0").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def _delete(self) -> None:
        for path in (self._path, self._path.with_name(f"{self._path.name}-journal")):
            with suppress(FileNotFoundError):
                path.unlink()
