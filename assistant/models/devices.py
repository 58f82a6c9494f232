"""The GPUs that this build of llama.cpp can use, asked of ggml itself, which llama-cpp-python does not wrap."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

_GRAPHICS = (1, 2)  # enum ggml_backend_dev_type: a GPU with memory of its own, one that shares the machine's


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU that layers can be put on."""

    name: str
    free_bytes: int
    total_bytes: int


def gpus() -> list[Gpu]:
    """Every GPU, none if the build knows none. Starts the drivers: for a process of its own."""
    from llama_cpp._ggml import libggml
    from llama_cpp.llama_cpp import llama_backend_init

    llama_backend_init()
    device, size = ctypes.c_void_p, ctypes.c_size_t
    count = _function(libggml, "ggml_backend_dev_count", size)
    get = _function(libggml, "ggml_backend_dev_get", device, size)
    type_of = _function(libggml, "ggml_backend_dev_type", ctypes.c_int, device)
    name_of = _function(libggml, "ggml_backend_dev_description", ctypes.c_char_p, device)
    memory_of = _function(libggml, "ggml_backend_dev_memory", None, device, *[ctypes.POINTER(size)] * 2)
    found = []
    for one in map(get, range(count())):
        if type_of(one) in _GRAPHICS:
            free, total = size(), size()
            memory_of(one, ctypes.byref(free), ctypes.byref(total))
            found.append(Gpu(name_of(one).decode("utf-8", "replace"), free.value, total.value))
    return found


def _function(library: ctypes.CDLL, name: str, result: type | None, *arguments: type) -> Callable[..., Any]:
    function: Any = getattr(library, name)
    function.restype, function.argtypes = result, arguments
    return cast(Callable[..., Any], function)
