"""Answers from the catalogue: every name and date in them stands in a sentence of an article, which is cited.

A sentence here is put together from facts, not written by a model, so nothing has to be checked afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.citing import Citations
from assistant.followup import with_article
from assistant.intent import Intent
from assistant.types import CheckedSentence
from assistant.words import find_dates
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, Fact, SentenceRecord

_PLURALS = {"founder": "Founders", "member": "Members", "signatory": "Signatories", "agency": "Agencies"}
_PLURALS |= {"ratified": "Have ratified", "steering": "Steering members", "board": "Board members"}
_MEMBERSHIP_LEVELS = frozenset({"premier", "platinum", "gold", "general", "associate"})


def answer_exactly(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The answer's sentences; empty when the catalogue holds no such fact, so that the passages are asked.

    Args:
        intent: What is asked.
        catalogue: Where the facts are.
        citations: Takes up the sentences that tell the facts.
    """
    if intent.relation in ("founded_by", "hosted_by", "belongs_to"):
        return _of_organisation(intent, catalogue, citations)
    if intent.relation == "founded_in":
        return _founded_in(intent, catalogue, citations)
    sentences: list[CheckedSentence] = []
    for alliance in intent.alliances:
        if intent.relation == "founded":
            sentences += _founded(alliance, catalogue, citations)
        elif intent.relation == "founders":
            sentences += _founders(alliance, intent.kind, catalogue, citations)
        elif intent.relation == "host":
            hosts = catalogue.facts_of_alliance(alliance.slug, "host")
            sentences += _named_as("host", hosts, alliance, catalogue, citations)
        elif intent.relation == "members":
            sentences += _members(alliance, intent, catalogue, citations)
        else:
            sentences += _is_in(alliance, intent, catalogue, citations)
    return sentences


