"""Questions with known answers as examples of a choice among sentences, for bench/fit_answerability.py.

A sentence is right when it begins as one that the question file names, holds the strings that it asks for, or holds
a gold answer of SQuAD.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.progress import track
from squad import open_paragraph, read_squad

from assistant import Assistant
from assistant.citing import Citations
from assistant.exact.answers import answer_exactly
from assistant.exact.free_reading import FreeReading
from assistant.exact.reading import read
from assistant.open.answerability import Candidate, all_features
from assistant.open.asked import Asked
from assistant.open.evidence import find_candidates
from index.articles import load_library
from index.vectors.embed import Embedder, MiniLM
from index.vectors.remembered import RememberingEmbedder

GROUPS = 3  # of articles, for cross-fitting

Floats = NDArray[np.float64]
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates.

    Attributes:
        question: Its text.
        sentences: (n,) texts of its candidates.
        names: (k,) names of the features.
        x: Their features, (n, k).
        right: Which of them tell it, (n,).
        is_answerable: Whether any sentence can tell it.
        group: Of the articles it is about; an article is in one group only.
    """

    question: str
    sentences: tuple[str, ...]
    names: tuple[str, ...]
    x: Floats
    right: NDArray[np.bool_]
    is_answerable: bool
    group: int

    @property
    def teaches(self) -> bool:
        """False for an answerable question none of whose candidates is right."""
        return bool(len(self.x)) and (bool(self.right.any()) or not self.is_answerable)


def file_items(path: Path) -> list[Item]:
    """The questions of a file in the form of those in tests/questions."""
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def article_items(folder: Path) -> list[Item]:
    """The questions that lie beside the articles of a folder, in the same form, with the sentences that answer them."""
    items: dict[tuple[str, str], Item] = {}
    for article in load_library([folder]).articles:
        texts = {sentence.number: sentence.text for sentence in article.sentences}
        for asked in article.questions:
            new: Item = {"ask": asked.text, "cites": [article.slug], "evidence": []}
            items.setdefault((article.slug, asked.text), new)["evidence"].append(texts[asked.number])
    return list(items.values())


def library_examples(assistant: Assistant, items: Sequence[Item]) -> Iterator[Example]:
    """Of questions over the library that ships.

    Those that the catalogue answers are left out where no sentence is named for them; others teach how articles define.
    """
    answering = assistant._current()  # the steps that a question takes
    catalogue = answering.index.catalogue
    articles = sorted(catalogue.articles)
    for place, item in enumerate(track(items, "questions")):
        question = item.get("question") or item.get("ask")
        if not question:  # a conversation
            continue
        mentions, citations = answering.names.find(question), Citations(catalogue)
        reading = read(question, mentions, date.today())
        free_reading = FreeReading(reading, catalogue, answering.embedder)
        is_exact = answer_exactly(question, mentions, reading, free_reading, catalogue, citations)
        if is_exact and "evidence" not in item:
            continue
        hits, asked = answering.look_up(question)
        candidates = find_candidates(asked, hits, catalogue, answering.names, answering.embedder)
        is_answerable = not (item.get("abstain") or item.get("says_no"))
        right = right_candidates(item, candidates) if is_answerable else np.zeros(len(candidates), np.bool_)
        article = articles.index(item["cites"][0]) if item.get("cites") else place
        group = article % GROUPS
        if candidates:
            yield _example(asked, candidates, right, is_answerable, answering.embedder, group)


def squad_examples(path: Path, folder: Path) -> Iterator[Example]:
    """Of the first, third, ... question."""
    embedder = RememberingEmbedder(MiniLM())
    for number, item in enumerate(track(read_squad(path)[::2], path.name)):
        paragraph = open_paragraph(item.paragraph, folder / f"{number}.sqlite", embedder)
        asked, hits = paragraph.ask(item.question, embedder)
        candidates = find_candidates(asked, hits, paragraph.catalogue, paragraph.names, embedder)
        right = right_candidates({"any": item.answers}, candidates) & bool(item.answers)
        if candidates:
            yield _example(asked, candidates, right, bool(item.answers), embedder, number % GROUPS)
        paragraph.catalogue.close()


def right_candidates(item: Item, candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    """The candidates that tell the answer; if none tells all of it, those that tell a part."""
    texts = [candidate.record.sentence.text for candidate in candidates]
    if "evidence" in item:
        gold = tuple(sentence if isinstance(sentence, str) else sentence["text"] for sentence in item["evidence"])
        return np.array([text.startswith(gold) for text in texts], np.bool_)
    whole, part = [], []
    for candidate, text in zip(candidates, texts, strict=True):
        held = [str(word).lower() in text.lower() for word in item.get("all", ())]
        any_of = [str(word).lower() in text.lower() for word in item.get("any", ())]
        is_off = any(str(word).lower() in text.lower() for word in item.get("not", ()))
        is_off = is_off or bool(item.get("cites")) and candidate.record.slug not in item["cites"]
        whole.append(bool(held or any_of) and all(held) and (not any_of or any(any_of)) and not is_off)
        part.append(any([*held, *any_of]) and not is_off)
    return np.array(whole if any(whole) else part, np.bool_)


def _example(
    asked: Asked,
    candidates: Sequence[Candidate],
    right: NDArray[np.bool_],
    is_answerable: bool,
    embedder: Embedder,
    group: int,
) -> Example:
    features = all_features(asked, candidates, embedder)
    return Example(
        question=asked.question,
        sentences=tuple(candidate.record.sentence.text for candidate in candidates),
        names=tuple(features[0]),
        x=np.array([list(own.values()) for own in features]),
        right=right,
        is_answerable=is_answerable,
        group=group,
    )
