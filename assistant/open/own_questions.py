"""How like a question is to those that a sentence is known to answer, see `index.article_questions`.

People ask for the same thing in words that are nearer to each other's than to those of the sentence that tells it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.open.asked import Asked
from assistant.open.question_projection import project_questions
from index.catalogue import Catalogue
from index.types import QuestionRecord, SentenceRecord

_UNLIKE = 0.1  # projected cosine of questions that have nothing but a body in common


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like it is to the most similar question; 0 for not at all, or where no questions are known.

    Attributes:
        closeness: What the projected cosine is above that of questions unlike each other, 0 to 0.9.
        words: Largest share of the words asked that one of the questions holds, see `Asked.word_share`.
    """

    closeness: float = 0.0
    words: float = 0.0


def likeness_to_own(
    asked: Asked,
    masked_vector: NDArray[np.float32],
    records: Sequence[SentenceRecord],
    named: Mapping[int, frozenset[tuple[str, str]]],
    catalogue: Catalogue,
) -> dict[int, Likeness]:
    """Sentence id -> likeness, for the sentences of which questions are known.

    Args:
        asked: The question.
        masked_vector: Its unit embedding with the names masked by `index.masked_questions.MASK`, (dim,).
        records: The sentences that may answer it.
        named: Whom they name, by their ids.
        catalogue: Holds the questions.
    """
    slugs = {record.id: record.slug for record in records}
    questions, vectors = catalogue.questions_of(list(slugs), len(masked_vector))
    found: dict[int, Likeness] = {}
    (projected,) = project_questions(masked_vector[None])
    for question, cosine in zip(questions, project_questions(vectors) @ projected, strict=True):
        place = question.sentence_id
        best = found.get(place, Likeness())
        is_same = _asks_of_the_same(asked, question, slugs[place], named.get(place, frozenset()))
        found[place] = Likeness(
            max(best.closeness, float(cosine) - _UNLIKE) if is_same else best.closeness,
            max(best.words, asked.word_share(question.text, "")),
        )
    return found


def _asks_of_the_same(asked: Asked, question: QuestionRecord, slug: str, named: frozenset[tuple[str, str]]) -> bool:
    """True if it names nobody else, and it or its sentence each organisation: "Did Meta join?" is not "Did IBM?"."""
    others = question.named - asked.meanings - {("alliance", slug)}
    return not others and all(meanings & (question.named | named) for meanings in asked.organisations)
