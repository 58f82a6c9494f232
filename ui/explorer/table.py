"""The table of all alliances, and the same as CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from assistant.exact.wording import counted
from assistant.explorer import Body, Explorer, FigureTold
from ui.explorer.card import card_button, proof_button
from ui.explorer.choice import Choice, chosen_bodies, form, kinds_of, select, text, text_field, years_of
from ui.text import clean, human_date

_COLUMNS = ("Alliance", "Kind", "Founded", "Founders", "Named in it", "Members, as told", "Status")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one
_FOUNDERS_SHOWN = 4


def table_panel(explorer: Explorer, choice: Choice) -> str:
    """The table with its form."""
    years = years_of(body.founded for body in explorer.bodies)
    fields = (
        text_field("words", "Search", hint="a name, a member, a word"),
        select("kind", "Kind", kinds_of(explorer.bodies), choice.kind),
        select("status", "Status", sorted({body.status for body in explorer.bodies}), choice.status),
        select("since", "Founded from", years, str(choice.since or ""), "any year"),
        select("until", "to", years, str(choice.until or ""), "any year"),
    )
    shown = form("table", fields, "What the table shows")
    return f"<h2>All alliances</h2>{shown}{table_view(explorer, choice, {})}"


def table_view(explorer: Explorer, choice: Choice, query: Mapping[str, str]) -> str:
    """The table of those chosen; the link to the CSV asks for the same with `query`."""
    bodies = chosen_bodies(explorer, choice)
    address = f"explorer/bodies.csv?{urlencode(query)}"
    head = "".join(
        f'<th scope="col" aria-sort="{"ascending" if place == 0 else "none"}">'
        f'<button type="button" class="sort">{label}</button></th>'
        for place, label in enumerate(_COLUMNS)
    )
    rows = "".join(map(_row, sorted(bodies, key=lambda body: body.name.casefold())))
    return (
        f'<div data-view="table"><p>{counted(len(bodies), "alliance")}.</p><p>'
        f'<a href="{text(address)}" download="alliances.csv">Download as CSV</a></p>'
        '<div class="scroller" tabindex="0" role="region" aria-label="All alliances">'
        f'<table class="sortable"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>'
    )


def table_csv(bodies: Sequence[Body]) -> str:
    """One row a body, with every founder and everybody named in it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("alliance", "kind", "founded", "founders", "named_in_it", "members_as_told", "as_of", "status"))
    for body in bodies:
        members = _number_of_members(body)
        number, as_of = (members.value, members.as_of or "") if members else ("", "")
        founders = "; ".join(dict.fromkeys(part.organisation for part in body.founders))
        present = "; ".join(sorted(body.present, key=str.casefold))
        row = (body.name, body.kind, body.founded or "", founders, present, number, as_of, body.status)
        writer.writerow(map(_cell, row))
    return out.getvalue()


def _row(body: Body) -> str:
    founders = list(dict.fromkeys(part.organisation for part in body.founders))
    more = f" and {len(founders) - _FOUNDERS_SHOWN} more" if len(founders) > _FOUNDERS_SHOWN else ""
    founded = f"{text(human_date(body.founded) or '')} {proof_button(body.founded_proof)}" if body.founded_proof else ""
    members = _number_of_members(body)
    told = (
        f"{text(members.value)} ({text(human_date(members.as_of) or '')}) {proof_button(members.proof)}"
        if members
        else ""
    )
    number = _digits(members.value) if members else ""
    return (
        f'<tr><th scope="row" data-value="{text(body.name.casefold())}">'
        f"{card_button(f'body:{body.slug}', body.name)}</th>"
        f'<td>{text(body.kind)}</td><td data-value="{text(body.founded or "")}">{founded}</td>'
        f"<td>{text(', '.join(founders[:_FOUNDERS_SHOWN]))}{more}</td>"
        f'<td data-value="{len(body.present):06}">{len(body.present)}</td>'
        f'<td data-value="{number}">{told}</td><td>{text(body.status)}</td></tr>'
    )


def _number_of_members(body: Body) -> FigureTold | None:
    """The newest dated number of all members that the articles give."""
    told = [figure for figure in body.figures if figure.what == "members" and figure.as_of]
    return max(told, key=lambda figure: figure.as_of or "", default=None)


def _digits(number: str) -> str:
    """The first number in a text, to sort by."""
    digits = "".join(char if char.isdigit() else " " for char in number.replace(",", "")).split()
    return digits[0].zfill(9) if digits else ""


def _cell(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    value = clean(value)
    return f"'{value}" if value.startswith(_FORMULA) else value
