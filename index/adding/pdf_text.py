"""A PDF -> a document: its lines, which is all that a PDF knows, put together to paragraphs again.

1. Each page's lines are read with their place and font size.
2. Lines that return at the top or bottom of the pages, and page numbers, are dropped.
3. Lines are joined to paragraphs, by the gaps between them, their sizes and their ends; words cut at a line's end are
   mended. Large type makes a heading, a bullet an item of a list.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError

from index.adding.documents import MAX_TEXT_BYTES, TOO_LONG, Document, plausible_date
from index.adding.markdown import MarkdownWriter
from index.adding.plain_text import sensible_title, title_from_name
from index.errors import UnreadableDocument
from index.sentences import clean_text

MAX_PAGES = 2_000  # more takes longer to read than the time limit
_PROTECTED = "is protected by a password: save a copy without it"
_NO_TEXT = "holds no text (a scan?): run it through text recognition first"

_EDGE_LINES = 2  # at the top and at the bottom, where headers and footers are
_MIN_RETURNS = 3  # at one place of as many pages, a line is no text
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|p\.|seite|-|\|) ?)?(?:\d{1,4}(?: ?(?:/|of|von|sur|de) ?\d{1,4})?|[ivxl]{1,6})(?: ?[-|])?",
    re.IGNORECASE,
)
_LEADERS = ("....", ". . .")  # between an entry of a table of contents and its page
_BULLET = re.compile(r"[•‣▪●◦∙■□➢➤–*-]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_LONGEST_WORD = 60
_CUT_WORD = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HEADING_SCALE = 1.15  # of the size of most of the text
_MAX_HEADING_CHARS = 200
_SAME_SIZE_SCALE = 0.12  # names of programs within a text are a little smaller than it
_GAP_SCALE = 1.35  # of the usual distance of two lines: a larger one parts paragraphs
_INDENT_SCALE = 0.8  # of the font size
_SHORT_LINE = 0.7  # of the usual length: a sentence that ends there ends its paragraph


@dataclass(frozen=True, slots=True)
class _Line:
    """A line; lengths are in points, y grows upwards."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class _Usual:
    """What most of the text is like: font size and distance of lines in points, length of a line in characters."""

    size: float
    gap: float
    length: float


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    size: float
    page: int
    is_heading: bool
    is_item: bool


def read_pdf(data: bytes, name: str) -> Document:
    """Read a PDF.

    Args:
        data: The file.
        name: Gives the title if the document has none.

    Raises:
        UnreadableDocument: Protected, too long, or without text.
    """
    reader = PdfReader(BytesIO(data))
    try:
        if reader.is_encrypted and not reader.decrypt(""):  # without a password to open it, it is readable to all
            raise UnreadableDocument(_PROTECTED)
    except DependencyError as exc:
        raise UnreadableDocument(_PROTECTED) from exc
    if len(reader.pages) > MAX_PAGES:
        raise UnreadableDocument(f"has {len(reader.pages)} pages; a document has at most {MAX_PAGES}: split it")
    blocks = _paragraphs(_without_furniture(_read_lines(reader)))
    if not any(char.isalpha() for block in blocks for char in block.text):
        raise UnreadableDocument(_NO_TEXT)
    about = reader.metadata
    title = sensible_title(str((about and about.title) or "")) or _shown_title(blocks) or title_from_name(name)
    return Document(
        title=title,
        body=_as_markdown(blocks, title),
        author=clean_text(str((about and about.author) or "")) or None,
        published=_created(about),
    )


def _created(about: Any) -> str | None:
    try:
        created = about.creation_date if about else None
    except ValueError:  # not a date
        return None
    day = plausible_date(created.year, created.month, created.day) if created else None
    return day.isoformat() if day else None


def _read_lines(reader: PdfReader) -> list[list[_Line]]:
    pages = []
    length = 0
    for page in reader.pages:
        lines = _page_lines(page)
        length += sum(len(line.text) for line in lines)
        if length > MAX_TEXT_BYTES:
            raise UnreadableDocument(TOO_LONG)
        pages.append(lines)
    return pages


def _page_lines(page: PageObject) -> list[_Line]:
    lines: list[_Line] = []
    parts: list[str] = []
    sizes: Counter[float] = Counter()
    place: _Line | None = None

    def end_line() -> None:
        nonlocal place
        raw = "".join(parts)
        # A soft hyphen at the end of a line cuts a word: it is kept until the lines are joined.
        text = clean_text(raw) + ("-" if raw.rstrip().endswith("\u00ad") else "")
        if place is not None and text and not text.rstrip(" 0123456789ivxl").endswith(_LEADERS):
            lines.append(_Line(text, place.x, place.y, sizes.most_common(1)[0][0]))
        parts.clear()
        sizes.clear()
        place = None

    def take(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        nonlocal place
        for at, piece in enumerate(text.split("\n")):
            if at:
                end_line()
            if shown := piece.strip():
                here = _place(cm, tm, size)
                place = place or here
                sizes[here.size] += len(shown)
            parts.append(piece)

    page.extract_text(visitor_text=take)
    end_line()
    return lines


def _place(cm: Sequence[float], tm: Sequence[float], size: float) -> _Line:
    """Where text of a font size begins: the product of the two matrices [a b c d e f]."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    scale = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    return _Line("", x, y, round(abs(size) * scale, 1))


def _without_furniture(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without headers, footers and page numbers."""
    seen = Counter(key for lines in pages for key in {_key(lines[at]) for at in _edges(lines)})
    kept = []
    for lines in pages:
        dropped = {
            at
            for at in _edges(lines)
            if seen[_key(lines[at])] >= _MIN_RETURNS or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(lines[at].text))
        }
        kept.append([line for at, line in enumerate(lines) if at not in dropped])
    return kept


