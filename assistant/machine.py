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
    for quota in _control_group_values("cpu.max"):  # "200000 100000": microseconds of work in each period
        limit, _, period = quota.partition(" ")
        if limit.isdecimal() and period.isdecimal() and int(period):
            cores = min(cores, max(1, int(limit) // int(period)))
    return cores


def usable_memory_bytes() -> int:
    """How much memory this process can get without swapping, in bytes."""
    limits = [int(value) for value in _control_group_values("memory.max") if value.isdecimal()]
    return min([psutil.virtual_memory().available, *limits])


def _control_group_values(name: str) -> Iterator[str]:
    """The file `name` of this process's control group (version 2) and of those around it, where it exists."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            if line.startswith("0::"):
                group = Path("/sys/fs/cgroup", line.removeprefix("0::").lstrip("/"))
                for folder in (group, *group.parents):
                    with contextlib.suppress(OSError):
                        yield (folder / name).read_text(encoding="utf-8").strip()
