"""An embedder that remembers the vectors of the texts it met last: the sentences of a conversation come again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.vectors.embed import TextVectors, TokenEmbedder

REMEMBERED = 4096  # vectors; of 384 dimensions, 6 MB
REMEMBERED_WITH_TOKENS = 256  # sentences; of 40 tokens each, 30 MB
_T = TypeVar("_T")


class RememberingEmbedder:
    """The same vectors as the embedder it stands before. Safe to use from several threads."""

    def __init__(self, embedder: TokenEmbedder) -> None:
        """Remember what this embedder makes."""
        self._embedder = embedder
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._with_tokens: OrderedDict[str, TextVectors] = OrderedDict()
        self._lock = threading.Lock()

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
        """As `Embedder.embed`; more texts than can be remembered are embedded without a look at the memory."""
        if len(texts) > REMEMBERED:
            return self._embedder.embed(texts, on_done)
        known = self._recall(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= dict(zip(new, self._embedder.embed(new, on_done), strict=True))
        self._remember(known)
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), self.dimension)

    def embed_with_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """As `TokenEmbedder.embed_with_tokens`."""
        with self._lock:
            known = {text: self._with_tokens[text] for text in texts if text in self._with_tokens}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= dict(zip(new, self._embedder.embed_with_tokens(new), strict=True))
        with self._lock:
            _take_up(self._with_tokens, known, REMEMBERED_WITH_TOKENS)
        return [known[text] for text in texts]

    def _recall(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        with self._lock:
            return {text: self._vectors[text] for text in texts if text in self._vectors}

    def _remember(self, vectors: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            _take_up(self._vectors, vectors, REMEMBERED)


def _take_up(memory: OrderedDict[str, _T], new: dict[str, _T], most: int) -> None:
    """Add what was met now; what was met longest ago goes."""
    for text, value in new.items():
        memory[text] = value
        memory.move_to_end(text)
    while len(memory) > most:
        memory.popitem(last=False)
