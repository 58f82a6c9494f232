"""The commands that change the user's library: what they do, and what they show while they do it.

What became of each article goes to stdout, a line each; progress, refusals and the summary to stderr.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant import console
from assistant.errors import LibraryError
from assistant.settings import Settings
from index.adding.add import Added, add_articles
from index.adding.documents import SUFFIXES
from index.adding.own_library import OwnLibrary
from index.adding.watching import watch
from index.build import rebuild

if TYPE_CHECKING:
    from index.vectors.embed import Embedder

_ORDER = ("added", "replaced", "unchanged", "refused")


def take_in(settings: Settings, targets: Sequence[str], embedder: Embedder | None = None) -> bool:
    """Add articles and bring the index up to date; False if one was refused.

    Ctrl-C keeps what was taken so far, and says how to go on.
    """
    counts: Counter[str] = Counter()
    try:
        with _adding() as on_progress:
            for added in add_articles(
                targets,
                settings.own_library,
                settings.library,
                trusted_hosts=settings.trusted_host_list,
                on_progress=on_progress,
            ):
                counts[added.action] += 1
                _say(added)
    except KeyboardInterrupt:
        typer.echo(f"Stopped after {_summary(counts)}. The same command goes on from there.", err=True)
        raise
    if sum(counts.values()) != 1:
        typer.echo(f"{_summary(counts)}.", err=True)
    if counts["added"] + counts["replaced"] + counts["unchanged"]:
        update_index(settings, embedder)
    return not counts["refused"]


def take_out(settings: Settings, names: Sequence[str]) -> bool:
    """Delete articles and bring the index up to date; False if one could not be found."""
    library = OwnLibrary(settings.own_library, settings.library)
    removed = 0
    for name in names:
        try:
            typer.echo(f"removed: {console.plain(library.remove(name))}")
            removed += 1
        except LibraryError as exc:
            console.error(exc)
    if removed:
        update_index(settings)
    return removed == len(names)


def watch_folder(settings: Settings, folder: Path) -> None:
    """Take in the files of a folder, then each new or changed one, until Ctrl-C.

    Raises:
        LibraryError: The folder does not exist, or no longer.
    """
    from index.vectors.embed import MiniLM

    embedder = MiniLM()

    def on_files(files: list[Path]) -> None:
        take_in(settings, [str(file) for file in files], embedder)
        typer.echo(f"Watching {console.plain(str(folder))}  (Ctrl-C ends it)", err=True)

    watch(folder, on_files, suffixes=SUFFIXES, stop=threading.Event())


def update_index(settings: Settings, embedder: Embedder | None = None, *, force: bool = False) -> None:
    """Build the index anew if an article has changed; what it did is said on stderr."""
    from index.vectors.embed import MiniLM

    try:
        with console.BuildProgress() as progress:
            report = rebuild(
                settings.libraries,
                settings.index_folder,
                embedder or MiniLM(),
                on_step=progress,
                force=force,
                chroma_url=settings.chroma_url or None,
            )
    except KeyboardInterrupt:
        typer.echo("Stopped. What was read so far is kept; `alliances rebuild` goes on from there.", err=True)
        raise
    console.print_report(report)


def go_back(settings: Settings) -> None:
    """Put the index before the current one in use again; which one that is, is said on stderr."""
    from index.healing import roll_back
    from index.vectors.embed import MiniLM

    console.notice(roll_back(settings.index_folder, MiniLM(), settings.chroma_url or None))


def _say(added: Added) -> None:
    if added.slug is None:
        console.error(added.reason)
        return
    notice = f"  ({added.notice})" if added.notice else ""
    typer.echo(console.plain(f"{added.action}: {added.slug}{notice}"))


def _summary(counts: Counter[str]) -> str:
    total = sum(counts.values())
    told = ", ".join(f"{counts[action]} {action}" for action in _ORDER if counts[action])
    return f"{total} article{'s' * (total != 1)}" + (f": {told}" if told else "")


@contextmanager
def _adding() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, if a person is looking and there is more than one thing to read."""
    with console.bar("Taking in articles") as update:
        yield lambda done, total: update(done, total) if total > 1 else None
