"""The process that documents are read in: it may compute and answer, and nothing else.

Frames of four bytes of length and as many of content go both ways. Standard input: a JSON object with `name`,
`media_type`, `charset` and `url`, then the document's bytes. Standard output: first `{"ready": true}` or
`{"failed": why}`, then for each document `{"document": fields}` or `{"refused": why}`, with `"spent": true` when the
process has grown and should be replaced.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any, NoReturn

import psutil

from index.adding.documents import MAX_MEMORY_BYTES, MAX_REPLY_BYTES, TOO_LONG, Document
from index.errors import UnreadableDocument

_SPENT_BYTES = 500_000_000  # some 200 MB are needed; what a large document leaves behind slows down the next
_MAX_OPEN_FILES = 32
_REFUSED_EVENTS = (
    *("socket.", "subprocess.", "shutil.", "ctypes.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    *("os.system", "os.startfile", "os.kill", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link"),
    *("os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime", "os.putenv"),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_Read = Callable[..., Document]


def serve() -> NoReturn:
    """Answer until standard input ends."""
    # What parsers print must not get between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable()
    try:
        from index.adding.document_kinds import read  # imported here, so that what fails in the parsers is told

        _confine()
    except Exception as exc:  # whatever it is, the parent tells it: a broken install, above all
        _send(answers, {"failed": f"{type(exc).__name__}: {exc}"})
        sys.exit(1)
    _send(answers, {"ready": True})
    documents: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, documents), daemon=True).start()
    while True:
        request, data = documents.get()
        answer = _answer(request, data, read)
        del data
        if psutil.Process().memory_info().rss > _SPENT_BYTES:
            answer["spent"] = True
        _send(answers, answer)


def _confine() -> None:
    """From now on, no writing, no network, no other process, and so much memory."""
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse)
    try:
        import resource
    except ImportError:  # Windows: the parent watches memory and time
        return
    limits = {"RLIMIT_AS": MAX_MEMORY_BYTES, "RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": _MAX_OPEN_FILES, "RLIMIT_CORE": 0}
    for name, limit in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (limit, limit))
        except (AttributeError, ValueError, OSError):  # macOS does not limit the address space: the parent watches
            continue


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"{event} is not for the reader of documents")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError("the reader of documents writes no files")


def _receive(pipe: IO[bytes], documents: queue.SimpleQueue[tuple[dict[str, Any], bytes]]) -> None:
    while True:
        request, data = _frame(pipe), _frame(pipe)
        if request is None or data is None:
            os._exit(0)  # the parent is gone; the main thread may be deep in a parser
        documents.put((json.loads(request), data))


def _frame(pipe: IO[bytes]) -> bytes | None:
    length = pipe.read(4)
    content = pipe.read(int.from_bytes(length, "big"))
    return content if content else None


def _send(pipe: IO[bytes], answer: dict[str, Any]) -> None:
    content = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    if len(content) > MAX_REPLY_BYTES:
        content = json.dumps({"refused": TOO_LONG}).encode("ascii")
    pipe.write(len(content).to_bytes(4, "big") + content)
    pipe.flush()


def _answer(request: dict[str, Any], data: bytes, read: _Read) -> dict[str, Any]:
    try:
        document = read(data, **request)
    except UnreadableDocument as exc:
        return {"refused": str(exc)}
    except MemoryError:
        return {"refused": "reading it takes too much memory: split it, or save its text as .txt", "spent": True}
    except RecursionError:
        return {"refused": "its parts are nested too deeply: save its text as .txt"}
    except Exception:  # parsers raise whatever they like on damaged bytes, and it always means the same
        return {"refused": "is damaged: open it in the program that made it and save it afresh"}
    return {"document": asdict(document)}
