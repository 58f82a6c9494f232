"""Answers on an organisation: the bodies that it founded, hosts, belongs to or left, each with its roles."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import Citations
from assistant.exact.intent import Intent, Relation
from assistant.exact.wording import counted, distinct_roles, role_phrase
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.types import Fact

_ROLE_OF: dict[Relation, str] = {"founded_by": "founder", "hosted_by": "host"}


def tell_bodies_of(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies that an organisation founded, hosts, belongs to or left."""
    (organisation,) = intent.organisations
    facts = [fact for fact in catalogue.facts_of_organisation(organisation.name) if _is_asked(fact, intent)]
    if intent.role == "signatory":  # the founders of what is signed were the first to sign
        signed = _signed_bodies(catalogue)
        facts = [fact for fact in facts if fact.role != "founder" or fact.alliance in signed]
    if intent.body_kind:
        of_kind = {alliance.name for alliance in catalogue.alliances if alliance.kind == intent.body_kind}
        facts = [fact for fact in facts if fact.alliance in of_kind]
    if intent.span:
        founded = {alliance.name: alliance.founded for alliance in catalogue.alliances}
        facts = [fact for fact in facts if intent.span.holds(_since(fact, intent.relation, founded))]
    lines = body_lines(facts, catalogue, citations)
    if not lines:
        return []
    verb = {"founded_by": "as a founder of", "hosted_by": "as a host of", "left_by": "as having left"}.get(
        intent.relation, "in"
    )
    kind = f"{intent.body_kind} " if intent.body_kind else ""
    when = f" {intent.span.label}" if intent.span else ""
    every = tuple(sorted({number for line in lines for number in line.citations}))
    bodies = counted(len(lines), f"{kind}alliance")
    return [CheckedSentence(f"The articles name {organisation.name} {verb} {bodies}{when}:", every), *lines]


def body_lines(facts: Sequence[Fact], catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """One line a body with the roles in it, each with its sentence."""
    by_alliance: dict[str, list[Fact]] = {}
    for fact in facts:
        by_alliance.setdefault(fact.alliance, []).append(fact)
    return [
        CheckedSentence(f"- {alliance}: {roles}.", numbers)
        for alliance, parts in by_alliance.items()
        for roles, numbers in [told_roles(parts, catalogue, citations)]
    ]


def told_roles(facts: Sequence[Fact], catalogue: Catalogue, citations: Citations) -> tuple[str, tuple[int, ...]]:
    """The roles in words, each once, and the numbers of the sentences that tell them."""
    parts = distinct_roles(facts)
    records = catalogue.sentences({fact.sentence_id for fact in parts})
    phrases = dict.fromkeys(role_phrase(fact, records[fact.sentence_id].sentence.text) for fact in parts)
    numbers = tuple(sorted({citations.cite(records[fact.sentence_id]) for fact in parts}))
    return "; ".join(phrases), numbers


def _signed_bodies(catalogue: Catalogue) -> set[str]:
    """Names of the bodies that have signatories."""
    return {
        alliance.name
        for alliance in catalogue.alliances
        if any(fact.role == "signatory" for fact in catalogue.facts_of_alliance(alliance.slug, "member"))
    }


def _is_asked(fact: Fact, intent: Intent) -> bool:
    if intent.role == "signatory":
        return fact.role in ("signatory", "ratified", "founder")
    if intent.role:
        return fact.role == intent.role
    if intent.relation == "left_by":
        return fact.until is not None
    return intent.relation == "belongs_to" or fact.role == _ROLE_OF[intent.relation]


def _since(fact: Fact, relation: Relation, founded: dict[str, str | None]) -> str | None:
    if relation == "left_by":
        return fact.until
    return founded.get(fact.alliance) if relation == "founded_by" else fact.since
