"""The process that the page rebuilds the index in: `python -m assistant.rebuild_process`.

JSON, one object a line. Standard input: `{"folders", "index_folder", "chroma_url"}`, and then nothing; when it ends,
so does the process: a rebuild killed at any moment breaks nothing. Standard output: `{"step", "done", "total"}` for
each step, and at last `{"built": report}` or `{"failed": why}`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from assistant.errors import AlliancesError
from index.build import Step, rebuild
from index.vectors.embed import MiniLM

_NICENESS = 10  # questions go before


def main() -> None:
    """Rebuild once, as told on standard input."""
    # What libraries print must not get between the lines.
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    wanted = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def on_step(step: Step) -> None:
        _tell(told, {"step": step.name, "done": step.done, "total": step.total})

    try:
        report = rebuild(
            [Path(folder) for folder in wanted["folders"]],
            Path(wanted["index_folder"]),
            MiniLM(),
            on_step=on_step,
            chroma_url=wanted["chroma_url"],
        )
    except AlliancesError as exc:
        _tell(told, {"failed": str(exc)})
    else:
        _tell(told, {"built": asdict(report)})


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _tell(told: IO[str], message: dict[str, Any]) -> None:
    told.write(json.dumps(message) + "\n")
    told.flush()


if __name__ == "__main__":
    main()
