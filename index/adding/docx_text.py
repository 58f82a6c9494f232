"""A Word document -> a document: its package is checked before anything is unpacked, then its body is walked.

The XML is walked here and not by python-docx, whose paragraphs leave out inserted text and content controls.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml.etree import _Element

from index.adding.documents import Document, plausible_date
from index.adding.markdown import MarkdownWriter
from index.adding.plain_text import sensible_title, title_from_name
from index.errors import UnreadableDocument
from index.sentences import clean_text

MAX_ENTRIES = 2_000  # a long report with hundreds of pictures has some hundreds
MAX_ENTRY_BYTES = 50_000_000
MAX_EXPANDED_BYTES = 100_000_000
MAX_RATIO = 100  # of expanded to compressed size; the XML of Word reaches 20
_RATIO_FROM_BYTES = 1_000_000  # what is small may be monotonous
_MAX_STYLES_ABOVE = 20  # styles that are based on one another
_MAIN_PART = "word/document.xml"
_DAMAGED = "is damaged: open it in a word processor and save it afresh"
_TEMPLATE_AUTHOR = "python-docx"  # what that library leaves in files, with a date that means nothing
_TEMPLATE_CREATED = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)

_BODY = qn("w:body")
_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:r")
_TEXT, _BOX, _VALUE = qn("w:t"), qn("w:txbxContent"), qn("w:val")
_BLANKS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
_LEFT_OUT = frozenset(
    {
        *(qn("w:del"), qn("w:moveFrom")),  # tracked changes: text that the author has deleted
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # the same again for old readers
    }
)
_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
_LIST_NAME = re.compile(r"list (?:bullet|number)(?: (\d))?", re.IGNORECASE)


def is_docx(data: bytes) -> bool:
    """True for a zip archive with the main part of a Word document."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _MAIN_PART in package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def read_docx(data: bytes, name: str) -> Document:
    """Read a Word document.

    Args:
        data: A zip archive for which `is_docx` is true.
        name: Gives the title if the document has none.

    Raises:
        UnreadableDocument: A package that no word processor writes, or damaged.
    """
    _check_package(data)
    try:
        package = docx.Document(BytesIO(data))
        styles = _Styles(package.styles.element)
        properties = package.core_properties
    except (KeyError, ValueError, zipfile.BadZipFile) as exc:  # parts that are missing, or of another kind
        raise UnreadableDocument(_DAMAGED) from exc
    body = package.element.find(_BODY)
    blocks = list(_blocks(body, styles)) if body is not None else []
    title = _title(blocks, properties.title) or title_from_name(name)
    author = clean_text(properties.author or "")
    created = properties.created
    if created is None or created == _TEMPLATE_CREATED:
        published = None
    else:
        published = plausible_date(created.year, created.month, created.day)
    return Document(
        title=title,
        body=_as_markdown(blocks, title),
        author=author if author != _TEMPLATE_AUTHOR else None,
        published=published.isoformat() if published else None,
    )


