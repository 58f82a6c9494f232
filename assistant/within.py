"""What the filters of a question leave: the passages that may be quoted, and whether an exact answer stays within them.

Evidence is chosen from the passages that pass. An exact answer is complete or nothing, so it is told where all that it
quotes passes; no row is taken out of it. Only a timeline is asked for anew, of the bodies and the time that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from assistant.citing import Citations
from assistant.exact.reading import Reading
from assistant.exact.timeline import tell_timeline
from assistant.exact.timeline_reading import Timeline, read_timeline
from assistant.smalltalk import ABSTENTION
from assistant.time_spans import TimeSpan
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.dates import Period
from index.search.filters import NO_FILTERS, Filters

NOT_WITHIN = "Within the filter, the articles do not tell."
ONLY_WITHOUT = f"{NOT_WITHIN} Without it, they do."

Tell = Callable[[Citations], list[CheckedSentence]]


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

    def keep(self, tell: Tell, reading: Reading) -> Tell | None:
        """The exact answer to a question, so that all it quotes passes; None where that cannot be.

        Args:
            tell: Tells it from everything.
            reading: The question.
        """
        if not self.is_narrowed or self._holds(tell):
            return tell
        timeline = read_timeline(reading, self.whole)
        if timeline is None or (narrowed := self._narrow(timeline)) is None:
            return None

        def tell_narrowed(citations: Citations) -> list[CheckedSentence]:
            return tell_timeline(narrowed, self.whole, citations)

        return tell_narrowed if self._holds(tell_narrowed) else None

    def _holds(self, tell: Tell) -> bool:
        """Whether all that an answer quotes passes."""
        citations = Citations(self.whole)
        tell(citations)
        quoted = {citation.passage_id for citation in citations.all()}
        passing = self.filters.passages(self.whole, quoted)
        return passing is None or passing >= quoted

    def _narrow(self, timeline: Timeline) -> Timeline | None:
        """The timeline of the bodies that are left, and of the time if it tells none; None if no body is left."""
        slugs, kinds = self.filters.alliances, self.filters.kinds
        bodies = timeline.bodies
        if slugs or kinds:
            among = bodies or self.whole.alliances
            fitting = [body for body in among if not slugs or body.slug in slugs]
            bodies = tuple(body for body in fitting if not kinds or body.kind in kinds)
            if not bodies:
                return None
        return replace(timeline, bodies=bodies, span=timeline.span or self._span())

    def _span(self) -> TimeSpan | None:
        since, until = self.filters.events_from, self.filters.events_to
        if since is None and until is None:
            return None
        label = f"from {since} to {until}" if since and until else f"since {since}" if since else f"until {until}"
        first = Period.of(since).first if since else None
        return TimeSpan(first, Period.of(until).last if until else None, label)
