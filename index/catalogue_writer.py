"""Articles, passages, vectors and facts -> catalogue.sqlite, written once and never changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.articles import Library
from index.fact_sentences import (
    event_sentence,
    figure_sentence,
    founder_sentence,
    founding_sentence,
    host_sentence,
    member_sentence,
)
from index.masked_questions import MaskedQuestion
from index.mentions import find_mentions
from index.types import Alliance, Article, Membership, Passage

CATALOGUE_FORMAT = 5
_WINDOW = 512  # texts whose vectors are in memory at once

_SCHEMA = """
CREATE TABLE articles (
    slug TEXT PRIMARY KEY, title TEXT NOT NULL, path TEXT NOT NULL,
    published TEXT, publisher TEXT, url TEXT, added TEXT);
CREATE TABLE sources (
    slug TEXT NOT NULL REFERENCES articles, id TEXT NOT NULL, position INTEGER NOT NULL,
    title TEXT NOT NULL, publisher TEXT NOT NULL, date TEXT, url TEXT, article TEXT, PRIMARY KEY (slug, id));
CREATE TABLE passages (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, slug TEXT NOT NULL REFERENCES articles,
    heading TEXT NOT NULL, vector BLOB NOT NULL);
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY, slug TEXT NOT NULL REFERENCES articles, number INTEGER NOT NULL,
    passage INTEGER NOT NULL REFERENCES passages, heading TEXT NOT NULL, text TEXT NOT NULL,
    source_ids TEXT NOT NULL, UNIQUE (slug, number));
CREATE TABLE questions (
    id TEXT NOT NULL, sentence_id INTEGER NOT NULL REFERENCES sentences, text TEXT NOT NULL, named TEXT NOT NULL,
    vector BLOB NOT NULL);
CREATE INDEX questions_by_id ON questions (id);
CREATE INDEX questions_of_sentence ON questions (sentence_id);
CREATE INDEX sentences_of_passage ON sentences (passage);
CREATE VIRTUAL TABLE passages_fts USING fts5 (title, heading, text, tokenize = 'porter unicode61');
CREATE TABLE organisations (name TEXT PRIMARY KEY, kind TEXT, aliases TEXT NOT NULL);
CREATE TABLE alliances (
    name TEXT NOT NULL, slug TEXT PRIMARY KEY REFERENCES articles, aliases TEXT NOT NULL, kind TEXT NOT NULL,
    status TEXT NOT NULL, founded TEXT, founded_in INTEGER REFERENCES sentences, called TEXT NOT NULL);
CREATE TABLE facts (
    alliance TEXT NOT NULL, slug TEXT NOT NULL REFERENCES alliances, relation TEXT NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisations, role TEXT NOT NULL, since TEXT, as_of TEXT, until TEXT,
    sentence_id INTEGER NOT NULL REFERENCES sentences);
CREATE INDEX facts_of_alliance ON facts (alliance);
CREATE INDEX facts_of_organisation ON facts (organisation);
CREATE TABLE events (
    slug TEXT NOT NULL REFERENCES alliances, date TEXT NOT NULL, what TEXT NOT NULL,
    sentence_id INTEGER NOT NULL REFERENCES sentences);
CREATE TABLE figures (
    slug TEXT NOT NULL REFERENCES alliances, what TEXT NOT NULL, value TEXT NOT NULL, as_of TEXT,
    sentence_id INTEGER NOT NULL REFERENCES sentences);
CREATE TABLE mentions (
    sentence_id INTEGER NOT NULL REFERENCES sentences, text TEXT NOT NULL, kind TEXT NOT NULL, means TEXT NOT NULL);
