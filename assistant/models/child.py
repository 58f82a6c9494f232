"""The parent's end of a model process: starting it, talking to it, ending it.

The process is started with `subprocess` and not with `multiprocessing`, which would import the caller's main
module again and so fail in notebooks and in scripts without an `if __name__ == "__main__"` guard.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

_ERROR_LINES_KEPT = 20
_SAID_MAX_CHARS = 200
_END_LIMIT_S = 5.0
_CAUSE = "error loading model: "
_NO_CAUSE = "failed to load model"  # said by the loader when the parser has told the cause before


def command(*arguments: str) -> list[str]:
    """The command line of `assistant.models.process`, which ends with this process."""
    # -P: a file in the working folder must not shadow a module.
    return [sys.executable, "-P", "-m", "assistant.models.process", str(os.getpid()), *arguments]


def environment() -> dict[str, str]:
    """The environment of a child that finds the same modules as this process does."""
    folders = [entry for entry in sys.path if entry]
    if "" in sys.path:  # the working folder, last, so that no file in it shadows a module
        folders.append(os.getcwd())
    return {
        # llama.cpp's threads wait for each other hundreds of times a token, by default spinning. Tokens/s on
        # two cores, idle and beside one busy process: 115 and 1 by default, 105 and 20 when they soon sleep.
        "GOMP_SPINCOUNT": "300",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(folders),
        # A failed assertion of ggml would otherwise start a debugger to print its stack.
        "GGML_NO_BACKTRACE": "1",
    }


class ModelChild:
    """A running `assistant.models.process`, of which one thread at a time is the owner."""

    def __init__(
        self, config: Mapping[str, Any], on_message: Callable[[ModelChild, dict[str, Any] | None], None]
    ) -> None:
        """Start the process and let it begin to load.

        The thread that calls this must live as long as the process is wanted: on Linux the child asks to be
        ended with its parent, and what the kernel takes for the parent is the thread that started it.

        Args:
            config: What `assistant.models.process` expects as its first line.
            on_message: Called from a thread of its own with each message of the child; None is the last.

        Raises:
            OSError: The process cannot be started.
        """
        self._on_message = on_message
        self._errors: deque[str] = deque(maxlen=_ERROR_LINES_KEPT)
        self._process = subprocess.Popen(
            command("serve"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            start_new_session=True,  # Ctrl-C in the terminal is for the parent alone
        )
        self._readers = tuple(
            threading.Thread(target=target, name=f"model-{self.pid}", daemon=True)
            for target in (self._read_messages, self._read_errors)
        )
        for reader in self._readers:
            reader.start()
        self.send(config)

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def send(self, message: Mapping[str, Any]) -> None:
        """Hand a message to the child; if it is dead, the end of its messages will tell."""
        pipe = self._process.stdin
        assert pipe is not None
        with contextlib.suppress(OSError, ValueError):  # broken pipe; closed pipe
            pipe.write(json.dumps(message).encode("ascii") + b"\n")
            pipe.flush()

    def end(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone."""
        self._process.kill()
        # Only a process stuck in the kernel outlives this limit, and waiting longer would not end it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_END_LIMIT_S)
        for reader in self._readers:
            reader.join(timeout=_END_LIMIT_S)
        with contextlib.suppress(OSError):  # flushing what the dead child never read
            if self._process.stdin is not None:
                self._process.stdin.close()

    def errors(self) -> str:
        """What llama.cpp complained about, in one short line; empty when it did not. Ends the process."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_END_LIMIT_S)
        self.end()
        return _essence(self._errors)

    def last_words(self) -> str:
        """Why the process ended by itself, in one short line. To be asked after its last message."""
        errors = self.errors()
        code = self._process.returncode
        if code == -getattr(signal, "SIGKILL", 9):
            return "it was killed, perhaps because memory ran out"
        if errors:
            return errors
        with contextlib.suppress(ValueError, TypeError):
            return f"it ended with {signal.Signals(-code).name}"
        return f"it ended with code {code}"

    def _read_messages(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        with pipe:
            for line in pipe:
                # A line cut short by the child's death is no message.
                with contextlib.suppress(ValueError):
                    self._on_message(self, json.loads(line))
        self._on_message(self, None)

    def _read_errors(self) -> None:
        pipe = self._process.stderr
        assert pipe is not None
        with pipe:
            for line in pipe:
                self._errors.append(line.decode("utf-8", "replace").strip())


def _essence(lines: deque[str]) -> str:
    """The line that tells most: llama.cpp names the cause, then each function that gave up because of it."""
    told = [" ".join(line.split()) for line in lines if line]
    named = [line.partition(_CAUSE)[2] for line in told if _CAUSE in line]
    if not named:
        essence = told[-1].rpartition(": ")[2] if told else ""
    elif _NO_CAUSE in named[0]:
        essence = told[0].rpartition(": ")[2]
    else:
        essence = named[0]
    return essence.rstrip(".")[:_SAID_MAX_CHARS]
