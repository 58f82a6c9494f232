"""Numbers that the articles give of a body, with their date: "How many members ...?", "How many countries ...?"."""

from __future__ import annotations

import re

from assistant.citing import Citations
from assistant.exact.disagreement import COUNTING, tell_disagreement
from assistant.exact.each_body import for_each_body
from assistant.exact.intent import Intent
from assistant.exact.wording import upper_first
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from assistant.words import concept, concepts, content_stems
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, FigureRecord

MEMBERS = frozenset(
    concept(word) for word in ("members", "signatories", "participants", "partners", "organisations", "sponsors")
)
# "founding sponsors no longer listed" are no founding sponsors, "target of members" are no members.
_OF_OTHERS = re.compile(
    r"\b(?:no longer|not|target\w*|goals?|limit\w*|planned|expected|wanted|refus\w*|left"
    r"|leaving|without|former|new|further)\b",
    re.IGNORECASE,
)
_FIRST_COUNTED = re.compile(r"(?:(?:about|more than|over|at least|nearly|almost|up to) )?[\d,.]+ (\w+)")
_COMPANIES = frozenset({concept("companies")})


def tell_figure(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The newest number of what is counted (or that of the time asked about), and what disagrees with it."""

    def tell(alliance: AllianceRecord) -> list[CheckedSentence]:
        figure = _figure(alliance, intent, catalogue)
        if figure is None:
            return []
        told = catalogue.sentences([figure.sentence_id])[figure.sentence_id]
        as_of = f", as of {spoken_date(figure.as_of)}" if figure.as_of else ""
        text = f"{upper_first(figure.what)} of {with_article(alliance.name)}{as_of}: {figure.value}."
        about = content_stems(figure.what) | intent.counted | COUNTING
        return [
            CheckedSentence(text, (citations.cite(told),)),
            *tell_disagreement(alliance, about, catalogue, citations),
        ]

    return for_each_body(intent, tell)


def _figure(alliance: AllianceRecord, intent: Intent, catalogue: Catalogue) -> FigureRecord | None:
    """The figure of exactly what is counted, else the one with the fewest words more; of these the newest.

    Where companies are counted and no figure is of companies, that of the members is told, as what it is.
    """
    figures = [
        figure
        for figure in catalogue.figures_of_alliance(alliance.slug)
        if (intent.span is None or intent.span.holds(figure.as_of)) and not _OF_OTHERS.search(figure.what)
    ]
    counted = concepts(set(intent.counted))
    fitting = [
        figure for figure in figures if counted and counted <= _stems(figure.what) | _counted_first(figure.value)
    ]
    if not fitting and counted <= _COMPANIES:
        fitting = [figure for figure in figures if _stems(figure.what) and _stems(figure.what) <= MEMBERS]
    if not fitting:
        return None
    fewest = min(len(_stems(figure.what)) for figure in fitting)
    fitting = [figure for figure in fitting if len(_stems(figure.what)) == fewest]
    return max(fitting, key=lambda figure: figure.as_of or "")


def _counted_first(value: str) -> set[str]:
    """What the first number of a value counts: "58 countries", but not "1,000 from 100 countries"."""
    match = _FIRST_COUNTED.match(value)
    return _stems(match[1]) if match else set()


def _stems(text: str) -> set[str]:
    return concepts(content_stems(text))
