"""A conversation: its questions, one after the other, and what of them is remembered."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Unpack

from assistant.answering import Answering
from assistant.errors import BadQuestion, Stopped
from assistant.followups.make_whole import Turn
from assistant.search_filters import FilterWords
from assistant.stopping import StopSwitch
from assistant.types import Answer, Event, Finished

MAX_QUESTION_CHARS = 2000
REMEMBERED_TURNS = 12


class Conversation:
    """Questions that may refer back: "And by whom?" The last dozen turns are remembered."""

    def __init__(self, answering: Callable[[], Answering]) -> None:
        """Begin one; `Assistant.conversation` does.

        Args:
            answering: Gives what answers now, which another index may have taken the place of.
        """
        self._answering = answering
        self._turns: list[Turn] = []
        self._asker = object()  # what the model's queue knows it by
        self._stop_switch: StopSwitch | None = None

    def ask(self, question: str, **filters: Unpack[FilterWords]) -> Answer:
        """Answer the next question; filters and errors as in `Assistant.ask`.

        Raises:
            Stopped: `stop` was called meanwhile.
        """
        for event in self.stream(question, **filters):
            if isinstance(event, Finished):
                return event.answer
        raise Stopped("The answer was stopped.")

    def resume(self, said: Iterable[tuple[str, Answer]]) -> None:
        """Remember these questions and answers of an earlier conversation, as if they had been said in this one."""
        answering = self._answering()
        for question, answer in said:
            turn = answering.recall(check_question(question), tuple(self._turns), answer)
            self._turns = [*self._turns, turn][-REMEMBERED_TURNS:]

    def stop(self) -> None:
        """Stop the answer under way, from any thread and in the middle of the model's work; its stream ends."""
        if self._stop_switch is not None:
            self._stop_switch.set()

    def stream(self, question: str, **filters: Unpack[FilterWords]) -> Generator[Event, None, None]:
        """Answer the next question event by event: `Retrieved`, `Delta` (checked text) ..., `Finished`.

        Closing the generator stops the model; the question is then not remembered.

        Raises:
            BadQuestion: As soon as it is called: empty, or over 2,000 characters.
        """
        question = check_question(question)
        self._stop_switch = stop = StopSwitch(self._asker)  # here, so that `stop` is heard before the first event too
        return self._events(question, filters, stop)

    def _events(self, question: str, filters: FilterWords, stop: StopSwitch) -> Generator[Event, None, None]:
        events = self._answering().stream(question, tuple(self._turns), stop, filters)
        finished: Finished | None = None
        try:
            while True:
                event = next(events)
                if isinstance(event, Finished):
                    finished = event
                else:
                    yield event
        except StopIteration as end:
            # Remembered before the last event is told, because a caller may stop reading there.
            self._turns = [*self._turns, end.value][-REMEMBERED_TURNS:]
        except Stopped:
            return
        finally:
            events.close()
        if finished is not None:
            yield finished


def check_question(question: str) -> str:
    """The question without needless blanks.

    Raises:
        BadQuestion: Empty, or over 2,000 characters.
    """
    question = " ".join(question.split())
    if not question:
        raise BadQuestion('The question is empty: type one, for example "Who founded the AI Alliance?"')
    if len(question) > MAX_QUESTION_CHARS:
        raise BadQuestion(
            f"The question has {len(question):,} characters; at most {MAX_QUESTION_CHARS:,} are read. Ask it shorter."
        )
    return question
