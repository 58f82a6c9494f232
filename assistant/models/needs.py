"""How much memory a model needs, worked out from its header before it is loaded.

    weights    the tensors of the file
    context    2 bytes for each number of the keys and values: tokens x layers x key-value heads x (key + value length)
    scores     4 bytes for each token of a chunk and each of the context, in each head; on the CPU alone
    scratch    the process itself, the vocabulary, and the values between the layers for one chunk of tokens

An estimate. Measured on Linux with AVX2, after a prompt that fills the context of 2,048 tokens: SmolLM2-135M in Q8_0
308 MB, against 299. A file of the shape of Llama 3.2 1B in Q4_K_M 1,545 MB, which is 467 MB more than the estimate of
1,078: llama.cpp copies matrices of Q4_K into the order that the processor likes, and what they were copied from stays
mapped, though nothing reads it again. The system takes such pages back when it is short of memory, so they are not
needed: while it answered two prompts of 600 tokens, the process touched 931 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.models.file import ModelFile

# Read at a time. As fast as 512 for prompts of 600 tokens (64 and 128 are 8-25 % slower), with half the scratch memory.
CHUNK_TOKENS = 256

_PROCESS_BYTES = 62_000_000  # Python and llama.cpp without a model
_VOCABULARY_ENTRY_BYTES = 512  # a token's text, its scores, and its place in the tables that find it
_CACHE_NUMBER_BYTES = 2  # f16
_SCRATCH_NUMBER_BYTES = 4
_USABLE_PART = 0.9  # of the free memory: other programs grow too


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes in a model that its memory depends on."""

    layers: int
    heads: int
    key_value_heads: int
    key_length: int
    value_length: int
    feed_forward: int
    vocabulary: int


@dataclass(frozen=True, slots=True)
class Needs:
    """Memory that a loaded model takes, in bytes."""

    weights_bytes: int
    context_bytes: int
    scores_bytes: int
    scratch_bytes: int

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.weights_bytes + self.context_bytes + self.scores_bytes + self.scratch_bytes

    def __str__(self) -> str:
        scratch = size_text(self.scores_bytes + self.scratch_bytes)
        parts = f"weights {size_text(self.weights_bytes)}, context {size_text(self.context_bytes)}, scratch {scratch}"
        return f"{size_text(self.total_bytes)} ({parts})"


def needs(weights_bytes: int, shape: Shape, context_tokens: int) -> Needs:
    """What a model of this shape needs for a context of that many tokens.

    Example: 32 layers with 8 key-value heads of 128 + 128 numbers take 2 x 32 x 8 x 256 = 131,072 bytes a token, which
    is 268 MB for 2,048 tokens; with 32 heads, the scores of these for a chunk of 256 take 256 x 2,048 x 32 x 4 = 67 MB.
    """
    numbers = shape.layers * shape.key_value_heads * (shape.key_length + shape.value_length)
    between_layers = CHUNK_TOKENS * 2 * shape.feed_forward * _SCRATCH_NUMBER_BYTES
    return Needs(
        weights_bytes,
        context_tokens * numbers * _CACHE_NUMBER_BYTES,
        CHUNK_TOKENS * context_tokens * shape.heads * _SCRATCH_NUMBER_BYTES,
        _PROCESS_BYTES + shape.vocabulary * _VOCABULARY_ENTRY_BYTES + between_layers,
    )


def needs_of(file: ModelFile, context_tokens: int) -> Needs:
    """What a file needs; where its layers differ, as if each were as large as the largest."""
    heads = file.number("attention.head_count")
    head_length = file.number("embedding_length") // max(heads, 1)
    shape = Shape(
        layers=file.number("block_count"),
        heads=heads,
        key_value_heads=file.number("attention.head_count_kv") or heads,
        key_length=file.number("attention.key_length") or head_length,
        value_length=file.number("attention.value_length") or head_length,
        feed_forward=file.number("feed_forward_length"),
        vocabulary=file.header.lengths.get("tokenizer.ggml.tokens", 0),
    )
    return needs(file.tensor_bytes, shape, context_within(file, context_tokens))


def context_within(file: ModelFile, context_tokens: int) -> int:
    """The context asked for, or the one that the model was trained for if that is shorter."""
    return min(context_tokens, file.number("context_length") or context_tokens)


def fits(needed_bytes: int, free_bytes: int) -> bool:
    """Whether that much memory can be taken without the machine coming to a halt."""
    return needed_bytes <= _USABLE_PART * free_bytes


def layers_on_gpu(needed: Needs, layers: int, free_bytes: Sequence[int]) -> int:
    """How many of a model's layers the graphics memory takes, the output counted as one more layer.

    Args:
        needed: By the whole model.
        layers: Without the output.
        free_bytes: Of each GPU; each needs scratch memory of its own.
    """
    room = sum(max(0, int(_USABLE_PART * free) - needed.scratch_bytes) for free in free_bytes)
    one_layer = max(1.0, needed.weights_bytes + needed.context_bytes) / (layers + 1)
    return min(layers + 1, int(room / one_layer))


def left_for_memory(needed: Needs, layers: int, on_gpu: int) -> int:
    """What the machine's own memory must take, in bytes, when that many layers are on the GPU."""
    if not on_gpu:
        return needed.total_bytes
    left = max(0.0, 1 - on_gpu / (layers + 1))
    return needed.scratch_bytes + int(left * (needed.weights_bytes + needed.context_bytes))


def size_text(size_bytes: float) -> str:
    """A size for people: 12 MB, 0.26 GB, 4.9 GB."""
    if size_bytes < 1e8:
        return f"{size_bytes / 1e6:.{1 if size_bytes < 1e7 else 0}f} MB"
    return f"{size_bytes / 1e9:.{1 if size_bytes >= 1e9 else 2}f} GB"
