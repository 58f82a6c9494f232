"""Hybrid search: dense (embedding) and BM25 rankings merged by reciprocal rank.

1. The query's embedding finds the nearest passages in the vector store.
2. Its words find the best passages by BM25 in the catalogue.
3. Passages of the articles that the query names form a third ranking, those that pass the filters read from its words
   a fourth: both help without hiding the rest.
4. The rankings are merged by reciprocal rank fusion; ties are broken by id.
5. The first thirty are put in order by their scores instead of their ranks (`index.search.second_look`),
   or by a cross-encoder if the user has named one (`index.search.reranker`).
6. Copies of better passages are left out (`index.search.diversity`), and the next ones move up.

Filters that a person has set are another matter: what does not pass is not looked at, in any of these steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.reading import PassageVectors
from index.search.diversity import Told
from index.search.filters import NO_FILTERS, Filters
from index.search.reranker import Reranker
from index.search.second_look import LOOKED_AT, relevance
from index.types import Hit, Passage

RANK_OFFSET = 60  # the paper's value
DEPTH = 50  # candidates of each ranking, or as many as are asked for
_STEP = 1e-6  # a difference in score that keeps the order of the ranks


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
    store: PassageVectors,
    query: str,
    query_vector: NDArray[np.float32],
    *,
    top_k: int,
    named_slugs: Collection[str] = (),
    words: str | None = None,
    preferred: Filters = NO_FILTERS,
    filters: Filters = NO_FILTERS,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """The passages that match a query best.

    Args:
        catalogue: Words and texts.
        store: Vectors.
        query: The question; without a letter or digit in it, nothing is found.
        query_vector: (dim,), its unit embedding.
        top_k: At most this many hits.
        named_slugs: Articles about what the query names; their passages are preferred.
        words: What to look for by words instead of the query (`filter_words.canonical_words`).
        preferred: What the query's own words say (`filter_words.read_filters`); passages that pass are preferred.
        filters: What the user has set; other passages are not found at all.
        reranker: Has the last word on the order of the first thirty.

    Returns:
        Best first, none a copy of a better one; empty when nothing passes the filters.
    """
    if not re.search(r"[^\W_]", query):
        return []
    passing = filters.passages(catalogue)
    depth = max(DEPTH, top_k)
    dense = _ranked(lambda deep: store.search(query_vector, deep), catalogue, passing, depth)
    bm25 = _ranked(
        lambda deep: catalogue.search_words(query if words is None else words, deep), catalogue, passing, depth
    )
    rankings = [list(dense), list(bm25)]
    fused = [passage_id for passage_id, _ in fuse_ranks(rankings)]
    named = set(catalogue.passage_ids_of(named_slugs)) if named_slugs else set()
    fitting = preferred.passages(catalogue, among=fused) or frozenset()
    rankings += [[i for i in fused if i in liked] for liked in (named, fitting) if liked]
    order = [passage_id for passage_id, _ in fuse_ranks(rankings)]
    looked_at = catalogue.passages(order[:LOOKED_AT])
    if reranker:
        scores = reranker.scores(query, looked_at)
    else:
        cosines = dense | _cosines(catalogue, [p.id for p in looked_at if p.id not in dense], query_vector)
        scores = relevance(query, looked_at, cosines, bm25, named, fitting)
    best = sorted(looked_at, key=lambda passage: (-scores[passage.id], passage.id))
    return _distinct(_hits(best, scores, order[LOOKED_AT:], catalogue), top_k)


def _hits(
    best: Sequence[Passage], scores: Mapping[str, float], others: Sequence[str], catalogue: Catalogue
) -> Iterator[Hit]:
    """Those that were looked at, then the others, whose texts are fetched only if they are asked for."""
    yield from (Hit(passage, scores[passage.id]) for passage in best)
    lowest = min(scores.values(), default=0.0)
    for rank, passage in enumerate(catalogue.passages(others), 1):
        yield Hit(passage, lowest - rank * _STEP)


def _cosines(catalogue: Catalogue, ids: Sequence[str], vector: NDArray[np.float32]) -> dict[str, float]:
    found = catalogue.vectors_of(ids, len(vector)) if ids else {}
    return {passage_id: float(own @ vector) for passage_id, own in found.items()}


def _ranked(
    retrieve: Callable[[int], list[tuple[str, float]]],
    catalogue: Catalogue,
    passing: Collection[str] | None,
    depth: int,
) -> dict[str, float]:
    """The best `depth` ids that pass, best first, with their scores.

    The first try goes twice as deep as it would have to if passages that pass were spread evenly, the second through
    all passages.
    """
    if passing is None:
        return dict(retrieve(depth))
    if not passing:
        return {}
    everything = catalogue.passage_count
    first_try = min(everything, 2 * depth * everything // len(passing))
    for deep in dict.fromkeys((first_try, everything)):
        found = dict([hit for hit in retrieve(deep) if hit[0] in passing][:depth])
        if len(found) == min(depth, len(passing)):
            break
    return found


def _distinct(hits: Iterable[Hit], top_k: int) -> list[Hit]:
    """The first `top_k` that are no copies."""
    told = Told()
    return list(islice((hit for hit in hits if told.add(hit.passage)), top_k))
