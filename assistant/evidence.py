"""Choosing the sentences that answer a question, or finding that there are none.

1. The sentences of the passages that search found are the candidates.
2. Relevance = cosine of question and sentence + share of the question's content words that the sentence
   holds, rare words counting more; names asked about add to it.
3. A candidate must fit: every name in the question is in the sentence or is what the article is about, it
   holds the kind of thing asked for (`assistant.wanted`), and it does not tell it the other way round
   (`assistant.roles`).
4. It must also hold enough of the question's words (`MIN_WORD_SHARE`), or the names or the counted things
   asked about. If no candidate does, those that hold some of the words get a second look: with the names taken
   out of both, sentence and question must be close in meaning (`MIN_MASKED_CLOSENESS`). With them in, every
   sentence about a body looks close to every question about it.
5. There is an answer when the best candidate reaches `MIN_RELEVANCE`.

The bars were set on tests/questions/first.yaml and tuning.yaml; second.yaml was written without them, but what failed
there was read and mended afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.asked import Asked
from assistant.words import find_dates
from index.catalogue import Catalogue
from index.embed import Embedder
from index.names import NameFinder
from index.types import Hit, SentenceRecord

MIN_RELEVANCE = 0.75
MIN_WORD_SHARE = 0.4
MIN_MASKED_WORD_SHARE = 0.14
MIN_MASKED_CLOSENESS = 0.58  # cosine
LOOKED_AT_TWICE = 12  # sentences; embedding them takes some 60 ms on two cores
MIN_CLOSENESS_TO_NAMES = 0.65  # cosine that stands in for the words when the sentence holds every name asked about
NAME_BONUS = 0.25
COUNT_BONUS = 0.3
DEFINITION_BONUS = 1.0
HEARSAY_LOSS = 0.2  # "Critics ...", "Reports differ ..." come after the fact itself
MAX_EVIDENCE = 4
ABOUT_AS_GOOD = 0.15  # a difference in relevance that says nothing
MARGIN = 0.3  # evidence further below the best than this is about something else
SAME_CLOSENESS = 0.97  # cosine from which two sentences say the same

_HEARSAY = re.compile(r"(?:Reports|Accounts|Critics|Observers|Sources)\b|One (?:analysis|report|page|briefing)\b")
# A text that gives orders to whoever reads it out is no evidence for anything.
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:instructions?|prompts?|rules?|previous|above)\b"
    r"|\byou are now\b|\bsystem prompt\b|\b(?:answer|respond|reply) (?:only |always )?with\b|<\|",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A sentence that may answer the question.

    `relevance` is unitless, higher is better; `names` are the names of the body that its article is about, or
    the article's title.
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
    """The evidence, best first; empty when the articles do not tell, and `missing` may say what they lack."""

    evidence: tuple[Evidence, ...]
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A fitting sentence and how much of the question it holds."""

    evidence: Evidence
    word_share: float
    holds_enough: bool


