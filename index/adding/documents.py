"""A document of any kind that can be added -> its text as Markdown, and what it says about itself.

Parsers are large, and the documents that they are given may be hostile. So they run in a child process
(`index.adding.document_child`) that may neither write, nor connect, nor start anything, and that this module watches
and ends when it exceeds a limit. One child reads many documents, one after the other, as its start takes a second.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import IO, Any, Self

import psutil

from index.errors import UnreadableDocument

SUFFIXES = (".md", ".txt", ".html", ".htm", ".pdf", ".docx")
MAX_FILE_BYTES = 25_000_000  # longer reports exist, but what is longer is nearly always pictures
MAX_TEXT_BYTES = 5_000_000  # some 2,000 pages; more is no longer one document
TOO_LONG = f"holds more than {MAX_TEXT_BYTES // 1_000_000} MB of text: split it"
MAX_MEMORY_BYTES = 1_500_000_000  # of the child; a laptop has that to spare, and no honest file needs half of it
MAX_REPLY_BYTES = 8_000_000  # the text, with room for what JSON escapes
_WALL_S = 60.0
_CPU_S = 45.0  # below the wall limit, so that a busy machine is not taken for a hostile file
_LOOK_EVERY_S = 0.1
_END_LIMIT_S = 5.0
_OLDEST_YEAR = 1990  # an earlier date in a file's metadata is a clock that was never set
_START = "import sys; sys.path[:] = sys.argv[1:]; from index.adding.document_child import serve; serve()"
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TZ")


@dataclass(frozen=True, slots=True)
class Document:
    """What a document tells and says about itself; all text is free of invisible and control characters.

    `body` is Markdown of headings, paragraphs, lists and tables. `published` is ISO 8601 and from the document's own
    metadata, `language` is ISO 639-1, `url` the address that an HTML page gives as its own. None is: not known.
    """

    title: str
    body: str
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None


def read_document(
    data: bytes, name: str, *, media_type: str | None = None, charset: str | None = None, url: str | None = None
) -> Document:
    """Read one document; for several, a `DocumentReader` is quicker.

    Args:
        data: The document's bytes.
        name: What messages call it; its suffix tells the kind where neither content nor media type does.
        media_type: Of the HTTP answer, without parameters, such as `text/html`.
        charset: The encoding that the HTTP answer declares.
        url: Where the document came from.

    Raises:
        UnreadableDocument: It holds no text that can be had; the message begins with the name.
    """
    with DocumentReader() as reader:
        return reader.read(data, name, media_type=media_type, charset=charset, url=url)


def plausible_date(year: int, month: int = 1, day: int = 1) -> date | None:
    """The day, if it exists and a document of today can have been published on it."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if date(_OLDEST_YEAR, 1, 1) <= found <= date.today() else None


class DocumentReader:
    """Reads documents in a child process, which is replaced when it dies, hangs or has grown. For one thread."""

    def __init__(self) -> None:
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def read(
        self,
        data: bytes,
        name: str,
        *,
        media_type: str | None = None,
        charset: str | None = None,
        url: str | None = None,
    ) -> Document:
        """Read one document. Arguments and errors are those of `read_document`."""
        if len(data) > MAX_FILE_BYTES:
            size, most = f"{len(data) / 1e6:.0f} MB", f"{MAX_FILE_BYTES // 1_000_000} MB"
            raise UnreadableDocument(f"{name}: {size}; a document has at most {most}: split it")
        if not data.strip():
            raise UnreadableDocument(f"{name}: the file is empty")
        request = {"name": name, "media_type": media_type, "charset": charset, "url": url}
        try:
            reply = self._ask(request, data)
        except _Ended as exc:
            self.close()
            raise UnreadableDocument(f"{name}: {exc}") from exc
        except BaseException:  # Ctrl-C: no child is left behind, and none is left in the middle of a document
            self.close()
            raise
        if reply.get("spent"):
            self.close()
        if "refused" in reply:
            raise UnreadableDocument(f"{name}: {reply['refused']}")
        return Document(**reply["document"])

    def _ask(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        if self._child is None:
            self._child = _Child()
            started = self._child.receive()
            if "failed" in started:
                raise _Ended(f"the reader of documents does not start ({started['failed']}): install it again")
        self._child.send(json.dumps(request).encode("ascii"))
        self._child.send(data)
        return self._child.receive()


class _Ended(Exception):
    """The child is of no use any more; the text says why."""


class _Child:
    """The child process: frames of four bytes of length and the content, in both directions."""

    def __init__(self) -> None:
        # -I and the sender's own module path: neither the working folder nor the environment can slip a module in.
        folders = [entry or os.getcwd() for entry in sys.path]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, *folders],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for the parent, which then ends the child
            )
        except OSError as exc:
            raise _Ended(f"the reader of documents cannot be started: {exc.strerror or exc}") from exc
        self._frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._receiver = threading.Thread(target=self._receive_frames, name="document-reader", daemon=True)
        self._receiver.start()

    def send(self, content: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        with contextlib.suppress(OSError):  # it is dead: the end of its answers tells
            pipe.write(len(content).to_bytes(4, "big"))
            pipe.write(content)
            pipe.flush()

    def receive(self) -> dict[str, Any]:
        """The next answer.

        Raises:
            _Ended: The child has died, or exceeds a limit.
        """
        deadline = time.monotonic() + _WALL_S
        cpu_before = self._usage()[0]
        while True:
            with contextlib.suppress(queue.Empty):
                frame = self._frames.get(timeout=_LOOK_EVERY_S)
                if frame is None:
                    raise _Ended("it makes its reader crash, so it is damaged or hostile: save it afresh")
                answer: dict[str, Any] = json.loads(frame)
                return answer
            cpu_s, memory = self._usage()
            if cpu_s - cpu_before > _CPU_S or time.monotonic() > deadline:
                raise _Ended(f"reading it takes more than {_CPU_S:.0f} s: split it, or save its text as .txt")
            if memory > MAX_MEMORY_BYTES:
                raise _Ended("reading it takes too much memory: split it, or save its text as .txt")

    def end(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()
        # Only a process stuck in the kernel outlives this limit, and waiting longer would not end it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_END_LIMIT_S)
        self._receiver.join(timeout=_END_LIMIT_S)
        with contextlib.suppress(OSError):  # flushing what the dead child never read
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _usage(self) -> tuple[float, int]:
        """(CPU seconds, bytes of memory) of the child so far."""
        try:
            process = psutil.Process(self._process.pid)
            times = process.cpu_times()
            return times.user + times.system, process.memory_info().rss
        except psutil.Error:  # it has just ended, which the frames tell
            return 0.0, 0

    def _receive_frames(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        with pipe:
            while (frame := _frame(pipe)) is not None:
                self._frames.put(frame)
        self._frames.put(None)


def _frame(pipe: IO[bytes]) -> bytes | None:
    length = int.from_bytes(pipe.read(4), "big")
    if not 0 < length <= MAX_REPLY_BYTES:
        return None
    content = pipe.read(length)
    return content if len(content) == length else None


def _environment() -> dict[str, str]:
    """What Python needs to start; a parser has no business with the rest."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    # Numpy, which recognises the language, would otherwise reserve memory for a thread on every core.
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}
