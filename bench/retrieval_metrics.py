"""How good a ranking is, as BEIR and trec_eval count it.

    nDCG@k     sum of gain / log2(rank + 1) over the first k, divided by that of the best ranking there could be
    recall@k   how much of what is relevant is among the first k
    MRR@k      1 / rank of the first relevant one; 0 when none is among the first k

A document that nobody judged counts as not relevant, as one that was judged 0 or less. Each figure is the mean
over the questions that have a relevant document.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Judged = Mapping[str, int]  # document id -> how relevant it is for one question


class Scores(NamedTuple):
    """Figures of one ranking, or the means of many; all from 0 to 1."""

    ndcg_10: float
    recall_5: float
    recall_10: float
    recall_100: float
    mrr_10: float


def score(ranking: Sequence[str], judged: Judged) -> Scores:
    """Judge one ranking.

    Args:
        ranking: Document ids, best first, none twice.
        judged: At least one of them above 0.
    """
    return Scores(
        ndcg(ranking, judged, 10),
        recall(ranking, judged, 5),
        recall(ranking, judged, 10),
        recall(ranking, judged, 100),
        reciprocal_rank(ranking, judged, 10),
    )


def mean_of(scores: Sequence[Scores]) -> Scores:
    """The mean of each figure; `scores` is not empty."""
    return Scores(*(sum(figures) / len(scores) for figures in zip(*scores, strict=True)))


def ndcg(ranking: Sequence[str], judged: Judged, k: int) -> float:
    """Normalised discounted cumulative gain; the gain is the judgement itself, as in trec_eval."""
    gains = [max(0, judged.get(document, 0)) for document in ranking[:k]]
    best = sorted((grade for grade in judged.values() if grade > 0), reverse=True)[:k]
    return _discounted(gains) / _discounted(best)


def recall(ranking: Sequence[str], judged: Judged, k: int) -> float:
    """Share of the relevant documents that are among the first k."""
    relevant = {document for document, grade in judged.items() if grade > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant)


def reciprocal_rank(ranking: Sequence[str], judged: Judged, k: int) -> float:
    """1 / rank of the first relevant document; 0 when it is not among the first k."""
    return next((1 / rank for rank, document in enumerate(ranking[:k], 1) if judged.get(document, 0) > 0), 0.0)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
