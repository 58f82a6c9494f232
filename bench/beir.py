"""Reading sets of documents, questions and judgements: folders in BEIR form, and SQuAD in one file.

A BEIR folder holds

    corpus.jsonl       {"_id": "d1", "title": "", "text": "..."}      one document a line; the title may be missing
    queries.jsonl      {"_id": "q1", "text": "..."}                   one question a line
    qrels/test.tsv     query-id, corpus-id, score                     this header, then a judgement a line, by tabs

Of SQuAD, each different paragraph is a document, relevant for the answerable questions that were asked about it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.articles import Library
from index.sentences import clean_text, split_text
from index.types import Article, Sentence

_BLANK_LINE = re.compile(r"\n\s*\n")


class UnusableDataset(Exception):
    """A set cannot be read as it is; one line: what is wrong with which file."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the judgements are about; `title` may be empty."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents, questions, and which documents are relevant for which question.

    Attributes:
        name: For people.
        documents: By id.
        questions: Id -> text, of those that have a relevant document.
        judged: Question id -> document id -> how relevant.
        library: What is indexed: the documents as articles.
        document_of: (slug, passage id) -> the document that a passage belongs to.
        empty: Documents without text, which were left out.
    """

    name: str
    documents: Mapping[str, Document]
    questions: Mapping[str, str]
    judged: Mapping[str, Mapping[str, int]]
    library: Library
    document_of: Callable[[str, str], str]
    empty: int = 0


def read_beir(folder: Path, split: str = "test") -> Dataset:
    """Read a folder in BEIR form.

    Args:
        folder: Holds corpus.jsonl, queries.jsonl and qrels.
        split: Name of the file in qrels, without `.tsv`.

    Raises:
        UnusableDataset: A file or field is missing, or a judgement names what is not there.
    """
    if not folder.is_dir():
        raise UnusableDataset(f"There is no folder {folder}: name one that holds corpus.jsonl, queries.jsonl and qrels")
    corpus, queries, qrels = folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels" / f"{split}.tsv"
    documents: dict[str, Document] = {}
    for where, line in _json_lines(corpus):
        title = _text(line, "title", where) if line.get("title") is not None else ""
        _add(documents, _text(line, "_id", where), Document(line["_id"], title, _text(line, "text", where)), where)
    questions: dict[str, str] = {}
    for where, line in _json_lines(queries):
        _add(questions, _text(line, "_id", where), _text(line, "text", where), where)
    judged: dict[str, dict[str, int]] = {}
    for where, question, document, grade in _judgements(qrels):
        for known, name, file in ((questions, question, queries), (documents, document, corpus)):
            if name not in known:
                raise UnusableDataset(f"{where}: '{name}' is not in {file}")
        judged.setdefault(question, {})[document] = grade
    return make_dataset(folder.resolve().name, documents.values(), questions, judged)


def read_squad(path: Path) -> Dataset:
    """Read a file with a SQuAD question a line: id, context, question, is_impossible.

    Raises:
        UnusableDataset: The file or a field is missing.
    """
    documents: dict[str, Document] = {}  # by text
    questions: dict[str, str] = {}
    judged: dict[str, dict[str, int]] = {}
    for where, line in _json_lines(path):
        context = _text(line, "context", where)
        document = documents.setdefault(context, Document(f"paragraph {len(documents) + 1}", "", context))
        if not isinstance(line.get("is_impossible"), bool):
            raise UnusableDataset(f"{where}: the field 'is_impossible' is missing, or neither true nor false")
        if not line["is_impossible"]:
            question = _text(line, "id", where)
            _add(questions, question, _text(line, "question", where), where)
            judged[question] = {document.id: 1}
    return make_dataset(path.name, documents.values(), questions, judged)


def make_dataset(
    name: str, documents: Iterable[Document], questions: Mapping[str, str], judged: Mapping[str, Mapping[str, int]]
) -> Dataset:
    """Put a set together; documents without text, and questions for which nothing is relevant, are left out.

    Raises:
        UnusableDataset: Nothing is left to search or to ask, or a question is empty.
    """
    articles: list[Article] = []
    kept: dict[str, Document] = {}  # by slug
    empty = 0
    for document in documents:
        article = as_article(document, f"document-{len(articles) + 1:07}")
        if article.sentences:
            articles.append(article)
            kept[article.slug] = document
        else:
            empty += 1
    asked = {i: text for i, text in questions.items() if any(grade > 0 for grade in judged.get(i, {}).values())}
    if not articles:
        raise UnusableDataset(f"{name}: there is no document with text to search")
    if not asked:
        raise UnusableDataset(f"{name}: there is no question with a relevant document to ask")
    for i, text in asked.items():
        if not text.strip():
            raise UnusableDataset(f"{name}: the question '{i}' is empty")
    return Dataset(
        name,
        {document.id: document for document in kept.values()},
        asked,
        judged,
        Library(tuple(articles), ()),
        lambda slug, _: kept[slug].id,
        empty,
    )


def as_article(document: Document, slug: str) -> Article:
    """The document as an article of a library; one without text but with a title tells its title."""
    title = clean_text(document.title)
    paragraphs = [clean_text(paragraph) for paragraph in _BLANK_LINE.split(document.text)]
    texts = [text for paragraph in paragraphs for text in split_text(paragraph)] or split_text(title)
    sentences = tuple(Sentence(number, text, "") for number, text in enumerate(texts))
    digest = hashlib.sha256(f"{document.title}\0{document.text}".encode(errors="replace")).hexdigest()
    return Article(slug, title, Path(f"{slug}.md"), digest, sentences)


def _judgements(path: Path) -> Iterator[tuple[str, str, str, int]]:
    """(where, question, document, grade) of each line."""
    lines = _lines(path)
    if next(lines, ("", ""))[1].split("\t") != ["query-id", "corpus-id", "score"]:
        raise UnusableDataset(f"{path}:1: the header must be query-id, corpus-id, score, with tabs between")
    for where, line in lines:
        try:
            question, document, grade = line.split("\t")
            yield where, question, document, int(grade)
        except ValueError as exc:
            raise UnusableDataset(f"{where}: not a question, a document and a whole number with tabs between") from exc


def _json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, object) of each line."""
    for where, text in _lines(path):
        try:
            line = json.loads(text)
        except ValueError as exc:
            raise UnusableDataset(f"{where}: not JSON") from exc
        if not isinstance(line, dict):
            raise UnusableDataset(f"{where}: not a JSON object")
        yield where, line


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """(file:line, text) of each line that is not blank."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield f"{path}:{number}", line.rstrip("\r\n")
    except UnicodeDecodeError as exc:
        raise UnusableDataset(f"{path} is not UTF-8 text") from exc
    except OSError as exc:
        raise UnusableDataset(f"{path} cannot be read: {exc.strerror or exc}") from exc


def _text(line: Mapping[str, Any], field: str, where: str) -> str:
    if not isinstance(line.get(field), str):
        raise UnusableDataset(f"{where}: the field '{field}' is missing, or no text")
    return str(line[field])


def _add(known: dict[str, Any], name: str, value: object, where: str) -> None:
    if name in known:
        raise UnusableDataset(f"{where}: the id '{name}' is there twice")
    known[name] = value
