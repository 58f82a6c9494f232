"""Ways of saying who was in a body at its start, brought to the words that sets are read by.

"The launch line-up of @" and "the @ promoters" are its founders; "those who signed @ on day one" its first signatories.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.exact.reading import Reading
from assistant.exact.vocabulary import GENERAL
from assistant.words import content_stems, is_negated
from index.dates import Period
from index.question_times import find_times

AT_START = (
    r"(?:on (?:its |the )?(?:very )?(?:launch|first|opening) day|on day one|from (?:day one|(?:the )?(?:very )?(?:start"
    r"|outset|beginning))|at (?:its |the )?(?:very )?(?:launch|start|outset|beginning|founding|foundation|birth)"
    r"|when it (?:was )?(?:launched|started|began|founded|set up)|initially|originally|to begin with)"
)
# Stands for "signed at the start": a word of founding and one of signing.
_SIGNED_FIRST = "founding-signers of @"
_EARLY = r"(?:launch|initial|original|first|charter|inaugural|earliest|founding)"
_SIGNERS = r"(?:signator(?:y|ies)|signers?)"
_PEOPLE = (
    r"(?:members?|partners?|group|line-?up|compan(?:y|ies)|firms?|participants?|backers?|promoters?|sponsors?"
    r"|organi[sz]ations?|countries|states|governments)"
)
_SAME = tuple(
    (re.compile(pattern, re.IGNORECASE), to)
    for pattern, to in (
        (
            rf"\b{_EARLY} {_SIGNERS} (?:of|to|on|in) (?:the )?@|@(?:['’]s?)? {_EARLY} {_SIGNERS}"
            rf"|\bsign(?:ed|s|ing)? (?:the )?@ {AT_START}",
            _SIGNED_FIRST,
        ),
        (
            rf"\b(?:{_EARLY} {_PEOPLE}|promoters?(?: group)?) (?:of|in|behind|at) (?:the )?@"
            rf"|@(?:['’]s?)? (?:{_EARLY} {_PEOPLE}|promoters?(?: group)?)"
            rf"|\b(?:in|join(?:ed|ing)?|part of|belong(?:ed|s)? to|members? of) (?:the )?@ {AT_START}",
            "founders of @",
        ),
        (r"\bannounc(?:ed|ing) (?=(?:the )?@)", "founded "),
        (r"\b(?:had|has|have|having|took|take|taking) no (?:hand|part|role|share|say) in\b", "not in"),
        (r"\b(?:made|make|makes|making) it (?:in|on)to\b", "in"),
        (r"\b(?:turn|show|crop|pop)(?:s|ed|ing)? up (?=(?:in|on|at|among)\b)", ""),
        (r",? \b(?:respectively|individually)\b", ""),
    )
)
_INTRODUCED = re.compile(
    r"^(?:(?:looking at|taking|comparing|compare|of|between|take|for|as for|with) )?"
    r"(?:the )?@(?:,? (?:and|or|vs\.?|versus) (?:the )?@)+"
    r"\s*[:,–—-]\s*(?=.*@.*@)",
    re.IGNORECASE,
)
_BETWEEN_NAME_AND_TIME = re.compile(r"[^@#,;.?]{0,20}")


def in_plain_words(reading: Reading) -> Reading:
    """The question with its ways of saying "founders" and "first signatories" made one, and each body named once."""
    reading = _named_once(reading)
    masked = reading.masked
    for pattern, to in _SAME:
        masked = pattern.sub(to, masked)
    return reading if masked == reading.masked else _reworded(reading, masked)


def without_founding_times(reading: Reading) -> tuple[Reading, frozenset[int]] | None:
    """Without times that only say when a body began: "the firms that founded @ in 2016 and signed @ in 2020".

    Returns:
        The reading, and the places of the bodies so dated; None if a time is no body's founding.
    """
    masked = reading.masked
    dated: set[int] = set()
    for time in sorted(find_times(masked, ()), reverse=True):
        before = masked[: time.start]
        place = before.count("@") - 1
        if place < 0 or not _BETWEEN_NAME_AND_TIME.fullmatch(before.rpartition("@")[2]):
            return None
        (alliance, *others) = reading.bodies[place]
        if others or not alliance.founded or time.first is None or time.last is None:
            return None
        founded = Period.of(alliance.founded)
        if not (time.first <= founded.first and founded.last <= time.last):
            return None
        dated.add(place)
        masked = before + masked[time.end :]
    return replace(_reworded(reading, " ".join(masked.split())), is_several_times=False), frozenset(dated)


def _named_once(reading: Reading) -> Reading:
    """Without an introduction that names the bodies beforehand: "Looking at A and B: who is in A, not in B?"."""
    introduced = _INTRODUCED.match(reading.masked)
    if introduced is None or reading.organisations:
        return reading
    count = introduced[0].count("@")
    if set(reading.bodies[:count]) != set(reading.bodies[count:]):
        return reading
    shorter = replace(reading, bodies=reading.bodies[count:])
    return _reworded(shorter, reading.masked[introduced.end() :])


def _reworded(reading: Reading, masked: str) -> Reading:
    """The same in other words; a stem that was left out before, as that of a name is, stays so."""
    known = content_stems(reading.masked) - reading.left
    left = frozenset(content_stems(masked) - GENERAL - known)
    return replace(reading, masked=masked, left=left, is_negated=is_negated(masked))
