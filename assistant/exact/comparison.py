"""Comparisons: what each body is, in the words of its article, and a table of facts, each cell with its citations.

A row of the table is a line of Markdown that holds the numbers of its citations itself, cell by cell. A row that
no body fills is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.citing import Citations
from assistant.exact.comparison_reading import Aspect, Comparison
from assistant.exact.wording import cited, listed
from assistant.tables import table_head, table_row
from assistant.types import CheckedSentence
from assistant.words import find_dates
from index.catalogue import Catalogue
from index.fact_sentences import names_pattern, spoken_date
from index.types import AllianceRecord, Fact, FigureRecord, SentenceRecord

NOT_TOLD = "not told"
_OPENING_SENTENCES = 3  # of an article, among which one says what the body is
_IS = frozenset({"is", "was", "are", "were"})


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    numbers: tuple[int, ...]


_Fill = Callable[[AllianceRecord, Catalogue, Citations], _Cell | None]


def compare(comparison: Comparison, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The answer's sentences; empty when the catalogue does not tell what is to be compared.

    Args:
        comparison: The bodies and the respects.
        catalogue: Where the facts are.
        citations: Takes up the sentences that tell the facts.
    """
    definitions = list(_definitions(comparison, catalogue, citations)) if "what" in comparison.aspects else []
    table = _table(comparison, catalogue, citations)
    if not table and len(definitions) < len(comparison.bodies):
        return []
    return [*definitions, *table]


def defining_sentence(alliance: AllianceRecord, catalogue: Catalogue) -> SentenceRecord | None:
    """The sentence at the beginning of a body's article that says what it is ("The X is a ..."), or None."""
    names = names_pattern([alliance.name, *alliance.aliases])
    opening = catalogue.sentences_of(catalogue.passage_ids_of([alliance.slug])[:1])[:_OPENING_SENTENCES]
    for record in opening:
        named = names.match(record.sentence.text.removeprefix("The "))
        if named and _IS & set(record.sentence.text.removeprefix("The ")[named.end() :].split()):
            return record
    return None


def newest_number_of_members(alliance: AllianceRecord, catalogue: Catalogue) -> FigureRecord | None:
    """The newest dated number of all members that the body's article gives."""
    figures = [figure for figure in catalogue.figures_of_alliance(alliance.slug) if figure.what == "members"]
    return max((figure for figure in figures if figure.as_of), key=lambda figure: figure.as_of or "", default=None)


def _definitions(comparison: Comparison, catalogue: Catalogue, citations: Citations) -> Iterator[CheckedSentence]:
    for alliance in comparison.bodies:
        told = defining_sentence(alliance, catalogue)
        if told is not None:
            yield CheckedSentence(f"- {told.sentence.text}", (citations.cite(told),))


def _table(comparison: Comparison, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    rows = []
    for aspect, title, fill in _ROWS:
        if aspect not in comparison.aspects:
            continue
        cells = [fill(alliance, catalogue, citations) for alliance in comparison.bodies]
        if any(cells):
            rows.append(_row(title, [cell or _Cell(NOT_TOLD, ()) for cell in cells]))
    if not rows:
        return []
    head = table_head(["", *(alliance.name for alliance in comparison.bodies)])
    every = tuple(sorted({number for row in rows for number in row.citations}))
    return [CheckedSentence(head, every), *rows]


def _row(title: str, cells: Sequence[_Cell]) -> CheckedSentence:
    texts = [" ".join([cell.text, *(f"[{number}]" for number in cell.numbers)]) for cell in cells]
    numbers = tuple(sorted({number for cell in cells for number in cell.numbers}))
    return CheckedSentence(table_row([title, *texts]), numbers)


def _founded(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> _Cell | None:
    if alliance.founded is None or alliance.founded_in is None:
        return None
    told = catalogue.sentences([alliance.founded_in])[alliance.founded_in]
    return _Cell(spoken_date(alliance.founded), (citations.cite(told),))


def _founders(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> _Cell | None:
    facts = catalogue.facts_of_alliance(alliance.slug, "founder")
    return _Cell(*listed(facts, catalogue, citations)) if facts else None


def _hosts(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> _Cell | None:
    facts = catalogue.facts_of_alliance(alliance.slug, "host")
    return _Cell(*listed(facts, catalogue, citations)) if facts else None


def _members_named(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> _Cell | None:
    """How many the articles name, with the days that the lists are of."""
    facts = [fact for fact in catalogue.facts_of_alliance(alliance.slug, "member") if not fact.until]
    if not facts:
        return None
    count = str(len({fact.organisation for fact in facts}))
    days = _days(facts, catalogue)
    as_of = f", as of {spoken_date(days[0])}" if days else ""
    as_of += f" to {spoken_date(days[-1])}" if len(days) > 1 else ""
    return _Cell(count + as_of, cited(facts, catalogue, citations))


def _days(facts: Sequence[Fact], catalogue: Catalogue) -> list[str]:
    """The dates of lists of members that the sentences themselves tell, oldest first."""
    told = catalogue.sentences({fact.sentence_id for fact in facts})
    return sorted(
        {
            fact.as_of
            for fact in facts
            if fact.as_of and find_dates(spoken_date(fact.as_of))[0] in find_dates(told[fact.sentence_id].sentence.text)
        }
    )


def _number_of_members(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> _Cell | None:
    figure = newest_number_of_members(alliance, catalogue)
    if figure is None:
        return None
    told = catalogue.sentences([figure.sentence_id])[figure.sentence_id]
    return _Cell(f"{figure.value} ({spoken_date(figure.as_of or '')})", (citations.cite(told),))


def _latest_event(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> _Cell | None:
    events = [event for event in catalogue.events if event.slug == alliance.slug]
    if not events:
        return None
    told = catalogue.sentences([events[-1].sentence_id])[events[-1].sentence_id]
    return _Cell(f"{spoken_date(events[-1].date)}: {events[-1].what}", (citations.cite(told),))


_ROWS: tuple[tuple[Aspect, str, _Fill], ...] = (
    ("founded", "Founded", _founded),
    ("founders", "Founders", _founders),
    ("host", "Hosted by", _hosts),
    ("members", "Number of members", _number_of_members),
    ("members", "Members named", _members_named),
    ("event", "Latest event", _latest_event),
)
