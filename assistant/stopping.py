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
    """An embedder that looks at a switch before each of its tasks, which take a tenth of a second."""

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
        """As `Embedder.embed`.

        Raises:
            Stopped: The switch is set.
        """
        self._stop.check()
        return self._embedder.embed(texts, on_done)

    def embed_with_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """As `TokenEmbedder.embed_with_tokens`.

        Raises:
            Stopped: The switch is set.
        """
        self._stop.check()
        return self._embedder.embed_with_tokens(texts)
