"""What a body is, what it is for, and what a section of its article tells: the article's own sentences, in their order.

"What is X?" gets the sentences that open the article, "What is X for?" the first of them and those under a heading such
as "Purpose"; "What is the criticism of X?" those under the heading of that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.citing import Citations
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import WHEN, YES_NO
from assistant.types import CheckedSentence
from assistant.words import concept, concepts, content_stems, word_set
from index.catalogue import Catalogue
from index.types import AllianceRecord, SentenceRecord

MAX_SENTENCES = 3
_BRIEFLY = r"(?: to me| briefly| in (?:short|brief|a nutshell|a few words))*"
_DEFINITION = re.compile(
    r"(?:so |and |but |ok |now )*(?:"
    r"(?:what|who|who or what)(?:['’]s| is| are| was| were)(?: exactly)? (?:the |this |a )?@(?: (?:all )?about)?"
    r"|what (?:kind|sort|type) of (?:\w+ ){1,2}(?:is|are|was) (?:the )?@"
    r"|(?:explain|describe|summari[sz]e|introduce|define)\b[^@]{0,30}@"
    r"|(?:an? )?(?:short |brief |quick )*(?:overview|summary|description|definition|profile|introduction|info\w*"
    r"|something|more) (?:of|about|on|to) (?:the )?@"
    r"|(?:about|what about|say something about|learn about)? ?(?:the )?@"
    rf"){_BRIEFLY}\W*",
    re.IGNORECASE,
)
_AIMS = r"(?:aims?|goals?|purposes?|missions?|objectives?|point|idea|tasks?|mandate|remit)"
_PURPOSE = re.compile(
    r"\bwhat (?:does|do|did) (?:the )?@ (?:actually |really )?(?:do|work on|want|aim\w*|seek|stand for|try to)\b"
    r"|\bwhat (?:the )?@ (?:does|wants|is for)\b"
    r"|\bwhat (?:is |are |was |were )?(?:the )?@ (?:is |are )?"
    r"(?:for|trying to (?:do|achieve)|working on|there for|up to)\b"
    rf"|\b{_AIMS} (?:behind |of )(?:the )?@|@['’]s? (?:main |stated |declared |own )?{_AIMS}\b"
    r"|\bwhy (?:was|were|does|do) (?:the )?@ (?:founded|set up|created|established|launched|started|formed|exist)\b",
    re.IGNORECASE,
)
_PURPOSE_WORDS = word_set(
    """do work want aim seek stand tri achiev good goal purpos mission object point idea task mandat remit found set
    creat establish launch start form exist understand main state declar behind explain like"""
)
_PURPOSE_HEADING = re.compile(
    r"\b(?:purpose|aims?|goals?|mission|objectives?|what it does|tasks?|work|content)\b", re.IGNORECASE
)
_ASKING_SECTION = re.compile(
    r"(?:so |and |but )*(?:what|which|how|where|tell|describe|explain|list|any|is there|are there|\W*@"
    r"|\w+(?: \w+){0,2} (?:of|in|at|on|about))",
    re.IGNORECASE,
)
_ONE_FACT = re.compile(r"\b(?:who(?:m|se)?|why|how (?:many|much|long|old|often))\b", re.IGNORECASE)
_HEARSAY = re.compile(r"(?:Reports|Accounts|Sources|Critics)\b")
_NO_SECTION = frozenset({concept("founded"), concept("members")})  # "What did @ launch?" is not about its own launch


@dataclass(frozen=True, slots=True)
class Overview:
    """What is to be told of a body: `sections` are concepts of a heading; empty for the opening of the article."""

    bodies: tuple[AllianceRecord, ...]
    is_purpose: bool = False
    sections: frozenset[str] = frozenset()


def read_overview(reading: Reading) -> Overview | None:
    """The question for an overview of one body, or for a section of its article; None if it is none."""
    if len(reading.bodies) != 1 or reading.organisations or reading.span or reading.is_several_times:
        return None
    if _DEFINITION.fullmatch(reading.masked) and not reading.left:
        return Overview(reading.bodies[0])
    if _PURPOSE.search(reading.masked) and not reading.without(_PURPOSE_WORDS):
        return Overview(reading.bodies[0], is_purpose=True)
    masked = reading.masked
    if WHEN.search(masked) or YES_NO.match(masked) or _ONE_FACT.search(masked) or not _ASKING_SECTION.match(masked):
        return None
    sections = frozenset(concepts(set(reading.left)))
    if not sections or sections & _NO_SECTION or reading.kind or reading.is_negated:
        return None
    return Overview(reading.bodies[0], sections=sections)


def tell_overview(overview: Overview, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The sentences, each with its citation; empty when there is no such section."""
    sentences = []
    for alliance in overview.bodies:
        records = catalogue.sentences_of_article(alliance.slug)
        sentences += [CheckedSentence(r.sentence.text, (citations.cite(r),)) for r in _chosen(overview, records)]
    return sentences


def _chosen(overview: Overview, records: list[SentenceRecord]) -> list[SentenceRecord]:
    opening = [r for r in records if not r.sentence.heading and not _HEARSAY.match(r.sentence.text)]
    if overview.sections:
        return [record for record in records if overview.sections <= _heading(record)][:MAX_SENTENCES]
    if not overview.is_purpose:
        return opening[:MAX_SENTENCES]
    told = [record for record in records if _PURPOSE_HEADING.search(record.sentence.heading)]
    return [*opening[:1], *told[: MAX_SENTENCES - 1]]


def _heading(record: SentenceRecord) -> set[str]:
    return concepts(content_stems(record.sentence.heading))
