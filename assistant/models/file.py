"""A model file on the disk, looked at before llama.cpp may: there, whole, and what it says of itself.

A model too large for one file comes in several, `NAME-00001-of-00003.gguf`: the first one names the model, llama.cpp
finds the others beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelDamaged, ModelMissing
from assistant.models.header import BadHeader, Header, read_header

_ANOTHER = "set ALLIANCES_MODEL to `smollm2` or to the path of another .gguf file"
_REMEDY = f"Check it or download it again, or {_ANOTHER}."

_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model that could be loaded, as far as that can be told without doing so.

    Attributes:
        path: Of its first part, mostly the only one.
        header: Of the first part.
        parts: All of them, the first included.
        tensor_bytes: The tensors of all parts.
        size_bytes: All parts on the disk.
    """

    path: Path
    header: Header
    parts: tuple[Path, ...]
    tensor_bytes: int
    size_bytes: int

    @property
    def name(self) -> str:
        """What the model is called: the name of the file."""
        part = _PART.fullmatch(self.path.stem)
        return part["stem"] if part else self.path.stem

    @property
    def architecture(self) -> str:
        """Its family, `llama` for instance, under which its numbers stand in the header."""
        return self.header.text("general.architecture")

    def number(self, key: str) -> int:
        """A number of its architecture, `block_count` for instance; 0 if there is none."""
        return self.header.number(f"{self.architecture}.{key}")

    @property
    def licence(self) -> str:
        """The licence that the file names, "" if it names none."""
        named = self.header.text("general.license.name")
        return named if self.header.text("general.license") in ("", "other") else self.header.text("general.license")


def look_at(path: Path, *, remedy: str = _REMEDY) -> ModelFile:
    """Refuse a file that cannot be a model before llama.cpp has to look at it.

    Args:
        path: The file, of several parts the first.
        remedy: What the user is told to do.

    Raises:
        ModelMissing: There is no such file, or a part of it is missing.
        ModelDamaged: It is a folder, cannot be read, is empty, no GGUF file, cut off, or one of an unknown version.
    """
    header = _header(path, remedy)
    if header.number("split.no"):
        raise ModelDamaged(f"The model '{path}' is a later part of one in several files. Name the first of them.")
    if not header.text("general.architecture"):
        raise ModelDamaged(f"The model '{path}' does not tell what kind of model it is. {remedy}")
    parts = _parts(path, header.number("split.count"))
    headers = [header, *(_header(part, remedy) for part in parts[1:])]
    return ModelFile(
        path=path,
        header=header,
        parts=parts,
        tensor_bytes=sum(one.tensor_bytes for one in headers),
        size_bytes=sum(part.stat().st_size for part in parts),
    )


def _parts(path: Path, count: int) -> tuple[Path, ...]:
    part = _PART.fullmatch(path.stem)
    if part is None or count < 2:
        return (path,)
    return tuple(
        path.with_name(f"{part['stem']}-{number:05}-of-{part['count']}{path.suffix}") for number in range(1, count + 1)
    )


def _header(path: Path, remedy: str) -> Header:
    try:
        return read_header(path)
    except FileNotFoundError:
        raise ModelMissing(f"There is no model file '{path}'. {remedy}") from None
    except IsADirectoryError:
        raise ModelDamaged(f"The model '{path}' is a folder, not a file. {remedy}") from None
    except BadHeader as exc:
        raise ModelDamaged(f"The model '{path}' {exc}. {remedy}") from exc
    except (OSError, ValueError) as exc:  # ValueError: a null byte in the path
        reason = getattr(exc, "strerror", None) or exc
        raise ModelDamaged(f"The model '{path}' cannot be read: {reason}. {remedy}") from exc
