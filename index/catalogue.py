"""Reading catalogue.sqlite: articles, sentences, facts, keyword search. Safe to use from several threads."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.search.query_words import query_words
from index.types import (
    AllianceRecord,
    ArticleRecord,
    EventRecord,
    Fact,
    FigureRecord,
    MentionRecord,
    Organisation,
    Passage,
    QuestionRecord,
    Sentence,
    SentenceRecord,
    Source,
)

_TABLES = (
    "articles",
    "passages",
    "sentences",
    "questions",
    "alliances",
    "organisations",
    "facts",
    "events",
    "figures",
    "mentions",
)
_SENTENCE_COLUMNS = "s.id, s.slug, a.title, p.id, s.number, s.text, s.heading, s.source_ids"
_SENTENCE_JOIN = "sentences s JOIN passages p ON p.position = s.passage JOIN articles a ON a.slug = s.slug"
# Of title, heading and text. Weights from 0.5 to 3 for the first two change nDCG@10 by less than 0.01.
_BM25_WEIGHTS = "1.0, 1.0, 1.0"


class Catalogue:
    """One generation's catalogue, opened for reading."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """Open a catalogue.

        Raises:
            IndexDamaged: The file is missing or no catalogue.
        """
        if not path.is_file():
            raise IndexDamaged(f"The index has lost its catalogue {path}. Run `alliances rebuild`.")
        # `immutable` reads without locks and without writing beside the file: a generation never changes.
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        catalogue = cls(connection, path)
        try:
            catalogue.counts()
        except IndexDamaged:
            connection.close()
            raise
        return catalogue

    def close(self) -> None:
        """Close the file; every later call fails."""
        with self._lock:
            self._connection.close()

    def check(self) -> None:
        """Read every page.

        Raises:
            IndexDamaged: SQLite finds the file damaged.
        """
        verdict = self._rows("PRAGMA integrity_check")
        if verdict != [("ok",)]:
            raise self._damaged(str(verdict[0][0]).splitlines()[0])

    def counts(self) -> dict[str, int]:
        """Number of rows by table."""
        return {table: self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in _TABLES}

    # -- articles, passages, sentences

    @cached_property
    def passage_count(self) -> int:
        """Number of passages."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    @cached_property
    def articles(self) -> dict[str, ArticleRecord]:
        """The articles by slug."""
        sources: dict[str, list[Source]] = {}
        for slug, *columns in self._rows(
            "SELECT slug, id, title, publisher, date, url, article FROM sources ORDER BY position"
        ):
            sources.setdefault(slug, []).append(Source(*columns))
        rows = self._rows("SELECT slug, title, path, published, publisher, url, added FROM articles ORDER BY slug")
        return {
            slug: ArticleRecord(slug, title, Path(path), published, publisher, url, added, tuple(sources.get(slug, ())))
            for slug, title, path, published, publisher, url, added in rows
        }

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in this order; unknown ids are left out."""
        sentences: dict[str, list[SentenceRecord]] = {}
        for record in self.sentences_of(ids):
            sentences.setdefault(record.passage_id, []).append(record)
        headings = dict(self._rows_in("SELECT id, heading FROM passages WHERE id IN", ids))
        return [
            Passage(i, found[0].slug, found[0].title, headings[i], tuple(record.sentence for record in found))
            for i in ids
            if (found := sentences.get(i))
        ]

    def sentences_of(self, passage_ids: Sequence[str]) -> list[SentenceRecord]:
        """The sentences of these passages, in the order of the articles."""
        select = f"SELECT {_SENTENCE_COLUMNS} FROM {_SENTENCE_JOIN} WHERE p.id IN"
        return [self._sentence(row) for row in self._rows_in(select, passage_ids, "ORDER BY s.id")]

    def sentences_of_article(self, slug: str) -> list[SentenceRecord]:
        """The sentences of an article, in its order."""
        return self.sentences_of(self.passage_ids_of([slug]))

    def sentences(self, ids: Iterable[int]) -> dict[int, SentenceRecord]:
        """The sentences with these ids."""
        rows = self._rows_in(f"SELECT {_SENTENCE_COLUMNS} FROM {_SENTENCE_JOIN} WHERE s.id IN", list(ids))
        return {row[0]: self._sentence(row) for row in rows}

    def passage_ids(self) -> list[str]:
        """All passage ids, in the order of the library."""
        return [row[0] for row in self._rows("SELECT id FROM passages ORDER BY position")]

    def passage_ids_of(self, slugs: Collection[str]) -> list[str]:
        """The ids of these articles' passages, in the order of the library."""
        rows = self._rows_in("SELECT id FROM passages WHERE slug IN", list(slugs), "ORDER BY position")
        return [row[0] for row in rows]

    def vectors(self, dimension: int) -> tuple[list[str], NDArray[np.float32]]:
        """Every passage's id and vector, (n_passages, dimension), in the order of the library.

        Raises:
            IndexDamaged: A vector has another length.
        """
        rows = self._rows("SELECT id, vector FROM passages ORDER BY position")
        return [row[0] for row in rows], self._matrix([row[1] for row in rows], dimension)

    def vectors_of(self, ids: Sequence[str], dimension: int) -> dict[str, NDArray[np.float32]]:
        """Id of a passage or a question -> vector (dimension,), of those ids that the catalogue has.

        Raises:
            IndexDamaged: A vector has another length.
        """
        rows = self._rows_in("SELECT id, vector FROM passages WHERE id IN", ids)
        rows += self._rows_in("SELECT DISTINCT id, vector FROM questions WHERE id IN", ids)
        return dict(zip([row[0] for row in rows], self._matrix([row[1] for row in rows], dimension), strict=True))

    def questions_of(
        self, sentence_ids: Sequence[int], dimension: int
    ) -> tuple[list[QuestionRecord], NDArray[np.float32]]:
        """The questions that these sentences answer, and their masked vectors, (n, dimension).

        Raises:
            IndexDamaged: A vector has another length.
        """
        query = "SELECT sentence_id, text, named, vector FROM questions WHERE sentence_id IN"
        rows = self._rows_in(query, sentence_ids)
        records = [QuestionRecord(row[0], row[1], self._named(row[2])) for row in rows]
        return records, self._matrix([row[3] for row in rows], dimension)

    def all_questions(self, dimension: int) -> tuple[list[str], NDArray[np.float32]]:
        """The articles that answer them, by slug, and their masked vectors, (n, dimension).

        Raises:
            IndexDamaged: A vector has another length.
        """
        rows = self._rows("SELECT s.slug, q.vector FROM questions q JOIN sentences s ON s.id = q.sentence_id")
        return [row[0] for row in rows], self._matrix([row[1] for row in rows], dimension)

    @cached_property
    def name_words(self) -> frozenset[str]:
        """The words of five letters and more that the articles write with a capital."""
        texts = (text for (text,) in self._rows("SELECT text FROM sentences"))
        return frozenset(word for text in texts for word in re.findall(r"\b[A-Z]\w{4,}", text))

    @cached_property
    def everyday_words(self) -> frozenset[str]:
        """The words that the articles write in small letters."""
        texts = (text for (text,) in self._rows("SELECT text FROM sentences"))
        return frozenset(word for text in texts for word in re.findall(r"\b[a-z]\w+", text))

    # -- facts

    @cached_property
    def alliances(self) -> tuple[AllianceRecord, ...]:
        """Every alliance, by name."""
        rows = self._rows(
            "SELECT name, aliases, slug, kind, status, founded, founded_in, called FROM alliances ORDER BY name, slug"
        )
        return tuple(
            AllianceRecord(name, self._words(aliases), slug, kind, status, founded, founded_in, self._words(called))
            for name, aliases, slug, kind, status, founded, founded_in, called in rows
        )

    @cached_property
    def organisations(self) -> tuple[Organisation, ...]:
        """Every organisation, by name."""
        rows = self._rows("SELECT name, aliases, kind FROM organisations ORDER BY name")
        return tuple(Organisation(name, self._words(aliases), kind) for name, aliases, kind in rows)

    def facts_of_alliance(self, slug: str, relation: Literal["founder", "member", "host"]) -> list[Fact]:
        """Founders, members or hosts of the alliance that this article describes, in its front matter's order."""
        return self._facts("slug = ? AND relation = ? ORDER BY rowid", slug, relation)

    def facts_of_organisation(self, name: str) -> list[Fact]:
        """Everything the organisation founded, hosts or belongs to, by alliance."""
        return self._facts("organisation = ? ORDER BY alliance, relation, rowid", name)

    @cached_property
    def events(self) -> tuple[EventRecord, ...]:
        """What happened to the alliances, by date; of the same day, by article."""
        rows = self._rows("SELECT slug, date, what, sentence_id FROM events ORDER BY date, slug, rowid")
        return tuple(EventRecord(*row) for row in rows)

    def figures_of_alliance(self, slug: str) -> list[FigureRecord]:
        """The figures of the alliance that this article describes, in its front matter's order."""
        columns = "slug, what, value, as_of, sentence_id"
        return [
            FigureRecord(*row)
            for row in self._rows(f"SELECT {columns} FROM figures WHERE slug = ? ORDER BY rowid", slug)
        ]

    def names_in(self, sentence_ids: Iterable[int]) -> dict[int, frozenset[tuple[str, str]]]:
        """Sentence id -> what its names may mean, as (kind, means) of a `MentionRecord`; without names, no entry."""
        found: dict[int, set[tuple[str, str]]] = {}
        query = "SELECT sentence_id, kind, means FROM mentions WHERE sentence_id IN"
        for sentence_id, kind, means in self._rows_in(query, list(sentence_ids)):
            found.setdefault(sentence_id, set()).add((kind, means))
        return {sentence_id: frozenset(names) for sentence_id, names in found.items()}

    def mentions_in(self, slug: str) -> list[MentionRecord]:
        """The alliances and organisations that an article names, sentence by sentence."""
        return self._mentions("s.slug = ?", slug)

    def mentions_of(self, kind: Literal["alliance", "organisation"], means: str) -> list[MentionRecord]:
        """Every sentence that may name this alliance (by its article's slug) or organisation (by its name)."""
        return self._mentions("m.kind = ? AND m.means = ?", kind, means)

    def passage_ids_by(self, query: str, *values: str) -> set[str]:
        """The ids of passages that a query finds, see `index.search.passage_sets`."""
        return {row[0] for row in self._rows(query, *values)}

    # -- keyword search

    def search_words(self, text: str, top_k: int) -> list[tuple[str, float]]:
        """Best passages by BM25 over title, heading and text, any of the words but stop words, stemmed.

        Returns:
            (passage id, score), best first, ties by id; the score is unitless and higher is better.
        """
        words = query_words(text)
        if not words:
            return []
        any_word = " OR ".join(f'"{word}"' for word in words)  # quoted: no word is an FTS5 operator
        return [
            (i, -score)
            for i, score in self._rows(
                f"SELECT p.id, bm25(passages_fts, {_BM25_WEIGHTS}) AS score FROM passages_fts "
                "JOIN passages p ON p.position = passages_fts.rowid "
                "WHERE passages_fts MATCH ? ORDER BY score, p.id LIMIT ?",
                any_word,
                top_k,
            )
        ]

    def passages_with(self, word: str) -> int:
        """How many passages hold this word, stemmed; 0 means that the library does not know it."""
        quoted = '"' + word.replace('"', "") + '"'
        return int(self._rows("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH ?", quoted)[0][0])

    # -- rows

    def _sentence(self, row: Sequence[Any]) -> SentenceRecord:
        sentence_id, slug, title, passage_id, number, text, heading, source_ids = row
        sentence = Sentence(number, text, heading, self._words(source_ids))
        return SentenceRecord(sentence_id, slug, title, passage_id, sentence)

    def _named(self, column: str) -> frozenset[tuple[str, str]]:
        try:
            return frozenset((pair[0], pair[1]) for pair in _json_words(column))
        except (ValueError, TypeError) as exc:
            raise self._damaged(str(exc)) from exc

    def _words(self, column: str) -> tuple[str, ...]:
        try:
            return _json_words(column)
        except (ValueError, TypeError) as exc:
            raise self._damaged(str(exc)) from exc

    def _matrix(self, columns: Sequence[bytes], dimension: int) -> NDArray[np.float32]:
        try:
            return np.frombuffer(b"".join(columns), dtype="<f4").reshape(len(columns), dimension)
        except (ValueError, TypeError) as exc:
            raise self._damaged(str(exc)) from exc

    def _facts(self, where: str, *values: str) -> list[Fact]:
        columns = "alliance, organisation, role, since, as_of, until, sentence_id"
        return [Fact(*row) for row in self._rows(f"SELECT {columns} FROM facts WHERE {where}", *values)]

    def _mentions(self, where: str, *values: str) -> list[MentionRecord]:
        query = "SELECT s.id, m.text, m.kind, m.means FROM mentions m JOIN sentences s ON s.id = m.sentence_id"
        return [MentionRecord(*row) for row in self._rows(f"{query} WHERE {where} ORDER BY m.rowid", *values)]

    def _rows_in(self, select: str, values: Sequence[Any], order: str = "") -> list[tuple[Any, ...]]:
        marks = ", ".join("?" * len(values))
        return self._rows(f"{select} ({marks}) {order}", *values)

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as exc:  # the latter from SQLite's own message
            raise self._damaged(str(exc)) from exc

    def _damaged(self, reason: str) -> IndexDamaged:
        one_line = " ".join(reason.split())  # SQLite quotes its schema
        return IndexDamaged(f"The index's catalogue {self._path} is damaged ({one_line}). Run `alliances rebuild`.")


@lru_cache(maxsize=4096)
def _json_words(column: str) -> tuple[str, ...]:
    """A list in JSON; the same few stand in most rows."""
    return tuple(json.loads(column))
