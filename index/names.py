"""Finding the alliances and organisations that a text names.

1. Exact: names and aliases as whole words, the longest first. A single word in small letters counts where the text
   has no capitals at all, where no word looks like the name ("c2pa"), and where the library never writes it small
   ("meta", but not "block").
2. Parts: a stretch of words that holds nearly all of one alliance's name ("network of AI safety institutes").
3. Typos: a stretch of words of which the library knows at least one not at all is compared with every name;
   it counts from a similarity of `TYPO_SIMILARITY`.

One name can stand for several bodies; a mention carries them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from index.types import AllianceRecord, Organisation

TYPO_SIMILARITY = 88  # percent; "Froniter Model Forum" is 95, "Agentic AI Forum" for "... Foundation" 76
MIN_TYPO_CHARS = 6
MIN_PART_WORDS = 3
MIN_PART_SHARE = 0.7
REMEMBERED = 256  # texts; the steps of one question look for its names several times
MIN_COINED_CHARS = 4  # "gpai", "cosai" and "nvidia" are names without capitals, "cai" and "sap" may be anything
_PRONOUNS = frozenset({"it", "us", "who"})  # in small letters never a name
_SMALL_WORDS = frozenset({"a", "an", "and", "for", "in", "of", "on", "the", "to"})
_WORD = re.compile(r"[\w&*+.'’-]*\w|\w")
_POSSESSIVE = re.compile(r"['’]s?$")
_START = re.compile(r"([^\w\s]*)(\w+)")  # ".lumen": a name may begin with a sign


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: where it stands, and what it may mean."""

    start: int
    end: int
    text: str
    alliances: tuple[AllianceRecord, ...] = ()
    organisation: Organisation | None = None

    @property
    def name(self) -> str:
        """The canonical name of what is meant."""
        return self.alliances[0].name if self.alliances else self.organisation.name if self.organisation else self.text


