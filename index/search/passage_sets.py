"""Sets of passages by what the catalogue knows of their sentences. Each is one query.

`among` restricts a set to these ids, which is quicker when they are few.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from index.catalogue import Catalogue


def passages_naming(
    catalogue: Catalogue,
    kind: Literal["alliance", "organisation"],
    means: Collection[str],
    among: Collection[str] | None = None,
) -> set[str]:
    """Those of which a sentence may name one of these alliances (by slug) or organisations (by name)."""
    query = (
        "SELECT p.id FROM mentions m JOIN sentences s ON s.id = m.sentence_id "
        f"JOIN passages p ON p.position = s.passage WHERE m.kind = ? AND m.means IN ({_marks(means)})"
    )
    return _passages(catalogue, query, [kind, *means], among)


def passages_resting_on(
    catalogue: Catalogue, publishers: Collection[str], among: Collection[str] | None = None
) -> set[str]:
    """Those of which a sentence rests on a source of one of these publishers, spelt like that."""
    query = (
        "SELECT p.id FROM sources o JOIN sentences s ON s.slug = o.slug JOIN passages p ON p.position = s.passage "
        f"WHERE o.publisher IN ({_marks(publishers)}) AND o.id IN (SELECT value FROM json_each(s.source_ids))"
    )
    return _passages(catalogue, query, list(publishers), among)


def passages_with_any(catalogue: Catalogue, words: Collection[str], among: Collection[str] | None = None) -> set[str]:
    """Those of which the heading or the text holds one of these words; letters and digits only, stemmed."""
    if not words:
        return set()
    query = (
        "SELECT p.id FROM passages p WHERE p.position IN (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?)"
    )
    any_word = " OR ".join(f'"{word}"' for word in words)
    return _passages(catalogue, query, [f"{{heading text}} : ({any_word})"], among)


def _passages(catalogue: Catalogue, query: str, values: list[str], among: Collection[str] | None) -> set[str]:
    if among is None:
        return catalogue.passage_ids_by(query, *values)
    return catalogue.passage_ids_by(f"{query} AND p.id IN ({_marks(among)})", *values, *among)


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))
