"""Whether a body is still going: what its article says of its end, and the latest that the articles tell of it."""

from __future__ import annotations

import re

from assistant.citing import Citations
from assistant.exact.intent import Intent
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import ENDING, YES_NO
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from assistant.words import content_stems, word_set
from index.catalogue import Catalogue
from index.fact_sentences import names_pattern, spoken_date
from index.types import AllianceRecord, SentenceRecord

_ENDING = re.compile(
    r"\b(?:has ended|ended in|was dissolved|disbanded|wound (?:up|down)|ceased|superseded"
    r"|has been (?:replaced|quiet|closed)"
    r"|no longer (?:active|exists?|meets?)|dormant|inactive|defunct|was (?:replaced|renamed|closed)|shut down"
    r"|has not (?:yet )?(?:entered|taken|come)|not (?:yet )?in force|in force|(?:was|been) (?:paused|suspended))\b",
    re.IGNORECASE,
)
# Ways to ask whether a body is still there, and each way to put its other half.
_ASKING = re.compile(
    r"\b(?:still|yet|already|by now|really|only|anybody|anyone|on paper)\b|\bor not\b|\bon or off\b|\bstands? now\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:gone|fallen|went|go) (?:silent|quiet|to sleep|dark|away)|\bwrapped up|\bwound (?:up|down)|\bgoing concern"
    r"|\b(?:on (?:the|its) )?drawing board|\b(?:still|only|just|merely) (?:an? )?(?:idea|plan|proposal)|\bon or off"
    r"|\b(?:in|into) (?:force|effect|operation|existence|being)|\btaken effect|\bcalled off|\blapsed|\bexpired"
    r"|\b(?:alive|life in|working on|exists?|active|running|dead|over|finished|ended|paused|frozen|on ice|on hold)\b",
    re.IGNORECASE,
)
_REST = word_set("rn later latest newer one idea life work oper far exist inform go concern")
_MORE = re.compile(r"\b(?:who|whom|whose|why|how|when|where|which)\b", re.IGNORECASE)
_PROPOSED = re.compile(r"\bproposed\b", re.IGNORECASE)
_MOST = 2


def read_status(reading: Reading, described: frozenset[str]) -> Intent | None:
    """The question whether one body is still, or already, there, in one of many set phrases; None if it asks more.

    Args:
        reading: The question, taken apart.
        described: Stems of words that only say which body is meant.
    """
    bodies = tuple(dict.fromkeys(reading.bodies))
    is_asked = (_ASKING.search(reading.masked) or YES_NO.match(reading.masked)) and _STATE.search(reading.masked)
    if len(bodies) != 1 or not is_asked or reading.organisations or reading.span or _MORE.search(reading.masked):
        return None
    said = content_stems(" ".join(match[0] for match in _STATE.finditer(reading.masked)))
    return None if reading.without(ENDING, _REST, described, frozenset(said)) else Intent("status", bodies)


def tell_status(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """What the article says of an end, word for word, and the latest event; no more than that is known of "still"."""
    sentences = []
    for alliance in intent.alliances:
        records = catalogue.sentences_of_article(alliance.slug)
        pattern = _PROPOSED if alliance.status == "proposed" else _ENDING
        ended = [record for record in records if pattern.search(record.sentence.text)][:_MOST]
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
