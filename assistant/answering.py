"""A question's way to its answer, step by step.

1. Small talk gets a short reply.
2. The follow-up is made whole, its names are linked to the catalogue.
3. What the catalogue knows exactly is answered from it, row by row.
4. Everything else: hybrid search -> evidence sentences -> prompt -> model.
5. Each sentence the model finishes is checked against the evidence and cited, or dropped.
6. If none survives, the best evidence is quoted; if there is no evidence, the articles do not tell.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.asked import Asked
from assistant.check import check_claim
from assistant.citing import Citations, join_sentences, separator, with_numbers
from assistant.evidence import MARGIN, Evidence, Selection, select_evidence
from assistant.exact.answers import answer_exactly
from assistant.exact.reading import read
from assistant.exact.understanding import read_intent
from assistant.followup import Turn, make_whole, refers_back
from assistant.model import LanguageModel, TextStream
from assistant.search_filters import FilterWords, make_filters
from assistant.smalltalk import ABSTENTION, WHICH_ONE, small_talk
from assistant.stopping import StopSwitch
from assistant.types import Answer, CheckedSentence, Delta, Event, Finished, Retrieved
from index.build import OpenIndex
from index.embed import Embedder
from index.filter_words import canonical_words, read_filters
from index.filters import NO_FILTERS, Filters
from index.names import Mention, NameFinder
from index.reranker import Reranker
from index.search import search
from index.sentences import clean_text, split_text
from index.types import Hit
from prompts import fill_in

TOP_K = 10  # passages whose sentences become candidates
SHOWN_K = 5  # passages told to the caller
MAX_SENTENCES = 3
MAX_FAILURES = 2  # drafted sentences that may fail before the evidence is quoted instead
FACT_EVIDENCE = 2  # sentences in the prompt when one date, number or name is asked for
RELEVANCE_LOSS = 0.15  # how much less than the best evidence a drafted sentence may answer the question


class Clock:
    """Seconds since the question came, by step."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._timings: dict[str, float] = {}

    def stop(self, step: str) -> None:
        """Note when a step was finished; only its first end counts."""
        self._timings.setdefault(step, round(time.perf_counter() - self._start, 4))

    def timings(self) -> dict[str, float]:
        """All steps noted so far, and the total."""
        return {**self._timings, "total": round(time.perf_counter() - self._start, 4)}


