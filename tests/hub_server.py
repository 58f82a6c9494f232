"""A hub on loopback: what huggingface_hub asks, and files that can be fetched from the middle on."""

from __future__ import annotations

import hashlib
import json

from loopback_server import LoopbackHandler, LoopbackServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class HubServer(LoopbackServer):
    """Offers the files of one repository.

    Attributes:
        files: By path.
        claims: What the listing says of a file instead: `size` or `sha256`.
        status: What is answered to a look-up instead of the listing; `file_status`, to whoever wants a file.
        stops: How many bytes of a file are given before the connection breaks, once for each number.
        pauses_at: How many bytes of a file are given before nothing more comes, until the server ends.
        ranges: Whether a file can be fetched from the middle on.
        elsewhere: An address that those who want a file are sent to.
        asked: (path, headers) of every request.
    """

    def __init__(self, repo_id: str, files: dict[str, bytes]) -> None:
        super().__init__(_Handler)
        self.repo_id = repo_id
        self.files = files
        self.claims: dict[str, dict[str, object]] = {}
        self.status = self.file_status = 200
        self.stops: list[int] = []
        self.pauses_at: int | None = None
        self.ranges = True
        self.elsewhere = ""
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ranges_asked(self) -> list[str]:
        """The range of every request for a file, "" for the whole."""
        return [headers.get("range", "") for path, headers in self.asked if "/resolve/" in path]

    def listing(self) -> dict[str, object]:
        siblings = []
        for path, content in self.files.items():
            lfs = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "pointerSize": 100}
            lfs |= self.claims.get(path, {})
            siblings.append({"rfilename": path, "size": lfs["size"], "blobId": "b", "lfs": lfs})
        siblings.append({"rfilename": "README.md", "size": 10, "blobId": "b"})
        return {"id": self.repo_id, "modelId": self.repo_id, "sha": COMMIT, "siblings": siblings, "tags": []}


class _Handler(LoopbackHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802
        hub = self.server.owner
        hub.asked.append((self.path, self.sent_headers()))
        self.close_connection = True
        path = self.path.partition("?")[0]
        if path == f"/api/models/{hub.repo_id}":
            self._answer(hub.status, json.dumps(hub.listing()).encode() if hub.status == 200 else b"{}")
            return
        name = path.removeprefix(f"/{hub.repo_id}/resolve/{COMMIT}/")
        if name not in hub.files:
            self._answer(404, b"{}")
        elif hub.file_status != 200:
            self._answer(hub.file_status, b"{}")
        elif hub.elsewhere:
            self._answer(302, b"", Location=hub.elsewhere + path)
        else:
            self._give(hub.files[name])

    def _give(self, content: bytes) -> None:
        hub = self.server.owner
        start = 0
        if hub.ranges and (wanted := self.headers.get("Range")):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        stop = hub.stops.pop(0) if hub.stops else hub.pauses_at or len(content)
        if start:
            rest = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            self._answer(206, content[start:], upto=stop, **rest)
        else:
            self._answer(200, content, upto=stop)

    def _answer(self, status: int, body: bytes, *, upto: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:upto])
        if upto is not None and upto == self.server.owner.pauses_at:
            self.server.owner.closing.wait()
