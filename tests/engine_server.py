"""An OpenAI-compatible engine on loopback that does what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

from loopback_server import LoopbackHandler, LoopbackServer

DONE = b"data: [DONE]\n\n"


def event(text: str, **more: object) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None, **more}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


class EngineServer(LoopbackServer):
    """Answers a conversation with `events`, or by what `answer` does with the connection.

    Attributes:
        asked: (path, headers, body) of every request.
        gone: Set once a caller was found to have hung up.
    """

    def __init__(self) -> None:
        super().__init__(EngineHandler)
        self.events = [event("Alpha "), event("Labs."), DONE]
        self.answer: Callable[[EngineHandler], None] | None = None
        self.models: object = {"data": [{"id": "tale"}, {"id": "other"}]}
        self.asked: list[tuple[str, dict[str, str], dict[str, object]]] = []
        self.gone = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def on_error(self) -> None:
        self.gone.set()


class EngineHandler(LoopbackHandler):
    @property
    def engine(self) -> EngineServer:
        return self.server.owner

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
        self.engine.asked.append((self.path, self.sent_headers(), body))
