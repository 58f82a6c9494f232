"""Bodies that share a name: which ones bear it, and which hold it in a longer one."""

from __future__ import annotations

import re

from assistant.citing import Citations
from assistant.exact.intent import Intent
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.types import AllianceRecord, SentenceRecord

_NUMBERS = dict(enumerate("one two three four five six seven eight nine ten".split(), start=1))


def tell_namesakes(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies with the name in theirs, each with a sentence of its article that calls it so.

    Args:
        intent: Tells the name.
        catalogue: Where the bodies are.
        citations: Takes up the sentences.
    """
    name = intent.called or ""
    inside = re.compile(rf"(?<![\w-]){re.escape(name)}(?!\w)", re.IGNORECASE)
    lines = []
    for alliance in catalogue.alliances:
        called = next((own for own in (alliance.name, *alliance.aliases) if inside.search(own)), None)
        told = _telling(alliance, called, catalogue) if called else None
        if told is not None:
            also = f", also called {called}" if called != alliance.name else ""
            lines.append(CheckedSentence(f"- {alliance.name}{also}.", (citations.cite(told),)))
    if not lines:
        return []
    every = tuple(sorted({number for line in lines for number in line.citations}))
    number = _NUMBERS.get(len(lines), str(len(lines)))
    bodies = "body" if len(lines) == 1 else "bodies"
    return [CheckedSentence(f"The articles name {number} {bodies} with “{name}” in the name:", every), *lines]


def _telling(alliance: AllianceRecord, called: str, catalogue: Catalogue) -> SentenceRecord | None:
    """The first sentence of the article that calls the body so."""
    records = catalogue.sentences_of_article(alliance.slug)
    return next((record for record in records if called in record.sentence.text), None)
