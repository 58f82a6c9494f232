"""Who may use the page: this machine alone, or those who know the name and the password; and how much they may send."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from asyncio import Lock, sleep

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_UPLOAD_BYTES = 200_000_000  # of all files of one upload; each of them has a limit of its own
MAX_REQUEST_BYTES = 10_000_000  # of anything else; the longest is a pasted text
_UPLOAD = "/gradio_api/upload"
_WRONG_PAUSE_S = 1.0
MAX_WRONG_WAITING = 50
_PREFIX_HEADER = "x-forwarded-prefix"
_PREFIX = re.compile(r"(?:/[\w.~-]+)+")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", _PREFIX_HEADER, "x-real-ip", "via")
_NOT_ALONE = (
    "Refused: this page is for this machine only, and the request came through a proxy. "
    "To serve others, start it with a password: alliances ui --auth\n"
)

Login = tuple[str, str]  # name and password


class AccessMiddleware:
    """Asks for the name and the password (HTTP Basic) before anything else of the page can be reached.

    Without a password, what a proxy forwards is refused: behind it may stand anyone. Wrong guesses wait for each
    other, one a second; who knows the password does not wait.
    """

    def __init__(self, app: ASGIApp, login: Login | None) -> None:
        self._app = app
        self._secret = ":".join(login).encode() if login else None
        self._wrong = Lock()
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        app = self._app if scope["type"] == "lifespan" else await self._judge(Headers(scope=scope))
        await app(scope, receive, send)

    async def _judge(self, headers: Headers) -> ASGIApp:
        if self._secret is None:
            is_forwarded = any(name in headers for name in _FORWARDED)
            return PlainTextResponse(_NOT_ALONE, 403) if is_forwarded else self._app
        told = _told_secret(headers.get("authorization", ""))
        if told is not None and hmac.compare_digest(told, self._secret):
            return self._app
        if told is not None and not await self._pause():
            return PlainTextResponse("Refused: too many wrong passwords. Try again later.\n", 429)
        challenge = {"WWW-Authenticate": 'Basic realm="Alliance Assistant", charset="UTF-8"'}
        return PlainTextResponse("The name and the password are needed.\n", 401, challenge)

    async def _pause(self) -> bool:
        """Wait as long as a wrong guess costs; False if too many wait already."""
        if self._waiting >= MAX_WRONG_WAITING:
            return False
        self._waiting += 1
        try:
            async with self._wrong:
                await sleep(_WRONG_PAUSE_S)
        finally:
            self._waiting -= 1
        return True


def _told_secret(authorization: str) -> bytes | None:
    scheme, _, told = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(told, validate=True)
    except binascii.Error:
        return b""


class PrefixMiddleware:
    """Takes over the path under which a proxy shows the page (`X-Forwarded-Prefix`): there, the page asks for the rest.

    The proxy may take the prefix off the path or leave it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            prefix = Headers(scope=scope).get(_PREFIX_HEADER, "").rstrip("/")
            if _PREFIX.fullmatch(prefix):
                scope = {**scope, "root_path": prefix}
        await self._app(scope, receive, send)


class BodyLimitMiddleware:
    """Refuses, before reading it, what is too long or does not say how long it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        app = self._app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            length = headers.get("content-length", "0")
            most = MAX_UPLOAD_BYTES if scope["path"].endswith(_UPLOAD) else MAX_REQUEST_BYTES
            if "transfer-encoding" in headers:
                app = PlainTextResponse("Refused: it does not say how long it is.\n", 411)
            elif not length.isdigit() or int(length) > most:
                app = PlainTextResponse(f"Too much at once: at most {most // 1_000_000} MB.\n", 413)
        await app(scope, receive, send)
