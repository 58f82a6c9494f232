"""A GGUF file with the shape of Llama 3.2 1B and random weights: good for measuring speed and memory, and nothing else.

What it writes is noise. Its matrices are those of the model in Q4_K_M (0.81 GB), so that each token costs what it
costs there. Vocabulary and chat template are those of the model that ships, filled up to the 128,256 entries of
Llama 3.2, so that a prompt has the same tokens in both. The same seed gives the same bytes.

    python bench/synthetic_model.py FILE
"""

from __future__ import annotations

import argparse
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from assistant.models.weights import shipped_weights

LAYERS, WIDTH, HEADS, KEY_VALUE_HEADS, HEAD_WIDTH, FEED_FORWARD = 16, 2048, 32, 8, 64, 8192
VOCABULARY = 128_256

ALIGNMENT = 32
F32, Q4_K, Q6_K = 0, 12, 14  # types of tensors
UINT32, INT32, FLOAT32, TEXT, LIST = 4, 5, 6, 8, 9  # types of metadata
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, UINT32: 4, INT32: 4, FLOAT32: 4, 7: 1, 10: 8, 11: 8, 12: 8}
NORMAL_TOKEN = 1
BLOCK_VALUES = 256
SPREAD = 0.02  # about the standard deviation of weights, so that no value grows beyond what a number holds

