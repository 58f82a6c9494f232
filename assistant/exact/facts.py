"""Answers on one body from the catalogue: founding date, founders, hosts, members, their number.

A sentence here is put together from facts, not written by a model, so nothing has to be checked afterwards; every
name and date in it stands in a sentence of an article, which is cited.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import Citations
from assistant.exact.disagreement import tell_disagreement
from assistant.exact.intent import Intent
from assistant.exact.vocabulary import FOUNDING
from assistant.exact.wording import group_title, kind_plural, listed, noun_for, of_kind, plural, upper_first
from assistant.followup import with_article
from assistant.types import CheckedSentence
from assistant.words import word_set
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, Fact

_DATING = FOUNDING | word_set("date day year when adopt")


def tell_founding_date(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """When each of the bodies was founded."""
    sentences = []
    for alliance in intent.alliances:
        if alliance.founded is None or alliance.founded_in is None:
            continue
        told = catalogue.sentences([alliance.founded_in])[alliance.founded_in]
        on = "on" if len(alliance.founded) == len("2023-12-05") else "in"
        verb = "were" if alliance.name.endswith("s") and with_article(alliance.name) != alliance.name else "was"
        text = f"{upper_first(with_article(alliance.name))} {verb} founded {on} {spoken_date(alliance.founded)}."
        sentences.append(CheckedSentence(text, (citations.cite(told),)))
        sentences += tell_disagreement(alliance, _DATING, catalogue, citations)
    return sentences


def tell_founders(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Who founded each of the bodies."""
    sentences = []
    for alliance in intent.alliances:
        facts = catalogue.facts_of_alliance(alliance.slug, "founder")
        if intent.kind not in ("company", "person"):  # "which companies founded X" means whoever founded it
            facts = of_kind(facts, intent.kind, catalogue)
        sentences += _named_as("founder", facts, alliance, catalogue, citations)
    return sentences


def tell_hosts(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Who hosts each of the bodies."""
    sentences = []
    for alliance in intent.alliances:
        hosts = catalogue.facts_of_alliance(alliance.slug, "host")
        sentences += _named_as("host", hosts, alliance, catalogue, citations)
    return sentences


def tell_members(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The members of each body, in groups of one role and date; with a span, those who joined in it."""
    sentences = []
    for alliance in intent.alliances:
        facts = catalogue.facts_of_alliance(alliance.slug, "member")
        facts = of_kind([f for f in facts if intent.role in (None, f.role)], intent.kind, catalogue)
        if intent.span:
            facts = [fact for fact in facts if intent.span.holds(fact.since)]
        found = _groups(alliance, facts, intent, catalogue, citations)
        if not found and intent.kind and intent.role is None and intent.span is None:
            # "Which countries belong to it?": of some bodies the articles name the founders only.
            founders = of_kind(catalogue.facts_of_alliance(alliance.slug, "founder"), intent.kind, catalogue)
            found = _named_as("founder", founders, alliance, catalogue, citations) if len(founders) > 1 else []
        sentences += found
    return sentences


def tell_former_members(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Who has left, as far as a date of leaving is told."""
    sentences = []
    for alliance in intent.alliances:
        facts = [fact for fact in catalogue.facts_of_alliance(alliance.slug, "member") if fact.until]
        facts = [
            fact for fact in of_kind(facts, intent.kind, catalogue) if not intent.span or intent.span.holds(fact.until)
        ]
        for fact in facts:
            told = catalogue.sentences([fact.sentence_id])[fact.sentence_id]
            until = f"{fact.role} until {spoken_date(fact.until or '')}"
            text = f"{upper_first(fact.organisation)} is no longer named in {with_article(alliance.name)}: {until}."
            sentences.append(CheckedSentence(text, (citations.cite(told),)))
    return sentences


def _named_as(
    role: str, facts: Sequence[Fact], alliance: AllianceRecord, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """Who is told as founder or host. Not "The founders are ...": of some bodies, the sources name only some."""
    if not facts:
        return []
    names, numbers = listed(facts, catalogue, citations)
    roles = role if len(facts) == 1 else f"{role}s"
    return [CheckedSentence(f"The articles name {names} as {roles} of {with_article(alliance.name)}.", numbers)]


def _groups(
    alliance: AllianceRecord, facts: Sequence[Fact], intent: Intent, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    if not facts:
        return []
    groups: dict[tuple[str, str | None, str | None], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.role, fact.as_of, fact.until), []).append(fact)
    rows = [
        (f"- {group_title(role, as_of, until, len(group))}: {names}.", numbers)
        for (role, as_of, until), group in groups.items()
        for names, numbers in [listed(group, catalogue, citations)]
    ]
    count = len({fact.organisation for fact in facts})
    what = plural(intent.role).lower() if intent.role else noun_for(facts)
    if intent.kind:
        what = f"{kind_plural(intent.kind)} among the {what}"
    every = tuple(sorted({number for _, numbers in rows for number in numbers}))
    joined = f" that joined {intent.span.label}" if intent.span else ""
    least = "at least " if intent.is_counting else ""  # the sources may list only some
    opening = f"The articles name {least}{count} {what} of {with_article(alliance.name)}{joined}:"
    if len(rows) == 1:
        return [CheckedSentence(f"{opening} {rows[0][0].partition(': ')[2]}", rows[0][1])]
    return [CheckedSentence(opening, every), *(CheckedSentence(text, numbers) for text, numbers in rows)]
