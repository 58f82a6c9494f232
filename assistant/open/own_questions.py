"""How like a question is to those that a sentence is known to answer, see `index.article_questions`.

People ask for the same thing in words that are nearer to each other's than to those of the sentence that tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.open.asked import Asked
from index.catalogue import Catalogue

_UNLIKE = 0.4  # cosine of questions that have nothing but a body in common


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like it is to the most similar question; 0 for not at all, or where no questions are known.

    Attributes:
        closeness: What the cosine is above that of questions unlike each other, 0 to 0.6.
        words: Largest share of the words asked that one of the questions holds, see `Asked.word_share`.
    """

    closeness: float = 0.0
    words: float = 0.0


def likeness_to_own(
    asked: Asked, masked_vector: NDArray[np.float32], sentence_ids: Sequence[int], catalogue: Catalogue
) -> dict[int, Likeness]:
    """Sentence id -> likeness, for the sentences of which questions are known.

    Args:
        asked: The question.
        masked_vector: Its unit embedding with the names masked by `index.masked_questions.MASK`, (dim,).
        sentence_ids: Of the sentences that may answer it.
        catalogue: Holds the questions.
    """
    of, texts, vectors = catalogue.questions_of(sentence_ids, len(masked_vector))
    cosines = vectors @ masked_vector
    found: dict[int, Likeness] = {}
    for sentence_id, text, cosine in zip(of, texts, cosines, strict=True):
        best = found.get(sentence_id, Likeness())
        found[sentence_id] = Likeness(
            max(best.closeness, float(cosine) - _UNLIKE),
            max(best.words, asked.word_share(text, "")),
        )
    return found