# A value of a Q4_K block is d * scale (0-63) * quant (0-15) - dmin * minimum (0-63); of Q6_K, d * scale * (quant - 32).
# The first and last values of these types hold d (and dmin), as 16-bit floats.
Q4_K_SCALE = SPREAD / 180
Q4_K_MINIMUM = 7.5 * Q4_K_SCALE  # brings the mean to 0
Q6_K_SCALE = SPREAD / 1370


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor; `shape` as GGUF has it, the length of a row first."""

    name: str
    shape: tuple[int, ...]
    kind: int

    @property
    def size_bytes(self) -> int:
        """Of its data."""
        values = int(np.prod(self.shape))
        return {F32: 4 * values, Q4_K: values // BLOCK_VALUES * 144, Q6_K: values // BLOCK_VALUES * 210}[self.kind]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="where to write it; 0.81 GB")
    write_model(parser.parse_args().file)


def write_model(path: Path) -> None:
    """Write the file."""
    tensors = list(tensors_of_model())
    entries = [*shape_entries(), *vocabulary_entries(shipped_weights())]
    random = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(entries)) + b"".join(entries))
        offset = 0
        for tensor in tensors:
            file.write(text(tensor.name) + struct.pack(f"<I{len(tensor.shape)}Q", len(tensor.shape), *tensor.shape))
            file.write(struct.pack("<IQ", tensor.kind, offset))
            offset += tensor.size_bytes + padding(tensor.size_bytes)
        file.write(bytes(padding(file.tell())))
        for tensor in tensors:
            file.write(random_data(tensor, random).tobytes() + bytes(padding(tensor.size_bytes)))


def tensors_of_model() -> Iterator[Tensor]:
    """All tensors, with the types that Q4_K_M gives them."""
    yield Tensor("token_embd.weight", (WIDTH, VOCABULARY), Q6_K)  # the output head, too
    yield Tensor("output_norm.weight", (WIDTH,), F32)
    for layer in range(LAYERS):
        # llama.cpp spends more on the values and on what goes down in the first and last layers, and on each third.
        is_edge = layer < LAYERS // 8 or layer >= 7 * LAYERS // 8 or (layer - LAYERS // 8) % 3 == 2
        better = Q6_K if is_edge else Q4_K
        key_value_width = KEY_VALUE_HEADS * HEAD_WIDTH
        yield Tensor(f"blk.{layer}.attn_norm.weight", (WIDTH,), F32)
        yield Tensor(f"blk.{layer}.attn_q.weight", (WIDTH, HEADS * HEAD_WIDTH), Q4_K)
        yield Tensor(f"blk.{layer}.attn_k.weight", (WIDTH, key_value_width), Q4_K)
        yield Tensor(f"blk.{layer}.attn_v.weight", (WIDTH, key_value_width), better)
        yield Tensor(f"blk.{layer}.attn_output.weight", (HEADS * HEAD_WIDTH, WIDTH), Q4_K)
        yield Tensor(f"blk.{layer}.ffn_norm.weight", (WIDTH,), F32)
        yield Tensor(f"blk.{layer}.ffn_gate.weight", (WIDTH, FEED_FORWARD), Q4_K)
        yield Tensor(f"blk.{layer}.ffn_up.weight", (WIDTH, FEED_FORWARD), Q4_K)
        yield Tensor(f"blk.{layer}.ffn_down.weight", (FEED_FORWARD, WIDTH), better)


def random_data(tensor: Tensor, random: np.random.Generator) -> NDArray[np.generic]:
    """The bytes of a tensor: any bits make a block, only its 16-bit floats must be sensible."""
    if tensor.kind == F32:
        return np.ones(tensor.shape, np.float32)
    blocks = np.frombuffer(random.bytes(tensor.size_bytes), np.uint8).copy()
    if tensor.kind == Q4_K:
        blocks = blocks.reshape(-1, 144)
        blocks[:, :4] = np.array([Q4_K_SCALE, Q4_K_MINIMUM], np.float16).view(np.uint8)
    else:
        blocks = blocks.reshape(-1, 210)
        blocks[:, -2:] = np.array([Q6_K_SCALE], np.float16).view(np.uint8)
    return blocks


def shape_entries() -> list[bytes]:
    """Metadata that tells the shape, as that of Llama 3.2 1B does."""
    whole = {
        "block_count": LAYERS,
        "context_length": 131_072,
        "embedding_length": WIDTH,
        "feed_forward_length": FEED_FORWARD,
        "attention.head_count": HEADS,
        "attention.head_count_kv": KEY_VALUE_HEADS,
        "rope.dimension_count": HEAD_WIDTH,
        "vocab_size": VOCABULARY,
    }
    return [
        text("general.architecture") + struct.pack("<I", TEXT) + text("llama"),
        text("general.name") + struct.pack("<I", TEXT) + text("Random weights in the shape of Llama 3.2 1B"),
        *(text(f"llama.{key}") + struct.pack("<II", UINT32, value) for key, value in whole.items()),
        text("llama.rope.freq_base") + struct.pack("<If", FLOAT32, 500_000.0),
        text("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", FLOAT32, 1e-5),
    ]


def vocabulary_entries(source: Path) -> Iterator[bytes]:
    """The tokenizer of another file, filled up with tokens that no text has."""
    with source.open("rb") as file:
        _, _, _, count = struct.unpack("<4sIQQ", file.read(24))
        for _ in range(count):
            key, value = read_text(file), read_value(file)
            if key.startswith(b"tokenizer."):
                yield packed(key) + filled_up(key, value)


def filled_up(key: bytes, value: bytes) -> bytes:
    """A value as it is; one that has an item for each token, with as many as are wanted."""
    if key not in (b"tokenizer.ggml.tokens", b"tokenizer.ggml.token_type", b"tokenizer.ggml.scores"):
        return value
    kind, of, length = struct.unpack_from("<IIQ", value)
    more = b"".join(filler(of, number) for number in range(length, VOCABULARY))
    return struct.pack("<IIQ", kind, of, VOCABULARY) + value[16:] + more


def filler(kind: int, number: int) -> bytes:
    """What a list of that type says of an added token."""
    if kind == TEXT:
        return text(f"<unused{number}>")
    return struct.pack("<i", NORMAL_TOKEN) if kind == INT32 else struct.pack("<f", 0.0)


def read_text(file: BinaryIO) -> bytes:
    (length,) = struct.unpack("<Q", file.read(8))
    return file.read(length)


def read_value(file: BinaryIO) -> bytes:
    """A value of metadata with its type, as it stands in the file."""
    start = file.tell()
    (kind,) = struct.unpack("<I", file.read(4))
    if kind == LIST:
        of, length = struct.unpack("<IQ", file.read(12))
        for _ in range(length if of == TEXT else 0):
            read_text(file)
        file.seek(0 if of == TEXT else length * SIZES[of], 1)
    elif kind == TEXT:
        read_text(file)
    else:
        file.seek(SIZES[kind], 1)
    size = file.tell() - start
    file.seek(start)
    return file.read(size)


def text(value: str) -> bytes:
    return packed(value.encode())


def packed(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def padding(size_bytes: int) -> int:
    return -size_bytes % ALIGNMENT


if __name__ == "__main__":
    main()
