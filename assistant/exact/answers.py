"""A question that the catalogue answers exactly -> the sentences of its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.citing import Citations
from assistant.exact import facts, figures, library, memberships, namesakes, pairs, sets, status
from assistant.exact.comparison import compare
from assistant.exact.comparison_reading import Comparison, read_comparison
from assistant.exact.comparison_same import Same, read_same, tell_same
from assistant.exact.disagreement import Dispute, read_dispute, tell_dispute
from assistant.exact.free_reading import FreeReading
from assistant.exact.intent import Intent, Relation
from assistant.exact.order import Order, read_order, tell_order
from assistant.exact.overview import Overview, read_overview, tell_overview
from assistant.exact.reading import Reading
from assistant.exact.request import Request
from assistant.exact.size import Size, read_size, tell_size
from assistant.exact.timeline import tell_timeline
from assistant.exact.timeline_reading import Timeline, read_timeline
from assistant.exact.understanding import read_intents
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.names.finder import Mention

_TELLERS: dict[Relation, Callable[[Intent, Catalogue, Citations], list[CheckedSentence]]] = {
    "founded": facts.tell_founding_date,
    "was_founded": facts.tell_whether_founded,
    "founders": facts.tell_founders,
    "host": facts.tell_hosts,
    "members": facts.tell_members,
    "former_members": facts.tell_former_members,
    "figure": figures.tell_figure,
    "status": status.tell_status,
    "founded_by": memberships.tell_bodies_of,
    "hosted_by": memberships.tell_bodies_of,
    "belongs_to": memberships.tell_bodies_of,
    "left_by": memberships.tell_bodies_of,
    "is_member": pairs.tell_membership,
    "is_founder": pairs.tell_membership,
    "is_host": pairs.tell_membership,
    "role": pairs.tell_role,
    "when_joined": pairs.tell_joining,
    "has_left": pairs.tell_leaving,
    "has_refused": pairs.tell_refusal,
    "when_founded": pairs.tell_founding_by,
    "shared_members": sets.tell_shared_members,
    "shared_bodies": sets.tell_shared_bodies,
    "bodies": library.tell_bodies,
    "namesakes": namesakes.tell_namesakes,
    "earliest": library.tell_extreme,
    "latest": library.tell_extreme,
}


def answer_exactly(
    question: str,
    mentions: Sequence[Mention],
    reading: Reading,
    free_reading: FreeReading,
    catalogue: Catalogue,
    citations: Citations,
) -> list[CheckedSentence]:
    """The answer's sentences; empty when the question is not wholly understood, or the catalogue holds no such fact.

    Args:
        question: Made whole.
        mentions: The names in it, in its order.
        reading: The same, taken apart.
        free_reading: What it asks in words that the readers do not know.
        catalogue: Where the facts are.
        citations: Takes up the sentences that tell the facts.
    """
    if (order := read_order(question, mentions)) and (rows := tell_order(order, catalogue, citations)):
        return rows
    if (same := read_same(reading)) and (rows := tell_same(same, catalogue, citations)):
        return rows
    if (dispute := read_dispute(reading)) and (rows := tell_dispute(dispute, catalogue, citations)):
        return rows
    if size := read_size(reading):
        return tell_size(size, catalogue, citations)
    for intent in read_intents(reading, mentions):
        if rows := tell(intent, catalogue, citations):
            return rows
    if comparison := read_comparison(reading):
        return compare(comparison, catalogue, citations)
    if timeline := read_timeline(reading, catalogue):
        return tell_timeline(timeline, catalogue, citations)
    if (overview := read_overview(reading)) and (rows := tell_overview(overview, catalogue, citations)):
        return rows
    request = free_reading.request
    return tell_request(request, catalogue, citations) if request else []


def tell_request(request: Request, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The sentences that tell what is asked for; empty when the catalogue does not hold it."""
    match request:
        case Intent():
            return tell(request, catalogue, citations)
        case Comparison():
            return compare(request, catalogue, citations)
        case Same():
            return tell_same(request, catalogue, citations)
        case Order():
            return tell_order(request, catalogue, citations)
        case Size():
            return tell_size(request, catalogue, citations)
        case Timeline():
            return tell_timeline(request, catalogue, citations)
        case Overview():
            return tell_overview(request, catalogue, citations)
        case Dispute():
            return tell_dispute(request, catalogue, citations)


def tell(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The sentences that tell what is asked of the catalogue; empty when it holds no such fact."""
    return _TELLERS[intent.relation](intent, catalogue, citations)
