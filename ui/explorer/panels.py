"""The explorer: a map, a timeline and a table of what the articles tell.

The page holds three empty panels. What stands in them is fetched when they are first seen, by explorer.js, which also
sends their forms; so the page opens as fast as without them, and needs no place in the queue of the chat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from assistant.engine import Assistant
from assistant.explorer import Explorer
from ui.explorer.card import body_card, organisation_card
from ui.explorer.choice import chosen_bodies, read_choice
from ui.explorer.map import map_panel, map_view
from ui.explorer.shared import shared_view
from ui.explorer.table import table_csv, table_panel, table_view
from ui.explorer.timeline import first_choice, timeline_panel, timeline_view

CSV = "bodies.csv"
_GONE = '<p class="hint">The library no longer has this.</p>'


def build(gradio: Any, assistant: Assistant) -> None:
    """Lay the explorer out, three panels to be filled. Called inside of a `gradio.Tab`."""
    del assistant  # asked when a panel is first seen
    with gradio.Tabs(elem_id="explorer"):
        for label in ("Map", "Timeline", "Table"):
            with gradio.Tab(label, elem_id=f"explorer-{label.lower()}"):
                panel = f'<section class="explorer" data-panel="{label.lower()}" aria-label="{label}"></section>'
                gradio.HTML(panel, apply_default_css=False, js_on_load=None)


def route(assistant: Assistant) -> Callable[[str, Request], Response]:
    """What answers at `/explorer/PART`: a panel, what a form asks for, a card, or the CSV."""

    def explore(part: str, request: Request) -> Response:
        """A part of the explorer, for the page's script."""
        explorer, query = assistant.explorer(), request.query_params
        if part == CSV:
            told = table_csv(chosen_bodies(explorer, read_choice(query)))
            headers = {"Content-Disposition": 'attachment; filename="alliances.csv"'}
            return Response(f"\ufeff{told}", media_type="text/csv; charset=utf-8", headers=headers)
        shown = part_html(explorer, part, query)
        return HTMLResponse(shown or _GONE, 200 if shown else 404)

    return explore


def part_html(explorer: Explorer, part: str, query: QueryParams) -> str | None:
    """The panel `part`, or, with a query, only its view; None if there is no such part."""
    choice = read_choice(query)
    match part:
        case "map":
            return map_view(explorer, choice) if query else map_panel(explorer, choice)
        case "timeline":
            return timeline_view(explorer, choice) if query else timeline_panel(explorer, first_choice(explorer))
        case "table":
            return table_view(explorer, choice, query) if query else table_panel(explorer, choice)
        case "shared":
            return shared_view(explorer, [name.strip() for name in query.getlist("name")])
        case "body" if body := explorer.body(query.get("name", "")):
            return body_card(body)
        case "organisation" if organisation := explorer.organisation(query.get("name", "")):
            return organisation_card(organisation)
    return None
