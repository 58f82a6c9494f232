"""Who waits for an answer: all tabs share one model, so a question may have others before it."""

from __future__ import annotations

import threading


class Line:
    """The tabs whose question is not answered yet. Used from several threads."""

    def __init__(self) -> None:
        self._waiting: set[object] = set()
        self._lock = threading.Lock()

    def join(self, tab: object) -> int:
        """Take a tab in; how many others were there."""
        with self._lock:
            others = len(self._waiting - {tab})
            self._waiting.add(tab)
        return others

    def leave(self, tab: object) -> None:
        """The tab waits no longer."""
        with self._lock:
            self._waiting.discard(tab)
