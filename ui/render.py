"""What a conversation looks like: turns in, chat messages and the sources panel out. Pure.

Everything that comes from a person, an article or a model passes `ui.text`, so it is text and never markup;
the few tags and links around it are written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from assistant.tables import is_row, read_table
from assistant.types import Answer, Citation, Delta, Event, Finished, Retrieved
from ui.text import clean, human_date, inert, safe_link

_MARKER = re.compile(r"\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\]")
_BULLET = re.compile(r"\s*[-*\u2022]\s+")
_COMMAND = re.compile("&#96;(.*?)&#96;")  # what an error message puts in backticks, made inert
_TITLES_NAMED = 3  # articles named in the hint while an answer is being written

Markers = Callable[[int], str | None]  # citation number -> HTML; None where there is no such citation


class Stage(Enum):
    """How far a turn is."""

    WAITING = "waiting"  # nobody works on it yet
    WORKING = "working"
    ANSWERED = "answered"
    STOPPED = "stopped"  # by the person
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what is known of its answer.

    Attributes:
        number: Unique in its browser tab, growing; part of the anchors that markers link to.
        question: As typed.
        stage: How far the turn is.
        text: The answer so far; for a failed turn, the sentence that says what happened.
        titles: Titles of the articles being read, best first, each once.
        passages: Text of the cited passages by id.
        answer: The whole answer, once it is there.
    """

    number: int
    question: str
    stage: Stage = Stage.WAITING
    text: str = ""
    titles: tuple[str, ...] = ()
    passages: Mapping[str, str] = field(default_factory=dict)
    answer: Answer | None = None

    @property
    def is_open(self) -> bool:
        """Whether more is to come."""
        return self.stage in (Stage.WAITING, Stage.WORKING)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of the finished answer; none before."""
        return self.answer.citations if self.answer else ()


def advance(turn: Turn, event: Event) -> Turn:
    """The turn after one more event of its answer."""
    match event:
        case Retrieved(passages):
            titles = tuple(dict.fromkeys(passage.title for passage in passages))
            return replace(turn, titles=titles)
        case Delta(text):
            return replace(turn, text=turn.text + text)
        case Finished(answer):
            return replace(turn, stage=Stage.ANSWERED, text=answer.text, answer=answer)


def chat_messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The chat as role and content, two messages a turn; the content is HTML that is safe in Markdown."""
    messages: list[dict[str, str]] = []
    for turn in turns:
        messages.append({"role": "user", "content": _blocks(turn.question, lambda number: None, with_tables=False)})
        messages.append({"role": "assistant", "content": _reply(turn)})
    return messages


def _reply(turn: Turn) -> str:
    body = _blocks(turn.text, _markers(turn))
    match turn.stage:
        case Stage.WAITING:
            return _thinking("Searching the articles")
        case Stage.WORKING:
            return body + _thinking(_progress(turn))
        case Stage.STOPPED:
            return f'{body}<p class="note">Stopped&#46;</p>'
        case Stage.FAILED:
            return '<div class="failure">' + _COMMAND.sub(r"<code>\1</code>", body) + "</div>"
    answer = turn.answer
    if answer is None or answer.kind == "smalltalk":
        return body
    if answer.abstained:
        return f'<div class="abstained">{body}</div>'
    return body + _origin(answer)


def _markers(turn: Turn) -> Markers:
    """What stands for a citation number: a link to its card, or only the number while there is none yet."""
    if turn.is_open:
        return lambda number: f'<span class="cite">{number}</span>'
    if turn.stage is Stage.STOPPED:
        return lambda number: ""  # the cards will never come
    links = {}
    for citation in turn.citations:
        number, anchor = citation.number, _anchor(turn, citation)
        links[number] = f'<a class="cite" href="#{anchor}" title="Source {number}">{number}</a>'
    return links.get


def _anchor(turn: Turn, citation: Citation) -> str:
    return f"source-{turn.number}-{citation.number}"


def _progress(turn: Turn) -> str:
    if turn.text:
        return "Writing"
    if not turn.titles:
        return "Searching the articles"
    named, more = turn.titles[:_TITLES_NAMED], len(turn.titles) - _TITLES_NAMED
    return "Reading " + ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _thinking(what: str) -> str:
    return f'<p class="thinking">{inert(what)}<span class="dots"></span></p>'


def _origin(answer: Answer) -> str:
    """One muted line that says where the answer's words come from."""
    writer = answer.model or "the language model"
    origins = {
        "exact": "From the facts recorded in the articles.",
        "open": f"Written by {writer}; each sentence was checked against its source.",
        "quote": "Quoted from the articles.",
    }
    origin = origins.get(answer.kind)
    return f'<p class="note">{inert(origin)}</p>' if origin else ""


def _blocks(text: str, markers: Markers, *, with_tables: bool = True) -> str:
    """Paragraphs, bullet lists and tables, on one line: for a Markdown reader, a blank line would end the HTML."""
    lines = [line.strip() for line in clean(text).split("\n") if line.strip()]
    html = []
    for kind, group in groupby(lines, key=_kind):
        same = list(group)
        table = read_table(same) if with_tables and kind == "row" else None
        if table:
            html.append(_table(*table, markers))
        elif kind == "item":
            items = (_marked(_BULLET.sub("", line, count=1), markers) for line in same)
            html.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
        else:
            html += [f"<p>{_marked(line, markers)}</p>" for line in same]
    return "".join(html)


