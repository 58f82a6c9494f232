"""Answers over the whole library: bodies by kind, year and region, the oldest and the newest."""

from __future__ import annotations

import re

from assistant.citing import Citations
from assistant.exact.intent import Intent
from assistant.exact.vocabulary import REGIONS
from assistant.exact.wording import counted
from assistant.followup import with_article
from assistant.types import CheckedSentence
from index.catalogue import Catalogue
from index.fact_sentences import spoken_date
from index.types import AllianceRecord, SentenceRecord

_TELLING = 3  # the first sentences of an article say what the body is
_KIND_NOUNS = {
    "civil-society": "civil society body",
    "partnership": "partnership",
    "standards": "standards body",
}


def tell_bodies(intent: Intent, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The bodies of a kind, region or time, by founding date, each with the sentence that tells it."""
    found = _matching(intent, catalogue)
    if not found:
        return []
    lines = [_line(alliance, told, citations) for alliance, told in found]
    every = tuple(sorted({number for line in lines for number in line.citations}))
    return [CheckedSentence(f"The articles name {_described(intent, len(lines))}:", every), *lines]


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


def _matching(intent: Intent, catalogue: Catalogue) -> list[tuple[AllianceRecord, SentenceRecord]]:
    found = []
    for alliance in sorted(catalogue.alliances, key=lambda a: (a.founded or "9999", a.name)):
        if intent.body_kind not in (None, alliance.kind) or (intent.span and not intent.span.holds(alliance.founded)):
            continue
        told = _region_sentence(alliance, intent.region, catalogue) if intent.region else _sentence(alliance, catalogue)
        if told is not None:
            found.append((alliance, told))
    return found


def _sentence(alliance: AllianceRecord, catalogue: Catalogue) -> SentenceRecord | None:
    """What tells the founding date, else what opens the article."""
    if alliance.founded_in is not None:
        return catalogue.sentences([alliance.founded_in])[alliance.founded_in]
    return next(iter(_opening(alliance, catalogue)), None)


def _region_sentence(alliance: AllianceRecord, region: str, catalogue: Catalogue) -> SentenceRecord | None:
    """The sentence at the head of the article that speaks of the region."""
    pattern = re.compile(rf"(?<!\w)(?:{REGIONS[region]})")
    told = [record for record in _opening(alliance, catalogue) if pattern.search(record.sentence.text)]
    named = pattern.search(" ".join((alliance.name, *alliance.aliases)))
    return told[0] if told and (named or told[0].sentence.number == 0) else None


def _opening(alliance: AllianceRecord, catalogue: Catalogue) -> list[SentenceRecord]:
    ids = catalogue.passage_ids_of([alliance.slug])
    return [record for record in catalogue.sentences_of(ids[:1]) if record.sentence.number < _TELLING]


def _line(alliance: AllianceRecord, told: SentenceRecord, citations: Citations) -> CheckedSentence:
    is_told = alliance.founded is not None and alliance.founded_in == told.id
    date = f": {spoken_date(alliance.founded or '')}" if is_told else ""
    return CheckedSentence(f"- {alliance.name}{date}.", (citations.cite(told),))


def _described(intent: Intent, number: int) -> str:
    singular = _noun(intent.body_kind)
    noun = counted(number, singular, singular[:-1] + "ies" if singular.endswith("y") else None)
    region = f" of {intent.region}" if intent.region else ""
    when = f" founded {intent.span.label}" if intent.span else ""
    return f"{noun}{region}{when}"


def _noun(kind: str | None) -> str:
    return "body" if kind is None else _KIND_NOUNS.get(kind, f"{kind} body")
