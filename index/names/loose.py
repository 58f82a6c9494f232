"""Names of several words that are written loosely or misspelt.

1. The words of each name but small ones, plain (see `index.names.words`), lead to it.
2. From each word of a text one goes on as long as a name begins so; a word that nobody writes also counts as the
   words of names that it may be a misspelling of.
3. What joins the words must fit: "Partnership in AI" is the Partnership on AI, "AI in the alliance" is no AI Alliance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.names.words import NameWord, name_words, plain

MAX_MISSPELT = 2
_MIN_WORDS_TO_STAND_ALONE = 3  # "coalition of secure AI" is a name in small letters, "partnership in AI" may be none
_FITS = {  # what stands between two words -> what may stand there in the name
    "": {"", "and", ","},
    ",": {"and", ","},
    "and": {"and", ","},
    "of": {"of"},
}


@dataclass(frozen=True, slots=True)
class LooseName:
    """A stretch of text that is nearly a name; `name` is a key, `misspelt` the number of words that are."""

    start: int
    end: int
    name: str
    misspelt: int


class LooseNames:
    """The names of a library that have several words."""

    def __init__(self, names: Iterable[str]) -> None:
        """Prepare the names, each of which is given back as it is given."""
        self._ends: dict[tuple[str, ...], list[tuple[str, tuple[NameWord, ...]]]] = {}
        self._beginnings: set[tuple[str, ...]] = set()
        for name in names:
            words = tuple(name_words(name))
            key = tuple(word.form for word in words)
            if _written(words) > 1:
                self._ends.setdefault(key, []).append((name, words))
                self._beginnings.update(key[:size] for size in range(1, len(key) + 1))

    def find(self, text: str, near: Callable[[str], tuple[str, ...]]) -> list[LooseName]:
        """Every stretch that is nearly a name, by start; they may overlap.

        Args:
            text: Any text.
            near: What a word, as written, may be a misspelling of.
        """
        words = list(name_words(text, near))
        has_capitals = any(char.isupper() for char in text)
        return [
            LooseName(words[i].start, run[-1].end, name, misspelt)
            for i in range(len(words))
            if i == 0 or words[i].start != words[i - 1].start
            for run, key, misspelt in self._runs(words, i)
            for name, own in self._ends.get(key, ())
            if _fits(run, own, misspelt) and (not has_capitals or misspelt or _stands_alone(run))
        ]

    def _runs(self, words: Sequence[NameWord], first: int) -> Iterator[tuple[Sequence[NameWord], tuple[str, ...], int]]:
        """Stretches from a word on, with the words that they stand for and how many of them are misspelt."""
        open_keys: list[tuple[tuple[str, ...], int]] = [((), 0)]
        for last in range(first, len(words)):
            word = words[last]
            if not open_keys or (last > first and word.between == "."):
                return
            open_keys = [
                ((*key, form), misspelt + is_misspelt)
                for key, misspelt in open_keys
                for form, is_misspelt in _readings(word)
                if misspelt + is_misspelt <= MAX_MISSPELT and (*key, form) in self._beginnings
            ]
            for key, misspelt in open_keys:
                yield words[first : last + 1], key, misspelt


def _readings(word: NameWord) -> Iterator[tuple[str, int]]:
    """What a word may stand for, and 1 if it is then misspelt."""
    yield word.form, 0
    for near in word.near:
        for form in plain(near):
            yield form, 1


def _fits(run: Sequence[NameWord], own: Sequence[NameWord], misspelt: int) -> bool:
    """True if no more than half of the words are misspelt, and the small words and the plural are as in the name."""
    if 2 * misspelt > _written(run) + 1 or (misspelt and _written(run) == misspelt):
        return False
    if run[-1].is_plural and not own[-1].is_plural:  # "AI alliances" are many
        return False
    may_lack = _written(run) >= _MIN_WORDS_TO_STAND_ALONE  # "Coalition Secure AI", "University of X, Y"
    return all(
        mine.between in _FITS[word.between] or (may_lack and word.between in ("", ","))
        for word, mine in zip(run[1:], own[1:], strict=True)
    )


def _stands_alone(run: Sequence[NameWord]) -> bool:
    return _written(run) >= _MIN_WORDS_TO_STAND_ALONE or (run[0].text[0].isupper() and run[-1].text[0].isupper())


def _written(words: Sequence[NameWord]) -> int:
    """How many words are written: "AI" is one."""
    return len({word.start for word in words})
