"""An answer for each of several bodies, or none: half an answer reads like a whole one."""

from __future__ import annotations

from collections.abc import Callable

from assistant.exact.intent import Intent
from assistant.types import CheckedSentence
from index.types import AllianceRecord


def for_each_body(intent: Intent, tell: Callable[[AllianceRecord], list[CheckedSentence]]) -> list[CheckedSentence]:
    """What is told of each body named; nothing when one of them is told nothing of.

    Of a name that several bodies bear, what one of them is told of will do: the sentence says which it is.
    """
    sentences = []
    for body in intent.bodies:
        told = [sentence for alliance in body for sentence in tell(alliance)]
        if not told:
            return []
        sentences += told
    return sentences
