"""What may be used is never more than what there is, and less when this process is held to less."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from assistant.models.machine import free_in_group, usable_cores, usable_memory_bytes

ROOT = Path(__file__).resolve().parent.parent


def test_at_least_one_core_and_no_more_than_there_are():
    assert 1 <= usable_cores() <= os.cpu_count()


def test_memory_is_some_and_no_more_than_there_is():
    assert 0 < usable_memory_bytes() <= psutil.virtual_memory().total


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_a_process_held_to_one_core_uses_one():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from assistant.models.machine import usable_cores; print(usable_cores())"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert said.stdout == "1\n"


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({}, None),
        ({"memory.max": "max\n"}, None),
        ({"memory.max": "1000\n"}, 1000),
        ({"memory.max": "1000\n", "memory.current": "700\n"}, 300),
        ({"memory.max": "1000", "memory.current": "700", "memory.stat": "anon 500\ninactive_file 150\n"}, 450),
        ({"memory.max": "1000", "memory.current": "1200"}, 0),
    ],
)
def test_a_container_has_what_its_limit_leaves_and_what_the_kernel_would_drop(tmp_path, files, free):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert free_in_group(tmp_path) == free
