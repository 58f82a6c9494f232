"""Serving the page: the address, the gatekeeper in front of Gradio, the web server."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import BadSetting

LOOPBACK = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}  # host -> address to listen on
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")  # the same, as browsers write them in a Host header
_ALL_ADDRESSES = ("0.0.0.0", "::")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SHUTDOWN_S = 1  # an open page keeps a connection for ever; Ctrl-C does not wait longer for it

SECURITY_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "font-src 'self' data:",
            "style-src 'self' 'unsafe-inline'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # Gradio's page needs both
            "worker-src 'self' blob:",
        )
    ),
}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what is served there."""
    return host in LOOPBACK


def check_address(host: str, port: int, *, has_password: bool = False) -> None:
    """Find out, before anything slow is done, whether the page can be served there; arguments as of `listen`.

    Raises:
        BadSetting: `host` is not this machine alone and there is no password, or it or `port` cannot be used.
    """
    listen(host, port, has_password=has_password).close()


def listen(host: str, port: int, *, has_password: bool = False) -> socket.socket:
    """A socket that listens.

    Args:
        host: A loopback address; with a password, any address or name of this machine, or 0.0.0.0 for all.
        port: 0 takes any free one.
        has_password: Whether the page asks for one.

    Raises:
        BadSetting: `host` is not this machine alone and there is no password, or it or `port` cannot be used.
    """
    address = LOOPBACK.get(host) or _address_of(host, has_password)
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would share a port in use
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # a port whose last connections linger after a restart is free
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen()
    except OSError as exc:
        listener.close()
        if exc.errno == errno.EADDRNOTAVAIL:
            raise BadSetting(f"Host '{host}' is no address of this machine. Use `--host 127.0.0.1`.") from exc
        reason = "is in use by another program" if exc.errno == errno.EADDRINUSE else f"cannot be used ({exc.strerror})"
        raise BadSetting(
            f"Port {port} of {host} {reason}. Choose another, such as `--port {port % 65535 + 1}`."
        ) from exc
    return listener


def _address_of(host: str, has_password: bool) -> str:
    if not has_password:
        raise BadSetting(
            f"Without a password the page is for this machine only, so it cannot be served on host '{host}'. "
            "Use `--host 127.0.0.1`, or give it a password: `--auth`."
        )
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError) as exc:
        raise BadSetting(f"Host '{host}' is not known. Use an address of this machine, or 0.0.0.0 for all.") from exc


def url_of(listener: socket.socket) -> str:
    """The page's address, for a browser."""
    host, port = listener.getsockname()[:2]
    if host in _ALL_ADDRESSES:
        return f"http://{socket.gethostname()}:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class SameOriginMiddleware:
    """Turns away what another web page sends, and tells browsers what the page may load.

    A browser sends `Origin` with what a script or form of a page asks for, and `Sec-Fetch-Site` with
    everything. Run it behind a check of the `Host` header: the origin that names the same host is our own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        app = PlainTextResponse("Refused: another site asked.\n", 403) if _is_foreign(scope) else self._app
        await app(scope, receive, send_guarded)


def _is_foreign(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    # A proxy may add the s, and tell under which name it was asked; no page of another site can add such a header.
    hosts = (headers.get("host"), headers.get("x-forwarded-host"))
    if origin is not None and origin not in [f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")]:
        return True
    site = headers.get("sec-fetch-site")
    return site in ("cross-site", "same-site") and scope["method"] not in SAFE_METHODS


def run(make_app: Callable[[], ASGIApp], listener: socket.socket, on_ready: Callable[[str], None] | None) -> None:
    """Serve until Ctrl-C, which is a clean end.

    The application is made inside the event loop: outside of one, Gradio opens loops and leaves them open.
    """

    async def serve() -> None:
        await PageServer(make_app(), listener, on_ready).serve(sockets=[listener])

    with suppress(KeyboardInterrupt):  # uvicorn raises the signal again when everything is closed
        asyncio.run(serve())


class PageServer(uvicorn.Server):
    """uvicorn, silent, on a socket that already listens; says when it is ready."""

    def __init__(self, app: ASGIApp, listener: socket.socket, on_ready: Callable[[str], None] | None) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",  # else, at Ctrl-C, every connection that an open page keeps is an error
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
        super().__init__(config)
        self._listener = listener
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then report the page's address."""
        await super().startup(sockets=sockets)
        if self._on_ready is not None:
            self._on_ready(url_of(self._listener))
