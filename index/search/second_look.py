"""A second look at the passages that the fused ranking put first: their scores instead of their ranks.

Ranks forget by how much a passage was better. Relevance, unitless, is the sum of

    0.7  x cosine similarity of query and passage
    0.3  x BM25 score, as a share of the best one's
    0.2    if the passage's article is about an alliance that the query names
    0.1    if it passes the filters read from the query ("since 2025")
    0.1  x share of the query's numbers that the passage holds
    0.1  x share of the query's pairs of neighbouring words that the passage holds

The convex combination of the first two is that of Bruch, Gai & Ingber, "An Analysis of Fusion Functions for Hybrid
Retrieval", ACM TOIS 2023. `bench/retrieval.py` measures what each of them earns; docs/log.md tells what did not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from index.search.query_words import STOP_WORDS
from index.types import Passage

LOOKED_AT = 30  # passages
_CLOSENESS = 0.7
_NAMED = 0.2
_FITTING = 0.1
_NUMBERS = 0.1
_WORD_PAIRS = 0.1


def relevance(
    query: str,
    passages: Sequence[Passage],
    cosines: Mapping[str, float],
    bm25: Mapping[str, float],
    named: Collection[str],
    fitting: Collection[str],
) -> dict[str, float]:
    """Passage id -> relevance.

    Args:
        query: The question.
        passages: Those to look at.
        cosines: Passage id -> cosine similarity to the query, for all of them.
        bm25: Passage id -> BM25 score; a passage without one holds no word of the query.
        named: Ids of passages of articles about what the query names.
        fitting: Ids of passages that pass the filters read from the query.
    """
    best = max(bm25.values(), default=0.0) or 1.0
    numbers, pairs = re.findall(r"\d+", query), _word_pairs(query)
    found = {}
    for passage in passages:
        text = _plain(passage.embedded_text) if numbers or pairs else ""
        found[passage.id] = (
            _CLOSENESS * cosines[passage.id]
            + (1 - _CLOSENESS) * bm25.get(passage.id, 0.0) / best
            + _NAMED * (passage.id in named)
            + _FITTING * (passage.id in fitting)
            + _NUMBERS * _share(numbers, text)
            + _WORD_PAIRS * _share(pairs, text)
        )
    return found


def _word_pairs(query: str) -> list[str]:
    words = re.findall(r"\w+", query.lower())
    return [f"{a} {b}" for a, b in zip(words, words[1:], strict=False) if STOP_WORDS.isdisjoint((a, b))]


def _share(wanted: Sequence[str], text: str) -> float:
    """How many of the words or pairs of words a plain text holds, of all."""
    held = sum(f" {words} " in text for words in dict.fromkeys(wanted))
    return held / len(set(wanted)) if wanted else 0.0


def _plain(text: str) -> str:
    """The words in small letters, one blank around each."""
    return " ".join(["", *re.findall(r"\w+", text.lower()), ""])