def select_evidence(
    asked: Asked, hits: Sequence[Hit], catalogue: Catalogue, names: NameFinder, embedder: Embedder
) -> Selection:
    """The sentences to answer from.

    Args:
        asked: The question.
        hits: What search found, best first.
        catalogue: The sentences.
        names: Finds the names to be masked for the second look.
        embedder: Embeds the sentences that fit, and for the second look what is masked.
    """
    if asked.is_empty:
        return Selection(())
    unknown = [name for name in asked.other_names if not catalogue.passages_with(name)]
    if unknown:
        return Selection((), unknown[0])
    candidates = _candidates(asked, _fitting(asked, hits, catalogue), embedder)
    bar = MIN_RELEVANCE + NAME_BONUS * bool(asked.mentions)
    found = [candidate.evidence for candidate in candidates if candidate.holds_enough]
    if not found or found[0].relevance < bar:
        found = _second_look(asked, candidates, names, embedder)
    if not found or found[0].relevance < bar:
        return Selection(())
    lowest = max(bar, found[0].relevance) - MARGIN
    close = [evidence for evidence in found if evidence.relevance >= lowest]
    if asked.wanted.number and not asked.wanted.dates:
        close = _latest_first(close)
    return Selection(tuple(_distinct(close)[:MAX_EVIDENCE]))


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A sentence that may answer, and how many of the names asked about it is about."""

    record: SentenceRecord
    names: str
    held: int


def _fitting(asked: Asked, hits: Sequence[Hit], catalogue: Catalogue) -> list[_Fitting]:
    """The sentences of the passages that are about what is asked about and hold what is wanted."""
    passage_texts = {hit.passage.id: hit.passage.text for hit in hits}
    own_names = {a.slug: " | ".join((a.name, *a.aliases)) for a in catalogue.alliances}
    sentences = catalogue.sentences_of([hit.passage.id for hit in hits])
    named = catalogue.names_in(record.id for record in sentences)
    fitting = []
    for record in sentences:
        text = record.sentence.text
        held = asked.names_held(named.get(record.id, ()), record.slug)
        surroundings = f"{text} {record.context} {passage_texts[record.passage_id]}"
        is_about = held >= min(1, len(asked.mentions)) and asked.holds_other_names(surroundings)
        if is_about and asked.fits(text) and not _INSTRUCTION.search(text):
            fitting.append(_Fitting(record, own_names.get(record.slug, record.title), held))
    return fitting


def _candidates(asked: Asked, fitting: Sequence[_Fitting], embedder: Embedder) -> list[_Candidate]:
    """The fitting sentences with their relevance, best first."""
    candidates = []
    vectors = embedder.embed([item.record.sentence.text for item in fitting])
    for item, vector in zip(fitting, vectors, strict=True):
        unscored = Evidence(item.record, item.names, vector, 0.0)
        share = asked.word_share(item.record.sentence.text, item.record.context)
        scored = replace(unscored, relevance=_relevance(asked, unscored, item.held))
        candidates.append(_Candidate(scored, share, _holds_enough(asked, scored, share)))
    return sorted(candidates, key=lambda c: (-c.evidence.relevance, c.evidence.record.id))


def _relevance(asked: Asked, evidence: Evidence, held: int) -> float:
    text = evidence.record.sentence.text
    relevance = asked.relevance(text, evidence.vector, evidence.context)
    relevance += NAME_BONUS * (held + asked.is_about_other_names(text))
    if asked.wanted.counts and asked.wanted.holds_counts(text):
        relevance += COUNT_BONUS
    if _HEARSAY.match(text) and not asked.wants_hearsay:
        relevance -= HEARSAY_LOSS
    if asked.wants_definition and _defines(evidence):
        relevance += DEFINITION_BONUS
    return relevance


def _holds_enough(asked: Asked, evidence: Evidence, share: float) -> bool:
    if share >= MIN_WORD_SHARE:
        return True
    # A number of the very things, or a close sentence with the very names, asked about needs fewer words.
    return asked.is_about_other_names(evidence.record.sentence.text) and (
        bool(asked.wanted.counted) or asked.closeness(evidence.vector) >= MIN_CLOSENESS_TO_NAMES
    )


def _second_look(
    asked: Asked, candidates: Sequence[_Candidate], names: NameFinder, embedder: Embedder
) -> list[Evidence]:
    """The candidates that say what is asked once the names are taken out, in the order they came."""
    looked_at = [c.evidence for c in candidates if c.word_share >= MIN_MASKED_WORD_SHARE][:LOOKED_AT_TWICE]
    if not looked_at:
        return []
    texts = [asked.question, *(evidence.record.sentence.text for evidence in looked_at)]
    question, *sentences = embedder.embed([names.mask(text, "it") for text in texts])  # (1 + n, dim)
    return [
        evidence
        for evidence, sentence in zip(looked_at, sentences, strict=True)
        if float(question @ sentence) >= MIN_MASKED_CLOSENESS
    ]


def _latest_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Of the evidence about as good as the best, the one that tells the latest state comes first.

    Asked how many members a body has, an article that tells the number of each year is asked for the last.
    """
    best = [item for item in evidence if item.relevance >= evidence[0].relevance - ABOUT_AS_GOOD]
    latest = max(best, key=lambda item: (_latest(item.record.sentence.text), item.relevance))
    return [latest, *(item for item in evidence if item is not latest)]


def _latest(text: str) -> tuple[int, int, int]:
    return max(((date.year, date.month, date.day) for date in find_dates(text)), default=(0, 0, 0))


def _defines(evidence: Evidence) -> bool:
    """True for "The X is a ...", early in an article about X."""
    name, sentence = re.escape(evidence.record.title), evidence.record.sentence
    pattern = rf"(?:The )?{name}.{{0,40}}?\b(?:is|are|was|were) (?:an?|the|one)\b"
    return sentence.number < 3 and bool(re.match(pattern, sentence.text))


def _distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Without sentences that say the same as a better one."""
    kept: list[Evidence] = []
    for candidate in evidence:
        if all(float(candidate.vector @ other.vector) < SAME_CLOSENESS for other in kept):
            kept.append(candidate)
    return kept
