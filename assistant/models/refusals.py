"""What an engine answered instead of an answer, or that it did not answer: as an error that says what to do."""

from __future__ import annotations

import asyncio

import httpx

from assistant.errors import ModelBusy, ModelCrashed, ModelError, ModelMissing, ModelUnreachable
from assistant.models.events import BrokenStream, error_text
from assistant.models.http import body_of, names_in, shown
from assistant.models.named import KEY_VARIABLE, RemoteEngine

_MAX_SAID_CHARS = 200
_LIST_LIMIT_S = 5.0
_ANOTHER = "or set ALLIANCES_MODEL to another model"


def no_answer(engine: RemoteEngine, exc: Exception, key: str, *, request_s: float) -> ModelError:
    """The error for an engine that does not answer, or breaks off."""
    match exc:
        case BrokenStream():
            return ModelCrashed(f"The engine at {engine.host} {_safe(str(exc), key)}. Ask again, {_ANOTHER}.")
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            why = _safe(str(exc), key) or "no connection in time"
            return ModelUnreachable(
                f"The engine at {engine.host} cannot be reached: {why}. Start it, check the address in "
                f"ALLIANCES_MODEL, {_ANOTHER}."
            )
        case TimeoutError():
            took = f"took longer than {request_s:g} seconds for one answer"
        case httpx.TimeoutException():
            took = "gave no sign of life for too long"
        case _:
            took = "broke the connection off"
    return ModelCrashed(f"The engine at {engine.host} {took}. Ask again, {_ANOTHER}.")


async def refusal(engine: RemoteEngine, client: httpx.AsyncClient, response: httpx.Response, key: str) -> ModelError:
    """The error for an answer whose status is not one of success."""
    said = _safe(error_text(await body_of(response)), key)
    why = f": {said}" if said else ""
    status = response.status_code
    if response.is_redirect:
        return ModelUnreachable(
            f"The engine at {engine.host} sends its callers elsewhere, where the key is not taken. "
            "Set ALLIANCES_MODEL to the address that it means."
        )
    if status in (401, 403):
        state = "refuses the key" if key else "asks for a key"
        return ModelUnreachable(f"The engine at {engine.host} {state}{why}. Set {KEY_VARIABLE}, {_ANOTHER}.")
    if status == 404:
        there = await _models(engine, client)
        known = f"It has: {', '.join(there)}." if there else f"Check the address {engine.url} too."
        return ModelMissing(f"The engine at {engine.host} knows no model '{engine.model}'{why}. {known}")
    if status in (429, 503):
        after = response.headers.get("retry-after", "")
        when = f"in {after} seconds" if after.isdecimal() else "in a moment"
        return ModelBusy(f"The engine at {engine.host} is busy{why}. Try again {when}.")
    return ModelCrashed(f"The engine at {engine.host} failed with status {status}{why}. Ask again, {_ANOTHER}.")


async def _models(engine: RemoteEngine, client: httpx.AsyncClient) -> list[str]:
    """The names of the models that an engine has, as far as it tells."""
    try:
        async with asyncio.timeout(_LIST_LIMIT_S), client.stream("GET", f"{engine.url}/models") as response:
            return names_in(await body_of(response)) if response.is_success else []
    except (httpx.HTTPError, TimeoutError):
        return []


def _safe(text: str, key: str) -> str:
    """What a stranger says, in half a line and without the key."""
    line = " ".join(shown(text).split()).rstrip(".")
    return (line.replace(key, "***") if key else line)[:_MAX_SAID_CHARS]
