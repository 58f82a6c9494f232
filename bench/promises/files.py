"""Whatever becomes of a file of the index, it is noticed or harms nobody, and the index heals; nothing crashes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from index.build import Step
from index.healing import open_or_build
from promises.small_library import build, build_editions, deep_problem, examine, look_through, search_by_chroma
from promises.trials import ChildEnded, Row, in_child, problems_in_child
from promises.word_embedder import WordEmbedder

EDITION = 2
_FLIPPED = 0x55  # half of a byte's bits


def _flip(part: float) -> Callable[[bytes], bytes]:
    def damage(data: bytes) -> bytes:
        flipped = bytearray(data)
        if flipped:
            flipped[int(part * (len(data) - 1))] ^= _FLIPPED
        return bytes(flipped)

    return damage


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "emptied": lambda data: b"",
    "cut in half": lambda data: data[: len(data) // 2],
    "bits flipped at the start": _flip(0.0),
    "bits flipped in the middle": _flip(0.5),
    "bits flipped at the end": _flip(1.0),
    "removed": lambda data: None,
}


def try_out(_: int, *, pattern: str = "*", ways: Sequence[bool] = (False, True)) -> Iterator[Row]:
    """A row for each file and way to search, with each kind of damage once: the same damage does the same every time.

    Args:
        pattern: Of the names of the files to damage.
        ways: Whether to search by Chroma, or else in memory.
    """
    with tempfile.TemporaryDirectory() as folder:
        library, sound, damaged = (Path(folder, name) for name in ("library", "sound", "index"))
        in_child(build_editions, library, sound, WordEmbedder, EDITION)
        generation = sound / (sound / "CURRENT").read_text(encoding="ascii").strip()
        for file in [sound / "CURRENT", *sorted(path for path in generation.rglob("*") if path.is_file())]:
            if fnmatch(file.name, pattern):
                for by_chroma in ways:
                    yield _row(file.relative_to(sound), library, sound, damaged, by_chroma=by_chroma)


def _row(file: Path, library: Path, sound: Path, damaged: Path, *, by_chroma: bool) -> Row:
    row, told = Row(f"{file.name} damaged, searching {'by Chroma' if by_chroma else 'in memory'}"), 0
    data = (sound / file).read_bytes()
    for name, damage in DAMAGES.items():
        left = damage(data)
        if left == data:  # of an empty file
            continue
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.copytree(sound, damaged)
        if left is None:
            (damaged / file).unlink()
        else:
            (damaged / file).write_bytes(left)
        noticed, problems = _trial(library, damaged, by_chroma)
        told += noticed
        row.record([f"{name}: {problem}" for problem in problems])
    row.remarks = f"noticed {told} times, else harmless"
    return row


def _trial(library: Path, index_folder: Path, by_chroma: bool) -> tuple[bool, list[str]]:
    """Whether the damage was noticed, and what is wrong after it was healed."""
    try:
        found = in_child(deep_problem, index_folder)
    except ChildEnded as exc:  # which `alliances doctor --deep` lives through, and tells
        found = str(exc)
    problems = list(problems_in_child(_heal, library, index_folder, by_chroma))
    if _still_damaged(index_folder):
        # Opening does not look at every byte of what is not searched; the deep check advises this.
        try:
            in_child(build, library, index_folder, WordEmbedder, force=True)
        except ChildEnded as exc:
            problems.append(f"`rebuild --force` did not heal it: {exc}")
    problems += problems_in_child(examine, index_folder, WordEmbedder, EDITION)
    if "\n" in found:
        problems.append(f"said in more than one line: {found}")
    return bool(found), problems


def _still_damaged(index_folder: Path) -> bool:
    try:
        return bool(in_child(deep_problem, index_folder))
    except ChildEnded:
        return True


def _heal(library: Path, index_folder: Path, by_chroma: bool) -> list[str]:
    """Open the index as the assistant does, and look it through."""
    if by_chroma:
        search_by_chroma()
    notices: list[str] = []

    def keep_quiet(_: Step) -> None:
        pass

    with open_or_build([library], index_folder, WordEmbedder(), on_step=keep_quiet, on_notice=notices.append) as opened:
        problems = look_through(opened, WordEmbedder(), EDITION)
    return problems + [f"said in more than one line: {notice}" for notice in notices if "\n" in notice]
