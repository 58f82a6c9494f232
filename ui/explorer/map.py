"""The map: alliances and organisations as a network, drawn as SVG, with a table behind it. Pure.

Which labels fit, and zooming, depend on the window: map.js sees to them. The table below the drawing has every node as
a button.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.exact.wording import counted
from assistant.explorer import Body, Explorer
from ui.explorer.card import card_button
from ui.explorer.choice import (
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
from ui.explorer.network import Network, network_of, places, short_name

WIDTH, HEIGHT = 1000, 760  # of the drawing, which map.js stretches to the room that there is
MARGIN = 40
_LONGEST_LABEL = 30
_SQUARE = 7  # side of an organisation's square
_KEYS = "Arrows go from one to the next, Enter opens its card, plus and minus zoom, 0 shows the whole map."

Place = tuple[float, float]


def map_panel(explorer: Explorer, choice: Choice) -> str:
    """The map with its forms: what to show, and what several share."""
    bodies = explorer.bodies
    years = years_of(body.founded for body in bodies)
    every = sorted({body.name for body in bodies} | {told.name for told in explorer.organisations}, key=str.casefold)
    fields = (
        select("kind", "Kind", kinds_of(bodies), choice.kind),
        select("since", "Founded from", years, str(choice.since or ""), "any year"),
        select("until", "to", years, str(choice.until or ""), "any year"),
        text_field("name", "With the organisation", options="explorer-names", hint="any"),
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


_SHARING = (("First", "such as UALink"), ("Second", "such as MLCommons"))


def map_view(explorer: Explorer, choice: Choice) -> str:
    """The drawing of those chosen, beside it the place for a card, below it the others and the table."""
    network = network_of(chosen_bodies(explorer, choice))
    shown = [*network.bodies, *network.apart]
    what = f"{counted(len(shown), 'alliance')} and {counted(len(network.organisations), 'organisation')}"
    if not shown:
        return '<div data-view="map"><p class="hint">No alliance is like that. Choose less.</p></div>'
    has_all = len(network.organisations) == len({name for body in shown for name in body.present})
    which = "" if has_all else " that are in several of them"
    return (
        f'<div data-view="map"><p>{what}{which}. Choose one to see its card and its neighbours, the ground beside them '
        f'to see all again.</p><div class="map-head">{legend(kinds_of(shown), _SQUARE_IS)}'
        f"{_TOOLS if network.bodies else ''}</div>"
        f'<div class="map-and-card">{drawing(network, what) if network.bodies else ""}'
        '<div class="card" data-card-place tabindex="-1"><p class="hint">The card of what you '
        f"choose stands here.</p></div></div>{_apart(network)}{_table(shown)}</div>"
    )


_SQUARE_IS = "<li><span class=square></span>organisation</li>"
_TOOLS = (
    '<div class="map-tools" role="group" aria-label="Zoom of the map">'
    '<button type="button" data-zoom="2" aria-label="Zoom in">+</button>'
    '<button type="button" data-zoom="0.5" aria-label="Zoom out">−</button>'
    '<button type="button" data-zoom="0">Whole map</button></div>'
)
_HINT = (
    "A larger circle: more organisations named in it. The wheel or two fingers zoom, too, and dragging moves. "
    "By keyboard: arrows, Enter, + − 0."
)


def drawing(network: Network, what: str) -> str:
    """The network as SVG; each node bears its card and each link its two ends. The most important nodes come first.

    The labels lie above all nodes, one for each in the same order.
    """
    at = _scaled(places(network.links))
    count = Counter(name for _, name in network.links)
    bodies = sorted(network.bodies, key=lambda body: (-len(body.present), body.slug))
    organisations = sorted(network.organisations, key=lambda name: (-count[name], name))
    nodes = [_body(body, at["body", body.slug]) for body in bodies]
    nodes += [_organisation(name, at["organisation", name]) for name in organisations]
    labels = [_label("body", (body.name, *body.aliases)) for body in bodies]
    labels += [_label("organisation", (name,)) for name in organisations]
    return (
        f'<div class="map"><div class="map-frame" tabindex="0" role="application" '
        f'aria-label="Map of {text(what)}; the table below tells the same. {_KEYS}">'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true"><g class="world">'
        f'<g class="links">{"".join(_lines(network, at))}</g>'
        f'<g class="nodes">{"".join(nodes)}</g><g class="labels">{"".join(labels)}</g></g></svg>'
        f'<span class="said" role="status"></span></div><p class="hint">{_HINT}</p></div>'
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


def _body(body: Body, place: Place) -> str:
    title = f"{body.name}: {body.kind}, {counted(len(body.present), 'organisation')} named"
    shape = f'<circle r="{radius(body)}" class="kind-{text(body.kind)}"/>'
    return _node(node_id("body", body.slug), title, shape, place)


def _organisation(name: str, place: Place) -> str:
    shape = f'<rect x="{-_SQUARE / 2}" y="{-_SQUARE / 2}" width="{_SQUARE}" height="{_SQUARE}"/>'
    return _node(node_id("organisation", name), name, shape, place)


def _node(node: str, title: str, shape: str, at: Place) -> str:
    return (
        f'<g class="node" transform="translate({at[0]} {at[1]})" data-card="{text(node)}">'
        f"<title>{text(title)}</title>{shape}</g>"
    )


def _label(css: str, names: Sequence[str]) -> str:
    return f'<text class="{css}">{text(short_name(names, _LONGEST_LABEL))}</text>'


def _apart(network: Network) -> str:
    """Alliances that share nobody, in a list below the drawing."""
    items = "".join(
        f'<li><span class="dot kind-{text(body.kind)}"></span>{card_button(node_id("body", body.slug), body.name)}</li>'
        for body in network.apart
    )
    return (
        "<h3>Not on the map</h3><p>Without an organisation in another of these alliances, as far as the articles name "
        f'who is in them:</p><ul class="apart">{items}</ul>'
        if items
        else ""
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
