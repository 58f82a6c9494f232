"""A question, taken apart once, to be held against many sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from assistant.open.places import same_place
from assistant.open.question_form import asked_verb, asking_sentence, key_words
from assistant.open.roles import asked_role, asks_for_founding, contradicts, tells_founding
from assistant.open.wanted import Wanted
from assistant.words import concept, concepts, content_stems, content_words, find_names, first_word, stem
from index.catalogue import Catalogue
from index.names.finder import MIN_TYPO_CHARS, TYPO_SIMILARITY, NameFinder

SAME_MEANING_SHARE = 0.8  # a word of the same meaning instead of the word itself
TITLE_SHARE = 0.6  # a word that only the title or the heading holds

_WRITTEN_OUT = {
    "CEO": "chief executive",
    "CTO": "chief technology officer",
    "CFO": "chief financial officer",
    "COO": "chief operating officer",
    "HQ": "headquarters",
    "exec": "executive",
    "R&D": "research and development",
    "NGOs": "non-governmental organisations",
}
_WRITTEN_OUT |= {"whats": "what is", "whos": "who is"}
_DEFINITION = re.compile(
    r"^(?:what|who)(?:['’]s| is| are| was| were) (?:the )?@(?: for| about)?\W*$"
    r"|^what (?:does|do) (?:the )?@ do\W*$"
    r"|^(?:tell|explain|describe|summari[sz]e|introduce)\b.*@\W*$",
    re.IGNORECASE,
)
_COMPARISON = re.compile(r"\bdiffer\w*|\bcompar\w+|\bversus\b|\bvs\b|\bdistinguish\w*", re.IGNORECASE)
_PLACE = re.compile(r"\bwhere\b|\b(?:which|what) (?:city|country|place|town|venue)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_LIST = re.compile(
    r"\b(?:which|what)\s+(?:\w+\s+){0,2}?\w+s\b|\bwho (?:are|were)\b|\b(?:list|names?|members)\b", re.IGNORECASE
)
_NAME = re.compile(r"\b(?:called|name|title|which|who)\b", re.IGNORECASE)
_PRESENT = re.compile(r"\b(?:is|are|does|do|has|have|currently|now|latest|today)\b", re.IGNORECASE)
_WHEN_OR_WHY = re.compile(r"\W*(?:\w+\W+){0,2}(?:when|why)\b", re.IGNORECASE)
_YES_NO = re.compile(
    r"(?:so |and |but )*(?:is|are|was|were|does|do|did|has|have|had|can|could|must|may|will|would|should)\b",
    re.IGNORECASE,
)
_COMPASS = re.compile(r"(?:north|south)?(?:east|west)?(?:ern)?", re.IGNORECASE)
_HEARSAY = re.compile(r"critic|disagree|differ|controvers|reports?\b|accounts?\b|observers?\b", re.IGNORECASE)


class Asked:
    """What a question names, what it says of it, and what it wants to know.

    Attributes:
        question: With abbreviations written out.
        vector: Its unit embedding, (dim,).
        mentions: The alliances and organisations that it names.
        other_names: Other words written as names, in the spelling of the library.
        weights: Its other content words, in lower case, by inverse document frequency.
        wanted: The kind of thing that is asked for.
        bodies: The alliances among the mentions, and `meanings` all of them, as `Catalogue.names_in` writes them.
        organisations: What each name that is no alliance's may mean.
        core_names: The other names in the sentence that asks.
        core_organisations: The spellings of each organisation in it.
        core_bodies: The slugs of the alliances that each name in it may mean.
        key_words: The first content words after "who", "what", "how many" ...
        verb: The concept of what a name is asked to have done, or None.
        is_yes_no: "Is X binding?"
        wants_definition: "What is X?", "Tell me about X".
        wants_comparison: "How do X and Y differ?"
        wants_hearsay: It asks for criticism or for differing reports.
        wants_place, wants_person, wants_name, wants_list: It asks for one.
        wants_present: It asks how things are now.
        asks_when_or_why: It takes for granted that something happened.
    """

    def __init__(self, question: str, vector: NDArray[np.float32], catalogue: Catalogue, names: NameFinder) -> None:
        """Take a question apart; `vector` is its unit embedding (dim,)."""
        for short, written_out in _WRITTEN_OUT.items():
            question = re.sub(rf"\b{short}\b", written_out, question, flags=re.IGNORECASE)
        self.question = question
        self.vector = vector
        self.mentions = names.find(question)
        self._spellings = [names.spellings(mention) for mention in self.mentions]
        self._mentioned_words = {word for mention in self.mentions for word in mention.text.split()}
        self._words_of_names = {word.lower() for word in self._mentioned_words}
        masked = " ".join(names.mask(question, " @ ").split())
        other_names = [name for name in find_names(masked) if name != first_word(question) or not name[1:].islower()]
        self.other_names = [_known_spelling(name, catalogue) for name in other_names]
        self.weights = _word_weights(masked, set(other_names), catalogue)
        core = asking_sentence(question)
        masked_core = " ".join(names.mask(core, " @ ").split())
        self.meanings = {meaning for mention in self.mentions for meaning in mention.meanings}
        self.bodies = {meaning for meaning in self.meanings if meaning[0] == "alliance"}
        self.organisations = [mention.meanings for mention in self.mentions if not mention.alliances]
        self.core_names = [
            known for name, known in zip(other_names, self.other_names, strict=True) if _holds_word(core, name)
        ]
        self.core_organisations = [
            spellings
            for mention, spellings in zip(self.mentions, self._spellings, strict=True)
            if not mention.alliances and mention.text in core
        ]
        self.core_bodies = list(
            dict.fromkeys(
                frozenset(alliance.slug for alliance in mention.alliances)
                for mention in self.mentions
                if mention.alliances and mention.text in core
            )
        )
        self.key_words = key_words(masked_core)
        self.verb = asked_verb(masked_core)
        self.wanted = Wanted.by(core)
        self._read_form(core)
        self.wants_definition = bool(_DEFINITION.match(masked))
        self.wants_comparison = bool(_COMPARISON.search(question))
        self.wants_hearsay = bool(_HEARSAY.search(question))
        self._role = asked_role(masked)

    def _read_form(self, core: str) -> None:
        """What the form of the asking sentence says of the answer."""
        self.is_yes_no = bool(_YES_NO.match(core))
        self.asks_when_or_why = bool(_WHEN_OR_WHY.match(core))
        self.wants_place = bool(_PLACE.search(core))
        self.wants_list = bool(_LIST.search(core)) and not self.wanted.number
        self.wants_person = bool(_PERSON.search(core)) and not self.wants_list
        self.wants_name = bool(_NAME.search(core))
        self.wants_present = bool(_PRESENT.search(core)) and not self.wanted.dates and not self.wanted.date

    @property
    def is_empty(self) -> bool:
        """True if nothing is asked: "?", "and or not"."""
        return not (self.weights or self.mentions or self.other_names or self.wanted.dates)

    def word_share(self, text: str, context: str) -> float:
        """Share (0 to 1, by weight) of the question's words that text (or, for less, context) holds."""
        total = sum(self.weights.values())
        if not total:
            return 1.0
        in_text, in_context = content_stems(text), concepts(content_stems(context))
        meant = concepts(in_text)

        def part(word: str) -> float:
            if stem(word) in in_text:
                return 1.0
            if concept(word) in meant:
                return SAME_MEANING_SHARE
            return TITLE_SHARE if concept(word) in in_context else 0.0

        return sum(weight * part(word) for word, weight in self.weights.items()) / total

    def closeness(self, vector: NDArray[np.float32]) -> float:
        """Cosine of the question's and another unit embedding (dim,)."""
        return float(self.vector @ vector)

    def relevance(self, text: str, vector: NDArray[np.float32], context: str) -> float:
        """Closeness in meaning plus share of words held, 0 to 2."""
        return self.closeness(vector) + self.word_share(text, context)

    def is_about(self, named: Collection[tuple[str, str]], slug: str) -> bool:
        """True if a sentence is about an alliance that is asked about, or if none is.

        Args:
            named: What the sentence names, as `Catalogue.names_in` tells it: "the AI Alliance Network" is not the
                AI Alliance.
            slug: Its article; a sentence in an article about an alliance is about that alliance.
        """
        return not self.bodies or bool(self.bodies & {*named, ("alliance", slug)})

    def is_in_its_names(self, word: str) -> bool:
        """True for a word of the names in the question, which is no answer to it."""
        return word.lower() in self._words_of_names

    def unknown_name(self, catalogue: Catalogue) -> str | None:
        """A name in the asking sentence that no article holds, nor another word for the same place."""
        # "Chinese-backed", "mid-December" and "Southeast" are written with a capital, but are no names.
        names = [n for n in self.core_names if not re.search(r"^[a-z]|-[a-z]", n) and not _COMPASS.fullmatch(n)]
        unknown = (n for n in names if not any(catalogue.passages_with(word) for word in same_place(n)))
        return next(unknown, None)

    def fits(self, text: str) -> bool:
        """True if the text holds what is wanted, and tells it of who is asked about, not of another."""
        if self._spellings and contradicts(self._role, text, self._spellings[0]):
            return False
        return self.wanted.is_in(text, self._mentioned_words)

    def tells_another_founding(self, text: str) -> bool:
        """True for "X was founded by Y" where it is asked who founded Y, or when.

        Who founded an alliance, its article tells in many ways; of any other body, only the word itself will do.
        """
        is_asked = bool(self.mentions) and not self.mentions[0].alliances and asks_for_founding(self._role)
        return is_asked and not tells_founding(text, self._spellings[0])


def _word_weights(text: str, names: Collection[str], catalogue: Catalogue) -> Mapping[str, float]:
    """Inverse document frequency of each content word, over passages; one the library lacks weighs the most.

    Names do not count here: they are asked for on their own.
    """
    total = max(catalogue.passage_count, 1)
    return {
        word: math.log(1 + total / (1 + catalogue.passages_with(word)))
        for word in dict.fromkeys(word.lower() for word in content_words(text) if word not in names)
    }


def _holds_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}", text, re.IGNORECASE) is not None


def _known_spelling(name: str, catalogue: Catalogue) -> str:
    """The name, or the word of the library that it is a misspelling of."""
    if len(name) < MIN_TYPO_CHARS or catalogue.passages_with(name):
        return name
    match = process.extractOne(name, sorted(catalogue.name_words), scorer=fuzz.ratio, score_cutoff=TYPO_SIMILARITY)
    return str(match[0]) if match else name
