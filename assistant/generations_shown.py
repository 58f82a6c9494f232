"""Generations of the index, and what one has that another had not: as lists, and as `alliances index` shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress

import typer

from assistant import console
from assistant.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexProblem
from index.catalogue import Catalogue
from index.differences import Differences, compare
from index.generations import Generation, IndexFolder
from index.manifest import Manifest, read_manifest
from index.passages import PASSAGE_FORMAT
from index.reading import open_catalogue

COLUMNS = ("Generation", "Built", "Articles", "Passages", "Size", "State")
_NAMED_ARTICLES = 10
_SHOWN_FACTS = 20


def show_generations(folder: IndexFolder, fingerprint: str) -> None:
    """A table of the generations, then what has changed from the previous one to the current one.

    Args:
        folder: The folder of the index.
        fingerprint: Of the embedding model in use.

    Raises:
        IndexMissing: There are none yet.
    """
    if not folder.generations():
        raise IndexMissing(f"There is no index in {folder.root} yet. Run `alliances rebuild`.")
    current = previous = None
    try:
        current, previous = folder.current(), folder.previous()
    except IndexDamaged as exc:
        console.notice(str(exc))
    rows, problems = list_generations(folder, fingerprint)
    console.print_table(COLUMNS, rows)
    for problem in problems:
        typer.echo(console.plain(f"\n{problem}"))
    if current and previous:
        try:
            show_differences(previous, current)
        except IndexProblem as exc:
            console.notice(f"What has changed cannot be told: {exc}")


def list_generations(folder: IndexFolder, fingerprint: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """Rows of `COLUMNS`, oldest first, and what is wrong with generations, a line each."""
    current = previous = None
    with suppress(IndexDamaged):
        current, previous = folder.current(), folder.previous()
    states = {current: "current", previous: "previous"}
    rows, problems = [], []
    for generation in folder.generations():
        row, problem = _row(generation, states.get(generation, ""), fingerprint)
        rows.append(row)
        problems += [problem] if problem else []
    return rows, problems


def show_differences(before: Generation, after: Generation) -> None:
    """What has changed from one generation to another.

    Raises:
        IndexDamaged: One of them cannot be read.
        IndexMismatch: One of them is in another format.
    """
    lines = list_differences(before, after)
    typer.echo(f"\nFrom generation {before.number} to {after.number}:")
    for line in lines:
        typer.echo(console.plain(line))


def list_differences(before: Generation, after: Generation) -> list[str]:
    """What has changed from one generation to another, a line each; errors as of `show_differences`."""
    with ExitStack() as stack:
        differences = compare(_opened(before, stack), _opened(after, stack))
    return list(_lines(differences)) if differences else ["nothing has changed"]


def pick(folder: IndexFolder, numbers: Sequence[int]) -> list[Generation]:
    """The generations with these numbers.

    Raises:
        IndexMissing: There is none with one of the numbers; the message names those that there are.
    """
    found = {generation.number: generation for generation in folder.generations()}
    for number in numbers:
        if number not in found:
            there = ", ".join(map(str, found)) or "none"
            raise IndexMissing(f"There is no generation {number} in {folder.root}. There is: {there}.")
    return [found[number] for number in numbers]


def _opened(generation: Generation, stack: ExitStack) -> tuple[Manifest, Catalogue]:
    manifest = read_manifest(generation.manifest)
    catalogue = open_catalogue(generation, manifest)
    stack.callback(catalogue.close)
    return manifest, catalogue


def _row(generation: Generation, state: str, fingerprint: str) -> tuple[tuple[str, ...], str]:
    """Returns the cells of its row, and what is wrong with it, or ""."""
    built = articles = passages = "-"
    states = [state] if state else []
    problem = ""
    try:
        manifest = read_manifest(generation.manifest)
        built = manifest.built_locally
        articles, passages = str(manifest.counts["articles"]), str(manifest.counts["passages"])
        states += _particulars(manifest, fingerprint)
        open_catalogue(generation, manifest).close()
    except IndexMismatch as exc:
        states.append("another format")
        problem = str(exc)
    except IndexDamaged as exc:
        states.append("damaged")
        problem = str(exc)
    size = "-"
    with suppress(OSError):  # a rebuild removes it just now
        size = f"{generation.size_bytes() / 1e6:.1f} MB"
    return (str(generation.number), built, articles, passages, size, ", ".join(states)), problem


def _particulars(manifest: Manifest, fingerprint: str) -> Iterable[str]:
    if manifest.fingerprint != fingerprint:
        yield f"model {manifest.embedder} ({manifest.fingerprint[:12]})"
    if manifest.passage_format != PASSAGE_FORMAT:
        yield f"passages '{manifest.passage_format}'"
    if manifest.store == "server":
        yield "vectors on a Chroma server"


def _lines(differences: Differences) -> Iterable[str]:
    articles = (("added", differences.added), ("changed", differences.changed), ("removed", differences.removed))
    for what, slugs in articles:
        if slugs:
            yield f"{_count(slugs, 'article')} {what}: {_listed(slugs)}"
    facts = [f"+ {fact}" for fact in differences.facts_added] + [f"- {fact}" for fact in differences.facts_gone]
    yield from facts[:_SHOWN_FACTS]
    if len(facts) > _SHOWN_FACTS:
        yield f"... and {len(facts) - _SHOWN_FACTS} more"


def _count(things: Sequence[str], name: str) -> str:
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"


def _listed(slugs: Sequence[str]) -> str:
    more = len(slugs) - _NAMED_ARTICLES
    return ", ".join([*slugs[:_NAMED_ARTICLES], *([f"and {more} more"] if more > 0 else [])])
