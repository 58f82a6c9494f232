"""How well a sentence answers a question: a weighted sum of what speaks for and against it.

The weights are fitted by `bench/fit_answerability.py` as those of a choice among all candidate sentences and "none
of them". A score is in nats: a sentence that scores 1 more than another is e times as likely to be the one that
tells it; what scores less than 0 is not to be answered with. A sentence of which no questions are known is scored by
weights of their own, for it could not be like any: articles that a user adds have none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.open.answerability_weights import KNOWN, UNKNOWN, Fitted
from assistant.open.asked import Asked
from assistant.open.own_questions import Likeness
from assistant.open.places import holds_name
from assistant.words import (
    FUNCTION_WORDS,
    concept,
    concepts,
    content_stems,
    content_words,
    find_dates,
    find_names,
    find_numbers,
    first_word,
    is_negated,
)
from index.types import SentenceRecord
from index.vectors.embed import Embedder

_HEARSAY = re.compile(r"(?:Reports|Accounts|Critics|Observers|Sources)\b|One (?:analysis|report|page|briefing)\b")
_ABOUT_SOURCES = re.compile(
    r"\b(?:sources?|(?:reports?|accounts?) differ|one (?:report|page|source|account|outlet)|the other|is told by)\b",
    re.IGNORECASE,
)
_NOT_TOLD = re.compile(
    r"\b(?:sources?|articles?|pages?|texts?)\b[^.;,]{0,30}?"
    r"\b(?:do(?:es)? not|gives? (?:no|neither|only)|holds? no|names? (?:no|only)|none gives?|shows? no|tells? no)\b"
    r"|\b(?:is|are|was|were) not (?:known|told|named|given|stated|disclosed)\b|\bno (?:source|article)s?\b",
    re.IGNORECASE,
)
_TOLD_APART = re.compile(
    r"not to be confused|\b(?:is|are) (?:a )?separate\b|\bapart from\b|\bwhereas\b|\bis not (?:the|a part|part)\b"
    r"|\band not\b|\bnot that of\b",
    re.IGNORECASE,
)
_PLACE_TOLD = re.compile(r"\b(?:in|at|to|from|near)\s+(?:the\s+)?[A-Z]")
_PERSON_TOLD = re.compile(r"(?<=\s)[A-ZÀ-Ý][\w'’.-]*(?: (?:[a-z]{2,3} )?[A-ZÀ-Ý][\w'’.-]+)+")
_LEADING = frozenset(concept(word) for word in ("lead", "run", "manage", "charge", "boss"))
_LEADERS = frozenset(
    concept(word) for word in ("director", "president", "chair", "executive", "secretary", "lead", "ceo")
)
_LEADER_SHARE = 0.9
_OLDEST_YEAR, _YEARS = 2020, 6  # the scale of how recent a sentence is


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what is known of its place.

    Attributes:
        record: The sentence.
        vector: Its unit embedding, (dim,).
        named: What it names, as `Catalogue.names_in` tells it.
        surroundings: Its passage, title and heading, and the names of the body that its article is about.
        is_overview: Its article is about no body.
        masked_closeness: Cosine of question and sentence with the names taken out of both.
        token_match: How well its tokens match those of the question, see `assistant.open.decomposable_attention`.
        own_questions: How like the question is to those that it is known to answer; None if none are known.
        passage_closeness: Cosine of the question and its passage.
        passage_words: BM25 score of its passage, as a share of the best one's.
        passage_score: What search gave its passage; 0 if it was not among the best.
    """

    record: SentenceRecord
    vector: NDArray[np.float32]
    named: frozenset[tuple[str, str]]
    surroundings: str
    is_overview: bool
    masked_closeness: float
    token_match: float
    own_questions: Likeness | None
    passage_closeness: float
    passage_words: float
    passage_score: float


def scores(asked: Asked, candidates: Sequence[Candidate], embedder: Embedder) -> list[float]:
    """The score of each candidate, in nats; from 0 on, it is good enough to answer with."""
    return [
        _score(features, KNOWN if candidate.own_questions else UNKNOWN)
        for candidate, features in zip(candidates, all_features(asked, candidates, embedder), strict=True)
    ]


