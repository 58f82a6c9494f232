"""An answer that nobody wants any more is not computed any further: Stop, a gone client, a closed tab."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator

import psutil
from promises.trials import Row

from assistant.engine import Assistant
from assistant.models.language_model import LocalModel
from model_process.common import (
    STORY,
    STORY_TOKENS,
    OwnProcesses,
    comes_true,
    cpu_s,
    drafted_question,
    long_prompt,
    opened,
    rests_at,
)
from ui.chat.tab import Tab

LIMIT_S = 0.2
_READING_BEGUN_S = 0.03  # of computing
_SEED = 6


def try_out(times: int) -> Iterator[Row]:
    """A row for each way of giving an answer up, three times as often as asked for."""
    chance = random.Random(_SEED)
    with opened() as (model, own):
        process = own.one()
        yield _row("while it reads a long prompt", 3 * times, lambda number: _reading(model, process, number, chance))
        yield _row("while it writes", 3 * times, lambda _: _writing(model, process, chance))
    own = OwnProcesses()
    with Assistant.open() as assistant:
        tab, drafted = Tab(assistant), drafted_question(assistant)
        whole_s = assistant.ask(drafted).timings["total"]
        process = own.one()
        yield _row(
            "by `stop`, at any moment of an answer",
            3 * times,
            lambda _: _stopped(assistant, drafted, process, whole_s, chance),
        )
        yield _row(
            "by closing the tab, at any moment", 3 * times, lambda _: _closed(tab, drafted, process, whole_s, chance)
        )


def _row(how: str, times: int, give_up: Callable[[int], float]) -> Row:
    row, took = Row(f"given up {how}: the computing ends within {LIMIT_S} s"), []
    for number in range(times):
        took.append(give_up(number))
        row.record([f"{took[-1]:.2f} s"] if took[-1] > LIMIT_S else [])
    row.remarks = f"median {statistics.median(took) * 1000:.0f} ms, worst {max(took) * 1000:.0f} ms"
    return row


def _reading(model: LocalModel, process: psutil.Process, number: int, chance: random.Random) -> float:
    before = cpu_s(process)
    stream = model.stream(long_prompt(number), max_tokens=1)
    comes_true(lambda: cpu_s(process) - before > _READING_BEGUN_S)
    time.sleep(chance.uniform(0, 0.5))
    began = time.perf_counter()
    stream.close()
    return max(0.0, rests_at(process) - began)


def _writing(model: LocalModel, process: psutil.Process, chance: random.Random) -> float:
    stream = model.stream(STORY, max_tokens=STORY_TOKENS)
    next(stream)
    time.sleep(chance.uniform(0, 0.5))
    began = time.perf_counter()
    stream.close()
    return max(0.0, rests_at(process) - began)


def _stopped(
    assistant: Assistant, question: str, process: psutil.Process, whole_s: float, chance: random.Random
) -> float:
    conversation = assistant.conversation()
    answering = threading.Thread(target=lambda: list(conversation.stream(_anew(question, chance))))
    answering.start()
    time.sleep(chance.uniform(0, whole_s))
    began = time.perf_counter()
    conversation.stop()
    answering.join()
    ended = time.perf_counter()
    return max(ended, rests_at(process)) - began


def _closed(tab: Tab, question: str, process: psutil.Process, whole_s: float, chance: random.Random) -> float:
    """Reads on as the web server does, until told that the client has gone; then it closes what it reads."""
    gone = threading.Event()

    def serve() -> None:
        answer = tab.answer()
        for _ in answer:
            if gone.is_set():
                break
        answer.close()

    tab.clear()
    tab.ask(_anew(question, chance))
    serving = threading.Thread(target=serve)
    serving.start()
    time.sleep(chance.uniform(0, whole_s))
    began = time.perf_counter()
    gone.set()
    serving.join()
    comes_true(lambda: not any(thread.name == "answer" for thread in threading.enumerate()))
    ended = time.perf_counter()
    return max(ended, rests_at(process)) - began


def _anew(question: str, chance: random.Random) -> str:
    """The question with a number that nobody remembers the vectors of."""
    return f"{question[:-1]} in case {chance.randrange(10**6)}?"