def _check_package(data: bytes) -> None:
    """Refuse what would unpack to too much, or was made to deceive, before anything of it is unpacked."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        expanded = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ENTRIES:
            raise UnreadableDocument(
                f"holds {len(entries)} parts; a document has at most {MAX_ENTRIES}: save it as .pdf"
            )
        if expanded > MAX_EXPANDED_BYTES or any(entry.file_size > MAX_ENTRY_BYTES for entry in entries):
            raise UnreadableDocument("unpacks to more than 100 MB, or 50 MB in one part: save its text as .txt")
        if any(
            entry.file_size > _RATIO_FROM_BYTES and entry.file_size > MAX_RATIO * entry.compress_size
            for entry in entries
        ):
            raise UnreadableDocument("unpacks to more than 100 times its size, which no document does: save it afresh")
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableDocument("is protected by a password: save a copy without it")
        if len(set(names)) < len(names) or any(_leads_out(part) for part in names):
            raise UnreadableDocument("holds parts with forged names, which no word processor writes: save it afresh")
        for part in names:
            # In UTF-16 a zero byte follows each letter.
            if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in package.read(part).replace(b"\0", b""):
                raise UnreadableDocument("holds a DOCTYPE, which no word processor writes: save it afresh")


def _leads_out(part: str) -> bool:
    return part.startswith(("/", "\\")) or ":" in part or ".." in re.split(r"[/\\]", part)


class _Styles:
    """The styles by id, with what they take over from the styles that they are based on."""

    def __init__(self, styles: _Element) -> None:
        self._by_id = {str(style.get(qn("w:styleId"))): style for style in styles.iterfind(qn("w:style"))}

    def chain(self, style_id: str | None) -> Iterator[_Element]:
        """The style and those above it, nearest first."""
        for _ in range(_MAX_STYLES_ABOVE):
            style = self._by_id.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = _value(style, "w:basedOn")


def _value(element: _Element | None, path: str) -> str | None:
    """The `w:val` of the element at a path of tags; "" when it has none, None when there is no such element."""
    found = None if element is None else element.find("/".join(map(qn, path.split("/"))))
    return None if found is None else str(found.get(_VALUE, ""))


class _Block:
    """A paragraph: its text, and what its style makes of it. Or a table: its rows."""

    def __init__(self, text: str = "", rows: list[list[str]] | None = None) -> None:
        self.text = text
        self.rows = rows
        self.is_title = False
        self.heading: int | None = None
        self.item: int | None = None


def _blocks(parent: _Element, styles: _Styles) -> Iterator[_Block]:
    for element in _outermost(parent, {_PARAGRAPH, _TABLE}):
        if element.tag == _TABLE:
            yield _Block(rows=_rows(element, styles))
            continue
        text, boxes = _paragraph_text(element, styles)
        block = _Block(text)
        _apply_style(block, element, styles)
        yield block
        for box in boxes:
            yield from _blocks(box, styles)


def _rows(table: _Element, styles: _Styles) -> list[list[str]]:
    return [
        [
            " ".join(_paragraph_text(paragraph, styles)[0] for paragraph in _outermost(cell, {_PARAGRAPH}))
            for cell in _outermost(row, {_CELL})
        ]
        for row in _outermost(table, {_ROW})
        if _value(row, "w:trPr/w:del") is None
    ]


def _paragraph_text(paragraph: _Element, styles: _Styles) -> tuple[str, list[_Element]]:
    """The text that is shown, and the text boxes that are anchored in it."""
    hidden = _style_hides(_value(paragraph, "w:pPr/w:pStyle"), styles)
    parts: list[str] = []
    boxes: list[_Element] = []
    for run in _outermost(paragraph, {_RUN}):
        own, by_style = _switch(_value(run, "w:rPr/w:vanish")), _style_hides(_value(run, "w:rPr/w:rStyle"), styles)
        if own or (own is None and (hidden if by_style is None else by_style)):
            continue
        for piece in _outermost(run, {_TEXT, _BOX, *_BLANKS}):
            if piece.tag == _BOX:
                boxes.append(piece)
            else:
                parts.append(_BLANKS.get(str(piece.tag), piece.text or ""))
    return clean_text("".join(parts)), boxes


def _style_hides(style_id: str | None, styles: _Styles) -> bool | None:
    told = (_switch(_value(style, "w:rPr/w:vanish")) for style in styles.chain(style_id))
    return next((hides for hides in told if hides is not None), None)


def _switch(value: str | None) -> bool | None:
    return None if value is None else value not in ("0", "false", "off")


def _apply_style(block: _Block, paragraph: _Element, styles: _Styles) -> None:
    chain = list(styles.chain(_value(paragraph, "w:pPr/w:pStyle")))
    names = [_value(style, "w:name") or "" for style in chain]
    levels = [_value(element, "w:pPr/w:outlineLvl") for element in (paragraph, *chain)]
    outline = next((level for level in levels if level is not None), "9")  # 9 is the level of body text
    named = next(filter(None, map(_HEADING_NAME.match, names)), None)
    block.is_title = "title" in (name.lower() for name in names)
    if named or outline in list("012345678"):
        block.heading = int(named[1]) if named else int(outline) + 1
        return
    numbers = [_value(element, "w:pPr/w:numPr/w:numId") for element in (paragraph, *chain)]
    number = next((number for number in numbers if number is not None), "0")  # 0 takes a list's mark away
    listed = next(filter(None, map(_LIST_NAME.match, names)), None)
    if number != "0" or listed:
        level = _value(paragraph, "w:pPr/w:numPr/w:ilvl") or ""
        block.item = int(level) if level in list("012345678") else int(listed[1] or 1) - 1 if listed else 0


def _outermost(element: _Element, wanted: set[str]) -> Iterator[_Element]:
    """The descendants with one of the tags that are not within another of them, nor in what is left out."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _outermost(child, wanted)


def _title(blocks: list[_Block], told: Any) -> str:
    """What is set as title; else what the properties tell; else a heading that everything begins with."""
    shown = [block for block in blocks if block.text]
    set_as_title = next((block.text for block in shown if block.is_title), "")
    beginning = shown[0].text if shown and shown[0].heading else ""
    return set_as_title or sensible_title(str(told or "")) or beginning


def _as_markdown(blocks: list[_Block], title: str) -> str:
    writer = MarkdownWriter()
    for block in blocks:
        if block.rows is not None:
            writer.table(block.rows)
        elif (block.is_title or block.heading) and block.text == title:
            continue
        elif block.heading or block.is_title:
            writer.heading(block.text, block.heading or 2)
        elif block.item is not None:
            writer.item(block.text, block.item)
        else:
            writer.paragraph(block.text)
    return writer.text()
