"""The queue before a local model, and the one thread that owns the model's process.

Everything that changes belongs to that thread: requests, cancellations and the child's messages reach it
through one inbox and are handled one after the other.

    submit()  --request-->  inbox  --> worker --> child          one at a time, each conversation in turn
    cancel()  ------------> inbox
    child     --message-->  inbox  --> worker --> pieces of the request --> whoever asked
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeGuard

from assistant.errors import ModelCrashed, ModelDamaged, ModelError
from assistant.models.child import ModelChild
from assistant.models.inbox import Begin, Cancel, Close, Said
from assistant.models.limits import Complaints, Limits
from assistant.models.waiting import Request, Waiting

_FIRST_GUESS_S = 5.0  # how long an answer takes, until one has been measured
_NEWEST_WEIGHT = 0.3  # of the latest answer in that estimate
_CLOSE_LIMIT_S = 15.0


class Worker:
    """Owns the child and the queue. Public methods are for any thread, the others only for its own."""

    def __init__(self, name: str, locate: Callable[[], Path], config: dict[str, Any], limits: Limits) -> None:
        """Take what is needed later; nothing is started yet. See `assistant.models.language_model.LocalModel`."""
        self._name = name
        self._locate = locate
        self._config = config
        self._limits = limits
        self._complaints = Complaints(name, limits)
        self._pid = os.getpid()
        # A SimpleQueue, because the garbage collector may call `cancel` at any moment, even amid a `put`.
        self._inbox: SimpleQueue[Request | Cancel | Said | Begin | Close] = SimpleQueue()

        # Reentrant, because the garbage collector may call `close` in the thread that holds it.
        self._lock = threading.RLock()  # for the next five
        self._thread: threading.Thread | None = None
        self._closed = False
        self._unfinished = 0  # requests submitted and not yet over,
        self._unfinished_of: Counter[Hashable] = Counter()  # and those of each conversation
        self._answer_s = _FIRST_GUESS_S  # how long answers have taken lately

        self._waiting = Waiting()
        self._wanted = False  # the model is to be loaded even though nobody asks anything
        self._path: Path | None = None
        self._child: ModelChild | None = None
        self._ready = False
        self._ready_at = 0.0  # monotonic, as the next three
        self._active: Request | None = None
        self._active_id = 0
        self._begun = False  # the child has told that it works on the latest request that it was handed
        self._since = 0.0  # when the child began what it is doing
        self._heard_at = 0.0
        self._given_up_at = 0.0  # when the active request was, if it was

    def submit(self, request: Request) -> None:
        """Put a request into the queue.

        Raises:
            ModelBusy: The queue is full, or its part for one conversation.
            ModelError: The model is closed, or was opened before this process was forked.
        """
        self._check_process()
        with self._lock:
            self._check_open()
            if self._unfinished > self._limits.waiting:
                raise self._complaints.full(self._unfinished, self._unfinished * self._answer_s)
            if (own := self._unfinished_of[request.asker]) >= self._limits.each:
                raise self._complaints.too_many(own, own * self._answer_s)
            self._unfinished += 1
            self._unfinished_of[request.asker] += 1
            request.asked_at = time.monotonic()
            self._put(request)

    def begin(self) -> None:
        """Have the model loaded.

        Raises:
            ModelError: The model is closed, or was opened before this process was forked.
        """
        self._check_process()
        with self._lock:
            self._check_open()
            self._put(Begin())

    def cancel(self, request: Request) -> None:
        """Give a request up; one that is over stays so."""
        self._inbox.put(Cancel(request))

    def close(self) -> None:
        """End the child and the worker, and wait for both."""
        if os.getpid() != self._pid:  # a forked copy: neither the thread nor the child is ours
            return
        with self._lock:
            thread, self._closed = self._thread, True
            if thread is None:
                return
            self._inbox.put(Close())
        if thread is not threading.current_thread():
            thread.join(timeout=_CLOSE_LIMIT_S)

    def _check_process(self) -> None:
        if os.getpid() != self._pid:
            raise ModelError(f"The model '{self._name}' was opened before this process forked. Open it again.")

    def _check_open(self) -> None:
        if self._closed:
            raise ModelError(f"The model '{self._name}' is closed. Open it again.")

    def _put(self, event: Request | Begin) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=f"model {self._name}", daemon=True)
            self._thread.start()
        self._inbox.put(event)

    def _run(self) -> None:
        try:
            while self._step():
                self._advance()
        finally:  # after a mistake of ours too: nobody must be left waiting
            with self._lock:
                self._closed = True
            self._drop_child()
            with contextlib.suppress(Empty):
                while True:
                    self._handle(self._inbox.get_nowait())
            self._fail_all(ModelCrashed, f"The model '{self._name}' was closed before it answered. Open it again.")

    def _step(self) -> bool:
        """Handle one event, or the lack of one for too long; False when it is the last."""
        due, end = min(self._deadlines(), key=lambda deadline: deadline[0], default=(None, None))
        left_s = None if due is None else due - time.monotonic()
        if left_s is not None and left_s <= 0 and end is not None:
            end()
            return True
        try:
            event = self._inbox.get(timeout=left_s)
        except Empty:
            return True
        self._handle(event)
        return not isinstance(event, Close)

    def _handle(self, event: Request | Cancel | Said | Begin | Close) -> None:
        match event:
            case Request():
                self._waiting.add(event)
            case Begin():
                self._wanted = True
            case Cancel():
                self._give_up(event.request)
            case Said() if event.child is self._child:  # what an ended child said last is of no interest
                self._hear(event.child, event.message)

    def _advance(self) -> None:
        """Take the next step that nothing stands in the way of."""
        if self._child is None:
            if self._waiting or self._wanted:
                self._start_child()
        elif self._ready and self._active is None and self._waiting:
            request = self._active = self._waiting.take()
            request.handed_over += 1
            self._active_id += 1
            self._begun = False
            self._since = self._heard_at = time.monotonic()
            self._child.send(
                {
                    "id": self._active_id,
                    "messages": request.messages,
                    "max_tokens": request.max_tokens,
                    "seed": request.seed,
                }
            )

    def _start_child(self) -> None:
        self._wanted = False
        try:
            self._path = self._locate()
            config = {**self._config, "path": str(self._path)}
            self._child = ModelChild(config, lambda child, message: self._inbox.put(Said(child, message)))
        except OSError as exc:
            self._fail_all(ModelCrashed, f"The process of the model '{self._name}' cannot be started: {exc}.")
            return
        self._ready = self._begun = False
        self._since = time.monotonic()

    def _hear(self, child: ModelChild, message: dict[str, Any] | None) -> None:
        self._heard_at = time.monotonic()
        self._begun = self._begun or (message is not None and self._active is not None)
        match message:
            case None:
                self._bury(child.last_words())
            case {"failed": why}:
                self._bury(child.errors() or why.rstrip("."))
            case {"ready": True}:
                self._ready, self._ready_at = True, self._heard_at
            case {"piece": piece} if self._active is not None:
                self._active.pieces.put(piece)
            case {"refused": why}:
                self._finish(ModelError(why))
            case {"done": True} if self._active is not None:
                if not self._active.given_up:
                    with self._lock:
                        self._answer_s += _NEWEST_WEIGHT * (self._heard_at - self._since - self._answer_s)
                self._finish(None)

    def _bury(self, cause: str) -> None:
        """The child has ended by itself: tell those who are concerned."""
        was_ready = self._ready
        self._drop_child()
        if not was_ready:
            # All of them, as loading the same file again for each would fail as often.
            self._fail_all(ModelDamaged, self._complaints.unloadable(self._path, cause))
            return
        self._wanted = self._begun  # one that never worked on anything would end again and again
        if self._is_innocent(self._active):
            self._waiting.give_back(self._active)
            self._active = None
        else:
            self._finish(self._complaints.died(cause))

    def _is_innocent(self, request: Request | None) -> TypeGuard[Request]:
        """Whether the child died before it began with the request, which then deserves another try."""
        return request is not None and not (self._begun or request.given_up or request.handed_over > 1)

    def _give_up(self, request: Request) -> None:
        request.given_up = True
        if request is self._active and self._child is not None:
            self._given_up_at = time.monotonic()
            self._child.send({"cancel": self._active_id})
        elif self._waiting.remove(request):
            self._end_request(request, None)

    def _deadlines(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """When something will have taken too long, and what is done then."""
        limits, complaints = self._limits, self._complaints
        if self._active is not None:
            yield self._since + limits.request_s, lambda: self._end_active(complaints.slow())
            yield self._heard_at + limits.silence_s, lambda: self._end_active(complaints.silent())
            if self._active.given_up:
                yield self._given_up_at + limits.give_up_s, lambda: self._end_active(None)
        elif self._child is not None and not self._ready:
            yield self._since + limits.load_s, self._end_loading
        if self._ready and (longest := self._waiting.longest()):
            began = max(longest.asked_at, self._ready_at)  # loading has a limit of its own
            yield began + limits.waiting_s, partial(self._end_waiting, longest)

    def _end_active(self, error: ModelError | None) -> None:
        self._drop_child()
        self._wanted = True
        self._finish(error)

    def _end_loading(self) -> None:
        self._drop_child()
        self._fail_all(ModelDamaged, self._complaints.slow_to_load(self._path))

    def _end_waiting(self, request: Request) -> None:
        self._waiting.remove(request)
        self._end_request(request, self._complaints.waited())

    def _drop_child(self) -> None:
        child, self._child, self._ready = self._child, None, False
        if child is not None:
            child.end()

    def _finish(self, error: ModelError | None) -> None:
        request, self._active = self._active, None
        if request is not None:
            self._end_request(request, error)

    def _fail_all(self, kind: type[ModelError], message: str) -> None:
        self._finish(kind(message))
        while self._waiting:
            self._end_request(self._waiting.take(), kind(message))

    def _end_request(self, request: Request, error: ModelError | None) -> None:
        with self._lock:
            self._unfinished -= 1
            self._unfinished_of -= Counter([request.asker])  # which forgets those that come to nothing
        request.pieces.put(error)
