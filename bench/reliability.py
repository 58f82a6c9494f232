"""Tries out what is promised of the index: how often each promise was tried, and how often it was kept.

    kill      a build killed by SIGKILL at 12 named points, half-way through embedding, and at random moments: the old
              index or the new one answers, whole, and the next build succeeds and embeds nothing twice
    readers   searches during rebuilds: no error, and each answer from one generation
    files     each file of a generation emptied, cut, flipped or removed: noticed or harmless, healed, nothing crashes
    disk      full at four moments, or read-only: refused with the space needed, nothing lost, reading goes on
    builders  two at once: the second is told who builds; the lock of a dead one is taken over
    settings  another embedding model, weights, passage size or format: named, built anew, never mixed

All of it with small libraries and in processes of their own. Exit status 1 if a promise was broken.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from promises import builders, disk, files, kill, readers, settings
from promises.trials import Row
from rich.console import Console
from rich.markup import escape
from rich.table import Table

PROMISES: dict[str, Callable[[int], Iterator[Row]]] = {
    "kill": kill.try_out,
    "readers": readers.try_out,
    "files": files.try_out,
    "disk": disk.try_out,
    "builders": builders.try_out,
    "settings": settings.try_out,
}
SHOWN_BROKEN = 3  # of a promise


def as_table(rows: Sequence[Row]) -> Table:
    """A line for each promise."""
    table = Table("promise", "tried", "kept", "remarks")
    for column in table.columns[1:3]:
        column.justify = "right"
    for row in rows:
        broken = [f"BROKEN: {problem}" for problem in row.broken[:SHOWN_BROKEN]]
        remarks = escape("\n".join([row.remarks, *broken] if row.remarks else broken))
        table.add_row(escape(row.promise), f"{row.tried:,}", f"{row.kept:,}", remarks)
    return table


def read_arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line, checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10, metavar="N", help="how often each thing is tried (10)")
    parser.add_argument("--only", metavar="NAMES", help="some of the promises, as in `kill,disk`")
    arguments = parser.parse_args(given)
    arguments.only = arguments.only.split(",") if arguments.only else list(PROMISES)
    if unknown := [name for name in arguments.only if name not in PROMISES]:
        parser.error(f"--only does not know '{unknown[0]}'; there are {', '.join(PROMISES)}")
    if arguments.times < 1:
        parser.error("--times must be at least 1")
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    arguments = read_arguments(given)
    console, rows, began = Console(highlight=False), [], time.monotonic()
    with console.status("") as status:
        for name in arguments.only:
            status.update(name)
            for row in PROMISES[name](arguments.times):
                rows.append(row)
                status.update(f"{name}: {escape(row.promise)}")
    console.print(as_table(rows))
    console.print(
        f"{sum(r.kept for r in rows):,} of {sum(r.tried for r in rows):,} kept, in {time.monotonic() - began:,.0f} s."
    )
    return 1 if any(row.broken for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
