"""Whether, since when and until when organisations are in bodies, founded or host them, and what is corrected.

"No" is never said of the world, only of the articles: who they name, and that they do not name the one asked about.
Where an article speaks of the organisation's membership in words that the catalogue does not hold, nothing is claimed
here, and the passages are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.citing import Citations
from assistant.exact.facts import is_outside, tell_founding_date, tell_whether_founded
from assistant.exact.intent import Intent, Relation
from assistant.exact.memberships import told_roles
from assistant.exact.samples import tell_only_some
from assistant.exact.vocabulary import MEMBER_ROLES
from assistant.exact.wording import (
    dated_sentence,
    distinct_roles,
    has_role,
    listed,
    noun_for,
    noun_of_role,
    role_phrase,
    upper_first,
)
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from assistant.words import concept, concepts, content_stems
from index.catalogue import Catalogue
from index.types import AllianceRecord, Fact, Organisation, SentenceRecord

_MAX_NAMED = 15  # names told beside "does not name"; of more, the first few and how many others
_FIRST = 8
_MEMBERSHIP = frozenset(concept(word) for word in ("member", "join", "sign", "leave", "absent", "partner", "remove"))
_SAID_OTHERWISE: dict[Relation, frozenset[str]] = {
    "is_founder": frozenset({concept("found")}),
    "is_host": frozenset({concept("host")}),
}
_REFUSING = frozenset(concept(word) for word in ("refuse", "decline", "reject", "absent", "opt"))
_LEAVING = frozenset(concept(word) for word in ("leave", "absent", "remove"))


def tell_membership(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Whether each organisation is in each body (or founded or hosts it), with its role, or whom the articles name.

    Asked why, only what is not so is told: why something is so is for the passages to tell. Where of several pairs
    the catalogue can neither tell nor deny one, the article's own sentence on it is quoted; nothing if there is none.
    """
    sentences = []
    is_one = len(intent.bodies) * len(intent.organisations) == 1
    for body in intent.bodies:
        for organisation in intent.organisations:
            told = _membership(body, organisation, intent, catalogue, citations)
            if not told and not is_one and not intent.wants_reason:
                told = [
                    sentence for alliance in body for sentence in _quoted(alliance, organisation, catalogue, citations)
                ]
                if not told:
                    return []
            sentences += told
    return sentences


