"""What `alliances doctor` looks at from a process of its own, because it may end the process that looks.

A llama.cpp compiled for another processor, or a damaged vector file, does not raise: it kills.
`python -m assistant.probe llama` (or `index`) prints what it found as one JSON object. An error of ours is an
object too: `error` is its message, `kind` the name of its class.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from assistant.errors import AlliancesError
from assistant.model_child import environment

_LIMIT_S = 60.0


class ProbeFailed(Exception):
    """The probe's process ended without an answer; the message says how."""


def run_probe(name: str) -> dict[str, Any]:
    """Run the probe `llama` or `index` in a process of its own and return what it printed.

    Raises:
        ProbeFailed: It crashed, printed nonsense, or took longer than a minute.
    """
    command = [sys.executable, "-P", "-m", "assistant.probe", name]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            env=environment(),
        )
    except subprocess.TimeoutExpired:
        raise ProbeFailed(f"no answer within {_LIMIT_S:.0f} s") from None
    if done.returncode < 0:
        raise ProbeFailed(f"the process was killed by signal {-done.returncode}")
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        raise ProbeFailed(last[0]) from None
    return found


def _llama() -> dict[str, Any]:
    import llama_cpp

    return {"offload": llama_cpp.llama_supports_gpu_offload(), "version": llama_cpp.__version__}


def _index() -> dict[str, Any]:
    from assistant.settings import Settings
    from index.build import open_index
    from index.embed import MiniLM

    with open_index(Settings.load().index_folder, MiniLM()) as index:
        index.catalogue.check()
        manifest = index.manifest
        return {"number": index.number, "counts": dict(manifest.counts), "articles": dict(manifest.articles)}


_PROBES = {"llama": _llama, "index": _index}

if __name__ == "__main__":
    try:
        result = _PROBES[sys.argv[1]]()
    except AlliancesError as exc:
        result = {"error": str(exc), "kind": type(exc).__name__}
    sys.stdout.write(json.dumps(result) + "\n")
