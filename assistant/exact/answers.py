"""An exact question -> the sentences of its answer."""

from __future__ import annotations

from collections.abc import Callable

from assistant.citing import Citations
from assistant.exact import facts, library, memberships, sets
from assistant.exact.intent import Intent, Relation
from assistant.types import CheckedSentence
from index.catalogue import Catalogue

_TELLERS: dict[Relation, Callable[[Intent, Catalogue, Citations], list[CheckedSentence]]] = {
    "founded": facts.tell_founding_date,
    "founders": facts.tell_founders,
    "host": facts.tell_hosts,
    "members": facts.tell_members,
    "former_members": facts.tell_former_members,
    "member_count": facts.tell_member_count,
    "founded_by": memberships.tell_bodies_of,
    "hosted_by": memberships.tell_bodies_of,
    "belongs_to": memberships.tell_bodies_of,
    "left_by": memberships.tell_bodies_of,
    "is_member": memberships.tell_membership,
    "is_founder": memberships.tell_membership,
    "is_host": memberships.tell_membership,
    "when_joined": memberships.tell_joining,
    "has_left": memberships.tell_leaving,
    "shared_members": sets.tell_shared_members,
    "shared_bodies": sets.tell_shared_bodies,
    "bodies": library.tell_bodies,
    "earliest": library.tell_extreme,
    "latest": library.tell_extreme,
}


def answer_exactly(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The answer's sentences; empty when the catalogue holds no such fact, so that the passages are asked.

    Args:
        intent: What is asked.
        catalogue: Where the facts are.
        citations: Takes up the sentences that tell the facts.
    """
    return _TELLERS[intent.relation](intent, catalogue, citations)
