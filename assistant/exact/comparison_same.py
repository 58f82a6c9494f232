"""Whether several bodies have the same host, founders or founding date: yes or no, and what each of them has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.citing import Citations
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import FOUNDING, HOSTING, RUNNING, SHARING, YES_NO
from assistant.exact.wording import cited, join_names, listed, upper_first
from assistant.followup import with_article
from assistant.types import CheckedSentence
from assistant.words import word_set
from index.catalogue import Catalogue
from index.dates import Period
from index.fact_sentences import spoken_date
from index.types import AllianceRecord

Respect = Literal["host", "founders", "year", "month", "date"]

MAX_BODIES = 4
_SAME = re.compile(
    r"\b(?:same|identical|one and the same|share[sd]?|common|a single|also that of|too)\b", re.IGNORECASE
)
_HOST = re.compile(
    r"\b(?:hosts?|hosted|housed|home|roof|umbrella)\b"
    r"|\brun by (?:the same|one|a single)\b(?! \w*(?:people|persons?)\b)",
    re.IGNORECASE,
)
_FOUNDERS = re.compile(
    r"\b(?:co-?)?founders\b|\b(?:found|start|launch|creat|establish|set up|form)\w* by\b|\bbehind\b", re.IGNORECASE
)
_UNIT = re.compile(r"\bsame (?P<unit>year|month|day|date|time)\b", re.IGNORECASE)
_WORDS = word_set("roof home live sit under ident singl year month day date time run got")


@dataclass(frozen=True, slots=True)
class Same:
    """Bodies, and the respect in which they may be the same."""

    bodies: tuple[AllianceRecord, ...]
    respect: Respect


def read_same(reading: Reading) -> Same | None:
    """The question whether bodies are the same in one respect; None when it is none, or asks for more.

    Args:
        reading: The question, taken apart.
    """
    masked = reading.masked
    bodies = tuple({record.slug: record for body in reading.bodies for record in body}.values())
    if not 2 <= len(bodies) <= MAX_BODIES or len(bodies) != len(reading.bodies) or reading.organisations:
        return None
    if reading.span or reading.is_several_times or reading.is_negated or reading.is_counting:
        return None
    if not YES_NO.match(masked) or not _SAME.search(masked):
        return None
    if reading.without(HOSTING, RUNNING, FOUNDING, SHARING, _WORDS):
        return None
    if _HOST.search(masked):
        return None if reading.left & FOUNDING else Same(bodies, "host")
    unit = _UNIT.search(masked)
    if unit and reading.left & FOUNDING:
        named = unit["unit"].lower()
        return Same(bodies, "year" if named == "year" else "month" if named == "month" else "date")
    is_founders = _FOUNDERS.search(masked) and re.search(r"\bsame\b|\bidentical\b", masked, re.IGNORECASE)
    return Same(bodies, "founders") if is_founders else None


def tell_same(same: Same, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Yes or no, with what the articles name of each; empty when they do not name it of every body.

    Args:
        same: What is asked.
        catalogue: Where the facts are.
        citations: Takes up the sentences that tell them.
    """
    if same.respect in ("host", "founders"):
        role: Literal["host", "founder"] = "host" if same.respect == "host" else "founder"
        return _of_role(same.bodies, role, catalogue, citations)
    dated = [(body, body.founded, body.founded_in) for body in same.bodies if body.founded and body.founded_in]
    length = {"year": len("2023"), "month": len("2023-07"), "date": len("2023-07-26")}[same.respect]
    if len(dated) < len(same.bodies) or any(len(date) < length for _, date, _ in dated):
        return []
    told = catalogue.sentences(place for _, _, place in dated)
    numbers = tuple(dict.fromkeys(citations.cite(told[place]) for _, _, place in dated))
    is_same = len({Period.of(date[:length]) for _, date, _ in dated}) == 1
    preposition = "on" if same.respect == "date" else "in"
    each = join_names(
        f"{with_article(body.name)} was founded {preposition} {spoken_date(date[:length])}" for body, date, _ in dated
    )
    return [CheckedSentence(f"{'Yes' if is_same else 'No'}: {each}.", numbers)]


def _of_role(
    bodies: Sequence[AllianceRecord], role: Literal["host", "founder"], catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    facts = [catalogue.facts_of_alliance(body.slug, role) for body in bodies]
    if not all(facts):
        return []
    names = [{fact.organisation for fact in of_body} for of_body in facts]
    shared = set.intersection(*names)
    every = tuple(dict.fromkeys(number for of_body in facts for number in cited(of_body, catalogue, citations)))
    group = join_names(with_article(body.name) for body in bodies)
    if all(named == names[0] for named in names):
        told, _ = listed(facts[0], catalogue, citations)
        noun = role if len(names[0]) == 1 else f"{role}s"
        return [CheckedSentence(f"Yes: the articles name {told} as {noun} of {group}.", every)]
    both = f", and {join_names(sorted(shared))} of each" if shared else ""
    lines = []
    for body, of_body in zip(bodies, facts, strict=True):
        told, numbers = listed(of_body, catalogue, citations)
        lines.append(CheckedSentence(f"- {upper_first(with_article(body.name))}: {told}.", numbers))
    return [CheckedSentence(f"No: the articles name different {role}s of {group}{both}:", every), *lines]