class NameFinder:
    """Every name of a catalogue, ready to be looked for."""

    def __init__(
        self,
        alliances: Iterable[AllianceRecord],
        organisations: Iterable[Organisation],
        is_known_word: Callable[[str], bool],
        is_everyday_word: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Prepare the names.

        Args:
            alliances: Every alliance.
            organisations: Every organisation.
            is_known_word: Whether the library holds a word.
            is_everyday_word: Whether the library holds a word in small letters; a name that it does not ("meta",
                "anthropic") is found in small letters even where a question has capitals.
        """
        self._alliances: dict[str, list[AllianceRecord]] = {}
        self._organisations: dict[str, Organisation] = {}
        self._spelling: dict[str, str] = {}  # lower case -> as written
        self._compact: dict[str, str] = {}  # letters and digits only -> lower case
        self._is_known_word = is_known_word
        self._is_everyday_word = is_everyday_word
        for alliance in alliances:
            for name in dict.fromkeys(self._add(name) for name in (alliance.name, *alliance.aliases)):
                self._alliances.setdefault(name, []).append(alliance)
        for organisation in organisations:
            for name in (organisation.name, *organisation.aliases):
                self._organisations.setdefault(self._add(name), organisation)
        self._parts = {name: frozenset(name.split()) - _SMALL_WORDS for name in self._alliances}
        self._patterns = _patterns(self._spelling)
        self._found = lru_cache(maxsize=REMEMBERED)(self._look_for)

    def find(self, text: str) -> list[Mention]:
        """The names in a text, in its order, not overlapping."""
        return list(self._found(text))

    def _look_for(self, text: str) -> tuple[Mention, ...]:
        no_capitals = text == text.lower()
        mentions = [
            self._mention(match.start(), match.end(), match[0], name)
            for match in self._matches(text)
            if (name := _key(match[0])) in self._spelling  # the pattern also takes "ı" for "i", "ſ" for "s"
            and (self._is_written_as_name(match[0], name) or (no_capitals and name not in _PRONOUNS))
        ]
        mentions += self._find_parts(text, mentions)
        typos = self._find_typos(text, mentions)
        mentions = [mention for mention in mentions if not _overlaps(mention.start, mention.end, typos)]
        return tuple(sorted(mentions + typos, key=lambda mention: mention.start))

    def mask(self, text: str, mark: str) -> str:
        """The text with every name replaced by a mark."""
        for mention in reversed(self.find(text)):
            text = text[: mention.start] + mark + text[mention.end :]
        return text

    def with_word(self, word: str) -> list[AllianceRecord]:
        """The alliances of which a name holds this word."""
        wanted = word.lower()
        found = {
            alliance.slug: alliance
            for name, alliances in self._alliances.items()
            if wanted in re.findall(r"[\w-]+", name)
            for alliance in alliances
        }
        return list(found.values())

    def spellings(self, mention: Mention) -> list[str]:
        """Every name under which the mentioned body or organisation may stand in an article."""
        found = [name for alliance in mention.alliances for name in (alliance.name, *alliance.aliases)]
        if mention.organisation:
            found += [mention.organisation.name, *mention.organisation.aliases]
        return list(dict.fromkeys(found))

    def _matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where the letters of names stand, the longest at each place, not overlapping."""
        end = 0
        for start in _START.finditer(text):
            pattern = self._patterns.get(start[2].lower())
            places = range(max(end, start.start()), start.start(2) + 1) if pattern else ()
            match = next((found for place in places if pattern and (found := pattern.match(text, place))), None)
            if match:
                end = match.end()
                yield match

    def _add(self, name: str) -> str:
        name = name.removeprefix("The ")
        lower = _key(name)
        self._spelling.setdefault(lower, name)
        self._compact.setdefault(_compact(name), lower)
        return lower

    def _is_written_as_name(self, found: str, name: str) -> bool:
        written = self._spelling[name]
        is_coined = len(name) >= MIN_COINED_CHARS and any(char.isupper() or char.isdigit() for char in written[1:])
        if " " in name and name.replace(" ", "") in self._spelling:  # "Open AI", but not "open AI models"
            return found[0].isupper()
        if " " in name or found[0].isupper() or not written[0].isupper() or is_coined:
            return True
        return len(name) >= MIN_COINED_CHARS and not self._is_everyday_word(name)

    def _mention(self, start: int, end: int, text: str, name: str) -> Mention:
        return Mention(start, end, text, tuple(self._alliances.get(name, ())), self._organisations.get(name))

    def _find_parts(self, text: str, exact: list[Mention]) -> list[Mention]:
        """At most one stretch: the one that holds most of a name; it means every body that is called so."""
        words = _free_words(text, exact)
        present = {match[0].lower() for match in words}
        found: list[tuple[float, int, int, str]] = []
        for name, parts in self._parts.items():
            if len(parts & present) < MIN_PART_WORDS:
                continue
            held = [match for match in words if match[0].lower() in parts | _SMALL_WORDS]
            for run in _runs(held, words):
                own = {match[0].lower() for match in run} & parts
                share = len(own) / len(parts)
                is_free = not _overlaps(run[0].start(), run[-1].end(), exact)
                if is_free and len(own) >= MIN_PART_WORDS and share >= MIN_PART_SHARE:
                    found.append((share, run[0].start(), run[-1].end(), name))
        if not found:
            return []
        best, start, end, _ = max(found, key=lambda item: (item[0], -item[1]))
        meant = {
            alliance.slug: alliance
            for share, at, _, name in found
            if (share, at) == (best, start)
            for alliance in self._alliances[name]
        }
        return [Mention(start, end, text[start:end], tuple(meant.values()))]

    def _find_typos(self, text: str, exact: list[Mention]) -> list[Mention]:
        """Names with a typo, none of which cuts an exact one; it may hold one: "Aply AI Alliance"."""
        words = list(_WORD.finditer(text))
        strange = {
            i
            for i, word in enumerate(words)
            if not self._is_known_word(word[0]) and not _overlaps(word.start(), word.end(), exact)
        }
        candidates: list[tuple[float, int, int, str]] = []
        for size in range(1, 6):
            for i in range(len(words) - size + 1):
                if strange.isdisjoint(range(i, i + size)) and not self._is_in_pieces(words[i : i + size]):
                    continue
                start = words[i].start()
                end = start + len(_POSSESSIVE.sub("", text[start : words[i + size - 1].end()]))
                if end - start >= MIN_TYPO_CHARS and not _cuts(start, end, exact):
                    name, similarity = self._nearest(text[start:end])
                    is_found = any(start <= m.start and m.end <= end and _key(m.text) == name for m in exact)
                    if similarity >= TYPO_SIMILARITY and not is_found:  # "get AI Alliance" is that with a word before
                        candidates.append((similarity, start, end, name))
        found: list[Mention] = []
        # The best first: "the Froniter Model Forum" is nearly the name, too, but the name is without "the".
        for _, start, end, name in sorted(candidates, key=lambda c: (-c[0], c[1] - c[2], c[1])):
            if not _overlaps(start, end, found):
                found.append(self._mention(start, end, text[start:end], name))
        return found

    def _is_in_pieces(self, words: Sequence[re.Match[str]]) -> bool:
        """True for a name of one word written in several, each with a capital: "ML Commons", though both are words."""
        written = [_POSSESSIVE.sub("", word[0]) for word in words]
        return (
            len(words) > 1
            and all(word[:1].isupper() for word in written)
            and "".join(written).lower() in self._spelling
        )

    def _nearest(self, text: str) -> tuple[str, float]:
        """The name most like a text, and how like it is, in percent."""
        same = self._compact.get(_compact(text))  # "ML Commons", "Hugging-Face"
        if same:
            return same, 100.0
        match = process.extractOne(text.lower(), self._spelling.keys(), scorer=fuzz.ratio, score_cutoff=TYPO_SIMILARITY)
        return (match[0], match[1]) if match else ("", 0.0)


def _patterns(names: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """First word -> the names that begin with it; the longest first, so that the longest is found.

    One pattern of all names would try each of them at each letter.
    """
    by_first: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        if first := _START.search(name):
            by_first.setdefault(first[2], []).append(re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]"))
    return {first: re.compile(rf"(?:{'|'.join(same)})(?!\w)", re.IGNORECASE) for first, same in by_first.items()}


def _key(name: str) -> str:
    return " ".join(name.lower().replace("’", "'").split())


def _compact(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _overlaps(start: int, end: int, mentions: Iterable[Mention]) -> bool:
    return any(mention.start < end and start < mention.end for mention in mentions)


def _cuts(start: int, end: int, mentions: Iterable[Mention]) -> bool:
    """True if a mention lies partly inside and partly outside."""
    return any(
        mention.start < end and start < mention.end and not (start <= mention.start and mention.end <= end)
        for mention in mentions
    )


def _free_words(text: str, mentions: list[Mention]) -> list[re.Match[str]]:
    """The words that no mention covers."""
    return [match for match in _WORD.finditer(text) if not _overlaps(match.start(), match.end(), mentions)]


def _runs(held: list[re.Match[str]], words: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Stretches of neighbouring words, without small words at their ends."""
    place = {match.start(): i for i, match in enumerate(words)}
    runs: list[list[re.Match[str]]] = []
    for match in held:
        if runs and place[match.start()] == place[runs[-1][-1].start()] + 1:
            runs[-1].append(match)
        elif match[0].lower() not in _SMALL_WORDS:
            runs.append([match])
    for run in runs:
        while run[-1][0].lower() in _SMALL_WORDS:
            run.pop()
    return runs
