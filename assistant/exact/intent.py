"""Recognising questions that the catalogue answers exactly.

A question is exact only when it is understood to its last content word: the names and the time are taken out, the
words of the relation and general nouns are taken out, and nothing may be left. "When was the AI Safety Fund of the
Frontier Model Forum set up?" leaves "Safety Fund", so it is an open question and not the founding date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.time_spans import TimeSpan
from index.types import AllianceRecord, Organisation

Relation = Literal[
    "founders",  # of one body
    "members",
    "former_members",
    "figure",
    "status",
    "founded",
    "was_founded",  # in the time asked about
    "host",
    "founded_by",  # of one organisation: its bodies
    "hosted_by",
    "belongs_to",
    "left_by",
    "is_member",  # of bodies and organisations
    "is_founder",
    "is_host",
    "role",  # in which role organisations are in bodies
    "has_left",
    "has_refused",  # to join, to sign
    "when_joined",
    "when_founded",  # by the organisation
    "shared_members",  # of several bodies
    "shared_bodies",  # of several organisations
    "bodies",  # of the library, by kind, year, region, status
    "namesakes",  # of a name: the bodies that bear it or hold it
    "earliest",
    "latest",
]


@dataclass(frozen=True, slots=True)
class Intent:
    """A question for the catalogue.

    Attributes:
        relation: What is asked.
        bodies: For each body named, the records that bear the name.
        organisations: Those named.
        excluded: Of the bodies of `shared_members`, or the organisations of `shared_bodies`, the places of those
            that the answer must not be in.
        role: Only members of this role.
        kind: Only organisations of this kind.
        body_kind: Only bodies of this kind.
        region: Only bodies of this region.
        called: The name that bodies must bear or hold in theirs.
        statuses: Only bodies of one of these statuses.
        span: Only what happened in this time.
        listed_in: Only those who were in it in this time, as far as that is told.
        order: Only those that joined first, or last.
        founding: Places of the bodies whose founders are meant, not all their members.
        signed: Places of the bodies that are said to be signed, where only signatories count.
        is_counting: It asks how many.
        wants_reason: It asks why.
        counted: Stems of what a figure counts; empty for members.
    """

    relation: Relation
    bodies: tuple[tuple[AllianceRecord, ...], ...] = ()
    organisations: tuple[Organisation, ...] = ()
    excluded: frozenset[int] = frozenset()
    role: str | None = None
    kind: str | None = None
    body_kind: str | None = None
    region: str | None = None
    called: str | None = None
    statuses: frozenset[str] = frozenset()
    span: TimeSpan | None = None
    listed_in: TimeSpan | None = None
    order: Literal["first", "last"] | None = None
    founding: frozenset[int] = frozenset()
    signed: frozenset[int] = frozenset()
    is_counting: bool = False
    wants_reason: bool = False
    counted: frozenset[str] = frozenset()

    @property
    def alliances(self) -> tuple[AllianceRecord, ...]:
        """Every record of every body named."""
        return tuple(record for body in self.bodies for record in body)
