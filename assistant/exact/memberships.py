"""Answers on organisations: the bodies they are in, and whether, since when and until when they are in one.

"No" is never said of the world, only of the articles: who they name, and that they do not name the one asked about.
Where an article speaks of the organisation's membership in words that the catalogue does not hold, nothing is claimed
here, and the passages are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.citing import Citations
from assistant.exact.intent import Intent, Relation
from assistant.exact.wording import counted, distinct_roles, listed, noun_for, role_phrase, upper_first
from assistant.followup import with_article
from assistant.types import CheckedSentence
from assistant.words import concept, concepts, content_stems
from index.catalogue import Catalogue
from index.types import AllianceRecord, Fact, Organisation

_MAX_NAMED = 15  # names told beside "does not name"; of more, the first few and how many others
_FIRST = 8
_ROLE_OF: dict[Relation, str] = {"founded_by": "founder", "hosted_by": "host"}
_MEMBERSHIP = frozenset(concept(word) for word in ("member", "join", "sign", "leave", "absent", "partner", "remove"))
_SAID_OTHERWISE: dict[Relation, frozenset[str]] = {
    "is_founder": frozenset({concept("found")}),
    "is_host": frozenset({concept("host")}),
}
_LEAVING = frozenset(concept(word) for word in ("leave", "absent", "remove"))


def tell_bodies_of(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies that an organisation founded, hosts, belongs to or left."""
    (organisation,) = intent.organisations
    facts = [fact for fact in catalogue.facts_of_organisation(organisation.name) if _is_asked(fact, intent)]
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
        for roles, numbers in [_roles(parts, catalogue, citations)]
    ]


