"""Which of a body's events a question is about: "the last REAIM meeting", "joined the steering committee, in order".

The words that are left of such a question must either say no more than the article's first sentence does, or stand in
one event; otherwise it is about something that the timeline does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.words import concepts, content_stems, word_set
from index.catalogue import Catalogue
from index.types import AllianceRecord

# Words for people who come together: which of them an article uses is chance.
MEETING = word_set("meet summit dialogu gather confer session conven assembl edit")
_RENAMED = re.compile(
    r"\brenam\w+|\bbecame\b|\b(?:founded|known|started) as\b|\bunder the (?:first )?name\b", re.IGNORECASE
)


def topic_of(asked: Collection[str], masked: str, body: AllianceRecord, catalogue: Catalogue) -> frozenset[str] | None:
    """Stems that an event must speak of; empty for every event, None if no event speaks of all of them.

    Args:
        asked: Stems of the words of the question that ask for a part of the events.
        masked: The question with names as marks: a meeting that it speaks of narrows the events down.
        body: Whose events they are.
        catalogue: Where the events are.
    """
    opening = catalogue.sentences_of_article(body.slug)[:1]
    described = concepts({stem for record in opening for stem in content_stems(record.sentence.text)})
    topic = frozenset({stem for stem in asked if not concepts({stem}) <= described} | (content_stems(masked) & MEETING))
    events = [event for event in catalogue.events if event.slug == body.slug]
    told = catalogue.sentences({event.sentence_id for event in events})
    is_told = any(speaks_of(event.what, told[event.sentence_id].sentence.text, topic) for event in events)
    return topic if is_told else None


def speaks_of(what: str, told: str, topic: Collection[str]) -> bool:
    """Whether an event or its sentence holds words of the same meaning as each of these stems.

    Args:
        what: The event in a few words: it says whether that was a meeting, and the sentence may speak of another.
        told: The sentence that tells it.
        topic: The stems.
    """
    stems = concepts(content_stems(f"{what} {told}"))
    is_meeting = bool(content_stems(what) & MEETING)
    return all(is_meeting if stem in MEETING else concepts({stem}) <= stems for stem in topic)


def has_been_renamed(body: AllianceRecord, catalogue: Catalogue) -> bool:
    """Whether one of a body's events gave it another name."""
    return any(_RENAMED.search(event.what) for event in catalogue.events if event.slug == body.slug)
