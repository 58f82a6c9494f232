"""The vectors of a new generation: taken over where the passage is the same, embedded where it is not.

They go through memory some hundreds at a time, so that a large library needs no more of it than a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.errors import IndexDamaged, IndexProblem
from index.types import Passage
from index.vectors.embed import Embedder, are_unit
from index.vectors.unfinished import UnfinishedVectors

WINDOW = 512  # passages whose vectors are in memory at once
_KEPT_EACH = 64  # passages; what a killed build loses at most


class Vectors:
    """Passage id -> unit vector, out of the current generation and out of what this build has made so far."""

    def __init__(self, current: Catalogue | None, made: UnfinishedVectors, dimension: int) -> None:
        """Take vectors over from `current`, if there is one that was made in the same way."""
        self._current = current
        self._made = made
        self._dimension = dimension

    def of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of these passages, (len(ids), dim), all of which were made or taken over.

        Raises:
            KeyError: One of them was not.
        """
        found = self._find(ids)
        return np.array([found[passage_id] for passage_id in ids], np.float32).reshape(len(ids), self._dimension)

    def in_windows(self, ids: Sequence[str]) -> Iterator[tuple[Sequence[str], NDArray[np.float32]]]:
        """Ids with their vectors, some hundreds at a time."""
        for start in range(0, len(ids), WINDOW):
            window = ids[start : start + WINDOW]
            yield window, self.of(window)

    def make_missing(self, passages: Sequence[Passage], embedder: Embedder, on_done: Callable[[int, int], None]) -> int:
        """Embed the passages that have no sound vector yet; what is made is kept at once.

        Args:
            passages: Of the whole library.
            embedder: Makes the vectors.
            on_done: Told how many of the texts are ready, of how many; once before the first.

        Returns:
            How many the model had to read.

        Raises:
            IndexProblem: The embedding model cannot be used.
        """
        missing = [
            passage
            for start in range(0, len(passages), WINDOW)
            for passage in self._missing(passages[start : start + WINDOW])
        ]
        # Of the whole library and not of each window, so that a window's texts are about equally long.
        missing.sort(key=lambda passage: -len(passage.embedded_text))
        on_done(0, len(missing))
        for start in range(0, len(missing), _KEPT_EACH):
            self._make(missing[start : start + _KEPT_EACH], embedder, start, on_done, len(missing))
        return len(missing)

    def _make(
        self, window: Sequence[Passage], embedder: Embedder, done: int, on_done: Callable[[int, int], None], total: int
    ) -> None:
        texts = [passage.embedded_text for passage in window]
        made = embedder.embed(texts, lambda of_window: on_done(done + of_window, total))
        if made.shape != (len(window), embedder.dimension) or not are_unit(made).all():
            raise IndexProblem(f"The embedding model '{embedder.name}' gave vectors that are not of length one.")
        self._made.add([passage.id for passage in window], made)

    def _missing(self, window: Sequence[Passage]) -> list[Passage]:
        found = self._find([passage.id for passage in window])
        return [passage for passage in window if passage.id not in found]

    def _find(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        found = self._sound(self._made.vectors_of(ids))
        missing = [passage_id for passage_id in ids if passage_id not in found]
        if self._current is None or not missing:
            return found
        try:
            return found | self._sound(self._current.vectors_of(missing, self._dimension))
        except IndexDamaged:
            return found

    def _sound(self, vectors: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        if not vectors:
            return {}
        sound = are_unit(np.array(list(vectors.values())))
        return {i: vector for (i, vector), is_sound in zip(vectors.items(), sound, strict=True) if is_sound}
