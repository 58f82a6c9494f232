"""What the command line shows: answers and tables on stdout, progress and errors on stderr.

Text of articles and models is somebody else's: it goes through `plain`, so that it cannot steer a terminal.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer

from assistant.tables import read_table
from assistant.types import Answer, Citation, Delta, Event, Finished

if TYPE_CHECKING:
    from rich.progress import Progress

    from index.build import BuildReport, Step

_TABLE = re.compile(r"^\| ", re.MULTILINE)
_PIPED_WIDTH = 240  # columns of a table that no terminal shows: nothing is cut off


def plain(text: str) -> str:
    """The text without characters that steer: escapes, bidirectional marks. Newlines and tabs stay."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf"))


def error(message: object) -> None:
    """A line on stderr after the program's name; several where a message lists several problems."""
    for line in plain(str(message)).splitlines():
        typer.echo(f"alliances: {line}", err=True)


def notice(message: str) -> None:
    """A line on stderr about what is being done, not an error."""
    typer.echo(plain(message), err=True)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under bold headings, aligned; whole cells, one line a row, when stdout is no terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH, highlight=False).print(table)


def print_json(question: str, answer: Answer) -> None:
    """The answer as one JSON object, for programs."""
    fields = ("number", "title", "slug", "url", "published", "quote")
    typer.echo(
        json.dumps(
            {
                "question": question,
                "answer": answer.text,
                "abstained": answer.abstained,
                "kind": answer.kind,
                "citations": [{name: getattr(citation, name) for name in fields} for citation in answer.citations],
                "timings": dict(answer.timings),
                "model": answer.model,
                "model_failure": answer.model_failure,
            },
            ensure_ascii=False,
            indent=2,
        )
    )


def print_report(report: BuildReport) -> None:
    """What a build did, in a line on stderr."""
    counts = f"{report.counts['articles']} articles, {report.counts['passages']} passages"
    if report.unchanged:
        typer.echo(f"The index is up to date: {counts}.", err=True)
        return
    changes = [
        f"{len(slugs)} {what}"
        for slugs, what in ((report.added, "added"), (report.changed, "changed"), (report.removed, "removed"))
        if slugs
    ]
    told = f" ({', '.join(changes)})" if changes else ""
    typer.echo(f"The index is new: {counts}{told}, {report.seconds:.1f} s.", err=True)


def print_answer(events: Generator[Event, None, None]) -> None:
    """The answer as it comes, then its sources. However this ends, `events` is closed: the model stops."""
    answer = None
    shown = _AnswerText()
    try:
        with closing(events), busy("Looking it up ...") as stop_thinking:
            for event in events:
                if isinstance(event, Delta):
                    stop_thinking()
                    shown.write(plain(event.text))
                elif isinstance(event, Finished):
                    answer = event.answer
    finally:
        shown.close()
    if answer is not None and answer.citations:
        typer.echo()
        for citation in answer.citations:
            _print_citation(citation)


class _AnswerText:
    """Writes an answer as it comes; on a terminal, a table at its end is held back until it is whole, and aligned."""

    def __init__(self) -> None:
        self._started = False
        self._held = ""
        self._draws_tables = sys.stdout.isatty()

    def write(self, text: str) -> None:
        """Show more of the answer, as far as it is no table."""
        table = _TABLE.search(text) if self._draws_tables else None
        start = 0 if self._held else table.start() if table else len(text)
        self._held += text[start:]
        typer.echo(text[:start], nl=False)
        self._started = True

    def close(self) -> None:
        """Show what was held back, and end the line."""
        table = read_table(self._held.splitlines())
        if table:
            _draw_table(*table)
        elif self._started:
            typer.echo(self._held)


def _draw_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import HORIZONTALS
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=HORIZONTALS, show_lines=True, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for first, *others in rows:
        table.add_row(Text(first, style="bold"), *map(Text, others))
    Console(highlight=False).print(table)


def _print_citation(citation: Citation) -> None:
    typer.secho(plain(f"[{citation.number}] {citation.title}"), bold=True)
    typer.echo(plain(f'    "{citation.quote}"'))
    if citation.sources:
        for source in citation.sources:
            _print_source(source.title, source.publisher, source.date, source.url)
    else:
        _print_source(citation.publisher, citation.published, citation.url)


def _print_source(*parts: str | None) -> None:
    if line := ", ".join(part for part in parts if part):
        typer.secho(plain(f"    {line}"), dim=True)


@contextmanager
def busy(label: str) -> Iterator[Callable[[], None]]:
    """A sign of life on stderr, if a person is looking, until the block ends or calls what it was given."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        yield lambda: None
        return
    from rich.console import Console

    with Console(stderr=True).status(label) as status:
        yield status.stop


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, if a person is looking: what it yields is told (done, total)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class BuildProgress:
    """Shows an index build on stderr from its first slow step on; a build with nothing to do shows nothing.

    A bar on a terminal; elsewhere, one line that says that it may take a while.
    """

    _LABELS = {
        "embed": "Reading the articles",
        "catalogue": "Writing the catalogue",
        "chroma": "Writing the vectors",
        "verify": "Checking the new index",
    }

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __call__(self, step: Step) -> None:
        """Take the news of a step; fits the `on_step` of whatever builds."""
        if step.name not in self._LABELS:
            return
        if not self._shown:
            self._shown = True
            if sys.stderr.isatty():
                self._bar = self._start_bar()
            else:
                typer.echo("Building the index of the articles ...", err=True)
        if self._bar is None:
            return
        (task,) = self._bar.tasks
        if task.description != self._LABELS[step.name]:
            self._bar.remove_task(task.id)
            # Without a total, it is not known how far the step is.
            self._bar.add_task(self._LABELS[step.name], total=step.total or None)
            (task,) = self._bar.tasks
        self._bar.update(task.id, completed=step.done, refresh=True)

    @staticmethod
    def _start_bar() -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
        from rich.text import Text

        class Rate(TextColumn):
            """Passages a second, once that can be told."""

            def render(self, task: Task) -> Text:
                return Text(f"{task.speed:.0f}/s" if task.speed else "")

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(""), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        bar.add_task("", total=None)
        bar.start()
        return bar
