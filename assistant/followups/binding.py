"""A question that hangs in the air is bound to the subject: "Who joined later (the Frontier Model Forum)?".

It has no pronoun and no gap that a name would fit into, and yet it is about what the talk is about. The name in
brackets reads like a restriction: what the articles tell of others is then no answer.
"""

from __future__ import annotations

import re

from assistant.followups.antecedents import own_names
from assistant.followups.pronouns import LEADING, refers_back
from assistant.followups.references import points_back
from assistant.followups.said import ANY_BODY, CERTAIN_BODY, LIBRARY_WIDE, Said, with_article
from assistant.words import content_words, word_set, words
from index.names.finder import Mention

_POINTS_VAGUELY = re.compile(
    r"\b(?:that|this|those|these|there|then|it|they|them|its|their|he|she|him|his|hers?|other|another|one|former|latter)\b",
    re.IGNORECASE,
)
_POINTS_AT_PLACE = re.compile(r"\b(?:there|then|th(?:at|is|ose|ese) (?:\w+ )?\w+)\b", re.IGNORECASE)
_ASKS = re.compile(r"\?\W*$|\b(?:who|what|which|when|where|why|how|whose|whom)\b", re.IGNORECASE)
_AUXILIARY = re.compile(r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)\b", re.I)
# "What is a safety case?", "What are model weights?": of the world, not of the body.
_DEFINITION = re.compile(
    r"^(?:what|who)(?:['’]s| is| are| does| do)\s+(?:(?!the\b|its?\b|their\b|th(?:is|at|ese|ose)\b)"
    r"(?:[\w-]+\s*){1,5}\W*$|the \w+ of\b)",
    re.IGNORECASE,
)
_COURTESY = word_set("thanks thank thx ok okay yes yeah no hi hello hey great good cool nice sorry please bye")
_MAX_BARE_WORDS = 4
_OTHER = re.compile(r"\bother\b|\bone\b", re.IGNORECASE)
_ONE_CALLED = re.compile(r"\b(?:the|that) [A-Z][\w-]+ one\b")  # "And the Utopia one?" is about another
_HE_OR_SHE = re.compile(
    r"\b(?:(?P<whose>his|her(?=\s+(?!in|at|on|for|by|to|or|and|as|with|from|now|before|after|then\b)[a-z]))|he|she|him|her)\b",
    re.IGNORECASE,
)
_NAME = r"(?P<name>[A-ZÀ-Þ][\w'’-]+(?: (?:[A-ZÀ-Þ][\w'’-]*\w|[A-Z]\.|van|von|de|der|bin|al))+)"
_NAME_BEFORE_VERB = re.compile(
    rf"{_NAME},? (?:has|is|was|became|(?:co-)?(?:chair|lead|head|found|direct|coordinat)(?:s|ed|es)?|led|sued|joined"
    r"|represented|succeeded|took|said|signed|formerly)\b"
)
_NAME_AFTER_ROLE = re.compile(
    rf"\b(?:director|president|chair(?:man|woman)?|photographer|head|executive|chief|minister|secretary|scientist"
    rf"|coordinator|founder|patron|professor|by|with|named?|was|is|are|were|as) {_NAME}"
)
_WHO_IS = re.compile(r"^who(?:['’]s| is| was| will be| became) (?P<role>[^?]+?)\W*$", re.IGNORECASE)
_INSTITUTION = re.compile(
    rf"\b(?:{ANY_BODY}|{CERTAIN_BODY}|court|universit\w+|ministr\w+|office|council|commission|committee|board|house"
    r"|company|school|centre|center|department|park|group|framework|model|report|declaration|charter)\b",
    re.IGNORECASE,
)
_BEFORE_OR_AFTER = re.compile(
    r"^(?:who (?:was it |was |came |is |comes )?)?(?P<when>before|after) (?:him|her|that)\W*$", re.I
)


def bound_to_subject(question: str, said: Said) -> str | None:
    """The question with the subject of the talk in brackets; None if it does not hang in the air."""
    if said.subject is None or said.is_library_wide:
        return None
    mentions = said.names.find(question)
    is_body = any(mention.alliances for mention in said.names.find(said.subject))
    # "The Chinese one", where none was named, is asked back; "the second of them" may be of things without a name.
    if refers_back(question, said.names) and (said.listed or not points_back(question) or _OTHER.search(question)):
        return None
    hangs = _hangs(question, mentions) if is_body else _is_vague(question) and not mentions and not own_names(question)
    return f"{question.rstrip(' ?.!')} ({with_article(said.subject)})?" if hangs else None


def with_person(question: str, said: Said) -> str | None:
    """The question with the person whom an answer named in the place of "he" or "she"; the body stands in brackets.

    A body is no "he": where no answer names a person, "the person" takes the place.
    """
    pronoun = _HE_OR_SHE.search(question)
    if pronoun is None or said.subject is None or own_names(question[: pronoun.start()]):
        return None
    persons = (name for turn in reversed(said.turns) for name in _persons(turn.answer, said))
    person = next(persons, None) or _role(said.turns[-1].question) or "the person"
    if moment := _BEFORE_OR_AFTER.match(LEADING.sub("", question)):
        return f"{said.turns[-1].question.rstrip(' ?.!')} {moment['when'].lower()} {person}?"
    whole = _HE_OR_SHE.sub(lambda found: f"{person}'s" if found["whose"] else person, question)
    if any(mention.alliances for mention in said.names.find(whole)):
        return whole
    return f"{whole.rstrip(' ?.!')} ({with_article(said.subject)})?"


def _hangs(question: str, mentions: list[Mention]) -> bool:
    short = LEADING.sub("", question)
    asks = _ASKS.search(question) or _AUXILIARY.match(short) or len(words(short)) <= _MAX_BARE_WORDS
    is_continued = short != question or _is_vague(question)
    if not asks or any(mention.alliances for mention in mentions) or LIBRARY_WIDE.search(short):
        return False
    if not content_words(short) and not is_continued or set(words(short.lower())) <= _COURTESY:
        return False
    if mentions or own_names(question):
        is_pointing = _POINTS_AT_PLACE.search(question) or (short != question and not own_names(question))
        return bool(is_pointing) and not _ONE_CALLED.search(question)
    return is_continued or not _DEFINITION.match(short)


def _is_vague(question: str) -> bool:
    return _POINTS_VAGUELY.search(question) is not None


def _role(question: str) -> str | None:
    """What "he" means after "Who will be the director?"."""
    match = _WHO_IS.match(LEADING.sub("", question))
    return match["role"] if match else None


def _persons(text: str, said: Said) -> list[str]:
    """What stands in an answer where the name of a person would: "Mark Collier has been executive director"."""
    mentions = said.names.find(text)
    found = sorted((*_NAME_BEFORE_VERB.finditer(text), *_NAME_AFTER_ROLE.finditer(text)), key=lambda m: m.start("name"))
    return [
        match["name"]
        for match in found
        if not any(m.start < match.end("name") and match.start("name") < m.end for m in mentions)
        and not _INSTITUTION.search(match["name"])
    ]
