"""The nearest vectors by comparing with each: exact, and up to some hundred thousand passages quick enough.

Beside HNSW it has nothing to build at opening, nothing to write, and finds every vector. README tells the
milliseconds of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.errors import IndexDamaged
from index.vectors.embed import are_unit

# Passages. At 200,000, comparing with each takes 15 to 25 ms and 350 MB; embedded Chroma then takes minutes to open.
EXACT_LIMIT = 250_000


class ExactSearch:
    """Passage ids with their unit vectors, in memory. Safe to use from several threads."""

    def __init__(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Search these vectors, (len(ids), dim), unit rows."""
        self._ids = np.array(ids, dtype=np.str_)
        self._vectors = vectors
        self._rows = {passage_id: row for row, passage_id in enumerate(ids)}

    @classmethod
    def load(cls, catalogue: Catalogue, dimension: int) -> Self:
        """Take the vectors of a catalogue.

        Raises:
            IndexDamaged: A vector is not of this length, or not a unit vector.
        """
        ids, vectors = catalogue.vectors(dimension)
        if not are_unit(vectors).all():
            raise IndexDamaged("The index's catalogue holds vectors that are none. Run `alliances rebuild`.")
        return cls(ids, vectors)

    def close(self) -> None:
        """Nothing to let go of."""

    def count(self) -> int:
        """Number of vectors."""
        return len(self._ids)

    def ids(self) -> list[str]:
        """The ids of all vectors, sorted."""
        return sorted(self._rows)

    def vectors_of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of these passages, (len(ids), dim)."""
        return self._vectors[[self._rows[passage_id] for passage_id in ids]]

    def search(self, vector: NDArray[np.float32], top_k: int) -> list[tuple[str, float]]:
        """The nearest vectors.

        Args:
            vector: (dim,), unit-norm.
            top_k: At most this many results, at least 1.

        Returns:
            (id, cosine similarity), most similar first, ties by id.
        """
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, got {top_k}")
        if not np.isfinite(vector).all():
            raise ValueError("the query vector is not finite")
        similarities = self._vectors @ vector
        if top_k < len(similarities):
            least = np.partition(similarities, -top_k)[-top_k]
            rows = np.flatnonzero(similarities >= least)  # more than top_k where the last place is shared
        else:
            rows = np.arange(len(similarities))
        order = rows[np.lexsort((self._ids[rows], -similarities[rows]))][:top_k]
        return [(str(self._ids[row]), float(similarities[row])) for row in order]
