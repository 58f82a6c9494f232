"""Who waits for the model is told so at once if there is no room, and has a turn among the other conversations."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from promises.trials import Row

from assistant.errors import ModelBusy
from assistant.models.language_model import LocalModel
from assistant.models.limits import Limits
from model_process.common import STORY, STORY_TOKENS, answer, comes_true, opened, question

REFUSED_WITHIN_S = 1.0
_TOLD = re.compile(r"is busy: 17 questions are before yours\. Try again in about \d+ seconds\.")


def try_out(times: int) -> Iterator[Row]:
    """A row for a full queue, one for the order of several conversations."""
    with opened() as (model, _):
        yield _full(model, times)
        yield _in_turn(model, times)


def _full(model: LocalModel, times: int) -> Row:
    row, slowest = Row(f"a full queue is told within {REFUSED_WITHIN_S:.0f} s, with the number before and seconds"), 0.0
    for _ in range(times):
        first = model.stream(STORY, max_tokens=STORY_TOKENS)
        next(first)
        waiting = [model.stream(STORY, max_tokens=1) for _ in range(Limits().waiting)]
        began = time.perf_counter()
        try:
            model.stream(STORY, max_tokens=1)
            problems = ["the 18th question was let in"]
        except ModelBusy as exc:
            problems = [] if _TOLD.search(str(exc)) else [f"was told: {exc}"]
        took = time.perf_counter() - began
        slowest = max(slowest, took)
        row.record(problems + ([f"took {took:.1f} s"] if took > REFUSED_WITHIN_S else []))
        for stream in (*waiting, first):
            stream.close()
        comes_true(lambda: _has_room(model))
    row.remarks = f"slowest {slowest * 1000:.1f} ms"
    return row


def _has_room(model: LocalModel) -> bool:
    try:
        return answer(model, STORY, max_tokens=1) != ""
    except ModelBusy:  # what was given up leaves the queue a moment later
        return False


def _in_turn(model: LocalModel, times: int) -> Row:
    """One conversation asks four questions at once, then five others one each."""
    row = Row("a conversation that asks four at once does not keep five others waiting")
    for _ in range(times):
        greedy = [model.stream(question(number), max_tokens=8, asker="greedy") for number in range(Limits().each)]
        others = [model.stream(question(number), max_tokens=8) for number in range(5)]
        with ThreadPoolExecutor(len(greedy) + len(others)) as pool:
            ended = list(pool.map(lambda stream: (list(stream), time.perf_counter())[1], [*greedy, *others]))
        order = sorted(range(len(ended)), key=ended.__getitem__)
        row.record([] if order == [0, 4, 5, 6, 7, 8, 1, 2, 3] else [f"answered in the order {order}"])
    return row
