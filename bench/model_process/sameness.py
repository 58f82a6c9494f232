"""The same question has the same answer, whatever came before it and whichever process answers."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from functools import partial

from promises.trials import Row

from assistant.models.language_model import LocalModel
from model_process.common import OwnProcesses, answer, comes_true, is_gone, long_prompt, opened, question

_QUESTIONS = 5
_SEED = 7


def try_out(times: int) -> Iterator[Row]:
    """A row for questions in any order, one after a prompt that was not read to its end, one for new processes."""
    with opened() as (model, own):
        alone = [answer(model, question(number)) for number in range(_QUESTIONS)]
        yield _in_any_order(model, times, alone)
        yield _after_a_prompt_given_up(model, times, alone)
        yield _in_a_new_process(model, own, times, alone)


def _in_any_order(model: LocalModel, times: int, alone: list[str]) -> Row:
    row, chance = Row("the same answer after any other question"), random.Random(_SEED)
    for _ in range(times):
        for number in chance.sample(range(_QUESTIONS), _QUESTIONS):
            row.record(_compare(model, number, alone))
    return row


def _after_a_prompt_given_up(model: LocalModel, times: int, alone: list[str]) -> Row:
    row, chance = Row("the same answer after a prompt that was not read to its end"), random.Random(_SEED)
    for attempt in range(times):
        stream = model.stream(long_prompt(attempt), max_tokens=1)
        time.sleep(chance.uniform(0, 0.5))
        stream.close()
        row.record(_compare(model, attempt % _QUESTIONS, alone))
    return row


def _in_a_new_process(model: LocalModel, own: OwnProcesses, times: int, alone: list[str]) -> Row:
    row = Row("the same answer from a new process")
    for attempt in range(times):
        process = own.one()
        process.kill()
        comes_true(partial(is_gone, process))
        row.record(_compare(model, attempt % _QUESTIONS, alone))
    return row


def _compare(model: LocalModel, number: int, alone: list[str]) -> list[str]:
    given = answer(model, question(number))
    return [] if given == alone[number] else [f"{given!r} instead of {alone[number]!r}"]
