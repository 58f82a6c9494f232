"""The events of an OpenAI-compatible engine's stream -> pieces of text.

One event a line, `data: {...}`, the last `data: [DONE]`; lines that begin otherwise are comments or names of events.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

_MAX_LINE_BYTES = 1_000_000


class BrokenStream(ValueError):
    """What came is no stream of events; the message says how, to be read after the name of the engine."""


async def pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The text of the answer, piece by piece.

    Raises:
        BrokenStream: An event cannot be read, tells an error, or the stream ends before the answer does.
    """
    async for line in _lines(chunks):
        data = line.removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
        if not data:
            continue
        if data == b"[DONE]":
            return
        choice = _choice(data)
        delta = choice.get("delta")
        text = delta.get("content") if isinstance(delta, dict) else None
        if isinstance(text, str) and text:
            yield text
        if choice.get("finish_reason"):
            return
    raise BrokenStream("broke off in the middle of its answer")


def error_text(body: Any) -> str:
    """What an engine says of an error, in the shapes that there are; "" if it says nothing."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail")
    return " ".join(error.split()) if isinstance(error, str) else ""


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line
        if len(rest) > _MAX_LINE_BYTES:
            raise BrokenStream("sent a line without an end")
    yield rest


def _choice(data: bytes) -> dict[str, Any]:
    """The first choice of an event; an event without one (of usage, at the end) has an empty one."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        raise BrokenStream("sent an event that cannot be read") from None
    if not isinstance(event, dict):
        raise BrokenStream("sent an event that cannot be read")
    if event.get("error"):
        raise BrokenStream(f"gave its answer up: {error_text(event) or 'it does not say why'}")
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    return choice if isinstance(choice, dict) else {}
