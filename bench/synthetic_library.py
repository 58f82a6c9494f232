"""A library of any size, made up from the sentences of the articles: how building and searching grow.

Sentences are shuffled with a fixed seed, and about half of the names in them made up, so that words are as rare
as they are in real text. Building and reading have a process each, so that each peak of memory is its own.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import re
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil
import yaml
from library_questions import QUESTIONS
from measuring import peak_bytes
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from assistant import Assistant, Settings
from assistant.answering import TOP_K
from assistant.models.language_model import open_model
from assistant.settings import SHIPPED_LIBRARY
from index.articles import Library, load_library
from index.build import build_index, open_index
from index.generations import Generation, IndexFolder
from index.search.hybrid import DEPTH
from index.types import Article, Sentence
from index.vectors.embed import MiniLM, TextVectors, TokenEmbedder
from index.vectors.store import VectorStore

SEED = 1
SECTIONS = 8  # of an article; each becomes one passage
SECTION_CHARS = 500  # with real text, about 110 tokens
LONGEST_SENTENCE = 250  # characters
MADE_UP_NAMES = 20_000
SHARE_MADE_UP = 0.5
CHARS_PER_TOKEN = 4
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")  # within a sentence
_SYLLABLES = "ba cor dan el fir gal hem in jor kal lum mar nov or pel quin ros sol tam ur vel wex yor zan".split()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """What to build, where, and with which vectors."""

    home: Path
    passages: int
    random_vectors: bool

    def embedder(self) -> TokenEmbedder:
        """The real one, or its stand-in."""
        return RandomVectors() if self.random_vectors else MiniLM()


@dataclass(frozen=True, slots=True)
class BuildFigures:
    """A build: seconds, and bytes of memory and disk."""

    passages: int
    seconds: float
    memory: int
    disk: int
    chroma_disk: int


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """A reader: seconds to open, bytes of memory, milliseconds of each question by way of searching."""

    open_s: float
    memory: int
    ms: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class ChromaFigures:
    """Embedded Chroma over the same vectors; `agrees` is its share of the exact nearest ones, from 0 to 1."""

    open_s: float
    memory: int
    ms: list[float]
    agrees: float


class RandomVectors:
    """Stands in for the embedding model where only speed and size matter: a random unit vector for each text."""

    name = "random vectors"
    fingerprint = "random-1"
    dimension = 384

    def count_tokens(self, text: str) -> int:
        """About as many as real ones."""
        return len(text) // CHARS_PER_TOKEN

    def embed(self, texts: Sequence[str], on_done: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """The same vector for the same text."""
        rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self.dimension) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(rows), self.dimension)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        if on_done:
            on_done(len(texts))
        return vectors

    def embed_with_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """Each text as one token, the same alone and in context."""
        return [TextVectors(vector, np.tile(vector, (1, 2))) for vector in self.embed(texts)]


def make_library(passages: int) -> Library:
    """Articles that make about this many passages, always the same ones."""
    shipped = load_library([SHIPPED_LIBRARY])
    chance = random.Random(SEED)
    texts = [s.text for a in shipped.articles for s in a.sentences if len(s.text) <= LONGEST_SENTENCE]
    names = ["".join(chance.choices(_SYLLABLES, k=3)).capitalize() for _ in range(MADE_UP_NAMES)]

    def rename(match: re.Match[str]) -> str:
        return chance.choice(names) if chance.random() < SHARE_MADE_UP else match[0]

    def write_section(heading: str) -> Iterator[tuple[str, str]]:
        length = 0
        while length < SECTION_CHARS:
            text = _NAME.sub(rename, chance.choice(texts))
            length += len(text)
            yield heading, text

    articles = []
    for number in range(-(-passages // SECTIONS)):
        sections = min(SECTIONS, passages - number * SECTIONS)
        told = [part for _ in range(sections) for part in write_section(chance.choice(names))]
        sentences = tuple(Sentence(i, text, heading) for i, (heading, text) in enumerate(told))
        slug, title = f"article-{number:07}", f"{chance.choice(names)} {chance.choice(names)}"
        digest = hashlib.sha256(repr((title, told)).encode()).hexdigest()
        articles.append(Article(slug, title, Path(f"{slug}.md"), digest, sentences))
    return Library(tuple(articles), shipped.organisations)


def build(order: Order) -> BuildFigures:
    """Build the index."""
    library, embedder = make_library(order.passages), order.embedder()
    embedder.embed(["warm up"])
    folder = Settings.load(home=order.home).index_folder
    report = build_index(library, folder, embedder)
    memory = peak_bytes(psutil.Process())
    generation = _generation(folder)
    disk, chroma_disk = _bytes_in(generation.folder), _bytes_in(generation.chroma)
    return BuildFigures(report.counts["passages"], report.seconds, memory, disk, chroma_disk)


def read(order: Order) -> ReadFigures:
    """Open the index as the assistant does, and ask."""
    settings, embedder = Settings.load(home=order.home), order.embedder()
    embedder.embed(["warm up"])
    began = time.perf_counter()
    index = open_index(settings.index_folder, embedder)
    open_s = time.perf_counter() - began
    with Assistant(index, embedder, open_model(settings), settings) as assistant:
        ways: dict[str, Callable[[str, NDArray[np.float32]], object]] = {
            "whole search, embedding included": lambda question, _: assistant.search(question, TOP_K),
            "vectors alone, as the assistant searches them": lambda _, vector: index.store.search(vector, DEPTH),
            "words alone": lambda question, _: index.catalogue.search_words(question, DEPTH),
        }
        asked = [(question, embedder.embed([question])[0]) for question in _questions()]
        ms = {name: [_ms(lambda: search(*one)) for one in asked] for name, search in ways.items()}  # noqa: B023
        return ReadFigures(open_s, peak_bytes(psutil.Process()), ms)


def read_chroma(order: Order) -> ChromaFigures:
    """Search Chroma's copy of the vectors, and compare what it finds with the exact answer."""
    embedder, folder = order.embedder(), Settings.load(home=order.home).index_folder
    vectors = embedder.embed(_questions())
    began = time.perf_counter()
    with closing(VectorStore.open(_generation(folder).chroma)) as store:
        store.search(vectors[0], DEPTH)  # the first search reads the vectors
        open_s = time.perf_counter() - began
        ms = [_ms(lambda: store.search(vector, DEPTH)) for vector in vectors]  # noqa: B023
        memory = peak_bytes(psutil.Process())
        found = [{i for i, _ in store.search(vector, DEPTH)} for vector in vectors]
    with open_index(folder, embedder) as index:
        ids, matrix = index.catalogue.vectors(embedder.dimension)
    nearest = [{ids[row] for row in np.argsort(-(matrix @ vector))[:DEPTH]} for vector in vectors]
    same = sum(len(a & b) for a, b in zip(found, nearest, strict=True)) / sum(map(len, nearest))
    return ChromaFigures(open_s, memory, ms, same)


