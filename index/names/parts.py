"""A stretch of words that holds nearly all of one name: "network of AI safety institutes"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from index.names.words import SMALL_WORDS

MIN_PART_WORDS = 3
MIN_PART_SHARE = 0.7
_JOINING = SMALL_WORDS | {"against"}  # "the campaign against killer robots"


class NameParts:
    """Names, in small letters, and their words but small ones."""

    def __init__(self, names: Iterable[str]) -> None:
        """Prepare the names."""
        self._words = {name: frozenset(name.split()) - SMALL_WORDS for name in names}
        self._with: dict[str, list[str]] = {}
        for name, words in self._words.items():
            for word in words:
                self._with.setdefault(word, []).append(name)

    def with_most_of(self, words: Iterable[str]) -> list[tuple[str, frozenset[str]]]:
        """The names that share `MIN_PART_WORDS` with these words, each with its words."""
        shared = Counter(name for word in words for name in self._with.get(word, ()))
        return sorted((name, self._words[name]) for name, count in shared.items() if count >= MIN_PART_WORDS)


def find_part(
    words: Sequence[re.Match[str]], parts: NameParts, near: Callable[[str], tuple[str, ...]]
) -> tuple[int, int, list[str]] | None:
    """The stretch that holds most of a name.

    Args:
        words: The words of a text that belong to no name.
        parts: The names.
        near: What a word, as written, may be a misspelling of.

    Returns:
        Where it begins and ends, and the names that it holds equally much of; None if there is no such stretch.
    """
    readings = [{match[0].lower(), *near(match[0])} for match in words]
    present = frozenset[str]().union(*readings)
    found: list[tuple[float, int, int, str]] = []
    for name, own in parts.with_most_of(present):
        for run in _runs([bool(read & (own | _JOINING)) for read in readings]):
            run = _trimmed(run, words)
            held = {word for i in run for word in readings[i] & own}
            share = len(held) / len(own)
            if len(held) >= MIN_PART_WORDS and share >= MIN_PART_SHARE:
                found.append((share, words[run[0]].start(), words[run[-1]].end(), name))
    if not found:
        return None
    share, start, end, _ = max(found, key=lambda item: (item[0], -item[1]))
    return start, end, [name for other, at, _, name in found if (other, at) == (share, start)]


def _runs(is_held: Sequence[bool]) -> list[list[int]]:
    """The stretches of neighbouring places that are held."""
    runs: list[list[int]] = [[]]
    for i, held in enumerate(is_held):
        if held:
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _trimmed(run: list[int], words: Sequence[re.Match[str]]) -> list[int]:
    """Without the joining words at its ends; one of them if there is nothing else."""
    while len(run) > 1 and words[run[0]][0].lower() in _JOINING:
        run = run[1:]
    while len(run) > 1 and words[run[-1]][0].lower() in _JOINING:
        run = run[:-1]
    return run
