"""What the filters of a question leave: the passages that may be quoted, and whether an exact answer stays within them.

Evidence is chosen from the passages that pass. An exact answer is complete or nothing, so it is told where all that it
quotes passes; no row is taken out of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assistant.smalltalk import ABSTENTION
from index.catalogue import Catalogue
from index.search.filters import NO_FILTERS, Filters

NOT_WITHIN = "Within the filter, the articles do not tell."
ONLY_WITHOUT = f"{NOT_WITHIN} Without it, they do."


class PassingPassages(Catalogue):
    """A catalogue of which only some passages are given out article by article, as evidence is."""

    def __init__(self, whole: Catalogue, passing: frozenset[str]) -> None:
        vars(self).update(vars(whole))  # the same connection and lock, and what has been read is not read again
        self._passing = passing

    def passage_ids_of(self, slugs: Collection[str]) -> list[str]:
        """The ids of these articles' passages that pass, in the order of the library."""
        return [passage_id for passage_id in super().passage_ids_of(slugs) if passage_id in self._passing]


@dataclass(frozen=True, slots=True)
class Within:
    """The filters of one question; by default none, and all is within."""

    whole: Catalogue
    filters: Filters = NO_FILTERS

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is set."""
        return self.filters != NO_FILTERS

    @property
    def abstention(self) -> str:
        """What is said where nothing within tells what is asked."""
        return NOT_WITHIN if self.is_narrowed else ABSTENTION

    @property
    def subject(self) -> str | None:
        """The one alliance that all has to be about; None without such a filter, or with several."""
        if len(self.filters.alliances) != 1:
            return None
        (wanted,) = self.filters.alliances
        return next((alliance.name for alliance in self.whole.alliances if alliance.slug == wanted), None)

    def evidence(self) -> Catalogue:
        """The catalogue to choose evidence from."""
        passing = self.filters.passages(self.whole)
        return self.whole if passing is None else PassingPassages(self.whole, passing)

    def holds(self, passage_ids: Collection[str]) -> bool:
        """Whether all of these passages pass."""
        passing = self.filters.passages(self.whole, passage_ids)
        return passing is None or passing.issuperset(passage_ids)
