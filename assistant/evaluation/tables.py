"""What `alliances eval` shows: the measures, tables by kind, failures, and two runs side by side."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Callable, Sequence

import typer

from assistant import console
from assistant.evaluation.ask_all import Evaluation, Judged, measures
from assistant.evaluation.questions import Question

_KIND_COLUMNS = (
    "Kind",
    "Number",
    "Right",
    "Wrong",
    "Declined rightly",
    "Declined wrongly",
    "Answered wrongly",
    "Unsupported",
    "Cited",
    "Supporting",
    "Seconds",
)


def show_evaluation(evaluation: Evaluation) -> None:
    """The measures, a table by kind of question, and the seconds by kind of answer."""
    judged = evaluation.judged
    console.print_table(("Measure", "Result"), [(measure.name, str(measure)) for measure in measures(judged)])
    typer.echo()
    groups = [*_by(judged, lambda item: item.question.kind).items(), ("all", judged)]
    console.print_table(_KIND_COLUMNS, [_kind_row(kind, items) for kind, items in groups])
    typer.echo()
    times = _by(judged, lambda item: item.answer.kind)
    console.print_table(
        ("Kind of answer", "Number", "First sentence, median s"),
        [(kind, str(len(items)), _median(items)) for kind, items in sorted(times.items())],
    )


def show_failures(judged: Sequence[Judged]) -> None:
    """Each question that was not answered rightly, or whose answer says more than it cites."""
    for item in judged:
        if item.verdict == "right" and not item.unsupported:
            continue
        typer.secho(console.plain(f"\n{item.verdict}: {' / '.join(item.question.turns)}"), bold=True)
        cited = ", ".join(dict.fromkeys(citation.slug for citation in item.answer.citations))
        lines = [
            item.question.place,
            f"expected: {expectation(item.question)}",
            f"{item.answer.kind}: {item.answer.text}",
            *([f"cited: {cited}"] if cited else []),
            *(f"not in what it cites: {', '.join(found.missing)}: {found.sentence}" for found in item.unsupported),
        ]
        for line in lines:
            typer.echo(console.plain(textwrap.indent(line, "  ")))


def show_comparison(before: Evaluation, now: Evaluation) -> None:
    """Two runs side by side, over the questions that both were asked."""
    then = {item.question.turns: item for item in before.judged}
    pairs = [(then[item.question.turns], item) for item in now.judged if item.question.turns in then]
    typer.echo(console.plain(f"\nBefore: {_title(before)}\nNow:    {_title(now)}"))
    if len(pairs) < max(len(before.judged), len(now.judged)):
        only = f"{len(before.judged) - len(pairs)} only before, {len(now.judged) - len(pairs)} only now"
        typer.echo(f"Compared are the {len(pairs)} questions of both; asked {only}.")
    both = [measures(side) for side in ([old for old, _ in pairs], [new for _, new in pairs])]
    rows = [(old.name, str(old), str(new)) for old, new in zip(*both, strict=True)]
    console.print_table(("Measure", "Before", "Now"), rows)
    typer.echo()
    kinds: dict[str, list[tuple[Judged, Judged]]] = {}
    for old, new in pairs:
        kinds.setdefault(new.question.kind, []).append((old, new))
    rows_by_kind = [(kind, str(len(found)), *_changes(found)) for kind, found in kinds.items()]
    console.print_table(("Kind", "Number", "Right", "Wrong", "Declined wrongly", "Seconds"), rows_by_kind)
    typer.echo()
    for old, new in sorted(pairs, key=lambda pair: (pair[0].verdict, pair[1].verdict)):
        if old.verdict != new.verdict:
            question = " / ".join(new.question.turns)
            typer.echo(console.plain(f"{old.verdict} -> {new.verdict}: {question}\n  {new.answer.text}"))


def expectation(question: Question) -> str:
    """What a right answer is, in a line."""
    tasks = {"answer": "", "decline": "declines", "deny": "declines or denies", "chat": "small talk"}
    texts = {"all": question.holds_all, "any": question.holds_any, "not": question.holds_none, "cites": question.cites}
    return "; ".join(
        [
            *filter(None, [tasks[question.task]]),
            *(f"{key}: {', '.join(found)}" for key, found in texts.items() if found),
        ]
    )


def _kind_row(kind: str, items: Sequence[Judged]) -> tuple[str, ...]:
    answers = [item for item in items if not item.declines]
    named = [item for item in answers if item.question.cites]
    others = [item for item in items if not item.question.is_answerable]
    counts = [
        len(items),
        sum(item.verdict == "right" for item in items),
        sum(item.verdict == "wrong" for item in items),
        sum(item.declines and item.verdict == "right" for item in others),
        sum(item.verdict == "declined" for item in items),
        sum(item.is_false for item in others),
        sum(len(item.unsupported) for item in items),
    ]
    cited = f"{sum(bool(item.answer.citations) for item in answers)} of {len(answers)}"
    supporting = f"{sum(item.cites_support for item in named)} of {len(named)}"
    return (kind, *map(str, counts), cited, supporting, _median(answers))


def _changes(pairs: Sequence[tuple[Judged, Judged]]) -> list[str]:
    """Right, wrong and declined wrongly before and now, and the median seconds."""
    sides = list(zip(*pairs, strict=True))
    cells = []
    for verdict in ("right", "wrong", "declined"):
        old, new = (sum(item.verdict == verdict for item in side) for side in sides)
        cells.append(str(new) if old == new else f"{old} -> {new}")
    old_s, new_s = (_median([item for item in side if not item.declines]) for side in sides)
    return [*cells, new_s if old_s == new_s else f"{old_s} -> {new_s}"]


def _by(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for item in judged:
        groups.setdefault(key(item), []).append(item)
    return groups


def _median(items: Sequence[Judged]) -> str:
    return f"{statistics.median(item.first_sentence_s for item in items):.2f}" if items else "-"


def _title(evaluation: Evaluation) -> str:
    return f"{evaluation.date}, {evaluation.model}, library {evaluation.library[:12]}"
