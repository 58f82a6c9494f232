"""A conversation as the browser keeps it: JSON to take it up again, Markdown to take it elsewhere. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape

from pydantic import TypeAdapter

from assistant.types import Citation
from ui.chat.turn import Stage, Turn
from ui.text import clean, human_date, safe_link

_CONVERSATION = TypeAdapter(tuple[str, tuple[Turn, ...]])
_MARKER = re.compile(r"\[(\d{1,4})\]")


def record_html(identity: str, turns: Sequence[Turn]) -> str:
    """An empty element that holds the conversation for the page's script; nothing while an answer is open.

    `data-id` names the conversation, `data-kept` is what `read_conversation` reads, `data-texts` a list of each
    answered turn's number, question and Markdown.
    """
    answered = tuple(turn for turn in turns if turn.stage is Stage.ANSWERED)
    if not answered or turns[-1].is_open:
        return ""
    kept = _CONVERSATION.dump_json((identity, answered)).decode()
    texts = json.dumps([(turn.number, clean(turn.question), turn_markdown(turn)) for turn in answered])
    return f'<div data-id="{escape(identity)}" data-kept="{escape(kept)}" data-texts="{escape(texts)}"></div>'


def read_conversation(text: str) -> tuple[str, tuple[Turn, ...]]:
    """Identity and turns of a conversation, as `record_html` wrote them.

    Raises:
        ValueError: The text is no conversation.
    """
    identity, turns = _CONVERSATION.validate_json(text)  # its error is a ValueError
    if not turns or any(turn.stage is not Stage.ANSWERED or turn.answer is None for turn in turns):
        raise ValueError("not every turn is answered")
    return identity, turns


def turn_markdown(turn: Turn) -> str:
    """An answer with its sources as footnotes, to be pasted somewhere; its numbers are unique in the conversation."""
    answer = turn.answer
    if answer is None:
        return ""
    known = {citation.number for citation in answer.citations}

    def footnote(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"[^{turn.number}-{number}]" if number in known else match[0]

    text = _MARKER.sub(footnote, _plain(answer.text, keep_brackets=True))
    if turn.within:
        text = f"(With the filter: {_plain(turn.within)})\n\n{text}"
    return "\n".join((text, "", *(f"[^{turn.number}-{c.number}]: {_note(c)}" for c in answer.citations))).rstrip()


def _note(citation: Citation) -> str:
    places = [_place(source.title, source.publisher, source.date, source.url) for source in citation.sources]
    own = _place(citation.title, citation.publisher, citation.published, citation.url)
    return f"“{_plain(citation.quote)}” " + ("; ".join(places) or own)


def _place(title: str, publisher: str | None, date: str | None, url: str | None) -> str:
    return ", ".join(_plain(part) for part in (title, publisher, human_date(date), safe_link(url)) if part)


def _plain(text: str, *, keep_brackets: bool = False) -> str:
    """Text in which Markdown finds no HTML, link or picture; `keep_brackets` spares "[12]", and line breaks."""
    text = clean(text).replace("<", "&lt;")
    if keep_brackets:
        return re.sub(r"\\*\[(?!\d{1,4}\])", r"\\[", text)  # a backslash before the bracket would undo ours
    return " ".join(re.sub(r"\\*\[", r"\\[", text).split())
