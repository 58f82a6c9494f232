"""Reservations: words that decide how much a sentence says, or how surely: "about", "planned", "most", "as of"."""

from __future__ import annotations

import re
from collections import Counter

from assistant.words import stem, words

_RESERVATION = re.compile(
    r"\b(?:as of|at least|at most|up to|more than|less than|fewer than|almost|nearly"
    # "about 70" and "over half", but not "about the law" and "under its charter"
    r"|(?:about|around|over|under)(?! (?:the|its|their|this|that|which|whom|what|how|whether)\b"
    r"| an? (?!year|month|week|day|decade|dozen|hundred|thousand|million|billion|third|quarter|half))"
    r"|only|some|partly|mainly|mostly|probably|all|every|each|most|many|several|few|half|other"
    r"|will|shall|should|can|(?:is|are|was|were|has|have) (?:yet )?to"
    r"|plan(?:s|ned)?|propos\w+|target\w*|expect\w*|draft|aims?|wants?|would|could|(?-i:may)|might|if|until"
    r"|former(?:ly)?|reported(?:ly)?|reports?|according|says?|said|claims?|critics|absent|missing"
    r"|outside|except|unless|first|later)\b",
    re.IGNORECASE,
)


def find_reservations(text: str) -> list[tuple[str, str]]:
    """Each reservation of a text in lower case, with the stem of the word that follows it."""
    found = []
    for match in _RESERVATION.finditer(text):
        following = words(text[match.end() : match.end() + 60])
        found.append((match[0].lower(), stem(following[0]) if following else ""))
    return found


def changed_reservation(claim: str, evidence: str) -> str | None:
    """What is wrong with the claim's reservations: one is dropped, made of something else, or not in the evidence."""
    made, told = Counter(find_reservations(claim)), Counter(find_reservations(evidence))
    said = Counter(stem(word) for word in words(claim))
    for (reservation, of), count in told.items():
        is_made = any(reservation == other for other, _ in made)
        if not is_made or made[reservation, of] < min(count, said[of]):
            return f"drops a reservation: {reservation}"
    # Counted: "the only one of 20" does not make it "only 20".
    added = Counter(word for word, _ in made.elements()) - Counter(word for word, _ in told.elements())
    return f"adds a reservation: {min(added)}" if added else None
