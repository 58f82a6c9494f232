"""Whether an answer is right, by the texts that it holds or must not hold.

Texts are compared without regard to capitals, accents, the form of quotes, dashes and dates: "December 5, 2023" and
2023-12-05 are the same as "5 December 2023". A number does not stand in a longer one: 54 is not in 54,000.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from assistant.evaluation.questions import Question
from assistant.types import Answer
from index.dates import Period, find_periods
from index.fact_sentences import spoken_date

Verdict = Literal["right", "wrong", "declined"]
_CITATION = re.compile(r"\s*\[\d+\]")
_DENIAL = re.compile(r"\b(?:not|no|never|none|neither|nor|cannot|nobody|nothing|\w+n't)\b")
_SAME_SIGNS = str.maketrans(
    {**dict.fromkeys("‘’‚‛′`", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
)


def judge(question: Question, answer: Answer) -> Verdict:
    """Whether the answer is right, wrong, or declined although the articles tell it.

    A small-talk reply tells nothing, so where an answer is wanted it counts as declined, unless it holds what is
    wanted; where declining is right, it is right. A forbidden text is wrong even in a reply that declines.
    """
    text = folded(_CITATION.sub("", answer.text))
    if any(holds(text, part) for part in question.holds_none):
        return "wrong"
    if question.task == "chat":
        return "right" if answer.kind == "smalltalk" and _holds_wanted(question, text) else _missed(answer)
    if not question.is_answerable and declines(answer):
        return "right"
    if question.task == "decline" or (question.task == "deny" and not _DENIAL.search(text)):
        return "wrong"
    if answer.abstained or not _holds_wanted(question, text):
        return _missed(answer)
    if question.holds_all or question.holds_any or question.task == "deny":
        return "right"
    # Only what must not be said is known, or the articles that a right answer rests on.
    if declines(answer) or (question.cites and not cites_support(question, answer)):
        return _missed(answer)
    return "right"


def declines(answer: Answer) -> bool:
    """Whether the answer tells nothing from the articles."""
    return answer.abstained or answer.kind == "smalltalk"


def cites_support(question: Question, answer: Answer) -> bool:
    """Whether a citation is to an article that supports the right answer."""
    return any(citation.slug in question.cites for citation in answer.citations)


def holds(text: str, part: str) -> bool:
    """Whether a folded text holds a part; a number must stand there whole.

    Example: holds(folded("On 5 December 2023, 54,000 signed."), "2023-12-05") is true, with "54" it is false.
    """
    wanted = folded(part)
    before = r"(?<!\d)(?<!\d[.,])" if wanted[:1].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


def folded(text: str) -> str:
    """The text in one form: small letters, plain signs, no accents, dates spoken, single blanks."""
    decomposed = unicodedata.normalize("NFKD", _with_spoken_dates(text).translate(_SAME_SIGNS)).casefold()
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())


def _holds_wanted(question: Question, text: str) -> bool:
    holds_all = all(holds(text, part) for part in question.holds_all)
    return holds_all and (not question.holds_any or any(holds(text, part) for part in question.holds_any))


def _missed(answer: Answer) -> Verdict:
    return "declined" if declines(answer) else "wrong"


def _with_spoken_dates(text: str) -> str:
    pieces = []
    end = 0
    for start, stop, period in find_periods(text):
        pieces += [text[end:start], _spoken(period)]
        end = stop
    return "".join([*pieces, text[end:]])


def _spoken(period: Period) -> str:
    first, last = period.first, period.last
    if first == last:
        return spoken_date(first.isoformat())
    return spoken_date(first.isoformat()[: 7 if first.month == last.month else 4])
