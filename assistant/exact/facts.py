"""Answers on one body from the catalogue: founding date, founders, hosts, members, their number.

A sentence here is put together from facts, not written by a model, so nothing has to be checked afterwards; every
name and date in it stands in a sentence of an article, which is cited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.citing import Citations
from assistant.exact.disagreement import tell_disagreement
from assistant.exact.each_body import for_each_body
from assistant.exact.intent import Intent
from assistant.exact.vocabulary import FOUNDING
from assistant.exact.wording import (
    counted,
    dated_sentence,
    group_title,
    has_role,
    join_names,
    kind_plural,
    listed,
    noun_for,
    noun_of_role,
    of_kind,
    on_day,
    role_phrase,
    upper_first,
)
from assistant.followups.make_whole import with_article
from assistant.time_spans import TimeSpan
from assistant.types import CheckedSentence
from assistant.words import word_set
from index.catalogue import Catalogue
from index.dates import Period
from index.types import AllianceRecord, Fact

_UNTOLD_NUMBER = re.compile(
    r"\bsources?\b.{0,40}\b(?:do(?:es)? not|gives? no)\b.*\b(?:number|total|how many)\b.*"
    r"\b(?:members|signatories|participants|partners|sponsors)\b",
    re.IGNORECASE,
)
_MAX_SENTENCES = 2  # former members told in a sentence each; more are grouped
_DATING = FOUNDING - {"founder"} | word_set("date day year when")


def tell_founding_date(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """When each of the bodies was founded."""
    return for_each_body(intent, lambda alliance: _founding_date(alliance, catalogue, citations))


def tell_whether_founded(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Whether each body was founded in the time asked about, with its date.

    Asked why it was founded then, that it was not is told; why it was is for the passages to tell.
    """

    def tell(alliance: AllianceRecord) -> list[CheckedSentence]:
        told = _founding_date(alliance, catalogue, citations)
        if not told or intent.span is None or alliance.founded is None:
            return []
        is_then, is_not_then = intent.span.holds(alliance.founded), is_outside(alliance.founded, intent.span)
        if intent.wants_reason and not is_not_then:
            return []
        if intent.wants_reason:
            name, told_on = with_article(alliance.name), on_day(alliance.founded)
            text = (
                f"The articles do not say that {name} was founded {intent.span.label}; they tell that it was {told_on}."
            )
            return [CheckedSentence(text, told[0].citations), *told[1:]]
        is_disputed = len(told) > 1  # then the date is told, and no yes or no
        opening = "" if is_disputed else "Yes: " if is_then else "No: " if is_not_then else ""
        text = upper_first(f"{opening}{said_to_be_founded(alliance)}.")
        return [CheckedSentence(text, told[0].citations), *told[1:]]

    return for_each_body(intent, tell)


def is_outside(iso: str, span: TimeSpan) -> bool:
    """True if no day of a date (ISO 8601) lies in the time."""
    return not Period.of(iso).overlaps(span.first or date.min, span.last or date.max)


