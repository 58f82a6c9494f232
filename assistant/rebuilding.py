"""A rebuild of the index in the background, in a process of its own: questions are answered meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from assistant.models.child import environment
from assistant.settings import Settings
from index.build_report import BuildReport, Step

BROKEN_OFF = (
    "The rebuild broke off; the old index still answers. Try again; if it happens again, run `alliances doctor`."
)


class Rebuild:
    """One rebuild, which starts at once. Safe to ask from several threads.

    The process ends with this one, however this one ends; what it had read is kept for the next rebuild.
    """

    def __init__(self, settings: Settings, on_end: Callable[[], None] = lambda: None) -> None:
        """Start the process; `on_end` is called, in a thread of its own, when it is over."""
        self._on_end = on_end
        self._news = threading.Lock()
        self._step = Step("lock")
        self._report: BuildReport | None = None
        self._failure: str | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "assistant.rebuild_process"],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C in the terminal is for the page
        )
        wanted = {
            "folders": [str(folder) for folder in settings.libraries],
            "index_folder": str(settings.index_folder),
            "chroma_url": settings.chroma_url or None,
        }
        assert self._process.stdin is not None
        with suppress(OSError):  # it is dead: the end of its answers tells
            self._process.stdin.write(json.dumps(wanted) + "\n")
            self._process.stdin.flush()
        threading.Thread(target=self._listen, name="rebuild", daemon=True).start()

    @property
    def step(self) -> Step:
        """Where it is."""
        with self._news:
            return self._step

    @property
    def report(self) -> BuildReport | None:
        """What it did, once it has done it."""
        with self._news:
            return self._report

    @property
    def failure(self) -> str | None:
        """Why there is no new index, once that is certain."""
        with self._news:
            return self._failure

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        with self._news:
            return self._report is None and self._failure is None

    def _listen(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        with pipe, suppress(ValueError):  # a line cut off by its end
            for line in pipe:
                self._take(json.loads(line))
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        with self._news:
            if self._report is None and self._failure is None:
                self._failure = BROKEN_OFF
        self._on_end()

    def _take(self, message: dict[str, object]) -> None:
        with self._news:
            match message:
                case {"step": str(name), "done": int(done), "total": int(total)}:
                    self._step = Step(name, done, total)
                case {"failed": str(why)}:
                    self._failure = why
                case {"built": dict(report)}:
                    slugs = {name: tuple(report[name]) for name in ("added", "changed", "removed")}
                    self._report = BuildReport(**{**report, **slugs})
