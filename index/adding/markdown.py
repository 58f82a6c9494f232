"""Plain text -> Markdown that reads as that text: nothing in it is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.sentences import clean_text

_INLINE_MARK = re.compile(r"([\\`*_\[\]<&])")
_BLOCK_MARK = re.compile(r"^([#>+~=|-])")
_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_DEEPEST_LEVEL = 4  # readers of Markdown give up on lists that are nested deeper and deeper


def escape_inline(line: str) -> str:
    """The line with a backslash before each mark that means something within a line."""
    return _INLINE_MARK.sub(r"\\\1", line)


class MarkdownWriter:
    """Collects blocks; each method takes plain text, cleans and escapes it, and leaves out what is empty."""

    def __init__(self) -> None:
        self._parts: list[str] = []  # each with the line ends before it
        self._list_level: int | None = None  # of the last block, if that is an item

    def heading(self, text: str, level: int = 2) -> None:
        """A heading; level 1 is the document's title, so the first of a body is 2."""
        self._add(f"{'#' * min(max(level, 2), 6)} ", _escape(text))

    def paragraph(self, text: str) -> None:
        """A paragraph; line ends in the text are blanks."""
        self._add("", _escape(text))

    def item(self, text: str, level: int = 0) -> None:
        """An item of a list; `level` counts from 0 how deeply the list is nested."""
        line = _escape(text)
        if not line:
            return
        # An item without one a level above it would be indented code.
        deepest = 0 if self._list_level is None else min(self._list_level + 1, _DEEPEST_LEVEL)
        level = min(level, deepest)
        before = "\n\n" if self._list_level is None else "\n"
        self._parts.append(f"{before}{'    ' * level}- {line}")
        self._list_level = level

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table whose first row is its head; one of a single column becomes paragraphs."""
        lines = [
            [escape_inline(clean_text(cell)).replace("|", r"\|") for cell in row]
            for row in rows
            if any(map(clean_text, row))
        ]
        width = max(map(len, lines), default=0)
        if width < 2:
            for row in rows:
                self.paragraph(" ".join(row))
            return
        lines[0] += [""] * (width - len(lines[0]))  # the head says how wide a table is; other rows may be shorter
        lines.insert(1, ["---"] * width)
        self._add("", "\n".join(f"| {' | '.join(line)} |" for line in lines))

    def text(self) -> str:
        """All blocks so far."""
        return "".join(self._parts).lstrip("\n")

    def _add(self, mark: str, block: str) -> None:
        if block:
            self._parts.append(f"\n\n{mark}{block}")
            self._list_level = None


def _escape(text: str) -> str:
    line = _BLOCK_MARK.sub(r"\\\1", escape_inline(clean_text(text)))
    return _NUMBER.sub(r"\1\\\2", line)
