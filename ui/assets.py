"""The files of Gradio's front end, kept in memory, and what its page names that is not there.

A page loads some seventy of them, one wave after the other. Gradio opens and compresses each anew for every visitor,
which on two cores takes longer than all else that the server does for the page.
"""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PACKED = frozenset({".js", ".css", ".svg"})  # the fonts are compressed already
PACKING_LEVEL = 4
MANIFEST = b'<link rel="manifest" href="/manifest.json" />'  # for a page that can be installed, which ours cannot
_KEPT_FOR_EVER = "public, max-age=31536000, immutable"  # a file with other content has another name


def assets_route(folder: Path) -> Callable[[Request], Awaitable[Response]]:
    """What answers at `/assets/NAME`: the file of that name in the folder, and nothing else."""
    names = frozenset(path.name for path in folder.iterdir() if path.is_file())

    @cache
    def load(name: str) -> bytes:
        return (folder / name).read_bytes()

    @cache
    def load_packed(name: str) -> bytes:
        return gzip.compress(load(name), PACKING_LEVEL)

    async def asset(request: Request) -> Response:
        """A file; the first to ask for it waits for the disk."""
        name = request.path_params["name"]
        if name not in names:
            return PlainTextResponse("No such file.\n", 404)
        headers = {"Cache-Control": _KEPT_FOR_EVER, "Vary": "Accept-Encoding"}
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if Path(name).suffix in PACKED and _takes_gzip(request.headers):
            return Response(load_packed(name), headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)
        return Response(load(name), headers=headers, media_type=kind)

    return asset


def _takes_gzip(headers: Headers) -> bool:
    return "gzip" in headers.get("accept-encoding", "")


class ManifestMiddleware:
    """Blanks the link to the manifest in Gradio's page, which would be asked for outside of a proxy's path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        is_page = False

        async def send_without(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                is_page = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
            elif is_page and message["type"] == "http.response.body":
                blank = b" " * len(MANIFEST)  # the length was told before
                message = {**message, "body": message.get("body", b"").replace(MANIFEST, blank)}
            await send(message)

        await self._app(scope, receive, send_without)
