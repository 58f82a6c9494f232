"""Markdown -> sentences: plain text that can be quoted, each under its heading and with its sources."""

from __future__ import annotations

import re
import unicodedata

import sentencex
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.types import Sentence

# "[s1]" or "[s1, s4]" after a sentence names the sources that back it.
_SOURCES = re.compile(r"\s*\[(s\d+(?:\s*,\s*s\d+)*)\]")
_SOURCES_BEFORE_STOP = re.compile(r"\s*(\[(s\d+(?:\s*,\s*s\d+)*)\])([.!?])")
# Characters that are invisible or turn the reading direction: they could hide or forge text on the page.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e01ef]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # and halves of characters

# "01.AI", "SD.Next": no sentence ends within a name. "It rained.She left." is two all the same.
_WITHIN_NAME = re.compile(r"(?:^|\s)[A-Z0-9]+\.$")

_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table")


def clean_text(text: str) -> str:
    """Normalise to NFC, remove control, invisible and direction-changing characters, join lines, blanks."""
    text = unicodedata.normalize("NFC", _CONTROL.sub(" ", _INVISIBLE.sub("", text)))
    return " ".join(text.split())


def split_text(text: str) -> list[str]:
    """The sentences of one paragraph of plain text, in order, without the blanks around them."""
    sentences: list[str] = []
    for piece in sentencex.segment("en", text):
        if sentences and _WITHIN_NAME.search(sentences[-1]) and piece[:1].isalnum():
            sentences[-1] += piece
        elif piece:
            sentences.append(piece)
    return [sentence.strip() for sentence in sentences if sentence.strip()]


def read_sentences(body: str, known_sources: frozenset[str] = frozenset()) -> tuple[Sentence, ...]:
    """All sentences of a Markdown body, in order, free of markup.

    Links keep their text, images and raw HTML are left out, a table row becomes one sentence.

    Args:
        body: Markdown.
        known_sources: Ids that `[s1]` markers may name; a marker with another id stays in the text.
    """
    found: list[Sentence] = []
    for heading, block in _blocks(body):
        for text, ids in _with_sources(block, known_sources):
            found.append(Sentence(len(found), text, heading, ids))
    return tuple(found)


def unknown_sources(body: str, known_sources: frozenset[str]) -> list[tuple[int, str]]:
    """(line from 0, id) of each source marker whose id the front matter does not define."""
    return [
        (body.count("\n", 0, match.start(1)), source_id)
        for match in _SOURCES.finditer(body)
        for source_id in _ids(match[1])
        if source_id not in known_sources
    ]


def _ids(marker: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in marker.split(","))


def _with_sources(block: str, known: frozenset[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Cut a paragraph at its source markers; a marker backs the sentence that it follows."""
    pieces: list[tuple[str, tuple[str, ...]]] = []
    block = _SOURCES_BEFORE_STOP.sub(lambda m: f"{m[3]} {m[1]}" if known.issuperset(_ids(m[2])) else m[0], block)
    start = 0
    for match in _SOURCES.finditer(block):
        ids = _ids(match[1])
        if not known.issuperset(ids):
            continue
        sentences = split_text(block[start : match.start()])
        pieces += [(sentence, ()) for sentence in sentences[:-1]]
        if sentences:
            pieces.append((sentences[-1], ids))
        elif pieces:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + ids)
        start = match.end()
    return pieces + [(sentence, ()) for sentence in split_text(block[start:])]


def _blocks(body: str) -> list[tuple[str, str]]:
    """(heading, plain text) of each paragraph, list item and table row."""
    blocks: list[tuple[str, str]] = []
    heading, in_heading = "", False
    row: list[str] | None = None
    for token in _MARKDOWN.parse(body):
        if token.type == "heading_open":
            in_heading = True
        elif token.type == "heading_close":
            in_heading = False
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            blocks.append((heading, "; ".join(filter(None, row))))
            row = None
        elif token.type == "inline":
            text = clean_text(shown_text(token))
            if in_heading:
                heading = text
            elif row is not None:
                row.append(text)
            elif text:
                blocks.append((heading, text))
        elif token.type in ("code_block", "fence"):
            blocks.append((heading, clean_text(token.content)))
    return blocks


def shown_text(token: Token) -> str:
    """The text of an inline token as a reader sees it: no marks, pictures or raw HTML, links as their text."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)
