"""What this process may use of the machine, which can be less than what is built in."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psutil


def usable_cores() -> int:
    """How many cores this process may use, at least 1."""
    # macOS and Windows have no affinity to ask for.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for folder in _control_groups():
        limit, _, period = _read(folder / "cpu.max").partition(" ")  # microseconds of work in each period
        if limit.isdecimal() and period.isdecimal() and int(period):
            cores = min(cores, max(1, int(limit) // int(period)))
    return cores


def usable_memory_bytes() -> int:
    """How much memory this process can get without swapping, in bytes."""
    left = [free for folder in _control_groups() if (free := free_in_group(folder)) is not None]
    return min([psutil.virtual_memory().available, *left])


def free_in_group(folder: Path) -> int | None:
    """What a control group may still take, in bytes; None if it is not held to a limit.

    File pages that have not been used lately count as free, as the kernel drops them first.
    """
    limit = _read(folder / "memory.max")
    if not limit.isdecimal():
        return None
    used = int(_read(folder / "memory.current") or 0)
    statistics = dict(line.split(" ", 1) for line in _read(folder / "memory.stat").splitlines())
    return max(0, int(limit) - used + int(statistics.get("inactive_file", 0)))


def _control_groups() -> Iterator[Path]:
    """The folder of this process's control group (version 2) and of those around it."""
    for line in _read(Path("/proc/self/cgroup")).splitlines():
        if line.startswith("0::"):
            group = Path("/sys/fs/cgroup", line.removeprefix("0::").lstrip("/"))
            yield from (group, *group.parents)


def _read(path: Path) -> str:
    """What a small file says, "" if there is none."""
    with contextlib.suppress(OSError):
        return path.read_text(encoding="utf-8").strip()
    return ""