def tell_membership(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Whether each organisation is in each body (or founded or hosts it), with its role, or whom the articles name."""
    return [
        sentence
        for body in intent.bodies
        for organisation in intent.organisations
        for sentence in _membership(body, organisation, intent.relation, catalogue, citations)
    ]


def tell_joining(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Since when each organisation is in each body."""
    sentences = []
    for alliance, organisation, own in _own_facts(intent, catalogue):
        dated = next((fact for fact in own if fact.since), None)
        roles, numbers = _roles(own, catalogue, citations) if own else ("", ())
        if dated:
            told = catalogue.sentences([dated.sentence_id])[dated.sentence_id]
            role, body = role_phrase(dated, told.sentence.text), with_article(alliance.name)
            text = f"The articles name {organisation.name} in {body}: {role}."
            sentences.append(CheckedSentence(text, (citations.cite(told),)))
        elif own:
            text = (
                f"The articles name {organisation.name} in {with_article(alliance.name)} ({roles}), but not since when."
            )
            sentences.append(CheckedSentence(text, numbers))
        else:
            sentences += _denial(alliance, organisation, "when_joined", catalogue, citations)
    return sentences


def tell_leaving(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """When each organisation left each body; where the articles do not say that it did, what they say instead."""
    sentences = []
    for alliance, organisation, own in _own_facts(intent, catalogue):
        left = [fact for fact in own if fact.until]
        if not own:
            sentences += _denial(alliance, organisation, "has_left", catalogue, citations)
        elif left and intent.wants_reason:
            return []  # that it left is true, and why it did is for the passages to tell
        elif left:
            roles, numbers = _roles(left, catalogue, citations)
            text = f"{upper_first(organisation.name)} is no longer named in {with_article(alliance.name)} ({roles})."
            sentences.append(CheckedSentence(text, numbers))
        elif not _speaks_of(
            organisation, alliance, {concept("leave"), concept("absent"), concept("remove")}, catalogue
        ):
            roles, numbers = _roles(own, catalogue, citations)
            body = with_article(alliance.name)
            text = f"The articles do not say that {organisation.name} left {body}; they name it in {body} ({roles})."
            sentences.append(CheckedSentence(text, numbers))
    return sentences


def _membership(
    body: Sequence[AllianceRecord],
    organisation: Organisation,
    relation: Relation,
    catalogue: Catalogue,
    citations: Citations,
) -> list[CheckedSentence]:
    sentences = []
    for alliance in body:
        own = _facts(alliance, relation, catalogue)
        own = distinct_roles([fact for fact in own if fact.organisation == organisation.name])
        if not own:
            sentences += _denial(alliance, organisation, relation, catalogue, citations)
            continue
        roles, numbers = _roles(own, catalogue, citations)
        start = "No longer" if all(fact.until for fact in own) else "Yes"
        text = f"{start}: the articles name {organisation.name} in {with_article(alliance.name)} ({roles})."
        sentences.append(CheckedSentence(text, numbers))
    return sentences


def _denial(
    alliance: AllianceRecord, organisation: Organisation, relation: Relation, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """That the articles do not name it, and whom they name; nothing if they may speak of it in other words."""
    facts = _facts(alliance, relation, catalogue)
    is_listed = any(fact.organisation == organisation.name for fact in _facts(alliance, "is_member", catalogue))
    words = _SAID_OTHERWISE.get(relation, _MEMBERSHIP)
    if not facts or (not is_listed and _speaks_of(organisation, alliance, words, catalogue)):
        return []
    shown = list({fact.organisation: fact for fact in facts}.values())
    others = len(shown) - _FIRST if len(shown) > _MAX_NAMED else 0
    names, numbers = listed(shown[:_FIRST] if others else shown, catalogue, citations)
    if others:
        names = f"{len(shown)}, among them {names}"
    what = {"is_founder": "founders", "is_host": "hosts"}.get(relation, noun_for(facts))
    group = f"the {what} of {with_article(alliance.name)}"
    return [CheckedSentence(f"The articles do not name {organisation.name} among {group}; they name {names}.", numbers)]


def _facts(alliance: AllianceRecord, relation: Relation, catalogue: Catalogue) -> list[Fact]:
    founders = catalogue.facts_of_alliance(alliance.slug, "founder")
    if relation == "is_host":
        return catalogue.facts_of_alliance(alliance.slug, "host")
    facts = founders + catalogue.facts_of_alliance(alliance.slug, "member")
    return [fact for fact in facts if fact.role == "founder"] if relation == "is_founder" else facts


def _own_facts(intent: Intent, catalogue: Catalogue) -> Iterable[tuple[AllianceRecord, Organisation, list[Fact]]]:
    for alliance in intent.alliances:
        facts = _facts(alliance, "is_member", catalogue)
        for organisation in intent.organisations:
            yield alliance, organisation, distinct_roles([f for f in facts if f.organisation == organisation.name])


def _speaks_of(organisation: Organisation, alliance: AllianceRecord, of: Iterable[str], catalogue: Catalogue) -> bool:
    """True if a sentence of the body's article names the organisation with a word of these concepts."""
    ids = {mention.sentence_id for mention in catalogue.mentions_of("organisation", organisation.name)}
    told = [record.sentence.text for record in catalogue.sentences(ids).values() if record.slug == alliance.slug]
    return any(concepts(content_stems(text)) & set(of) for text in told)


def _roles(facts: Sequence[Fact], catalogue: Catalogue, citations: Citations) -> tuple[str, tuple[int, ...]]:
    parts = distinct_roles(facts)
    records = catalogue.sentences({fact.sentence_id for fact in parts})
    phrases = dict.fromkeys(role_phrase(fact, records[fact.sentence_id].sentence.text) for fact in parts)
    numbers = tuple(sorted({citations.cite(records[fact.sentence_id]) for fact in parts}))
    return "; ".join(phrases), numbers


def _is_asked(fact: Fact, intent: Intent) -> bool:
    if intent.relation == "left_by":
        return fact.until is not None
    return intent.relation == "belongs_to" or fact.role == _ROLE_OF[intent.relation]


def _since(fact: Fact, relation: Relation, founded: dict[str, str | None]) -> str | None:
    if relation == "left_by":
        return fact.until
    return founded.get(fact.alliance) if relation == "founded_by" else fact.since
