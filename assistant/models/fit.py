"""Whether a model fits the memory, and how much of it goes onto the GPU: told before it is loaded.

Loading a model larger than the memory does not fail, it brings the machine to a halt.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models.devices import Gpu
from assistant.models.file import ModelFile
from assistant.models.needs import Needs, fits, layers_on_gpu, left_for_memory, needs_of, size_text
from assistant.models.suggested import largest_fitting

AS_MANY_AS_FIT = -1
_SHORT_CONTEXT = 2048  # tokens; the longest prompts take half of it


def choose_gpu_layers(
    file: ModelFile, context_tokens: int, wanted_layers: int, *, free_bytes: int, gpus: Sequence[Gpu]
) -> int:
    """How many layers go onto the GPU.

    Args:
        file: The model.
        context_tokens: Its context.
        wanted_layers: What the user has set; -1 leaves the choice to the free graphics memory.
        free_bytes: Memory of the machine.
        gpus: Those that can be used.

    Raises:
        MemoryError: What is left for the machine's memory does not fit; the message says what would.
    """
    needed = needs_of(file, context_tokens)
    layers = file.number("block_count")
    if not gpus:
        on_gpu = 0
    elif wanted_layers == AS_MANY_AS_FIT:
        on_gpu = layers_on_gpu(needed, layers, [gpu.free_bytes for gpu in gpus])
    else:
        on_gpu = min(wanted_layers, layers + 1)
    if not fits(left_for_memory(needed, layers, on_gpu), free_bytes):
        raise MemoryError(_refusal(file, needed, context_tokens, free_bytes))
    return on_gpu


def _refusal(file: ModelFile, needed: Needs, context_tokens: int, free_bytes: int) -> str:
    said = f"it needs about {needed} of memory and {size_text(free_bytes)} are free"
    if context_tokens > _SHORT_CONTEXT and fits(needs_of(file, _SHORT_CONTEXT).total_bytes, free_bytes):
        return f"{said}; with ALLIANCES_CONTEXT_TOKENS={_SHORT_CONTEXT} it fits"
    if smaller := largest_fitting(free_bytes, _SHORT_CONTEXT):
        size = size_text(smaller.needs(_SHORT_CONTEXT).total_bytes)
        return f"{said}; {smaller.title} fits, with about {size}: `alliances models pull {smaller.reference}`"
    return said
