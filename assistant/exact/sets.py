"""Answers over several bodies or several organisations: what they share, and what one has and the other has not.

Complete as far as the articles list the members, and that is what the answers say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.citing import Citations
from assistant.exact.intent import Intent
from assistant.exact.memberships import body_lines
from assistant.exact.present_members import facts_of_membership, without_gone
from assistant.exact.wording import cited, counted, join_names, kind_plural, of_kind
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.dates import Period
from index.types import AllianceRecord, Fact

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
    intent = replace(intent, signed=_with_signatories(intent, catalogue))
    members = [_members(place, body[0], intent, catalogue) for place, body in enumerate(intent.bodies)]
    if not all(members) or not _is_of_that_time(members, intent):
        return []  # of a body without listed members nothing can be said
    inside = [facts for place, facts in enumerate(members) if place not in intent.excluded]
    outside = {name for place in intent.excluded for name in members[place]}
    shared = [name for name in inside[0] if all(name in facts for facts in inside[1:]) and name not in outside]
    if not shared and len(set(intent.bodies)) == 1:
        return []  # who came later: that nobody is named does not tell that nobody came
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


def _with_signatories(intent: Intent, catalogue: Catalogue) -> frozenset[int]:
    """The places of bodies that have signatories, where members are meant: who is in them has signed."""
    meant = (place for place in range(len(intent.bodies)) if place in intent.signed or place not in intent.founding)
    members = {place: catalogue.facts_of_alliance(intent.bodies[place][0].slug, "member") for place in meant}
    return frozenset(place for place, facts in members.items() if any(fact.role == "signatory" for fact in facts))


def _is_of_that_time(members: Sequence[dict[str, list[Fact]]], intent: Intent) -> bool:
    """Whether the founding of one of the bodies, as far as founders are meant, lies in the time asked about."""
    if intent.span is None:
        return True
    days = [intent.bodies[place][0].founded for place in intent.founding]
    days += [fact.as_of for place in intent.founding for facts in members[place].values() for fact in facts]
    return any(map(intent.span.holds, days))


def _members(place: int, alliance: AllianceRecord, intent: Intent, catalogue: Catalogue) -> dict[str, list[Fact]]:
    """Organisation -> what tells that it is in the body now, or was at its start; where it is signed, who signed it."""
    is_founding, is_signed = place in intent.founding, place in intent.signed
    facts = facts_of_membership(alliance.slug, catalogue, is_signed=is_signed)
    if is_founding:
        facts = [fact for fact in facts if fact.role == "founder" or (is_signed and _is_of_start(fact, alliance))]
    else:
        facts = without_gone(facts)
    found: dict[str, list[Fact]] = {}
    for fact in of_kind(facts, intent.kind, catalogue):
        found.setdefault(fact.organisation, []).append(fact)
    return found


def _is_of_start(fact: Fact, alliance: AllianceRecord) -> bool:
    """Whether the list that names it, or its joining, is of the day or month on which the body began."""
    told = fact.since or fact.as_of
    if not told or not alliance.founded or len(told) < len("2023-12"):
        return False
    days = Period.of(alliance.founded)
    return Period.of(told).overlaps(days.first, days.last)


def _one_a_body(facts: Sequence[Fact]) -> list[Fact]:
    return list({fact.alliance: fact for fact in facts}.values())


def _one_a_sentence(facts: Sequence[Fact]) -> list[Fact]:
    return list({fact.sentence_id: fact for fact in facts}.values())


def _described(intent: Intent, number: int) -> str:
    """Say it in words: "in both A and B", "in A but not in B", "that founded A and are in B"."""
    be, founders = ("are", "founders") if number != 1 else ("is", "a founder")
    if not intent.founding:
        described = f"in {_named(intent, is_inside=True)}"
        return f"{described} but not in {_named(intent, is_inside=False)}" if intent.excluded else described
    first = intent.founding & intent.signed
    every = frozenset(range(len(intent.bodies)))
    told = [
        f"{words} {named}{end}"
        for words, places, end in (
            ("founded", intent.founding - first, ""),
            ("signed", first, " at the start"),
            (f"{be} in", every - intent.founding, ""),
        )
        if (named := _named(intent, places, is_inside=True))
    ]
    denied = [
        f"{words} {named}"
        for words, places in (
            (f"not named as {founders} of", intent.founding - first),
            ("not named among the first signatories of", first),
            ("not in", every - intent.founding),
        )
        if (named := _named(intent, places, is_inside=False))
    ]
    return f"that {' and '.join(told)}{f' but {be} ' if denied else ''}{' and '.join(denied)}"


def _named(intent: Intent, places: frozenset[int] | None = None, *, is_inside: bool) -> str:
    """The bodies that the answer must be in, or must not be in: "both A and B"; of these places, if any are given."""
    names = [
        with_article(body[0].name)
        for place, body in enumerate(intent.bodies)
        if (place not in intent.excluded) == is_inside and (places is None or place in places)
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