def tell_role(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """In which roles each organisation is in each body, or whom the articles name there instead."""
    sentences = []
    for alliance, organisation, joined in _own_facts(intent, catalogue):
        hosts = _facts(alliance, "is_host", catalogue)
        own = [*joined, *(fact for fact in hosts if fact.organisation == organisation.name)]
        if not own:
            sentences += _denial(alliance, organisation, "is_member", catalogue, citations)
            continue
        roles, numbers = told_roles(own, catalogue, citations)
        text = f"The articles name {organisation.name} in {with_article(alliance.name)} ({roles})."
        sentences.append(CheckedSentence(text, numbers))
    return sentences


def tell_joining(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Since when each organisation is in each body."""
    sentences = []
    for alliance, organisation, own in _own_facts(intent, catalogue):
        dated = next((fact for fact in own if fact.since), None)
        told = dated_sentence(dated, dated.since or "", alliance, catalogue) if dated else None
        body = with_article(alliance.name)
        if dated and told:
            role = role_phrase(dated, told.sentence.text)
            text = f"The articles name {organisation.name} in {body}: {role}."
            sentences.append(CheckedSentence(text, (citations.cite(told),)))
        elif own:
            roles, numbers = told_roles(own, catalogue, citations)
            text = (
                f"The articles do not tell since when {organisation.name} is in {body}; they name it there ({roles})."
            )
            sentences.append(CheckedSentence(text, numbers))
        else:
            sentences += _denial(alliance, organisation, "when_joined", catalogue, citations)
    return sentences


def tell_founding_by(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """When each body was founded, if each organisation is a founder; else whom the articles name as founders."""
    sentences = []
    for alliance in intent.alliances:
        founders = {fact.organisation for fact in _facts(alliance, "is_founder", catalogue)}
        strangers = [organisation for organisation in intent.organisations if organisation.name not in founders]
        for organisation in strangers:
            sentences += _denial(alliance, organisation, "is_founder", catalogue, citations)
        if not strangers:
            sentences += tell_founding_date(Intent("founded", ((alliance,),)), catalogue, citations)
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
            roles, numbers = told_roles(left, catalogue, citations)
            text = f"{upper_first(organisation.name)} is no longer named in {with_article(alliance.name)} ({roles})."
            sentences.append(CheckedSentence(text, numbers))
        elif not _speaks_of(organisation, alliance, _LEAVING, catalogue):
            sentences.append(_correction(alliance, organisation, "left", own, catalogue, citations))
    return sentences


def tell_refusal(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Where the articles name it in the body, that they do not say that it refused; else the passages are asked."""
    sentences = []
    for alliance, organisation, own in _own_facts(intent, catalogue):
        is_outside = not own or any(fact.until or fact.role == "participant" for fact in own)
        if is_outside or _speaks_of(organisation, alliance, _REFUSING, catalogue):
            return []
        sentences.append(_correction(alliance, organisation, "stayed out of", own, catalogue, citations))
    return sentences


def _correction(
    alliance: AllianceRecord,
    organisation: Organisation,
    did: str,
    own: Sequence[Fact],
    catalogue: Catalogue,
    citations: Citations,
) -> CheckedSentence:
    roles, numbers = told_roles(own, catalogue, citations)
    body = with_article(alliance.name)
    text = f"The articles do not say that {organisation.name} {did} {body}; they name it there ({roles})."
    return CheckedSentence(text, numbers)


def _membership(
    body: Sequence[AllianceRecord],
    organisation: Organisation,
    intent: Intent,
    catalogue: Catalogue,
    citations: Citations,
) -> list[CheckedSentence]:
    sentences = []
    for alliance in body:
        own = _facts(alliance, intent.relation, catalogue)
        own = distinct_roles([fact for fact in own if fact.organisation == organisation.name])
        asked = [fact for fact in own if has_role(fact, intent.role)]
        if not own:
            sentences += _denial(alliance, organisation, intent.relation, catalogue, citations)
        elif intent.wants_reason and not intent.span:
            continue
        elif intent.span:
            sentences += _membership_then(alliance, organisation, asked, intent, catalogue, citations)
        elif not asked:
            sentences += _other_role(alliance, organisation, own, intent, catalogue, citations)
        else:
            roles, numbers = told_roles(asked, catalogue, citations)
            start = "No longer" if all(fact.until for fact in asked) else "Yes"
            text = f"{start}: the articles name {organisation.name} in {with_article(alliance.name)} ({roles})."
            sentences.append(CheckedSentence(text, numbers))
    return sentences


def _membership_then(
    alliance: AllianceRecord,
    organisation: Organisation,
    own: Sequence[Fact],
    intent: Intent,
    catalogue: Catalogue,
    citations: Citations,
) -> list[CheckedSentence]:
    """Whether it joined in the time asked about; of a founder, whether the body was founded then."""
    if intent.span is None or not own:
        return []
    if intent.relation == "is_founder":
        founding = Intent("was_founded", ((alliance,),), span=intent.span, wants_reason=intent.wants_reason)
        return tell_whether_founded(founding, catalogue, citations)
    (*_, fact) = own
    told = dated_sentence(fact, fact.since, alliance, catalogue) if fact.since else None
    if len(own) > 1 or not told or not fact.since or intent.wants_reason:
        return []
    is_then, is_not_then = intent.span.holds(fact.since), is_outside(fact.since, intent.span)
    if not (is_then or is_not_then):
        return []
    role = role_phrase(fact, told.sentence.text)
    start = "Yes" if is_then else "No"
    text = f"{start}: the articles name {organisation.name} in {with_article(alliance.name)} ({role})."
    return [CheckedSentence(text, (citations.cite(told),))]


def _other_role(
    alliance: AllianceRecord,
    organisation: Organisation,
    own: Sequence[Fact],
    intent: Intent,
    catalogue: Catalogue,
    citations: Citations,
) -> list[CheckedSentence]:
    """That it is there in another role than the one asked about; nothing if the body has nobody in that role."""
    others = [fact for fact in catalogue.facts_of_alliance(alliance.slug, "member") if fact.role == intent.role]
    if not others or intent.role is None:
        return []
    if _speaks_of(organisation, alliance, concepts(set(MEMBER_ROLES[intent.role])), catalogue):
        return []  # a premier member may be a premier sponsor in the article's words
    roles, numbers = told_roles(own, catalogue, citations)
    noun = noun_of_role(intent.role, 1)
    body = with_article(alliance.name)
    text = (
        f"The articles do not name {organisation.name} as {'an' if noun[0] in 'aeiou' else 'a'} {noun} of {body};"
        f" they name it there ({roles})."
    )
    return [CheckedSentence(text, numbers)]


def _quoted(
    alliance: AllianceRecord, organisation: Organisation, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """The first sentence of the body's article that speaks of the organisation's membership, word for word."""
    told = _spoken_of(organisation, alliance, _MEMBERSHIP, catalogue)[:1]
    return [CheckedSentence(f"“{record.sentence.text}”", (citations.cite(record),)) for record in told]


def _denial(
    alliance: AllianceRecord, organisation: Organisation, relation: Relation, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """That the articles do not name it, and whom they name; nothing if they may speak of it in other words."""
    facts = _facts(alliance, relation, catalogue)
    is_listed = any(fact.organisation == organisation.name for fact in _facts(alliance, "is_member", catalogue))
    words = _SAID_OTHERWISE.get(relation, _MEMBERSHIP)
    if not facts or (not is_listed and _speaks_of(organisation, alliance, words, catalogue)):
        return []
    if relation == "is_founder" and (some := tell_only_some(alliance, organisation, facts, catalogue, citations)):
        return some
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
    return bool(_spoken_of(organisation, alliance, of, catalogue))


def _spoken_of(
    organisation: Organisation, alliance: AllianceRecord, of: Iterable[str], catalogue: Catalogue
) -> list[SentenceRecord]:
    """The sentences of the body's article that name the organisation with a word of these concepts."""
    ids = {mention.sentence_id for mention in catalogue.mentions_of("organisation", organisation.name)}
    records = [record for record in catalogue.sentences(ids).values() if record.slug == alliance.slug]
    return [record for record in records if concepts(content_stems(record.sentence.text)) & set(of)]
