"""Bodies by part of the world: "the American one", "What about Europe's?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.names import NameFinder

# What a part of the world is called, one a line.
_REGIONS = """
    UK|British|Britain|United Kingdom|England|English
    US|USA|U.S.|American|America|United States
    EU|European|Europe|European Union
    China|Chinese
    Canadian|Canada
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
    return next((found for name in reversed(bodies) if (found := _namesake(name, forms, names))), None)


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