def _score(features: Mapping[str, float], fitted: Fitted) -> float:
    return sum(weight * features[name] for name, weight in fitted.weights.items()) - fitted.bar


def tells_of_not_knowing(text: str) -> bool:
    """True for "The sources do not give its budget": such a sentence answers nothing, it says that none can."""
    return _NOT_TOLD.search(text) is not None


def all_features(asked: Asked, candidates: Sequence[Candidate], embedder: Embedder) -> list[dict[str, float]]:
    """Each candidate's features by name."""
    likeness = _Likeness(asked, candidates, embedder)
    return [
        {
            **_word_features(asked, candidate, likeness),
            **_name_features(asked, candidate),
            **_kind_features(asked, candidate),
            **_manner_features(asked, candidate),
            "closeness": asked.closeness(candidate.vector),
            "masked_closeness": candidate.masked_closeness,
            "token_match": candidate.token_match,
            "question_closeness": candidate.own_questions.closeness if candidate.own_questions else 0.0,
            "question_words": candidate.own_questions.words if candidate.own_questions else 0.0,
            "passage_closeness": candidate.passage_closeness,
            "passage_words": candidate.passage_words,
            "passage_score": candidate.passage_score,
        }
        for candidate in candidates
    ]


class _Likeness:
    """How like in meaning the words of the question are to those of the candidates, each word on its own."""

    def __init__(self, asked: Asked, candidates: Sequence[Candidate], embedder: Embedder) -> None:
        self._own = [*asked.weights, *asked.key_words]
        self._words = {c.record.id: _other_words(asked, c.record.sentence.text) for c in candidates}
        every = list(dict.fromkeys([*self._own, *(word for words in self._words.values() for word in words)]))
        self._rows = {word: row for row, word in enumerate(every)}
        self._vectors = embedder.embed(every) if self._own else np.zeros((0, embedder.dimension), np.float32)

    def best(self, word: str, sentence_id: int) -> float:
        """Cosine of a word of the question and the word of the sentence that is most like it; 0 without words."""
        rows = [self._rows[other] for other in self._words[sentence_id]]
        return float(np.max(self._vectors[rows] @ self._vectors[self._rows[word]], initial=0.0)) if rows else 0.0


def _other_words(asked: Asked, text: str) -> list[str]:
    """The content words of a sentence in small letters, without those of the names asked about."""
    return list(dict.fromkeys(w.lower() for w in content_words(text) if not asked.is_in_its_names(w)))


def _word_features(asked: Asked, candidate: Candidate, likeness: _Likeness) -> dict[str, float]:
    """How much of the question's words it holds, outright, in its heading, or by words that mean much the same."""
    record = candidate.record
    held, placed = concepts(content_stems(record.sentence.text)), concepts(content_stems(record.context))

    def told(word: str) -> float:
        if concept(word) in held:
            return 1.0
        if concept(word) in _LEADING and held & _LEADERS:  # "Who runs X?" is answered by its director, or its chair
            return _LEADER_SHARE
        return max(likeness.best(word, record.id), 0.8 * (concept(word) in placed))

    found = {word: told(word) for word in {*asked.weights, *asked.key_words}}
    missing = [word for word in asked.weights if concept(word) not in held | placed]
    share = _weighted(asked.weights, found)
    return {
        "words_alike": share,
        "words_unlike": max(0.0, 0.6 - share),
        "words_held": _weighted(asked.weights, {w: float(w not in missing) for w in asked.weights}),
        "words_missing": float(len(missing)),
        "rarest_missing": max((asked.weights[word] for word in missing), default=0.0),
        "no_words_asked": float(not asked.weights),
        "key_alike": _mean([found[word] for word in asked.key_words]),
        "person_role_missing": asked.wants_person * (1 - max((found[word] for word in asked.key_words), default=1.0)),
        "key_held": _mean([float(concept(word) in held | placed) for word in asked.key_words]),
        "verb_missing": float(asked.verb is not None and asked.verb not in held),
    }


