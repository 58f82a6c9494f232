"""Choosing the sentences that answer a question, or finding that there are none.

1. The sentences of the passages that search found are the candidates.
2. Relevance = cosine of question and sentence + `WORD_WEIGHT` x share of the question's content words that the
   sentence holds, rare words counting more. Words that only the article's title or the heading holds count less.
3. A candidate must fit: every name in the question is in the sentence or is what the article is about, and a
   question for a date, a number or a name gets a sentence that holds one.
4. There is an answer when the best fitting candidate reaches `MIN_RELEVANCE` (and, where nearly none of the
   question's words occur, a higher bar). Both are fitted by bench/thresholds.py, not by hand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.roles import asked_role, contradicts
from assistant.words import (
    Number,
    concept,
    concepts,
    content_stems,
    content_words,
    find_dates,
    find_names,
    find_numbers,
    first_word,
    is_negated,
    stem,
    words,
)
from index.catalogue import Catalogue
from index.names import Mention, NameFinder
from index.types import Hit, SentenceRecord

WORD_WEIGHT = 1.0
SAME_MEANING_SHARE = 0.8  # a word of the same meaning instead of the word itself
TITLE_SHARE = 0.6  # a word that only the title or the heading holds
MIN_RELEVANCE = 0.75
MIN_WORD_SHARE = 0.4
MIN_CLOSENESS_TO_NAMES = 0.65  # cosine that stands in for the words when the sentence holds every name asked about
NAME_BONUS = 0.25
LARGEST_COUNT = 99  # a larger number stands for itself ("SB 1047"), whatever follows it
HEARSAY_LOSS = 0.2  # "Critics ...", "Reports differ ..." come after the fact itself

MAX_EVIDENCE = 4
ABOUT_AS_GOOD = 0.15  # a difference in relevance that says nothing
MARGIN = 0.3  # evidence further below the best than this is about something else

_DATE_WANTED = re.compile(r"\b(?:when|(?:what|which) (?:year|date|day|month)|since when|until when)\b", re.IGNORECASE)
_COUNT_WANTED = re.compile(r"\bhow many\s+(?:\w+\s+(?=(?:and|or|new|different|other)\b))?(\w+)", re.IGNORECASE)
_AGE_WANTED = re.compile(r"\bhow (?:long|old)\b", re.IGNORECASE)
_NUMBER_WANTED = re.compile(r"\bhow (?:many|much|large|big|long|old|often)\b|\bwhat (?:share|percentage|proportion)\b", re.IGNORECASE)
_MEMBERS = frozenset(concept(word) for word in ("member", "partner", "organisation", "signatory", "sponsor"))
_REASON_WANTED = re.compile(r"\bwhy\b|\bfor what reason\b", re.IGNORECASE)
_REASON_TOLD = re.compile(
    r"\b(?:because|reasons?|due to|in order to|so that|owing to|purposes?|aims?|goals?|wants?|wanted|cited|caused?)\b", re.IGNORECASE
)
_HEARSAY = re.compile(r"(?:Reports|Accounts|Critics|Observers|Sources)\b|One (?:analysis|report|page|briefing|commentary)\b")
_HEARSAY_WANTED = re.compile(r"critic|disagree|differ|controvers|reports?\b|accounts?\b|observers?\b", re.IGNORECASE)
_ABSENT = re.compile(r"\b(?:absen\w+|missing|lack\w*|without|outside)\b", re.IGNORECASE)
_WRITTEN_OUT = {"CEO": "chief executive", "HQ": "headquarters", "exec": "executive"}
_NAME_WANTED = re.compile(r"\bwho(?:m|se)?\b|\bwhere\b", re.IGNORECASE)
_DEFINITION = re.compile(r"^(?:what|who) (?:is|are|was|were) @\W*$|^(?:tell|explain|describe|summari[sz]e|introduce)\b.*@\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer the question.

    `relevance` is unitless, higher is better; `names` are the title of its article and the names of the body that
    the article is about.
    """

    record: SentenceRecord
    names: str
    vector: NDArray[np.float32]  # (dim,), unit
    relevance: float


@dataclass(frozen=True, slots=True)
class Selection:
    """The evidence, best first; empty when the articles do not tell, then `missing` may say what they lack."""

    evidence: tuple[Evidence, ...]
    missing: str | None = None


