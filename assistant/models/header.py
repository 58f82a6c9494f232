"""The header of a GGUF file, read with suspicion: whatever a file holds, reading it ends soon and raises `BadHeader`.

Layout: magic, version, number of tensors, number of metadata entries; the entries (key, type, value); of each tensor
its name, shape, type and offset; padding; the tensors. All little-endian.

1. A length is believed only if the file is long enough for it; lists are bounded besides, as time is.
2. Long texts and lists (a vocabulary) are stepped over; of a list, its length is kept.
3. Each tensor must lie within the file, so that one cut off is noticed without loading it.

The packaged reader of the format takes two seconds for the vocabulary of the smallest model, and believes what it
reads. Source of the layout: ggml's docs/gguf.md.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

Value = bool | int | float | str | tuple[bool | int | float, ...]

_START = struct.Struct("<4sIQQ")
_LENGTH = struct.Struct("<Q")
_VERSIONS = (2, 3)
_MAX_ENTRIES = 10_000  # metadata; published models have some dozens
_MAX_TENSORS = 100_000  # the largest published models have some thousands
_MAX_LISTED = 4_000_000  # texts in lists, all together; the largest vocabularies have 0.3 million, merges 0.6
_MAX_KEY_BYTES = 1024
_MAX_TEXT_BYTES = 1_000_000  # a kept text; chat templates have some thousand
_MAX_LISTED_BYTES = 100_000  # one text of a list; tokens are words
_MAX_KEPT = 1024  # numbers of a kept list: one a layer
_MAX_DIMENSIONS = 4
_ALIGNMENT = 32

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9

# Type of tensor -> (elements in a block, bytes of a block); one that is not here is llama.cpp's to judge.
_BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40)},
    **{10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292)},
    **{16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82)},
    **{23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2)},
    **{34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36)},
}


class BadHeader(ValueError):
    """The file cannot be a model; the message is to be read after its name ("is empty")."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself.

    Attributes:
        metadata: Values by key, such as `general.architecture`; without long texts and lists.
        lengths: Of every list, how many values it has.
        tensor_bytes: All tensors of this file.
    """

    metadata: Mapping[str, Value]
    lengths: Mapping[str, int]
    tensor_bytes: int

    def text(self, key: str) -> str:
        """A text, "" if there is none."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """A whole number that is not negative, 0 if there is none; the largest, where each layer has its own."""
        value = self.metadata.get(key)
        values = value if isinstance(value, tuple) else (value,)
        return max((number for number in values if isinstance(number, int) and number > 0), default=0)


def read_header(path: Path) -> Header:
    """The header of a GGUF file.

    Raises:
        BadHeader: It is no GGUF file, one of an unknown version, cut off or damaged.
        OSError: It cannot be read.
        ValueError: The path holds a null byte.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise BadHeader("is not a file")  # opening a pipe would wait for its other end
    with path.open("rb") as file:
        return _Reader(file, os.fstat(file.fileno()).st_size).header()


