"""A table of an answer: lines of Markdown where it is piped, aligned columns on a terminal, no cell lost or made."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.console import print_answer
from assistant.tables import is_row, read_table, row_cells, table_head, table_row
from assistant.types import Answer, Delta, Finished

TABLE = "\n".join([table_head(["", "The Forum"]), table_row(["Founded", "2023 [1]"]), table_row(["Founders", "A|B"])])
TEXT = f"- The Forum is a body. [1]\n\n{TABLE}"


def printed(capsys, *pieces):
    def events():
        yield from map(Delta, pieces)
        yield Finished(Answer("".join(pieces), False, "exact"))

    print_answer(events())
    return capsys.readouterr().out


@given(st.lists(st.text(), min_size=1))
def test_a_cell_reads_as_it_was_written_on_one_line(cells):
    row = table_row(cells)
    assert is_row(row) and len(row.splitlines()) == 1
    assert row_cells(row) == [" ".join(cell.split()) for cell in cells]


def test_a_bar_in_a_cell_makes_no_other_cell():
    lines = [*table_head(["x|y", "z"]).split("\n"), table_row(["a\\", "\\|b"])]
    assert read_table(lines) == (["x|y", "z"], [["a\\", "\\|b"]])


@pytest.mark.parametrize(
    "lines", [[], ["| a |"], ["| a |", "| b |"], ["| a |", "text"], ["| a |", "| --- |", "| b | c |"]]
)
def test_lines_that_make_no_table_are_none(lines):
    assert read_table(lines) is None


def test_a_piped_table_stays_markdown(capsys):
    assert printed(capsys, TEXT) == f"{TEXT}\n"


@pytest.mark.parametrize("pieces", [[TEXT], TEXT.splitlines(keepends=True)])
def test_a_table_is_aligned_on_a_terminal_whether_it_comes_whole_or_row_by_row(capsys, monkeypatch, pieces):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = re.sub(r"\x1b\[[\d;]*m", "", printed(capsys, *pieces))
    assert shown.startswith("- The Forum is a body. [1]\n\n") and "| " not in shown
    lines = [line.split() for line in shown.splitlines()]
    assert ["Founded", "2023", "[1]"] in lines and ["Founders", "A|B"] in lines


def test_an_answer_without_a_table_is_shown_as_it_comes_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert printed(capsys, "One. ", "Two | three.\n- Four.") == "One. Two | three.\n- Four.\n"
