"""An OpenAI-compatible engine on loopback that does what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

DONE = b"data: [DONE]\n\n"


def event(text: str, **more: object) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None, **more}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


class EngineServer:
    """Answers a conversation with `events`, or by what `answer` does with the connection.

    Attributes:
        asked: (path, headers, body) of every request.
        gone: Set once a caller was found to have hung up.
    """

    def __init__(self) -> None:
        self.events = [event("Alpha "), event("Labs."), DONE]
        self.answer: Callable[[EngineHandler], None] | None = None
        self.models: object = {"data": [{"id": "tale"}, {"id": "other"}]}
        self.asked: list[tuple[str, dict[str, str], dict[str, object]]] = []
        self.gone = threading.Event()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), EngineHandler)
        self._server.engine = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"


class _Server(ThreadingHTTPServer):
    engine: EngineServer
    request_queue_size = 64

    def handle_error(self, request, client_address) -> None:
        self.engine.gone.set()


class EngineHandler(BaseHTTPRequestHandler):
    server: _Server

    @property
    def engine(self) -> EngineServer:
        return self.server.engine

    def do_GET(self) -> None:  # noqa: N802
        self._note({})
        self.reply(200, self.engine.models)

    def do_POST(self) -> None:  # noqa: N802
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._note(self.body)
        if self.engine.answer:
            self.engine.answer(self)
            return
        self.begin()
        for one in self.engine.events:
            self.wfile.write(one)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def reply(self, status: int, body: object, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    def _note(self, body: dict[str, object]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.engine.asked.append((self.path, headers, body))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
