"""Who did it, and to whom: "X was founded by Y" does not tell when Y was founded.

Read from word order alone, for the plain sentences that questions and articles are made of:

- passive ("X was founded ... by Y", "X, founded by Y"): X stands before the verb, Y after "by";
- active ("Y founded X"): Y stands before the verb, X after it.

Where a sentence is of neither form, nothing is claimed.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.words import concept, concepts, content_stems, word_set, words

Role = Literal["doer", "done_to"]

_AUXILIARY = word_set("is are was were be been being got")
_FOUNDING = concept("founded")
_NOT_ITS_OBJECT = re.compile(r"\b(?:with|by|in|on|at|under|for|of|to|from)\b|[,;:]")
_ADVERBS_BETWEEN = 3  # "was first officially founded"


def asked_role(masked: str) -> tuple[str, Role] | None:
    """The concept of the question's verb and the part that the name `@` plays in it, or None.

    Example: "When was @ founded?" -> ("found", "done_to"), "When did @ leave the group?" -> ("leav", "doer").
    """
    if match := re.search(
        r"\b(?:was|were|is|are|been)\s+(?:the\s+)?@\s+(\w+ed|begun|left|led|set)\b", masked, re.IGNORECASE
    ):
        return concept(match[1]), "done_to"
    if match := re.search(
        r"\b(?:did|does|do|has|have|had)\s+(?:the\s+)?@\s+(?:ever\s+)?(\w+)\b", masked, re.IGNORECASE
    ):
        return (concept(match[1]), "doer") if match[1].lower() != "get" else None
    if match := re.match(
        r"(?:and\s+)?(?:who|which \w+|what \w+)\s+(\w+ed|began|left|led|set up)\s+(?:the\s+)?@",
        masked,
        re.IGNORECASE,
    ):
        return concept(match[1]), "done_to"
    return None


def told_role(sentence: str, name: str, verb: str) -> Role | None:
    """The part that a name plays with a verb (a concept) in a sentence; None if word order does not tell."""
    # "Meta's centre" and "the fund of Meta" are not Meta.
    place = re.search(rf"(?<![\w-]){re.escape(name)}(?!['’\w-])", sentence)
    if place is None or re.search(r"\b(?:of|on|for|from|with|in|to|at)(?: the)? $", sentence[: place.start()]):
        return None
    for match in re.finditer(r"[\w-]*(?:ed|began|begun|left|led|set|had|has)\b", sentence):
        if concept(match[0]) != verb:
            continue
        before = [word.lower() for word in words(sentence[: match.start()])[-_ADVERBS_BETWEEN:]]
        by = re.compile(r"\bby\b").search(sentence, match.end())
        if _AUXILIARY & set(before) or re.match(r"\s+by\b", sentence[match.end() :]):
            if place.start() < match.start():
                return "done_to"
            return "doer" if by and place.start() > by.start() else None
        if place.start() < match.start():
            return "doer"
        # "The talks began with a visit, and X moved in": what comes after the verb is not always its object.
        return None if _NOT_ITS_OBJECT.search(sentence[match.end() : place.start()]) else "done_to"
    return None


def asks_for_founding(asked: tuple[str, Role] | None) -> bool:
    """True for "Who founded X?" and "When was X founded?"."""
    return asked == (_FOUNDING, "done_to")


def tells_founding(sentence: str, names: list[str]) -> bool:
    """True when the sentence says that one of the names was founded, or tells its founders or its founding."""
    name = "|".join(re.escape(name) for name in names)
    return any(told_role(sentence, name, _FOUNDING) == "done_to" for name in names) or bool(
        re.search(rf"\b(?:co-?)?found(?:ers?|ing) of (?:the )?(?:{name})\b|\b(?:{name})['’]s? (?:co-?)?found", sentence)
    )


def contradicts(asked: tuple[str, Role] | None, sentence: str, names: list[str]) -> bool:
    """True when the sentence tells the verb of a name in the other role than the one asked about.

    "When was X founded?" is stricter: a sentence with a word of founding must say that X was founded.
    """
    if asked is None:
        return False
    verb, role = asked
    told = {told_role(sentence, name, verb) for name in names} - {None}
    if told:
        return role not in told
    return role == "done_to" and verb == _FOUNDING and verb in concepts(content_stems(sentence))
