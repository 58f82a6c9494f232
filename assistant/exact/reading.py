"""A question taken apart for the catalogue: names as marks, the time cut out, and the stems that are left.

Bodies stand as `@` in the masked question, organisations as `#`. A name that is both (the Partnership on AI is a
body, and a member of others) counts as a body, unless the question asks what it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.exact.phrases import plain
from assistant.exact.vocabulary import (
    BODY_KINDS,
    BODY_NOUN,
    COUNTING,
    FOUNDING,
    GENERAL,
    INSIDE,
    MEMBER,
    MEMBER_ROLES,
    ORGANISATION_KINDS,
    REGIONS,
    YES_NO,
)
from assistant.time_spans import TimeSpan, cut_time
from assistant.words import content_stems, is_negated
from index.names.finder import Mention
from index.types import AllianceRecord, Organisation

_NOUN = (
    r"(?:network|process|group|alliance|body|consortium|forum|coalition|initiative|summit|declaration|treaty|pact"
    r"|institute|foundation|organi[sz]ation|framework|project|partnership|agreement|campaign)"
)
_DESCRIBING = (
    (re.compile(r"\s*\b(?:(?:together|along|jointly) with|alongside) (?:the )?#", re.IGNORECASE), ""),
    (
        re.compile(rf"(@),? (?:the|a|an) (?:[\w'’-]+ ){{0,3}}#(?:['’]s)? (?:[\w'’-]+ ){{0,2}}{_NOUN}\b", re.IGNORECASE),
        r"\1",
    ),
    (
        re.compile(
            r"\b((?:what|which|whose) )# (?=(?:agency|ministry|institution|authority|university|company|firm)\b)",
            re.IGNORECASE,
        ),
        r"\1",
    ),
)
_SAME_AS = re.compile(
    r"\s*[(/,–—-]*\s*(?:or|aka|a\.k\.a\.|also known as|i\.e\.)?\s*(?:(?:the|an?) (?:[\w-]+ ){0,2})?", re.IGNORECASE
)
_NOT_NOT = re.compile(r"^((?:so |and |but )*(?:is|are|was|were|does|do|did|has|have))n['’]?t\b", re.IGNORECASE)
# "Does @ include Meta?", "Was @ founded by Meta?": the alliance comes first; else it comes last.
_BODY_FIRST = re.compile(
    r"^[^@]*@.*\b(?:by|includ\w*|compris\w*|consist\w*|have|has|count\w*)\s+(?:the\s+)?@", re.IGNORECASE
)
_LIST_OF_BODIES = re.compile(
    r"@(?:(?:\s*,)?\s*(?:,|&|and|or|as well as)\s*(?:(?:both|of|in|by|for|at|to)\s+)?(?:the\s+)?@)+", re.IGNORECASE
)
_MOST_RECENTLY = re.compile(r"\bmost recently\b", re.IGNORECASE)
_ASSOCIATION = re.compile(r"\bassociations?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a question.

    Attributes:
        question: Without its time, blanks in its place.
        masked: The same with `@` for each body and `#` for each organisation.
        left: Stems of its content words without names, general words and nouns of kinds of organisations.
        bodies: A tuple for each body named: several records where bodies share the name.
        organisations: Those named that are no bodies.
        kind: Kind of organisations asked for: "company", "university" ...
        span: The time asked about.
        is_several_times: It tells several times, which is not understood.
        is_negated: It holds "not", "never" ...
        is_counting: It asks how many.
    """

    question: str
    masked: str
    left: frozenset[str]
    bodies: tuple[tuple[AllianceRecord, ...], ...]
    organisations: tuple[Organisation, ...]
    kind: str | None
    span: TimeSpan | None
    is_several_times: bool
    is_negated: bool
    is_counting: bool

    @property
    def records(self) -> tuple[AllianceRecord, ...]:
        """Every record of every body named, each once."""
        return tuple({record.slug: record for body in self.bodies for record in body}.values())

    @property
    def body_kinds(self) -> list[str]:
        """The kinds of bodies that it speaks of."""
        return [kind for kind, stems in BODY_KINDS.items() if stems & self.left]

    def without(self, *understood: frozenset[str]) -> frozenset[str]:
        """The stems that are left when these are understood."""
        return self.left.difference(*understood)


def read(question: str, mentions: Sequence[Mention], today: date) -> Reading:
    """Take a question apart; `mentions` are the names in it, in its order."""
    question, mentions = _said_once(question, mentions)
    question = _MOST_RECENTLY.sub(lambda match: "last".ljust(len(match[0])), question)  # no time: an order
    timed = cut_time(_NOT_NOT.sub(lambda match: match[1].ljust(len(match[0])), question), mentions, today)
    kept = _without_owner(timed.question, list(timed.mentions))
    masked = timed.question
    for mention in reversed(timed.mentions):
        mark = "" if mention not in kept else "@" if mention.alliances else "#"
        masked = masked[: mention.start] + mark + masked[mention.end :]
    masked = re.sub(r"^\s*['’]s?\s+(?:own\s+)?|(?<=\s)['’]s?\s+(?:own\s+)?(?=@)", " ", masked)
    masked, kept = _without_company(masked, kept)
    masked = plain(masked)
    left = content_stems(masked) - GENERAL - _stems_of_names(kept)
    kind = next((name for name, stems in ORGANISATION_KINDS.items() if stems & left), None)
    return Reading(
        question=timed.question,
        masked=masked,
        left=frozenset(left - (ORGANISATION_KINDS[kind] if kind else frozenset())),
        bodies=tuple(mention.alliances for mention in kept if mention.alliances),
        organisations=tuple(m.organisation for m in kept if m.organisation and not m.alliances),
        kind=kind,
        span=timed.span,
        is_several_times=timed.is_several,
        is_negated=is_negated(masked),
        is_counting=COUNTING.search(masked) is not None,
    )


