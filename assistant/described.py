"""The body that a question describes without naming it: "the pledge on terrorist content after the mosque shootings".

What speaks for a body is fitted by `bench/fit_described.py` as a choice among all bodies and "none of them", on the
questions beside the articles that name none:

- the mean cosine of the question and the two nearest passages of its article;
- the cosine of the question and the nearest one that its article is known to answer, names masked;
- BM25 of its best passage, and that as a share of the best passage of all;
- the share of the organisations named that its article names, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.masked_questions import MASK
from index.names.finder import NameFinder
from index.types import AllianceRecord
from index.vectors.embed import Embedder

WEIGHTS = (2.29, 7.14, 2.90, 3.47, 0.69)
NONE = 11.50
SURE = 0.8  # probability; of the questions that it was fitted on, half are surely about one, 97 % of them rightly
BM25_DEPTH = 100  # passages
NEAREST = 2  # passages

Floats = NDArray[np.float64]


class DescribedBodies:
    """The bodies of a catalogue, to be known by what is said of them."""

    def __init__(self, catalogue: Catalogue, names: NameFinder, embedder: Embedder) -> None:
        """Read nothing yet.

        Args:
            catalogue: The bodies and their articles.
            names: Finds what a question names.
            embedder: What the catalogue's vectors were made with.
        """
        self._catalogue = catalogue
        self._names = names
        self._embedder = embedder
        self.bodies = catalogue.alliances

    def find(self, question: str) -> AllianceRecord | None:
        """The body that is surely meant; None if none is."""
        if not self.bodies:
            return None
        scores = np.append(self.features(question) @ np.array(WEIGHTS), NONE)
        odds = np.exp(scores - scores.max())
        best = int(scores[:-1].argmax())
        return self.bodies[best] if odds[best] >= SURE * odds.sum() else None

    def features(self, question: str) -> Floats:
        """What speaks for each body, (n_bodies, 5), in the order of `bodies`."""
        vector, masked = self._embedder.embed([question, self._names.mask(question, MASK)])
        by_passage = self._passages @ vector
        by_question = self._questions @ masked
        words = self._best_words(question)
        best_words = max(words.values(), default=0.0) or 1.0
        named = {mention.organisation.name for mention in self._names.find(question) if mention.organisation}
        return np.array(
            [
                (
                    np.sort(by_passage[self._passage_rows[body.slug]])[-NEAREST:].mean(),
                    by_question[self._question_rows[body.slug]].max(initial=0.0),
                    words.get(body.slug, 0.0) / 10,
                    words.get(body.slug, 0.0) / best_words,
                    len(named & self._organisations[body.slug]) / max(1, len(named)),
                )
                for body in self.bodies
            ]
        )

    def _best_words(self, question: str) -> Mapping[str, float]:
        """Slug -> BM25 of the article's best passage; without those that hold no word of the question."""
        best: dict[str, float] = {}
        for passage_id, score in self._catalogue.search_words(question, BM25_DEPTH):
            if slug := self._slugs.get(passage_id):
                best[slug] = max(best.get(slug, 0.0), score)
        return best

    @cached_property
    def _passage_ids(self) -> dict[str, list[str]]:
        return {body.slug: self._catalogue.passage_ids_of([body.slug]) for body in self.bodies}

    @cached_property
    def _slugs(self) -> dict[str, str]:
        return {passage_id: slug for slug, ids in self._passage_ids.items() for passage_id in ids}

    @cached_property
    def _passages(self) -> NDArray[np.float32]:
        """(n_passages, dim), in the order of the library."""
        return self._catalogue.vectors(self._embedder.dimension)[1]

    @cached_property
    def _passage_rows(self) -> dict[str, list[int]]:
        rows = {passage_id: row for row, passage_id in enumerate(self._catalogue.passage_ids())}
        return {slug: [rows[passage_id] for passage_id in ids] for slug, ids in self._passage_ids.items()}

    @cached_property
    def _questions(self) -> NDArray[np.float32]:
        """(n_questions, dim), as in the catalogue."""
        return self._catalogue.all_questions(self._embedder.dimension)[1]

    @cached_property
    def _question_rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {body.slug: [] for body in self.bodies}
        for row, slug in enumerate(self._catalogue.all_questions(self._embedder.dimension)[0]):
            rows.setdefault(slug, []).append(row)
        return rows

    @cached_property
    def _organisations(self) -> dict[str, set[str]]:
        return {
            body.slug: {m.means for m in self._catalogue.mentions_in(body.slug) if m.kind == "organisation"}
            for body in self.bodies
        }
