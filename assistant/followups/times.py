"""Follow-ups that only name another time: "And in 2025?", "and by 2 March?", "and that December?", "and today?"."""

from __future__ import annotations

import re

from assistant.followups.pronouns import LEADING
from assistant.followups.said import Said
from assistant.words import word_set, words
from index.names.finder import NameFinder
from index.question_times import find_times

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_BEFORE_TIME = r"(?:in|by|on|since|until|till|before|after|during|as of|at)"
_MONTH_ALONE = re.compile(
    rf"\b(?:that|{_BEFORE_TIME} (?:that |early |mid-? ?|late )*)\s*(?:\d{{1,2}}(?:st|nd|rd|th)? )?{_MONTH}"
    r"(?: \d{1,2}\b)?",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\b(?:at|in|from|since) (?:the |its |their )?(?:very )?(?:beginning|start|launch|outset|end)\b(?! of\b)"
    r"|\b(?:today|now(?:adays)?|currently|at present|(?:last|this|next) (?:year|month))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_EMPTY = word_set("and but so what how about for which who ones one then it is was that were are")
_ASKS = re.compile(
    r"\b(?:who|what|which|where|why|how|list|name)\b|^(?:is|are|was|were|do|does|did|has|have|had)\b", re.IGNORECASE
)
_ASKS_FOR_TIME = re.compile(r"\bwhen\b|\b(?:which|what) (?:year|date|day|month)\b", re.IGNORECASE)


def asked_of_a_time(question: str, said: Said) -> str | None:
    """The previous question asked of the time that is all this one names; None if it says more, or asks for a time."""
    time = _only_time(LEADING.sub("", question), said.names)
    previous = said.turns[-1].question
    if time is None or not _ASKS.search(previous) or _ASKS_FOR_TIME.search(previous):
        return None
    if not _YEAR.search(time) and _MONTH_ALONE.fullmatch(time):
        years = _YEAR.findall(previous)
        time = f"{time} {years[-1]}" if years else time
    spans = _times(previous, said.names)
    if not spans:
        return f"{previous.rstrip(' ?.!')} {time}?"
    start, end = spans[0]
    whole = previous[:start] + time + previous[end:]
    return re.sub(r"\s+", " ", whole)


def _only_time(question: str, names: NameFinder) -> str | None:
    """The time, with a preposition, of a question that holds nothing else."""
    spans = _times(question, names)
    if len(spans) != 1:
        return None
    (start, end), *_ = spans
    if not set(words((question[:start] + " " + question[end:]).lower())) <= _EMPTY:
        return None
    time = re.sub(r"^(?:that|in that)\s+", "in ", question[start:end], flags=re.IGNORECASE)
    is_placed = re.match(rf"{_BEFORE_TIME}\b", time, re.IGNORECASE) or _MOMENT.fullmatch(time)
    return time if is_placed else f"in {time}"


def _times(text: str, names: NameFinder) -> list[tuple[int, int]]:
    """Where times stand, first to last; of those that overlap, the one found first."""
    mentions = names.find(text)
    found = [(time.start, time.end) for time in find_times(text, mentions)]
    for pattern in (_MOMENT, _MONTH_ALONE):
        for match in pattern.finditer(text):
            taken = [*found, *((mention.start, mention.end) for mention in mentions)]
            if not any(start < match.end() and match.start() < end for start, end in taken):
                found.append(match.span())
    return sorted(found)
