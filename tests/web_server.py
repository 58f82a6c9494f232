"""A web server on loopback, whose pages a test writes down."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from loopback_server import LoopbackHandler, LoopbackServer


@dataclass(frozen=True)
class Page:
    """An answer. Without `length`, the body ends where the connection does."""

    body: bytes = b"<p>A page.</p>"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    length: bool = True


def redirect(location: str, status: int = 302) -> Page:
    return Page(b"", status, {"Location": location})


class WebServer(LoopbackServer):
    """Serves `pages` by path; a function in the place of a page writes to the connection itself."""

    def __init__(self, pages: Mapping[str, Page | Callable[[Handler], None]], tls: ssl.SSLContext | None = None):
        super().__init__(Handler)
        self.pages = dict(pages)
        self.asked: list[tuple[str, dict[str, str]]] = []  # path, headers
        self._tls = tls
        if tls:
            self.listening.socket = tls.wrap_socket(self.listening.socket, server_side=True)

    def address(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class Handler(LoopbackHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802
        web = self.server.owner
        web.asked.append((self.path, self.sent_headers()))
        page = web.pages.get(self.path, Page(status=404))
        self.close_connection = True
        if callable(page):
            page(self)
            return
        self.send_response(page.status)
        self.send_header("Connection", "close")  # else a client may ask again just as it is closed
        for name, value in page.headers.items():
            self.send_header(name, value)
        if page.length:
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)


def trickle(before: bytes, drop: bytes) -> Callable[[Handler], None]:
    """Begin with `before`, then send `drop` again and again, for as long as somebody listens."""

    def write(handler: Handler) -> None:
        handler.wfile.write(before)
        while not handler.server.owner.closing.wait(0.01):
            handler.wfile.write(drop)

    return write
