"""The vectors of a new generation: taken over where the text is the same, embedded where it is not.

They go through memory some hundreds at a time, so that a large library needs no more of it than a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.errors import IndexDamaged, IndexProblem
from index.vectors.embed import Embedder, are_unit
from index.vectors.unfinished import UnfinishedVectors

WINDOW = 512  # texts whose vectors are in memory at once
_KEPT_EACH = 64  # texts; what a killed build loses at most


class Embedded(Protocol):
    """A passage or a question: what is read by the embedding model, under an id that changes when that does."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def embedded_text(self) -> str:
        """Its text."""


class Vectors:
    """Id of a passage or question -> unit vector, of the current generation or made by this build so far."""

    def __init__(self, current: Catalogue | None, made: UnfinishedVectors, dimension: int) -> None:
        """Take vectors over from `current`, if there is one that was made in the same way."""
        self._current = current
        self._made = made
        self._dimension = dimension

    def of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """The vectors under these ids, (len(ids), dim), all of which were made or taken over.

        Raises:
            KeyError: One of them was not.
        """
        found = self._find(ids)
        return np.array([found[item_id] for item_id in ids], np.float32).reshape(len(ids), self._dimension)

    def in_windows(self, ids: Sequence[str]) -> Iterator[tuple[Sequence[str], NDArray[np.float32]]]:
        """Ids with their vectors, some hundreds at a time."""
        for start in range(0, len(ids), WINDOW):
            window = ids[start : start + WINDOW]
            yield window, self.of(window)

    def make_missing(
        self, items: Sequence[Embedded], embedder: Embedder, on_done: Callable[[int, int], None]
    ) -> set[str]:
        """Embed what has no sound vector yet; what is made is kept at once.

        Args:
            items: Passages and questions of the whole library.
            embedder: Makes the vectors.
            on_done: Told how many of the texts are ready, of how many; once before the first.

        Returns:
            The ids of what the model had to read.

        Raises:
            IndexProblem: The embedding model cannot be used.
        """
        once = list({item.id: item for item in items}.values())
        missing = [
            item for start in range(0, len(once), WINDOW) for item in self._missing(once[start : start + WINDOW])
        ]
        # Of the whole library and not of each window, so that a window's texts are about equally long.
        missing.sort(key=lambda item: -len(item.embedded_text))
        on_done(0, len(missing))
        for start in range(0, len(missing), _KEPT_EACH):
            self._make(missing[start : start + _KEPT_EACH], embedder, start, on_done, len(missing))
        return {item.id for item in missing}

    def _make(
        self, window: Sequence[Embedded], embedder: Embedder, done: int, on_done: Callable[[int, int], None], total: int
    ) -> None:
        texts = [item.embedded_text for item in window]
        made = embedder.embed(texts, lambda of_window: on_done(done + of_window, total))
        if made.shape != (len(window), embedder.dimension) or not are_unit(made).all():
            raise IndexProblem(f"The embedding model '{embedder.name}' gave vectors that are not of length one.")
        self._made.add([item.id for item in window], made)

    def _missing(self, window: Sequence[Embedded]) -> list[Embedded]:
        found = self._find([item.id for item in window])
        return [item for item in window if item.id not in found]

    def _find(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        found = self._sound(self._made.vectors_of(ids))
        missing = [item_id for item_id in ids if item_id not in found]
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
