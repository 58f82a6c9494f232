"""A question in free wording, where the intent classifier is sure of the relation: what to ask of the catalogue.

The readers understand a question word by word. What they do not understand, the classifier may: "Whose brainchild was
X?" It says which relation is meant; names, times, kinds and roles are still read from the question, and a content word
that no wording of the intent holds, or a restriction that the catalogue cannot honour, leaves the question open.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal

from assistant.exact import free_bodies, free_library, free_sets
from assistant.exact.body_times import with_body_time
from assistant.exact.intent_classifier import Guess, guess_intent, unknown_stems
from assistant.exact.read_body import LIKE_IT
from assistant.exact.read_library import read_library
from assistant.exact.reading import Reading, region_stems, regions_in, roles_in
from assistant.exact.request import Request
from assistant.exact.status import read_status
from assistant.followups.make_whole import with_article
from assistant.words import content_stems, find_names, first_word
from index.catalogue import Catalogue
from index.vectors.embed import Embedder

LEAST_PROBABILITY = 0.75
LEAST_OF_SIZE = 0.95  # for the number of members: that of anything else may be told in a sentence
_MODAL = re.compile(
    r"(?<!\bi )(?<!\bwe )\b(?:may|might|must|should|could|would|will|shall|can|cannot)\b"
    r"(?! (?:you|i|we)\b| be (?:which|what|the)\b)",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\W*(?:so |and |but )*where\b", re.IGNORECASE)
_BEHIND: tuple[Literal["host", "founder"], ...] = ("host", "founder")
_READERS = {**free_bodies.READERS, **free_sets.READERS, **free_library.READERS}
_CATALOGUE_ONLY = frozenset(
    """shared_members first_not_second second_not_first shared_founders shared_bodies first_org_not_second
    org_belongs org_founded org_left org_hosts list_bodies count_bodies size""".split()
)
# Their wordings name kinds, regions and themes: what such words narrow down is looked at by their readers.
_NARROWED = frozenset({"list_bodies", "count_bodies", "oldest", "newest", "theme_events", "disagreement"})
_PLAIN = {
    "founders": "Who founded {}?",
    "former_members": "Who has left {}?",
    "host": "Which organisation hosts {}?",
    "founded": "When was {} founded?",
    "status": "Is {} still active?",
    "size": "How many members does {} have?",
    "members": "Who are the members of {}?",
}


class FreeReading:
    """What a question is understood to ask; the classifier is asked once, when it is first needed."""

    def __init__(self, reading: Reading, catalogue: Catalogue, embedder: Embedder) -> None:
        """Understand nothing yet.

        Args:
            reading: The question, taken apart.
            catalogue: Knows what describes the bodies that it names.
            embedder: What the classifier was fitted with.
        """
        self._untimed = reading
        self._catalogue = catalogue
        self._embedder = embedder

    @cached_property
    def request(self) -> Request | None:
        """What is asked of the catalogue; None when the classifier is not sure, or more is asked."""
        # "founded yet before the Paris one", "I would need those of 2021": now the reader understands it, too.
        if not _MODAL.search(self._reading.masked) and (listed := read_library(self._reading)):
            return listed
        if status := read_status(self._reading, self._describing):
            return status
        return _READERS[self._guess.intent](self._reading, self._guess) if self._is_understood else None

    @cached_property
    def plain_wording(self) -> str | None:
        """A question on one body in the plainest words, to be looked for in the articles; None if not understood."""
        reading = self._reading
        if reading.span or reading.kind or len(reading.bodies) != 1 or not self._is_understood:
            return None
        wording = _PLAIN.get(self._guess.intent)
        return wording.format(with_article(reading.bodies[0][0].name)) if wording else None

    @cached_property
    def is_for_catalogue_only(self) -> bool:
        """True for a list over several bodies, or a number of members: no sentence of one article answers it."""
        masked = self._reading.masked
        is_named = bool(self._reading.bodies or self._reading.organisations)
        if not is_named and set(find_names(masked)) - {first_word(masked)}:
            return False  # "When was the Harbour Pact founded?": a name that the catalogue does not know
        least = LEAST_OF_SIZE if self._guess.intent == "size" else LEAST_PROBABILITY
        return self._guess.intent in _CATALOGUE_ONLY and self._guess.probability[self._guess.intent] >= least

    @cached_property
    def _reading(self) -> Reading:
        return with_body_time(self._untimed, self._catalogue)

    @cached_property
    def _guess(self) -> Guess:
        return guess_intent(self._reading, self._embedder)

    @cached_property
    def _is_understood(self) -> bool:
        """Whether the intent is sure and no word of the question is left unread."""
        reading = self._reading
        if reading.is_several_times or _MODAL.search(reading.masked):
            return False
        if len(reading.bodies) == 1 and LIKE_IT.search(reading.masked):
            return False
        guess = self._guess
        if guess.intent == "host" and _WHERE.match(reading.masked):
            return False  # "Where is @ based?" asks for a place
        intents = free_sets.DIFFERENCE if guess.intent in free_sets.DIFFERENCE else (guess.intent,)
        if guess.intent not in _READERS or sum(guess.probability[intent] for intent in intents) < LEAST_PROBABILITY:
            return False
        if _NARROWED.intersection(intents):
            return True
        unknown = unknown_stems(reading.left, *intents).difference(*roles_in(reading.masked).values())
        return not unknown or unknown <= self._describing

    @cached_property
    def _describing(self) -> frozenset[str]:
        """Stems of words that only say which body is meant: "the American CAISI", "the alliance of the WEF"."""
        masked, stems = self._reading.masked, set[str]()
        for body in self._reading.records:
            opening = self._catalogue.sentences_of_article(body.slug)[:1]
            facts = [fact for role in _BEHIND for fact in self._catalogue.facts_of_alliance(body.slug, role)]
            texts = [*(record.sentence.text for record in opening), *(fact.organisation for fact in facts)]
            initials = ["".join(re.findall(r"\b[A-Z]", fact.organisation)) for fact in facts]
            stems |= content_stems(" ".join([*texts, *initials]))
            if set(regions_in(masked)) <= {region for text in texts for region in regions_in(text)}:
                stems |= region_stems(masked)
        return frozenset(stems)
