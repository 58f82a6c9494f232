"""What a build tells: its steps while it works, and at the end what it did. A leaf: imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEPS = (
    "lock",
    "clean",
    "load",
    "embed",
    "catalogue",
    "chroma",
    "manifest",
    "verify",
    "fsync",
    "rename",
    "current",
    "cleanup",
)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a build is. `embed` counts texts and is told after each batch; elsewhere `total` is 0."""

    name: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        generation: Number of the generation that answers now.
        unchanged: True when the index was up to date and nothing was written.
        counts: Articles, passages, sentences, questions, alliances and organisations in the index.
        added: Slugs of the articles that the index did not have before; likewise `changed` and `removed`.
        changed: Those whose file is another one.
        removed: Those that are gone.
        passages_embedded: Passages that the embedding model had to read.
        passages_reused: Passages whose vectors were there already.
        seconds: How long it took.
    """

    generation: int
    unchanged: bool
    counts: Mapping[str, int]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    passages_embedded: int
    passages_reused: int
    seconds: float


def ignore(_: Step) -> None:
    """Show no progress."""
