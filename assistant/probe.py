"""What `alliances doctor` looks at from a process of its own, because it may end the process that looks.

A llama.cpp compiled for another processor, or a damaged vector file, does not raise: it kills.
`python -m assistant.probe llama` (or `index`, or `catalogue` or `vectors` with the number of a generation) prints
what it found as one JSON object. An error of ours is an object too: `error` is its message, `kind` the name of its
class.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.errors import AlliancesError
from assistant.models.child import environment

if TYPE_CHECKING:
    from index.generations import Generation

_LIMIT_S = 60.0
_DEEP_LIMIT_S = 1800.0  # every byte of a large index


class ProbeFailed(Exception):
    """The probe's process ended without an answer; the message says how."""


def run_probe(name: str, *arguments: str) -> dict[str, Any]:
    """Run a probe in a process of its own and return what it printed.

    Args:
        name: `llama`, `index`, `catalogue` or `vectors`.
        arguments: Of the last two, the number of the generation.

    Raises:
        ProbeFailed: It crashed, printed nonsense, or took longer than a minute; with arguments, half an hour.
    """
    command = [sys.executable, "-P", "-m", "assistant.probe", name, *arguments]
    limit_s = _DEEP_LIMIT_S if arguments else _LIMIT_S
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit_s,
            env=environment(),
        )
    except subprocess.TimeoutExpired:
        raise ProbeFailed(f"no answer within {limit_s:.0f} s") from None
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

    from assistant.models.devices import gpus

    return {"offload": llama_cpp.llama_supports_gpu_offload(), "gpus": [asdict(gpu) for gpu in gpus()]}


def _index() -> dict[str, Any]:
    from assistant.settings import Settings
    from index.build import open_index
    from index.vectors.embed import MiniLM

    settings = Settings.load()
    with open_index(settings.index_folder, MiniLM(), settings.chroma_url or None) as index:
        index.catalogue.check()
        manifest = index.manifest
        return {"number": index.number, "counts": dict(manifest.counts), "articles": dict(manifest.articles)}


def _catalogue(number: str) -> dict[str, Any]:
    from index.deep_check import check_catalogue

    check_catalogue(_generation(number))
    return {}


def _vectors(number: str) -> dict[str, Any]:
    from assistant.settings import Settings
    from index.deep_check import check_vectors

    check_vectors(_generation(number), Settings.load().chroma_url or None)
    return {}


def _generation(number: str) -> Generation:
    from assistant.settings import Settings
    from index.generations import IndexFolder

    generations = IndexFolder(Settings.load().index_folder).generations()
    return next(generation for generation in generations if generation.number == int(number))


_PROBES: dict[str, Callable[..., dict[str, Any]]] = {
    "llama": _llama,
    "index": _index,
    "catalogue": _catalogue,
    "vectors": _vectors,
}

if __name__ == "__main__":
    try:
        result = _PROBES[sys.argv[1]](*sys.argv[2:])
    except AlliancesError as exc:
        result = {"error": str(exc), "kind": type(exc).__name__}
    sys.stdout.write(json.dumps(result) + "\n")
