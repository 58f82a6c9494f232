"""Whether a pronoun means something that its own question names: "When did Cisco put its name to the Rome Call?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.words import find_names, first_word, word_set, words
from index.names.finder import Mention

# What a body has: "Is Google one of its members?" asks about the body's, whoever else is named.
PARTS = word_set(
    """founder founders founding member members membership budget funding funders goals goal aims aim purpose mission
    headquarters seat secretariat chair director leader leadership board staff partners signatories history structure
    governance criticism criticisms critics achievements results outputs publications projects work activities events
    website status host sponsors supporters donors fees fee size location date companies countries universities
    working groups group committees rules principles commitments origin origins future plans"""
)
# "Chinese members" and "AI" name nobody.
_NO_NAME = re.compile(r"AI|Chinese|American|European|British|African|Indian|Japanese|Korean|Asian|Western")
_NEW_CLAUSE = re.compile(r"[,;.?!]|\b(?:and|or|but|when|if|because|before|after|while|since|that)\b", re.IGNORECASE)
_SOMETHING = re.compile(r"\b(?:an?|each|every|which(?! of\b)|what) (?!year|date|month|role|part)[a-z-]+", re.IGNORECASE)
# "and the data set, what is it called?"
FRONTED = re.compile(
    r"^(?:(?:and|but|so|ok|then)\b,? )*(?:the|that|this) (?P<thing>(?:[a-z-]+ ){0,2}[a-z-]+)\s*[,:–—-]\s*\w",
    re.IGNORECASE,
)
_AUXILIARY_BEFORE = re.compile(r"\b(?:do|does|did|is|was|has|are|were|have|can|will)\s*$", re.IGNORECASE)


def is_own(question: str, pronoun: re.Match[str], mentions: Sequence[Mention]) -> bool:
    """True if the question itself names what its pronoun means.

    Args:
        question: As typed.
        pronoun: Where the pronoun stands in it.
        mentions: The names of the catalogue in the question.
    """
    before = question[: pronoun.start()]
    if FRONTED.match(before):
        return True
    ends = [mention.end for mention in mentions if mention.end <= pronoun.start()]
    ends += [before.rindex(name) + len(name) for name in own_names(before)]
    thing = None if _AUXILIARY_BEFORE.search(before) else _SOMETHING.search(before)
    if any(mention.alliances for mention in mentions) and (ends or thing):
        return True
    if not ends:
        return False
    following = next(iter(words(question[pronoun.end() :].lower())), None)
    is_possessive = pronoun[0].lower() in ("its", "their")
    return bool(_NEW_CLAUSE.search(before[max(ends) :])) or (is_possessive and following not in PARTS)


def own_names(question: str) -> list[str]:
    """Names the question brings along; its first word is capitalised anyway."""
    return [
        name
        for name in find_names(question)
        if (name != first_word(question) or name[1:] != name[1:].lower()) and not _NO_NAME.fullmatch(name)
    ]
