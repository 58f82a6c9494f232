"""A collection of a Chroma server, and what can be wrong with a server."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import IndexDamaged, IndexNotWritten, IndexProblem, IndexUnreachable
from index.vectors.chroma_folder import HNSW, as_not_written, first_line

if TYPE_CHECKING:
    from chromadb.api.fastapi import FastAPI
    from chromadb.api.models.Collection import Collection

SERVER_FILE = "server.json"
_NAME = re.compile(r"alliances-[0-9a-f]{32}")
_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]*|[0-9a-f:.]+")  # a name, IPv4 or IPv6
_PORTS = {"http": 8000, "https": 443}  # Chroma's own, and that of a proxy before it
# A server persists, so that it need not build the index again whenever it is started. It is written to only while a
# generation is made, and if it is killed then, the generation is given up.
_HNSW_ON_SERVER = {**HNSW, "sync_threshold": 5_000}
_GREETING_S = 5.0
_ANSWER_S = 120.0  # just started, it adds up to 5,000 vectors to the index before the first answer, in some 15 s


def check_chroma_url(text: str) -> str:
    """The address of a Chroma server in one form, such as `http://127.0.0.1:8000`.

    Raises:
        ValueError: It is none; the message says why, and repeats nothing of it, for it may hold a password.
    """
    text = text.strip()
    if "@" in text:
        raise ValueError("it must hold no user name or password; a token goes into ALLIANCES_CHROMA_TOKEN")
    try:
        parts = urlsplit(text if text.isprintable() else "")  # it would leave out line breaks and tabs
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or port == 0:
        raise ValueError("it must be the address of a Chroma server, such as http://127.0.0.1:8000")
    if parts.path not in ("", "/") or "?" in text or "#" in text:
        raise ValueError("it must end after the host and the port, as http://127.0.0.1:8000 does")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}:{port or _PORTS[parts.scheme]}"


class ChromaServer:
    """A collection of a Chroma server; the file server.json in a folder tells its name."""

    def __init__(self, folder: Path, url: str) -> None:
        self._file = folder / SERVER_FILE
        self._url = url
        self._api: FastAPI | None = None

    def create(self) -> Collection:
        """Make an empty collection with a name of its own."""
        name = f"alliances-{secrets.token_hex(16)}"
        # Before the collection, so that a killed build leaves none that nobody knows.
        with as_not_written(self._file.parent):
            self._file.write_text(json.dumps({"collection": name}), encoding="utf-8")
        self._api = self._connect()
        return self._collection(self._api.create_collection(name, configuration={"hnsw": _HNSW_ON_SERVER}))

    def open(self) -> Collection:
        """The collection that was made before."""
        name = self._name()
        self._api = self._connect()
        return self._collection(self._api.get_collection(name))

    def remove(self) -> None:
        """Delete the collection, if the server still has it."""
        from chromadb.errors import NotFoundError

        name = self._name()
        self._api = self._api or self._connect()
        with suppress(NotFoundError):
            self._api.delete_collection(name)

    def discard(self) -> None:
        """Take `create` back as far as possible, and close."""
        if self._api:
            with suppress(Exception):  # what ended `create` is what is told; a later `remove` can try again
                self.remove()
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        if self._api:
            self._api._session.close()  # which Chroma leaves open

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn what goes wrong into errors of ours, while the collection is made."""
        with self._asking(
            lambda reason: IndexNotWritten(f"The Chroma server {self._url} takes no vectors ({reason}).")
        ):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn what goes wrong into errors of ours, once it is made."""
        with self._asking(
            lambda reason: IndexDamaged(
                f"The Chroma server {self._url} does not give the index's vectors ({reason}). Run `alliances rebuild`."
            )
        ):
            yield

    @contextmanager
    def _asking(self, refused: Callable[[str], IndexProblem]) -> Iterator[None]:
        """Turn it into `refused` when Chroma says no, and all else into IndexUnreachable.

        That is every Exception, because an answer that is not Chroma's can fail at any point of its reading.
        """
        from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError

        try:
            yield
        except IndexProblem:
            raise
        except (AuthorizationError, ChromaAuthError) as exc:
            raise self._unreachable(f"{first_line(exc)}; look at ALLIANCES_CHROMA_TOKEN") from exc
        except ChromaError as exc:
            raise refused(first_line(exc)) from exc
        except Exception as exc:
            raise self._unreachable(_reason(exc)) from exc

    def _connect(self) -> FastAPI:
        import chromadb
        import httpx
        from chromadb.api.fastapi import FastAPI
        from chromadb.config import System

        # Without `_env_file`, Chroma would take settings from a file .env in the working directory.
        settings = chromadb.Settings(
            _env_file=None,
            anonymized_telemetry=False,
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=self._url,
            chroma_server_http_port=0,  # asked for, though the address has it
            chroma_server_headers=self._headers(),
        )
        # Not chromadb.HttpClient, which waits for good, and asks several things before that can be changed.
        api = FastAPI(System(settings))
        try:
            api._session.timeout = httpx.Timeout(_GREETING_S)
            version = api.get_version()
            if not re.match(r"1\.\d", version):
                raise self._unreachable(f"it has version {version[:20]}, and 1 is needed")
            api._session.timeout = httpx.Timeout(_ANSWER_S, connect=_GREETING_S)
        except BaseException:
            api._session.close()
            raise
        return api

    def _headers(self) -> dict[str, str]:
        token = os.environ.get("ALLIANCES_CHROMA_TOKEN", "").strip()
        if not re.fullmatch(r"[!-~]*", token):  # httpx would repeat it in its message
            raise self._unreachable("ALLIANCES_CHROMA_TOKEN holds characters that no token has")
        return {"x-chroma-token": token} if token else {}

    def _collection(self, model: object) -> Collection:
        from chromadb.api.models.Collection import Collection

        return Collection(client=self._api, model=model, embedding_function=None)

    def _name(self) -> str:
        try:
            name = json.loads(self._file.read_text(encoding="utf-8"))["collection"]
        except (OSError, ValueError, KeyError, TypeError):
            name = None
        # Nothing else is asked for or deleted, whatever the file says.
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise IndexDamaged(f"The index has lost the place of its vectors, {self._file}. Run `alliances rebuild`.")
        return name

    def _unreachable(self, reason: str) -> IndexUnreachable:
        return IndexUnreachable(
            f"The Chroma server {self._url} does not answer ({reason}). Start it, or unset ALLIANCES_CHROMA_URL."
        )


def _reason(exc: Exception) -> str:
    """Why a server gave no answer of Chroma's; what it sent instead is not repeated."""
    import httpx

    if isinstance(exc, httpx.TimeoutException):
        return "timed out"
    if isinstance(exc, httpx.TransportError):
        return first_line(exc)
    if isinstance(refused := exc.__context__, httpx.HTTPStatusError):  # Chroma raises a bare Exception in its place
        status = refused.response.status_code
        return f"status {status}" + ("; look at ALLIANCES_CHROMA_TOKEN" if status in (401, 403) else "")
    return "what answers there is no Chroma server"
