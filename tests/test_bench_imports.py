"""Every program in bench/ can be started: what it takes from the project is still there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench"


def test_every_program_of_the_benches_can_be_imported():
    names = sorted(path.stem for path in BENCH.glob("*.py"))
    code = f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)"
    done = subprocess.run([sys.executable, "-c", code], cwd=BENCH, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