def _name_features(asked: Asked, candidate: Candidate) -> dict[str, float]:
    """Whether it is about who and what is asked about."""
    text, record = candidate.record.sentence.text, candidate.record
    missing = _mean([float(not holds_name(text, name)) for name in asked.core_names], 0.0)
    # An article that somebody added says by its title alone what it is about.
    is_titled = bool(asked.core_names) and all(holds_name(record.title, name) for name in asked.core_names)
    far = _mean([float(not holds_name(candidate.surroundings, name)) for name in asked.core_names], 0.0)
    bodies_missing = _mean([float(not any(holds_name(text, s) for s in own)) for own in asked.core_organisations], 0.0)
    bodies_far = _mean(
        [float(not any(holds_name(candidate.surroundings, s) for s in own)) for own in asked.core_organisations], 0.0
    )
    return {
        "names_body": float(bool(candidate.named & asked.bodies)),
        "own_article": float(("alliance", record.slug) in asked.bodies or is_titled),
        "overview": float(candidate.is_overview and not is_titled),
        "no_body_asked": float(not asked.mentions),
        "names_missing": missing,
        "names_far": far,
        "organisations_missing": bodies_missing,
        "organisations_far": bodies_far,
        "deed_of_another": bodies_missing * asked.asks_when_or_why,
    }


def _kind_features(asked: Asked, candidate: Candidate) -> dict[str, float]:
    """Whether it holds the kind of thing that is asked for."""
    text, wanted = candidate.record.sentence.text, asked.wanted
    dates = [date for date in find_dates(text) if date.year]
    agreed = all(any(date.agrees_with(told) for told in dates) for date in wanted.dates)
    others = set(find_names(text)) - {first_word(text)}
    new_names = math.log1p(
        sum(not asked.is_in_its_names(name) for name in others) * 0.3 + len(candidate.named - asked.meanings)
    )
    latest = max((date.year for date in dates), default=_OLDEST_YEAR)
    return {
        "fits": float(asked.fits(text)),
        "number_told": _told(wanted.number, bool(find_numbers(text))),
        "place_told": _told(asked.wants_place, bool(_PLACE_TOLD.search(text))),
        "person_told": _told(asked.wants_person, bool(_PERSON_TOLD.search(text))),
        "name_told": _told(asked.wants_name, new_names > 0),
        "list_told": asked.wants_list * new_names,
        "names_told": new_names,
        "other_date": float(bool(dates) and not agreed),
        "date_missing": float(not agreed),
        "recent": asked.wants_present * (latest - _OLDEST_YEAR) / _YEARS,
    }


def _manner_features(asked: Asked, candidate: Candidate) -> dict[str, float]:
    """How it tells it."""
    text, number = candidate.record.sentence.text, candidate.record.sentence.number
    return {
        "yes_no": float(asked.is_yes_no),
        "only_denied": float(is_negated(text) and not is_negated(asked.question)),
        "only_asked_denied": float(is_negated(asked.question) and not is_negated(text)),
        "hearsay": float(bool(_HEARSAY.match(text)) and not asked.wants_hearsay),
        "about_sources": float(bool(_ABOUT_SOURCES.search(text)) and not asked.wants_hearsay),
        "not_told": float(tells_of_not_knowing(text)),
        "told_apart": float(bool(_TOLD_APART.search(text)) and not asked.wants_comparison),
        "definition": asked.wants_definition * max(0.0, 1 - number / 4),
        "length": math.log1p(len([w for w in text.split() if w.lower() not in FUNCTION_WORDS])),
    }


def _told(is_wanted: bool, is_there: bool) -> float:
    """1 for what is wanted and there, -1 for what is wanted and not there, 0 for what is not wanted."""
    return float(is_wanted) * (1.0 if is_there else -1.0)


def _mean(values: Sequence[float], if_none: float = 1.0) -> float:
    return sum(values) / len(values) if values else if_none


def _weighted(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    total = sum(weights.values())
    return sum(weight * values[word] for word, weight in weights.items()) / total if total else 1.0
