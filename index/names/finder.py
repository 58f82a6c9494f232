"""Finding the alliances and organisations that a text names.

1. Exact: names and aliases as whole words, the longest first. A single word in small letters counts where the text
   has no capitals at all, where no word looks like the name ("c2pa"), and where the library never writes it small
   ("meta", but not "block").
2. Shorter: initials and short forms that can mean one name only (`index.names.short`).
3. Parts: a stretch of words that holds nearly all of one alliance's name (`index.names.parts`).
4. Slips: names loosely written, in pieces or misspelt (`index.names.slips`).

"Which AI alliance" and "an AI alliance" ask for any such body: small letters after such a word are no name.
One name can stand for several bodies; a mention carries them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.names.parts import NameParts, find_part
from index.names.short import ShortNames, initials
from index.names.slips import MIN_TYPO_CHARS, TYPO_SIMILARITY, SlipFinder
from index.types import AllianceRecord, Organisation

__all__ = ["MIN_TYPO_CHARS", "TYPO_SIMILARITY", "Mention", "NameFinder"]

REMEMBERED = 256  # texts; the steps of one question look for its names several times
MIN_COINED_CHARS = 4  # "gpai", "cosai" and "nvidia" are names without capitals, "cai" and "sap" may be anything
_PRONOUNS = frozenset({"it", "us", "who"})  # in small letters never a name
_WORD = re.compile(r"[\w&*+.'’-]*\w|\w")
_INITIALS = re.compile(r"(?<![\w&.-])[A-Z]{3,}(?![\w&-])")
_START = re.compile(r"([^\w\s]*)(\w+)")  # ".lumen": a name may begin with a sign
_ANY = re.compile(r"\b(?:an?|any|another|each|every|no|some|what|which)\s+$", re.IGNORECASE)
_ONE_OF_MANY = re.compile(r"\b(?:last|latest|next|newest|recent)\s+$", re.IGNORECASE)
_NAME_GOES_ON = re.compile(r"[ -][A-Z]\w")
_OF = re.compile(r"\s+of\s+(?:the\s+)?", re.IGNORECASE)
_OWN_NOUN = re.compile(r"\s+(?!is\b|has\b|was\b|does\b)(?:member|founder|partner|\w+s\b)", re.IGNORECASE)


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

    @property
    def meanings(self) -> frozenset[tuple[str, str]]:
        """What it may mean, as (kind, means) of a `MentionRecord`."""
        found = {("alliance", alliance.slug) for alliance in self.alliances}
        return frozenset(found | ({("organisation", self.organisation.name)} if self.organisation else set()))


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
        alliances, organisations = tuple(alliances), tuple(organisations)
        self._alliances: dict[str, list[AllianceRecord]] = {}
        self._organisations: dict[str, Organisation] = {}
        self._spelling: dict[str, str] = {}  # lower case -> as written
        self._is_everyday_word = is_everyday_word
        for alliance in alliances:
            own = (alliance.name, *alliance.aliases, *alliance.called)
            for name in dict.fromkeys(self._add(name) for name in own):
                self._alliances.setdefault(name, []).append(alliance)
        for organisation in organisations:
            for name in (organisation.name, *organisation.aliases):
                self._organisations.setdefault(self._add(name), organisation)
        self._patterns = _patterns(self._spelling)
        self._parts = NameParts(self._alliances)
        written = tuple(self._spelling.values())
        self._initials = initials((*alliances, *organisations), written, is_known_word)
        self._short_names = ShortNames(alliances, written, [self._spelling[name] for name in self._organisations])
        self._slips = SlipFinder(
            self._spelling,
            places={name for name, meant in self._organisations.items() if meant.kind == "government"},
            is_known_word=is_known_word,
            is_everyday_word=is_everyday_word,
        )
        self._found = lru_cache(maxsize=REMEMBERED)(self._look_for)

    def find(self, text: str) -> list[Mention]:
        """The names in a text, in its order, not overlapping."""
        return list(self._found(text))

    def mask(self, text: str, mark: str) -> str:
        """The text with every name replaced by a mark."""
        for mention in reversed(self.find(text)):
            text = text[: mention.start] + mark + text[mention.end :]
        return text

    def with_word(self, word: str) -> list[AllianceRecord]:
        """The alliances of which a name holds this word; what people call them does not count."""
        wanted = word.lower()
        found = {
            alliance.slug: alliance
            for alliances in self._alliances.values()
            for alliance in alliances
            if any(wanted in re.findall(r"[\w-]+", _key(name)) for name in (alliance.name, *alliance.aliases))
        }
        return list(found.values())

    def spellings(self, mention: Mention) -> list[str]:
        """Every name under which the mentioned body or organisation may stand in an article."""
        found = [name for alliance in mention.alliances for name in (alliance.name, *alliance.aliases)]
        if mention.organisation:
            found += [mention.organisation.name, *mention.organisation.aliases]
        return list(dict.fromkeys(found))

    def _look_for(self, text: str) -> tuple[Mention, ...]:
        exact = list(self._find_exact(text))
        slips = _apart(self._find_slips(text, exact))
        mentions = _joined(exact, slips)
        mentions = _joined(mentions, _apart(self._find_shorter(text, mentions)))
        mentions += self._find_parts(text, mentions)
        return tuple(self._with_owners(text, sorted(mentions, key=lambda mention: mention.start)))

    def _find_exact(self, text: str) -> Iterator[Mention]:
        no_capitals = text == text.lower()
        for match in self._matches(text):
            name = _key(match[0])
            if (
                name in self._spelling  # the pattern also takes "ı" for "i", "ſ" for "s"
                and (self._is_written_as_name(match[0], name) or (no_capitals and name not in _PRONOUNS))
                and not self._means_any(text, match.start(), match.end(), name)
                and not self._begins_another(text, match.end(), name)
            ):
                yield self._mention(text, match.start(), match.end(), name)

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
        return lower

    def _is_written_as_name(self, found: str, name: str) -> bool:
        written = self._spelling[name]
        is_coined = len(name) >= MIN_COINED_CHARS and any(char.isupper() or char.isdigit() for char in written[1:])
        if " " in name and name.replace(" ", "") in self._spelling:  # "Open AI", but not "open AI models"
            return found[0].isupper()
        if " " in name or found[0].isupper() or not written[0].isupper() or is_coined:
            return True
        return len(name) >= MIN_COINED_CHARS and not self._is_everyday_word(name)

    def _means_any(self, text: str, start: int, end: int, name: str) -> bool:
        """True for "which AI alliance", where the name itself is not written so."""
        return " " in name and not self._spelling[name].split()[-1].islower() and _means_any(text, start, end, _ANY)

    def _begins_another(self, text: str, end: int, name: str) -> bool:
        """True for "Duke Energy", where "Duke" is short for Duke Health."""
        meant = self._organisations.get(name)
        is_short = meant and name not in self._alliances and _key(meant.name).startswith(f"{name} ")
        return bool(is_short and _NAME_GOES_ON.match(text, end))

    def _mention(self, text: str, start: int, end: int, name: str) -> Mention:
        alliances = tuple(self._alliances.get(name, ()))
        return Mention(start, end, text[start:end], alliances, self._organisations.get(name))

    def _find_slips(self, text: str, exact: Sequence[Mention]) -> Iterator[Mention]:
        """None cuts an exact name; it may hold one: "Aply AI Alliance"."""
        for slip in self._slips.find(text):
            is_longer = all(m.start >= slip.start and m.end <= slip.end for m in _touching(slip.start, slip.end, exact))
            is_found = any(
                (m.start, m.end) == (slip.start, slip.end) or _key(m.text) == slip.name
                for m in _touching(slip.start, slip.end, exact)
            )
            if is_longer and not is_found and not self._means_any(text, slip.start, slip.end, slip.name):
                yield self._mention(text, slip.start, slip.end, slip.name)

    def _find_shorter(self, text: str, found: Sequence[Mention]) -> Iterator[Mention]:
        for match in _INITIALS.finditer(text):
            if (name := self._initials.get(match[0])) and not _touching(match.start(), match.end(), found):
                yield self._mention(text, match.start(), match.end(), _key(name.removeprefix("The ")))
        for short in sorted(self._short_names.find(text), key=lambda short: (short.start, -short.end)):
            inside = _touching(short.start, short.end, found)
            if all(short.start <= m.start and m.end < short.end and not m.alliances for m in inside):
                yield self._mention(text, short.start, short.end, _key(short.name.removeprefix("The ")))

    @staticmethod
    def _with_owners(text: str, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions; one for "the AI Governance Alliance of the WEF", which is also called "WEF AI ... Alliance"."""
        kept: list[Mention] = []
        for mention in mentions:
            body = kept[-1] if kept else None
            if body and _OF.fullmatch(text, body.end, mention.start) and _is_owner(mention, body):
                kept[-1] = Mention(body.start, mention.end, text[body.start : mention.end], body.alliances)
            else:
                kept.append(mention)
        return kept

    def _find_parts(self, text: str, found: Sequence[Mention]) -> list[Mention]:
        """At most one stretch; it means every body that is called so."""
        words = [match for match in _WORD.finditer(text) if not _touching(match.start(), match.end(), found)]
        part = find_part(words, self._parts, self._slips.near)
        if not part or _touching(part[0], part[1], found):
            return []
        start, end, names = part
        is_any = _means_any(text, start, end, _ANY) or _means_any(text, start, end, _ONE_OF_MANY)
        meant = {alliance.slug: alliance for name in names for alliance in self._alliances[name]}
        return [] if is_any else [Mention(start, end, text[start:end], tuple(meant.values()))]


