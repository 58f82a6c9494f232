"""The public values of the assistant. A leaf: imports only the leaves of `index`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.types import Passage, Source

__all__ = ["Answer", "CheckedSentence", "Citation", "Delta", "Event", "Finished", "Retrieved"]


@dataclass(frozen=True, slots=True)
class Citation:
    """The sentence in an article that supports a claim.

    Attributes:
        number: What stands in brackets in the answer's text, from 1.
        title: Title of the article.
        slug: Name of the article in the library.
        url: Where the article, or the first source behind the sentence, can be read; None when unknown.
        published: ISO 8601 day on which the article appeared; None when unknown.
        quote: The supporting sentence, verbatim.
        passage_id: The passage that holds the quote.
        publisher: Who published the article, or the first source behind the sentence.
        sources: The publications behind the quoted sentence, as the article lists them.
    """

    number: int
    title: str
    slug: str
    url: str | None
    published: str | None
    quote: str
    passage_id: str
    publisher: str | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of an answer with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of which every sentence is backed by a citation, or which says that the articles do not tell.

    Attributes:
        text: What the user reads, with citation numbers in brackets: "... by IBM and Meta. [1]"
        abstained: True when the articles do not tell (or the question asks nothing): there are no citations.
        kind: How it was answered: `exact` (from the catalogue), `open` (written by the model, each sentence
            checked), `quote` (evidence quoted), `abstain`, `smalltalk`.
        citations: In the order of their numbers.
        sentences: The answer's sentences, without the bracketed numbers; the row of a table holds them, cell by cell.
        timings: Seconds by step: `understand`, `search`, `first_sentence`, `total`; a skipped step is absent.
        model: Name of the language model that was asked for a draft; None when none was needed.
        model_failure: What kept it from finishing the draft, as the text says at its end; the sentences of the text
            are checked or quoted all the same. None when all went well.
    """

    text: str
    abstained: bool
    kind: str
    citations: tuple[Citation, ...] = ()
    sentences: tuple[CheckedSentence, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    model: str | None = None
    model_failure: str | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages the answer will rest on, best first."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of the answer; it has passed the check. The deltas joined are the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer; always the last event."""

    answer: Answer


Event = Retrieved | Delta | Finished
