"""Whether Chroma can open a generation's vectors at all, tried in a process of its own.

A damaged file of Chroma's does not always raise: it may end the process that reads it.
`python -m index.vectors.store_probe FOLDER` opens the store of the generation in this folder and looks for some
vectors; what is wrong with it, it prints in one line, with exit status 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from index.errors import IndexDamaged, IndexProblem
from index.generations import Generation
from index.manifest import read_manifest
from index.reading import damaged, problem_of_store
from index.vectors.store import VectorStore

_LIMIT_S = 600.0  # some thousand vectors a second are loaded, and there may be a million


def probe_store(generation: Generation) -> None:
    """Have another process open and search the vectors that Chroma keeps in this generation's folder.

    Raises:
        IndexDamaged: It found damage, crashed, or took longer than ten minutes.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "index.vectors.store_probe", str(generation.folder)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LIMIT_S,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(entry or os.getcwd() for entry in sys.path)},
        )
    except subprocess.TimeoutExpired:
        raise damaged(generation, f"opening its vectors takes more than {_LIMIT_S:.0f} s") from None
    if done.returncode == 1 and done.stdout:
        raise IndexDamaged(done.stdout.strip())
    if done.returncode:
        raise damaged(generation, f"opening its vectors ended a process with status {done.returncode}")


def _main(folder: Path) -> int:
    generation = Generation(0, folder)
    try:
        with closing(VectorStore.open(generation.chroma)) as store:
            if problem := problem_of_store(store, read_manifest(generation.manifest)):
                raise damaged(generation, problem)
    except IndexProblem as exc:
        sys.stdout.write(f"{exc}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
