"""Names with a slip: loosely written, in pieces, misspelt."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from index.names.loose import LooseNames
from index.names.words import Misspellings

TYPO_SIMILARITY = 88  # percent; "MLComons" is 94, "Gambia" for "Zambia" 83
MIN_TYPO_CHARS = 6
_CAPITAL_SIMILARITY = 82  # percent, where it is written as a name and begins as one; "Nvidea" is 83
_MAX_PIECES = 5
_WORD = re.compile(r"[\w&*+.'’-]*\w|\w")
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Slip:
    """A stretch of text that is nearly a name; `name` is a key."""

    start: int
    end: int
    name: str


class SlipFinder:
    """The names of a catalogue, to be found where they are not written quite so."""

    def __init__(
        self,
        spelling: Mapping[str, str],
        *,
        places: Collection[str],
        is_known_word: Callable[[str], bool],
        is_everyday_word: Callable[[str], bool],
    ) -> None:
        """Prepare the names.

        Args:
            spelling: Each name in small letters, its key, and as it is written.
            places: Those keys of which another name may be nearly the same: "Gambia" is not Zambia.
            is_known_word: Whether the library holds a word.
            is_everyday_word: Whether the library holds a word in small letters.
        """
        self._is_known_word = is_known_word
        self._is_everyday_word = is_everyday_word
        self._places = places
        self._compact: dict[str, str] = {}  # letters and digits only -> key
        for name in spelling:
            self._compact.setdefault(_compact(name), name)
        self._loose = LooseNames(spelling)
        name_words = {word for name in spelling for word in re.findall(r"\w+", name)}
        self._misspellings = Misspellings(name_words, lambda word: is_known_word(word) and is_everyday_word(word))
        self.near = self._misspellings.near

    def find(self, text: str) -> list[Slip]:
        """What may be names with a slip, the likeliest first; they may overlap."""
        loose = [
            (found.misspelt, Slip(found.start, found.end, found.name)) for found in self._loose.find(text, self.near)
        ]
        words = list(_WORD.finditer(text))
        has_capitals = text != text.lower()
        pieces = [(0, slip) for slip in self._in_pieces(words, has_capitals)]
        single = [(1, slip) for i, word in enumerate(words) if (slip := self._misspelt(word, is_first=i == 0))]
        best_first = sorted(loose + pieces + single, key=lambda s: (s[0], s[1].start - s[1].end, s[1].start))
        return [slip for _, slip in best_first]

    def _in_pieces(self, words: Sequence[re.Match[str]], has_capitals: bool) -> Iterator[Slip]:
        """Names with other blanks and hyphens than they are written with: "ML Commons", "Hugging-Face"."""
        compact = [_compact(_POSSESSIVE.sub("", word[0])) for word in words]
        for i in range(len(words)):
            for size in range(1, min(_MAX_PIECES, len(words) - i) + 1):
                name = self._compact.get("".join(compact[i : i + size]))
                is_long = sum(map(len, compact[i : i + size])) >= MIN_TYPO_CHARS
                if name and is_long and self._may_be_in_pieces(words[i : i + size], name, has_capitals):
                    last = words[i + size - 1]
                    yield Slip(words[i].start(), last.start() + len(_POSSESSIVE.sub("", last[0])), name)

    def _may_be_in_pieces(self, words: Sequence[re.Match[str]], name: str, has_capitals: bool) -> bool:
        """True where the words are no words of their own, or are written as a name."""
        if " " in name and len(words) != len(name.split()):  # "christ church call"
            return True
        if len(words) > 1 and all(word[0][0].isupper() for word in words):
            return True
        strange = [word for word in words if not self._is_known_word(word[0])]
        return bool(strange) or (not has_capitals and not all(self._is_everyday_word(word[0]) for word in words))

    def _misspelt(self, word: re.Match[str], *, is_first: bool) -> Slip | None:
        """The name of one word that this word nearly is."""
        written = _POSSESSIVE.sub("", word[0])
        if len(written) < MIN_TYPO_CHARS or self._is_known_word(written):
            return None
        match = process.extractOne(
            _compact(written), self._compact.keys(), scorer=fuzz.ratio, score_cutoff=_CAPITAL_SIMILARITY
        )
        if not match:
            return None
        name, similarity = self._compact[match[0]], match[1]
        begins_so = (
            written[0].isupper() and not is_first and written[0].lower() == match[0][0] and name not in self._places
        )
        is_name = similarity >= TYPO_SIMILARITY or begins_so
        return Slip(word.start(), word.start() + len(written), name) if is_name else None


def _compact(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
