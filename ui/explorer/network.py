"""Alliances and organisations as a network: what is drawn of them, and where it stands. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.explorer import Body

LEAST_SHOWN = 60  # below that many organisations, those in one alliance only are shown, too
_SEED = 7  # the same network is drawn the same way each time
_ITERATIONS = 120
_SPRING_LENGTH = 0.5  # of a unit square, between what is linked
_RANK_WEIGHT = 0.75  # with less, the middle is crowded; with more, groups come apart


@dataclass(frozen=True, slots=True)
class Network:
    """Alliances, the organisations drawn with them, and who is in which.

    Attributes:
        bodies: Those that share an organisation with another, or have one to be drawn.
        apart: Those without.
        organisations: Their names.
        links: Pairs of an alliance's slug and an organisation's name.
    """

    bodies: tuple[Body, ...]
    apart: tuple[Body, ...]
    organisations: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def network_of(bodies: Sequence[Body]) -> Network:
    """The network of these alliances: organisations in several of them; where those are few, all of them."""
    count = Counter(name for body in bodies for name in body.present)
    least = 1 if len(count) < LEAST_SHOWN else 2
    organisations = tuple(sorted(name for name, times in count.items() if times >= least))
    drawn = frozenset(organisations)
    links = tuple((body.slug, name) for body in bodies for name in sorted(body.present & drawn))
    linked = {slug for slug, _ in links}
    return Network(
        bodies=tuple(body for body in bodies if body.slug in linked),
        apart=tuple(body for body in bodies if body.slug not in linked),
        organisations=organisations,
        links=links,
    )


@lru_cache(maxsize=64)  # a choice is often gone back to
def places(links: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], tuple[float, float]]:
    """Where each node stands, by ("body", slug) or ("organisation", name): x and y from 0 to 1.

    A spring layout leaves much room at the edges and little in the middle. A good part of each coordinate is its
    rank instead, which spreads the middle out and keeps neighbours together.
    """
    import networkx  # takes longer to load than the rest of the page, and only the map needs it

    graph = networkx.Graph([(("body", slug), ("organisation", name)) for slug, name in links])
    if not graph:
        return {}
    found = networkx.spring_layout(graph, k=_SPRING_LENGTH, iterations=_ITERATIONS, seed=_SEED)
    nodes = sorted(found)
    columns = [_spread([float(found[node][axis]) for node in nodes]) for axis in (0, 1)]
    return dict(zip(nodes, zip(*columns, strict=True), strict=True))


def _spread(values: Sequence[float]) -> list[float]:
    """The values and their ranks, weighed; both from 0 to 1."""
    low, high = min(values), max(values)
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    last = max(len(values) - 1, 1)
    return [
        (1 - _RANK_WEIGHT) * (value - low) / ((high - low) or 1) + _RANK_WEIGHT * ranks[value] / last
        for value in values
    ]


def short_name(names: Iterable[str], longest: int) -> str:
    """The first of the names if it is no longer than that, else the longest short form of it that is not; else cut.

    Another name may be an old one, so only an abbreviation, or a name of words of the first, stands for it.
    """
    first, *others = names
    if len(first) <= longest:
        return first
    fitting = [name for name in others if len(name) <= longest and _is_short_for(name, first)]
    return max(fitting, key=len) if fitting else f"{first[: longest - 1].rstrip()}…"


def _is_short_for(name: str, full: str) -> bool:
    """Whether each word is one of the full name's, or the one word's capitals are its capitals in their order."""
    if set(name.casefold().split()) <= set(full.casefold().split()):
        return True
    capitals = iter(letter for letter in full if letter.isupper())
    return name.isupper() and all(letter in capitals for letter in name if letter.isalpha())
