"""Pulling a model: looked up, room made sure of, fetched, and looked at."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from functools import partial

from filelock import FileLock, Timeout

from assistant.errors import ModelBusy, ModelError
from assistant.models.download import BadStatus, fetch
from assistant.models.file import ModelFile, look_at
from assistant.models.hub import address_of, look_up, refused
from assistant.models.named import HubModel
from assistant.models.needs import size_text
from assistant.models.store import ModelStore, Pulled
from index.made_once import sha256_of

_LEFT_FREE_BYTES = 500_000_000  # for the index, and for everything else that writes

OnProgress = Callable[[int, int], None]  # (bytes that are there, bytes in all)


def pull(store: ModelStore, model: HubModel, on_progress: OnProgress) -> ModelFile:
    """Fetch a model, or what is missing of it; files that are there are hashed again.

    Whatever ends this, what was fetched stays, and the next call goes on from there.

    Raises:
        ModelMissing, ModelUnreachable: See `assistant.models.hub.look_up`.
        ModelBusy: Another process is pulling it.
        ModelDamaged: What came is not what the hub tells, or no model.
        ModelError: There is no room for it, or it cannot be written.
    """
    offer = look_up(model)
    try:
        pulled = store.note(model, offer)
        with FileLock(pulled.folder / ".lock", timeout=0):
            _sweep_damaged(pulled)
            _check_room(pulled)
            _fetch_all(pulled, on_progress)
    except Timeout:
        raise ModelBusy(f"Another process is pulling '{model}'. Wait for it.") from None
    except OSError as exc:
        full = exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        remedy = (
            "Make room; the same command goes on." if full else "Set ALLIANCES_HOME to a folder that can be written."
        )
        raise ModelError(f"The model '{model}' cannot be written: {exc.strerror or exc}. {remedy}") from exc
    return look_at(pulled.path)


def _sweep_damaged(pulled: Pulled) -> None:
    """Delete the files whose checksum is no longer right."""
    for file in pulled.offer.files:
        path = pulled.folder / file.name
        if path.exists() and sha256_of(path) != file.sha256:
            path.unlink()


def _check_room(pulled: Pulled) -> None:
    missing = pulled.offer.size_bytes - pulled.present_bytes
    free = shutil.disk_usage(pulled.folder).free
    if missing and missing + _LEFT_FREE_BYTES > free:
        stays = f"{size_text(_LEFT_FREE_BYTES)} should stay free"
        sizes = f"{size_text(missing)} are to come, {stays}, and {size_text(free)} are free"
        raise ModelError(
            f"The disk has no room for '{pulled.model}': {sizes}. Make room, or set ALLIANCES_HOME to another disk."
        )


def _fetch_all(pulled: Pulled, on_progress: OnProgress) -> None:
    total = pulled.offer.size_bytes
    before = 0
    for file in pulled.offer.files:
        target = pulled.folder / file.name
        if not target.exists():
            url, headers = address_of(pulled.model, pulled.offer, file)
            try:
                fetch(url, headers, target, file, partial(_tell, on_progress, before, total))
            except BadStatus as exc:
                raise refused(pulled.model, exc.status) from exc
        before += file.size_bytes
        on_progress(before, total)


def _tell(on_progress: OnProgress, before: int, total: int, there: int) -> None:
    on_progress(before + there, total)
