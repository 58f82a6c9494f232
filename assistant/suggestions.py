"""Questions to go on with, made from the catalogue's facts about what a question named.

1. What it is about: the bodies and organisations it names; where it names none, the bodies that its answer, or the
   passages looked into, come from.
2. For each, the questions whose facts the catalogue holds, but for those in the words that were just asked with.
3. In turn, so that two bodies both get their say; what two bodies named together share comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from assistant.followups.said import with_article
from index.catalogue import Catalogue
from index.names.finder import Mention
from index.types import AllianceRecord

_ASKED_WITH = {  # a form -> words of a question that has asked for the same
    "When was {} founded?": r"\bwhen\b|\byear\b|\bdate\b|\bold\b",
    "Who founded {}?": r"\bfound(?:ed|ers?)\b|\bstarted\b|\blaunched\b",
    "Who are the members of {}?": r"\bmembers?\b|\bbelongs?\b|\bjoin|\bpart of\b|\bwho is in\b",
    "Who hosts {}?": r"\bhost|\brun\b",
    "What happened with {} in {year}?": r"\bhappen|\bdone\b|\bdid\b|\btimeline\b",
    "What is {}?": r"^what (?:is|are|was) (?:the |an? )?(?-i:[A-Z])",
    "Which alliances is {} in?": r"\bwhich (?:alliances|bodies)\b",
}
_BODIES = 2  # taken up of those named


def suggest(catalogue: Catalogue, asked: str, mentions: Sequence[Mention], slugs: Iterable[str] = ()) -> Iterator[str]:
    """The questions, best first.

    Args:
        catalogue: What is known.
        asked: The question that was answered, or declined.
        mentions: The names in it.
        slugs: Articles it was answered from or looked for in, best first; used where it names nothing known.
    """
    bodies = list(dict.fromkeys(mention.alliances[0] for mention in mentions if mention.alliances))[:_BODIES]
    organisations = [mention.organisation.name for mention in mentions if mention.organisation][:_BODIES]
    named = bodies
    if not bodies and not organisations:
        by_slug = {alliance.slug: alliance for alliance in catalogue.alliances}
        bodies = [by_slug[slug] for slug in dict.fromkeys(slugs) if slug in by_slug][:_BODIES]
    forms = [_about_body(catalogue, body) for body in bodies]
    forms += [_about_organisation(catalogue, name) for name in dict.fromkeys(organisations)]
    offered = chain(_about_both(catalogue, named, asked), chain.from_iterable(zip_longest(*forms)))
    for form, question in filter(None, offered):
        if not re.search(_ASKED_WITH.get(form, r"(?!)"), asked, re.IGNORECASE):
            yield question


def _about_both(catalogue: Catalogue, bodies: Sequence[AllianceRecord], asked: str) -> Iterator[tuple[str, str]]:
    if len(bodies) < 2:
        return
    one, two = (with_article(body.name) for body in bodies)
    if not re.search(r"\bboth\b|\bshare", asked, re.IGNORECASE) and _members(catalogue, bodies[0]) & _members(
        catalogue, bodies[1]
    ):
        yield "", f"Who is in both {one} and {two}?"
    if not re.search(r"\bdiffer|\bcompare", asked, re.IGNORECASE):
        yield "", f"How do {one} and {two} differ?"


def _members(catalogue: Catalogue, body: AllianceRecord) -> set[str]:
    return {fact.organisation for fact in catalogue.facts_of_alliance(body.slug, "member")}


def _about_body(catalogue: Catalogue, body: AllianceRecord) -> Iterator[tuple[str, str]]:
    name = with_article(body.name)
    years = [event.date[:4] for event in catalogue.events if event.slug == body.slug]
    held = {
        "What is {}?": True,
        "Who are the members of {}?": bool(catalogue.facts_of_alliance(body.slug, "member")),
        "Who founded {}?": bool(catalogue.facts_of_alliance(body.slug, "founder")),
        "When was {} founded?": bool(body.founded_in),
        "What happened with {} in {year}?": bool(years),
        "Who hosts {}?": bool(catalogue.facts_of_alliance(body.slug, "host")),
    }
    for form in (form for form, is_held in held.items() if is_held):
        yield form, form.format(name, year=max(years, default=""))


def _about_organisation(catalogue: Catalogue, name: str) -> Iterator[tuple[str, str]]:
    if catalogue.facts_of_organisation(name):
        form = "Which alliances is {} in?"
        yield form, form.format(with_article(name))
