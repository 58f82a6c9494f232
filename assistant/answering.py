"""A question's way to its answer, step by step.

1. Small talk and questions about the assistant get a short reply.
2. The follow-up is made whole, its parts are answered one after the other, its names are linked to the catalogue.
3. What the catalogue knows exactly is answered from it, row by row; where it does not understand a question that names
   no body, the body that the question describes is added in brackets.
4. Everything else: hybrid search -> evidence sentences -> prompt -> model.
5. Each sentence the model finishes is checked against the evidence and cited, or dropped.
6. If none survives, the best evidence is quoted; if there is no evidence, the articles do not tell.
7. If the model fails or is busy, what was checked stays, or the evidence is quoted, and the last line says why.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.citing import Citations, join_sentences, separator, with_numbers
from assistant.errors import ModelError
from assistant.exact.answers import answer_exactly
from assistant.exact.disagreement import speaks_of_disagreement
from assistant.exact.free_reading import FreeReading
from assistant.exact.phrases import plain_question
from assistant.exact.reading import read
from assistant.followups.make_whole import Turn, is_choice, refers_back
from assistant.open.asked import Asked
from assistant.open.drafting import Drafting, quotations
from assistant.open.evidence import Selection, select_evidence
from assistant.search_filters import FilterWords, make_filters
from assistant.smalltalk import ABSTENTION, OUT_OF_SCOPE, WHICH_ONE, about_itself, asks_for_other_work, small_talk
from assistant.stopping import StoppableEmbedder, StopSwitch
from assistant.types import Answer, CheckedSentence, Delta, Event, Finished, Retrieved
from assistant.whole_questions import WholeQuestions
from assistant.within import ONLY_WITHOUT, Within
from index.build import OpenIndex
from index.names.finder import NameFinder
from index.search.filter_words import canonical_words, read_filters
from index.search.filters import NO_FILTERS, Filters
from index.search.hybrid import search
from index.search.reranker import Reranker
from index.types import Hit
from index.vectors.embed import TokenEmbedder

TOP_K = 10  # passages whose sentences become candidates
SHOWN_K = 5  # passages told to the caller
THE_REST = "The articles do not tell the rest."
NO_DRAFT = "Quoted from the articles, because the language model gave no answer:"
BROKEN_OFF = "The language model did not finish:"


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


class Told:
    """What has been told of one answer so far.

    Attributes:
        citations: Of all its sentences.
        sentences: In the order they were shown.
        kinds: How its parts were answered.
        abstentions: Of the parts that the articles do not tell.
        is_model_asked: A part went to the language model, whatever became of its draft.
        model_failure: What kept the model from finishing a draft.
        clock: Since the question came.
    """

    def __init__(self, citations: Citations, clock: Clock) -> None:
        self.citations = citations
        self.sentences: list[CheckedSentence] = []
        self.kinds: list[str] = []
        self.abstentions: list[str] = []
        self.is_model_asked = False
        self.model_failure: str | None = None
        self.clock = clock

    def tell(self, sentence: CheckedSentence) -> Delta:
        """Take up a sentence; what is shown of it."""
        self.clock.stop("first_sentence")
        self.sentences.append(sentence)
        return Delta(separator(len(self.sentences) - 1, sentence) + with_numbers(sentence))

    def remarks(self) -> list[str]:
        """What is said at the end, a line each: that parts are not told, that the model failed."""
        remarks = [THE_REST] if self.abstentions else []
        if self.model_failure:
            remarks.append(f"{BROKEN_OFF if 'open' in self.kinds else NO_DRAFT} {self.model_failure}")
        return remarks

    def answer(self, model: str) -> Answer:
        """The whole, once every part has been answered."""
        return Answer(
            text="\n".join([join_sentences(self.sentences), *self.remarks()]),
            abstained=False,
            kind=next((kind for kind in ("open", "quote") if kind in self.kinds), "exact"),
            citations=self.citations.all(),
            sentences=tuple(self.sentences),
            timings=self.clock.timings(),
            model=model if self.is_model_asked else None,
            model_failure=self.model_failure,
        )


@dataclass(frozen=True, slots=True)
class Exact:
    """How a question was understood, and what the catalogue tells, see `Answering._read_exactly`."""

    free_reading: FreeReading
    rows: list[CheckedSentence] | None


@dataclass(frozen=True, slots=True)
class Answering:
    """What the steps need: one generation of the index, the embedder, what drafts."""

    index: OpenIndex
    names: NameFinder
    embedder: TokenEmbedder
    drafting: Drafting
    questions: WholeQuestions
    reranker: Reranker | None = None

    def stream(
        self, question: str, turns: Sequence[Turn], stop: StopSwitch, words: FilterWords | None = None
    ) -> Generator[Event, None, Turn]:
        """The events of one answer; returns the turn that a later question may refer back to.

        Raises:
            BadFilter: A filter cannot be understood.
            Stopped: The switch was set.
        """
        clock = Clock()
        reply = self._small_talk(question)
        if reply is not None:
            yield from _all_at_once(Answer(reply, abstained=False, kind="smalltalk", timings=clock.timings()))
            return Turn(question, None)
        within = Within(self.index.catalogue, make_filters(self.index.catalogue, self.names, words or {}))
        asked, after = self.questions.read(question, _about(within, turns))
        clock.stop("understand")
        if asks_for_other_work(asked[0]) and not refers_back(asked[0], self.names):
            yield from _all_at_once(Answer(OUT_OF_SCOPE, abstained=True, kind="abstain", timings=clock.timings()))
            return Turn(asked[0], None)
        told = Told(Citations(self.index.catalogue), clock)
        for part in asked:
            yield from self._answer_part(part, after, told, stop, within)
        if told.sentences:
            answer = told.answer(self.drafting.model.name)
            for remark in told.remarks():
                yield Delta(f"\n{remark}")
            yield Finished(answer)
        else:
            answer = Answer(told.abstentions[0], abstained=True, kind="abstain", timings=clock.timings())
            yield from _all_at_once(answer)
        whole = " ".join(asked)
        return Turn(whole, self._subject(whole, answer), answer.text)

    def recall(self, question: str, turns: Sequence[Turn], answer: Answer) -> Turn:
        """The turn that an answer left behind, for a conversation that is taken up again."""
        if answer.kind == "smalltalk":
            return Turn(question, None)
        whole = " ".join(self.questions.read(question, turns)[0])
        return Turn(whole, self._subject(whole, answer), answer.text)

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

    def look_up(self, question: str, filters: Filters = NO_FILTERS) -> tuple[list[Hit], Asked]:
        """The passages found, and the question taken apart, to be held against their sentences."""
        # The embedding model knows few aliases: "CoSAI" is as far from "Coalition for Secure AI" as any other word.
        question = plain_question(question, self.names.find(question))
        spelt_out = canonical_words(question, self.names.find(question))
        as_typed, canonical = self.embedder.embed([question, spelt_out])
        hits = self._search(question, as_typed, TOP_K, filters)
        return hits, Asked(question, canonical, self.index.catalogue, self.names)

    def _small_talk(self, question: str) -> str | None:
        """The reply to a courtesy or a question about the assistant; "thanks, and MLCommons" is neither."""
        return None if self.names.find(question) else small_talk(question) or about_itself(question, self.embedder)

    def _read_exactly(self, question: str, after: str, told: Told, within: Within) -> Exact:
        """What the catalogue tells; no rows if it does not, None if it does, but from outside of the filter."""
        if speaks_of_disagreement(after):  # "How many signed? I keep reading different numbers."
            exact = self._read_exactly(f"{question} {after}", "", told, within)
            if exact.rows != []:
                return exact
        mentions = self.names.find(question)
        reading = read(question, mentions, date.today())
        catalogue = self.index.catalogue
        free_reading = FreeReading(reading, catalogue, self.embedder)
        tell = within.keep(partial(answer_exactly, question, mentions, reading, free_reading, catalogue), reading)
        return Exact(free_reading, tell(told.citations) if tell else None)

    def _answer_part(self, question: str, after: str, told: Told, stop: StopSwitch, within: Within) -> Iterator[Event]:
        exact = self._read_exactly(question, after, told, within)
        if exact.rows == [] and (described := self.questions.with_described(question)):
            question = described
            exact = self._read_exactly(question, after, told, within)
        if exact.rows is None:  # the catalogue tells it, but from elsewhere
            told.abstentions.append(ONLY_WITHOUT)
            return
        free_reading, rows = exact.free_reading, exact.rows
        if not rows and refers_back(question, self.names):
            told.abstentions.append(WHICH_ONE)
            return
        if not rows and free_reading.is_for_catalogue_only:
            told.abstentions.append(within.abstention)
            return
        if not rows:
            # "By whom is it run? I look for the executive director." says in the second sentence what is meant.
            whole = free_reading.plain_wording or f"{question} {after}".strip()
            yield from self._answer_openly(whole, told, stop, within)
            return
        told.kinds.append("exact")
        ids = dict.fromkeys(citation.passage_id for citation in told.citations.all())
        yield Retrieved(tuple(self.index.catalogue.passages(list(ids))))
        for row in rows:
            yield told.tell(row)

    def _answer_openly(self, question: str, told: Told, stop: StopSwitch, within: Within) -> Iterator[Event]:
        stop.check()
        hits, asked = self.look_up(question, within.filters)
        embedder = StoppableEmbedder(self.embedder, stop)
        selection = select_evidence(asked, hits, within.evidence(), self.names, embedder)
        told.clock.stop("search")
        yield Retrieved(tuple(hit.passage for hit in hits[:SHOWN_K]))
        if not selection.evidence:
            told.abstentions.append(_abstention(selection, within))
            return
        is_drafted = False
        if not asked.wanted.is_one_fact:
            told.is_model_asked = True
            try:
                for sentence in self.drafting.draft(asked, selection.evidence, told.citations, stop):
                    is_drafted = True
                    yield told.tell(sentence)
            except ModelError as exc:  # the evidence is at hand: better than no answer
                told.model_failure = str(exc)
        known = {sentence.text for sentence in told.sentences}
        for sentence in () if is_drafted else quotations(asked, selection, told.citations):
            if sentence.text not in known:  # a second part may be told by the same sentence
                yield told.tell(sentence)
        told.kinds.append("open" if is_drafted else "quote")

    def _subject(self, question: str, answer: Answer) -> str | None:
        """What a turn was about: what it names, else the alliance that it was answered from.

        Of several among which it chose ("Which of the two is older?"), the one that the answer names first.
        """
        chosen = self.questions.named(answer.text) if is_choice(question) and not answer.abstained else None
        if named := chosen or self.questions.named(question):
            return named
        cited = answer.citations[0].slug if answer.citations else None
        return next((alliance.name for alliance in self.index.catalogue.alliances if alliance.slug == cited), None)


def _about(within: Within, turns: Sequence[Turn]) -> list[Turn]:
    """What was said before; last of it, that the talk is of the one alliance that the filter leaves."""
    is_news = within.subject is not None and not (turns and turns[-1].subject == within.subject)
    return [*turns, Turn(within.subject or "", within.subject)] if is_news else list(turns)


def _abstention(selection: Selection, within: Within) -> str:
    return f"{ABSTENTION} They do not mention “{selection.missing}”." if selection.missing else within.abstention


def _all_at_once(answer: Answer) -> Iterator[Event]:
    yield Delta(answer.text)
    yield Finished(answer)
