"""Whether several bodies have the same host, founders or founding date: yes or no, and what each of them has.

Of one body: which others have its host.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.citing import Citations
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import BODY_NOUN, FOUNDING, HOSTING, RUNNING, SHARING, YES_NO
from assistant.exact.wording import cited, counted, join_names, listed, upper_first
from assistant.followups.make_whole import with_article
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
_WITH_ITS_HOST = re.compile(
    r"\b(?:same|identical)\b[^@]*\b(?:as|with)\b[^@]*@|\bshar(?:e|es|ing)\b[^@]*\b(?:with|of)\b[^@]*@"
    r"|@(?:['’]s?)? host\b[^@]*\balso host|\balso (?:hosted|housed|run) by (?:the )?@['’]s? host\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\bsame (?P<unit>year|month|day|date|time)\b", re.IGNORECASE)
_WORDS = word_set("roof home live sit under ident singl year month day date time run got place")


@dataclass(frozen=True, slots=True)
class Same:
    """Bodies, and the respect in which they may be the same.

    Attributes:
        bodies: To be held against each other; or those that bear the one name given, if others are asked for.
        respect: In which they may be the same.
        wants_others: Which other bodies are like it.
    """

    bodies: tuple[AllianceRecord, ...]
    respect: Respect
    wants_others: bool = False


def read_same(reading: Reading) -> Same | None:
    """The question whether bodies are the same in one respect; None when it is none, or asks for more.

    Args:
        reading: The question, taken apart.
    """
    masked = reading.masked
    bodies = reading.records
    if not 1 <= len(bodies) <= MAX_BODIES or reading.organisations:
        return None
    if reading.span or reading.is_several_times or reading.is_negated or reading.is_counting:
        return None
    if len(reading.bodies) == 1:
        return Same(bodies, "host", wants_others=True) if _asks_for_others(reading) else None
    if len(bodies) != len(reading.bodies) or not YES_NO.match(masked) or not _SAME.search(masked):
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


def _asks_for_others(reading: Reading) -> bool:
    """True for "Which alliances have the same host as @?", "What else is housed where @ is?"."""
    masked = reading.masked
    is_of_bodies = re.match(r"(?:so |and )?(?:which|what|list|name)\b", masked, re.IGNORECASE) is not None
    if not is_of_bodies or not BODY_NOUN.search(masked) or not _HOST.search(masked):
        return False
    return _WITH_ITS_HOST.search(masked) is not None and not reading.without(HOSTING, SHARING, _WORDS)


def tell_same(same: Same, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """Yes or no, with what the articles name of each; empty when they do not name it of every body.

    Args:
        same: What is asked.
        catalogue: Where the facts are.
        citations: Takes up the sentences that tell them.
    """
    if same.wants_others:
        return [line for body in same.bodies for line in _others_of_host(body, catalogue, citations)]
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


def _others_of_host(body: AllianceRecord, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies that a host of this one hosts, too; empty when its host is not told."""
    own = catalogue.facts_of_alliance(body.slug, "host")
    if not own:
        return []
    host, numbers = listed(own, catalogue, citations)
    lines = []
    for other in catalogue.alliances:
        hosts = {fact.organisation for fact in own}
        shared = [f for f in catalogue.facts_of_alliance(other.slug, "host") if f.organisation in hosts]
        if other != body and shared:
            names, told = listed(shared, catalogue, citations)
            lines.append(CheckedSentence(f"- {other.name}: {names}.", told))
    hosted = f"{with_article(body.name)} ({host})"
    if not lines:
        return [CheckedSentence(f"The articles name no other body with the host of {hosted}.", numbers)]
    every = tuple(sorted({*numbers, *(number for line in lines for number in line.citations)}))
    count = counted(len(lines), "other body", "other bodies")
    return [CheckedSentence(f"The articles name {count} with a host of {hosted}:", every), *lines]


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
