"""A full or read-only disk is told, with the space that is needed; the old index answers, and nothing is lost."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.build import Step, open_index, rebuild
from index.build_report import ignore
from index.errors import IndexNotWritten
from promises.kill import Point
from promises.small_library import PASSAGES, build, build_editions, examine, look_through, write_edition
from promises.trials import ChildEnded, Row, in_child, problems_in_child
from promises.word_embedder import WordEmbedder

OLD, NEW = 2, 3
MOMENTS = {
    "before the build": None,
    "while texts are embedded": Point("embed", PASSAGES // 2),
    "before the catalogue": Point("catalogue"),
    "before Chroma": Point("chroma"),
}
_DISK = "96m"  # a build wants 66 MB to be free
_FILLER = "filler"
_LEFT_BYTES = 8_192


def try_out(times: int) -> Iterator[Row]:
    """A row for each moment, and one for a folder that cannot be written."""
    with tempfile.TemporaryDirectory() as folder:
        library, sound, disk = (Path(folder, name) for name in ("library", "sound", "disk"))
        in_child(build_editions, library, sound, WordEmbedder, OLD)
        write_edition(library, NEW)
        disk.mkdir()
        with _file_system(disk) as is_small:
            for moment, point in MOMENTS.items():
                row = Row(f"disk full {moment}", remarks="" if is_small else "by a limit on the size of files")
                for _ in range(times):
                    _restore(sound, disk / "index")
                    problems = problems_in_child(_refuse_when_full, library, disk, point, is_small)
                    (disk / _FILLER).unlink(missing_ok=True)
                    row.record([*problems, *_go_on(library, disk / "index")])
                yield row
            yield _read_only(library, sound, disk, times, is_small)


def _read_only(library: Path, sound: Path, disk: Path, times: int, is_small: bool) -> Row:
    row = Row("read-only folder")
    if not is_small and os.geteuid() == 0:
        row.remarks = "not tried: root writes to read-only folders, and no file system can be mounted"
        return row
    for _ in range(times):
        _restore(sound, disk / "index")
        with _write_protected(disk, is_small):
            problems = problems_in_child(_refuse, library, disk / "index")
        row.record([*problems, *_go_on(library, disk / "index")])
    return row


def _restore(sound: Path, index_folder: Path) -> None:
    shutil.rmtree(index_folder, ignore_errors=True)
    shutil.copytree(sound, index_folder)


def _go_on(library: Path, index_folder: Path) -> list[str]:
    """What is wrong with the index and with a build once there is room again."""
    problems = list(problems_in_child(examine, index_folder, WordEmbedder, OLD))
    try:
        in_child(build, library, index_folder, WordEmbedder)
    except ChildEnded as exc:
        return [*problems, f"next build: {exc}"]
    return [*problems, *problems_in_child(examine, index_folder, WordEmbedder, NEW)]


def _refuse_when_full(library: Path, disk: Path, point: Point | None, is_small: bool) -> list[str]:
    def fill_up() -> None:
        if is_small:
            _fill(disk)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_LEFT_BYTES, resource.RLIM_INFINITY))

    def fill_up_there(step: Step) -> None:
        if point is not None and point.is_reached(step):
            fill_up()

    if point is None:
        fill_up()
    return _refuse(library, disk / "index", fill_up_there)


def _refuse(library: Path, index_folder: Path, on_step: Callable[[Step], None] = ignore) -> list[str]:
    """What is wrong with how a build is refused, and with a reader meanwhile and one that comes afterwards."""
    with open_index(index_folder, WordEmbedder()) as reader:
        problems = []
        try:
            rebuild([library], index_folder, WordEmbedder(), on_step=on_step)
            problems.append("the build was not refused")
        except IndexNotWritten as exc:
            if not re.search(r"needs about \d+ MB there, \d+ MB are free", str(exc)) or "\n" in str(exc):
                problems.append(f"the message does not tell the space in one line: {exc}")
        problems += look_through(reader, WordEmbedder(), OLD)
    with open_index(index_folder, WordEmbedder()) as reader:
        return problems + look_through(reader, WordEmbedder(), OLD)


def _fill(disk: Path) -> None:
    """Leave room for some kilobytes."""
    with (disk / _FILLER).open("ab", buffering=0) as stream:
        missing = shutil.disk_usage(disk).free - _LEFT_BYTES
        while missing > 0:
            missing -= stream.write(b"\0" * min(missing, 1_000_000))


@contextmanager
def _file_system(folder: Path) -> Iterator[bool]:
    """Mount a small one there, if this user may; says whether it is."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(folder)]
    mounted = bool(shutil.which("mount")) and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _write_protected(disk: Path, is_small: bool) -> Iterator[None]:
    if is_small:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    else:
        _allow_writing(disk / "index", False)
    try:
        yield
    finally:
        if is_small:
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        else:
            _allow_writing(disk / "index", True)


def _allow_writing(folder: Path, allowed: bool) -> None:
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o755 if allowed else 0o555)
