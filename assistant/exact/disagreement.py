"""Where the articles say that their sources disagree: told beside the fact that it is about."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.citing import Citations
from assistant.types import CheckedSentence
from assistant.words import concepts, content_stems, word_set
from index.catalogue import Catalogue
from index.types import AllianceRecord

_DISAGREEING = re.compile(
    r"\b(?:reports?|accounts?|sources?|texts?|lists?|counts?|figures|numbers)\b[^.:]{0,60}"
    r"\b(?:differ|disagree|conflict)\w*(?: \w+ly)? (?:on|about|over|as to) (?P<about>.*?)"
    r"(?: (?:of|for|behind|at|in|within|under|to|is|are|was|were) |[:,]|$)",
    re.IGNORECASE,
)
_COUNTING = word_set("number count size total sum mani how much exact")


def tell_disagreement(
    alliance: AllianceRecord, about: Collection[str], catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """The sentences of a body's article that tell of disagreement about something, word for word.

    Args:
        alliance: The body.
        about: Stems of what the disagreement may be about; one about anything else is left out.
        catalogue: Where the article is.
        citations: Takes up the sentences.
    """
    wanted = concepts(set(about))
    sentences = []
    for record in catalogue.sentences_of(catalogue.passage_ids_of([alliance.slug])):
        match = _DISAGREEING.search(record.sentence.text)
        if match and concepts(content_stems(match["about"]) - _COUNTING) <= wanted:
            sentences.append(CheckedSentence(f"“{record.sentence.text}”", (citations.cite(record),)))
    return sentences
