"""The vectors of questions, projected so that those which one sentence answers are near each other.

As embedded, questions are near each other when they have a subject in common; `bench/fit_question_projection.py` fits
a linear map to what the questions beside the articles ask.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FILE = "question_projection.npz"

Floats = NDArray[np.float32]


def project_questions(vectors: Floats) -> Floats:
    """Unit vectors of questions with the names masked, (n, dim), as unit vectors to compare, (n, dim)."""
    projected: Floats = vectors @ _fitted()
    lengths = np.linalg.norm(projected, axis=1, keepdims=True)
    unit: Floats = projected / np.maximum(lengths, 1e-12)
    return unit


@cache
def _fitted() -> Floats:
    with (resources.files("assistant.open") / FILE).open("rb") as file, np.load(file) as data:
        fitted: Floats = data["projection"].astype(np.float32)
    return fitted
