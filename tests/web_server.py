"""A web server on loopback, whose pages a test writes down."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass(frozen=True)
class Page:
    """An answer. Without `length`, the body ends where the connection does."""

    body: bytes = b"<p>A page.</p>"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    length: bool = True


def redirect(location: str, status: int = 302) -> Page:
    return Page(b"", status, {"Location": location})


class WebServer:
    """Serves `pages` by path; a function in the place of a page writes to the connection itself."""

    def __init__(self, pages: Mapping[str, Page | Callable[[Handler], None]], tls: ssl.SSLContext | None = None):
        self.pages = dict(pages)
        self.asked: list[tuple[str, dict[str, str]]] = []  # path, headers
        self.closing = threading.Event()
        self._tls = tls
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.web = self
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def address(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class Server(ThreadingHTTPServer):
    web: WebServer

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is what many tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802
        web = self.server.web
        web.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        page = web.pages.get(self.path, Page(status=404))
        self.close_connection = True
        if callable(page):
            page(self)
            return
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        if page.length:
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def trickle(before: bytes, drop: bytes) -> Callable[[Handler], None]:
    """Begin with `before`, then send `drop` again and again, for as long as somebody listens."""

    def write(handler: Handler) -> None:
        handler.wfile.write(before)
        while not handler.server.web.closing.wait(0.01):
            handler.wfile.write(drop)

    return write