class Asked:
    """A question, taken apart once, to be held against many sentences."""

    def __init__(self, question: str, vector: NDArray[np.float32], catalogue: Catalogue, names: NameFinder) -> None:
        for short, written_out in _WRITTEN_OUT.items():
            question = re.sub(rf"\b{short}\b", written_out, question)
        self.vector = vector
        self.mentions = names.find(question)
        self._spellings = [names.spellings(mention) for mention in self.mentions]
        rest = question
        for mention in reversed(self.mentions):
            rest = rest[: mention.start] + " @ " + rest[mention.end :]
        self.masked = " ".join(rest.split())
        self.other_names = [
            name for name in find_names(rest) if name != first_word(question) or not name[1:].islower()
        ]
        self.weights = _word_weights(rest, set(self.other_names), catalogue)
        self.wants_date = bool(_DATE_WANTED.search(question))
        self.wants_number = bool(_NUMBER_WANTED.search(question))
        self.counted = _counted(question)
        self.role = asked_role(self.masked) if len(self.mentions) <= 2 else None
        self.wants_name = bool(_NAME_WANTED.search(question))
        self.wants_reason = bool(_REASON_WANTED.search(question))
        self.wants_hearsay = bool(_HEARSAY_WANTED.search(question))
        self.is_negated = is_negated(question)
        self.wants_definition = bool(_DEFINITION.match(self.masked))
        self.dates = [date for date in find_dates(question) if date.year]
        self.numbers = find_numbers(question)

    def word_share(self, text: str, context: str) -> float:
        """Share (0 to 1) of the question's content words, by weight, that text (or, for less, context) holds."""
        total = sum(self.weights.values())
        if not total:
            return 1.0
        in_text, in_context = content_stems(text), concepts(content_stems(context))
        meant = concepts(in_text)

        def part(word: str) -> float:
            if stem(word) in in_text:
                return 1.0
            if concept(word) in meant:
                return SAME_MEANING_SHARE
            return TITLE_SHARE if concept(word) in in_context else 0.0

        return sum(weight * part(word) for word, weight in self.weights.items()) / total

    def relevance(self, text: str, vector: NDArray[np.float32], context: str) -> float:
        """Closeness in meaning plus closeness in words; unitless."""
        return float(self.vector @ vector) + WORD_WEIGHT * self.word_share(text, context)

    def names_held(self, text: str, slug: str) -> int:
        """How many of the names asked about the sentence is about; 0 if it names no organisation asked about."""
        held = [
            any(alliance.slug == slug for alliance in mention.alliances) or _holds_name(text, spellings)
            for mention, spellings in zip(self.mentions, self._spellings, strict=True)
        ]
        organisations = [h for h, mention in zip(held, self.mentions, strict=True) if not mention.alliances]
        return 0 if organisations and not any(organisations) else sum(held)

    def holds_other_names(self, text: str) -> bool:
        """True if the text holds every other name in the question ("Chris Meserole", "Gemini")."""
        lower = text.lower()
        return all(re.search(rf"(?<!\w){re.escape(name.lower())}", lower) for name in self.other_names)

    def is_about_other_names(self, text: str) -> bool:
        """True if the text holds those names, and not only as "a paper on X", "the board of X"."""
        return bool(self.other_names) and all(
            re.search(rf"(?<!\w)(?<!on )(?<!of )(?<!about ){re.escape(name)}", text, re.IGNORECASE) for name in self.other_names
        )

    def fits(self, text: str) -> bool:
        """True if the text holds the kind of thing that is asked for."""
        if self.wants_date and not any(date.year for date in find_dates(text)):
            return False
        if self.wants_number and not self._counts(text):
            return False
        if self.wants_reason and not _REASON_TOLD.search(text):
            return False
        if self.is_negated and not (is_negated(text) or _ABSENT.search(text)):
            return False
        if self._spellings and contradicts(self.role, text, self._spellings[0]):
            return False
        if self.wants_name and not set(find_names(text)) - {w for m in self.mentions for w in m.text.split()}:
            return False
        told_dates, told_numbers = find_dates(text), find_numbers(text)
        return all(any(date.agrees_with(told) for told in told_dates) for date in self.dates) and all(
            any(_same_count(number, told) for told in told_numbers) for number in self.numbers
        )


    def _counts(self, text: str) -> bool:
        """True if a number in the text counts what is asked for."""
        numbers = find_numbers(text)
        if not self.counted:
            return bool(numbers)
        # "caps the number of members at eight" counts members as well as "eight members" does
        number_of = {concept(word) for match in re.findall(r"number of (\w+(?: \w+)?)", text) for word in words(match)}
        return any(
            self.counted & ({concept(unit) for unit in number.units} or number_of) for number in numbers
        )


