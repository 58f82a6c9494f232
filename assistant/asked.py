"""A question, taken apart once, to be held against many sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from assistant.roles import asked_role, asks_for_founding, contradicts, tells_founding
from assistant.wanted import Wanted
from assistant.words import concept, concepts, content_stems, content_words, find_names, first_word, stem
from index.catalogue import Catalogue
from index.names import MIN_TYPO_CHARS, TYPO_SIMILARITY, Mention, NameFinder

SAME_MEANING_SHARE = 0.8  # a word of the same meaning instead of the word itself
TITLE_SHARE = 0.6  # a word that only the title or the heading holds

_WRITTEN_OUT = {
    "CEO": "chief executive",
    "HQ": "headquarters",
    "exec": "executive",
    "R&D": "research and development",
}
_WRITTEN_OUT |= {"whats": "what is", "whos": "who is"}
_DEFINITION = re.compile(
    r"^(?:what|who)(?:['’]s| is| are| was| were) (?:the )?@(?: for| about)?\W*$"
    r"|^what (?:does|do) (?:the )?@ do\W*$"
    r"|^(?:tell|explain|describe|summari[sz]e|introduce)\b.*@\W*$",
    re.IGNORECASE,
)
_COMPARISON = re.compile(r"\bdiffer\w*|\bcompar\w+|\bversus\b|\bvs\b|\bdistinguish\w*", re.IGNORECASE)
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
        wants_definition: "What is X?", "Tell me about X".
        wants_comparison: "How do X and Y differ?"
        wants_hearsay: It asks for criticism or for differing reports.
    """

    def __init__(self, question: str, vector: NDArray[np.float32], catalogue: Catalogue, names: NameFinder) -> None:
        """Take a question apart; `vector` is its unit embedding (dim,)."""
        for short, written_out in _WRITTEN_OUT.items():
            question = re.sub(rf"\b{short}\b", written_out, question, flags=re.IGNORECASE)
        self.question = question
        self.vector = vector
        self.mentions = names.find(question)
        self._spellings = [names.spellings(mention) for mention in self.mentions]
        self._meanings = [_meanings(mention) for mention in self.mentions]
        self._mentioned_words = {word for mention in self.mentions for word in mention.text.split()}
        masked = " ".join(names.mask(question, " @ ").split())
        other_names = [name for name in find_names(masked) if name != first_word(question) or not name[1:].islower()]
        self.other_names = [_known_spelling(name, catalogue) for name in other_names]
        self.weights = _word_weights(masked, set(other_names), catalogue)
        self.wanted = Wanted.by(question)
        self.wants_definition = bool(_DEFINITION.match(masked))
        self.wants_comparison = bool(_COMPARISON.search(question))
        self.wants_hearsay = bool(_HEARSAY.search(question))
        self._role = asked_role(masked)

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

    def names_held(self, named: Collection[tuple[str, str]], slug: str) -> int:
        """How many of the names asked about the sentence is about; 0 if none of the alliances or of the others.

        Args:
            named: What the sentence names, as `Catalogue.names_in` tells it: "the AI Alliance Network" is not the
                AI Alliance.
            slug: Its article; a sentence in an article about an alliance is about that alliance.
        """
        about = {*named, ("alliance", slug)}
        held = [bool(about & meanings) for meanings in self._meanings]
        alliances = [h for h, mention in zip(held, self.mentions, strict=True) if mention.alliances]
        others = [h for h, mention in zip(held, self.mentions, strict=True) if not mention.alliances]
        return 0 if (alliances and not any(alliances)) or (others and not any(others)) else sum(held)

    def holds_other_names(self, text: str) -> bool:
        """True if the text holds every other name in the question ("Chris Meserole", "Gemini")."""
        lower = text.lower()
        return all(re.search(rf"(?<!\w){re.escape(name.lower())}", lower) for name in self.other_names)

    def is_about_other_names(self, text: str) -> bool:
        """True if there are such names and the text holds them, not only as "a paper on X", "board of X"."""
        before = r"(?<!\w)(?<!on )(?<!of )(?<!about )"
        return bool(self.other_names) and all(
            re.search(before + re.escape(name), text, re.IGNORECASE) for name in self.other_names
        )

    def fits(self, text: str) -> bool:
        """True if the text holds what is wanted, and tells it of who is asked about, not of another."""
        if self._spellings and contradicts(self._role, text, self._spellings[0]):
            return False
        # Who founded an alliance, its article tells in many ways; of any other body, only the word itself will do.
        if self.mentions and not self.mentions[0].alliances and asks_for_founding(self._role):
            return tells_founding(text, self._spellings[0])
        return self.wanted.is_in(text, self._mentioned_words)


def _word_weights(text: str, names: Collection[str], catalogue: Catalogue) -> Mapping[str, float]:
    """Inverse document frequency of each content word, over passages; one the library lacks weighs the most.

    Names do not count here: they are asked for on their own.
    """
    total = max(catalogue.passage_count, 1)
    return {
        word: math.log(1 + total / (1 + catalogue.passages_with(word)))
        for word in dict.fromkeys(word.lower() for word in content_words(text) if word not in names)
    }


def _known_spelling(name: str, catalogue: Catalogue) -> str:
    """The name, or the word of the library that it is a misspelling of."""
    if len(name) < MIN_TYPO_CHARS or catalogue.passages_with(name):
        return name
    match = process.extractOne(name, sorted(catalogue.name_words), scorer=fuzz.ratio, score_cutoff=TYPO_SIMILARITY)
    return str(match[0]) if match else name


def _meanings(mention: Mention) -> set[tuple[str, str]]:
    """What a name may mean, as `Catalogue.names_in` writes it."""
    found = {("alliance", alliance.slug) for alliance in mention.alliances}
    return found | ({("organisation", mention.organisation.name)} if mention.organisation else set())
