"""A process that is killed in the middle of an answer costs this answer, and a new one takes its place."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Iterator

import psutil
from promises.trials import Row

from assistant.engine import Assistant
from assistant.errors import ModelCrashed
from assistant.types import Answer
from model_process.common import (
    STORY,
    STORY_TOKENS,
    OwnProcesses,
    answer,
    comes_true,
    cpu_s,
    drafted_question,
    is_gone,
    opened,
    question,
    rests_at,
)

_MESSAGE = (
    "stopped in the middle of an answer: it was killed, perhaps because memory ran out. Ask again; it starts anew"
)
_WORKING_S = 0.02  # of computing
_SEED = 8


def try_out(times: int) -> Iterator[Row]:
    """A row for the model, one for the assistant, twice as often as asked for."""
    yield of_the_model(2 * times)
    yield of_the_assistant(2 * times)


def of_the_model(times: int) -> Row:
    """Kill while it writes."""
    row = Row("killed in the middle of an answer: one failed answer, clearly told, and a new process by itself")
    chance, back_s = random.Random(_SEED), []
    with opened() as (model, own):
        expected = answer(model, question(1))
        for _ in range(times):
            stream = model.stream(STORY, max_tokens=STORY_TOKENS)
            next(stream)
            time.sleep(chance.uniform(0, 0.3))
            process = own.one()
            process.kill()
            began = time.perf_counter()
            problems = []
            try:
                list(stream)
                problems.append("the answer did not fail")
            except ModelCrashed as exc:
                if _MESSAGE not in str(exc):
                    problems.append(f"was told: {exc}")
            if not comes_true(lambda: len(own.all()) == 1):
                problems.append("no new process came")
            if not is_gone(process):
                problems.append("the killed process is still there")
            if answer(model, question(1)) != expected:
                problems.append("the next answer is another")
            back_s.append(time.perf_counter() - began)
            row.record(problems)
    row.remarks = f"the next answer was there after {statistics.median(back_s):.1f} s, at most {max(back_s):.1f} s"
    return row


def of_the_assistant(times: int) -> Row:
    """Kill while it drafts an answer."""
    row = Row("killed while it drafts: the articles are quoted, and the answer says why")
    own = OwnProcesses()
    with Assistant.open() as assistant:
        drafted = drafted_question(assistant)
        whole = assistant.ask(drafted)
        for _ in range(times):
            row.record(_problems(whole, _ask_and_kill(assistant, drafted, own.one())))
    return row


def _ask_and_kill(assistant: Assistant, drafted: str, process: psutil.Process) -> Answer:
    answers: list[Answer] = []
    asking = threading.Thread(target=lambda: answers.append(assistant.ask(drafted)))
    comes_true(lambda: cpu_s(process) > 0)
    rests_at(process)  # a new one loads the model first, which is no answer
    before = cpu_s(process)
    asking.start()
    comes_true(lambda: cpu_s(process) - before > _WORKING_S)
    process.kill()
    asking.join()
    return answers[0]


def _problems(whole: Answer, given: Answer) -> list[str]:
    problems = []
    if given.model_failure is None or _MESSAGE not in given.model_failure:
        problems.append(f"the failure is told as {given.model_failure!r}")
    elif not given.text.endswith(given.model_failure):
        problems.append(f"the text ends otherwise: {given.text!r}")
    if not given.citations or given.abstained:
        problems.append(f"nothing is quoted: {given.text!r}")
    if whole.kind == "quote" and given.sentences != whole.sentences:
        problems.append(f"something else is quoted: {given.sentences!r}")
    return problems
