"""SQuAD 2.0 questions, each asked of its paragraph alone: told where it is told, declined where it is not.

A question counts as right when the sentences quoted hold a gold answer, or, where there is none, when nothing is
quoted. The evidence is chosen as for any question; the language model, which may only rephrase it, is left out.

Example: python bench/squad.py squad2_sample500.jsonl --failures
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from beir import Document, UnusableDataset, as_article
from rich.console import Console

from assistant.answering import TOP_K
from assistant.open.asked import Asked
from assistant.open.evidence import select_evidence
from index.articles import Library
from index.catalogue import Catalogue
from index.catalogue_writer import write_catalogue
from index.names.finder import NameFinder
from index.passages import split_article
from index.search.hybrid import search
from index.types import Hit
from index.vectors.embed import Embedder, MiniLM
from index.vectors.exact_search import ExactSearch
from index.vectors.remembered import RememberingEmbedder


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question with its paragraph; `answers` is empty where the paragraph does not tell."""

    question: str
    paragraph: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as the only article of a library."""

    catalogue: Catalogue
    store: ExactSearch
    names: NameFinder

    def ask(self, question: str, embedder: Embedder) -> tuple[Asked, list[Hit]]:
        """The question taken apart, and what search finds for it."""
        vector = embedder.embed([question])[0]
        return Asked(question, vector, self.catalogue, self.names), search(
            self.catalogue, self.store, question, vector, top_k=TOP_K
        )


def read_squad(path: Path) -> list[SquadQuestion]:
    """Read a file with a question a line: context, question, answers, is_impossible.

    Raises:
        UnusableDataset: The file or a field is missing.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [
            SquadQuestion(line["question"], line["context"], () if line["is_impossible"] else tuple(line["answers"]))
            for line in lines
        ]
    except OSError as exc:
        raise UnusableDataset(f"{path} cannot be read ({exc.strerror}): name a file of SQuAD 2.0 questions") from exc
    except (ValueError, KeyError, TypeError) as exc:
        message = f"{path} is no file of SQuAD 2.0 questions ({exc}): each line needs context, question, answers"
        raise UnusableDataset(message) from exc


def open_paragraph(text: str, file: Path, embedder: Embedder) -> Paragraph:
    """Make a library of one article; `file` becomes its catalogue."""
    article = as_article(Document("paragraph", "", text), "paragraph")
    passages = split_article(article, embedder.count_tokens)
    vectors = dict(zip([p.id for p in passages], embedder.embed([p.embedded_text for p in passages]), strict=True))
    write_catalogue(file, Library((article,), ()), passages, lambda ids: np.array([vectors[i] for i in ids]))
    catalogue = Catalogue.open(file)
    names = NameFinder((), (), lambda word: catalogue.passages_with(word) > 0)
    return Paragraph(catalogue, ExactSearch.load(catalogue, embedder.dimension), names)


def judge(asked: SquadQuestion, quoted: list[str]) -> str:
    """`right`, `wrong` or `declined` (wrongly)."""
    if not asked.answers:
        return "wrong" if quoted else "right"
    if not quoted:
        return "declined"
    text = " ".join(quoted).lower()
    return "right" if any(answer.lower() in text for answer in asked.answers) else "wrong"


def main() -> None:
    """Ask the questions of the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a line a question: context, question, answers, is_impossible")
    parser.add_argument("--second-half", action="store_true", help="only every second question, from the second on")
    parser.add_argument("--failures", action="store_true", help="show each question that was not answered rightly")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    try:
        questions = read_squad(arguments.file)[arguments.second_half :: 1 + arguments.second_half]
    except UnusableDataset as exc:
        raise SystemExit(str(exc)) from exc
    embedder = RememberingEmbedder(MiniLM())
    verdicts: Counter[tuple[bool, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number, item in enumerate(questions):
            paragraph = open_paragraph(item.paragraph, Path(folder, f"{number}.sqlite"), embedder)
            asked, hits = paragraph.ask(item.question, embedder)
            selection = select_evidence(asked, hits, paragraph.catalogue, paragraph.names, embedder)
            quoted = [evidence.record.sentence.text for evidence in selection.evidence[: selection.needed]]
            verdict = judge(item, quoted)
            verdicts[bool(item.answers), verdict] += 1
            if arguments.failures and verdict != "right":
                console.print(f"{verdict}: {item.question}\n  {quoted or item.answers}", markup=False)
            paragraph.catalogue.close()
    for is_told, name in ((True, "answerable"), (False, "not answerable")):
        counts = {verdict: verdicts[is_told, verdict] for verdict in ("right", "wrong", "declined")}
        console.print(f"{name}: " + ", ".join(f"{verdict} {count}" for verdict, count in counts.items()))
    right = verdicts[True, "right"] + verdicts[False, "right"]
    console.print(f"all: {right} of {len(questions)} right ({right / max(len(questions), 1):.1%})")


if __name__ == "__main__":
    main()
