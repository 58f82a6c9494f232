"""What is promised of the index is kept whatever is killed, damaged, full, busy or changed: each promise, tried once.

`python bench/reliability.py` tries each ten times.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="SIGKILL, mounts and limits are of POSIX systems")
sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))

from promises import files  # noqa: E402
from promises.kill import POINTS  # noqa: E402
from reliability import PROMISES  # noqa: E402

from index.build import STEPS  # noqa: E402

# tests/test_healing.py damages the others, and searches in memory: in its own process, and so more quickly.
RUNS = {**PROMISES, "files": partial(files.try_out, pattern="chroma.sqlite3", ways=[True])}


@pytest.mark.parametrize("name", RUNS)
def test_promise_is_kept(name):
    rows = list(RUNS[name](1))
    assert rows
    assert {row.promise: row.broken for row in rows if row.broken} == {}
    assert [row.promise for row in rows if not row.tried and not row.remarks.startswith("not tried")] == []


def test_builds_are_killed_at_each_of_their_steps():
    assert tuple(POINTS) == STEPS
