"""However the parent ends, and whatever the model's process does at that moment, the process ends too."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil
from promises.trials import Row

from model_process.common import comes_true, processes_of

GONE_WITHIN_S = 5.0
_LOADING_S = 1.5  # from the start of the process on, about
_SEED = 9
_SCRIPT = """
import os, sys, time
from assistant.models.language_model import open_model
from assistant.settings import Settings
model = open_model(Settings.load(model="smollm2"))
story = [{"role": "user", "content": "Tell me a very long story about a lighthouse keeper and the sea."}]
"""
_LOADING = "model.start()\nprint('ready', flush=True)\ntime.sleep(60)\n"
_ANSWERING = "for _ in model.stream(story, max_tokens=1500): print('ready', flush=True)\n"
_WITH_HEIR = "list(model.stream(story, max_tokens=1))\nos.fork()\nprint('ready', flush=True)\ntime.sleep(60)\n"
_EXITING = "next(model.stream(story, max_tokens=1500))\nprint('ready', flush=True)\nos._exit(3)\n"
_CRASHING = "next(model.stream(story, max_tokens=1500))\nprint('ready', flush=True)\nos.abort()\n"


@dataclass(frozen=True, slots=True)
class Death:
    """How a parent ends.

    Attributes:
        how: In words.
        body: What it does until then.
        signal: What it gets; None where it ends by itself.
        is_child_stopped: Whether its model process has been stopped before.
        wait_s: At most how long after it has told that it is ready.
    """

    how: str
    body: str
    signal: signal.Signals | None = signal.SIGKILL
    is_child_stopped: bool = False
    wait_s: float = 0.3


DEATHS = (
    Death("killed while the model answers", _ANSWERING),
    Death("killed while the model loads", _LOADING, wait_s=_LOADING_S),
    Death("killed while the model's process is stopped", _ANSWERING, is_child_stopped=True),
    Death("killed, with a forked heir that lives on", _WITH_HEIR),
    Death("ended by SIGTERM", _ANSWERING, signal.SIGTERM),
    Death("ended by a crash", _CRASHING, None),
    Death("ended without any clean-up", _EXITING, None),
)


def try_out(times: int) -> Iterator[Row]:
    """A row for each way to end."""
    for death in DEATHS:
        yield row(death, times)


def row(death: Death, times: int) -> Row:
    """The row of one way to end, at moments of which no two are alike."""
    row, slowest = Row(f"the parent is {death.how}: within {GONE_WITHIN_S:.0f} s, no model process is left"), 0.0
    chance = random.Random(_SEED)
    for _ in range(times):
        left, took_s = _survivors(death, chance.uniform(0, death.wait_s))
        row.record([f"{len(left)} lived on"] if left else [])
        slowest = max(slowest, took_s)
    row.remarks = f"slowest {slowest:.2f} s"
    return row


def _survivors(death: Death, wait_s: float) -> tuple[set[psutil.Process], float]:
    """The model processes that outlived their parent, and how long it took until they were gone, in seconds."""
    with subprocess.Popen(
        [sys.executable, "-c", _SCRIPT + death.body],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        time.sleep(wait_s)
        if death.is_child_stopped:
            for process in processes_of(parent.pid):
                process.send_signal(signal.SIGSTOP)
        if death.signal is not None:
            parent.send_signal(death.signal)
        parent.wait()
        began = time.perf_counter()
        comes_true(lambda: not processes_of(parent.pid), GONE_WITHIN_S)
        took_s = time.perf_counter() - began
        left = processes_of(parent.pid)
        for process in left | _heirs(parent.pid):
            process.kill()
    return left, took_s


def _heirs(pid: int) -> set[psutil.Process]:
    """What was forked from a parent that is dead; it is in the parent's session."""
    found = set()
    for process in psutil.process_iter():
        with suppress(ProcessLookupError):
            if process.pid != pid and os.getsid(process.pid) == pid:
                found.add(process)
    return found
