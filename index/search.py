"""Hybrid search: dense (embedding) and BM25 rankings merged by reciprocal rank.

1. The query's embedding finds the nearest passages in the vector store.
2. Its words find the best passages by BM25 in the catalogue.
3. Passages of the articles that the query names form a third ranking: a name helps without hiding the rest.
4. The rankings are merged by reciprocal rank fusion; ties are broken by id.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.store import VectorStore
from index.types import Hit

RANK_OFFSET = 60  # the paper's value
DEPTH = 50  # candidates of each ranking


def fuse_ranks(rankings: Sequence[Sequence[str]], *, k: int = RANK_OFFSET) -> list[tuple[str, float]]:
    """Merge ranked lists of passage ids by reciprocal rank fusion.

    Args:
        rankings: One list per retriever, best first; an id occurs at most once per list.
        k: Rank offset, in positions. Larger flattens the difference between ranks.

    Returns:
        (id, score), best first, ties by id. The score is unitless, at most len(rankings) / (k + 1).

    Raises:
        ValueError: `k` is negative.

    Source: Cormack, Clarke & Büttcher, SIGIR 2009.
    Example: two lists that both start with "a" give "a" a score of 2 / 61.
    """
    if k < 0:
        raise ValueError(f"k must not be negative, got {k}")
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, passage_id in enumerate(ranking, 1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (k + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def search(
    catalogue: Catalogue,
    store: VectorStore,
    query: str,
    query_vector: NDArray[np.float32],
    *,
    top_k: int,
    named_slugs: Collection[str] = (),
) -> list[Hit]:
    """The passages that match a query best.

    Args:
        catalogue: Words and texts.
        store: Vectors.
        query: The question.
        query_vector: (dim,), its unit embedding.
        top_k: At most this many hits.
        named_slugs: Articles about what the query names; their passages are preferred.
    """
    dense = [passage_id for passage_id, _ in store.search(query_vector, DEPTH)]
    words = [passage_id for passage_id, _ in catalogue.search_words(query, DEPTH)]
    rankings = [dense, words]
    if named_slugs:
        own = set(catalogue.passage_ids_of(named_slugs))
        rankings.append([passage_id for passage_id, _ in fuse_ranks(rankings) if passage_id in own])
    best = dict(fuse_ranks(rankings)[:top_k])
    return [Hit(passage, best[passage.id]) for passage in catalogue.passages(list(best))]
