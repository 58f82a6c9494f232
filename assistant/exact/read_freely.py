"""A question in free wording -> what to ask of the catalogue, where the intent classifier is sure of the relation.

The readers understand a question word by word. What they do not understand, the classifier may: "Whose brainchild was
X?" It says which relation is meant; names, times, kinds and roles are still read from the question, and a content word
that no wording of the intent holds, or a restriction that the catalogue cannot honour, leaves the question open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from assistant.exact.body_times import with_body_time
from assistant.exact.comparison_reading import ALL_ASPECTS, MAX_COLUMNS, Comparison, aspects_of
from assistant.exact.comparison_same import Same
from assistant.exact.disagreement import Dispute
from assistant.exact.intent import Intent, Relation
from assistant.exact.intent_classifier import Guess, guess_intent, known_stems, unknown_stems
from assistant.exact.order import Order
from assistant.exact.overview import Overview
from assistant.exact.read_body import LIKE_IT
from assistant.exact.read_library import NEUTRAL_WORDS, read_library
from assistant.exact.read_sets import MAX_NAMED, Places, places_of, read_sets, signed_in
from assistant.exact.reading import Reading, first_role, region_stems, regions_in, roles_in
from assistant.exact.set_wording import in_plain_words
from assistant.exact.size import Size
from assistant.exact.status import read_status
from assistant.exact.timeline_reading import NEWEST_OF_BODY, Timeline, theme_of
from assistant.exact.vocabulary import BODY_KINDS, BODY_STATUS, FOUNDING, WHEN, YES_NO
from assistant.followup import with_article
from assistant.words import content_stems, find_names, first_word
from index.catalogue import Catalogue
from index.embed import Embedder
from index.types import AllianceRecord

Request = Intent | Comparison | Same | Order | Size | Timeline | Overview | Dispute
Reader = Callable[[Reading, Guess], Request | None]

LEAST_PROBABILITY = 0.75
LEAST_OF_SIZE = 0.95  # for the number of members: that of anything else may be told in a sentence
_LEAST_OF_DIRECTION = 0.9  # of "in A, not in B" against "in B, not in A"
_MODAL = re.compile(
    r"(?<!\bi )(?<!\bwe )\b(?:may|might|must|should|could|would|will|shall|can|cannot)\b"
    r"(?! (?:you|i|we)\b| be (?:which|what|the)\b)",
    re.IGNORECASE,
)
_JOINING = re.compile(r"\b(?:join\w*|sign\w*|be(?:came|come)|added|admitted|entered|new\w*|later)\b", re.IGNORECASE)
_YOUNGER = re.compile(
    r"\b(?:young\w*|new(?:er|est)|later|latest|last|after|more recent\w*|most recent\w*)\b", re.IGNORECASE
)
# "and how many for @?": what is counted was said before.
_COUNTED_BEFORE = re.compile(r"\bhow many (?:for|at|with|by|under) (?:the )?@", re.IGNORECASE)
_WHERE = re.compile(r"\W*(?:so |and |but )*where\b", re.IGNORECASE)
_FOUNDERS = re.compile(r"\bfounders?\b|\bfounded by\b", re.IGNORECASE)
_BEHIND: tuple[Literal["host", "founder"], ...] = ("host", "founder")
_DIFFERENCE = ("first_not_second", "second_not_first")
_CATALOGUE_ONLY = frozenset(
    """shared_members first_not_second second_not_first shared_founders shared_bodies first_org_not_second
    org_belongs org_founded org_left org_hosts list_bodies count_bodies size""".split()
)
# Intents whose wordings name neither kinds, regions nor times: their words narrow nothing down.
_NEUTRAL = ("members", "founders", "founded", "org_belongs", "org_founded", "year_events", "body_events", "definition")


def read_freely(reading: Reading, catalogue: Catalogue, embedder: Embedder) -> Request | None:
    """What a question asks of the catalogue; None when the classifier is not sure, or more is asked.

    Args:
        reading: The question, taken apart.
        catalogue: Knows what describes the bodies that it names.
        embedder: What the classifier was fitted with.
    """
    reading = with_body_time(reading, catalogue)
    # "founded yet before the Paris one", "I would need those of 2021": now the reader understands it, too.
    if not _MODAL.search(reading.masked) and (listed := read_library(reading)):
        return listed
    if status := read_status(reading, _describing(reading, catalogue)):
        return status
    guess = _understand(reading, catalogue, embedder)
    return _READERS[guess.intent](reading, guess) if guess else None


def plain_wording(reading: Reading, catalogue: Catalogue, embedder: Embedder) -> str | None:
    """A question on one body in the plainest words, to be looked for in the articles; None when it is not understood.

    Args:
        reading: The question, taken apart.
        catalogue: As for `read_freely`.
        embedder: As for `read_freely`.
    """
    guess = None if reading.span or reading.kind else _understand(reading, catalogue, embedder)
    wording = _PLAIN.get(guess.intent) if guess else None
    return wording.format(with_article(reading.bodies[0][0].name)) if wording and len(reading.bodies) == 1 else None


def is_for_catalogue_only(reading: Reading, embedder: Embedder) -> bool:
    """True for a list over several bodies, or a number of members: no sentence of one article answers it.

    Args:
        reading: The question, taken apart.
        embedder: As for `read_freely`.
    """
    if not (reading.bodies or reading.organisations) and set(find_names(reading.masked)) - {first_word(reading.masked)}:
        return False  # "When was the Harbour Pact founded?": a name that the catalogue does not know
    guess = guess_intent(reading, embedder)
    least = LEAST_OF_SIZE if guess.intent == "size" else LEAST_PROBABILITY
    return guess.intent in _CATALOGUE_ONLY and guess.probability[guess.intent] >= least


def _understand(reading: Reading, catalogue: Catalogue, embedder: Embedder) -> Guess | None:
    """The intent of a question, if it is sure and no word of the question is left unread."""
    if reading.is_several_times or _MODAL.search(reading.masked):
        return None
    if len(reading.bodies) == 1 and LIKE_IT.search(reading.masked):
        return None
    guess = guess_intent(reading, embedder)
    if guess.intent == "host" and _WHERE.match(reading.masked):
        return None  # "Where is @ based?" asks for a place
    intents = _DIFFERENCE if guess.intent in _DIFFERENCE else (guess.intent,)
    if guess.intent not in _READERS or sum(guess.probability[intent] for intent in intents) < LEAST_PROBABILITY:
        return None
    if not _NARROWED.intersection(intents):
        unknown = unknown_stems(reading.left, *intents).difference(*roles_in(reading.masked).values())
        if unknown and unknown - _describing(reading, catalogue):
            return None
    return guess


def _describing(reading: Reading, catalogue: Catalogue) -> frozenset[str]:
    """Stems of words that only say which body is meant: "the American CAISI", "the alliance of the WEF"."""
    stems: set[str] = set()
    for body in _bodies(reading):
        opening = catalogue.sentences_of_article(body.slug)[:1]
        facts = [fact for role in _BEHIND for fact in catalogue.facts_of_alliance(body.slug, role)]
        texts = [*(record.sentence.text for record in opening), *(fact.organisation for fact in facts)]
        initials = ["".join(re.findall(r"\b[A-Z]", fact.organisation)) for fact in facts]
        stems |= content_stems(" ".join([*texts, *initials]))
        if set(regions_in(reading.masked)) <= {region for text in texts for region in regions_in(text)}:
            stems |= region_stems(reading.masked)
    return frozenset(stems)


def _of_one_body(relation: Relation) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        return None if reading.span or reading.is_negated else Intent(relation, reading.bodies)

    return read


def _members(reading: Reading, _: Guess) -> Request | None:
    if reading.is_negated:
        return None
    has_joined = _JOINING.search(reading.masked) is not None
    return Intent(
        "members",
        reading.bodies,
        role=first_role(roles_in(reading.masked)),
        kind=reading.kind,
        span=reading.span if has_joined else None,
        listed_in=None if has_joined else reading.span,
    )


def _founders(reading: Reading, _: Guess) -> Request | None:
    span = reading.span
    if reading.is_negated or (span and not all(span.holds(body.founded) for body in _bodies(reading))):
        return None
    return Intent("founders", reading.bodies, kind=reading.kind)


def _former_members(reading: Reading, _: Guess) -> Request | None:
    role = first_role(roles_in(reading.masked))
    return Intent("former_members", reading.bodies, role=role, kind=reading.kind, span=reading.span)


def _size(reading: Reading, _: Guess) -> Request | None:
    if reading.is_negated or _COUNTED_BEFORE.search(reading.masked):
        return None
    counted = {"government": {"countri"}, "company": {"compani"}, "university": {"univers"}}.get(reading.kind or "", ())
    return Intent("figure", reading.bodies, span=reading.span, is_counting=True, counted=frozenset(counted))


def _definition(reading: Reading, _: Guess) -> Request | None:
    is_yes_no = YES_NO.match(reading.masked) is not None  # "Is it right to call @ a treaty?"
    return None if reading.span or is_yes_no else Overview(reading.bodies[0])


def _purpose(reading: Reading, _: Guess) -> Request | None:
    return None if reading.span else Overview(reading.bodies[0], is_purpose=True)


def _dispute(reading: Reading, _: Guess) -> Request | None:
    asked = content_stems(reading.masked) - known_stems("disagreement")
    return Dispute(reading.bodies[0], frozenset(asked))


def _of_organisation(relation: Relation) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        if reading.is_negated or reading.kind:
            return None
        kinds = [kind for kind, stems in BODY_KINDS.items() if stems & reading.left]
        return Intent(
            relation,
            organisations=reading.organisations,
            body_kind=kinds[0] if kinds else None,
            span=reading.span,
            is_counting=reading.is_counting,
        )

    return read


def _pair(relation: Relation) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        if reading.is_negated and relation != "has_left":
            return None
        if reading.span and not (relation in ("is_member", "has_left") and _JOINING.search(reading.masked)):
            return None
        role = first_role(roles_in(reading.masked)) if relation == "is_member" else None
        return Intent(relation, reading.bodies, reading.organisations, role=role, span=reading.span)

    return read


def _role_of(reading: Reading, _: Guess) -> Request | None:
    return None if reading.is_negated or reading.span else Intent("is_member", reading.bodies, reading.organisations)


def _read_sets(reading: Reading, guess: Guess) -> Intent | None:
    """What the reader of sets makes of it, without the words that only describe a body."""
    return read_sets(replace(reading, left=reading.left - unknown_stems(reading.left, guess.intent)))


def _shared_members(reading: Reading, guess: Guess) -> Request | None:
    if found := _read_sets(reading, guess):
        return found
    reading = in_plain_words(reading)
    places = places_of(reading.masked, "@")
    if reading.span or reading.is_negated or places is None or places.excluded:
        return None
    return _shared(reading, places)


def _shared_founders(reading: Reading, guess: Guess) -> Request | None:
    if found := _read_sets(reading, guess):
        return found
    every = frozenset(range(len(reading.bodies)))
    places = places_of(reading.masked, "@")
    # "the founders of @ that are in @": founders of one of them only
    if (
        reading.span
        or reading.is_negated
        or places is None
        or places.excluded
        or places.founding not in (frozenset(), every)
    ):
        return None
    return _shared(reading, Places(frozenset(), every))


def _difference(reading: Reading, guess: Guess) -> Request | None:
    """Who is in one body and not in the other; which one is left out has to be sure."""
    if found := _read_sets(reading, guess):
        return found
    reading = in_plain_words(reading)
    sure = sum(guess.probability[intent] for intent in _DIFFERENCE)
    places = places_of(reading.masked, "@")
    if places is None or reading.span or len(reading.bodies) != 2:
        return None
    if len(places.excluded) != 1:
        if guess.probability[guess.intent] < _LEAST_OF_DIRECTION * sure:
            return None
        places = Places(frozenset({1 if guess.intent == "first_not_second" else 0}), places.founding)
    return _shared(reading, places)


def _shared(reading: Reading, places: Places) -> Request | None:
    if not 2 <= len(reading.bodies) <= MAX_NAMED:
        return None
    return Intent(
        "shared_members",
        reading.bodies,
        excluded=places.excluded,
        founding=places.founding,
        signed=signed_in(reading.masked),
        kind=reading.kind,
        is_counting=reading.is_counting,
    )


def _shared_bodies(excluded: frozenset[int]) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        if (
            reading.span
            or not 2 <= len(reading.organisations) <= MAX_NAMED
            or excluded
            and len(reading.organisations) > 2
        ):
            return None
        if reading.is_negated and not excluded:
            return None
        return Intent(
            "shared_bodies",
            organisations=reading.organisations,
            excluded=excluded,
            is_counting=reading.is_counting,
        )

    return read


def _compare(reading: Reading, _: Guess) -> Request | None:
    bodies = _bodies(reading)
    if not 2 <= len(bodies) <= MAX_COLUMNS or reading.span or reading.is_negated:
        return None
    return Comparison(bodies, aspects_of(reading)[0] or ALL_ASPECTS)


def _older(reading: Reading, _: Guess) -> Request | None:
    bodies = _bodies(reading)
    if not 2 <= len(bodies) <= MAX_COLUMNS or len(bodies) != len(reading.bodies) or reading.is_negated:
        return None
    is_yes_no = YES_NO.match(reading.masked) is not None and not re.search(r"\bor\b", reading.masked)
    return Order(bodies, _YOUNGER.search(reading.masked) is not None, is_yes_no and len(bodies) == 2)


def _larger(reading: Reading, _: Guess) -> Request | None:
    bodies = _bodies(reading)
    if not 2 <= len(bodies) <= MAX_COLUMNS or reading.span or reading.is_negated or reading.kind:
        return None
    return Size(bodies, "founders" if _FOUNDERS.search(reading.masked) else "members")


def _same_host(reading: Reading, _: Guess) -> Request | None:
    bodies = _bodies(reading)
    if not 2 <= len(bodies) <= MAX_COLUMNS or len(bodies) != len(reading.bodies) or reading.is_negated:
        return None
    return Same(bodies, "host")


def _listed(reading: Reading, _: Guess) -> Request | None:
    """The bodies of a kind, a region, a status or a time."""
    kinds = [kind for kind, stems in BODY_KINDS.items() if stems & reading.left]
    regions = regions_in(reading.masked)
    statuses = frozenset(status for status, stems in BODY_STATUS.items() if stems & reading.left)
    if reading.is_negated or len(kinds) > 1 or len(regions) > 1 or not (kinds or regions or statuses or reading.span):
        return None
    if _narrowing(reading, kinds, statuses):
        return None
    return Intent(
        "bodies",
        body_kind=kinds[0] if kinds else None,
        region=regions[0] if regions else None,
        statuses=statuses,
        span=reading.span,
        is_counting=reading.is_counting,
    )


def _extreme(relation: Relation) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        kinds = [kind for kind, stems in BODY_KINDS.items() if stems & reading.left]
        regions = regions_in(reading.masked)
        if reading.is_negated or reading.span or len(kinds) > 1 or len(regions) > 1 or WHEN.match(reading.masked):
            return None
        if _narrowing(reading, kinds, frozenset()):
            return None
        return Intent(relation, body_kind=kinds[0] if kinds else None, region=regions[0] if regions else None)

    return read


def _narrowing(reading: Reading, kinds: list[str], statuses: frozenset[str]) -> frozenset[str]:
    """Stems that may narrow the bodies down in a way that is not read."""
    read = [BODY_KINDS[kind] for kind in kinds] + [BODY_STATUS[status] for status in statuses]
    neutral = known_stems(*_NEUTRAL) | NEUTRAL_WORDS | FOUNDING
    return (reading.left - neutral - region_stems(reading.masked)).difference(*read)


def _year_events(reading: Reading, _: Guess) -> Request | None:
    return Timeline(span=reading.span) if reading.span and not reading.is_negated else None


def _theme_events(reading: Reading, _: Guess) -> Request | None:
    theme = theme_of(reading.masked, known_stems("body_events", "year_events", "latest_event"))
    return Timeline(theme=theme, span=reading.span) if theme and not reading.is_negated else None


def _body_events(reading: Reading, _: Guess) -> Request | None:
    return None if reading.is_negated else Timeline(_bodies(reading), span=reading.span)


def _latest_event(reading: Reading, _: Guess) -> Request | None:
    return None if reading.is_negated or reading.span else Timeline(_bodies(reading), newest=NEWEST_OF_BODY)


def _bodies(reading: Reading) -> tuple[AllianceRecord, ...]:
    return tuple({record.slug: record for body in reading.bodies for record in body}.values())


_READERS: dict[str, Reader] = {
    "members": _members,
    "founders": _founders,
    "former_members": _former_members,
    "host": _of_one_body("host"),
    "founded": _of_one_body("founded"),
    "status": _of_one_body("status"),
    "size": _size,
    "definition": _definition,
    "purpose": _purpose,
    "body_events": _body_events,
    "latest_event": _latest_event,
    "disagreement": _dispute,
    "org_belongs": _of_organisation("belongs_to"),
    "org_founded": _of_organisation("founded_by"),
    "org_left": _of_organisation("left_by"),
    "org_hosts": _of_organisation("hosted_by"),
    "is_member": _pair("is_member"),
    "is_founder": _pair("is_founder"),
    "has_left": _pair("has_left"),
    "when_joined": _pair("when_joined"),
    "role_of": _role_of,
    "shared_members": _shared_members,
    "shared_founders": _shared_founders,
    "first_not_second": _difference,
    "second_not_first": _difference,
    "shared_bodies": _shared_bodies(frozenset()),
    "first_org_not_second": _shared_bodies(frozenset({1})),
    "compare": _compare,
    "older": _older,
    "larger": _larger,
    "same_host": _same_host,
    "list_bodies": _listed,
    "count_bodies": _listed,
    "oldest": _extreme("earliest"),
    "newest": _extreme("latest"),
    "year_events": _year_events,
    "theme_events": _theme_events,
}
_PLAIN = {
    "founders": "Who founded {}?",
    "former_members": "Who has left {}?",
    "host": "Which organisation hosts {}?",
    "founded": "When was {} founded?",
    "status": "Is {} still active?",
    "size": "How many members does {} have?",
    "members": "Who are the members of {}?",
}
# Their wordings name kinds, regions and themes: what such words narrow down is looked at by their readers.
_NARROWED = frozenset({"list_bodies", "count_bodies", "oldest", "newest", "theme_events", "disagreement"})
