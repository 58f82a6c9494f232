"""Bodies by part of the world: "the American one", "What about Europe's?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.names.finder import NameFinder

# What a part of the world is called, one a line.
_REGIONS = """
    UK|British|Britain|United Kingdom|England|English
    US|USA|U.S.|American|America|United States
    EU|European|Europe|European Union
    China|Chinese
    Canada|Canadian
    India|Indian
    Japan|Japanese
    Korea|Korean|South Korea|South Korean|K-AI
    Africa|African|African Union
    ASEAN|Southeast Asian|Southeast Asia
    Singapore|Singaporean
    UN|United Nations
    G7
    BRICS
"""
_FORMS = [line.strip().split("|") for line in _REGIONS.strip().splitlines()]
REGION = "|".join(sorted((re.escape(form) for forms in _FORMS for form in forms), key=len, reverse=True))
_REGION_AT_END = re.compile(rf"\b(?P<region>{REGION})\s+$", re.IGNORECASE)
_REGION_BEFORE = re.compile(rf"\b(?:{REGION})\s+")


def body_of_region(region: str, said: Sequence[str], bodies: Sequence[str], names: NameFinder) -> str | None:
    """The one body of a part of the world that was named, or one there called like a body that was named.

    Args:
        region: Part of the world as written, such as "American"; one that `REGION` matches.
        said: The text of each turn, oldest first.
        bodies: The bodies that the turns were about, oldest first.
        names: Knows the alliances.
    """
    forms = next(forms for forms in _FORMS if region.lower() in map(str.lower, forms))
    inside = re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})(?!\w)")
    for text in reversed(said):
        named = {
            alliance.name
            for mention in names.find(text)
            for alliance in mention.alliances
            if any(inside.search(name) for name in (alliance.name, *alliance.aliases))
        }
        if named:
            return named.pop() if len(named) == 1 else None
    namesakes = (found for name in reversed(bodies) if (found := _namesake(name, forms, names)))
    return next(namesakes, None) or _branch(said, bodies, forms)


def _branch(said: Sequence[str], bodies: Sequence[str], forms: Sequence[str]) -> str | None:
    """A part of the body last spoken of, if the talk told of another such part: "Stargate UAE", so "Stargate UK"."""
    if not bodies:
        return None
    other = re.compile(rf"\b{re.escape(bodies[-1])} (?:in (?:the )?)?[A-Z]{{2,3}}\b")
    return f"{bodies[-1]} {forms[0]}" if any(other.search(text) for text in said) else None


def told_apart(text: str, names: NameFinder) -> str:
    """The text with the body meant in the place of a name that several bear: "the American CAISI"."""
    for mention in reversed(names.find(text)):
        before = _REGION_AT_END.search(text, 0, mention.start) if len(mention.alliances) > 1 else None
        forms = next((forms for forms in _FORMS if before and before["region"].lower() in map(str.lower, forms)), None)
        if before is None or forms is None:
            continue
        inside = re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})(?!\w)")
        meant = [body for body in mention.alliances if any(inside.search(name) for name in (body.name, *body.aliases))]
        if len(meant) == 1:
            text = f"{text[: before.start()]}{meant[0].name}{text[mention.end :]}"
    return text


def _namesake(name: str, forms: Sequence[str], names: NameFinder) -> str | None:
    """The body called like another, but of that part of the world: "AI Alliance", "European AI Alliance"."""
    spelt = [name, *(other for mention in names.find(name) for other in names.spellings(mention))]
    for base in dict.fromkeys(_REGION_BEFORE.sub("", other) for other in spelt):
        for called in (f"{form} {base}" for form in forms):
            for mention in names.find(called):
                # "US AI Security Institute" would be found as the UK's with a typo.
                if len(mention.alliances) == 1 and called in names.spellings(mention):
                    return mention.name
    return None
