"""Stopping an answer from another thread, in the middle of the model's work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from assistant.errors import Stopped
from assistant.models.language_model import TextStream
from index.vectors.embed import TextVectors, TokenEmbedder

_AT_ONCE = 12  # texts; some 50 ms of work on two cores, and no slower than all at once


class StopSwitch:
    """One answer's way to be stopped. A generator that computes cannot be closed from outside; its model can.

    Attributes:
        asker: The conversation of the answer, as the model's queue tells several apart.
    """

    def __init__(self, asker: Hashable = None) -> None:
        self.asker = asker
        self._is_set = False
        self._stream: TextStream | None = None
        self._lock = threading.Lock()

    def set(self) -> None:
        """Stop; the model gives up at once, reading the prompt included. Setting it twice does nothing."""
        with self._lock:
            self._is_set = True
            stream = self._stream
        if stream is not None:
            stream.close()

    def check(self) -> None:
        """Raises Stopped once the switch is set."""
        if self._is_set:
            raise Stopped("The answer was stopped.")

    @contextmanager
    def watching(self, stream: TextStream) -> Iterator[TextStream]:
        """Within it, the switch closes the stream; it is closed at the end in any case.

        Raises:
            Stopped: At the end, if the switch was set.
        """
        with self._lock:
            self._stream = stream
        try:
            self.check()
            yield stream
        finally:
            with self._lock:
                self._stream = None
            stream.close()
        self.check()


class StoppableEmbedder:
    """An embedder that looks at a switch every few texts. Raises Stopped once it is set."""

    def __init__(self, embedder: TokenEmbedder, stop: StopSwitch) -> None:
        """Stand before this embedder."""
        self._embedder = embedder
        self._stop = stop

    @property
    def name(self) -> str:
        """The model's name."""
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        """The model's fingerprint."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    def count_tokens(self, text: str) -> int:
        """Tokens of a text."""
        return self._embedder.count_tokens(text)

    def embed(self, texts: Sequence[str], on_done: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """As `Embedder.embed`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        for part in self._parts(texts):
            vectors[part] = self._embedder.embed([texts[i] for i in part])
            done += len(part)
            if on_done:
                on_done(done)
        return vectors

    def embed_with_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """As `TokenEmbedder.embed_with_tokens`."""
        found: dict[int, TextVectors] = {}
        for part in self._parts(texts):
            found |= dict(zip(part, self._embedder.embed_with_tokens([texts[i] for i in part]), strict=True))
        return [found[i] for i in range(len(texts))]

    def _parts(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Indices of a few texts that are about equally long, while the switch is not set."""
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(texts), _AT_ONCE):
            self._stop.check()
            yield by_length[start : start + _AT_ONCE]
