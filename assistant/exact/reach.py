"""How far the articles go: the newest event that they tell, for questions on times relative to today."""

from __future__ import annotations

from assistant.citing import Citations
from assistant.types import CheckedSentence
from assistant.words import find_dates
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date


def tell_reach(catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """One sentence with the date of the newest event whose sentence tells it; none if the articles tell no event."""
    for event in reversed(catalogue.events):
        told = catalogue.sentences([event.sentence_id])[event.sentence_id]
        (day,) = find_dates(spoken_date(event.date))
        if any(day.agrees_with(date) for date in find_dates(told.sentence.text)):
            text = f"The newest event that the articles tell is of {spoken_date(event.date)}."
            return [CheckedSentence(text, (citations.cite(told),))]
    return []
