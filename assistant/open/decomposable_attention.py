"""How well a sentence answers a question, token by token: decomposable attention over frozen token vectors.

1. Each token of the question finds the token of the sentence that is most like it: late interaction, as in ColBERT
   (Khattab and Zaharia, 2020).
2. It attends to the tokens of the sentence that are like it, and a small network compares it with what it finds there:
   attend, compare, aggregate, as in Parikh et al. (2016). "Who" so learns to look for a person that does the deed.

score(q, s) = sum_i w_i (a max_j cos_ij + f([q_i; s_i; q_i * s_i; |q_i - s_i|])), s_i = sum_j softmax_j(t cos_ij) s_j,
with q_i and s_j the token vectors projected to unit length, w = softmax(u . x_i) the importance of a token of the
question. The token vectors are those of the embedding model as it is; what is fitted, by `bench/fit_answerability.py`
on questions with the sentences that answer them, is the projection, the importance, and the network f.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import IO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FILE = "decomposable_attention.npz"


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is fitted; dim is that of a token vector, d that of a projected one.

    Attributes:
        projection: (dim, d).
        importance: u, (dim,).
        scale: a, ().
        sharpness: t, ().
        hidden: Of the network's only hidden layer, (4 d, n_hidden).
        hidden_bias: (n_hidden,).
        out: (n_hidden,).
        out_bias: ().
    """

    projection: Floats
    importance: Floats
    scale: Floats
    sharpness: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats


def match_tokens(question: Floats, sentences: Sequence[Floats]) -> list[float]:
    """The score of each sentence, in nats: a sentence that scores 1 more is e times as likely to tell it.

    Args:
        question: The vectors of its tokens, (n_tokens, dim).
        sentences: Those of each sentence, (n_tokens, dim) each.
    """
    fitted = _fitted()
    weights = _softmax(question @ fitted.importance)
    asked = _unit(question @ fitted.projection)
    return [float(weights @ _compare(asked, _unit(tokens @ fitted.projection), fitted)) for tokens in sentences]


def _compare(asked: Floats, told: Floats, fitted: Fitted) -> Floats:
    """What each token of the question, (n, d), finds in the sentence, (m, d): (n,)."""
    alike = asked @ told.T
    found = _softmax(fitted.sharpness * alike) @ told
    # Products of entries of unit vectors are small; the factor brings them to the size of the others.
    both = asked * found * np.float32(asked.shape[1] ** 0.5)
    pairs = np.concatenate([asked, found, both, np.abs(asked - found)], axis=1)
    hidden = np.maximum(pairs @ fitted.hidden + fitted.hidden_bias, 0)
    compared: Floats = fitted.scale * alike.max(axis=1) + hidden @ fitted.out + fitted.out_bias
    return compared


def _softmax(scores: Floats) -> Floats:
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=-1, keepdims=True)
    return shares


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


@cache
def _fitted() -> Fitted:
    with (resources.files("assistant.open") / FILE).open("rb") as file:
        return read_fitted(file)


def read_fitted(file: IO[bytes]) -> Fitted:
    """What bench/fit_answerability.py has written."""
    with np.load(file) as data:
        return Fitted(**{field.name: data[field.name].astype(np.float32) for field in fields(Fitted)})
