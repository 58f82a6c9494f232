"""How facts are worded: lists of names, roles, dates, plurals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.citing import Citations
from assistant.words import concept, concepts, content_stems, find_dates
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, Fact, SentenceRecord

_PLURALS = {"founder": "Founders", "member": "Members", "signatory": "Signatories", "agency": "Agencies"}
_PLURALS |= {"ratified": "Have ratified", "steering": "Steering members", "board": "Board members"}
_SINGULARS = {"steering": "steering member", "board": "board member", "ratified": "has ratified it"}
_JOINING = frozenset(concept(word) for word in ("join", "sign", "member", "found", "seat", "partner"))
_LEVELS = frozenset({"premier", "platinum", "gold", "general", "associate"})
_KIND_PLURALS = {
    "company": "companies",
    "university": "universities",
    "government": "governments",
    "nonprofit": "nonprofits",
    "person": "people",
}


def join_names(names: Iterable[str]) -> str:
    """Write a list as a person does: "A", "A and B", "A, B and C"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def upper_first(text: str) -> str:
    """With a capital."""
    return text[0].upper() + text[1:]


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: "1 body", "3 bodies"."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def listed(facts: Sequence[Fact], catalogue: Catalogue, citations: Citations) -> tuple[str, tuple[int, ...]]:
    """Their organisations ("A, B and C") and the numbers of the sentences that tell it."""
    return join_names(dict.fromkeys(fact.organisation for fact in facts)), cited(facts, catalogue, citations)


def cited(facts: Sequence[Fact], catalogue: Catalogue, citations: Citations) -> tuple[int, ...]:
    """The numbers of the sentences that tell these facts."""
    records = catalogue.sentences({fact.sentence_id for fact in facts})
    return tuple(sorted({citations.cite(records[fact.sentence_id]) for fact in facts}))


def of_kind(facts: Sequence[Fact], kind: str | None, catalogue: Catalogue) -> list[Fact]:
    """The facts about organisations of a kind; None is every kind."""
    kinds = {organisation.name: organisation.kind for organisation in catalogue.organisations}
    return [fact for fact in facts if kind in (None, kinds.get(fact.organisation))]


def has_role(fact: Fact, role: str | None) -> bool:
    """True if it tells of this role; None is every role. The founders of what is signed have signed it."""
    return role in (None, fact.role) or (role == "signatory" and fact.role == "founder")


def distinct_roles(facts: Sequence[Fact]) -> list[Fact]:
    """One fact a role; a membership row says more (its `as_of`) than the list of founders."""
    return list({fact.role: fact for fact in facts}.values())


def role_phrase(fact: Fact, told: str) -> str:
    """The role with its date, if the sentence that is cited for the role tells the date, too."""
    role = _SINGULARS.get(fact.role) or (f"{fact.role} member" if fact.role in _LEVELS else fact.role)
    if fact.until:
        return f"{role}, until {spoken_date(fact.until)}"
    if fact.since and _holds_date(told, fact.since):
        return f"{role} since {spoken_date(fact.since)}"
    return f"{role}, as of {spoken_date(fact.as_of)}" if fact.as_of and _holds_date(told, fact.as_of) else role


def dated_sentence(fact: Fact, iso: str, alliance: AllianceRecord, catalogue: Catalogue) -> SentenceRecord | None:
    """The sentence that tells a fact with a date: its own, or one that names both and says who joined when."""
    own = catalogue.sentences([fact.sentence_id])[fact.sentence_id]
    if _holds_date(own.sentence.text, iso):
        return own
    ids = {mention.sentence_id for mention in catalogue.mentions_of("organisation", fact.organisation)}
    names = catalogue.names_in(ids)
    for sentence_id, record in sorted(catalogue.sentences(ids).items()):
        text = record.sentence.text
        is_about = record.slug == alliance.slug and ("alliance", alliance.slug) in names.get(sentence_id, ())
        if is_about and _holds_date(text, iso) and concepts(content_stems(text)) & _JOINING:
            return record
    return None


def on_day(iso: str) -> str:
    """Say when something was: "on 5 December 2023", "in 2023"."""
    return f"{'on' if len(iso) == len('2023-12-05') else 'in'} {spoken_date(iso)}"


def group_title(role: str, as_of: str | None, until: str | None, count: int) -> str:
    """The title of a group of members: "Founders, as of May 2026 (4)"."""
    title = plural(role)
    if until:
        return f"{title}, until {spoken_date(until)} ({count})"
    return f"{title}, as of {spoken_date(as_of)} ({count})" if as_of else f"{title} ({count})"


def plural(role: str) -> str:
    """A role in the plural, with a capital."""
    if role in _LEVELS:
        return f"{role.capitalize()} members"
    return _PLURALS.get(role, f"{role.capitalize()}s")


def noun_of_role(role: str, number: int = 2) -> str:
    """What one, or several, in this role are called within a sentence: "founder", "gold members"."""
    if role == "ratified":
        return "ratifying party" if number == 1 else "ratifying parties"
    if number == 1:
        return _SINGULARS.get(role) or (f"{role} member" if role in _LEVELS else role)
    return plural(role).lower()


def kind_plural(kind: str) -> str:
    """A kind of organisation in the plural."""
    return _KIND_PLURALS.get(kind, "organisations")


def noun_for(facts: Sequence[Fact]) -> str:
    """What a list with these roles is a list of."""
    roles = {fact.role for fact in facts}
    if roles <= {"founder", "member"} | _LEVELS:
        return "members"
    if roles <= {"founder", "signatory", "ratified"} and "signatory" in roles:
        return "founders and signatories" if "founder" in roles else "signatories"
    return noun_of_role(roles.pop()) if len(roles) == 1 else "members and participants"


def _holds_date(text: str, iso: str) -> bool:
    (day,) = find_dates(spoken_date(iso))
    return any(day.agrees_with(told) for told in find_dates(text))
