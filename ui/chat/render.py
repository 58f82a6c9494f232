"""What a conversation looks like: turns in, chat messages out. Pure.

Everything that comes from a person, an article or a model passes `ui.text`, so it is text and never markup;
the few tags and links around it are written here. Of their attributes, Gradio lets `class`, `href`, `title`, `type` and
`role` through, but neither `data-*` nor `aria-*`: what the page's scripts need stands in classes and texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from assistant.tables import is_row, read_table
from assistant.types import Answer
from ui.chat.sources import anchor
from ui.chat.turn import Stage, Turn
from ui.text import clean, inert

_MARKER = re.compile(r"\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\]")
_BULLET = re.compile(r"\s*[-*\u2022]\s+")
_COMMAND = re.compile("&#96;(.*?)&#96;")  # what an error message puts in backticks, made inert
_TITLES_NAMED = 3  # articles named in the hint while an answer is being written

Markers = Callable[[int], str | None]  # citation number -> HTML; None where there is no such citation


def chat_messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The chat as role and content, two messages a turn (one where nothing was asked).

    The content is HTML that is safe in Markdown.
    """
    messages: list[dict[str, str]] = []
    for turn in turns:
        if turn.question:
            asked = _blocks(turn.question, lambda number: None, with_tables=False)
            messages.append({"role": "user", "content": asked})
        messages.append({"role": "assistant", "content": _reply(turn)})
    if turns:
        messages[-1]["content"] += _suggestions(turns[-1])
    return messages


def _reply(turn: Turn) -> str:
    body = _within(turn) + _blocks(turn.text, _markers(turn))
    match turn.stage:
        case Stage.WAITING | Stage.WORKING:
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
    return f'{body}<p class="note">{_origin(answer)} {_copier(turn)}</p>'


def _within(turn: Turn) -> str:
    """That a filter was on: what is missing may stand elsewhere in the articles."""
    return f'<p class="note within">{inert(f"With the filter: {turn.within}")}</p>' if turn.within else ""


def _suggestions(turn: Turn) -> str:
    """Questions that ask themselves when pressed."""
    if not turn.suggestions or turn.answer is None:
        return ""
    what = "The articles do tell:" if turn.answer.abstained else "Go on with:"
    buttons = "".join(
        f'<li><button type="button" class="ask">{inert(question)}</button></li>' for question in turn.suggestions
    )
    return f'<p class="note">{inert(what)}</p><ul class="suggestions">{buttons}</ul>'


def _copier(turn: Turn) -> str:
    return f'<button type="button" class="copy-answer turn-{turn.number}">Copy with sources</button>'


def _markers(turn: Turn) -> Markers:
    """What stands for a citation number: a link to its card, or only the number while there is none yet."""
    if turn.is_open:
        return lambda number: f'<span class="cite">{number}</span>'
    if turn.stage is Stage.STOPPED:
        return lambda number: ""  # the cards will never come
    links = {}
    for citation in turn.citations:
        number = citation.number
        links[number] = f'<a class="cite" href="#{anchor(turn, citation)}" title="Source {number}">{number}</a>'
    return links.get


def _progress(turn: Turn) -> str:
    if turn.place:
        return f"Waiting: {turn.place}"
    if turn.text:
        return "Writing, and checking each sentence"
    if not turn.titles:
        return "Searching the articles"
    named, more = turn.titles[:_TITLES_NAMED], len(turn.titles) - _TITLES_NAMED
    passages = "1 passage" if turn.found == 1 else f"{turn.found} passages"
    return f"Reading {passages} in " + ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _thinking(what: str) -> str:
    return f'<p class="thinking">{inert(what)}<span class="dots"></span></p>'


def _origin(answer: Answer) -> str:
    """Where the answer's words come from."""
    writer = answer.model or "the language model"
    origins = {
        "exact": "From the facts recorded in the articles.",
        "open": f"Written by {writer}; each sentence was checked against its source.",
        "quote": "Quoted from the articles.",
    }
    return inert(origins.get(answer.kind, ""))


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
    """A table in a box of its own, in which a wide one can be scrolled, also by keyboard.

    Its buttons are served by tables.js.
    """
    head = "".join(
        f'<th scope="col">{_marked(cell, markers)}{_sorter(cell)}</th>' if cell else "<td></td>" for cell in headings
    )
    body = "".join(
        f'<tr><th scope="row">{_marked(first, markers)}</th>'
        + "".join(f"<td>{_marked(cell, markers)}</td>" for cell in others)
        + "</tr>"
        for first, *others in rows
    )
    return (
        '<div class="table" tabindex="0" role="region" aria-label="Table">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        '<p class="note"><button type="button" class="copy-table">Copy the table</button></p>'
    )


def _sorter(heading: str) -> str:
    return f'<button type="button" class="sort">Sort by {inert(_MARKER.sub("", heading).strip())}</button>'


def _marked(line: str, markers: Markers) -> str:
    """The line with what stands for its citation markers; an unknown number in brackets stays text."""
    html, end = [], 0
    for match in _MARKER.finditer(line):
        known = [markers(int(number)) for number in match[1].split(",")]
        if None not in known:
            html += [inert(line[end : match.start()].rstrip()), *filter(None, known)]
            end = match.end()
    return "".join(html) + inert(line[end:])
