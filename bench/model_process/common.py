"""A model with a process of its own, prompts for it, and looking at that process from outside."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from assistant.engine import Assistant
from assistant.models.language_model import LocalModel, Message
from assistant.models.limits import Limits
from assistant.models.weights import fast_weights, shipped_weights
from assistant.settings import Settings

STORY: list[Message] = [{"role": "user", "content": "Tell me a very long story about a lighthouse keeper and the sea."}]
STORY_TOKENS = 1500  # many times what any trial waits for
PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.002
_REST_S = 0.0005  # of computing between two looks is still rest
_STILL_S = 0.3  # without any use of the processor: it rests, and was not merely kept from it by others
_PLACES = ("Oslo", "Lima", "Accra", "Kyoto", "Quito", "Turin", "Perth", "Dakar", "Bergen", "Osaka")


class OwnProcesses:
    """The living model processes that this process starts from now on."""

    def __init__(self) -> None:
        self._others = processes_of()

    def all(self) -> set[psutil.Process]:
        """Those that live."""
        return processes_of() - self._others

    def one(self) -> psutil.Process:
        """The only one, which may have to be waited for."""
        comes_true(lambda: len(self.all()) == 1)
        (process,) = self.all()
        return process


@contextmanager
def opened(limits: Limits | None = None) -> Iterator[tuple[LocalModel, OwnProcesses]]:
    """The model that ships, loaded, and its process."""
    own = OwnProcesses()
    path = fast_weights(shipped_weights(), Settings.load().models_folder)
    config = {"context_tokens": 2048, "threads": None, "gpu_layers": 0}
    with closing(LocalModel("smollm2", lambda: path, config=config, limits=limits)) as model:
        answer(model, STORY, max_tokens=1)
        yield model, own


def answer(model: LocalModel, messages: list[Message], max_tokens: int = 24) -> str:
    """The whole answer."""
    return "".join(model.stream(messages, max_tokens=max_tokens))


def question(number: int) -> list[Message]:
    """A question with a fact of its own, to be repeated."""
    place, year = _PLACES[number % len(_PLACES)], 1950 + number
    fact = f"The {place} Pact number {number} was founded by Alpha Labs and Beta Works in {place} in {year}."
    return [
        {"role": "system", "content": "You answer from the facts you are given."},
        {"role": "user", "content": f"Fact: {fact}\nRepeat the fact in one sentence."},
    ]


def long_prompt(number: int) -> list[Message]:
    """Nearly as many tokens as the model takes; no two begin alike."""
    return [{"role": "user", "content": f"{number} ships on the sea. " + "Land and so on. " * 375}]


def drafted_question(assistant: Assistant) -> str:
    """A question that the assistant lets the model draft an answer to."""
    questions = (f"How does {alliance.name} work with governments?" for alliance in assistant.catalogue.alliances)
    return next(question for question in questions if assistant.ask(question).model)


def processes_of(pid: int | None = None) -> set[psutil.Process]:
    """The living model processes that a process (by default, this one) has started; it may be dead."""
    parent = str(psutil.Process(pid).pid if pid is None else pid)
    found = set()
    for process in psutil.process_iter():
        try:
            arguments = process.cmdline()
            is_ours = "assistant.models.process" in arguments and parent in arguments
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                found.add(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            pass
    return found


def cpu_s(process: psutil.Process) -> float:
    """Seconds that a process has computed for, on Linux to the microsecond; 0 for one that is dead."""
    try:
        if sys.platform == "linux":
            tasks = Path("/proc", str(process.pid), "task").glob("*/schedstat")
            return sum(int(task.read_text("ascii").split()[0]) for task in tasks) / 1e9
        times = process.cpu_times()
    except (psutil.NoSuchProcess, OSError):
        return 0.0
    return float(times.user + times.system)


def rests_at(process: psutil.Process) -> float:
    """When the process computed last, by `time.perf_counter`; returns once it rests."""
    seen, last = cpu_s(process), time.perf_counter()
    while time.perf_counter() - last < _STILL_S:
        time.sleep(_LOOK_EVERY_S)
        if (now := cpu_s(process)) > seen + _REST_S:
            last = time.perf_counter()
        seen = now
    return last


def comes_true(condition: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Whether it does in time."""
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True


def is_gone(process: psutil.Process) -> bool:
    """Whether it is dead."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
