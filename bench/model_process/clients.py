"""Fifty clients at once: each gets its own answer or is refused at once, and nothing grows."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator

import psutil
from promises.trials import Row

from assistant.errors import AlliancesError, ModelBusy
from assistant.models.language_model import LocalModel
from model_process.common import OwnProcesses, answer, opened, question

CLIENTS = 50
REFUSED_WITHIN_S = 1.0
GROWTH_MAX_MB = 20.0  # from the first quarter of the time on
_PAUSE_S = (0.2, 0.6)  # of a client that was answered or refused
_SECONDS_EACH = 6.0


def try_out(times: int) -> Iterator[Row]:
    """Rows of one run, of a minute for ten times."""
    with opened() as (model, own):
        yield from Crowd(model, own, CLIENTS).run(times * _SECONDS_EACH)


class Crowd:
    """Clients that ask one question after the other, each its own."""

    def __init__(self, model: LocalModel, own: OwnProcesses, count: int) -> None:
        self._model = model
        self._own = own
        self._count = count
        self._answered = [0] * count
        self._slowest_s = 0.0
        self._lock = threading.Lock()
        self.answers = Row(f"{count} clients at once: each answer is the client's own")
        self.refusals = Row(f"the others of {count} clients are refused within {REFUSED_WITHIN_S:.0f} s")
        self.memory = Row(f"{count} clients at once: memory grows by {GROWTH_MAX_MB:.0f} MB at most")

    def run(self, seconds: float) -> Iterator[Row]:
        """Let them ask for so long; one that waits is still answered."""
        alone = [answer(self._model, question(number)) for number in range(self._count)]
        before_all = self._own.all()
        processes = {psutil.Process(), *before_all}
        end = time.monotonic() + seconds
        clients = [threading.Thread(target=self._ask, args=(n, alone[n], end)) for n in range(self._count)]
        for client in clients:
            client.start()
        time.sleep(seconds / 4)
        before = memory_mb(processes)
        for client in clients:
            client.join()
        growth = memory_mb(processes) - before
        self.memory.record([f"by {growth:.0f} MB"] if growth > GROWTH_MAX_MB else [])
        self.memory.remarks = f"{before:.0f} MB, then {growth:+.1f} MB"
        self.answers.remarks = f"in {seconds:.0f} s; {min(self._answered)} to {max(self._answered)} a client"
        self.refusals.remarks = f"slowest {self._slowest_s * 1000:.0f} ms"
        if self._own.all() != before_all:
            self.answers.broken.append("the model's process is another")
        yield from (self.answers, self.refusals, self.memory)

    def _ask(self, number: int, alone: str, end: float) -> None:
        chance = random.Random(number)
        while time.monotonic() < end:
            began = time.perf_counter()
            try:
                given = answer(self._model, question(number))
            except ModelBusy:
                self._note_refusal(time.perf_counter() - began)
            except AlliancesError as exc:
                self._note_answer(number, [f"client {number}: {exc}"])
            else:
                self._note_answer(number, [] if given == alone else [f"client {number} was told {given!r}"])
            time.sleep(chance.uniform(*_PAUSE_S))

    def _note_answer(self, number: int, problems: list[str]) -> None:
        with self._lock:
            self._answered[number] += 1
            self.answers.record(problems)

    def _note_refusal(self, took_s: float) -> None:
        with self._lock:
            self._slowest_s = max(self._slowest_s, took_s)
            self.refusals.record([f"took {took_s:.1f} s"] if took_s > REFUSED_WITHIN_S else [])


def memory_mb(processes: set[psutil.Process]) -> float:
    """Resident memory of the living among them."""
    return sum(process.memory_info().rss for process in processes if process.is_running()) / 1e6