def _edges(lines: Sequence[_Line]) -> set[int]:
    last = len(lines) - 1
    return {at for near in range(min(_EDGE_LINES, len(lines))) for at in (near, last - near)}


def _key(line: _Line) -> tuple[str, float, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), line.size, round(line.y)


def _paragraphs(pages: list[list[_Line]]) -> list[_Block]:
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    usual = _usual(pages)
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line.text))
    grouped: list[tuple[int, list[_Line]]] = []
    previous: _Line | None = None
    for number, page in enumerate(pages):
        for at, line in enumerate(page):
            if previous is None or _parts(previous, line, usual, new_page=at == 0):
                grouped.append((number, []))
            grouped[-1][1].append(line)
            previous = line
    return [_block(number, group, usual.size, words) for number, group in grouped]


def _usual(pages: list[list[_Line]]) -> _Usual:
    lengths: Counter[float] = Counter()
    for page in pages:
        for line in page:
            lengths[line.size] += len(line.text)
    size = lengths.most_common(1)[0][0]
    pairs = [(one, other) for page in pages for one, other in zip(page, page[1:], strict=False)]
    gaps = sorted(one.y - other.y for one, other in pairs if one.size == other.size == size and one.y > other.y)
    # The smaller half of the distances are those within paragraphs.
    gap = median(gaps[: len(gaps) // 2 + 1]) if gaps else 1.2 * size
    return _Usual(size, gap, median(len(line.text) for page in pages for line in page if line.size == size))


def _parts(one: _Line, other: _Line, usual: _Usual, *, new_page: bool) -> bool:
    """True when the second line begins a paragraph of its own."""
    if abs(one.size - other.size) > _SAME_SIZE_SCALE * one.size or _BULLET.match(other.text):
        return True
    ends_sentence = bool(_SENTENCE_END.search(one.text))
    if new_page or other.y > one.y:  # the next page or column may go on in the middle of a sentence
        return ends_sentence or not other.text[:1].islower()
    if one.y - other.y > _GAP_SCALE * usual.gap * max(1.0, one.size / usual.size):
        return True
    indented = other.x > one.x + _INDENT_SCALE * one.size
    return ends_sentence and (indented or len(one.text) < _SHORT_LINE * usual.length)


def _block(page: int, lines: list[_Line], body_size: float, words: Counter[str]) -> _Block:
    text = lines[0].text
    parts: list[str] = []
    for line in lines[1:]:
        cut = _CUT_WORD.search(text[-_LONGEST_WORD:])
        if cut and line.text[:1].islower():
            rest = _WORD.match(line.text)
            whole, hyphenated = f"{cut[1]}{rest and rest[0]}".casefold(), f"{cut[1]}-{rest and rest[0]}".casefold()
            # The document itself shows whether the word has a hyphen where it is not cut.
            text = text if words[hyphenated] > words[whole] else text[:-1]
            parts.append(text)
        else:
            parts.append(f"{text} ")
        text = line.text
    text = "".join([*parts, text])
    size = lines[0].size
    bullet = _BULLET.match(text)
    is_heading = size >= _HEADING_SCALE * body_size and len(text) <= _MAX_HEADING_CHARS and not bullet
    return _Block(text[bullet.end() :] if bullet else text, size, page, is_heading, bool(bullet))


def _shown_title(blocks: Sequence[_Block]) -> str:
    """The largest heading of the first page with text, else its first line if that is short."""
    first_page = [block for block in blocks if block.page == blocks[0].page]
    headings = [block for block in first_page if block.is_heading and any(map(str.isalpha, block.text))]
    if headings:
        return max(headings, key=lambda block: block.size).text
    first = blocks[0].text
    return first if len(first) <= _MAX_HEADING_CHARS and not _SENTENCE_END.search(first) else ""


def _as_markdown(blocks: Sequence[_Block], title: str) -> str:
    writer = MarkdownWriter()
    told = False
    for block in blocks:
        if not told and block.page == blocks[0].page and block.text.casefold() == title.casefold():
            told = True
        elif block.is_heading:
            writer.heading(block.text)
        elif block.is_item:
            writer.item(block.text)
        else:
            writer.paragraph(block.text)
    return writer.text()
