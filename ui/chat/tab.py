"""One browser tab: its conversation, what it shows, and the answer being worked on."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from uuid import uuid4

from assistant.conversation import REMEMBERED_TURNS
from assistant.engine import Assistant
from assistant.errors import AlliancesError, NotKept
from assistant.feedback import keep_feedback
from assistant.search_filters import FilterWords
from assistant.types import Answer, Event, Finished
from index.types import Passage
from ui.chat.background import BackgroundEvents
from ui.chat.filter_bar import told
from ui.chat.line import Line, Ticket
from ui.chat.saved import read_conversation
from ui.chat.turn import Stage, Turn, advance

TURNS_SHOWN = 50  # a longer chat drops its oldest turns, so a tab left open for weeks stays small
SUGGESTED = 3
HEARTBEAT_S = 0.1  # longest time between two looks at whether the answer is still wanted,
IN_LINE_S = 0.25  # and while nothing is computed for it yet
CROWDED = "Too many questions are waiting. Ask again in a moment."
BROKEN = "Something went wrong while answering. Ask again; if it happens again, run `alliances doctor`."
ASK_NOTE = "Noted. A word on it? (Enter)"
NOTED = "Noted, with your word."
UNREADABLE = "This conversation cannot be read any more. Delete it from the list."

_log = logging.getLogger(__name__)


class Tab:
    """What one browser tab holds.

    Its methods are called from different threads: the one that answers, and those that serve the buttons. The
    conversation is only ever used by one thread at a time.
    """

    def __init__(self, assistant: Assistant, line: Line | None = None) -> None:
        """Begin with an empty conversation; `line` is shared by the tabs of a page."""
        self._assistant = assistant
        self._line = line or Line()
        self.identity = uuid4().hex
        self._conversation = assistant.conversation()
        self._filters = FilterWords()  # of the newest question
        self._turns: deque[Turn] = deque(maxlen=TURNS_SHOWN)
        self._asked = 0
        self._running: BackgroundEvents | None = None
        self._lock = threading.Lock()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns to show, oldest first."""
        with self._lock:
            return tuple(self._turns)

    @property
    def is_busy(self) -> bool:
        """Whether the newest question still waits for (the rest of) its answer."""
        turns = self.turns
        return bool(turns) and turns[-1].is_open

    def ask(self, question: str, filters: FilterWords | None = None) -> bool:
        """Take a question in, to be worked on by `answer`; False if it is blank or another one is open."""
        filters = filters or FilterWords()
        question = question.strip()
        with self._lock:
            if not question or (self._turns and self._turns[-1].is_open):
                return False
            self._asked += 1
            self._filters = filters
            self._turns.append(Turn(self._asked, question, within=told(filters), place=str(self._line.end())))
        return True

    def answer(self) -> Generator[bool, None, None]:
        """Work on the question that waits, if one does; closing the iterator stops the work.

        Yields:
            True when there is something new to show, False as a sign of life.
        """
        turn = self._claim()
        if turn is None:
            return
        ticket = self._line.join()
        if ticket is None:
            self._fail(turn.number, self._crowded())
            yield True
            return
        try:
            yield from self._await_turn(turn.number, ticket)
            yield from self._work(turn)
        except AlliancesError as exc:
            self._fail(turn.number, str(exc))
        except Exception:  # a bug: the person gets a sentence, the log the traceback
            _log.exception("Answering failed.")
            self._fail(turn.number, BROKEN)
        finally:
            self._change(turn.number, lambda last: replace(last, stage=Stage.STOPPED))
            is_answered = any(one.number == turn.number and one.stage is Stage.ANSWERED for one in self.turns)
            self._line.leave(ticket, is_answered=is_answered)
        yield True

    def stop(self) -> None:
        """Give the open answer up; what was written of it stays."""
        with self._lock:
            if self._turns and self._turns[-1].is_open:
                self._turns[-1] = replace(self._turns[-1], stage=Stage.STOPPED)
            if self._running is not None:
                self._running.stop()
            self._conversation.stop()

    def clear(self) -> None:
        """Begin a new conversation."""
        self._begin(())
        self.identity = uuid4().hex

    def take_back(self) -> str:
        """Forget the last question with its answer, so that it can be asked again or otherwise; "" if there is none."""
        *before, last = self.turns or (Turn(0, ""),)
        self._begin(before)
        return last.question

    def restore(self, kept: str) -> None:
        """Take up a conversation that the browser has kept, see `ui.chat.saved`."""
        try:
            self.identity, turns = read_conversation(kept)
        except ValueError:
            turns = (Turn(1, "", Stage.FAILED, UNREADABLE),)
        self._begin(turns)

    def rate(self, *, is_helpful: bool) -> None:
        """Keep a verdict on the last answer."""
        self._keep_verdict(is_helpful, "")

    def annotate(self, note: str) -> None:
        """Keep a word beside the verdict on the last answer."""
        turns = self.turns
        if turns and turns[-1].is_helpful is not None and note.strip():
            self._keep_verdict(turns[-1].is_helpful, note.strip())

    def _keep_verdict(self, is_helpful: bool, note: str) -> None:
        *_, last = turns = self.turns or (Turn(0, ""),)
        if last.answer is None:
            return
        questions = [turn.question for turn in turns if turn.answer is not None][-REMEMBERED_TURNS:]
        try:
            keep_feedback(
                self._assistant.settings.feedback_file, questions, last.answer, is_helpful=is_helpful, note=note
            )
            thanks = NOTED if note else ASK_NOTE
        except NotKept as exc:
            thanks = str(exc)
        with self._lock:
            if self._turns and self._turns[-1].number == last.number:
                self._turns[-1] = replace(self._turns[-1], is_helpful=is_helpful, thanks=thanks)

    def _begin(self, turns: Sequence[Turn]) -> None:
        """Go on from these turns, whatever is under way."""
        self.stop()
        conversation = self._assistant.conversation()
        conversation.resume((turn.question, turn.answer) for turn in turns if turn.answer is not None)
        with self._lock:
            self._turns = deque(turns, maxlen=TURNS_SHOWN)
            self._asked = max((self._asked, *(turn.number for turn in turns)))
            self._conversation = conversation

    def refuse(self) -> None:
        """Fail the question that waits, because the queue was full."""
        turns = self.turns
        if turns and turns[-1].stage is Stage.WAITING:
            self._fail(turns[-1].number, self._crowded())

    def _crowded(self) -> str:
        place = str(self._line.end())
        return CROWDED.replace("waiting", f"waiting: {place}") if place else CROWDED

    def _claim(self) -> Turn | None:
        with self._lock:
            if not self._turns or self._turns[-1].stage is not Stage.WAITING:
                return None
            self._turns[-1] = replace(self._turns[-1], stage=Stage.WORKING)
            return self._turns[-1]

    def _await_turn(self, number: int, ticket: Ticket) -> Iterator[bool]:
        """Until nobody is before this question, or its answer is not wanted any more."""
        shown = ""
        while (place := str(self._line.place(ticket))) and self._is_wanted(number):
            self._show_place(number, place)
            yield place != shown
            shown = place
            self._line.wait(IN_LINE_S)
        self._show_place(number, "")

    def _show_place(self, number: int, place: str) -> None:
        self._change(number, lambda last: replace(last, place=place))

    def _work(self, turn: Turn) -> Iterator[bool]:
        yield True
        while self._running is not None and not self._running.wait(HEARTBEAT_S):  # an answer that was stopped
            yield False
        with self._lock:
            if not self._is_newest_and_open(turn.number):
                return
            conversation = self._conversation
            self._running = running = BackgroundEvents(conversation.stream(turn.question, **self._filters))
        try:
            for event in running.read(HEARTBEAT_S):
                if event is not None:
                    self._take(turn.number, event)
                if not self._is_wanted(turn.number):
                    return
                yield event is not None
        finally:
            running.stop()
            with self._lock:
                if self._running is running and not running.wait(0):  # the page was closed while the model works
                    conversation.stop()

    def _take(self, number: int, event: Event) -> None:
        if isinstance(event, Finished):
            passages, suggestions = self._cited_passages(event.answer), self._suggestions(event.answer)
            self._change(number, lambda last: replace(last, passages=passages, suggestions=suggestions))
        self._change(number, lambda last: advance(last, event))

    def _suggestions(self, answer: Answer) -> tuple[str, ...]:
        """Questions to go on with that have not been asked yet."""
        if answer.kind == "smalltalk":
            return ()
        turns = self.turns
        asked = {turn.question.casefold() for turn in turns}
        slugs = [citation.slug for citation in answer.citations] or turns[-1].slugs
        offered = self._assistant.suggestions(turns[-1].question, slugs, **self._filters)
        return tuple(islice((question for question in offered if question.casefold() not in asked), SUGGESTED))

    def _cited_passages(self, answer: Answer) -> dict[str, Passage]:
        """The cited passages by id; one that a rebuild removed meanwhile is absent."""
        ids = {citation.passage_id for citation in answer.citations}
        found = {passage_id: self._assistant.passage(passage_id) for passage_id in ids}
        return {passage_id: passage for passage_id, passage in found.items() if passage is not None}

    def _is_wanted(self, number: int) -> bool:
        with self._lock:
            return self._is_newest_and_open(number)

    def _fail(self, number: int, why: str) -> None:
        self._change(number, lambda last: replace(last, stage=Stage.FAILED, text=why))

    def _change(self, number: int, change: Callable[[Turn], Turn]) -> None:
        with self._lock:
            if self._is_newest_and_open(number):
                self._turns[-1] = change(self._turns[-1])

    def _is_newest_and_open(self, number: int) -> bool:
        return bool(self._turns) and self._turns[-1].number == number and self._turns[-1].is_open
