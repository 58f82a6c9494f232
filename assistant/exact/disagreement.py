"""Where the articles say that their sources disagree: told beside the fact that it is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile

from assistant.citing import Citations
from assistant.exact.reading import Reading
from assistant.types import CheckedSentence
from assistant.words import concepts, content_stems, word_set
from index.catalogue import Catalogue
from index.types import AllianceRecord, SentenceRecord

COUNTING = word_set("number count size total sum")
_DISAGREEING = re.compile(
    r"\b(?:reports?|accounts?|sources?|texts?|lists?|counts?|figures|numbers)\b[^.:]{0,60}"
    r"\b(?:differ|disagree|conflict)\w*(?: \w+ly)? (?:on|about|over|as to) (?P<about>[^:,]*)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:reports?|sources?|accounts?|articles|press|outlets|papers|figures|numbers|counts|dates|texts)\b"
    r"[^?]*\b(?:differ|disagree|conflict|contradict|vary|varies|diverge|inconsisten|at odds)\w*"
    # Who reports can agree; "Which dates did the countries agree on?" asks for something else.
    r"|\b(?:do|does|did|are|is) (?:the |all |your |most )*(?:reports?|sources?|accounts?|articles|press|outlets"
    r"|papers)\b(?: \w+){0,2} (?:agree|match|consistent|in line)\b"
    r"|\b(?:different|conflicting|contradict\w+|diverging|varying|inconsistent|competing|differing)"
    r" (?:numbers?|figures?|dates?|counts?|reports?|accounts?|versions?|totals?|sources|claims?|years?|names?)\b"
    r"|\b(?:disagree\w*|discrepanc\w*|dispute[ds]?|at odds)\b",
    re.IGNORECASE,
)
_WORDS_OF_ASKING = word_set(
    """report sourc account articl press outlet paper figur number count date text everyon differ disagre agre conflict
    contradict vari diverg match inconsist consist odd discrep disput version total claim year answer see get read keep
    find regard concern differ various actual true right correct compet press run exist mention"""
)
_MOST_TOLD = 4
_VERSION = re.compile(r"(?:By|One|Another|According|Most|Some|Others?|While)\b")
_MOST_VERSIONS = 3
_PHRASE_END = re.compile(r" (?:of|for|behind|at|in|within|under|to|is|are|was|were) ")
_VAGUE = COUNTING | word_set("mani much exact how")


@dataclass(frozen=True, slots=True)
class Dispute:
    """The question what the sources disagree about: of a body, and stems of what it is about, if it says so."""

    bodies: tuple[AllianceRecord, ...]
    about: frozenset[str]


def speaks_of_disagreement(text: str) -> bool:
    """True for "I keep reading different numbers"."""
    return _ASKED.search(text) is not None


def read_dispute(reading: Reading) -> Dispute | None:
    """The question whether or how the sources on one body disagree; None if it is none."""
    if len(reading.bodies) != 1 or not speaks_of_disagreement(reading.masked):
        return None
    return Dispute(reading.bodies[0], reading.without(_WORDS_OF_ASKING))


def tell_dispute(dispute: Dispute, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The sentences on the disagreement asked about, word for word; empty when none speaks of it."""
    wanted = concepts(set(dispute.about))
    found: list[tuple[int, list[SentenceRecord]]] = []
    for alliance in dispute.bodies:
        records = catalogue.sentences_of_article(alliance.slug)
        for place, record in enumerate(records):
            if match := _DISAGREEING.search(record.sentence.text):
                # What it is about counts more than what each source says.
                shared = sum(len(wanted & concepts(content_stems(text))) for text in (match["about"], match.string))
                found.append((shared, [record, *_versions(record, records[place + 1 :])]))
    best = max((shared for shared, _ in found), default=0)
    if wanted and not best:
        return []
    chosen = [record for shared, told in found if shared == best for record in told][:_MOST_TOLD]
    return [CheckedSentence(f"“{record.sentence.text}”", (citations.cite(record),)) for record in chosen]


def tell_disagreement(
    alliance: AllianceRecord, about: Collection[str], catalogue: Catalogue, citations: Citations
) -> list[CheckedSentence]:
    """The sentences of a body's article that tell of disagreement about something, word for word.

    Args:
        alliance: The body.
        about: Stems of what the disagreement may be about; one about anything else is left out. One about a number
            is left out, too, unless a word of `COUNTING` is among them.
        catalogue: Where the article is.
        citations: Takes up the sentences.
    """
    wanted = _concepts(set(about))
    own = frozenset(stem for name in (alliance.name, *alliance.aliases) for stem in content_stems(name))
    records = catalogue.sentences_of_article(alliance.slug)
    found: dict[int, SentenceRecord] = {}
    for place, record in enumerate(records):
        match = _DISAGREEING.search(record.sentence.text)
        if match and _stems_of_what(match["about"], own) <= wanted:
            found |= {told.id: told for told in (record, *_versions(record, records[place + 1 :]))}
    return [CheckedSentence(f"“{record.sentence.text}”", (citations.cite(record),)) for record in found.values()]


def _versions(disagreeing: SentenceRecord, following: Sequence[SentenceRecord]) -> list[SentenceRecord]:
    """The sentences that tell what each source says, where the one on the disagreement does not."""
    if ":" in disagreeing.sentence.text:
        return []
    return list(takewhile(lambda record: _VERSION.match(record.sentence.text), following[:_MOST_VERSIONS]))


def _stems_of_what(about: str, own: frozenset[str]) -> set[str]:
    """What the sources disagree about: "the size of the summit" is about the summit, "the size of @" about a size."""
    first, *others = _PHRASE_END.split(about)
    stems = content_stems(first)
    counting = stems & COUNTING
    if not stems - _VAGUE and others:
        stems |= content_stems(others[0]) - own
    return _concepts(stems - _VAGUE) | counting


def _concepts(stems: set[str]) -> set[str]:
    """Concepts, with founders kept apart from the founding."""
    return concepts(stems - {"founder"}) | (stems & {"founder"})
