"""Whether a body is still going: what its article says of its end, and the latest that the articles tell of it."""

from __future__ import annotations

import re

from assistant.citing import Citations
from assistant.exact.intent import Intent
from assistant.followup import with_article
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.fact_sentences import names_pattern, spoken_date
from index.types import AllianceRecord, SentenceRecord

_ENDING = re.compile(
    r"\b(?:has ended|ended in|was dissolved|disbanded|wound (?:up|down)|ceased|superseded"
    r"|has been (?:replaced|quiet|closed)"
    r"|no longer (?:active|exists?|meets?)|dormant|inactive|defunct|was (?:replaced|renamed|closed)|shut down"
    r"|has not (?:yet )?(?:entered|taken|come)|not (?:yet )?in force|in force)\b",
    re.IGNORECASE,
)
_PROPOSED = re.compile(r"\bproposed\b", re.IGNORECASE)
_MOST = 2


def tell_status(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """What the article says of an end, word for word, and the latest event; no more than that is known of "still"."""
    sentences = []
    for alliance in intent.alliances:
        records = catalogue.sentences_of_article(alliance.slug)
        ended = [record for record in records if _ENDING.search(record.sentence.text)][:_MOST]
        sentences += [CheckedSentence(f"“{record.sentence.text}”", (citations.cite(record),)) for record in ended]
        latest = next((event for event in reversed(catalogue.events) if event.slug == alliance.slug), None)
        if latest is not None:
            told = catalogue.sentences([latest.sentence_id])[latest.sentence_id]
            name = with_article(alliance.name)
            text = f"The latest event that the articles tell of {name} is of {spoken_date(latest.date)}: {latest.what}."
            sentences.append(CheckedSentence(text, (citations.cite(told),)))
    return sentences


def status_sentence(alliance: AllianceRecord, catalogue: Catalogue) -> SentenceRecord | None:
    """The sentence of a body's article that tells its status: that it has ended, is quiet, or is only proposed."""
    names = names_pattern([alliance.name, *alliance.aliases])
    pattern = _PROPOSED if alliance.status == "proposed" else _ENDING
    for record in catalogue.sentences_of_article(alliance.slug):
        named = names.match(record.sentence.text.removeprefix("The "))
        if named and pattern.search(record.sentence.text):
            return record
    return None
