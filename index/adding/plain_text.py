"""Bytes of text -> text, whatever their encoding; plain text and Markdown -> a document."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from charset_normalizer import from_bytes
from charset_normalizer.constant import IANA_SUPPORTED
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.adding.documents import Document
from index.adding.markdown import MarkdownWriter, escape_inline
from index.errors import UnreadableDocument
from index.sentences import clean_text, shown_text

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODING_SAMPLE_BYTES = 64_000
_MAX_UTF8_MISTAKES = 0.2  # of the characters beyond ASCII
_WESTERN = "cp1252"  # of Windows; latin-1 is a part of it
_COHERENCE_MARGIN = 0.1  # Swedish needs 0.09, Turkish is 0.11 apart
_MAX_TITLE_CHARS = 150
_MIN_TITLE_LETTERS = 4
_NO_REAL_TITLE = re.compile(
    r"\.(?:docx?|pdf|indd|qxd|tex|rtf|odt|pptx?|xlsx?|html?|pages)$"
    r"|^(?:microsoft (?:word|powerpoint)|powerpoint|untitled|document ?\d*$|slide ?1$|title$|layout ?1$)",
    re.IGNORECASE,
)
_NO_TITLE = "no front matter and no '# Title' line: start the file with '---', 'title: ...', '---', or save it as .txt"
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table")


def read_text(data: bytes, name: str, charset: str | None) -> Document:
    """A plain text: its title is the first line, when that looks like a title, else the name of the file.

    Raises:
        UnreadableDocument: Not text.
    """
    lines = [clean_text(line) for line in _checked_text(data, charset).split("\n")]
    text = "\n".join(lines).strip()
    first, _, rest = text.partition("\n")
    title = first.lstrip("# ")
    is_title = first.startswith("# ") or (
        len(title) <= _MAX_TITLE_CHARS and bool(rest) and not title.endswith((".", "!", ";", ","))
    )
    return Document(
        (title if is_title else "") or title_from_name(name), _as_markdown(rest.strip() if is_title else text)
    )


def read_markdown(data: bytes, name: str, charset: str | None) -> Document:
    """Markdown without front matter: its first heading of the highest level is the title.

    Raises:
        UnreadableDocument: Not text, or no such heading.
    """
    text = _checked_text(data, charset)
    tokens = _MARKDOWN.parse(text)
    heading = next((at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None)
    if heading is None or not tokens[heading + 1].content.strip():
        raise UnreadableDocument(_NO_TITLE)
    title = clean_text(tokens[heading + 1].content) or title_from_name(name)
    return Document(title, _without_markup(tokens[:heading] + tokens[heading + 3 :]))


def title_from_name(name: str) -> str:
    """A title for a document that shows none: its name without suffix, hyphens and underscores as blanks."""
    words = clean_text(re.sub(r"[-_]", " ", Path(name).stem))
    return words[:1].upper() + words[1:] or "Article"


def sensible_title(told: str) -> str:
    """The title that a file's metadata tells; empty when it is only what a program has put there."""
    title = clean_text(told)
    return "" if _NO_REAL_TITLE.search(title) or sum(map(str.isalpha, title)) < _MIN_TITLE_LETTERS else title


def decode(data: bytes, charset: str | None = None) -> str:
    """Bytes as text: by byte order mark, then as declared, as UTF-8, as guessed, in this order. Never fails.

    Args:
        data: The text, encoded.
        charset: The encoding that the document or its sender declares; may be wrong or unknown.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    text = data.decode("utf-8", errors="replace")
    beyond_ascii = sum(not char.isascii() for char in text)
    mistakes = text.count("\ufffd")
    # Text in another encoding is never UTF-8 by chance, unless it is all ASCII: then the declaration counts.
    if beyond_ascii and not mistakes:
        return text
    declared = _declared(data, charset)
    if declared is not None:
        return declared
    # In another encoding, nearly every letter beyond ASCII is a mistake; in damaged UTF-8, few are.
    sample = data[:_ENCODING_SAMPLE_BYTES]
    if mistakes <= _MAX_UTF8_MISTAKES * beyond_ascii and b"\0" not in sample:
        return text
    return data.decode(_guess_encoding(sample) or _WESTERN, errors="replace")


def _declared(data: bytes, charset: str | None) -> str | None:
    try:
        encoding = codecs.lookup(charset or "").name.replace("-", "_")
        if encoding not in IANA_SUPPORTED or encoding == "utf_7":  # not an encoding of text, or one to hide markup in
            return None
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None


def _guess_encoding(sample: bytes) -> str | None:
    guesses = from_bytes(sample)
    best = guesses.best()
    # Charset-normalizer often takes "è" of Western Europe for "č" of its neighbours: where both fit, take the West.
    western = next((guess for guess in guesses if _WESTERN in guess.could_be_from_charset), None)
    if best and western and western.coherence > best.coherence - _COHERENCE_MARGIN:
        return _WESTERN
    return best.encoding if best else None


def _checked_text(data: bytes, charset: str | None) -> str:
    text = decode(data, charset)
    controls = any(unicodedata.category(char) == "Cc" and char not in "\n\r\t\f" for char in text)
    if controls or text.count("\ufffd") > len(text) / 100:
        raise UnreadableDocument("not a text file (it holds control characters): save its text as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")


def _as_markdown(text: str) -> str:
    """Plain text as Markdown that reads the same: marks are escaped, title-like lines above text are headings."""
    blocks = [block.split("\n") for block in re.split(r"\n{2,}", text) if block.strip()]
    titles = [_is_title_like(block) for block in blocks]
    return "\n\n".join(
        ("## " if title and not next_title else "") + "\n".join(map(_escape, block))
        for block, title, next_title in zip(blocks, titles, [*titles, True][1:], strict=True)
    )


def _is_title_like(block: Sequence[str]) -> bool:
    line = block[0]
    return (
        len(block) == 1
        and len(line) <= 100
        and len(line.split()) > 1
        and line[0] not in "#-+>|"
        and line[-1] not in ".!?:;,\"”'"
    )


def _escape(line: str) -> str:
    line = re.sub(r"^(\d{3,})([.)])", r"\1\\\2", escape_inline(line))  # a year; shorter numbers count a list's items
    return re.sub(r"^([#>+~=|-])(?! )", r"\\\1", line)


def _without_markup(tokens: Sequence[Token]) -> str:
    """Headings, paragraphs, lists and tables as they are; emphasis, links, images and raw HTML reduced to text."""
    writer = MarkdownWriter()
    opened: list[Token] = []
    rows: list[list[str]] = []
    item_begins = False
    for token in tokens:
        if token.nesting == 1:
            opened.append(token)
            item_begins = item_begins or token.type == "list_item_open"
            if token.type == "tr_open":
                rows.append([])
        elif token.nesting == -1:
            opened.pop()
            if token.type == "table_close":
                writer.table(rows)
                rows = []
        elif token.type == "inline":
            text, around = shown_text(token), opened[-1]
            if around.tag in ("th", "td"):
                rows[-1].append(text)
            elif around.type == "heading_open":
                writer.heading(text, int(around.tag[1]))
            elif item_begins:
                writer.item(text, sum(open_.type == "list_item_open" for open_ in opened) - 1)
            else:
                writer.paragraph(text)
            item_begins = False
        elif token.type in ("code_block", "fence"):
            writer.paragraph(token.content)
    return writer.text()