def _patterns(names: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """First word -> the names that begin with it; the longest first, so that the longest is found.

    One pattern of all names would try each of them at each letter.
    """
    by_first: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        if first := _START.search(name):
            by_first.setdefault(first[2], []).append(re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]"))
    return {first: re.compile(rf"(?:{'|'.join(same)})(?!\w)", re.IGNORECASE) for first, same in by_first.items()}


def _means_any(text: str, start: int, end: int, before: re.Pattern[str]) -> bool:
    """True for "which AI alliance is", but not for "which AI alliance members" nor "which AI Alliance"."""
    is_small = text[start:end].split()[-1].islower()
    return is_small and bool(before.search(text, 0, start)) and not _OWN_NOUN.match(text, end)


def _is_owner(mention: Mention, body: Mention) -> bool:
    """True for an organisation with whose name a name of the body begins."""
    owner = mention.organisation
    names = {_key(name) for alliance in body.alliances for name in (alliance.name, *alliance.aliases)}
    return owner is not None and any(_key(f"{name} {body.text}") in names for name in (owner.name, *owner.aliases))


def _key(name: str) -> str:
    return " ".join(name.lower().replace("’", "'").split())


def _touching(start: int, end: int, mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that lie at least partly in a stretch."""
    return [mention for mention in mentions if mention.start < end and start < mention.end]


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Those that overlap none before them."""
    kept: list[Mention] = []
    for mention in mentions:
        if not _touching(mention.start, mention.end, kept):
            kept.append(mention)
    return kept


def _joined(mentions: Sequence[Mention], instead: Sequence[Mention]) -> list[Mention]:
    """Both, save those of the first that overlap one of the second."""
    return [*(m for m in mentions if not _touching(m.start, m.end, instead)), *instead]
