"""How well passages are found, and how fast: any set of documents and questions through our own index and search.

A set is a folder in BEIR form (bench/beir.py tells what it holds), a SQuAD file (.jsonl), `library` for the
questions of tests/questions/retrieval.yaml over the articles that ship, or `synthetic` to measure speed and
size with made-up text.

    dense alone   nearest vectors
    BM25 alone    words
    whole         what the assistant does for a question: both, the names in the question, and what else it knows

A document ranks as its best passage does; in `library`, each passage counts by itself. Times are of what the
product asks for, embedding the question included where it is; the rows take turns.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from beir import Dataset, UnusableDataset, read_beir, read_squad
from library_questions import read_library_by_article, read_library_by_passage
from measuring import others_s
from retrieval_metrics import Scores, mean_of, score
from retrieval_sides import Built, OurSearch, RecipeSearch, Row, progress
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from synthetic_library import measure_synthetic

from assistant.conversation import MAX_QUESTION_CHARS
from assistant.errors import AlliancesError
from index.vectors.embed import MiniLM

WARM_UPS = 5  # questions
MAX_OTHERS_PERCENT = 5
SHOWN_FOUND = 3  # documents shown of a failure
SHOWN_CHARS = 160

console = Console(highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Measured:
    """What one row did, question by question."""

    scores: dict[str, Scores] = field(default_factory=dict)
    rankings: dict[str, list[str]] = field(default_factory=dict)
    ms: list[float] = field(default_factory=list)


def measure(dataset: Dataset, rows: Sequence[Row]) -> dict[str, Measured]:
    """Ask every row every question."""
    questions = {i: " ".join(text.split())[:MAX_QUESTION_CHARS] for i, text in dataset.questions.items()}
    for question in list(questions.values())[:WARM_UPS]:
        for row in rows:
            row.search(question)
    measured = {row.name: Measured() for row in rows}
    with progress.status("Asking") as status:
        for number, (name, question) in enumerate(questions.items()):
            first = number % len(rows)
            for row in (*rows[first:], *rows[:first]):
                began = time.perf_counter()
                row.search(question)
                measured[row.name].ms.append(1000 * (time.perf_counter() - began))
            for row in rows:
                judged = dataset.judged[name]
                # As BEIR does: where questions are documents themselves, none is to find itself.
                ranking = [i for i in row.rank(question) if i != name or i in judged]
                measured[row.name].rankings[name] = ranking
                measured[row.name].scores[name] = score(ranking, judged)
            status.update(f"Asked {number + 1:,} of {len(questions):,}")
    return measured


def as_table(measured: Mapping[str, Measured]) -> Table:
    """A line for each row."""
    titles = ("nDCG@10", "recall@5", "recall@10", "recall@100", "MRR@10", "ms, p50", "ms, p95")
    table = Table("", *titles)
    table.columns[0].no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for name, row in measured.items():
        means = (f"{figure:.3f}" for figure in mean_of(list(row.scores.values())))
        table.add_row(name, *means, *(f"{ms:.1f}" for ms in np.percentile(row.ms, (50, 95))))
    return table


def about(dataset: Dataset, ours: Built, recipe: Built | None) -> list[str]:
    """What was measured."""
    lengths = [len(" ".join(text.split())) for text in dataset.questions.values()]
    told = [
        f"{dataset.name}: {len(dataset.questions):,} questions, {len(dataset.documents):,} documents"
        + (f" ({dataset.empty:,} more without text were left out)" if dataset.empty else ""),
        f"index: {ours.passages:,} passages, {_pace(ours)}; peak memory {ours.memory / 2**20:,.0f} MiB",
    ]
    if recipe:
        told.append(f"plain recipe: {recipe.passages:,} chunks, {_pace(recipe)}")
    if too_long := sum(length > MAX_QUESTION_CHARS for length in lengths):
        told.append(f"{too_long:,} questions were cut to the {MAX_QUESTION_CHARS:,} characters that are read")
    return told


def _pace(built: Built) -> str:
    if not built.embedded:
        return "taken as it was"
    return f"{built.embedded:,} embedded in {built.seconds:.1f} s, {built.embedded / built.seconds:.1f} a second"


def show_failures(dataset: Dataset, measured: Mapping[str, Measured], count: int) -> None:
    """The questions that the whole search answers worst: what it should have found, and what it found."""
    whole = measured["whole"]

    def goodness(name: str) -> tuple[float, float]:
        ranks = _ranks(whole.rankings[name], dataset.judged[name])
        return whole.scores[name].ndcg_10, -min(ranks.values())

    for name in sorted(dataset.questions, key=goodness)[:count]:
        console.print(f"\n[bold]{escape(dataset.questions[name])}[/bold] ({escape(name)})")
        ranks = {row: _ranks(found.rankings[name], dataset.judged[name]) for row, found in measured.items()}
        for document in ranks["whole"]:
            places = ", ".join(f"{row} {_place(found[document])}" for row, found in ranks.items())
            console.print(f"  to find ({places}): {_shown(dataset, document)}")
        for place, document in enumerate(whole.rankings[name][:SHOWN_FOUND], 1):
            console.print(f"  found {place}: {_shown(dataset, document)}")


def _ranks(ranking: Sequence[str], judged: Mapping[str, int]) -> dict[str, float]:
    """The rank of each relevant document, endless where it was not found."""
    places = {document: rank for rank, document in enumerate(ranking, 1)}
    return {document: places.get(document, float("inf")) for document, grade in judged.items() if grade > 0}


def _place(rank: float) -> str:
    return "not found" if rank == float("inf") else f"at {rank:.0f}"


def _shown(dataset: Dataset, document_id: str) -> str:
    document = dataset.documents[document_id]
    text = " ".join(f"{document.title}: {document.text}".split() if document.title else document.text.split())
    return escape(text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + " ...")


def read_dataset(name: str, split: str, embedder: MiniLM, *, by_document: bool) -> Dataset:
    """The set that the command line names.

    Args:
        name: `library`, a .jsonl file, or a folder.
        split: Of a folder in BEIR form.
        embedder: Tells where the library's passages end.
        by_document: Judge the library by article, as the recipe has other passages.
    """
    if name == "library":
        return read_library_by_article() if by_document else read_library_by_passage(embedder.count_tokens)
    path = Path(name)
    return read_squad(path) if path.suffix == ".jsonl" else read_beir(path, split)


def run(arguments: argparse.Namespace, folder: Path) -> None:
    """Read, index, ask, print."""
    embedder = MiniLM()
    dataset = read_dataset(arguments.dataset, arguments.split, embedder, by_document=arguments.beside_recipe)
    others_at_first, started = others_s(), time.perf_counter()
    with closing(OurSearch(dataset, embedder, folder)) as ours, tempfile.TemporaryDirectory() as chroma:
        recipe = RecipeSearch(dataset.documents.values(), Path(chroma)) if arguments.beside_recipe else None
        measured = measure(dataset, [*ours.rows(), *(recipe.rows() if recipe else ())])
        console.print(as_table(measured))
        for line in about(dataset, ours.built, recipe.built if recipe else None):
            console.print(line)
    lasted_s = time.perf_counter() - started
    others = 100 * max(0.0, others_s() - others_at_first) / lasted_s / (psutil.cpu_count() or 1)
    if others > MAX_OTHERS_PERCENT:
        console.print(
            f"Times are preliminary: others used {others:.0f} % of the machine. Measure again when it is idle."
        )
    show_failures(dataset, measured, arguments.failures)


def read_arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line, checked."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="examples:\n  python bench/retrieval.py library --failures 10\n"
        "  python bench/retrieval.py ~/beir/scifact --beside-recipe\n"
        "  python bench/retrieval.py synthetic --passages 20000",
    )
    parser.add_argument("dataset", help="a folder in BEIR form, a SQuAD file, `library` or `synthetic`")
    parser.add_argument("--split", default="test", help="the judgements: qrels/SPLIT.tsv of a folder (test)")
    parser.add_argument("--keep-index", type=Path, metavar="DIR", help="build the index there, for the next run too")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="show the N worst questions")
    parser.add_argument("--beside-recipe", action="store_true", help="measure the plain recipe on the same documents")
    parser.add_argument("--passages", type=int, default=20_000, help="size of the synthetic library (20,000)")
    parser.add_argument(
        "--random-vectors", action="store_true", help="synthetic: random vectors, instead of embedding the text"
    )
    arguments = parser.parse_args(given)
    if arguments.failures < 0 or arguments.passages < 1:
        parser.error("--failures must not be negative, and --passages at least 1")
    return arguments


def main(given: Sequence[str] | None = None) -> None:
    arguments = read_arguments(given)
    for name in [name for name in os.environ if name.startswith("ALLIANCES_")]:
        del os.environ[name]  # the defaults are measured, whatever is set here
    try:
        with tempfile.TemporaryDirectory() as folder:
            home = arguments.keep_index or Path(folder)
            if arguments.dataset == "synthetic":
                measure_synthetic(home, arguments.passages, random_vectors=arguments.random_vectors)
            else:
                run(arguments, home)
    except (UnusableDataset, AlliancesError) as exc:
        sys.exit(str(exc))


if __name__ == "__main__":
    main()
