"""A question on the page and what is known of its answer, event by event. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from assistant.types import Answer, Citation, Delta, Event, Finished, Retrieved
from index.types import Passage


class Stage(Enum):
    """How far a turn is."""

    WAITING = "waiting"  # nobody works on it yet
    WORKING = "working"
    ANSWERED = "answered"
    STOPPED = "stopped"  # by the person
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what is known of its answer.

    Attributes:
        number: Unique in its browser tab, growing; part of the anchors that markers link to.
        question: As typed; empty where something is said unasked.
        stage: How far the turn is.
        text: The answer so far; for a failed turn, the sentence that says what happened.
        titles: Titles of the articles being read, best first, each once.
        slugs: Names of the same articles.
        found: How many passages the answer is looked for in.
        within: The filters it was asked with, in words; "" without any.
        place: What is told of the questions that come before this one; "" if none does.
        passages: The cited passages by id.
        answer: The whole answer, once it is there.
        suggestions: Questions to go on with, which the articles answer.
        is_helpful: The user's verdict, once there is one.
        thanks: What is said to the user of the verdict.
    """

    number: int
    question: str
    stage: Stage = Stage.WAITING
    text: str = ""
    titles: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    found: int = 0
    within: str = ""
    place: str = ""
    passages: Mapping[str, Passage] = field(default_factory=dict)
    answer: Answer | None = None
    suggestions: tuple[str, ...] = ()
    is_helpful: bool | None = None
    thanks: str = ""

    @property
    def is_open(self) -> bool:
        """Whether more is to come."""
        return self.stage in (Stage.WAITING, Stage.WORKING)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of the finished answer; none before."""
        return self.answer.citations if self.answer else ()


def advance(turn: Turn, event: Event) -> Turn:
    """The turn after one more event of its answer."""
    match event:
        case Retrieved(passages):
            titles = tuple(dict.fromkeys(passage.title for passage in passages))
            slugs = tuple(dict.fromkeys(passage.slug for passage in passages))
            return replace(turn, titles=titles, slugs=slugs, found=len(passages))
        case Delta(text):
            return replace(turn, text=turn.text + text)
        case Finished(answer):
            return replace(turn, stage=Stage.ANSWERED, text=answer.text, answer=answer)