class _Reader:
    """Reads on from where it stands; never beyond the end of the file."""

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self._size_bytes = size_bytes
        self._listed = 0
        self._metadata: dict[str, Value] = {}
        self._lengths: dict[str, int] = {}

    def header(self) -> Header:
        tensors, entries = self._start()
        for _ in range(entries):
            self._entry()
        ends = [self._tensor() for _ in range(tensors)]
        alignment = self._metadata.get("general.alignment", _ALIGNMENT)
        if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
            raise BadHeader(f"has a damaged header: an alignment of {alignment!r:.40}")
        data_start = math.ceil(self._file.tell() / alignment) * alignment
        if (missing := data_start + max(ends, default=0) - self._size_bytes) > 0:
            raise BadHeader(f"was cut off: {missing:,} bytes are missing")
        return Header(self._metadata, self._lengths, self._size_bytes - data_start)

    def _start(self) -> tuple[int, int]:
        """(number of tensors, number of metadata entries)."""
        start = self._file.read(_START.size)
        if not start:
            raise BadHeader("is empty")
        if start[:4] != b"GGUF":
            raise BadHeader("is not a GGUF file")
        if len(start) < _START.size:
            raise BadHeader("was cut off: it ends within its header")
        _, version, tensors, entries = _START.unpack(start)
        if version not in _VERSIONS:
            raise BadHeader(f"is a GGUF file of version {version}, and only versions 2 and 3 can be read")
        if tensors > _MAX_TENSORS or not 0 < entries <= _MAX_ENTRIES:
            raise BadHeader(f"has a damaged header: {tensors} tensors, {entries} metadata entries")
        return tensors, entries

    def _entry(self) -> None:
        key = self._text(_MAX_KEY_BYTES)
        (kind,) = self._unpack("I")
        if key in self._metadata or key in self._lengths:
            raise BadHeader(f"has a damaged header: two values of '{key:.80}'")
        if kind == _LIST:
            self._list(key)
        elif kind != _TEXT:
            (self._metadata[key],) = self._unpack(_number(kind))
        else:
            self._metadata[key] = self._text(_MAX_TEXT_BYTES)

    def _list(self, key: str) -> None:
        kind, length = self._unpack("IQ")
        self._lengths[key] = length
        if kind == _TEXT:
            self._listed += length
            if self._listed > _MAX_LISTED:
                raise BadHeader(f"has a damaged header: a list of {length} texts")
            self._skip_texts(length)
        elif length <= _MAX_KEPT:
            self._metadata[key] = self._unpack(f"{length}{_number(kind)}")
        else:
            self._skip(length * struct.calcsize(f"<{_number(kind)}"))

    def _tensor(self) -> int:
        """Where a tensor ends, in bytes from the start of all tensors."""
        self._text(_MAX_KEY_BYTES)
        (dimensions,) = self._unpack("I")
        if dimensions > _MAX_DIMENSIONS:
            raise BadHeader(f"has a damaged header: a tensor of {dimensions} dimensions")
        *shape, kind, offset = self._unpack(f"{dimensions}QIQ")
        elements, size_bytes = _BLOCKS.get(kind, (1, 0))
        return int(offset) + math.prod(shape) // elements * size_bytes

    def _text(self, max_bytes: int) -> str:
        length = self._length()
        if length > max_bytes:
            raise BadHeader(f"has a damaged header: a text of {length} bytes")
        return self._file.read(length).decode("utf-8", "replace")

    def _length(self) -> int:
        (length,) = self._unpack("Q")
        if length > self._size_bytes - self._file.tell():
            raise BadHeader("was cut off: it ends within its header")
        return int(length)

    def _skip(self, size_bytes: int) -> None:
        if size_bytes > self._size_bytes - self._file.tell():
            raise BadHeader("was cut off: it ends within its header")
        self._file.seek(size_bytes, os.SEEK_CUR)

    def _skip_texts(self, count: int) -> None:
        # Inlined, as a vocabulary has hundreds of thousands of them; a short text is read quicker than jumped over.
        read, unpack = self._file.read, _LENGTH.unpack
        for _ in range(count):
            (length,) = unpack(read(_LENGTH.size).ljust(_LENGTH.size, b"\xff"))  # past the end, a length too long
            if length > _MAX_LISTED_BYTES or len(read(length)) < length:
                raise BadHeader("was cut off, or is damaged: in a list of texts")

    def _unpack(self, layout: str) -> tuple[int, ...]:
        form = struct.Struct(f"<{layout}")
        read = self._file.read(form.size)
        if len(read) < form.size:
            raise BadHeader("was cut off: it ends within its header")
        return form.unpack(read)


def _number(kind: int) -> str:
    """The layout of a type of number."""
    if kind not in _NUMBERS:
        raise BadHeader(f"has a damaged header: a value of type {kind}")
    return _NUMBERS[kind]
