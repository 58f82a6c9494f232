"""Answers over the whole library: bodies by kind, year, region and status, the oldest and the newest."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.citing import Citations
from assistant.exact.intent import Intent
from assistant.exact.reach import tell_reach
from assistant.exact.status import status_sentence
from assistant.exact.vocabulary import COUNTRIES, REGIONS
from assistant.exact.wording import counted
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, SentenceRecord

_TELLING = 3  # the first sentences of an article say what the body is
_STATUS_PHRASES = {"dormant": "ended or gone quiet", "superseded": "been superseded"}
_KIND_NOUNS = {
    "civil-society": "civil society body",
    "partnership": "partnership",
    "standards": "standards body",
}


def tell_bodies(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies of a kind, region, status or time, by founding date, each with the sentence that tells it."""
    found = _matching(intent, catalogue)
    is_relative = intent.span is not None and intent.span.is_relative
    if not found:
        return _none_since(intent, catalogue, citations) if is_relative else []
    reach = tell_reach(catalogue, citations) if is_relative else []
    lines = [_line(alliance, told, intent, citations) for alliance, told in found]
    bounds = catalogue.sentences(intent.span.told_in if intent.span else ())
    numbers = {number for line in lines for number in line.citations} | set(map(citations.cite, bounds.values()))
    every = tuple(sorted(numbers))
    opening = CheckedSentence(f"The articles {_described(intent, len(lines))}:", every)
    return [*reach, opening, *lines]


def tell_extreme(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The body founded first, or last."""
    dated = [(a, told) for a, told in _matching(intent, catalogue) if a.founded and a.founded_in == told.id]
    if not dated:
        return []
    is_latest = intent.relation == "latest"
    alliance, told = (max if is_latest else min)(dated, key=lambda item: item[0].founded or "")
    word = "newest" if is_latest else "oldest"
    noun = counted(1, _noun(intent.body_kind)).removeprefix("1 ")
    text = (
        f"The {word} {noun} in the articles is {with_article(alliance.name)}, founded "
        f"{'on' if len(alliance.founded or '') == len('2023-12-05') else 'in'} {spoken_date(alliance.founded or '')}."
    )
    return [CheckedSentence(text, (citations.cite(told),))]


def _none_since(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """That there is none of that time, and which is the newest."""
    newest = tell_extreme(replace(intent, relation="latest", span=None), catalogue, citations)
    if not newest or not intent.span:
        return []
    noun = counted(1, _noun(intent.body_kind)).removeprefix("1 ")
    text = f"The articles name no {noun} founded {intent.span.label}."
    return [CheckedSentence(text, newest[0].citations), *newest]


def _matching(intent: Intent, catalogue: Catalogue) -> list[tuple[AllianceRecord, SentenceRecord]]:
    found = []
    for alliance in sorted(catalogue.alliances, key=lambda a: (a.founded or "9999", a.name)):
        if intent.body_kind not in (None, alliance.kind) or (intent.span and not intent.span.holds(alliance.founded)):
            continue
        if intent.statuses and alliance.status not in intent.statuses:
            continue
        if (told := _telling(alliance, intent, catalogue)) is not None:
            found.append((alliance, told))
    return found


def _telling(alliance: AllianceRecord, intent: Intent, catalogue: Catalogue) -> SentenceRecord | None:
    """The sentence that tells what the body is asked for: its region, its status, else its founding."""
    if intent.region:
        return _region_sentence(alliance, intent.region, catalogue)
    if intent.statuses:
        return status_sentence(alliance, catalogue)
    if alliance.founded_in is not None:
        return catalogue.sentences([alliance.founded_in])[alliance.founded_in]
    return next(iter(_opening(alliance, catalogue)), None)


def _region_sentence(alliance: AllianceRecord, region: str, catalogue: Catalogue) -> SentenceRecord | None:
    """The sentence at the head of the article that places the body there: by its name, its home, or its host.

    A body of several states lies in none of them: "a group of the United States, Japan, South Korea and Taiwan".
    """
    pattern = re.compile("|".join(rf"(?<!\w)(?:{REGIONS[place]})" for place in (region, *COUNTRIES.get(region, ()))))
    opening = _opening(alliance, catalogue)
    told = [record for record in opening if pattern.search(record.sentence.text)]
    named = pattern.search(alliance.name) and not _is_of_several(alliance.name, region)
    if told and (named or (told[0] is opening[0] and not _is_of_several(told[0].sentence.text, region))):
        return told[0]
    hosts = catalogue.facts_of_alliance(alliance.slug, "host")
    if hosts and all(pattern.search(fact.organisation) for fact in hosts):
        return catalogue.sentences([hosts[0].sentence_id])[hosts[0].sentence_id]
    return None


def _is_of_several(text: str, region: str) -> bool:
    """Whether a text speaks of places elsewhere, too, or joins the region to something by "and"."""
    within = (region, *COUNTRIES.get(region, ()))
    inside = {*within} | {place for place, countries in COUNTRIES.items() if region in countries}
    spoken = {place for place, pattern in REGIONS.items() if re.search(rf"(?<!\w)(?:{pattern})", text)}
    joined = "|".join(REGIONS[place] for place in within)
    return bool(spoken - inside) or re.search(rf"\band (?:the )?(?:{joined})", text) is not None


def _opening(alliance: AllianceRecord, catalogue: Catalogue) -> list[SentenceRecord]:
    ids = catalogue.passage_ids_of([alliance.slug])
    return [record for record in catalogue.sentences_of(ids[:1]) if record.sentence.number < _TELLING]


def _line(alliance: AllianceRecord, told: SentenceRecord, intent: Intent, citations: Citations) -> CheckedSentence:
    if intent.statuses:
        return CheckedSentence(f"- {alliance.name}: “{told.sentence.text}”", (citations.cite(told),))
    is_told = alliance.founded is not None and alliance.founded_in == told.id
    date = f": {spoken_date(alliance.founded or '')}" if is_told else ""
    return CheckedSentence(f"- {alliance.name}{date}.", (citations.cite(told),))


def _described(intent: Intent, number: int) -> str:
    """What is told of how many: "name 3 bodies founded in 2023", "place 3 bodies in Africa"."""
    singular = _noun(intent.body_kind)
    noun = counted(number, singular, singular[:-1] + "ies" if singular.endswith("y") else None)
    when = f" founded {intent.span.label}" if intent.span else ""
    if intent.region:
        return f"place {noun}{when} in {intent.region}"
    if intent.statuses == {"proposed"}:
        return f"call {noun}{when} proposed"
    if not intent.statuses:
        return f"name {noun}{when}"
    have = "it has" if number == 1 else "they have"
    end = " or ".join(_STATUS_PHRASES[status] for status in sorted(intent.statuses & _STATUS_PHRASES.keys()))
    return f"say of {noun}{when} that {have} {end}"


def _noun(kind: str | None) -> str:
    return "body" if kind is None else _KIND_NOUNS.get(kind, f"{kind} body")