def _founded(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    if alliance.founded is None or alliance.founded_in is None:
        return []
    told = catalogue.sentences([alliance.founded_in])[alliance.founded_in]
    on = "on" if len(alliance.founded) == 10 else "in"
    verb = "were" if alliance.name.endswith("s") and with_article(alliance.name) != alliance.name else "was"
    text = f"{_upper(with_article(alliance.name))} {verb} founded {on} {spoken_date(alliance.founded)}."
    return [CheckedSentence(text, (citations.cite(told),))]


def _founders(
    alliance: AllianceRecord, kind: str | None, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    facts = catalogue.facts_of_alliance(alliance.slug, "founder")
    if kind != "company":  # "which companies founded X" means whoever founded it
        facts = _of_kind(facts, kind, catalogue)
    return _named_as("founder", facts, alliance, catalogue, citations)


def _named_as(
    role: str, facts: Sequence[Fact], alliance: AllianceRecord, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """Who is told as founder or host. Not "The founders are ...": of some bodies, the sources name only some."""
    if not facts:
        return []
    names, numbers = _listed(facts, catalogue, citations)
    roles = role if len(facts) == 1 else f"{role}s"
    return [CheckedSentence(f"The articles name {names} as {roles} of {with_article(alliance.name)}.", numbers)]


def _founded_in(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies founded in a year, by date."""
    found = sorted(
        (alliance.founded, alliance.name, alliance.founded_in)
        for alliance in catalogue.alliances
        if alliance.founded and alliance.founded_in and alliance.founded.startswith(str(intent.year))
    )
    if not found:
        return []
    records = catalogue.sentences(told for _, _, told in found)
    lines = [
        CheckedSentence(f"- {name}: {spoken_date(date)}.", (citations.cite(records[told]),))
        for date, name, told in found
    ]
    bodies = "body" if len(lines) == 1 else "bodies"
    every = tuple(sorted({number for line in lines for number in line.citations}))
    return [CheckedSentence(f"The articles name {len(lines)} {bodies} founded in {intent.year}:", every), *lines]


def _members(
    alliance: AllianceRecord, intent: Intent, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    facts = catalogue.facts_of_alliance(alliance.slug, "member")
    facts = _of_kind([f for f in facts if intent.role in (None, f.role)], intent.kind, catalogue)
    if not facts:
        return []
    groups: dict[tuple[str, str | None, str | None], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.role, fact.as_of, fact.until), []).append(fact)
    listed = [
        (f"- {_group_title(role, as_of, until, len(group))}: {names}.", numbers)
        for (role, as_of, until), group in groups.items()
        for names, numbers in [_listed(group, catalogue, citations)]
    ]
    count = len({fact.organisation for fact in facts})
    what = _plural(intent.role).lower() if intent.role else _noun_for(facts)
    if intent.kind:
        what = f"{_kind_plural(intent.kind)} among the {what}"
    every = tuple(sorted({number for _, numbers in listed for number in numbers}))
    opening = f"The articles name {count} {what} of {with_article(alliance.name)}:"
    if len(listed) == 1:
        return [CheckedSentence(f"{opening} {listed[0][0].partition(': ')[2]}", listed[0][1])]
    return [CheckedSentence(opening, every), *(CheckedSentence(text, numbers) for text, numbers in listed)]


def _of_organisation(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    assert intent.organisation is not None
    name = intent.organisation.name
    facts = catalogue.facts_of_organisation(name)
    if intent.relation == "founded_by":
        facts = [fact for fact in facts if fact.role == "founder"]
    if intent.relation == "hosted_by":
        facts = [fact for fact in facts if fact.role == "host"]
    by_alliance: dict[str, list[Fact]] = {}
    for fact in facts:
        by_alliance.setdefault(fact.alliance, []).append(fact)
    if not by_alliance:
        return []
    records = catalogue.sentences({fact.sentence_id for fact in facts})
    lines = []
    for alliance, parts in by_alliance.items():
        roles = "; ".join(
            dict.fromkeys(_role_phrase(f, records[f.sentence_id].sentence.text) for f in _distinct_roles(parts))
        )
        numbers = tuple(sorted({citations.cite(records[part.sentence_id]) for part in _distinct_roles(parts)}))
        lines.append(CheckedSentence(f"- {alliance}: {roles}.", numbers))
    verb = {"founded_by": "as a founder of", "hosted_by": "as a host of"}.get(intent.relation, "in")
    alliances = "alliance" if len(lines) == 1 else "alliances"
    every = tuple(sorted({number for line in lines for number in line.citations}))
    return [CheckedSentence(f"The articles name {name} {verb} {len(lines)} {alliances}:", every), *lines]


def _is_in(
    alliance: AllianceRecord, intent: Intent, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    assert intent.organisation is not None
    name = intent.organisation.name
    facts = catalogue.facts_of_alliance(alliance.slug, "founder") + catalogue.facts_of_alliance(alliance.slug, "member")
    if intent.relation == "is_founder":
        facts = [fact for fact in facts if fact.role == "founder"]
    own = _distinct_roles([fact for fact in facts if fact.organisation == name])
    if own:
        records = catalogue.sentences({fact.sentence_id for fact in own})
        numbers = tuple(sorted({citations.cite(records[fact.sentence_id]) for fact in own}))
        roles = "; ".join(dict.fromkeys(_role_phrase(f, records[f.sentence_id].sentence.text) for f in own))
        start = "No longer" if all(fact.until for fact in own) else "Yes"
        text = f"{start}: the articles name {name} in {with_article(alliance.name)} ({roles})."
        return [CheckedSentence(text, numbers)]
    if not facts:
        return []
    shown = list({fact.organisation: fact for fact in facts}.values())
    names, numbers = _listed(shown, catalogue, citations)
    what = "founders" if intent.relation == "is_founder" else _noun_for(facts)
    group = f"the {what} of {with_article(alliance.name)}"
    text = f"The articles do not name {name} among {group}; they name {names}."
    return [CheckedSentence(text, numbers)]


def _listed(facts: Sequence[Fact], catalogue: Catalogue, citations: Citations) -> tuple[str, tuple[int, ...]]:
    """Their organisations ("A, B and C") and the numbers of the sentences that tell it."""
    records: dict[int, SentenceRecord] = catalogue.sentences({fact.sentence_id for fact in facts})
    numbers = {citations.cite(records[fact.sentence_id]) for fact in facts}
    return join_names(dict.fromkeys(fact.organisation for fact in facts)), tuple(sorted(numbers))


def join_names(names: Iterable[str]) -> str:
    """Write a list as a person does: "A", "A and B", "A, B and C"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _of_kind(facts: Sequence[Fact], kind: str | None, catalogue: Catalogue) -> list[Fact]:
    kinds = {organisation.name: organisation.kind for organisation in catalogue.organisations}
    return [fact for fact in facts if kind in (None, kinds.get(fact.organisation))]


def _distinct_roles(facts: Sequence[Fact]) -> list[Fact]:
    """One fact a role; a membership row says more (its `as_of`) than the list of founders."""
    return list({fact.role: fact for fact in facts}.values())


def _role_phrase(fact: Fact, told: str) -> str:
    """The role with its date, if the sentence that is cited for the role tells the date, too."""
    role = f"{fact.role} member" if fact.role in _MEMBERSHIP_LEVELS else fact.role
    if fact.until:
        return f"{role}, until {spoken_date(fact.until)}"
    if fact.since and _holds_date(told, fact.since):
        return f"{role} since {spoken_date(fact.since)}"
    return f"{role}, as of {spoken_date(fact.as_of)}" if fact.as_of and _holds_date(told, fact.as_of) else role


def _holds_date(text: str, iso: str) -> bool:
    (date,) = find_dates(spoken_date(iso))
    return any(date.agrees_with(told) for told in find_dates(text))


def _group_title(role: str, as_of: str | None, until: str | None, count: int) -> str:
    title = _plural(role)
    if until:
        return f"{title}, until {spoken_date(until)} ({count})"
    return f"{title}, as of {spoken_date(as_of)} ({count})" if as_of else f"{title} ({count})"


def _plural(role: str) -> str:
    if role in _MEMBERSHIP_LEVELS:
        return f"{role.capitalize()} members"
    return _PLURALS.get(role, f"{role.capitalize()}s")


def _kind_plural(kind: str) -> str:
    plurals = {"company": "companies", "university": "universities", "government": "governments"}
    return plurals.get(kind, "nonprofits")


def _noun_for(facts: Sequence[Fact]) -> str:
    """What a list with these roles is a list of."""
    roles = {fact.role for fact in facts}
    if roles <= {"founder", "member"} | _MEMBERSHIP_LEVELS:
        return "members"
    return _plural(roles.pop()).lower() if len(roles) == 1 else "members and participants"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