def _founding_date(alliance: AllianceRecord, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    if alliance.founded is None or alliance.founded_in is None:
        return []
    told = catalogue.sentences([alliance.founded_in])[alliance.founded_in]
    text = f"{upper_first(said_to_be_founded(alliance))}."
    return [
        CheckedSentence(text, (citations.cite(told),)),
        *tell_disagreement(alliance, _DATING, catalogue, citations),
    ]


def said_to_be_founded(alliance: AllianceRecord) -> str:
    """Say it as a clause: "the AI Alliance was founded on 5 December 2023"."""
    verb = "were" if alliance.name.endswith("s") and with_article(alliance.name) != alliance.name else "was"
    return f"{with_article(alliance.name)} {verb} founded {on_day(alliance.founded or '')}"


def tell_founders(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Who founded each of the bodies."""

    def tell(alliance: AllianceRecord) -> list[CheckedSentence]:
        facts = catalogue.facts_of_alliance(alliance.slug, "founder")
        if intent.kind not in ("company", "person"):  # "which companies founded X" means whoever founded it
            facts = of_kind(facts, intent.kind, catalogue)
        if intent.is_counting and facts:
            names, numbers = listed(facts, catalogue, citations)
            count = counted(len({fact.organisation for fact in facts}), "founder")
            return [CheckedSentence(f"The articles name {count} of {with_article(alliance.name)}: {names}.", numbers)]
        return _named_as("founder", facts, alliance, catalogue, citations)

    return for_each_body(intent, tell)


def tell_hosts(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Who hosts each of the bodies."""

    def tell(alliance: AllianceRecord) -> list[CheckedSentence]:
        hosts = catalogue.facts_of_alliance(alliance.slug, "host")
        return _named_as("host", hosts, alliance, catalogue, citations)

    return for_each_body(intent, tell)


def tell_members(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The members of each body, in groups of one role and date; with a span, those who joined in it."""

    def tell(alliance: AllianceRecord) -> list[CheckedSentence]:
        facts = catalogue.facts_of_alliance(alliance.slug, "member")
        if intent.role and not any(fact.role == intent.role for fact in facts):
            return []
        facts = every = [fact for fact in facts if has_role(fact, intent.role)]
        facts = of_kind(facts, intent.kind, catalogue)
        if intent.order:
            return _first_or_last(alliance, facts, intent, catalogue, citations)
        if intent.span:
            facts = [fact for fact in facts if intent.span.holds(_joined(fact))]
        if intent.listed_in:
            facts = [fact for fact in facts if _was_in(fact, alliance, intent.listed_in)]
        if intent.is_counting and _is_number_untold(alliance, catalogue):
            return []
        found = _groups(alliance, facts, intent, catalogue, citations)
        if found and intent.kind == "government":
            found += _beside(facts, of_kind(every, "body", catalogue), catalogue, citations)
        if found or intent.kind is None or intent.role or intent.span or intent.listed_in:
            return found
        # "Which countries belong to it?": of some bodies the articles name the founders only.
        founders = of_kind(catalogue.facts_of_alliance(alliance.slug, "founder"), intent.kind, catalogue)
        return _named_as("founder", founders, alliance, catalogue, citations) if len(founders) > 1 else []

    return for_each_body(intent, tell)


def tell_former_members(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Who has left, as far as a date of leaving is told: a sentence each, of many in groups of one role and date."""

    def tell(alliance: AllianceRecord) -> list[CheckedSentence]:
        facts = [fact for fact in catalogue.facts_of_alliance(alliance.slug, "member") if fact.until]
        facts = [fact for fact in of_kind(facts, intent.kind, catalogue) if intent.role in (None, fact.role)]
        facts = [fact for fact in facts if intent.span is None or intent.span.holds(fact.until)]
        if len(facts) > _MAX_SENTENCES:
            count = len({fact.organisation for fact in facts})
            opening = f"The articles name {count} organisations whose role in {with_article(alliance.name)} has ended:"
            return _with_rows(opening, facts, catalogue, citations)
        sentences = []
        for fact in facts:
            told = catalogue.sentences([fact.sentence_id])[fact.sentence_id]
            role = role_phrase(fact, told.sentence.text)
            text = f"{upper_first(fact.organisation)} is no longer named in {with_article(alliance.name)} ({role})."
            sentences.append(CheckedSentence(text, (citations.cite(told),)))
        return sentences

    return for_each_body(intent, tell)


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
    count = len({fact.organisation for fact in facts})
    what = noun_of_role(intent.role, 2 if intent.kind else count) if intent.role else noun_for(facts)
    if intent.kind:
        what = f"{intent.kind if count == 1 else kind_plural(intent.kind)} among the {what}"
    joined = f" that {_joining(facts)} {intent.span.label}" if intent.span else ""
    then = f" {intent.listed_in.label}, as far as they tell who was in it then" if intent.listed_in else ""
    least = "at least " if intent.is_counting else ""  # the sources may list only some
    opening = f"The articles name {least}{count} {what} of {with_article(alliance.name)}{joined}{then}:"
    return _with_rows(opening, facts, catalogue, citations)


def _beside(
    states: Sequence[Fact], bodies: Sequence[Fact], catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """The bodies that stand in one row with states, as the European Union does: no states, and easily missed."""
    rows = {(fact.role, fact.as_of) for fact in states}
    told = [fact for fact in bodies if (fact.role, fact.as_of) in rows]
    if not told:
        return []
    names, numbers = listed(told, catalogue, citations)
    return [CheckedSentence(f"Listed beside them: {names}.", numbers)]


def _is_number_untold(alliance: AllianceRecord, catalogue: Catalogue) -> bool:
    """True if the body's article says that its sources do not give the number of members."""
    records = catalogue.sentences_of_article(alliance.slug)
    return any(_UNTOLD_NUMBER.search(record.sentence.text) for record in records)


def _with_rows(
    opening: str, facts: Sequence[Fact], catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """The facts in rows of one role and date; one row, if it is a list, stands behind the opening."""
    groups: dict[tuple[str, str | None, str | None], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.role, fact.as_of, fact.until), []).append(fact)
    rows = [
        (f"- {group_title(role, as_of, until, len(group))}: {names}.", numbers)
        for (role, as_of, until), group in groups.items()
        for names, numbers in [listed(group, catalogue, citations)]
    ]
    if len(rows) == 1 and not facts[0].until:
        return [CheckedSentence(f"{opening} {rows[0][0].partition(': ')[2]}", rows[0][1])]
    every = tuple(sorted({number for _, numbers in rows for number in numbers}))
    return [CheckedSentence(opening, every), *(CheckedSentence(text, numbers) for text, numbers in rows)]


def _first_or_last(
    alliance: AllianceRecord, facts: Sequence[Fact], intent: Intent, catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """Who joined first, or last; nothing unless the articles date every joining so well that it is certain.

    Founders without a date of their own were there when the body was founded.
    """
    founded = alliance.founded
    dated = [(fact, fact.since or (founded if fact.role == "founder" else None)) for fact in facts]
    days = {day for _, day in dated if day}
    if not all(day for _, day in dated) or len(days) < len(("first", "last")):
        return []
    chosen = min(days) if intent.order == "first" else max(days)
    period = Period.of(chosen)
    if any(Period.of(day).overlaps(period.first, period.last) for day in days - {chosen}):
        return []
    group = [fact for fact, day in dated if day == chosen]
    told = [dated_sentence(fact, chosen, alliance, catalogue) for fact in group]
    if not all(told):
        return []
    numbers = tuple(sorted({citations.cite(record) for record in told if record}))
    names = join_names(dict.fromkeys(fact.organisation for fact in group))
    opening = f"The {intent.order} to join {with_article(alliance.name)}, as far as the articles name them"
    return [CheckedSentence(f"{opening}, {on_day(chosen)}: {names}.", numbers)]


def _was_in(fact: Fact, alliance: AllianceRecord, span: TimeSpan) -> bool:
    """Whether a list of that time names it, or it is known to have begun by then and not to have ended before."""
    if span.holds(fact.as_of):
        return True
    begun = fact.since or (alliance.founded if fact.role == "founder" else None)
    has_begun = begun is not None and (span.last is None or Period.of(begun).first <= span.last)
    return has_begun and not (fact.until and span.first and Period.of(fact.until).last < span.first)


def _joined(fact: Fact) -> str | None:
    """When it joined; a signature is dated by the list of that day, which tells who had signed by then."""
    return fact.since or (fact.as_of if fact.role == "signatory" else None)


def _joining(facts: Sequence[Fact]) -> str:
    return "signed" if all(fact.role == "signatory" for fact in facts) else "joined"
