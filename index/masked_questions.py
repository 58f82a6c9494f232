"""The questions of all articles, their names masked: about whom something is asked is found out by other means.

With the names in, every question about a body is near every other one about it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from index.articles import Library
from index.mentions import name_finder

MASK = "it"


@dataclass(frozen=True, slots=True)
class MaskedQuestion:
    """A question that sentence `number` of the article `slug` answers; `embedded_text` is masked, `text` is not.

    `named` is whom it names, as (kind, means) of a `MentionRecord`.
    """

    slug: str
    number: int
    text: str
    embedded_text: str
    named: frozenset[tuple[str, str]]

    @property
    def id(self) -> str:
        """Sha256 (first 16 hex digits) of what is embedded."""
        return hashlib.sha256(self.embedded_text.encode()).hexdigest()[:16]


def mask_questions(library: Library) -> list[MaskedQuestion]:
    """Every question of the library, in its order."""
    finder = name_finder(library)
    return [
        MaskedQuestion(
            article.slug,
            question.number,
            question.text,
            finder.mask(question.text, MASK),
            frozenset(meaning for mention in finder.find(question.text) for meaning in mention.meanings),
        )
        for article in library.articles
        for question in article.questions
    ]