def _kind(line: str) -> str:
    if _BULLET.match(line):
        return "item"
    return "row" if is_row(line) else "text"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], markers: Markers) -> str:
    """A table in a box of its own, in which a wide one can be scrolled, also by keyboard."""
    head = "".join(f'<th scope="col">{_marked(cell, markers)}</th>' if cell else "<td></td>" for cell in headings)
    body = "".join(
        f'<tr><th scope="row">{_marked(first, markers)}</th>'
        + "".join(f"<td>{_marked(cell, markers)}</td>" for cell in others)
        + "</tr>"
        for first, *others in rows
    )
    return (
        '<div class="table" tabindex="0" role="region" aria-label="Table">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _marked(line: str, markers: Markers) -> str:
    """The line with what stands for its citation markers; an unknown number in brackets stays text."""
    html, end = [], 0
    for match in _MARKER.finditer(line):
        known = [markers(int(number)) for number in match[1].split(",")]
        if None not in known:
            html += [inert(line[end : match.start()].rstrip()), *filter(None, known)]
            end = match.end()
    return "".join(html) + inert(line[end:])


def sources_html(turns: Sequence[Turn]) -> str:
    """The sources panel: the newest answer's cards, then those of earlier answers, folded."""
    current, earlier = (turns[-1] if turns else None), reversed(turns[:-1])
    folded = "".join(_folded(turn) for turn in earlier if turn.citations)
    past = f'<h3 class="earlier">Earlier answers</h3>{folded}' if folded else ""
    return f"<h2>Sources</h2>{_current(current)}{past}"


def _current(turn: Turn | None) -> str:
    if turn is not None and turn.citations:
        return _cards(turn)
    return f'<p class="hint">{escape(_why_no_sources(turn))}</p>'


def _why_no_sources(turn: Turn | None) -> str:
    match turn:
        case None:
            return "The sentences that an answer rests on will stand here, highlighted in their articles."
        case Turn(stage=Stage.WAITING | Stage.WORKING):
            return "They follow with the answer."
        case Turn(stage=Stage.STOPPED):
            return "The answer was stopped before it was finished."
        case Turn(stage=Stage.FAILED):
            return "No answer, so no sources."
        case Turn(answer=Answer(abstained=True, kind=kind)) if kind != "smalltalk":
            return "The articles do not tell, so there is nothing to show."
    return "Nothing was claimed, so there is nothing to show."


def _folded(turn: Turn) -> str:
    return f"<details><summary>{escape(clean(turn.question))}</summary>{_cards(turn)}</details>"


def _cards(turn: Turn) -> str:
    return "".join(
        _card(citation, _anchor(turn, citation), turn.passages.get(citation.passage_id, ""))
        for citation in turn.citations
    )


def _card(citation: Citation, anchor: str, passage: str) -> str:
    return (
        f'<article class="source" id="{anchor}" tabindex="-1" aria-label="Source {citation.number}">'
        f'<h3><span class="number">{citation.number}</span> {escape(clean(citation.title))}</h3>'
        f"{_byline(citation)}"
        f"<blockquote>{_highlighted(citation.quote, passage)}</blockquote>"
        f"{_publications(citation)}</article>"
    )


def _byline(citation: Citation) -> str:
    """Publisher and date of the article itself; a source's publisher stands beside that source's own date."""
    of_a_source = citation.publisher in {source.publisher for source in citation.sources}
    publisher = "Article in the library" if of_a_source or not citation.publisher else citation.publisher
    byline = " · ".join(filter(None, (publisher, human_date(citation.published))))
    return f'<p class="byline">{escape(clean(byline))}</p>'


def _highlighted(quote: str, passage: str) -> str:
    """The passage with the quote marked in it; the quote alone where the passage does not hold it."""
    quote, passage = clean(quote), clean(passage)
    before, found, after = passage.partition(quote) if quote else (passage, "", "")
    if not found:
        return f"<mark>{escape(quote)}</mark>"
    return f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}"


def _publications(citation: Citation) -> str:
    """What can be read elsewhere: the publications behind the sentence, and the citation's own address."""
    items = "".join(_publication_items(citation))
    label = "The highlighted sentence rests on:" if citation.sources else "To be read at:"
    return f'<p class="byline">{label}</p><ul class="publications">{items}</ul>' if items else ""


def _publication_items(citation: Citation) -> Iterator[str]:
    shown = set()
    for source in citation.sources:
        shown.add(source.url)
        byline = " · ".join(filter(None, (clean(source.publisher), human_date(source.date))))
        yield f"<li>{_link(source.url, source.title)} <span>{escape(clean(byline))}</span></li>"
    if citation.url not in shown and (address := safe_link(citation.url)):
        yield f"<li>{_link(address, urlsplit(address).hostname or address)}</li>"


def _link(url: str | None, text: str) -> str:
    """A link that opens in a new tab and tells the other side nothing; plain text for an unsafe address."""
    label, address = escape(clean(text)), safe_link(url)
    if address is None:
        return label
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{label}</a>'
