"""Who waits for an answer: all tabs share one model, so a question may have others before it.

How long that takes is told from the answers of before, and only while they can tell: with `n` questions before one,
`n - 1` times their mean, and of the one being answered what those that took longer than it has by now went on to take.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

PLACES = 17  # one is answered, the others wait; beyond that, a question is refused instead of waiting for minutes
_MEASURED = 20  # answers from which the time is told
_MINUTES_FROM_S = 90


@dataclass(frozen=True, slots=True)
class Place:
    """How many questions come before one, and the seconds until its turn; None where nothing tells."""

    ahead: int
    wait_s: float | None = None

    def __str__(self) -> str:
        """In words, such as "2 questions before yours, about 6 s"; "" when it is its turn."""
        if not self.ahead:
            return ""
        questions = "1 question" if self.ahead == 1 else f"{self.ahead} questions"
        return f"{questions} before yours" + (f", about {_rounded(self.wait_s)}" if self.wait_s else "")


class Ticket:
    """One question in the line."""


class Line:
    """The questions that are not answered yet, in the order of coming. Used from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody; `clock` tells the time in seconds."""
        self._clock = clock
        self._tickets: list[Ticket] = []  # the first one's turn it is
        self._turn_began = 0.0
        self._took_s: deque[float] = deque(maxlen=_MEASURED)
        self._changed = threading.Condition()

    def join(self) -> Ticket | None:
        """Take a question in at the end; None if there is no place left."""
        with self._changed:
            if len(self._tickets) >= PLACES:
                return None
            ticket = Ticket()
            self._tickets.append(ticket)
            if len(self._tickets) == 1:
                self._turn_began = self._clock()
            return ticket

    def place(self, ticket: Ticket) -> Place:
        """Where a question stands; with none ahead, it is its turn."""
        with self._changed:
            return self._place(self._tickets.index(ticket))

    def end(self) -> Place:
        """Where one more question would stand."""
        with self._changed:
            return self._place(len(self._tickets))

    def wait(self, timeout_s: float) -> None:
        """Until somebody has left, or that long."""
        with self._changed:
            self._changed.wait(timeout_s)

    def leave(self, ticket: Ticket, *, is_answered: bool = False) -> None:
        """The question waits no longer; the time of one that was answered tells the others theirs."""
        with self._changed:
            if self._tickets[0] is ticket:
                now = self._clock()
                if is_answered:
                    self._took_s.append(now - self._turn_began)
                self._turn_began = now
            self._tickets.remove(ticket)
            self._changed.notify_all()

    def _place(self, ahead: int) -> Place:
        if not ahead:
            return Place(0, 0.0)
        rest_s = _rest(self._took_s, self._clock() - self._turn_began)
        return Place(ahead, None if rest_s is None else (ahead - 1) * fmean(self._took_s) + rest_s)


def _rounded(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < _MINUTES_FROM_S else f"{round(seconds / 60)} min"


def _rest(took_s: Sequence[float], passed_s: float) -> float | None:
    """What those that took longer than `passed_s` took beyond it; None if none did."""
    longer = [one - passed_s for one in took_s if one > passed_s]
    return fmean(longer) if longer else None
