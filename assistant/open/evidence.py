"""Choosing the sentences that answer a question, or finding that there are none.

1. Candidates are the sentences of the passages that search found and of the articles about the alliances asked about.
2. One that is about none of these alliances, that gives orders to whoever reads it out, or that tells the founding of
   an alliance where that of one of its founders is asked for, is left out.
3. Of the others, those that share most with the question are scored (`assistant.open.answerability`).
4. There is an answer when the best one reaches the fitted bar and does not say that the answer is not known.
5. A question over several bodies needs sentences that are together about all of them.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.open.answerability import Candidate, scores, tells_of_not_knowing
from assistant.open.asked import Asked
from assistant.open.decomposable_attention import match_tokens
from assistant.open.own_questions import Likeness, likeness_to_own
from assistant.words import find_dates
from index.catalogue import Catalogue
from index.masked_questions import MASK
from index.names.finder import NameFinder
from index.search.filter_words import canonical_words
from index.types import Hit, SentenceRecord
from index.vectors.embed import Embedder, TokenEmbedder

SCORED = 36  # sentences; embedding them and their words takes some 0.15 s on two cores
FIRST_GUESS = 0.3  # what the time asked about, or the article of the body, is worth before the scores are known
MAX_EVIDENCE = 4
RELEVANCE_PER_NAT = 0.15
MARGIN = 0.3  # evidence further below the best than this is about something else
PROBABLY = 0.85
PROBABLY_ALL = 0.97  # of a list, each sentence may tell a part
LEAST_OF_PART = -0.2  # of a sentence on one of several bodies, where another is told of surely
SAME_CLOSENESS = 0.97  # cosine from which two sentences say the same
BM25_DEPTH = 100  # passages

# A text that gives orders to whoever reads it out is no evidence for anything.
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:instructions?|prompts?|rules?|previous|above)\b"
    r"|\byou are now\b|\bsystem prompt\b|\b(?:answer|respond|reply) (?:only |always )?with\b|<\|",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A sentence that may answer the question.

    `relevance` is unitless, higher is better, 0 is the least to answer with; `names` are the names of the body that
    its article is about, or the article's title.
    """

    record: SentenceRecord
    names: str
    vector: NDArray[np.float32]  # (dim,), unit
    relevance: float

    @property
    def context(self) -> str:
        """What the sentence's place says of it."""
        return self.record.context


@dataclass(frozen=True, slots=True)
class Selection:
    """The evidence, best first; empty when the articles do not tell, and `missing` may say what they lack.

    One of the first `needed` sentences, or all of them together, very probably tell what is asked.
    """

    evidence: tuple[Evidence, ...]
    missing: str | None = None
    needed: int = 1


def select_evidence(
    asked: Asked, hits: Sequence[Hit], catalogue: Catalogue, names: NameFinder, embedder: TokenEmbedder
) -> Selection:
    """The sentences to answer from.

    Args:
        asked: The question.
        hits: What search found, best first.
        catalogue: The sentences.
        names: Finds the names that are masked.
        embedder: Embeds the sentences, and their words one by one.
    """
    if asked.is_empty:
        return Selection(())
    if unknown := asked.unknown_name(catalogue):
        return Selection((), unknown)
    ranked = rank(asked, find_candidates(asked, hits, catalogue, names, embedder), catalogue, embedder)
    if not ranked or ranked[0].relevance < 0 or _says_not_known(asked, ranked[0]):
        return Selection(())
    known = [item for item in ranked if not _says_not_known(asked, item)]
    lowest = ranked[0].relevance - MARGIN
    distinct = _distinct([item for item in known if item.relevance >= lowest])[:MAX_EVIDENCE]
    if len(asked.core_bodies) < 2:
        return Selection(tuple(distinct), needed=_enough(distinct, PROBABLY_ALL if asked.wants_list else PROBABLY))
    covering = _covering(asked, known, catalogue)
    others = [item for item in distinct if item not in covering]
    return Selection((*covering, *others)[:MAX_EVIDENCE] if covering else (), needed=len(covering))


