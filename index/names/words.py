"""The words of names, so that the many ways to write one come out the same.

"A.I." is "artificial intelligence", "Centre" is "Center", "Dept." is "Department", "Parameters" is "Parameter".
A word that nobody writes but that is nearly a word of a name is a misspelling of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

SMALL_WORDS = frozenset({"&", "a", "an", "and", "for", "in", "of", "on", "the", "to"})
MIN_MISSPELT_CHARS = 5  # "Scalla" is "Scala" with a slip; of four letters, "Mile" and "Mila" are two names
_CHARS_FOR_TWO_SLIPS = 8  # "Authentcity", "Prosprety"
_REMEMBERED = 4096  # words

_WORD = re.compile(r"[Cc]o-op\w+|\d+(?:\.\d+)+|(?:[^\W\d_]\.){2,}|\w+(?:['’]s?(?!\w))?|&")
_BETWEEN = {"for": "of", "in": "of", "of": "of", "on": "of", "to": "of", "and": "and", "&": "and"}
_ENDINGS = frozenset({"an", "i", "n", "s"})  # "Korean" is no slip
_POSSESSIVE = re.compile(r"['’]s?$")
_BREAK = re.compile(r"[^\s.,'’\"“”-]")  # no name goes on after these: "the AI (Alliance)"
_WRITTEN_OUT = {
    "ai": "artificial intelligence",
    "assoc": "association",
    "assn": "association",
    "comm": "commission",
    "corp": "corporation",
    "dept": "department",
    "dev": "development",
    "fdn": "foundation",
    "govt": "government",
    "inst": "institute",
    "intl": "international",
    "int'l": "international",
    "lab": "laboratory",
    "labs": "laboratory",
    "natl": "national",
    "org": "organization",
    "tech": "technology",
    "uni": "university",
    "univ": "university",
}
_AMERICAN = (
    (re.compile(r"is(?=ation|e$|ed$|ing$)"), "iz"),
    (re.compile(r"(?<=\w{3})our$"), "or"),
    (re.compile(r"(?<=\w{3})tre$"), "ter"),
    (re.compile(r"(?<=\w{3})ogue"), "og"),
    (re.compile(r"ence$"), "ense"),
    (re.compile(r"amme$"), "am"),
)


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a text that may belong to a name.

    Attributes:
        start: Where it begins.
        end: Where it ends, without a possessive.
        text: As written, without a possessive.
        form: What it is in `plain` letters; "AI" is two words, of which this is one.
        near: The words of names that it may be a misspelling of, as names write them in small letters.
        between: What joins it to the word before: "", ",", "and", "of" (any preposition), or "." where no name goes on.
    """

    start: int
    end: int
    text: str
    form: str
    near: tuple[str, ...] = ()
    between: str = ""

    @property
    def is_plural(self) -> bool:
        """True if the word is written with the "s" of a plural."""
        return singular(self.text.lower()) != self.text.lower()


@lru_cache(maxsize=_REMEMBERED)
def plain(word: str) -> tuple[str, ...]:
    """The word (in two if it is written out so) in small letters, singular, American, no abbreviation."""
    word = re.sub(r"[.-]", "", _POSSESSIVE.sub("", word.lower()))
    return tuple(_american(singular(part)) for part in _WRITTEN_OUT.get(word, word).split())


def singular(word: str) -> str:
    """A word in small letters without the "s" of a plural: "models" is "model", "process" stays."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "sui" else word


def _american(word: str) -> str:
    for british, american in _AMERICAN:
        word = british.sub(american, word)
    return word


def name_words(text: str, near: Callable[[str], tuple[str, ...]] = lambda _: ()) -> Iterator[NameWord]:
    """The words of a text but small ones, in order.

    Args:
        text: Any text.
        near: What a word as written may be a misspelling of.
    """
    between, end, is_abbreviated = "", 0, False
    for match in _WORD.finditer(text):
        written = _POSSESSIVE.sub("", match[0])
        gap = text[end : match.start()]
        if _BREAK.search(gap) or (gap.startswith(". ") and not is_abbreviated):
            between = "."
        elif "," in gap and not between:
            between = ","
        end, is_abbreviated = match.end(), written.lower() in _WRITTEN_OUT
        if written.lower() in SMALL_WORDS:
            between = between if between == "." else _BETWEEN.get(written.lower(), between)
            continue
        for form in plain(written):
            yield NameWord(match.start(), match.start() + len(written), written, form, near(written), between)
            between = ""


class Misspellings:
    """Which words of names a word may be a misspelling of."""

    def __init__(self, words: Iterable[str], is_word: Callable[[str], bool]) -> None:
        """Prepare the words.

        Args:
            words: The words of all names, in small letters.
            is_word: Whether a word, as written, is one that the library uses otherwise.
        """
        self._words = sorted({word for word in words if len(word) >= MIN_MISSPELT_CHARS and word.isalpha()})
        self._known = frozenset(self._words)
        self._is_word = is_word
        self.near = lru_cache(maxsize=_REMEMBERED)(self._near)

    def _near(self, written: str) -> tuple[str, ...]:
        word = written.lower()
        if len(word) < MIN_MISSPELT_CHARS - 1 or not word.isalpha() or word in self._known or self._is_word(written):
            return ()
        close = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=2, limit=None)
        return tuple(
            name_word
            for name_word, slips, _ in close
            if slips <= (2 if len(name_word) >= _CHARS_FOR_TWO_SLIPS else 1)
            and word.removeprefix(name_word) not in _ENDINGS
        )
