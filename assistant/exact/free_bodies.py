"""Free wording on one body, one organisation, or a pair of them: the slots of each intent -> what to ask."""

from __future__ import annotations

import re

from assistant.exact.disagreement import Dispute
from assistant.exact.intent import Intent, Relation
from assistant.exact.intent_classifier import Guess, known_stems
from assistant.exact.overview import Overview
from assistant.exact.reading import Reading, first_role, roles_in
from assistant.exact.request import Reader, Request
from assistant.exact.vocabulary import COUNTED_STEMS, JOINING, YES_NO
from assistant.words import content_stems

# "and how many for @?": what is counted was said before.
_COUNTED_BEFORE = re.compile(r"\bhow many (?:for|at|with|by|under) (?:the )?@", re.IGNORECASE)


def _of_one_body(relation: Relation) -> Reader:
    def read(reading: Reading, _: Guess) -> Request | None:
        return None if reading.span or reading.is_negated else Intent(relation, reading.bodies)

    return read


def _members(reading: Reading, _: Guess) -> Request | None:
    if reading.is_negated:
        return None
    has_joined = JOINING.search(reading.masked) is not None
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
    if reading.is_negated or (span and not all(span.holds(body.founded) for body in reading.records)):
        return None
    return Intent("founders", reading.bodies, kind=reading.kind)


def _former_members(reading: Reading, _: Guess) -> Request | None:
    role = first_role(roles_in(reading.masked))
    return Intent("former_members", reading.bodies, role=role, kind=reading.kind, span=reading.span)


def _size(reading: Reading, _: Guess) -> Request | None:
    if reading.is_negated or _COUNTED_BEFORE.search(reading.masked):
        return None
    counted = COUNTED_STEMS.get(reading.kind or "", frozenset())
    return Intent("figure", reading.bodies, span=reading.span, is_counting=True, counted=counted)


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
        kinds = reading.body_kinds
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
        if reading.span and not (relation in ("is_member", "has_left") and JOINING.search(reading.masked)):
            return None
        role = first_role(roles_in(reading.masked)) if relation == "is_member" else None
        return Intent(relation, reading.bodies, reading.organisations, role=role, span=reading.span)

    return read


def _role_of(reading: Reading, _: Guess) -> Request | None:
    return None if reading.is_negated or reading.span else Intent("role", reading.bodies, reading.organisations)


READERS: dict[str, Reader] = {
    "members": _members,
    "founders": _founders,
    "former_members": _former_members,
    "host": _of_one_body("host"),
    "founded": _of_one_body("founded"),
    "status": _of_one_body("status"),
    "size": _size,
    "definition": _definition,
    "purpose": _purpose,
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
}