def _said_once(question: str, mentions: Sequence[Mention]) -> tuple[str, list[Mention]]:
    """Without a second name of the body just named: "AISIC / NIST AI Consortium", "CHAI, the American health body"."""
    kept: list[Mention] = []
    for mention in mentions:
        before = kept[-1] if kept else None
        is_same = before is not None and before.alliances and before.alliances == mention.alliances
        if before and is_same and _SAME_AS.fullmatch(question[before.end : mention.start]):
            end = mention.end + (question[mention.end : mention.end + 1] == ")")
            question = question[: before.end] + " " * (end - before.end) + question[end:]
        else:
            kept.append(mention)
    return question, kept


def _without_company(masked: str, mentions: list[Mention]) -> tuple[str, list[Mention]]:
    """Without organisations that only describe: "together with #", "which # agency runs @?"."""
    for pattern, replacement in _DESCRIBING:
        match = pattern.search(masked)
        if match is None:
            continue
        place = len(re.findall("[@#]", masked[: match.start() + match[0].rindex("#")]))
        masked = masked[: match.start()] + match.expand(replacement) + masked[match.end() :]
        mentions = mentions[:place] + mentions[place + 1 :]
    return " ".join(masked.split()), mentions


def _stems_of_names(mentions: Sequence[Mention]) -> frozenset[str]:
    """Stems of the bodies' own names: "the Fab 4 chip group" says no more than "Chip 4"."""
    names = [name for mention in mentions for body in mention.alliances for name in (body.name, *body.aliases)]
    return frozenset(stem for name in names for stem in content_stems(name)) - MEMBER - FOUNDING


def as_organisation(reading: Reading, mentions: Sequence[Mention]) -> Reading | None:
    """The same with its only body read as the organisation of that name; None if it does not ask for bodies."""
    named = [mention for mention in mentions if mention.alliances]
    if len(named) != 1 or named[0].organisation is None or reading.organisations:
        return None
    if INSIDE.search(reading.masked) or not BODY_NOUN.search(reading.masked):
        return None
    return replace(reading, masked=reading.masked.replace("@", "#"), bodies=(), organisations=(named[0].organisation,))


def as_pair(reading: Reading, mentions: Sequence[Mention]) -> Reading | None:
    """A yes-no question on two bodies with one of them read as the organisation: "Is @ a member of @?"."""
    named = [mention for mention in mentions if mention.alliances]
    if len(named) != 2 or len(reading.bodies) != 2 or reading.organisations or not YES_NO.match(reading.masked):
        return None
    place = 1 if _BODY_FIRST.match(reading.masked) else 0  # of the organisation
    organisation = named[place].organisation
    if organisation is None:
        return None
    start, end = (match.start() for match in re.finditer("@", reading.masked))
    at = (start, end)[place]
    return replace(
        reading,
        masked=f"{reading.masked[:at]}#{reading.masked[at + 1 :]}",
        bodies=(reading.bodies[1 - place],),
        organisations=(organisation,),
    )


def as_one_body(reading: Reading) -> Reading | None:
    """The same with a list of bodies as one mark: "Who founded @ and @?"; None if they do not stand in one list."""
    masked = _LIST_OF_BODIES.sub("@", reading.masked)
    return replace(reading, masked=masked) if masked.count("@") == 1 else None


def roles_in(masked: str) -> dict[str, frozenset[str]]:
    """The roles of members that a masked question speaks of, each with its stems."""
    stems = content_stems(_ASSOCIATION.sub("", masked))  # its stem is that of "associate"
    return {name: words for name, words in MEMBER_ROLES.items() if words & stems}


def first_role(roles: Mapping[str, frozenset[str]]) -> str | None:
    """The role meant: of "premier sponsors" and "founding partners" the more special one, which stands first."""
    return next(iter(roles), None)


def regions_in(text: str) -> list[str]:
    """Names of the regions that a text speaks of."""
    return [name for name, pattern in REGIONS.items() if re.search(rf"(?<!\w)(?:{pattern})", text)]


def region_stems(text: str) -> frozenset[str]:
    """Stems of the words that speak of regions."""
    spoken = (match[0] for pattern in REGIONS.values() for match in re.finditer(rf"(?<!\w)(?:{pattern})", text))
    return frozenset(stem for words in spoken for stem in content_stems(words))


def _without_owner(question: str, mentions: list[Mention]) -> list[Mention]:
    """Without an organisation named as the home of a body: "Singapore's AI Verify Foundation"."""
    kept = list(mentions)
    for owner, owned in zip(mentions, mentions[1:], strict=False):
        is_owner = owner.organisation is not None and not owner.alliances
        between = question[owner.end : owned.start]
        if is_owner and owned.alliances and re.fullmatch(r"['’]s?\s+(?:own\s+)?", between):
            kept.remove(owner)
    return kept
