"""The connection to an engine: whom it speaks to, how long it waits, how much it reads."""

from __future__ import annotations

import json
from typing import Any

import httpx

from assistant.models.named import RemoteEngine

_MAX_BODY_BYTES = 100_000
_MAX_LISTED = 10
_MAX_NAME_CHARS = 200


def open_client(
    engine: RemoteEngine, key: str, *, connect_s: float, silence_s: float, at_once: int
) -> httpx.AsyncClient:
    """A client for an engine: no redirect is followed, since elsewhere the key is nobody's business."""
    authorization = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(
        headers={"Accept-Encoding": "identity", **authorization},
        follow_redirects=False,
        trust_env=not engine.is_local,  # a proxy is not asked for what is on this machine
        timeout=httpx.Timeout(silence_s, connect=connect_s),
        limits=httpx.Limits(max_connections=at_once),
    )


async def body_of(response: httpx.Response) -> Any:
    """The body of a short answer: what its JSON says, or its text; None for a long one and for a page for browsers."""
    read = b""
    async for chunk in response.aiter_bytes():
        read += chunk
        if len(read) > _MAX_BODY_BYTES:
            return None
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        text = read.decode("utf-8", "replace")
        return None if "<" in text else text


def names_in(body: Any) -> list[str]:
    """The first names of a list of models."""
    rows = body.get("data") if isinstance(body, dict) else None
    names = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [shown(name)[:_MAX_NAME_CHARS] for name in names if isinstance(name, str)][:_MAX_LISTED]


def shown(text: str) -> str:
    """Text that can be written down: half a character, which JSON can carry, becomes a mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