CREATE INDEX mentions_of ON mentions (kind, means);
CREATE INDEX mentions_in ON mentions (sentence_id);
"""


def write_catalogue(
    path: Path,
    library: Library,
    passages: Sequence[Passage],
    vectors_of: Callable[[Sequence[str]], NDArray[np.float32]],
    questions: Sequence[MaskedQuestion] = (),
) -> None:
    """Write the whole catalogue.

    Args:
        path: A file that does not exist yet.
        library: Articles and organisations.
        passages: Of all articles, in the order of the library.
        vectors_of: Ids of passages and questions -> their unit vectors, (n_ids, dim); asked for hundreds at a time.
        questions: What the sentences of the articles answer.
    """
    connection = sqlite3.connect(path)
    try:
        # A crash costs nothing here: the file is synced before it is published, and not in use before that.
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        with connection:
            _write_articles(connection, library)
            sentence_ids = _write_passages(connection, passages, vectors_of)
            _write_questions(connection, questions, sentence_ids, vectors_of)
            _write_facts(connection, library, sentence_ids)
            _write_mentions(connection, library, sentence_ids)
        connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
        connection.commit()
    finally:
        connection.close()


def _write_articles(connection: sqlite3.Connection, library: Library) -> None:
    connection.executemany(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(a.slug, a.title, str(a.path), a.published, a.publisher, a.url, a.added) for a in library.articles],
    )
    connection.executemany(
        "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (article.slug, s.id, position, s.title, s.publisher, s.date, s.url, s.article)
            for article in library.articles
            for position, s in enumerate(article.sources)
        ],
    )
    connection.executemany(
        "INSERT INTO organisations VALUES (?, ?, ?)",
        [(o.name, o.kind, json.dumps(o.aliases)) for o in library.organisations],
    )


def _write_passages(
    connection: sqlite3.Connection,
    passages: Sequence[Passage],
    vectors_of: Callable[[Sequence[str]], NDArray[np.float32]],
) -> dict[tuple[str, int], int]:
    """Returns (slug, sentence number) -> sentence id."""
    ids: dict[tuple[str, int], int] = {}
    for start in range(0, len(passages), _WINDOW):
        window = passages[start : start + _WINDOW]
        vectors = vectors_of([passage.id for passage in window])
        for position, (passage, vector) in enumerate(zip(window, vectors, strict=True), start + 1):
            connection.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
                (position, passage.id, passage.slug, passage.heading, vector.astype("<f4").tobytes()),
            )
            connection.execute(
                "INSERT INTO passages_fts (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
                (position, passage.title, passage.heading, passage.text),
            )
            for s in passage.sentences:
                ids[passage.slug, s.number] = sentence_id = len(ids) + 1
                row = (sentence_id, passage.slug, s.number, position, s.heading, s.text, json.dumps(s.source_ids))
                connection.execute("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return ids


def _write_questions(
    connection: sqlite3.Connection,
    questions: Sequence[MaskedQuestion],
    sentence_ids: Mapping[tuple[str, int], int],
    vectors_of: Callable[[Sequence[str]], NDArray[np.float32]],
) -> None:
    for start in range(0, len(questions), _WINDOW):
        window = questions[start : start + _WINDOW]
        vectors = vectors_of([question.id for question in window])
        connection.executemany(
            "INSERT INTO questions VALUES (?, ?, ?, ?, ?)",
            [
                (
                    *(question.id, sentence_ids[question.slug, question.number], question.text),
                    *(json.dumps(sorted(question.named)), vector.astype("<f4").tobytes()),
                )
                for question, vector in zip(window, vectors, strict=True)
            ],
        )


def _write_facts(connection: sqlite3.Connection, library: Library, sentence_ids: Mapping[tuple[str, int], int]) -> None:
    spellings = {o.name: (o.name, *o.aliases) for o in library.organisations}
    for article in library.articles:
        if article.alliance is None:
            continue
        numbered = {s.number: sentence_ids[article.slug, s.number] for s in article.sentences}
        _write_alliance(connection, article, article.alliance, numbered)
        _write_memberships(connection, article, article.alliance, numbered, spellings)
        _write_events_and_figures(connection, article, article.alliance, numbered)


def _write_alliance(
    connection: sqlite3.Connection, article: Article, alliance: Alliance, numbered: Mapping[int, int]
) -> None:
    told = founding_sentence(article, alliance)
    connection.execute(
        "INSERT INTO alliances VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            alliance.name,
            article.slug,
            json.dumps(alliance.aliases),
            alliance.kind,
            alliance.status,
            alliance.founded,
            numbered[told.number] if told else None,
            json.dumps(alliance.called),
        ),
    )


# Below, a fact that no sentence tells is left out: it is never shown.


def _write_memberships(
    connection: sqlite3.Connection,
    article: Article,
    alliance: Alliance,
    numbered: Mapping[int, int],
    spellings: Mapping[str, Sequence[str]],
) -> None:
    founders = [
        ("founder", Membership(name, "founder", as_of=alliance.founded), sentence)
        for name in alliance.founders
        for sentence in [founder_sentence(article, alliance, spellings[name])]
    ]
    members = [
        ("member", member, sentence)
        for member in alliance.members
        for sentence in [member_sentence(article, alliance, member, spellings[member.organisation])]
    ]
    hosts = [
        ("host", Membership(name, "host"), host_sentence(article, alliance, spellings[name])) for name in alliance.host
    ]
    connection.executemany(
        "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(alliance.name, article.slug, relation),
                *(m.organisation, m.role, m.since, m.as_of, m.until, numbered[told.number]),
            )
            for relation, m, told in (*founders, *members, *hosts)
            if told is not None
        ],
    )


def _write_events_and_figures(
    connection: sqlite3.Connection, article: Article, alliance: Alliance, numbered: Mapping[int, int]
) -> None:
    connection.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?)",
        [
            (article.slug, event.date, event.what, numbered[told.number])
            for event in alliance.events
            if (told := event_sentence(article, event)) is not None
        ],
    )
    connection.executemany(
        "INSERT INTO figures VALUES (?, ?, ?, ?, ?)",
        [
            (article.slug, figure.what, figure.value, figure.as_of, numbered[told.number])
            for figure in alliance.figures
            if (told := figure_sentence(article, figure)) is not None
        ],
    )


def _write_mentions(
    connection: sqlite3.Connection, library: Library, sentence_ids: Mapping[tuple[str, int], int]
) -> None:
    connection.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?)",
        [(sentence_ids[m.slug, m.number], m.text, m.kind, m.means) for m in find_mentions(library)],
    )
