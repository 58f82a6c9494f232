"""Which of several bodies is older: "Was A founded before B?", "Which came first, A or B?".

Dates are compared as exact as they are told: 2022 and May 2022 leave open which came first, and that is what is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing import Citations
from assistant.exact.vocabulary import FOUNDING, GENERAL, YES_NO
from assistant.exact.wording import join_names, upper_first
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from assistant.words import content_stems, find_dates, is_negated, word_set
from index.catalogue import Catalogue
from index.dates import Period
from index.fact_sentences import spoken_date
from index.names.finder import Mention
from index.types import AllianceRecord

MAX_BODIES = 4
_EARLY = re.compile(r"\b(?:older|oldest|earlier|earliest|first|before|predat\w*|preced\w*)\b", re.IGNORECASE)
_LATE = re.compile(
    r"\b(?:younger|youngest|newer|newest|later|latest|last|after|more recent(?:ly)?|most recent(?:ly)?)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:older|oldest|younger|youngest|newer|newest|predat\w*|preced\w*|comes?|came|held|take|took|exist\w*)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\b(?:which|what|or)\b", re.IGNORECASE)
# "How much older", "When", "Who founded", "founders of", "founded by": something else is asked.
_MORE = re.compile(r"\b(?:how|when|why|who|whom|founders?|by)\b", re.IGNORECASE)
_OF = re.compile(r" (?:for|of|on|in) ")
_WORDS = word_set(
    """older oldest earlier earliest first younger youngest newer newest later latest last recent recently predat preced
    two three four also either hold take took exist"""
)


@dataclass(frozen=True, slots=True)
class Order:
    """Bodies to be put in order by their founding dates.

    Attributes:
        bodies: In the order of the question.
        wants_youngest: The youngest is asked for, or whether the first body is the younger one; else the oldest.
        is_yes_no: Whether it is so of the first of two.
    """

    bodies: tuple[AllianceRecord, ...]
    wants_youngest: bool
    is_yes_no: bool


def read_order(question: str, mentions: Sequence[Mention]) -> Order | None:
    """The order of age that a question asks for; None when it asks for none, or for more.

    Args:
        question: With its times: "before the Seoul summit" names the other body.
        mentions: The names in it, in its order.
    """
    bodies = tuple({record.slug: record for mention in mentions for record in mention.alliances}.values())
    if not 2 <= len(bodies) <= MAX_BODIES or [len(mention.alliances) for mention in mentions] != [1] * len(bodies):
        return None
    masked = question
    for mention in reversed(mentions):
        masked = masked[: mention.start] + "@" + masked[mention.end :]
    if is_negated(masked) or find_dates(masked) or _MORE.search(masked):
        return None
    stems = content_stems(masked)
    wants_youngest = _LATE.search(masked) is not None
    if wants_youngest == (_EARLY.search(masked) is not None) or not (stems & FOUNDING or _AGE.search(masked)):
        return None
    is_choice = _CHOICE.search(masked) is not None
    is_yes_no = YES_NO.match(masked) is not None and not is_choice
    if stems - _WORDS - FOUNDING - GENERAL or not (is_choice or (is_yes_no and len(bodies) == 2)):
        return None
    return Order(bodies, wants_youngest, is_yes_no)


def tell_order(order: Order, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """One sentence with every date; empty when the catalogue lacks one of them.

    Args:
        order: What is asked.
        catalogue: Where the dates are.
        citations: Takes up the sentences that tell them.
    """
    dates = {body.slug: body.founded for body in order.bodies if body.founded and body.founded_in}
    if len(dates) < len(order.bodies):
        return []
    told = catalogue.sentences(body.founded_in for body in order.bodies if body.founded_in)
    numbers = tuple(citations.cite(told[body.founded_in]) for body in order.bodies if body.founded_in)
    periods = {slug: Period.of(date) for slug, date in dates.items()}
    ranked = sorted(order.bodies, key=lambda body: periods[body.slug].first, reverse=order.wants_youngest)
    first, second = periods[ranked[0].slug], periods[ranked[1].slug]
    if len(set(dates.values())) == 1 and first.first == first.last:
        names = upper_first(join_names(with_article(body.name) for body in order.bodies))
        start = f"No: {with_article(order.bodies[0].name)} and {with_article(order.bodies[1].name)}"
        text = f"{start if order.is_yes_no else names} date from the same day, {spoken_date(ranked[0].founded or '')}."
    elif first.overlaps(second.first, second.last):
        text = f"The dates in the articles do not settle it: {join_names(map(_dated, order.bodies))}."
    else:
        text = _settled(order, ranked)
    return [CheckedSentence(text, numbers)]


def _settled(order: Order, ranked: Sequence[AllianceRecord]) -> str:
    age = "younger" if order.wants_youngest else "older"
    if order.is_yes_no:
        one, other = order.bodies
        is_so = ranked[0] == one
        opposite = "older" if order.wants_youngest else "younger"
        return (
            f"{'Yes' if is_so else 'No'}: {_dated(one)} {_is(one)} {age if is_so else opposite} than {_dated(other)}."
        )
    others = join_names(map(_dated, ranked[1:]))
    return f"{upper_first(_dated(ranked[0]))} {_is(ranked[0])} {age} than {others}."


def _dated(body: AllianceRecord) -> str:
    return f"{with_article(body.name)} ({spoken_date(body.founded or '')})"


def _is(body: AllianceRecord) -> str:
    head = _OF.split(body.name, maxsplit=1)[0]  # of "the Laboratory for Intelligent Systems", the laboratory
    return "are" if head.endswith("s") and with_article(body.name) != body.name else "is"
