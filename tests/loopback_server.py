"""A server on loopback for the length of a `with`, in a thread of its own: what those of the tests share."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class LoopbackServer:
    """Listens on a free port of 127.0.0.1; its handlers find it as `self.server.owner`.

    Attributes:
        closing: Set when the `with` ends, so that a handler that waits can stop.
    """

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self.closing = threading.Event()
        self.listening = _Listening(("127.0.0.1", 0), handler)
        self.listening.owner = self
        self._thread = threading.Thread(target=self.listening.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.listening.shutdown()
        self.listening.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self.listening.server_address[1]

    def on_error(self) -> None:
        """A client that hangs up is what many tests are about."""


class LoopbackHandler(BaseHTTPRequestHandler):
    """Says nothing of what it does."""

    server: _Listening

    def sent_headers(self) -> dict[str, str]:
        """What the client sent, by names in small letters."""
        return {name.lower(): value for name, value in self.headers.items()}

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Listening(ThreadingHTTPServer):
    owner: Any
    request_queue_size = 64

    def handle_error(self, request, client_address) -> None:
        self.owner.on_error()
