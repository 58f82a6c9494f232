"""How good the answers are: asks a file of questions, judges each answer by the strings it must hold.

Example: python bench/answers.py tests/questions/second.yaml --failures
"""

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from assistant import Answer, Assistant


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with its answer. `verdict`: right, wrong, declined (wrongly)."""

    question: str
    answer: Answer
    verdict: str
    is_answerable: bool


def judge(expected: dict[str, Any], answer: Answer) -> str:
    """`right`, `wrong`, or `declined` for an answerable question that was not answered."""
    text = answer.text.lower()
    if any(str(word).lower() in text for word in expected.get("not", ())):
        return "wrong"
    if expected.get("abstain"):
        return "right" if answer.abstained else "wrong"
    if expected.get("says_no"):
        return "right" if answer.abstained or " not " in text else "wrong"
    if answer.abstained:
        return "declined"
    holds_all = all(str(word).lower() in text for word in expected.get("all", ()))
    any_of = expected.get("any", ())
    holds_any = not any_of or any(str(word).lower() in text for word in any_of)
    return "right" if holds_all and holds_any else "wrong"


def ask_all(assistant: Assistant, questions: list[dict[str, Any]]) -> list[Judged]:
    """Ask each question on its own."""
    judged = []
    for expected in questions:
        answer = assistant.ask(expected["ask"])
        is_answerable = not expected.get("abstain") and not expected.get("says_no")
        judged.append(Judged(expected["ask"], answer, judge(expected, answer), is_answerable))
    return judged


def table(judged: list[Judged]) -> Table:
    """Counts by sort of question, and seconds to the first checked sentence."""
    shown = Table("questions", "number", "right", "wrong", "declined")
    for title, part in (
        ("answerable", [item for item in judged if item.is_answerable]),
        ("not answerable", [item for item in judged if not item.is_answerable]),
        ("all", judged),
    ):
        verdicts = Counter(item.verdict for item in part)
        shares = (f"{verdicts[v]} ({verdicts[v] / max(len(part), 1):.0%})" for v in ("right", "wrong", "declined"))
        shown.add_row(title, str(len(part)), *shares)
    return shown


def seconds(judged: list[Judged]) -> str:
    """Median time to the first checked sentence, by kind of answer."""
    times: dict[str, list[float]] = {}
    for item in judged:
        first = item.answer.timings.get("first_sentence", item.answer.timings["total"])
        times.setdefault(item.answer.kind, []).append(first)
    parts = (f"{kind} {statistics.median(found):.2f} s ({len(found)})" for kind, found in sorted(times.items()))
    return "First checked sentence, median by kind of answer: " + ", ".join(parts)


def main() -> None:
    """Ask the questions of the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--failures", action="store_true", help="show each question that was not answered rightly")
    arguments = parser.parse_args()
    console = Console()
    questions = [item for path in arguments.files for item in yaml.safe_load(path.read_text(encoding="utf-8"))]
    with Assistant.open() as assistant:
        assistant.ask("What is the AI Alliance for?")  # loads both models
        judged = ask_all(assistant, questions)
        console.print(f"{len(questions)} questions, {assistant.model_name}")
    console.print(table(judged))
    console.print(seconds(judged))
    for item in judged if arguments.failures else ():
        if item.verdict != "right":
            console.print(f"\n[bold]{item.verdict}[/bold] ({item.answer.kind}): {item.question}\n  {item.answer.text}")


if __name__ == "__main__":
    main()
