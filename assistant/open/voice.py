"""Who acts and when: "announced" is not "was announced", and what was is not what is."""

from __future__ import annotations

import re

from assistant.words import stem, words

_BE = frozenset("is are was were be been being".split())
_PARTICIPLES = frozenset("led held built made chosen given paid won written spent taken brought begun".split())
_BETWEEN = frozenset("not also first later then still never".split())  # between "was" and "announced", besides adverbs
_PRESENT = re.compile(r"\b(?:is|are|has|have)\b")
_PAST = re.compile(r"\b(?:was|were|had|became)\b")
# "... was founded on 26 July 2023 by Anthropic", but not "rose by 30" and not "two efforts, led by Adobe"
_BY = re.compile(r"\b(?:is|are|was|were|be|been|being)\b[^,;]*?\b(by)\b(?! \d)")


def find_by(text: str) -> int | None:
    """Where the "by" of a passive stands that tells who acts; None if there is none."""
    match = _BY.search(text)
    return match.start(1) if match else None


def changes_voice(claim: str, evidence: str) -> str | None:
    """The first verb that is passive in one of them and active in the other, though neither tells by whom."""
    if (find_by(claim) is None) != (find_by(evidence) is None):
        return None  # turned with its names, which are compared in their order
    told = _passive_verbs(evidence)
    for verb, is_passive in _passive_verbs(claim).items():
        if verb in told and not is_passive <= told[verb]:
            return verb
    return None


def makes_present(claim: str, evidence: str) -> bool:
    """True if the claim tells as present what the evidence tells as past only: "is" for "was", "leads" for "led"."""
    if _PRESENT.search(claim) and _PAST.search(evidence) and not _PRESENT.search(evidence):
        return True
    past = _passive_verbs(evidence)
    otherwise = {stem(word) for word in words(evidence) if not _is_past(word)}
    return any(
        word.islower() and word.endswith("s") and stem(word) in past and stem(word) not in otherwise
        for word in words(claim)
    )


def _passive_verbs(text: str) -> dict[str, set[bool]]:
    """The stem of each verb in the past, with whether it is found behind a form of "be"."""
    found = words(text)
    verbs: dict[str, set[bool]] = {}
    for i, word in enumerate(found):
        if _is_past(word):
            before = i - 1
            while before >= 0 and (found[before] in _BETWEEN or found[before].endswith("ly")):
                before -= 1
            verbs.setdefault(stem(word), set()).add(before >= 0 and found[before] in _BE)
    return verbs


def _is_past(word: str) -> bool:
    return word.islower() and (word.endswith("ed") or word in _PARTICIPLES)
