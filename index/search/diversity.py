"""Leaving out what better passages of other articles have told already: three copies of a press release are one.

1. A text is its shingles: every three words that follow each other, case and punctuation aside.
2. A passage is a copy when at least `MIN_TOLD` of its shingles stand in passages shown before it. All of them count
   together, since a byline more at its top cuts a copy into passages at other places.
3. It is none when it holds a number, or a word with a capital, that those passages do not: a corrected figure, and
   the same sentence about another body, are news.
4. Passages of the same article are never copies of each other: their author wrote both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.types import Passage

SHINGLE_WORDS = 3
MIN_TOLD = 0.8
_WORD = re.compile(r"\w+")

_Shingle = tuple[str, ...]


class Told:
    """What the passages that are shown tell."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []
        self._shingles: dict[_Shingle, str] = {}  # -> slug of the first article that has it

    def add(self, passage: Passage) -> bool:
        """Take a passage in, unless it is a copy; returns whether it was taken in."""
        shingles = _shingles(_WORD.findall(passage.text.lower()))
        common = shingles & self._shingles.keys()
        told = sum(self._shingles[shingle] != passage.slug for shingle in common)
        if told >= max(1, MIN_TOLD * len(shingles)) and _names([passage]) <= self._names_beside(passage.slug):
            return False
        self._shingles.update(dict.fromkeys(shingles - common, passage.slug))
        self._passages.append(passage)
        return True

    def _names_beside(self, slug: str) -> set[str]:
        return _names(passage for passage in self._passages if passage.slug != slug)


def _names(passages: Iterable[Passage]) -> set[str]:
    """The words with a capital or a digit."""
    return {word for passage in passages for word in _WORD.findall(passage.text) if not word.islower()}


def _shingles(words: list[str]) -> set[_Shingle]:
    """Of fewer words than a shingle has, all together are one."""
    if len(words) < SHINGLE_WORDS:
        return {tuple(words)} if words else set()
    return set(zip(words, words[1:], words[2:], strict=False))