def _same_count(asked: Number, told: Number) -> bool:
    """The same number of the same thing; a bare number ("version 1.0") may count anything."""
    units = {concept(unit) for unit in asked.units[:2]}
    is_bare = not units or asked.is_decimal or asked.value > LARGEST_COUNT
    return asked.value == told.value and (is_bare or bool(units & {concept(unit) for unit in told.units}))


def _counted(question: str) -> frozenset[str]:
    """The concepts that a number in the answer must count; empty when any number will do."""
    if _AGE_WANTED.search(question):
        return frozenset(concept(unit) for unit in ("year", "month", "week", "day", "hour"))
    match = _COUNT_WANTED.search(question)
    if not match:
        return frozenset()
    asked = concept(match[1])
    return _MEMBERS if asked in _MEMBERS else frozenset({asked})


def select_evidence(asked: Asked, hits: Sequence[Hit], catalogue: Catalogue) -> Selection:
    """The sentences to answer from.

    Args:
        asked: The question.
        hits: What search found, best first.
        catalogue: Sentences and their vectors.
    """
    unknown = [name for name in asked.other_names if not catalogue.passages_with(name)]
    if unknown:
        return Selection((), unknown[0])
    passage_texts = {hit.passage.id: hit.passage.text for hit in hits}
    own_names = {a.slug: " | ".join((a.name, *a.aliases)) for a in catalogue.alliances}
    found = []
    for record, vector in catalogue.sentences_of([hit.passage.id for hit in hits]):
        text = record.sentence.text
        context = f"{record.title} {record.sentence.heading}"
        held = asked.names_held(text, record.slug)
        if held < min(1, len(asked.mentions)) or not asked.fits(text):
            continue
        if not asked.holds_other_names(f"{text} {context} {passage_texts[record.passage_id]}"):
            continue
        relevance = asked.relevance(text, vector, context) + NAME_BONUS * (held + asked.is_about_other_names(text))
        if _HEARSAY.match(text) and not asked.wants_hearsay:
            relevance -= HEARSAY_LOSS
        if asked.wants_definition and _defines(text, record):
            relevance += 1.0
        close_to_names = asked.is_about_other_names(text) and float(asked.vector @ vector) >= MIN_CLOSENESS_TO_NAMES
        if close_to_names or asked.word_share(text, context) >= MIN_WORD_SHARE:
            found.append(Evidence(record, own_names.get(record.slug, record.title), vector, relevance))
    found.sort(key=lambda evidence: (-evidence.relevance, evidence.record.id))
    bar = MIN_RELEVANCE + NAME_BONUS * bool(asked.mentions)
    if not found or found[0].relevance < bar:
        return Selection(())
    lowest = max(bar - MARGIN, found[0].relevance - MARGIN)
    close = [evidence for evidence in found if evidence.relevance >= lowest]
    if asked.wants_number and not asked.dates:
        close = _latest_first(close)
    return Selection(tuple(_distinct(close)[:MAX_EVIDENCE]))


def _latest_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Of the evidence about as good as the best, the one that tells the latest state comes first.

    Asked how many members a body has, an article that tells the number of each year is asked for the last one.
    """
    best = [item for item in evidence if item.relevance >= evidence[0].relevance - ABOUT_AS_GOOD]
    latest = max(best, key=lambda item: (_latest(item.record.sentence.text), item.relevance))
    return [latest, *(item for item in evidence if item is not latest)]


def _latest(text: str) -> tuple[int, int, int]:
    return max(((date.year, date.month, date.day) for date in find_dates(text)), default=(0, 0, 0))


def _defines(text: str, record: SentenceRecord) -> bool:
    """True for "The X is a ...", early in an article about X."""
    pattern = rf"(?:The )?{re.escape(record.title)}.{{0,40}}?\b(?:is|are|was|were) (?:an?|the|one)\b"
    return record.sentence.number < 3 and bool(re.match(pattern, text))


def _distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Without sentences that say the same (cosine over 0.97) as a better one."""
    kept: list[Evidence] = []
    for candidate in evidence:
        if all(float(candidate.vector @ other.vector) < 0.97 for other in kept):
            kept.append(candidate)
    return kept


def _word_weights(text: str, names: Collection[str], catalogue: Catalogue) -> Mapping[str, float]:
    """Inverse document frequency of each content word, over passages; a word the library lacks weighs the most.

    Names do not count here: they are asked for on their own.
    """
    total = max(catalogue.counts()["passages"], 1)
    return {
        word: math.log(1 + total / (1 + catalogue.passages_with(word)))
        for word in dict.fromkeys(word.lower() for word in content_words(text) if word not in names)
    }


def _holds_name(text: str, spellings: Sequence[str]) -> bool:
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in spellings)
