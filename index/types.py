"""The values that pass between the parts of the index. A leaf: imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """A publication an article rests on. `date` is ISO 8601, as exact as known (`2024`, `2024-07-18`).

    An overview rests on other articles of the library: `article` is the slug of such a one.
    """

    id: str
    title: str
    publisher: str
    date: str | None = None
    url: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """One organisation in one alliance in one role; dates are ISO 8601, as exact as known.

    `since` is when it joined, `as_of` a day on which a source confirms it, `until` when it had left.
    """

    organisation: str
    role: str
    since: str | None = None
    as_of: str | None = None
    until: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an alliance; `date` is ISO 8601, `what` names it in a few words."""

    date: str
    what: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a source gives: `what` is counted, `value` as text with its unit, `as_of` ISO 8601."""

    what: str
    value: str
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Alliance:
    """The facts of an article's front matter about the body it describes.

    `aliases` are names that it or the press writes, `called` what people say: these are understood, not shown.
    """

    name: str
    aliases: tuple[str, ...]
    kind: str
    status: str
    founded: str | None
    founders: tuple[str, ...]
    members: tuple[Membership, ...]
    host: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    figures: tuple[Figure, ...] = ()
    called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, university, government, nonprofit or other body under its one canonical name."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article's body, free of markup: the unit that is quoted and cited.

    `number` counts from 0 through the article; `source_ids` name the article's sources that back it.
    """

    number: int
    text: str
    heading: str
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question that sentence `number` of an article answers, in words that people use."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Article:
    """A Markdown file of a library, read and checked."""

    slug: str
    title: str
    path: Path
    digest: str  # sha256 of the bytes of its file and that of its questions, hex
    sentences: tuple[Sentence, ...]
    published: str | None = None  # ISO 8601; when the article appeared, never when it was added
    publisher: str | None = None
    url: str | None = None
    added: str | None = None  # ISO 8601 day on which the user added it
    sources: tuple[Source, ...] = ()
    alliance: Alliance | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring sentences of one article under one heading: the unit that is embedded and found.

    `id` is the sha256 (first 16 hex digits) of slug, title, heading, position and text, so it changes exactly
    when what is embedded changes.
    """

    id: str
    slug: str
    title: str
    heading: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The sentences joined by blanks, as shown to a person."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def embedded_text(self) -> str:
        """What the embedding model reads: title and heading help a passage to be found."""
        return f"{self.title}. {self.heading}. {self.text}" if self.heading else f"{self.title}. {self.text}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found. `score` is the fused score, unitless, higher is better."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class SentenceRecord:
    """A sentence with its place in the catalogue."""

    id: int
    slug: str
    title: str
    passage_id: str
    sentence: Sentence

    @property
    def context(self) -> str:
        """What the sentence's place says of it."""
        return f"{self.title} {self.sentence.heading}"


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question that the sentence answers; `named` is whom it names, as (kind, means) of a `MentionRecord`."""

    sentence_id: int
    text: str
    named: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AllianceRecord:
    """An alliance as the catalogue knows it; `founded_in` is the sentence that tells the founding date."""

    name: str
    aliases: tuple[str, ...]
    slug: str
    kind: str
    status: str
    founded: str | None
    founded_in: int | None
    called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """An organisation's part in an alliance, with the id of the sentence that tells it."""

    alliance: str
    organisation: str
    role: str
    since: str | None
    as_of: str | None
    until: str | None
    sentence_id: int


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of the alliance that the article `slug` describes, with the id of the sentence that tells it."""

    slug: str
    date: str
    what: str
    sentence_id: int


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """A figure of the alliance that the article `slug` describes, with the id of the sentence that tells it."""

    slug: str
    what: str
    value: str
    as_of: str | None
    sentence_id: int


@dataclass(frozen=True, slots=True)
class MentionRecord:
    """A name in a sentence, as written there, and the one thing that it may mean.

    `kind` says whether `means` is an alliance (by the slug of its article) or an organisation (by its name). A name
    with several bodies behind it has a record for each.
    """

    sentence_id: int
    text: str
    kind: Literal["alliance", "organisation"]
    means: str


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """What the catalogue keeps of an article besides its text."""

    slug: str
    title: str
    path: Path
    published: str | None
    publisher: str | None
    url: str | None
    added: str | None
    sources: tuple[Source, ...]
