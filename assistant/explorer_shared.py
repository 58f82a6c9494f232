"""What several bodies, or several organisations, share: the organisations in all of them, or the bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.explorer import Body, Explorer, OrganisationTold, Part

Named = TypeVar("Named", Body, OrganisationTold)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that all of those chosen share, with its part in each of them."""

    name: str
    kind: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What was chosen, and what it shares.

    Attributes:
        bodies: The chosen bodies; the rows are organisations in all of them.
        organisations: The chosen organisations, where no bodies were chosen; the rows are bodies.
        rows: By name.
        unknown: Names that nothing in the library bears.
        several: A name that several bear -> their names.
        is_mixed: Bodies and organisations were chosen together, which share nothing of one sort.
    """

    bodies: tuple[Body, ...] = ()
    organisations: tuple[OrganisationTold, ...] = ()
    rows: tuple[Row, ...] = ()
    unknown: tuple[str, ...] = ()
    several: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_mixed: bool = False


def find_shared(explorer: Explorer, names: Sequence[str]) -> Shared:
    """What the bodies or organisations of these names share.

    Args:
        explorer: Where they are looked up.
        names: As a person wrote them: full names or aliases, in any capitals. A name of both a body and an
            organisation is taken for what the others are.
    """
    bodies = [_called(name, explorer.bodies) for name in names]
    organisations = [_called(name, explorer.organisations) for name in names]
    unknown = [name for name, *found in zip(names, bodies, organisations, strict=True) if not any(found)]
    if unknown:
        return Shared(unknown=tuple(unknown))
    if not all(bodies) and not all(organisations):
        return Shared(is_mixed=True)
    found: Sequence[Sequence[Body | OrganisationTold]] = bodies if all(bodies) else organisations
    several = tuple(
        (name, tuple(one.name for one in called)) for name, called in zip(names, found, strict=True) if len(called) > 1
    )
    if several:
        return Shared(several=several)
    if all(bodies):
        return _of_bodies(tuple(dict.fromkeys(body for (body,) in bodies)), explorer)
    return _of_organisations(tuple(dict.fromkeys(one for (one,) in organisations)))


def _called(name: str, among: Sequence[Named]) -> list[Named]:
    """Those of exactly this name; if there is none, those with such an alias."""
    wanted = _plain(name)
    return [one for one in among if _plain(one.name) == wanted] or [
        one for one in among if wanted in map(_plain, one.aliases)
    ]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")


def _of_bodies(bodies: tuple[Body, ...], explorer: Explorer) -> Shared:
    names = frozenset.intersection(*(body.present for body in bodies))
    rows = []
    for name in sorted(names, key=str.casefold):
        organisation = explorer.organisation(name)
        parts = [
            next(part for part in (*body.members, *body.founders) if part.organisation == name and not part.is_past)
            for body in bodies
        ]
        rows.append(Row(name, organisation.kind if organisation else None, tuple(parts)))
    return Shared(bodies=bodies, rows=tuple(rows))


def _of_organisations(organisations: tuple[OrganisationTold, ...]) -> Shared:
    present = [
        {part.slug: part for part in reversed(organisation.parts) if part.role != "host" and not part.is_past}
        for organisation in organisations
    ]
    slugs = set.intersection(*map(set, present))
    rows = [Row(present[0][slug].body, None, tuple(parts[slug] for parts in present)) for slug in slugs]
    return Shared(organisations=organisations, rows=tuple(sorted(rows, key=lambda row: row.name.casefold())))
