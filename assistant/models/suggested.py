"""Llama models that write well, with the memory that each needs: for somebody who asks which one to take.

Sizes are estimates: the parameters times the bits that a quantisation spends on each. Q4_K_M spends more on the output
head (6.56 bits: Q6_K) than on the rest (4.85, a mixture of Q4_K and Q6_K); Q8_0 spends 8.5 on each.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models.needs import Needs, Shape, fits, needs

_HEAD_BITS = {"Q4_K_M": 6.5625, "Q8_0": 8.5}
_OTHER_BITS = {"Q4_K_M": 4.85, "Q8_0": 8.5}
_VOCABULARY = 128_256  # of Llama 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model that `alliances models pull` can fetch."""

    title: str
    repository: str
    parameters: int
    width: int
    shape: Shape
    quantisation: str
    licence: str

    @property
    def reference(self) -> str:
        """What to pull."""
        return f"hf:{self.repository}:{self.quantisation}"

    @property
    def size_bytes(self) -> int:
        """About how large the download is."""
        head = self.width * self.shape.vocabulary
        bits = head * _HEAD_BITS[self.quantisation] + (self.parameters - head) * _OTHER_BITS[self.quantisation]
        return int(bits / 8)

    def needs(self, context_tokens: int) -> Needs:
        """About how much memory it takes."""
        return needs(self.size_bytes, self.shape, context_tokens)


def _llama(
    title: str, repository: str, parameters: int, width: int, shape: Shape, licence: str
) -> tuple[Suggestion, Suggestion]:
    small, large = (
        Suggestion(f"{title} {quantisation}", repository, parameters, width, shape, quantisation, licence)
        for quantisation in ("Q4_K_M", "Q8_0")
    )
    return small, large


SUGGESTIONS = (
    *_llama(
        "Llama 3.2 1B Instruct",
        "bartowski/Llama-3.2-1B-Instruct-GGUF",
        1_235_814_400,
        2048,
        Shape(16, 32, 8, 64, 64, 8192, _VOCABULARY),
        "llama3.2",
    ),
    *_llama(
        "Llama 3.2 3B Instruct",
        "bartowski/Llama-3.2-3B-Instruct-GGUF",
        3_212_749_824,
        3072,
        Shape(28, 24, 8, 128, 128, 8192, _VOCABULARY),
        "llama3.2",
    ),
    *_llama(
        "Llama 3.1 8B Instruct",
        "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF",
        8_030_261_248,
        4096,
        Shape(32, 32, 8, 128, 128, 14_336, _VOCABULARY),
        "llama3.1",
    ),
)


def largest_fitting(free_bytes: int, context_tokens: int) -> Suggestion | None:
    """The suggestion with the most parameters, then the finest quantisation, that fits; None if none does."""
    fitting = [one for one in SUGGESTIONS if fits(one.needs(context_tokens).total_bytes, free_bytes)]
    return max(fitting, key=lambda one: (one.parameters, one.size_bytes), default=None)
