"""Small GGUF files, written for the tests: right ones, and with whatever a test wants wrong."""

from __future__ import annotations

import struct

UINT32, TEXT, LIST, UINT64 = 4, 8, 9, 10
F32 = 0

SHAPE = {
    "general.architecture": "llama",
    "general.license": "apache-2.0",
    "llama.block_count": 4,
    "llama.context_length": 4096,
    "llama.embedding_length": 64,
    "llama.feed_forward_length": 128,
    "llama.attention.head_count": 8,
    "llama.attention.head_count_kv": 2,
    "tokenizer.ggml.tokens": ["a", "b", "c"],
}


def text(value: str | bytes) -> bytes:
    encoded = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(encoded)) + encoded


def value(of: object) -> bytes:
    """A value with its type: texts, whole numbers, lists of either."""
    if isinstance(of, str):
        return struct.pack("<I", TEXT) + text(of)
    if isinstance(of, int):
        return struct.pack("<IQ", UINT64, of)
    assert isinstance(of, list)
    if of and isinstance(of[0], str):
        return struct.pack("<IIQ", LIST, TEXT, len(of)) + b"".join(text(item) for item in of)
    return struct.pack(f"<IIQ{len(of)}I", LIST, UINT32, len(of), *of)


def gguf(metadata=SHAPE, *, tensors=(("t", (8, 4)),), version: int = 3, data: bytes | None = None) -> bytes:
    """A file with tensors of 4-byte numbers, one behind the other; `data` instead of their zeros."""
    start = struct.pack("<4sIQQ", b"GGUF", version, len(tensors), len(metadata))
    start += b"".join(text(key) + value(of) for key, of in metadata.items())
    size = 0
    for name, shape in tensors:
        start += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, F32, size)
        elements = 1
        for side in shape:
            elements *= side
        size += 4 * elements
    start += b"\0" * (-len(start) % 32)
    return start + (b"\0" * size if data is None else data)
