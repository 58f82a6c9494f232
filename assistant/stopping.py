"""Stopping an answer from another thread, in the middle of the model's work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import Stopped
from assistant.models.language_model import TextStream


class StopSwitch:
    """One answer's way to be stopped. A generator that computes cannot be closed from outside; its model can."""

    def __init__(self) -> None:
        self._is_set = False
        self._stream: TextStream | None = None
        self._lock = threading.Lock()

    def set(self) -> None:
        """Stop; the model gives up at once, reading the prompt included. Setting it twice does nothing."""
        with self._lock:
            self._is_set = True
            stream = self._stream
        if stream is not None:
            stream.close()

    def check(self) -> None:
        """Raises Stopped once the switch is set."""
        if self._is_set:
            raise Stopped("The answer was stopped.")

    @contextmanager
    def watching(self, stream: TextStream) -> Iterator[TextStream]:
        """Within it, the switch closes the stream; it is closed at the end in any case.

        Raises:
            Stopped: At the end, if the switch was set.
        """
        with self._lock:
            self._stream = stream
        try:
            self.check()
            yield stream
        finally:
            with self._lock:
                self._stream = None
            stream.close()
        self.check()
