"""Fetching a file that may take hours: it goes on where it stopped, and what has not the right checksum is not kept.

1. A part that is there already is continued (`Range`); a server that cannot do that begins anew.
2. A connection that breaks is made again, as long as each brings something.
3. The whole is hashed, then renamed; a wrong one is deleted.

huggingface_hub, which finds the file, deletes what it has of it when it is stopped; so the fetching is ours.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from assistant.errors import ModelDamaged, ModelUnreachable
from assistant.models.store import HubFile, part_of
from index.made_once import sha256_of

_TRIES = 5  # in a row that bring nothing
_PAUSE_S = 1.0
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


class BadStatus(Exception):
    """The server answered, but not with the file."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def fetch(url: str, headers: Mapping[str, str], target: Path, file: HubFile, on_bytes: Callable[[int], None]) -> None:
    """Bring a file to its place; whatever ends this before, the next call goes on.

    Args:
        url: Where it is.
        headers: With the key, if one is needed; it is not sent on where the server sends its callers elsewhere.
        target: Where it goes.
        file: Its size and checksum.
        on_bytes: Told how much of it is there, now and then.

    Raises:
        BadStatus: The server does not give it.
        ModelUnreachable: The connection broke off again and again.
        ModelDamaged: The checksum is wrong, or more came than the file has.
        OSError: It cannot be written.
    """
    part = part_of(target)
    tries_left = _TRIES
    with httpx.Client(follow_redirects=True, timeout=_TIMEOUT) as client:
        while (before := _size(part)) < file.size_bytes:
            why: object = "it ends too early"
            try:
                _fetch_rest(client, url, headers, part, file, on_bytes)
            except httpx.HTTPError as exc:
                why = exc
            if _size(part) > before:
                tries_left = _TRIES
                continue
            tries_left -= 1
            if not tries_left:
                raise ModelUnreachable(f"The hub broke off: {why}. The same command goes on.")
            time.sleep(_PAUSE_S)
    if _size(part) > file.size_bytes or sha256_of(part) != file.sha256:
        part.unlink()
        raise ModelDamaged(f"What came as '{file.name}' has not the checksum that the hub tells. Pull it again.")
    os.replace(part, target)


def _fetch_rest(
    client: httpx.Client,
    url: str,
    headers: Mapping[str, str],
    part: Path,
    file: HubFile,
    on_bytes: Callable[[int], None],
) -> None:
    there = _size(part)
    asked = {**headers, "Accept-Encoding": "identity"}
    if there:
        asked["Range"] = f"bytes={there}-"
    with client.stream("GET", url, headers=asked) as response:
        is_rest = response.status_code == httpx.codes.PARTIAL_CONTENT and there > 0
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
            return
        if not (is_rest or response.status_code == httpx.codes.OK):
            raise BadStatus(response.status_code)
        with part.open("ab" if is_rest else "wb") as out:
            for chunk in response.iter_raw():
                out.write(chunk)
                on_bytes(out.tell())
                if out.tell() > file.size_bytes:
                    return
            out.flush()
            os.fsync(out.fileno())


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