def measure_synthetic(home: Path, passages: int, *, random_vectors: bool) -> None:
    """Build in one process, read in two others, and print the table.

    Raises:
        AlliancesError: The index cannot be built or opened.
    """
    order = Order(home, passages, random_vectors)
    built = _in_a_process(build, order)
    table = as_table(order, built, _in_a_process(read, order), _in_a_process(read_chroma, order))
    Console(highlight=False, soft_wrap=True).print(table)


def as_table(order: Order, built: BuildFigures, ours: ReadFigures, chroma: ChromaFigures) -> Table:
    """Every figure with its unit."""
    vectors = "random vectors, no text was embedded" if order.random_vectors else "all-MiniLM-L6-v2"
    table = Table(f"{built.passages:,} passages of synthetic text, {vectors}", "")
    table.columns[1].justify = "right"
    table.add_row("build, s", f"{built.seconds:,.1f}")
    table.add_row("build, passages/s", f"{built.passages / built.seconds:,.1f}")
    table.add_row("build, peak memory, MiB", f"{built.memory / 2**20:,.0f}")
    table.add_row("on disk, MB (of it Chroma)", f"{built.disk / 1e6:,.0f} ({built.chroma_disk / 1e6:,.0f})")
    table.add_row("open, s", f"{ours.open_s:.2f}")
    table.add_row("reader, peak memory, MiB", f"{ours.memory / 2**20:,.0f}")
    for name, ms in ours.ms.items():
        table.add_row(f"{name}, ms, p50 / p95", _percentiles(ms))
    table.add_row("Chroma: open and first search, s", f"{chroma.open_s:.2f}")
    table.add_row("Chroma: reader, peak memory, MiB", f"{chroma.memory / 2**20:,.0f}")
    table.add_row("Chroma: vectors alone, ms, p50 / p95", _percentiles(chroma.ms))
    table.add_row(f"Chroma: finds of the exact nearest {DEPTH}", f"{chroma.agrees:.1%}")
    return table


def _in_a_process(work: Callable[[Order], T], order: Order) -> T:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, order).result()


def _questions() -> list[str]:
    return [item["question"] for item in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _percentiles(ms: Sequence[float]) -> str:
    p50, p95 = np.percentile(ms, (50, 95))
    return f"{p50:.1f} / {p95:.1f}"


def _generation(index_folder: Path) -> Generation:
    generation = IndexFolder(index_folder).current()
    assert generation is not None  # it was built
    return generation


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
