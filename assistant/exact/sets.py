"""Answers over several bodies or several organisations: what they share, and what one has and the other has not.

Complete as far as the articles list the members, and that is what the answers say.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import Citations
from assistant.exact.intent import Intent
from assistant.exact.memberships import body_lines
from assistant.exact.wording import cited, counted, join_names, kind_plural, of_kind
from assistant.followup import with_article
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.types import AllianceRecord, Fact

_FULL_ROLES = frozenset({"member", "signatory"})
_KIND_SINGULAR = {
    "company": "company",
    "university": "university",
    "government": "government",
    "nonprofit": "nonprofit",
}


def tell_shared_members(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The organisations in every body but those excluded, each with the sentences that tell it."""
    if any(len(body) != 1 for body in intent.bodies):
        return []  # a name of several bodies: which one is meant is for the passages to tell
    members = [_members(place, body[0], intent, catalogue) for place, body in enumerate(intent.bodies)]
    if not all(members):
        return []  # of a body without listed members nothing can be said
    inside = [facts for place, facts in enumerate(members) if place not in intent.excluded]
    outside = {name for place in intent.excluded for name in members[place]}
    shared = [name for name in inside[0] if all(name in facts for facts in inside[1:]) and name not in outside]
    if not shared:
        facts = [fact for member in members for told in member.values() for fact in told]
        numbers = cited(_one_a_sentence(facts), catalogue, citations)
        return [
            CheckedSentence(
                f"The articles name no {_noun(intent, 1)} {_described(intent, 1)}, as far as they list the members.",
                numbers,
            )
        ]
    lines = [
        CheckedSentence(
            f"- {name}.", cited(_one_a_body([fact for facts in inside for fact in facts[name]]), catalogue, citations)
        )
        for name in shared
    ]
    every = tuple(sorted({number for line in lines for number in line.citations}))
    described = _described(intent, len(shared))
    opening = f"The articles name {_counted(intent, len(shared))} {described}, as far as they list the members:"
    return [CheckedSentence(opening, every), *lines]


def tell_shared_bodies(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies that every organisation is in but those excluded, each with its roles."""
    by_body: list[dict[str, list[Fact]]] = []
    for organisation in intent.organisations:
        facts: dict[str, list[Fact]] = {}
        for fact in catalogue.facts_of_organisation(organisation.name):
            if intent.role in (None, fact.role) and fact.role != "host" and not fact.until:
                facts.setdefault(fact.alliance, []).append(fact)
        by_body.append(facts)
    if not all(facts for place, facts in enumerate(by_body) if place not in intent.excluded):
        return []
    inside = [facts for place, facts in enumerate(by_body) if place not in intent.excluded]
    outside = {name for place in intent.excluded for name in by_body[place]}
    shared = [name for name in inside[0] if all(name in facts for facts in inside[1:]) and name not in outside]
    names = [organisation.name for organisation in intent.organisations]
    named = join_names(name for place, name in enumerate(names) if place not in intent.excluded)
    but_not = join_names([names[place] for place in sorted(intent.excluded)]) if intent.excluded else ""
    group = f"{named}{f' but not {but_not}' if but_not else ''}"
    if not shared:
        facts_told = [fact for facts in inside for told in facts.values() for fact in told]
        numbers = cited(_one_a_sentence(facts_told), catalogue, citations)
        return [CheckedSentence(f"The articles name no body with {group}.", numbers)]
    lines = [
        line
        for name in shared
        for line in body_lines_of_all(name, [facts[name] for facts in inside], catalogue, citations)
    ]
    every = tuple(sorted({number for line in lines for number in line.citations}))
    as_founders = " as founders" if intent.role == "founder" else ""
    opening = f"The articles name {group}{as_founders} in {counted(len(shared), 'body', 'bodies')}:"
    return [CheckedSentence(opening, every), *lines]


def body_lines_of_all(
    body: str, facts: Sequence[Sequence[Fact]], catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """The body's line, cited for every organisation."""
    numbers = sorted({n for told in facts for line in body_lines(told, catalogue, citations) for n in line.citations})
    return [CheckedSentence(f"- {body}.", tuple(numbers))]


def _members(place: int, alliance: AllianceRecord, intent: Intent, catalogue: Catalogue) -> dict[str, list[Fact]]:
    """Organisation -> what tells that it is in the body now, or founded it; where it is signed, who has signed it."""
    facts = catalogue.facts_of_alliance(alliance.slug, "founder") + catalogue.facts_of_alliance(alliance.slug, "member")
    is_founding = place in intent.founding
    if place in intent.signed and any(fact.role == "signatory" for fact in facts):
        facts = [fact for fact in facts if fact.role in ("signatory", "founder")]
    # Who only takes part in what others are members of, or have signed, is not in it.
    if any(fact.role in _FULL_ROLES for fact in facts):
        facts = [fact for fact in facts if fact.role != "participant"]
    gone = set() if is_founding else {fact.organisation for fact in facts if fact.until}
    found: dict[str, list[Fact]] = {}
    for fact in of_kind(facts, intent.kind, catalogue):
        if (fact.role == "founder" or not is_founding) and fact.organisation not in gone:
            found.setdefault(fact.organisation, []).append(fact)
    return found


def _one_a_body(facts: Sequence[Fact]) -> list[Fact]:
    return list({fact.alliance: fact for fact in facts}.values())


def _one_a_sentence(facts: Sequence[Fact]) -> list[Fact]:
    return list({fact.sentence_id: fact for fact in facts}.values())


def _described(intent: Intent, number: int) -> str:
    """Say it in words: "in both A and B", "in A but not in B", "that founded A and are in B"."""
    is_plural = number != 1
    if not intent.founding:
        described = f"in {_named(intent, is_inside=True)}"
        return f"{described} but not in {_named(intent, is_inside=False)}" if intent.excluded else described
    be = "are" if is_plural else "is"
    founded, member = (_named(intent, is_inside=True, is_founding=founding) for founding in (True, False))
    told = [f"founded {founded}" if founded else "", f"{be} in {member}" if member else ""]
    founded, member = (_named(intent, is_inside=False, is_founding=founding) for founding in (True, False))
    denied = [f"not named as {'founders' if is_plural else 'a founder'} of {founded}" if founded else ""]
    denied += [f"not in {member}" if member else ""]
    but = " and ".join(filter(None, denied))
    return f"that {' and '.join(filter(None, told))}{f' but {be} {but}' if but else ''}"


def _named(intent: Intent, *, is_inside: bool, is_founding: bool | None = None) -> str:
    """The bodies that the answer must be in, or must not be in: "both A and B"; of a role, if one is given."""
    names = [
        with_article(body[0].name)
        for place, body in enumerate(intent.bodies)
        if (place not in intent.excluded) == is_inside and is_founding in (None, place in intent.founding)
    ]
    if not names:
        return ""
    both = {1: "", 2: "both "}.get(len(names), "each of ") if is_inside else ""
    return f"{both}{join_names(names)}" if is_inside else " or ".join(names)


def _noun(intent: Intent, number: int) -> str:
    if intent.kind is None:
        return "organisation" if number == 1 else "organisations"
    return _KIND_SINGULAR.get(intent.kind, "organisation") if number == 1 else kind_plural(intent.kind)


def _counted(intent: Intent, number: int) -> str:
    return f"{number} {_noun(intent, number)}"
