"""Recognising questions that the catalogue answers exactly.

A question is exact only when it is understood to its last content word: the names are taken out, the words of
the relation and general nouns are taken out, and nothing may be left. "When was the AI Safety Fund of the
Frontier Model Forum set up?" leaves "Safety Fund", so it is an open question and not the founding date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.roles import asked_role
from assistant.words import content_stems, find_dates, is_negated, word_set
from index.names import Mention
from index.types import AllianceRecord, Organisation

Relation = Literal[
    "founders",  # of an alliance
    "members",
    "founded",
    "host",
    "founded_by",  # of an organisation
    "hosted_by",
    "belongs_to",
    "is_member",  # of both
    "is_founder",
    "founded_in",  # of a year
]

_FOUNDING = word_set(
    """found founder founding co-found co-founder cofound creat creator establish launch start set form
    begin began begun origin initi initiat behind unveil"""
)
_MEMBER = word_set(
    """member membership join belong particip part consist compos compris includ signatori sign side involv
    sit serv made up"""
)
_HELPING = word_set("help")
_HOSTING = word_set("host hous run")
_WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b|\bhow old\b|\bsince when\b"
    r"|\bfounding (?:date|year)\b|\bdate of\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|whom|whose|which|what|list|name|show|give|tell)\b", re.IGNORECASE)
_YES_NO = re.compile(r"^(?:so |and |but )*(?:is|are|was|were|does|do|did|has|have)\b", re.IGNORECASE)
_OTHER_QUESTION = re.compile(r"\b(?:why|how|where)\b", re.IGNORECASE)
_INSIDE = re.compile(r"\b(?:in|inside|within|of|behind)\s+(?:the\s+)?@", re.IGNORECASE)
_GENERAL = word_set(
    """ai artifici intellig allianc organis organiz bodi group coalit consortium consortia initi forum
    partnership entiti peopl parti full complet current original first origin all year date day month
    old time ago please list involv side work place role"""
)
_ALLIANCE_NOUN = re.compile(
    r"\b(?:alliances?|bodies|body|groups?|coalitions?|consorti(?:a|um)|initiatives?|forums?|partnerships?|pacts?|networks?"
    r"|member of|part of|founder of|join(?:ed)?|belongs? to|co-?found(?:ed)?|found(?:ed)?)\b",
    re.IGNORECASE,
)
_NOUN = (
    r"(?:alliance|body|group|coalition|consortium|initiative|forum|partnership|pact|network|foundation|organi[sz]ation)"
)
_BODY_NAME = re.compile(rf"\b{_NOUN}\s+(?:called\s+|named\s+)?@|@\s+{_NOUN}\b", re.IGNORECASE)
# "When was the first working group of @ founded?" asks about a part of it.
_PART = re.compile(rf"\b(?:{_NOUN}s?|bodies|consortia|work\w*|list|role|place)\b", re.IGNORECASE)
# "Does @ include Meta?", "Was @ founded by Meta?": the alliance comes first; else it comes last.
_ALLIANCE_FIRST = re.compile(
    r"^[^@]*@.*\b(?:by|includ\w*|compris\w*|consist\w*|have|has|count\w*)\s+(?:the\s+)?@", re.IGNORECASE
)
_KINDS = {
    "company": word_set("compani firm busi corpor vendor"),
    "university": word_set("univers universiti academ school colleg"),  # stemmers differ
    "government": word_set("countri govern state nation"),
    "nonprofit": word_set("nonprofit non-profit non profit ngo chariti"),
}
_ROLES = {
    "founder": word_set("found founder"),
    "steering": frozenset({"steer"}),
    "board": frozenset({"board"}),
    "premier": frozenset({"premier"}),
    "platinum": frozenset({"platinum"}),
    "gold": frozenset({"gold"}),
    "general": frozenset({"general"}),
    "associate": frozenset({"associ"}),
    "sponsor": frozenset({"sponsor"}),
    "signatory": frozenset({"signatori"}),
    "partner": frozenset({"partner"}),
    "supporter": frozenset({"support"}),
}


@dataclass(frozen=True, slots=True)
class Intent:
    """A question for the catalogue. `alliances` holds several when one name stands for several bodies."""

    relation: Relation
    alliances: tuple[AllianceRecord, ...] = ()
    organisation: Organisation | None = None
    role: str | None = None
    kind: str | None = None
    year: int | None = None


def read_intent(question: str, mentions: Sequence[Mention]) -> Intent | None:
    """What the question asks of the catalogue, or None when it is not wholly understood."""
    if is_negated(question):
        return None
    if not mentions:
        return _read_year(question)
    if len(mentions) == 2 and _is_owner(question, *mentions):  # "Singapore's AI Verify Foundation"
        owner, mentions = mentions[0], mentions[1:]
        question = question[: owner.start] + " " * (mentions[0].start - owner.start) + question[mentions[0].start :]
    if len(mentions) > 2:
        return None
    masked, left = _mask(question, mentions)
    if len(mentions) == 2:
        return _read_pair(question, masked, left, mentions)
    mention = mentions[0]
    if mention.organisation and (not mention.alliances or _asks_for_alliances(masked)):
        found = _read_organisation(masked, left, mention.organisation)
        if found or not mention.alliances:
            return found
    return _read_alliance(question, masked, left, mention.alliances) if mention.alliances else None


def _read_year(question: str) -> Intent | None:
    """Read a question like "Which alliances were founded in 2023?"."""
    dates = find_dates(question)
    if len(dates) != 1 or not dates[0].year or dates[0].month or not _ALLIANCE_NOUN.search(question):
        return None
    if not re.match(r"(?:which|what|list|name|show|give|tell)\b", question, re.IGNORECASE):
        return None
    left = content_stems(question) - _GENERAL
    is_founding = left & _FOUNDING or re.search(r"\b(?:dates?|dating) (?:from|back to)\b", question, re.IGNORECASE)
    return Intent("founded_in", year=dates[0].year) if is_founding and not left - _FOUNDING else None


def _is_owner(question: str, owner: Mention, owned: Mention) -> bool:
    """True for a state named as the home of an alliance: "Singapore's AI Verify Foundation"."""
    is_state = owner.organisation is not None and owner.organisation.kind == "government" and not owner.alliances
    between = question[owner.end : owned.start]
    return is_state and bool(owned.alliances) and re.fullmatch(r"['’]s?\s+(?:own\s+)?", between) is not None


def _mask(question: str, mentions: Sequence[Mention]) -> tuple[str, set[str]]:
    """The question with `@` for each name, and the stems of what is left."""
    masked = question
    for mention in reversed(mentions):
        masked = masked[: mention.start] + "@" + masked[mention.end :]
    return masked, content_stems(masked) - _GENERAL


def _asks_for_alliances(masked: str) -> bool:
    return bool(_ALLIANCE_NOUN.search(masked)) and not _INSIDE.search(masked)


def _read_alliance(question: str, masked: str, left: set[str], alliances: tuple[AllianceRecord, ...]) -> Intent | None:
    founding, member = bool(left & _FOUNDING), bool(left & _MEMBER)
    dates = find_dates(question)
    if dates:
        return None
    if _WHEN.search(masked):
        is_founding = (founding or "how old" in masked.lower()) and not left - _FOUNDING
        is_founding = is_founding and not _PART.search(_BODY_NAME.sub("@", masked))
        return Intent("founded", alliances) if is_founding and not member else None
    if _OTHER_QUESTION.search(masked) or not (_WHO.search(masked) or member or founding) or _YES_NO.match(masked):
        return None
    if left & _HOSTING and not left - _HOSTING:
        return Intent("host", alliances)
    kind = next((name for name, stems in _KINDS.items() if stems & left), None)
    left = left - (_KINDS[kind] if kind else set())
    role = next((name for name, stems in _ROLES.items() if stems & left), None)
    role_words = _ROLES[role] if role else frozenset()
    if founding and not member and not left - _FOUNDING:
        is_doer = (asked_role(masked) or ("", ""))[1] == "doer"  # "What did @ launch?"
        return None if is_doer else Intent("founders", alliances, kind=kind)
    if (member or role) and not left - _MEMBER - role_words - (_FOUNDING if role == "founder" else set()):
        return Intent("members", alliances, role=role, kind=kind)
    if not left and _INSIDE.search(masked) and re.search(r"\b(?:who|which)\b", masked, re.IGNORECASE):
        return Intent("members", alliances, kind=kind)
    return None


def _read_organisation(masked: str, left: set[str], organisation: Organisation) -> Intent | None:
    if not _WHO.search(masked) and not masked.lower().startswith("where"):
        return None
    if _WHEN.search(masked) or re.search(r"\b(?:who|why|how)\b", masked, re.IGNORECASE) or find_dates(masked):
        return None
    if left & _HOSTING and not left - _HOSTING:
        return Intent("hosted_by", organisation=organisation)
    if (
        left & _FOUNDING
        and not left - _FOUNDING - _HELPING
        and not re.search(r"\bfounded\s+(?:the\s+)?@|founders? of @|\b(?:was|were|is)\s+(?:the\s+)?@", masked)
    ):
        return Intent("founded_by", organisation=organisation)
    is_inside = re.search(r"\b(?:in|of|to)\s*[?.!]*$|^(?:in|of|to) (?:which|what)\b", masked, re.IGNORECASE)
    is_inside = is_inside and _ALLIANCE_NOUN.search(masked)
    if not left - _MEMBER and (left & _MEMBER or is_inside or re.search(r"alliances (?:of|with|for) @", masked)):
        return Intent("belongs_to", organisation=organisation)
    return None


def _read_pair(question: str, masked: str, left: set[str], mentions: Sequence[Mention]) -> Intent | None:
    """Read a question about an alliance and an organisation: "Is Apple a member of the AI Alliance?"."""
    if not _YES_NO.match(question) or find_dates(question):
        return None
    alliance, organisation = mentions if _ALLIANCE_FIRST.match(masked) else reversed(mentions)
    if not alliance.alliances or organisation.organisation is None:
        return None
    if left & _FOUNDING and not left - _FOUNDING:
        return Intent("is_founder", alliance.alliances, organisation.organisation)
    if not left - _MEMBER and (left & _MEMBER or _INSIDE.search(masked)):
        return Intent("is_member", alliance.alliances, organisation.organisation)
    return None
