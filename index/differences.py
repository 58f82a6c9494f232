"""What one generation tells that another does not: articles by their digests, facts by what they say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from index.catalogue import Catalogue
from index.manifest import Manifest
from index.types import AllianceRecord, Fact


@dataclass(frozen=True, slots=True)
class Differences:
    """From one generation to another.

    Attributes:
        added: Slugs of articles that only the later one has; likewise `changed` and `removed`.
        changed: Those whose file is another one.
        removed: Those that only the earlier one has.
        facts_added: Sentences that say what only the later one knows, in alphabetical order.
        facts_gone: Likewise, what only the earlier one knew.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    facts_added: tuple[str, ...]
    facts_gone: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return any((self.added, self.changed, self.removed, self.facts_added, self.facts_gone))


def compare(before: tuple[Manifest, Catalogue], after: tuple[Manifest, Catalogue]) -> Differences:
    """What has changed from one generation to another.

    Raises:
        IndexDamaged: A catalogue cannot be read.
    """
    old, new = before[0].articles, after[0].articles
    old_facts, new_facts = facts_of(before[1]), facts_of(after[1])
    return Differences(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(slug for slug in new.keys() & old.keys() if new[slug] != old[slug])),
        removed=tuple(sorted(old.keys() - new.keys())),
        facts_added=tuple(sorted((new_facts - old_facts).elements())),
        facts_gone=tuple(sorted((old_facts - new_facts).elements())),
    )


def facts_of(catalogue: Catalogue) -> Counter[str]:
    """Every fact that the catalogue holds as a sentence, with how often it is told.

    A day on which a source merely confirms a membership is left out: each new reading of a source would count as a
    change of the fact.

    Raises:
        IndexDamaged: The catalogue cannot be read.
    """
    told: Counter[str] = Counter()
    names = {}
    for alliance in catalogue.alliances:
        names[alliance.slug] = alliance.name
        told.update(_facts_of_alliance(catalogue, alliance))
    told.update(f"{names.get(event.slug, event.slug)}, {event.date}: {event.what}" for event in catalogue.events)
    return told


def _facts_of_alliance(catalogue: Catalogue, alliance: AllianceRecord) -> list[str]:
    name, slug = alliance.name, alliance.slug
    told = [f"{name} was founded on {alliance.founded}"] if alliance.founded else []
    told += [f"{fact.organisation} founded {name}" for fact in catalogue.facts_of_alliance(slug, "founder")]
    told += [f"{fact.organisation} hosts {name}" for fact in catalogue.facts_of_alliance(slug, "host")]
    told += [_membership(fact) for fact in catalogue.facts_of_alliance(slug, "member")]
    for figure in catalogue.figures_of_alliance(slug):
        as_of = f" (as of {figure.as_of})" if figure.as_of else ""
        told.append(f"{name}, {figure.what}: {figure.value}{as_of}")
    return told


def _membership(fact: Fact) -> str:
    times = [f"{word} {date}" for word, date in (("since", fact.since), ("until", fact.until)) if date]
    return f"{fact.organisation} is a member of {fact.alliance} ({', '.join((fact.role, *times))})"
