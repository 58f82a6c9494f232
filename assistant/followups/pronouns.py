"""Pronouns of a follow-up and what stands in their place: "Who leads it?" of the subject of the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.followups.antecedents import FRONTED, is_own, own_names
from assistant.followups.references import needs_two, points_back
from assistant.followups.said import ANY_BODY, CERTAIN_BODY, Said, Turn, with_article
from assistant.followups.topics import named_thing
from index.names.finder import Mention, NameFinder

LEADING = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|then|also|well|hm+|ah|oh|right|thanks|thank you|thx|i see|cool|great)\b"
    r"[\s,.!;:–—-]*(?=\w))+",
    re.IGNORECASE,
)
BOUND = re.compile(r" \([^()]+\)\W*$")  # the subject in brackets, which `bound_to_subject` adds
LISTED = re.compile(r"\b(?:members?|partners?|signator(?:y|ies)|founders?|founded|sponsors?)\b", re.IGNORECASE)
_GROUPS = {"membe": "members", "partn": "partners", "signa": "signatories", "found": "founders", "spons": "sponsors"}

_NOUN = rf"(?:the|this|that) (?P<kind>{ANY_BODY}|{CERTAIN_BODY}|company|firm)"
_POSSESSIVE = re.compile(rf"\b(?:its|their|{_NOUN}['’]s)\b", re.IGNORECASE)
_PRONOUN = re.compile(rf"\b(?:it|they|them|(?:this|that) one|{_NOUN})\b(?!-)", re.IGNORECASE)
_POINTING = re.compile(r"(?<=[a-z] )(?:this|that)(?=\W*$)", re.IGNORECASE)
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<=[a-z] )there(?=\W*$)", re.IGNORECASE)
_OF_THEM = re.compile(r"(?<=\bof )(?:them|(?:these|those)(?! (?!is\b|was\b|has\b)\w+s\b))\b", re.IGNORECASE)
_AT_ONCE = re.compile(r"(?<=^are )they\b", re.IGNORECASE)  # "Are they in MLCommons, too?" after a list of members
_BROUGHT_UP = re.compile(
    r"\b(?:run|ran|seek\w*|wanted|plann?\w*|\w+ing|\w+ed|had|made) an? (?P<thing>(?:[a-z-]+ ){0,2}[a-z-]+)\W*$"
)
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:true|right|correct|possible|the case)\b|\bit (?:is|was) \w+ that\b"
    r"|\b(?:does|did|would|will) it (?:cost|take) to\b",
    re.IGNORECASE,
)


def with_subject(question: str, mentions: Sequence[Mention], said: Said) -> str | None:
    """The question with the subject of the conversation in the place of its pronoun; None if it has none."""
    # "The fifth of them" of a list of three, "How do they differ?" where only one was named
    if said.subject is None or points_back(question) or (needs_two(question) and not mentions):
        return None
    last = said.turns[-1].question
    of_a_list = _AT_ONCE if any(mention.alliances for mention in mentions) else _OF_THEM
    them, role = of_a_list.search(question), LISTED.search(last)
    if them and role and (of_a_list is _AT_ONCE or not mentions):
        whose = f"the {_GROUPS[role[0][:5].lower()]} of {with_article(said.subject)}"
        return upper(question[: them.start()] + whose + question[them.end() :])
    # "What is Project Tapestry?" may be answered from the AI Alliance's article; "it" is still the project.
    thing = None if said.names.find(last) else named_thing(last)
    if introduced := _introduced(said.turns[-1]):
        replaced = put_subject(question, mentions, introduced, said.names)
        return f"{replaced.rstrip(' ?.!')} ({with_article(said.subject)})?" if replaced != question else None
    replaced = put_subject(question, mentions, thing or said.subject, said.names)
    return replaced if replaced != question else None


def put_subject(question: str, mentions: Sequence[Mention], subject: str, names: NameFinder) -> str:
    """Replace the first pronoun by the subject, unless an alliance that the question names comes before it."""
    first = min((mention.start for mention in mentions if mention.alliances), default=len(question))
    empty = _EMPTY_IT.search(question)
    name = with_article(subject)
    patterns = ((_POSSESSIVE, f"{name}'s"), (_PRONOUN, name), (_POINTING, name), (_THERE, f"at {name}"))
    for pattern, replacement in patterns:
        match = pattern.search(question, empty.end() if empty else 0)
        if match is None or match.start() >= first or not _fits(match, subject, names):
            continue
        if is_own(question, match, mentions):
            continue
        # "the AI Alliance" names itself; only "the alliance" points back
        if not any(m.start < match.end() and match.start() < m.end for m in mentions):
            return upper(LEADING.sub("", question[: match.start()] + replacement + question[match.end() :]))
    return question


def _introduced(turn: Turn) -> str | None:
    """What the last question put first ("The data set, what is it called?"), or a sentence before this one told of."""
    is_told = not turn.answer and not turn.question.endswith("?")  # "They ran a contest. Who won it?"
    match = FRONTED.match(turn.question) or (_BROUGHT_UP.search(turn.question) if is_told else None)
    return f"the {match['thing']}" if match else None


def refers_back(question: str, names: NameFinder) -> bool:
    """True if the question leaves its subject to a conversation ("How many members does it have?")."""
    mentions = names.find(question)
    if not mentions and (points_back(question) or needs_two(question)):
        return True
    if mentions and BOUND.search(question):
        return False
    if _EMPTY_IT.search(question) or own_names(question):
        return False
    first = min((mention.start for mention in mentions), default=len(question))
    match = _POSSESSIVE.search(question) or _PRONOUN.search(question)
    return match is not None and match.end() <= first and not is_own(question, match, mentions)


def upper(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _fits(match: re.Match[str], subject: str, names: NameFinder) -> bool:
    """False for "the summit" or "the company" where the subject is none; any body is an alliance or a group."""
    kind = (match.groupdict().get("kind") or "").lower()
    found = names.find(subject)
    if kind in ("company", "firm"):
        return any(mention.organisation and not mention.alliances for mention in found)
    is_certain = re.fullmatch(CERTAIN_BODY, kind) is not None
    spelt = [subject, *(name for mention in found for name in names.spellings(mention))]
    return not is_certain or any(kind in name.lower().split() for name in spelt)
