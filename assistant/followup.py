"""Making a follow-up question whole: "And by whom?" becomes "By whom was the Frontier Model Forum founded?".

The subject of a conversation is what its last turns were about. In order, the first rule that fits is taken:

1. Nothing came before, or the question names its own subject: it stays as it is.
2. "What about X?": the previous question is asked about X.
3. Only a question word ("And when?", "by whom?"): it takes the place of the previous question's.
4. "it", "its", "they", "the forum" ...: the subject takes the place.
5. A thing without an owner ("Who is the director?", "How many members?"): the subject is its owner.

No model is asked: a wrong rewrite would be answered correctly, and that is worse than a question back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.words import content_words, find_names, first_word, word_set, words
from index.names import Mention, NameFinder

_BODY = (
    "alliance|body|group|forum|coalition|consortium|partnership|foundation|initiative|pact|network|organi[sz]ation"
    "|institute|project|company|firm|programme|program|summit|agreement"
)
_POSSESSIVE = re.compile(rf"\b(?:its|their|(?:the|this|that) (?:{_BODY})['’]s)\b", re.IGNORECASE)
_PRONOUN = re.compile(rf"\b(?:it|they|them|(?:the|this|that) (?:{_BODY}))\b", re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:true|right|correct|possible|the case)\b|\bit (?:is|was) \w+ that\b", re.IGNORECASE
)
_QUESTION_PHRASE = re.compile(
    r"^(?:(?:and|but|so|in|by|to|for|of|with|at|since|on)\s+)*"
    r"(?:who(?:m|se)?|when|where|why|how(?: many| much| old| long)?"
    r"|(?:which|what)(?: year| date| day| month)?)\b",
    re.IGNORECASE,
)
_EMPTY_WORDS = word_set("is was were be been that this it so exactly then")
_PRONOUN_ALONE = re.compile(r"\b(?:it|they|them)\b", re.IGNORECASE)
_ELLIPTIC = re.compile(r"^(?:how many|how much|which|what) \w+\W*$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:and|but|so|ok(?:ay)?|then|also|well)\b[\s,]*", re.IGNORECASE)
_DEFINITE = re.compile(r"\bthe \w+|^(?:and|but|also)\b", re.IGNORECASE)
_LIBRARY_WIDE = re.compile(
    r"\b(?:alliances|bodies|coalitions|consortia|organi[sz]ations|articles|library)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a later question may refer back to: the question made whole, and what it was about."""

    question: str
    subject: str | None


def make_whole(question: str, turns: Sequence[Turn], names: NameFinder) -> str:
    """The question with everything said that it leaves to the conversation.

    Args:
        question: As typed.
        turns: The conversation so far, oldest first.
        names: Knows the alliances and organisations.
    """
    subject = next((turn.subject for turn in reversed(turns) if turn.subject), None)
    if not turns or subject is None:
        return question
    mentions = names.find(question)
    rest = _without(question, mentions)
    if (
        mentions
        and not content_words(rest)
        and not _PRONOUN_ALONE.search(rest)
        and not _QUESTION_PHRASE.match(_LEADING.sub("", rest.replace("about", "")))
    ):
        return _about_another(turns[-1].question, mentions[0], names) or question
    if (
        re.match(r"^(?:and |but |so )*(?:what|how) about\b", question, re.IGNORECASE)
        and mentions
        and not content_words(rest)
    ):
        return _about_another(turns[-1].question, mentions[0], names) or question
    if not mentions and _is_only_question_phrase(question):
        return _with_question_phrase(question, turns[-1].question) or question
    replaced = _put_subject(question, mentions, subject)
    if replaced != question:
        return replaced
    is_definite = (_DEFINITE.search(question) or _ELLIPTIC.match(question)) and not _LIBRARY_WIDE.search(question)
    is_body = any(mention.alliances for mention in names.find(subject))
    if not mentions and is_body and is_definite and not _own_names(question):
        return f"{_LEADING.sub('', question).rstrip(' ?.!')} of {with_article(subject)}?"
    return question


def with_article(name: str) -> str:
    """The name as it stands in a sentence: "the Frontier Model Forum", but "MLCommons" and "Google"."""
    takes_article = re.search(
        rf"\b(?:{_BODY}|commitments|convention|process|principles|council|centre|center|accord|call|statement"
        r"|declaration|guide|strategy|report|code|dialogues?|deal|panel|cooperation|confederation|laboratory"
        r"|laboratories|pilot|association)\b",
        name,
        re.IGNORECASE,
    )
    return f"the {name}" if takes_article and " " in name else name


def _without(text: str, mentions: Sequence[Mention]) -> str:
    for mention in reversed(mentions):
        text = text[: mention.start] + " " + text[mention.end :]
    return text


def _own_names(question: str) -> list[str]:
    """Names the question brings along; its first word is capitalised anyway."""
    return [name for name in find_names(question) if name != first_word(question) or name[1:] != name[1:].lower()]


def _about_another(previous: str, mention: Mention, names: NameFinder) -> str | None:
    """The previous question with its own subject replaced by another of the same sort."""
    for old in names.find(previous):
        if bool(old.alliances) == bool(mention.alliances) or bool(old.organisation) == bool(mention.organisation):
            before = re.sub(r"\bthe\s+$", "", previous[: old.start], flags=re.IGNORECASE)
            return before + (with_article(mention.name) if before else mention.name) + previous[old.end :]
    return None


def _is_only_question_phrase(question: str) -> bool:
    """True for "And by whom?", "When was that?"; not for "What does it do?", which has a verb of its own."""
    question = _LEADING.sub("", question)
    phrase = _QUESTION_PHRASE.match(question)
    return phrase is not None and set(words(question[phrase.end() :].lower())) <= _EMPTY_WORDS


def _with_question_phrase(question: str, previous: str) -> str | None:
    new = _QUESTION_PHRASE.match(_LEADING.sub("", question))
    old = _QUESTION_PHRASE.match(_LEADING.sub("", previous))
    if new is None or old is None:
        return None
    rest = _LEADING.sub("", previous)[old.end() :]
    return new[0][0].upper() + new[0][1:] + rest


def _put_subject(question: str, mentions: Sequence[Mention], subject: str) -> str:
    """Replace pronouns by the subject, unless an alliance that the question names comes before them."""
    first = min((mention.start for mention in mentions if mention.alliances), default=len(question))
    empty = _EMPTY_IT.search(question)
    name = with_article(subject)
    for pattern, replacement in ((_POSSESSIVE, f"{name}'s"), (_PRONOUN, name)):
        match = pattern.search(question, empty.end() if empty else 0)
        # "the AI Alliance" names itself; only "the alliance" points back
        if (
            match
            and match.start() < first
            and not any(m.start < match.end() and match.start() < m.end for m in mentions)
        ):
            question = _LEADING.sub("", question[: match.start()] + replacement + question[match.end() :])
            return question[0].upper() + question[1:]
    return question


def refers_back(question: str, names: NameFinder) -> bool:
    """True if the question leaves its subject to a conversation ("How many members does it have?")."""
    mentions = names.find(question)
    if _EMPTY_IT.search(question) or _own_names(question):
        return False
    first = min((mention.start for mention in mentions), default=len(question))
    match = _POSSESSIVE.search(question) or _PRONOUN.search(question)
    return match is not None and match.end() <= first
