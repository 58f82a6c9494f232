"""The process that the language model lives in: `python -m assistant.models.process PARENT COMMAND`.

PARENT is the id of the process that it ends with, COMMAND is one of

    serve                        answer requests until standard input ends
    requantise SOURCE TARGET     write a Q8_0 copy of a GGUF file and load it as a check

`serve` speaks JSON, one object a line. Standard input:

    {"path", "context_tokens", "threads", "gpu_layers"}               the first line
    {"id", "messages", "max_tokens", "seed"}                          a request; ids rise
    {"cancel": id}                                                    give that request up

Standard output, first `{"ready": true}` or `{"failed": why}`, then for each request:

    {"alive": true}                                                   at its beginning, and now and then
    {"piece": text}                                                   any number of them
    {"done": true} or {"refused": why}                                one of them
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from queue import SimpleQueue
from types import TracebackType
from typing import Any, NoReturn

from assistant.models.loaded import Cancellation, LoadedModel, Refused, Send
from assistant.models.machine import usable_cores

_LOG_LEVEL_ERROR = 4  # enum ggml_log_level
_PR_SET_PDEATHSIG = 1


def serve() -> NoReturn:
    """Answer requests until standard input ends."""
    send = _reserve_stdout()
    sys.excepthook = _tell_in_one_line
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
    cancellation = Cancellation()
    config = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_read_requests, args=(requests, cancellation), daemon=True).start()
    try:
        _log_errors_to(os.dup(2))  # a copy, because the wrapper mutes standard error while it loads
        model = LoadedModel(config, send, cancellation)
    except Exception as exc:  # whatever a hostile file provokes in the wrapper: the file cannot be used
        send({"failed": " ".join(str(exc).split()) or type(exc).__name__})
        os._exit(1)  # an ordinary exit would wait for the lock that the reading thread holds
    send({"ready": True})
    while True:
        request = requests.get()
        try:
            model.answer(request["id"], request["messages"], max_tokens=request["max_tokens"], seed=request["seed"])
        except Refused as exc:
            send({"refused": str(exc)})
        else:
            send({"done": True})


def requantise(source: str, target: str) -> int:
    """Write a Q8_0 copy of `source` to `target`; what goes wrong is told on standard error.

    Returns:
        The exit code.
    """
    import llama_cpp

    _log_errors_to(2)
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0
    parameters.allow_requantize = True
    parameters.nthread = usable_cores()
    if llama_cpp.llama_model_quantize(os.fsencode(source), os.fsencode(target), ctypes.byref(parameters)):
        return 1
    check = llama_cpp.llama_model_default_params()
    check.check_tensors = True
    return 0 if llama_cpp.llama_model_load_from_file(os.fsencode(target), check) else 1


def _reserve_stdout() -> Send:
    """Keep standard output for the protocol: what libraries print goes to standard error from now on."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(message: Mapping[str, Any]) -> None:
        pipe.write(json.dumps(message).encode("ascii") + b"\n")
        pipe.flush()

    return send


def _tell_in_one_line(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    sys.stderr.write(f"{kind.__name__}: {error}\n")


def _log_error(level: int, text: bytes, descriptor: int) -> None:
    if level == _LOG_LEVEL_ERROR:
        os.write(descriptor, text)


# Made once and kept: llama.cpp holds no reference to it.
_LOG_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_log_error)


def _log_errors_to(descriptor: int) -> None:
    """Have llama.cpp write its errors, and nothing else, to a file descriptor."""
    import llama_cpp

    llama_cpp.llama_log_set(_LOG_CALLBACK, ctypes.c_void_p(descriptor))


def _read_requests(requests: SimpleQueue[dict[str, Any]], cancellation: Cancellation) -> None:
    for line in sys.stdin.buffer:
        with contextlib.suppress(ValueError):  # a line cut short by the parent's death
            message = json.loads(line)
            if "cancel" in message:
                cancellation.request_id = message["cancel"]
            else:
                requests.put(message)
    os._exit(0)  # the parent is gone; the main thread may be deep in native code


def _die_with(parent: int) -> None:
    """End with the parent even when another process, forked from it, holds our standard input open."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def main(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name. Returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    match arguments:
        case [parent, "serve"]:
            _die_with(int(parent))
            serve()
        case [parent, "requantise", source, target]:
            _die_with(int(parent))
            return requantise(source, target)
    sys.exit("usage: python -m assistant.models.process PARENT serve | PARENT requantise SOURCE TARGET")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
