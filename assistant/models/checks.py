"""What `alliances doctor` looks at of the language model: its file or engine, the GPU, the memory."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.checks import Outcome, Status
from assistant.errors import BadSetting, ModelError
from assistant.models.file import ModelFile, look_at
from assistant.models.machine import usable_cores, usable_memory_bytes
from assistant.models.named import KEY_VARIABLE, HubModel, Named, RemoteEngine, Shipped, read_name
from assistant.models.needs import fits, layers_on_gpu, left_for_memory, needs_of, size_text
from assistant.models.store import ModelStore
from assistant.models.suggested import largest_fitting
from assistant.models.weights import shipped_weights
from assistant.probe import ProbeFailed, run_probe

if TYPE_CHECKING:
    from assistant.settings import Settings

_CHOOSE = "Set ALLIANCES_MODEL to `smollm2`, or to one that `alliances models` lists."
_RECOMPILE = "Run `pip install --no-cache-dir --force-reinstall -c constraints.txt llama-cpp-python`."
_BASE_MEMORY_BYTES = 900_000_000  # measured: everything but the language model
_COMMAND_LIMIT_S = 10.0
_ENGINE_LIMIT_S = 5.0


def check_model(settings: Settings) -> Outcome:
    """The model that is set is there and can be what it claims; an engine elsewhere answers."""
    try:
        named = read_name(settings.model)
        if isinstance(named, RemoteEngine):
            return _engine(named)
        file = _file(named, settings)
    except (BadSetting, ModelError) as exc:
        return Status.FAIL, str(exc), _CHOOSE
    licence = f", licence {file.licence}" if file.licence else ""
    return Status.OK, f"{file.path}, {size_text(file.size_bytes)}{licence}", ""


def check_gpu(settings: Settings) -> Outcome:
    """Whether the machine has a GPU, the build of llama.cpp can use it, and what is put on it."""
    try:
        llama = run_probe("llama")
    except ProbeFailed as exc:
        return Status.FAIL, f"llama-cpp-python cannot be used: {exc}", _RECOMPILE
    there, build = _graphics()
    if not llama["gpus"]:
        if not there:
            return Status.OK, f"no GPU found; the model runs on the CPU, with {_threads(settings)}", ""
        if llama["offload"]:
            return Status.WARN, f"{there} is not used: llama.cpp finds no driver for it", "Install its driver."
        return (
            Status.WARN,
            f"{there} is not used: llama-cpp-python was compiled without it",
            f"Run `{build} make chat`.",
        )
    names = ", ".join(f"{gpu['name']} ({size_text(gpu['free_bytes'])} free)" for gpu in llama["gpus"])
    if settings.gpu_layers == 0:
        return Status.WARN, f"{names} is not used: ALLIANCES_GPU_LAYERS is 0", "Remove that variable."
    return Status.OK, f"{names} is used{_layers(settings, llama['gpus'])}", ""


def check_memory(settings: Settings) -> Outcome:
    """Whether there is enough for the model and everything else."""
    free = usable_memory_bytes()
    file = _local_file(settings)
    if file is None:
        needed, on_gpu = 0, 0
    else:
        needs = needs_of(file, settings.context_tokens)
        layers = file.number("block_count")
        on_gpu = layers_on_gpu(needs, layers, _free_graphics()) if settings.gpu_layers else 0
        needed = left_for_memory(needs, layers, on_gpu)
    all_of_it = f"about {size_text(_BASE_MEMORY_BYTES + needed)} needed, {size_text(needed)} by the model"
    found = f"{size_text(free)} available, {all_of_it}"
    if free >= _BASE_MEMORY_BYTES and fits(needed, free - _BASE_MEMORY_BYTES):
        return Status.OK, found, ""
    smaller = largest_fitting(free - _BASE_MEMORY_BYTES, settings.context_tokens) if needed else None
    remedy = f"take a smaller model, such as {smaller.reference}" if smaller else "take `smollm2`"
    return Status.WARN, found, f"Close other programs, or {remedy}."


def talks_to(settings: Settings) -> str:
    """The engine elsewhere that questions go to, "" if the model is on this machine."""
    try:
        named = read_name(settings.model)
    except BadSetting:
        return ""
    return named.host if isinstance(named, RemoteEngine) and not named.is_local else ""


def _file(named: Named, settings: Settings) -> ModelFile:
    if isinstance(named, Shipped):
        return look_at(shipped_weights())
    if isinstance(named, HubModel):
        return look_at(ModelStore(settings.models_folder).path_of(named))
    assert isinstance(named, Path)
    return look_at(named)


def _local_file(settings: Settings) -> ModelFile | None:
    """The file of the model; None for an engine, and for a model that another check finds wanting."""
    try:
        named = read_name(settings.model)
        return None if isinstance(named, RemoteEngine) else _file(named, settings)
    except (BadSetting, ModelError):
        return None


def _engine(engine: RemoteEngine) -> Outcome:
    from assistant.models.remote import models_of  # with its HTTP library

    names = models_of(engine, os.environ.get(KEY_VARIABLE, ""), limit_s=_ENGINE_LIMIT_S)
    found = f"{engine.model}, served by {engine.host}"
    if engine.model in names or not names:
        return Status.OK, found, ""
    return Status.WARN, f"{found}, which has: {', '.join(names)}", "Check the name behind the # sign."


def _layers(settings: Settings, gpus: list[dict[str, Any]]) -> str:
    """How much of the model is put on the GPU."""
    file = _local_file(settings)
    if file is None:
        return ""
    layers = file.number("block_count")
    free = [gpu["free_bytes"] for gpu in gpus]
    fitting = layers_on_gpu(needs_of(file, settings.context_tokens), layers, free)
    used = fitting if settings.gpu_layers < 0 else min(settings.gpu_layers, layers + 1)
    return f", for {used} of {layers + 1} layers"


def _free_graphics() -> list[int]:
    """Free memory of each GPU that can be used."""
    try:
        return [gpu["free_bytes"] for gpu in run_probe("llama")["gpus"]] if _graphics()[0] else []
    except ProbeFailed:
        return []


def _threads(settings: Settings) -> str:
    count = settings.threads or usable_cores()
    return "1 thread" if count == 1 else f"{count} threads"


def _graphics() -> tuple[str, str]:
    """(name of this machine's GPU, the variable that compiles for it); ("", "") without one."""
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return "Apple GPU", 'CMAKE_ARGS="-DGGML_METAL=on"'
    if tool := shutil.which("nvidia-smi"):
        command = [tool, "--query-gpu=name", "--format=csv,noheader"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_COMMAND_LIMIT_S)
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.splitlines()[0].strip(), 'CMAKE_ARGS="-DGGML_CUDA=on"'
    if Path("/dev/kfd").exists():
        return "AMD GPU", 'CMAKE_ARGS="-DGGML_VULKAN=on"'
    return "", ""
