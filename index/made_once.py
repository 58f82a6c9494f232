"""A file that is made once and kept: whole or absent, whatever ends the process that makes it.

1. It is written under a temporary name, then renamed.
2. A `.sha256` file beside it, in the format of `sha256sum -c`, tells a whole file from a damaged one.
3. A lock keeps two processes from making it at once; under it, what a killed one left behind is swept away.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

_LOCK_LIMIT_S = 60.0


def make_once(target: Path, needed_bytes: int, make: Callable[[Path], None]) -> Path:
    """The file `target`, made if it is missing or damaged.

    Args:
        target: Where it lies; at every moment absent, as it was, or whole.
        needed_bytes: Free space without which it is not begun.
        make: Writes the file to the path it is given; may raise what it likes.

    Raises:
        OSError: The disk is nearly full or the folder cannot be written; a lock that is never freed.
        NotImplementedError: The file system has no locks.
    """
    if _is_whole(target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / ".lock", timeout=_LOCK_LIMIT_S):
        if not _is_whole(target):
            _sweep(target.parent)
            if shutil.disk_usage(target.parent).free < needed_bytes:
                raise OSError("the disk is nearly full")
            _make(target, make)
    return target


def sha256_of(path: Path) -> str:
    """Sha256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(target: Path, make: Callable[[Path], None]) -> None:
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part_digest = _digest_file(part)
    try:
        make(part)
        digest = sha256_of(part)
        os.replace(part, target)
        part_digest.write_text(f"{digest}  {target.name}\n", encoding="utf-8")
        os.replace(part_digest, _digest_file(target))
    finally:
        part.unlink(missing_ok=True)
        part_digest.unlink(missing_ok=True)


def _is_whole(path: Path) -> bool:
    """Whether `path` is the file that its `.sha256` file tells of."""
    try:
        # Reading the whole file also brings it into the page cache, from which it is then loaded.
        return _digest_file(path).read_text(encoding="utf-8") == f"{sha256_of(path)}  {path.name}\n"
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def _sweep(folder: Path) -> None:
    """Remove what killed processes left half-written; only for the holder of the lock."""
    for part in folder.glob("*.part*"):
        with contextlib.suppress(OSError):
            part.unlink()


def _digest_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")
