"""The map: alliances and organisations as a network, drawn as SVG, with a table behind it. Pure.

The drawing is for the mouse; for a screen reader and the keyboard it is one picture with a label, and the table below
it has every node as a button.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.exact.wording import counted
from assistant.explorer import Body, Explorer
from ui.explorer_card import card_button
from ui.explorer_choice import (
    Choice,
    chosen_bodies,
    form,
    kinds_of,
    legend,
    names_list,
    select,
    text,
    text_field,
    years_of,
)
from ui.explorer_network import Network, network_of, places, short_name

WIDTH, HEIGHT, MARGIN = 1000, 760, 50
_LONGEST_LABEL = 30
_LETTER, _LINE = 6.1, 13  # width of a letter and height of a line of a label, at 12 units
_APART_COLUMNS, _APART_ROW = 4, 26
_SQUARE = 7  # side of an organisation's square

Place = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


def map_panel(explorer: Explorer, choice: Choice) -> str:
    """The map with its forms: what to show, and what several share."""
    bodies = explorer.bodies
    years = years_of(body.founded for body in bodies)
    every = sorted({body.name for body in bodies} | {told.name for told in explorer.organisations}, key=str.casefold)
    fields = (
        select("kind", "Kind", kinds_of(bodies), choice.kind),
        select("since", "Founded from", years, str(choice.since or ""), "any year"),
        select("until", "to", years, str(choice.until or ""), "any year"),
        text_field("name", "With", options="explorer-names", hint="an organisation"),
    )
    sharing = (
        *(text_field("name", label, options="explorer-names", hint=hint) for label, hint in _SHARING),
        '<button type="button" class="one-more">One more</button>',
    )
    return (
        f"{names_list('explorer-names', every)}"
        "<h2>What do they share?</h2><p>Two or more alliances: who is in all of them. Two or more organisations: "
        f"which alliances they are all in.</p>{form('shared', sharing, 'What do they share?')}"
        '<div data-view="shared"></div>'
        f"<h2>Map</h2>{form('map', fields, 'What the map shows')}{map_view(explorer, choice)}"
    )


_SHARING = (("First", "such as UALink Consortium"), ("Second", "such as MLCommons"))


def map_view(explorer: Explorer, choice: Choice) -> str:
    """The drawing of those chosen, beside it the place for a card, below it the table."""
    network = network_of(chosen_bodies(explorer, choice))
    shown = [*network.bodies, *network.apart]
    what = f"{counted(len(shown), 'alliance')} and {counted(len(network.organisations), 'organisation')}"
    if not shown:
        return '<div data-view="map"><p class="hint">No alliance is like that. Choose less.</p></div>'
    has_all = len(network.organisations) == len({name for body in shown for name in body.present})
    which = "" if has_all else " that are in several of them"
    return (
        f'<div data-view="map"><p>{what}{which}. The more organisations the articles name in an alliance, the larger '
        "its circle. Choose one to see its card and its neighbours, the ground beside them to see all again.</p>"
        f"{legend(kinds_of(shown), '<li><span class=square></span>organisation</li>')}"
        '<div class="map-and-card"><div class="scroller" tabindex="0" role="region" aria-label="Map">'
        f"{drawing(network, f'Map of {what}; the table below tells the same.')}</div>"
        '<div class="card" data-card-place tabindex="-1"><p class="hint">The card of what you '
        f"choose stands here.</p></div></div>{_table(shown)}</div>"
    )


def drawing(network: Network, label: str) -> str:
    """The network as SVG; each node bears its card and each link its two ends."""
    at = _scaled(places(network.links))
    kinds = {name: "" for name in network.organisations}
    boxes: list[Box] = []
    bodies = sorted(network.bodies, key=lambda body: (-len(body.present), body.slug))
    count = {name: sum(one == name for _, one in network.links) for name in kinds}
    organisations = sorted(network.organisations, key=lambda name: (-count[name], name))
    nodes = [_body(body, at["body", body.slug], boxes) for body in bodies]
    nodes += [_organisation(name, at["organisation", name], boxes) for name in organisations]
    rows = math.ceil(len(network.apart) / _APART_COLUMNS)
    height = (HEIGHT if network.bodies else 0) + (rows + 2) * _APART_ROW * bool(rows)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{text(label)}">'
        f"{''.join(_lines(network, at))}{''.join(nodes)}{''.join(_apart(network))}</svg>"
    )


def radius(body: Body) -> float:
    """Of the circle: its area grows with the organisations named."""
    return round(4 + 2.2 * math.sqrt(len(body.present)), 1)


def node_id(kind: str, name: str) -> str:
    """What a node is called in the page: `body:SLUG` or `organisation:NAME`, as its card is."""
    return f"{kind}:{name}"


def highlighted(ids: Iterable[str]) -> str:
    """An attribute that names the nodes to bring out."""
    return f'data-highlight="{text(json.dumps(sorted(ids)))}"'


def _scaled(found: Mapping[tuple[str, str], Place]) -> dict[tuple[str, str], Place]:
    wide, high = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    return {node: (round(MARGIN + x * wide, 1), round(MARGIN + y * high, 1)) for node, (x, y) in found.items()}


def _lines(network: Network, at: Mapping[tuple[str, str], Place]) -> Iterator[str]:
    for slug, name in network.links:
        (x1, y1), (x2, y2) = at["body", slug], at["organisation", name]
        ends = f'data-from="{text(node_id("body", slug))}" data-to="{text(node_id("organisation", name))}"'
        yield f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {ends}/>'


def _body(body: Body, place: Place, boxes: list[Box]) -> str:
    (x, y), r = place, radius(body)
    title = f"{body.name}: {body.kind}, {counted(len(body.present), 'organisation')} named"
    shape = f'<circle cx="{x}" cy="{y}" r="{r}" class="kind-{text(body.kind)}"/>'
    label = short_name((body.name, *body.aliases), _LONGEST_LABEL)
    return _node(node_id("body", body.slug), "body", title, shape, label, (x, y + r + 11), boxes)


def _organisation(name: str, place: Place, boxes: list[Box]) -> str:
    x, y = place
    shape = f'<rect x="{x - _SQUARE / 2}" y="{y - _SQUARE / 2}" width="{_SQUARE}" height="{_SQUARE}"/>'
    label = short_name((name,), _LONGEST_LABEL)
    return _node(node_id("organisation", name), "organisation", name, shape, label, (x, y - 7), boxes)


def _node(node: str, css: str, title: str, shape: str, label: str, at: Place, boxes: list[Box]) -> str:
    """A node; its label is hidden until it is brought out where it would cover another one."""
    x, y = at
    half = len(label) * _LETTER / 2
    x = min(max(x, half), WIDTH - half)
    box = (x - half, y - _LINE + 3, x + half, y + 3)
    is_free = not any(_overlap(box, other) for other in boxes)
    if is_free:
        boxes.append(box)
    shown = "" if is_free else " crowded"
    return (
        f'<g class="node {css}{shown}" data-card="{text(node)}"><title>{text(title)}</title>{shape}'
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{text(label)}</text></g>'
    )


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _apart(network: Network) -> Iterator[str]:
    """Alliances that share nobody, in rows below the others."""
    top = HEIGHT if network.bodies else 0
    if network.apart:
        yield (
            f'<text x="10" y="{top + _APART_ROW}" class="note">Without an organisation in another of these '
            "alliances, as far as the articles name who is in them:</text>"
        )
    for position, body in enumerate(network.apart):
        row, column = divmod(position, _APART_COLUMNS)
        x, y = 20 + column * (WIDTH / _APART_COLUMNS), top + (row + 2) * _APART_ROW
        label = short_name((body.name, *body.aliases), _LONGEST_LABEL + 5)
        yield (
            f'<g class="node body" data-card="{text(node_id("body", body.slug))}"><title>{text(body.name)}</title>'
            f'<circle cx="{x}" cy="{y - 4}" r="6" class="kind-{text(body.kind)}"/>'
            f'<text x="{x + 12}" y="{y}">{text(label)}</text></g>'
        )


def _table(bodies: Sequence[Body]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{card_button(node_id("body", body.slug), body.name)}</th><td>{text(body.kind)}</td>'
        f"<td>{len(body.present)}</td><td>{_names(body)}</td></tr>"
        for body in sorted(bodies, key=lambda body: body.name.casefold())
    )
    head = "".join(f'<th scope="col">{label}</th>' for label in ("Alliance", "Kind", "Named in it", "Who"))
    return (
        '<details><summary>The map as a table</summary><div class="scroller" tabindex="0" role="region" '
        f'aria-label="The map as a table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        "</details>"
    )


def _names(body: Body) -> str:
    names = sorted(body.present, key=str.casefold)
    return ", ".join(card_button(node_id("organisation", name), name) for name in names)
