"""What the benches measure with: the clock of an answer, and the memory and processor time of processes."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

MIN_PIECES_TO_TIME = 8  # a shorter answer says nothing about the speed of writing

Messages = list[dict[str, str]]


def timed(pieces: Iterable[str]) -> tuple[float, float | None]:
    """When the first piece came, and pieces a second after it; None for an answer too short to tell."""
    times = [time.perf_counter() for piece in pieces if piece]
    rate = (len(times) - 1) / (times[-1] - times[0]) if len(times) >= MIN_PIECES_TO_TIME else None
    return times[0], rate


def own_processes() -> list[psutil.Process]:
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def share_priority() -> None:
    """Give the processes that this one has started its own priority.

    Linux shares out the machine by sessions, and the assistant's model has a session of its own: where the bench is
    given a priority (`echo -10 > /proc/self/autogroup`), one side would run without it.
    """
    own = Path("/proc/self/autogroup")
    if own.exists():
        nice = own.read_text(encoding="ascii").split()[-1]
        for process in own_processes()[1:]:
            with contextlib.suppress(OSError):  # to raise a priority, one must be root
                Path("/proc", str(process.pid), "autogroup").write_text(nice, encoding="ascii")


def others_s() -> float:
    """Processor seconds that others have used since the machine started, all cores together."""
    everybody = psutil.cpu_times()
    ours = [process.cpu_times() for process in own_processes()]  # with those of children that have ended
    own = sum(times.user + times.system + times.children_user + times.children_system for times in ours)
    return everybody.user + everybody.nice + everybody.system - own


def peak_bytes(process: psutil.Process) -> int:
    """The most resident memory the process has had; what it has now, where the system does not tell."""
    status = Path("/proc", str(process.pid), "status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return int(process.memory_info().rss)
