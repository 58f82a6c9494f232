"""How well a sentence matches a question word by word, each word in its context: late interaction.

As in ColBERT (Khattab and Zaharia, 2020): every token of the question finds the token of the sentence that is most
like it. score(q, s) = sum_i w_i max_j cos(P q_i, P s_j), with w = softmax(u . q_i): the token vectors are those of the
embedding model as it is; only the projection P and the importance u of a token are fitted, by
`bench/fit_late_interaction.py`, on questions with the sentences that answer them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_FILE = "late_interaction.npz"


def match_tokens(question: Floats, sentences: Sequence[Floats]) -> list[float]:
    """The score of each sentence, -1 to 1.

    Args:
        question: The vectors of its tokens, (n_tokens, dim).
        sentences: Those of each sentence, (n_tokens, dim) each.
    """
    projection, importance = _fitted()
    weights = np.exp((question @ importance) - np.max(question @ importance))
    weights /= weights.sum()
    asked = _unit(question @ projection)
    return [float(weights @ (asked @ _unit(tokens @ projection).T).max(axis=1)) for tokens in sentences]


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


@cache
def _fitted() -> tuple[Floats, Floats]:
    """P, (dim, n_projected), and u, (dim,)."""
    with (resources.files("assistant") / _FILE).open("rb") as file, np.load(file) as data:
        return data["projection"].astype(np.float32), data["importance"].astype(np.float32)
