"""Numbers that the articles give of a body, with their date: "How many members ...?", "How many countries ...?"."""

from __future__ import annotations

from assistant.citing import Citations
from assistant.exact.disagreement import tell_disagreement
from assistant.exact.intent import Intent
from assistant.exact.wording import upper_first
from assistant.followup import with_article
from assistant.types import CheckedSentence
from assistant.words import concept, concepts, content_stems
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, FigureRecord

MEMBERS = frozenset(
    concept(word) for word in ("members", "signatories", "participants", "partners", "organisations", "sponsors")
)


def tell_figure(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The newest number of what is counted (or that of the time asked about), and what disagrees with it."""
    sentences = []
    for alliance in intent.alliances:
        figure = _figure(alliance, intent, catalogue)
        if figure is None:
            continue
        told = catalogue.sentences([figure.sentence_id])[figure.sentence_id]
        as_of = f", as of {spoken_date(figure.as_of)}" if figure.as_of else ""
        text = f"{upper_first(figure.what)} of {with_article(alliance.name)}{as_of}: {figure.value}."
        sentences.append(CheckedSentence(text, (citations.cite(told),)))
        sentences += tell_disagreement(alliance, content_stems(figure.what) | intent.counted, catalogue, citations)
    return sentences


def _figure(alliance: AllianceRecord, intent: Intent, catalogue: Catalogue) -> FigureRecord | None:
    """The figure of exactly what is counted, else the one with the fewest words more; of these the newest."""
    counted = concepts(set(intent.counted)) or MEMBERS
    fitting = []
    for figure in catalogue.figures_of_alliance(alliance.slug):
        what = concepts(content_stems(figure.what))
        told = what | concepts(content_stems(figure.value))  # "signatories: 58 countries"
        fits = counted <= told if intent.counted else bool(what) and what <= MEMBERS
        if fits and (intent.span is None or intent.span.holds(figure.as_of)):
            fitting.append((len(what), figure))
    if not fitting:
        return None
    fewest = min(words for words, _ in fitting)
    return max((figure for words, figure in fitting if words == fewest), key=lambda figure: figure.as_of or "")
