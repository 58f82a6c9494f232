"""What a question's own words say of where its answer stands: filters, and names under their canonical form.

Only what can be read surely is read, and a search puts the passages that pass a read filter earlier, but never hides
the others:

    "since 2025", "after March 2024", "between 2019 and 2021", "before the end of 2022", "the 2023 summit"
    "articles since 2025"                       when it was published, not when it happened
    "according to NIST", "reported by Reuters"  if there is a source of that publisher
    "standards bodies", "treaties"              if the library has bodies of that kind, and none is named

Several times in one question are not read, since each may be about another thing. Not read either: regions ("in
Europe"), as the catalogue does not say where a body is; and organisations: passages that name the one asked about are
no better than the rest (180 questions: preferring them takes recall at 5 from .788 to .757).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.catalogue import Catalogue
from index.names.finder import Mention
from index.question_times import find_times
from index.search.filters import NO_FILTERS, Filters, publisher_names

MAX_READ_CHARS = 2_000  # what a person may ask; a longer text is pasted, and its dates mean anything

_PUBLISHED = re.compile(
    r"\b(?:articles?|news|coverage|stories|headlines)\s+(?:(?:that\s+)?(?:were\s+)?(?:published|written|printed)\s+)?$",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\b(?:according\s+to|(?:reported|told)\s+by|quoting|citing)\s+", re.IGNORECASE)
_MAX_PUBLISHER_WORDS = 8
_BODIES = (
    r"(?:bodies|alliances|groups|organi[sz]ations|consortia|coalitions|initiatives|networks|partnerships|foundations"
    r"|forums|institutes|projects|associations|efforts)"
)
_KINDS = {
    kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for kind, words in {
        "civil-society": rf"civil[\s-]society\s+{_BODIES}|NGOs",
        "health": rf"health(?:[\s-]?care)?\s+(?:AI\s+)?{_BODIES}",
        "infrastructure": rf"infrastructure\s+{_BODIES}",
        "intergovernmental": rf"(?:inter|multi)-?governmental\s+{_BODIES}|treaties|summits|international\s+agreements",
        "open-source": rf"open[\s-]source\s+(?:AI\s+)?{_BODIES}",
        "partnership": r"(?:company|corporate|business|commercial)\s+partnerships",
        "policy": rf"policy\s+{_BODIES}",
        "research": rf"research\s+{_BODIES}",
        "safety": rf"safety\s+{_BODIES}",
        "standards": rf"standards?(?:[\s-](?:setting|making|developing|development))?\s+{_BODIES}|standard[\s-]setters",
    }.items()
}


def read_filters(question: str, mentions: Sequence[Mention], catalogue: Catalogue) -> Filters:
    """The filters that the words of a question set, for `search(..., preferred=...)`.

    Args:
        question: Longer than `MAX_READ_CHARS`, it sets none.
        mentions: The names in it: a date in a name is no filter.
        catalogue: Its publishers and kinds are those that can be asked for.
    """
    if len(question) > MAX_READ_CHARS:
        return NO_FILTERS
    first, last, is_published = _read_time(question, mentions)
    return Filters(
        kinds=() if any(mention.alliances for mention in mentions) else _read_kinds(question, catalogue),
        publishers=_read_publishers(question, mentions, catalogue),
        events_from=None if is_published else first,
        events_to=None if is_published else last,
        published_from=first if is_published else None,
        published_to=last if is_published else None,
    )


def canonical_words(question: str, mentions: Sequence[Mention]) -> str:
    """The question with each name as the articles write it: "Facebook" is Meta, and typos are none.

    For the keyword half of a search. A name of several bodies stays, and so does a government's: "American" is a word
    of its own in the articles (180 questions, nDCG@10: .735 with no name replaced, .742 with these, less with all).

    Args:
        question: Any text.
        mentions: The names in it, in its order.
    """
    for mention in reversed(mentions):
        if _has_one_name(mention):
            question = question[: mention.start] + mention.name + question[mention.end :]
    return question


def _has_one_name(mention: Mention) -> bool:
    if mention.alliances:
        return len(mention.alliances) == 1
    return mention.organisation is not None and mention.organisation.kind not in ("government", "body")


def _read_time(question: str, mentions: Sequence[Mention]) -> tuple[str | None, str | None, bool]:
    """Since when, until when, and whether that is about publishing; several times are not understood: none."""
    times = list(find_times(question, mentions))
    if len(times) != 1:
        return None, None, False
    start, _, first, last = times[0]
    if first and last and first > last:
        return None, None, False
    is_published = _PUBLISHED.search(question[:start]) is not None
    return first.isoformat() if first else None, last.isoformat() if last else None, is_published


def _read_publishers(question: str, mentions: Sequence[Mention], catalogue: Catalogue) -> tuple[str, ...]:
    lead = _ACCORDING.search(question)
    if not lead:
        return ()
    said = question[lead.end() :].casefold().split()[:_MAX_PUBLISHER_WORDS]
    candidates = {" ".join(said[:count]).strip(".,;:?!\"'()") for count in range(1, len(said) + 1)}
    candidates |= {name.removeprefix("the ") for name in candidates}
    for mention in mentions:
        if mention.start in (lead.end(), lead.end() + len("the ")):
            candidates.update(spelling.casefold() for spelling in _spellings(mention))
    known = {
        name
        for article in catalogue.articles.values()
        for publisher in (article.publisher, *(source.publisher for source in article.sources))
        if publisher
        for name in publisher_names(publisher)
    }
    found = sorted(candidates & known, key=lambda name: (-len(name), name))
    return tuple(found[:1])


def _spellings(mention: Mention) -> Iterator[str]:
    for named in (*mention.alliances, mention.organisation):
        if named:
            yield from (named.name, *named.aliases)


def _read_kinds(question: str, catalogue: Catalogue) -> tuple[str, ...]:
    found = [kind for kind, words in _KINDS.items() if words.search(question)]
    present = {alliance.kind for alliance in catalogue.alliances} if found else set()
    return tuple(kind for kind in found if kind in present)
