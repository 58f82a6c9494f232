"""Who counts as being in a body: the same for sets of members, and for the explorer."""

from __future__ import annotations

from collections.abc import Sequence

from index.catalogue import Catalogue
from index.types import Fact

_FULL_ROLES = frozenset({"member", "signatory"})
_SIGNING_ROLES = frozenset({"signatory", "founder", "ratified"})


def facts_of_membership(slug: str, catalogue: Catalogue, *, is_signed: bool) -> list[Fact]:
    """What tells that organisations are, or were, in a body.

    Args:
        slug: Of its article.
        catalogue: Where the facts are.
        is_signed: Only who signed it counts; who drew up a text has not always signed it.
    """
    facts = catalogue.facts_of_alliance(slug, "member")
    if is_signed:
        facts = [fact for fact in facts if fact.role in _SIGNING_ROLES]
    else:
        facts = catalogue.facts_of_alliance(slug, "founder") + facts
    # Who only takes part in what others are members of, or have signed, is not in it.
    if any(fact.role in _FULL_ROLES for fact in facts):
        facts = [fact for fact in facts if fact.role != "participant"]
    return facts


def without_gone(facts: Sequence[Fact]) -> list[Fact]:
    """Without those of organisations that have left in any role."""
    gone = {fact.organisation for fact in facts if fact.until}
    return [fact for fact in facts if fact.organisation not in gone]
