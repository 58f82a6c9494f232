"""Nothing takes for ever: a model that hangs, writes too long, does not load, or does not let go is ended."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import psutil
from promises.trials import Row

from assistant.errors import ModelBusy, ModelCrashed, ModelDamaged, ModelError
from assistant.models.language_model import LocalModel
from assistant.models.limits import Limits
from model_process.common import STORY, STORY_TOKENS, OwnProcesses, answer, comes_true, is_gone, opened, question

_EXPECTED = 3  # the number of a question whose answer is known beforehand


def try_out(times: int) -> Iterator[Row]:
    """A row for each limit."""
    for name in TRIALS:
        yield row(name, times)


def row(name: str, times: int) -> Row:
    """The row of one limit."""
    what, limits, attempt = TRIALS[name]
    row = Row(f"time limits, {what}: told or ended, and the next answer is right")
    with opened(limits) as (model, own):
        expected = answer(model, question(_EXPECTED), max_tokens=8)
        for _ in range(times):
            problems = attempt(model, own)
            if answer(model, question(_EXPECTED), max_tokens=8) != expected:
                problems.append("the next answer is another")
            row.record(problems)
    return row


def _hang(model: LocalModel, own: OwnProcesses) -> list[str]:
    stream = model.stream(STORY, max_tokens=STORY_TOKENS)
    next(stream)
    _stop(own.one())
    return _told(lambda: list(stream), ModelCrashed, "no sign of life for 6 seconds")


def _write_on(model: LocalModel, _: OwnProcesses) -> list[str]:
    return _told(lambda: answer(model, STORY, STORY_TOKENS), ModelCrashed, "longer than 4 seconds for one answer")


def _load_on(model: LocalModel, own: OwnProcesses) -> list[str]:
    before = own.one()
    before.kill()
    comes_true(lambda: before not in own.all() and own.all() != set())  # a new one, by itself
    _stop(own.one())
    return _told(lambda: answer(model, STORY, 1), ModelDamaged, "could not be loaded within 10 seconds")


def _wait(model: LocalModel, _: OwnProcesses) -> list[str]:
    first = model.stream(STORY, max_tokens=STORY_TOKENS)
    told = _told(lambda: answer(model, STORY, 1), ModelBusy, "turn did not come within 2 seconds")
    first.close()
    comes_true(lambda: not _is_busy(model))
    return told


def _hold(model: LocalModel, own: OwnProcesses) -> list[str]:
    stream, held = model.stream(STORY, max_tokens=STORY_TOKENS), own.one()
    next(stream)
    _stop(held)
    stream.close()
    return [] if comes_true(lambda: is_gone(held)) else ["the process lives on"]


def _is_busy(model: LocalModel) -> bool:
    try:
        return not answer(model, STORY, 1)
    except ModelBusy:
        return True


def _told(ask: Callable[[], object], kind: type[ModelError], said: str) -> list[str]:
    try:
        ask()
    except kind as exc:
        return [] if said in str(exc) else [f"was told: {exc}"]
    return ["was told nothing"]


def _stop(process: psutil.Process) -> None:
    process.send_signal(signal.SIGSTOP)
    time.sleep(0.1)


Attempt = Callable[[LocalModel, OwnProcesses], list[str]]
TRIALS: dict[str, tuple[str, Limits, Attempt]] = {
    "silence": ("no sign of life", Limits(silence_s=6.0), _hang),
    "answer": ("one answer takes too long", Limits(request_s=4.0), _write_on),
    "load": ("loading takes too long", Limits(load_s=10.0), _load_on),
    "wait": ("a question's turn does not come", Limits(waiting_s=2.0), _wait),
    "hold": ("what was given up is not let go", Limits(give_up_s=1.0), _hold),
}
