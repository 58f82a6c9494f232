"""Shorter ways to say a name, where they can mean one body of the library only.

1. Initials of a name of three words or more that has no abbreviation: "WEF". The library must not hold the
   same letters, save right after the name itself: "Russian Direct Investment Fund (RDIF)".
2. A body's name without the noun at its end ("Open Compute"), or with another such noun ("the Open Compute group").
   Of names that say "AI" nothing is left that would be theirs alone: "Agentic AI", "the NIST AI framework".
3. A body's name without its beginning ("the Prosperity Deal") or what follows its noun ("the Tech Accord").
4. The organisation with which a body's name begins, and its noun: "the Council of Europe convention".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.names.loose import LooseNames
from index.names.words import SMALL_WORDS, NameWord, name_words, plain
from index.types import AllianceRecord, Organisation

MIN_INITIALS = 3
_NOUNS = frozenset(
    """accord alliance association body call campaign charter coalition commission commitments compact consortium
    convention council deal dialogue forum foundation framework group initiative institute network organisation
    organization pact panel partnership process programme project treaty""".split()
)  # but not what is called by its place: "New Delhi Declaration"
_AGREED = frozenset(
    """accord alliance charter coalition code commitments consortium convention guide pact panel partnership
    principles process treaty""".split()
)  # "the UN body" may be any
_OWN_INITIALS = re.compile(r"\S*[A-Z]\S*[A-Z]\S*")  # "CoSAI"
_AI = frozenset(plain("AI"))
_PIECE = re.compile(r"[^\s-]+")
_NEXT = re.compile(r"\s+([\w-]+)")
_NAME_GOES_ON = re.compile(r"[\s-]+(?:(?:of|for|on)\s+(?:the\s+)?)?[A-Z0-9]")
_NAME_BEFORE = re.compile(r"(?!The\b)[A-Z][\w&.-]*[\s-]+$")
_INDEFINITE = re.compile(r"\b(?:an?|any|each|every|no|some|what|which)\s+$", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:\b(?:the|this|that|its|their)|['’]s?)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShortName:
    """A shorter name in a text, and the key of the full name."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to say a name.

    Attributes:
        text: As it would be written.
        name: The key of the full name.
        is_bare: True where the noun at the end is left out.
        is_of_organisation: True for an organisation and a noun, which may be written small.
    """

    text: str
    name: str
    is_bare: bool = False
    is_of_organisation: bool = False


def initials(
    records: Iterable[AllianceRecord | Organisation], names: Iterable[str], is_known: Callable[[str], bool]
) -> dict[str, str]:
    """Initials -> the name of which they are, where no other name has them.

    Args:
        records: Every alliance and organisation.
        names: Every name and alias.
        is_known: Whether the library holds a word or a phrase, whatever its capitals.
    """
    meant: dict[str, set[str]] = defaultdict(set)
    taken = {re.sub(r"[\W_]", "", name).upper() for name in names}
    without_own: list[str] = []
    for record in records:
        for name in (record.name, *record.aliases):
            meant[_initials(name)].add(record.name)
        if record.kind != "person" and not any(_OWN_INITIALS.fullmatch(alias) for alias in record.aliases):
            without_own.append(record.name)
    return {
        letters: name
        for name in without_own
        if (letters := _initials(name)) and letters not in taken and meant[letters] == {name}
        if not is_known(letters) or is_known(f"{name} {letters}")
    }


def _initials(name: str) -> str:
    """The first letters of a name of three words or more, abbreviations whole; "" of other names."""
    words = [word for word in _PIECE.findall(name) if word.lower() not in SMALL_WORDS]
    letters = "".join(word if word.isupper() else word[0] for word in words)
    return letters if len(words) >= MIN_INITIALS and letters.isupper() and letters.isalpha() else ""


class ShortNames:
    """The shorter ways to say the names of bodies."""

    def __init__(self, alliances: Sequence[AllianceRecord], names: Sequence[str], organisations: Iterable[str]) -> None:
        """Prepare them.

        Args:
            alliances: Every alliance.
            names: Every name and alias of alliances and organisations.
            organisations: The names and aliases of organisations.
        """
        of_organisations = sorted({_key(name) for name in organisations}, key=len, reverse=True)
        meant: dict[tuple[str, ...], dict[str, _Form]] = defaultdict(dict)
        own_keys: dict[str, set[tuple[str, ...]]] = {}
        for alliance in alliances:
            own_names = (alliance.name, *alliance.aliases)
            own_keys[alliance.slug] = {_key(name) for name in own_names}
            for name in own_names:
                for form in _forms(name, of_organisations):
                    meant[_key(form.text)].setdefault(alliance.slug, form)
        names_with = _names_with({_key(name) for name in names})
        unique = [
            form
            for key, by_slug in meant.items()
            if len(by_slug) == 1
            for slug, form in by_slug.items()
            if names_with[key] <= own_keys[slug]
        ]
        self._forms = {form.text: form for form in unique}
        self._loose = LooseNames(self._forms)

    def find(self, text: str) -> list[ShortName]:
        """Every shorter name, by start; they may overlap."""
        return [
            ShortName(found.start, end, form.name)
            for found in self._loose.find(text, lambda _: ())
            if (form := self._forms[found.name]) and (end := _end(text, found.start, found.end, form)) is not None
        ]


def _forms(name: str, organisations: Iterable[tuple[str, ...]]) -> Iterator[_Form]:
    """The ways to say a name of a body that may be unique."""
    words = list(name_words(name))
    yield from _of_organisation(name, words, organisations)
    phrases = [i for i, word in enumerate(words) if i and word.between == "of"]
    main = words[: phrases[0]] if phrases else words
    if len(main) < 2:
        if len(phrases) > 1:  # "the Group of Friends"
            yield _Form(_text(name, words[: phrases[1]]), name)
        return
    if phrases and _own_words(main) > 1:
        yield _Form(_text(name, main), name)
    for i in range(1, len(main)):
        is_half = 2 * _own_words(main[i:]) >= _own_words(main)  # "the Working Group" may be any
        if is_half and _own_words(main[i:]) > 1 and _may_begin(name, main[i]):
            yield _Form(_text(name, main[i:]), name)
    if not phrases and main[-1].text.lower() in _NOUNS and _own_words(main[:-1]) == len(main) - 1 > 1:
        yield _Form(_text(name, main[:-1]), name, is_bare=True)


def _may_begin(name: str, word: NameWord) -> bool:
    """True if a part of a name may begin with a word: not within what belongs together."""
    return (
        name[word.start - 1] == " "
        and not word.between
        and word.form not in _AI
        and word.text.lower() not in {"summit", *_NOUNS}
    )


def _of_organisation(name: str, words: Sequence[NameWord], organisations: Iterable[tuple[str, ...]]) -> Iterator[_Form]:
    """The organisation with which a name begins, and the noun of the name."""
    key = tuple(word.form for word in words)
    size = next((len(own) for own in organisations if key[: len(own)] == own), 0)
    noun = next((i for i in range(size, len(words)) if words[i].text.lower() in _AGREED), 0)
    if not size or not noun or name[words[size - 1].end] != " ":  # "US-UK AI partnership" is no US partnership
        return
    if all(word.between != "of" for word in words[size : noun + 1]):
        yield _Form(f"{_text(name, words[:size])} {words[noun].text}", name, is_of_organisation=True)


def _end(text: str, start: int, end: int, form: _Form) -> int | None:
    """Where a form in a text ends if it stands there as a name, or None."""
    before = text[:start]
    words = [word for word in text[start:end].split() if word.lower() not in SMALL_WORDS]
    capitals = words[:-1] if form.is_of_organisation else words
    is_definite = bool(_DEFINITE.search(before))
    if not all(word[0].isupper() for word in capitals) or _NAME_GOES_ON.match(text, end):
        return None
    if _NAME_BEFORE.search(before) and _NAME_BEFORE.sub("", before).strip():  # "the Global AI Forum": another one
        return None
    if not form.is_bare:
        return end if is_definite else None
    following = _NEXT.match(text, end)
    if following and following[1] in _NOUNS:
        return following.end() if is_definite else None
    return None if _INDEFINITE.search(before) else end


def _names_with(keys: Iterable[tuple[str, ...]]) -> defaultdict[tuple[str, ...], set[tuple[str, ...]]]:
    """Each stretch of a name -> the names that hold it."""
    found: defaultdict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for key in keys:
        for i in range(len(key)):
            for j in range(i + 1, len(key) + 1):
                found[key[i:j]].add(key)
    return found


def _text(name: str, words: Sequence[NameWord]) -> str:
    return name[words[0].start : words[-1].end]


def _own_words(words: Sequence[NameWord]) -> int:
    """How many words but "AI" there are."""
    return len({word.start for word in words if word.form not in _AI})


def _key(name: str) -> tuple[str, ...]:
    return tuple(word.form for word in name_words(name))
