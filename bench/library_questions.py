"""The questions of tests/questions/retrieval.yaml over the library that ships.

An item is `question`, `kind`, `article` (its slug) and `evidence`: the sentences of the articles that tell the
answer, each as its text, or as `article` and `text` where it stands in another article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from beir import Dataset, Document, UnusableDataset

from assistant.settings import SHIPPED_LIBRARY
from index.articles import Library, load_library, split_front_matter
from index.passages import split_article
from index.types import Article

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "questions" / "retrieval.yaml"


def read_library_by_passage(count_tokens: Callable[[str], int]) -> Dataset:
    """What is to be found are the passages that hold a sentence of the evidence.

    Args:
        count_tokens: Of the embedding model, which decides where passages end.

    Raises:
        UnusableDataset: A sentence of the evidence is not in its article.
    """
    library = load_library([SHIPPED_LIBRARY])
    passages = [passage for article in library.articles for passage in split_article(article, count_tokens)]
    holders = {(p.slug, sentence.text): p.id for p in passages for sentence in p.sentences}
    documents = [Document(p.id, f"{p.title}, {p.heading}" if p.heading else p.title, p.text) for p in passages]
    return _dataset(library, "by passage", documents, holders, lambda _, passage_id: passage_id)


def read_library_by_article() -> Dataset:
    """What is to be found are the articles that hold a sentence of the evidence; errors as above."""
    library = load_library([SHIPPED_LIBRARY])
    holders = {(a.slug, sentence.text): a.slug for a in library.articles for sentence in a.sentences}
    documents = [Document(article.slug, article.title, _body(article)) for article in library.articles]
    return _dataset(library, "by article", documents, holders, lambda slug, _: slug)


def _dataset(
    library: Library,
    unit: str,
    documents: list[Document],
    holders: dict[tuple[str, str], str],
    document_of: Callable[[str, str], str],
) -> Dataset:
    questions: dict[str, str] = {}
    judged: dict[str, dict[str, int]] = {}
    for number, item in enumerate(yaml.safe_load(QUESTIONS.read_text(encoding="utf-8")), 1):
        name = f"{number:03} {item['kind']}"
        questions[name] = item["question"]
        judged[name] = {}
        for slug, text in _evidence(item):
            if (slug, text) not in holders:
                raise UnusableDataset(f"{QUESTIONS.name}, question {number}: '{text}' is not a sentence of {slug}.md")
            judged[name][holders[slug, text]] = 1
    known = {document.id: document for document in documents}
    return Dataset(f"library, {unit}", known, questions, judged, library, document_of)


def _evidence(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(slug, sentence) of each piece of evidence."""
    for sentence in item["evidence"]:
        if isinstance(sentence, str):
            yield item["article"], sentence
        else:
            yield sentence["article"], sentence["text"]


def _body(article: Article) -> str:
    return split_front_matter(article.path.read_text(encoding="utf-8"), article.path)[1]
