"""A question of several parts, each answered on its own: "Who founded it, and when?" are two.

Sentences around the question that ask nothing ("I am writing about the AI Alliance.", "I need the exact day.") are no
parts; one that names something is what the question may refer back to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import split_text

MAX_PARTS = 3
_ASKS = (
    r"(?:(?:since|until|by|in|on|at|from|to|for|with|under|of)\s+)?"
    r"(?:when|where|who|whom|whose|what|which|why|how)\b"
)
_ASKING = re.compile(
    rf"\?|^\W*(?:{_ASKS}|(?:list|name|show|give|tell|compare|describe|explain|summari[sz]e|count|timeline|members?|founders?)\b"
    r"|(?:is|are|was|were|does|do|did|has|have|can|could|would|should|will)\b)",
    re.IGNORECASE,
)
_NEXT_PART = re.compile(rf"\s*[,;]?\s+(?:and|but)\s+(?:also\s+)?(?={_ASKS})", re.IGNORECASE)
_RELATION = (
    r"(?:(?:co-?)?founders?|members?|hosts?|founding (?:date|year)|start(?:ing)? date|launch date"
    r"|(?:date|year) of (?:founding|launch|foundation))"
)
# "the founders and the host of it": two questions, told by nouns.
_TWO_NOUNS = re.compile(
    r"\W*(?:(?:who|what)(?: (?:are|is|were|was)|['’]s)?|list|name|give(?: me)?|show(?: me)?|tell me)?\W*"
    rf"(?:the )?(?P<one>{_RELATION}) (?:and|&)(?: also)? (?:the )?(?P<other>{_RELATION}) (?P<whose>of .+?)\W*",
    re.IGNORECASE,
)
_AFTER_QUESTION = re.compile(r"(?<=\?)\s+(?=\w)")
_MIN_PART_WORDS = 3  # "where and when did it meet?" is one question


@dataclass(frozen=True, slots=True)
class Parts:
    """The questions in what was typed, and the sentences before and after them that ask nothing."""

    context: tuple[str, ...]
    questions: tuple[str, ...]
    after: str = ""


def split_parts(text: str) -> Parts:
    """The parts of what was typed, at most `MAX_PARTS` questions; a plain question is its own only part."""
    # People go on in small letters: "is it in?? my boss asks".
    sentences = [part for whole in split_text(text) or [text] for part in _AFTER_QUESTION.split(whole)]
    asking = [sentence for sentence in sentences if _ASKING.search(sentence)]
    if not asking:
        return Parts((), tuple(_conjoined(text)))
    before = sentences[: sentences.index(asking[0])]
    questions = [part for sentence in asking for part in _conjoined(sentence)]
    if len(questions) > MAX_PARTS:
        return Parts(tuple(before), (" ".join(asking),))
    after = sentences[sentences.index(asking[-1]) + 1 :]
    return Parts(tuple(before), tuple(questions), " ".join(after))


def _conjoined(sentence: str) -> Sequence[str]:
    """Take apart what "and" joins: "Who made it, and when?" is "Who made it?" and "when?"."""
    if nouns := _TWO_NOUNS.fullmatch(sentence):
        return [f"What is the {nouns[noun]} {nouns['whose']}?" for noun in ("one", "other")]
    if not re.match(rf"\W*{_ASKS}", sentence, re.IGNORECASE):
        return [sentence]
    parts: list[str] = []
    start = 0
    for match in _NEXT_PART.finditer(sentence):
        if len(sentence[start : match.start()].split()) >= _MIN_PART_WORDS:
            parts.append(sentence[start : match.start()].strip() + "?")
            start = match.end()
    return [*parts, sentence[start:].strip()]
