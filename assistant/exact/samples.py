"""Where the articles name only some of the founders: then that one is not named denies nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.citing import Citations
from assistant.exact.wording import listed
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from assistant.words import find_numbers
from index.catalogue import Catalogue
from index.types import AllianceRecord, Fact, Organisation, SentenceRecord

_FOUNDING = re.compile(r"\bfound(?:ers?|ing)\b", re.IGNORECASE)
_ONLY_SOME = re.compile(
    r"\bnot (?:give|hold|name) (?:the |a )?(?:full|complete)?\s*(?:list|all)\b.*\bfound(?:ers?|ing)\b"
    r"|\bname only (?:some|a sample|\w+)\b of the (?:\w+ )?found(?:ers?|ing)\b"
    r"|\bfound(?:ers?|ing)\b.*(?:\bnot a complete list\b|\b(?:do|does) not give the full list\b|\ba sample\b)",
    re.IGNORECASE,
)


def tell_only_some(
    alliance: AllianceRecord,
    organisation: Organisation,
    founders: Sequence[Fact],
    catalogue: Catalogue,
    citations: Citations,
) -> list[CheckedSentence]:
    """That only some of the founders are named, and who; empty where nothing says that there are more.

    Args:
        alliance: The body.
        organisation: Not named as its founder.
        founders: Those who are.
        catalogue: Where the article is.
        citations: Takes up the sentences.
    """
    told = _saying_more(alliance, len({fact.organisation for fact in founders}), catalogue)
    if told is None:
        return []
    names, numbers = listed(founders, catalogue, citations)
    text = (
        f"The articles name only some of the founders of {with_article(alliance.name)}: {names}."
        f" They do not tell whether {organisation.name} is another."
    )
    return [CheckedSentence(text, tuple(dict.fromkeys([*numbers, citations.cite(told)])))]


def _saying_more(alliance: AllianceRecord, named: int, catalogue: Catalogue) -> SentenceRecord | None:
    """The sentence that gives a larger number of founders, or says that the sources do not name all."""
    for figure in catalogue.figures_of_alliance(alliance.slug):
        numbers = find_numbers(figure.value)
        if _FOUNDING.search(figure.what) and numbers and numbers[0].value > named:
            return catalogue.sentences([figure.sentence_id])[figure.sentence_id]
    records = catalogue.sentences_of_article(alliance.slug)
    return next((record for record in records if _ONLY_SOME.search(record.sentence.text)), None)
