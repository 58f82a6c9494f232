"""Who waits for a local model: each conversation in turn, and within a conversation, who came first.

As fair queueing does it, a request belongs to a round: to the one being served, or to the one after that of the same
conversation's last request, if that waits or is being served. Lower rounds go first, within a round who came first.
So who asks one question at a time is served in the order of coming; who asks five at once has four of them wait until
the others' first are answered.

Source: Demers, Keshav & Shenker, SIGCOMM 1989, for requests that cost the same.
Example: "a" asks three times, then "b" once: served are a, b, a, a.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from queue import SimpleQueue

from assistant.errors import ModelError


@dataclass(eq=False, slots=True)
class Request:
    """A conversation on its way to the model. `pieces` ends with None, or with what ended the answer."""

    messages: list[dict[str, str]]
    max_tokens: int
    seed: int
    asker: Hashable  # the conversation, to be fair between several
    given_up: bool = False
    handed_over: int = 0  # how often it was sent to a child
    asked_at: float = 0.0  # monotonic
    # Not bounded: a slow reader must not keep the others waiting, and max_tokens bounds it already.
    pieces: SimpleQueue[str | ModelError | None] = field(default_factory=SimpleQueue)


class Waiting:
    """The requests that wait. For one thread."""

    def __init__(self) -> None:
        self._requests: list[tuple[int, Request]] = []  # with their rounds, in the order of being served
        self._served: tuple[int, Hashable] = (0, None)  # round and conversation of the latest one

    def __len__(self) -> int:
        return len(self._requests)

    def add(self, request: Request) -> None:
        """Let a request wait for its turn."""
        earlier = [self._served, *((number, other.asker) for number, other in self._requests)]
        number = max(self._served[0], *(number + 1 for number, asker in earlier if asker == request.asker), 0)
        place = next((i for i, (other, _) in enumerate(self._requests) if other > number), len(self._requests))
        self._requests.insert(place, (number, request))

    def give_back(self, request: Request) -> None:
        """Let a request go first that had its turn and could not use it."""
        self._requests.insert(0, (self._served[0], request))

    def take(self) -> Request:
        """The request whose turn it is; there must be one."""
        number, request = self._requests.pop(0)
        self._served = (number, request.asker)
        return request

    def remove(self, request: Request) -> bool:
        """Let a request wait no longer; False if it does not."""
        kept = [item for item in self._requests if item[1] is not request]
        is_there = len(kept) < len(self._requests)
        self._requests = kept
        return is_there

    def longest(self) -> Request | None:
        """Who has waited longest; None when nobody waits."""
        return min((request for _, request in self._requests), key=lambda request: request.asked_at, default=None)
