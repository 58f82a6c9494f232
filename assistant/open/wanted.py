"""The kind of thing that a question asks for, and whether a sentence holds one.

A question for a date, a number, an amount, a name or a reason is not answered by a sentence without one,
however close the two are in meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.words import Date, Number, concept, find_dates, find_names, find_numbers, is_negated, words

LARGEST_COUNTED = 12  # a larger number in a question is a fact that the evidence must hold
LARGEST_COUNT = 99  # a larger number stands for itself ("SB 1047"), whatever follows it


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_DATE = _pattern(r"\bwhen\b", r"\b(?:what|which) (?:year|date|day|month)\b")
_NUMBER = _pattern(r"\bhow (?:many|much|large|big|long|old|often)\b", r"\bwhat (?:share|percentage|proportion)\b")
_COUNTED = _pattern(r"\bhow many\s+(?:\w+\s+(?=(?:and|or|new|different|other)\b))?(\w+)")
_AGE = _pattern(r"\bhow (?:long|old)\b")
_AGE_UNITS = frozenset(concept(unit) for unit in ("year", "month", "week", "day", "hour"))
_MEMBERS = frozenset(concept(word) for word in ("member", "partner", "organisation", "signatory", "sponsor"))
_NAME = _pattern(r"\bwho(?:m|se)?\b", r"\bwhere\b")
_MONEY = _pattern(r"\bhow much\b", r"\b(?:costs?|prices?|fees?|dues|salary|budget|revenue)\b")
_MONEY_TOLD = re.compile(
    r"USD|EUR|GBP|CHF|[$€£]|dollars?|euros?|pounds|\bpa(?:y|id)|\bfees?\b|\bfund(?:ed|ing)?\b|\bcosts?\b"
)
_CONTACT = _pattern(
    r"\b(?:phone|telephone|fax|e-?mail|street address|postal address|postcode|zip code|url|web ?site|homepage)\b"
)
_CONTACT_TOLD = _pattern(r"\+?\d[\d ()/-]{6,}\d", r"\S+@\S+\.\w+", r"https?://", r"\bwww\.", r"\b\d{4,5} [A-Z]")
_REASON = _pattern(r"\bwhy\b", r"\bwhat reasons?\b")
_REASON_TOLD = _pattern(
    r"\b(?:because|reasons?|due to|in order to|so that|owing to|purposes?|aims?|goals?|wants?|wanted"
    r"|cited|caused?|criticism|criticis\w+|object\w*|complain\w*|protest\w*|fear\w*|concern\w*|worr\w+)\b",
    r"\bafter (?:an?|the|its|their|worr\w+|concern\w*|pressure|critic\w*|protest\w*|objection\w*|dispute\w*)\b",
    r"\b(?:put|paused|stopped|left|held|broke|split|quit|halted|ended)\b.* over [a-z]",
    r"\bin (?:response|protest|view|reaction)\b",
)
_FUTURE = _pattern(r"\b(?:will|going to|next year|upcoming|supposed to)\b")
_FUTURE_TOLD = _pattern(r"\b(?:will|plan\w*|targets?|expect\w*|intend\w*|due|scheduled|was to|were to|is to|are to)\b")
_ABSENT = _pattern(r"\b(?:absen\w+|missing|lack\w*|without|outside)\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sentence must hold to answer the question.

    Attributes:
        date: A date with its year.
        number: A number; of one of the `counted` things, if there are any (concepts).
        name: A name that the question does not hold itself.
        money: An amount, or words of paying.
        contact: A number to call, or an address.
        reason: A word of giving a reason.
        future: A word of planning.
        negated: A word of denying or lacking.
        dates: These very dates.
        numbers: These very numbers.
    """

    date: bool
    number: bool
    counted: frozenset[str]
    name: bool
    money: bool
    contact: bool
    reason: bool
    future: bool
    negated: bool
    dates: tuple[Date, ...]
    numbers: tuple[Number, ...]

    @classmethod
    def by(cls, question: str) -> Wanted:
        """Read a question."""
        numbers = find_numbers(question)
        exact = tuple(number for number in numbers if number.is_decimal or number.value > LARGEST_COUNTED)
        return cls(
            date=bool(_DATE.search(question)),
            number=bool(_NUMBER.search(question)),
            counted=_counted(question),
            name=bool(_NAME.search(question)),
            money=bool(_MONEY.search(question)),
            contact=bool(_CONTACT.search(question)),
            reason=bool(_REASON.search(question)),
            future=bool(_FUTURE.search(question)),
            negated=is_negated(question),
            dates=tuple(date for date in find_dates(question) if date.year),
            numbers=exact,
        )

    @property
    def is_one_fact(self) -> bool:
        """True if one date, number or name is the whole answer."""
        return self.date or self.number or self.name

    def is_in(self, text: str, known_names: set[str]) -> bool:
        """True if the text holds the kind of thing that is asked for.

        Args:
            text: A sentence.
            known_names: Words of the names in the question; they are no answer to "who".
        """
        return (
            self._is_told(text) and self._agrees(text) and not (self.name and not set(find_names(text)) - known_names)
        )

    def _is_told(self, text: str) -> bool:
        return not (
            (self.date and not any(date.year for date in find_dates(text)))
            or (self.number and not self._is_counted(text))
            or (self.contact and not _CONTACT_TOLD.search(text))
            or (self.money and not _MONEY_TOLD.search(text))
            or (self.reason and not _REASON_TOLD.search(text))
            or (self.future and not _FUTURE_TOLD.search(text))
            or (self.negated and not is_negated(text) and not _ABSENT.search(text))
        )

    def _agrees(self, text: str) -> bool:
        """True if the dates and numbers that the question tells are the text's."""
        told_dates, told_numbers = find_dates(text), find_numbers(text)
        return all(any(date.agrees_with(told) for told in told_dates) for date in self.dates) and all(
            any(_same_count(number, told) for told in told_numbers) for number in self.numbers
        )

    def _is_counted(self, text: str) -> bool:
        numbers = find_numbers(text)
        if not self.counted:
            return bool(numbers)
        # "caps the number of members at eight" counts members as well as "eight members" does
        number_of = {concept(word) for found in re.findall(r"number of (\w+(?: \w+)?)", text) for word in words(found)}
        return any(self.counted & ({concept(unit) for unit in number.units} or number_of) for number in numbers)


def _counted(question: str) -> frozenset[str]:
    """The concepts that a number in the answer must count; empty when any number will do."""
    if _AGE.search(question):
        return _AGE_UNITS
    match = _COUNTED.search(question)
    if not match:
        return frozenset()
    asked = concept(match[1])
    return _MEMBERS if asked in _MEMBERS else frozenset({asked})


def _same_count(asked: Number, told: Number) -> bool:
    """The same number of the same thing; a bare number ("version 1.0") may count anything."""
    units = {concept(unit) for unit in asked.units[:2]}
    is_bare = not units or asked.is_decimal or asked.value > LARGEST_COUNT
    return asked.value == told.value and (is_bare or bool(units & {concept(unit) for unit in told.units}))