@dataclass(frozen=True, slots=True)
class Answering:
    """What the steps need: one generation of the index, the embedder, the model."""

    index: OpenIndex
    names: NameFinder
    embedder: Embedder
    model: LanguageModel
    answer_tokens: int
    reranker: Reranker | None = None

    def stream(self, question: str, turns: Sequence[Turn], stop: StopSwitch) -> Generator[Event, None, Turn]:
        """The events of one answer; returns the turn that a later question may refer back to.

        Raises:
            Stopped: The switch was set while the model worked.
        """
        clock = Clock()
        reply = small_talk(question)
        if reply is not None:
            yield from _told(Answer(reply, abstained=False, kind="smalltalk", timings=clock.timings()))
            return Turn(question, None)
        whole = make_whole(question, turns, self.names)
        mentions = self.names.find(whole)
        clock.stop("understand")
        if refers_back(whole, self.names):
            yield from _told(Answer(WHICH_ONE, abstained=True, kind="abstain", timings=clock.timings()))
            return Turn(whole, None)
        citations = Citations(self.index.catalogue)
        intent = read_intent(read(whole, mentions, date.today()), mentions)
        sentences = answer_exactly(intent, self.index.catalogue, citations) if intent else []
        if sentences:
            answer = yield from self._tell_exactly(sentences, citations, clock)
        else:
            answer = yield from self._answer_openly(whole, citations, clock, stop)
        return Turn(whole, self._subject(mentions, answer))

    def search(self, question: str, top_k: int, words: FilterWords) -> list[Hit]:
        """The passages that match best, of those that pass the filters.

        Raises:
            BadFilter: A filter cannot be understood.
        """
        filters = make_filters(self.index.catalogue, self.names, words)
        return self._search(question, self.embedder.embed([question])[0], top_k, filters)

    def _search(
        self, question: str, vector: NDArray[np.float32], top_k: int, filters: Filters = NO_FILTERS
    ) -> list[Hit]:
        mentions = self.names.find(question)
        return search(
            self.index.catalogue,
            self.index.store,
            question,
            vector,
            top_k=top_k,
            named_slugs=sorted({alliance.slug for mention in mentions for alliance in mention.alliances}),
            words=canonical_words(question, mentions),
            preferred=read_filters(question, mentions, self.index.catalogue),
            filters=filters,
            reranker=self.reranker,
        )

    def _tell_exactly(
        self, sentences: list[CheckedSentence], citations: Citations, clock: Clock
    ) -> Generator[Event, None, Answer]:
        clock.stop("first_sentence")
        ids = dict.fromkeys(citation.passage_id for citation in citations.all())
        yield Retrieved(tuple(self.index.catalogue.passages(list(ids))))
        answer = _answer("exact", sentences, citations, clock, model=None)
        yield from _told(answer)
        return answer

    def _answer_openly(
        self, question: str, citations: Citations, clock: Clock, stop: StopSwitch
    ) -> Generator[Event, None, Answer]:
        vector = self.embedder.embed([question])[0]
        hits = self._search(question, vector, TOP_K)
        asked = Asked(question, vector, self.index.catalogue, self.names)
        selection = select_evidence(asked, hits, self.index.catalogue, self.names, self.embedder)
        clock.stop("search")
        yield Retrieved(tuple(hit.passage for hit in hits[:SHOWN_K]))
        if not selection.evidence:
            answer = Answer(_abstention(selection), abstained=True, kind="abstain", timings=clock.timings())
            yield from _told(answer)
            return answer
        shown: list[CheckedSentence] = []
        for sentence in self._draft(asked, selection.evidence, citations, stop):
            clock.stop("first_sentence")
            yield Delta(separator(len(shown), sentence) + with_numbers(sentence))
            shown.append(sentence)
        kind = "open" if shown else "quote"
        for sentence in () if shown else _quotations(asked, selection.evidence, citations):
            clock.stop("first_sentence")
            yield Delta(separator(len(shown), sentence) + with_numbers(sentence))
            shown.append(sentence)
        answer = _answer(kind, shown, citations, clock, model=self.model.name)
        yield Finished(answer)
        return answer

    def _draft(
        self, asked: Asked, evidence: Sequence[Evidence], citations: Citations, stop: StopSwitch
    ) -> Iterator[CheckedSentence]:
        """The sentences of the model's draft that pass the check, each as soon as it is finished.

        A sentence can be true and beside the point: the first one must rest on evidence about as good as the
        best, and each must answer the question about as well as the evidence that it rests on.
        """
        # One fact is asked for: only the best evidence may answer, and a shorter prompt is read sooner.
        is_one_fact = asked.wanted.is_one_fact
        given = evidence[:FACT_EVIDENCE] if is_one_fact else evidence
        lowest = given[0].relevance - RELEVANCE_LOSS
        best = given[:1] if is_one_fact else [item for item in given if item.relevance >= lowest]
        most, failures_left = (1, 1) if is_one_fact else (MAX_SENTENCES, MAX_FAILURES)
        told: set[int] = set()
        with stop.watching(self._ask_model(asked.question, given)) as pieces:
            for draft in finished_sentences(pieces):
                support = self._support(asked, draft, given)
                if support is None or (not told and support not in best):
                    failures_left -= 1
                elif support.record.id not in told:
                    told.add(support.record.id)
                    yield CheckedSentence(draft, (citations.cite(support.record),))
                if len(told) == most or not failures_left:
                    break

    def _ask_model(self, question: str, evidence: Sequence[Evidence]) -> TextStream:
        facts = [item.record.sentence.text for item in evidence]
        return self.model.stream(
            fill_in("answer", {"question": question, "facts": facts}), max_tokens=self.answer_tokens
        )

    def _support(self, asked: Asked, draft: str, evidence: Sequence[Evidence]) -> Evidence | None:
        """The evidence behind a drafted sentence; None if there is none, or if the sentence loses the point."""
        vector = self.embedder.embed([draft])[0]
        support = check_claim(draft, vector, evidence).support
        if support is None or (asked.wanted.is_one_fact and not asked.fits(draft)):
            return None
        told = asked.relevance(support.record.sentence.text, support.vector, support.context)
        return support if asked.relevance(draft, vector, support.context) >= told - RELEVANCE_LOSS else None

    def _subject(self, mentions: Sequence[Mention], answer: Answer) -> str | None:
        """What a turn was about: the alliance it names or was answered from, else the organisation."""
        if named := next((mention.name for mention in mentions if mention.alliances), None):
            return named
        cited = answer.citations[0].slug if answer.citations and not mentions else None
        answered = next((alliance.name for alliance in self.index.catalogue.alliances if alliance.slug == cited), None)
        return answered or next((mention.name for mention in mentions), None)


def finished_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a streamed text, each as soon as it is finished; a cut last one is left out."""
    buffer = ""
    for piece in pieces:
        *lines, buffer = (buffer + piece).split("\n")
        for line in lines:
            yield from _sentences_of(line)
        *whole, last = split_text(buffer) or [""]
        if whole:
            yield from (sentence for text in whole for sentence in _sentences_of(text))
            buffer = last + (" " if buffer.endswith(" ") else "")
    yield from (sentence for sentence in _sentences_of(buffer) if sentence[-1] in ".!?")


def _sentences_of(line: str) -> list[str]:
    """Plain sentences of a line, without list marks and markup."""
    unlisted = re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", line)
    plain = clean_text(re.sub(r"(?<!\w)\*+|\*+(?!\w)|`", "", unlisted))  # but "A*STAR" is a name
    return [sentence for sentence in split_text(plain) if any(char.isalpha() for char in sentence)]


def _quotations(asked: Asked, evidence: Sequence[Evidence], citations: Citations) -> Iterator[CheckedSentence]:
    """The best evidence word for word: one sentence for one fact, more where two bodies are compared."""
    count, loss = (1, RELEVANCE_LOSS) if asked.wanted.is_one_fact else (2, RELEVANCE_LOSS)
    if asked.wants_comparison:
        count, loss = MAX_SENTENCES, MARGIN
    for item in evidence[:count]:
        if item.relevance >= evidence[0].relevance - loss:
            yield CheckedSentence(f"“{item.record.sentence.text}”", (citations.cite(item.record),))


def _abstention(selection: Selection) -> str:
    return f"{ABSTENTION} They do not mention “{selection.missing}”." if selection.missing else ABSTENTION


def _answer(
    kind: str, sentences: list[CheckedSentence], citations: Citations, clock: Clock, model: str | None
) -> Answer:
    return Answer(
        text=join_sentences(sentences),
        abstained=False,
        kind=kind,
        citations=citations.all(),
        sentences=tuple(sentences),
        timings=clock.timings(),
        model=model,
    )


def _told(answer: Answer) -> Iterator[Event]:
    yield Delta(answer.text)
    yield Finished(answer)
