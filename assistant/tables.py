"""Tables within an answer's text, as lines of Markdown: written here, and read by whatever shows them. A leaf."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CELL = re.compile(r"((?:\\.|[^\\|])*)\|")
_ESCAPED = re.compile(r"\\([\\|])")
_RULE = "---"


def table_row(cells: Sequence[str]) -> str:
    r"""A line of a table.

    Example: `table_row(["a|b", "c"])` is `| a\|b | c |`.
    """
    return "| " + " | ".join(" ".join(cell.split()).replace("\\", r"\\").replace("|", r"\|") for cell in cells) + " |"


def table_head(cells: Sequence[str]) -> str:
    """The two lines that a table begins with: its headings and the rule below them."""
    return f"{table_row(cells)}\n{table_row([_RULE] * len(cells))}"


def is_row(text: str) -> bool:
    """True for a line of a table, and for the two lines of its head."""
    return text.startswith("| ") and text.endswith(" |")


def row_cells(line: str) -> list[str]:
    """The cells of a line that `table_row` has written."""
    return [_ESCAPED.sub(r"\1", cell.strip()) for cell in _CELL.findall(line[1:])]


def read_table(lines: Sequence[str]) -> tuple[list[str], list[list[str]]] | None:
    """Headings and rows of a whole table; None when the lines are none, or its rows are not of one length."""
    if len(lines) < 2 or not all(map(is_row, lines)):
        return None
    head, rule, *rows = map(row_cells, lines)
    if set(rule) != {_RULE} or any(len(row) != len(head) for row in (rule, *rows)):
        return None
    return head, rows
