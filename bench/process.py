"""Tries out what is promised of the language model's process: how often each was tried, and how often it was kept.

    order     a full queue is told at once with the number before and seconds; conversations have their turns
    stopping  given up while it reads or writes, stopped, the tab closed: the computing ends within 0.2 s
    limits    a model that hangs, writes too long, does not load or does not let go is ended
    kill      killed in the middle of an answer: one failed answer, a new process; the assistant quotes instead
    parents   killed, crashed, while the model loads, answers or is stopped: no model process is left
    clients   fifty at once, for a minute: own answers, quick refusals, no growth
    page      the same, over HTTP, with the questions of fifty visitors
    sameness  the same answer after other questions, after a prompt given up, and from a new process

All of it with the model that ships. Exit status 1 if a promise was broken.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import psutil
from model_process import clients, kill, limits, order, page, parents, sameness, stopping
from promises.trials import Row
from reliability import as_table
from rich.console import Console
from rich.markup import escape

TRIALS: dict[str, Callable[[int], Iterator[Row]]] = {
    "order": order.try_out,
    "stopping": stopping.try_out,
    "limits": limits.try_out,
    "kill": kill.try_out,
    "parents": parents.try_out,
    "clients": clients.try_out,
    "page": page.try_out,
    "sameness": sameness.try_out,
}


def read_arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line, checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10, metavar="N", help="how often each thing is tried (10)")
    parser.add_argument("--only", metavar="NAMES", help="some of the trials, as in `kill,parents`")
    arguments = parser.parse_args(given)
    arguments.only = arguments.only.split(",") if arguments.only else list(TRIALS)
    if unknown := [name for name in arguments.only if name not in TRIALS]:
        parser.error(f"--only does not know '{unknown[0]}'; there are {', '.join(TRIALS)}")
    if arguments.times < 1:
        parser.error("--times must be at least 1")
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    arguments = read_arguments(given)
    console, rows, began, others_before = Console(highlight=False), [], time.monotonic(), _others_s()
    with console.status("") as status:
        for name in arguments.only:
            status.update(name)
            for row in TRIALS[name](arguments.times):
                rows.append(row)
                status.update(f"{name}: {escape(row.promise)}")
    console.print(as_table(rows))
    took_s = time.monotonic() - began
    others = (_others_s() - others_before) / took_s / (psutil.cpu_count() or 1)
    kept, tried = sum(row.kept for row in rows), sum(row.tried for row in rows)
    console.print(f"{kept:,} of {tried:,} kept, in {took_s:,.0f} s; others took {others:.0%} of the machine.")
    return 1 if any(row.broken for row in rows) else 0


def _others_s() -> float:
    """Seconds of processor that others have used since the machine started; the dead among ours count as ours."""
    everybody, me = psutil.cpu_times(), psutil.Process()
    ours = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    used = sum(times.user + times.system + times.children_user + times.children_system for times in ours)
    return float(everybody.user + everybody.nice + everybody.system - used)


if __name__ == "__main__":
    sys.exit(main())
