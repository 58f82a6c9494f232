"""Reading the events of an answer in a thread of its own, so that Stop is heard while the model computes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator

from assistant.types import Event


class BackgroundEvents:
    """Works through an iterator of events; a caller in another thread reads them and may stop the work.

    The iterator is advanced and closed by one and the same thread: a generator that is computing its next
    event cannot be closed from outside. So `stop` takes effect at the next event; `wait` tells when it has.
    """

    def __init__(self, events: Generator[Event, None, None]) -> None:
        """Start working at once."""
        self._events = events
        self._ready: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="answer", daemon=True)
        self._thread.start()

    def read(self, heartbeat_s: float) -> Iterator[Event | None]:
        """The events as they come, and None whenever `heartbeat_s` seconds passed without one.

        Raises:
            Exception: Whatever the iterator raised.
        """
        while True:
            try:
                item = self._ready.get(timeout=heartbeat_s)
            except queue.Empty:
                yield None
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def stop(self) -> None:
        """Close the iterator as soon as it can be closed; does not wait."""
        self._stopped.set()

    def wait(self, timeout_s: float) -> bool:
        """Whether the work is over, after at most `timeout_s` seconds."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        try:
            for event in self._events:
                if self._stopped.is_set():
                    break
                self._ready.put(event)
        except Exception as exc:  # any kind: it is raised again in the thread that reads
            self._ready.put(exc)
        finally:
            self._events.close()
            self._ready.put(None)