def find_candidates(
    asked: Asked, hits: Sequence[Hit], catalogue: Catalogue, names: NameFinder, embedder: TokenEmbedder
) -> list[Candidate]:
    """The sentences that may answer, those that share most with the question, in the order of the library."""
    slugs = sorted(slug for _, slug in asked.bodies)
    ids = list(dict.fromkeys([*(hit.passage.id for hit in hits), *catalogue.passage_ids_of(slugs)]))
    vectors = catalogue.vectors_of(ids, embedder.dimension)
    closeness = {passage_id: asked.closeness(vector) for passage_id, vector in vectors.items()}
    bm25 = dict(catalogue.search_words(canonical_words(asked.question, asked.mentions), BM25_DEPTH))
    best_bm25 = max(bm25.values(), default=0.0) or 1.0
    found = {hit.passage.id: hit.score for hit in hits}
    texts = {passage.id: passage.text for passage in catalogue.passages(ids)}
    own_names = _names_of_bodies(catalogue)
    records = catalogue.sentences_of(ids)
    named = catalogue.names_in(record.id for record in records)
    allowed = [
        record
        for record in records
        if asked.is_about(named.get(record.id, ()), record.slug)
        and not _INSTRUCTION.search(record.sentence.text)
        and not asked.tells_another_founding(record.sentence.text)
    ]
    # Few sentences of an article share a word or the passage with the question; embedding all of them takes too long.
    (masked_question,) = embedder.embed([names.mask(asked.question, MASK)])
    own_questions = likeness_to_own(asked, masked_question, allowed, named, catalogue)
    shared = {
        r.id: _shared(asked, r, closeness[r.passage_id]) + own_questions.get(r.id, Likeness()).closeness
        for r in allowed
    }
    kept = sorted(sorted(allowed, key=lambda r: (-shared[r.id], r.id))[:SCORED], key=lambda r: r.id)
    sentences = [record.sentence.text for record in kept]
    asked_tokens, *of_kept = embedder.embed_with_tokens([asked.question, *sentences])
    matches = match_tokens(asked_tokens.tokens, [own.tokens for own in of_kept])
    # With the names in, every sentence about a body looks close to every question about it.
    masked = embedder.embed([names.mask(text, MASK) for text in sentences])  # (n, dim)
    return [
        Candidate(
            record=record,
            vector=own.vector,
            named=named.get(record.id, frozenset()),
            surroundings=f"{texts[record.passage_id]} {record.context} {own_names.get(record.slug, '')}",
            is_overview=record.slug not in own_names,
            masked_closeness=float(masked_question @ masked_vector),
            token_match=match,
            own_questions=own_questions.get(record.id),
            passage_closeness=closeness[record.passage_id],
            passage_words=bm25.get(record.passage_id, 0.0) / best_bm25,
            passage_score=found.get(record.passage_id, 0.0),
        )
        for record, own, masked_vector, match in zip(kept, of_kept, masked, matches, strict=True)
    ]


def _shared(asked: Asked, record: SentenceRecord, closeness: float) -> float:
    """A first guess at how well it answers; "As of May 2026, X was director" is kept for "Who led it in May?"."""
    told = find_dates(record.sentence.text)
    is_of_time = bool(asked.wanted.dates) and any(
        day.agrees_with(other) for day in asked.wanted.dates for other in told
    )
    is_own = ("alliance", record.slug) in asked.bodies
    return asked.word_share(record.sentence.text, record.context) + closeness + FIRST_GUESS * (is_of_time + is_own)


def rank(asked: Asked, candidates: Sequence[Candidate], catalogue: Catalogue, embedder: Embedder) -> list[Evidence]:
    """The candidates as evidence, best first, ties by id."""
    names = _names_of_bodies(catalogue)
    ranked = [
        Evidence(c.record, names.get(c.record.slug, c.record.title), c.vector, score * RELEVANCE_PER_NAT)
        for c, score in zip(candidates, scores(asked, candidates, embedder), strict=True)
    ]
    return sorted(ranked, key=lambda item: (-item.relevance, item.record.id))


def _names_of_bodies(catalogue: Catalogue) -> dict[str, str]:
    """Slug -> the names of the body that the article is about."""
    return {a.slug: " | ".join((a.name, *a.aliases)) for a in catalogue.alliances}


def _says_not_known(asked: Asked, evidence: Evidence) -> bool:
    return not asked.is_yes_no and not asked.wants_hearsay and tells_of_not_knowing(evidence.record.sentence.text)


def _covering(asked: Asked, ranked: Sequence[Evidence], catalogue: Catalogue) -> list[Evidence]:
    """The best sentences that are together about every body asked about; none where one of these is told nothing of.

    Half of a comparison reads like the whole of it.
    """
    named = catalogue.names_in(item.record.id for item in ranked)
    covering: list[Evidence] = []
    for slugs in asked.core_bodies:
        meant = {("alliance", slug) for slug in slugs}
        about = [i for i in ranked if i.record.slug in slugs or meant & named.get(i.record.id, frozenset())]
        if any(item in covering for item in about):
            continue
        if not about or about[0].relevance < LEAST_OF_PART:
            return []
        covering.append(about[0])
    return covering


def _enough(evidence: Sequence[Evidence], probability: float) -> int:
    """How many of the best have to be told so that the one that answers is probably among them."""
    odds = [math.exp((item.relevance - evidence[0].relevance) / RELEVANCE_PER_NAT) for item in evidence]
    told = itertools.accumulate(odds)
    return next(place for place, sum_so_far in enumerate(told, 1) if sum_so_far >= probability * sum(odds))


def _distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Without sentences that say the same as a better one."""
    kept: list[Evidence] = []
    for candidate in evidence:
        if all(float(candidate.vector @ other.vector) < SAME_CLOSENESS for other in kept):
            kept.append(candidate)
    return kept
