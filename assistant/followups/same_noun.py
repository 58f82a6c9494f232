"""A name told by the noun of a name before it: "the Bletchley declaration, but not the one from Seoul"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.names.finder import Mention, NameFinder

_ONE = re.compile(
    r"\bthe ones? (?:from|of|in|at|by) (?:the )?(?P<after>\w[\w-]*)|\bthe (?P<before>[A-Z][\w-]*) ones?\b",
    re.IGNORECASE,
)


def with_nouns(text: str, names: NameFinder) -> str:
    """The text with the whole name in the place of each "one" that can only mean one body.

    Args:
        text: A question.
        names: Knows the alliances.
    """
    for one in reversed(list(_ONE.finditer(text))):
        before = [mention for mention in names.find(text[: one.start()]) if mention.alliances]
        place = one["after"] or one["before"]
        meant = next((name for mention in reversed(before) for name in _namesakes(mention, place, names)), None)
        if meant:
            text = f"{text[: one.start()]}the {meant}{text[one.end() :]}"
    return text


def _namesakes(mention: Mention, place: str, names: NameFinder) -> Iterator[str]:
    """Names of another body that are made of the place and a noun of the mention, as they are written."""
    for noun in re.findall(r"[^\W\d_]{4,}", mention.text):
        for called in (f"{place} {noun}", f"{noun} of {place}"):
            found = names.find(called.title())
            is_whole = len(found) == 1 and found[0].text == called.title() and len(found[0].alliances) == 1
            if is_whole and found[0].alliances != mention.alliances:
                yield found[0].text
