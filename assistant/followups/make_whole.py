"""Making a follow-up question whole: "And by whom?" becomes "By whom was the Frontier Model Forum founded?".

The subject of a conversation is what its last turns were about. In order, the first rule that fits is taken:

1. Nothing came before: the question stays as it is.
2. "No, I meant X", "Back to X: ...": what is said after that is read, with X as the subject.
3. "The second of those", "the one on robotics": the thing counted takes the place (`ones`).
4. "The second one", "the American one", "both": the names take the place (`references`).
5. "And in 2025?", "and today?": the previous question is asked of that time (`times`).
6. "And MLCommons?", "By whom?": the previous question is asked anew (`ellipsis`).
7. "he", "her": the person whom an answer named takes the place (`binding`).
8. "it", "its", "they", "the forum" ...: the subject takes the place (`pronouns`).
9. "Who is the director?", "How many members?", "Did Meta join?": the subject is the owner (`ellipsis`).
10. "Who joined later?": the subject is added in brackets (`binding`).
11. Nothing of all this was about a name of the catalogue: the topic of the talk takes the place (`topics`).

No model is asked: a wrong rewrite would be answered correctly, and that is worse than a question back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.followups.binding import bound_to_subject, with_person
from assistant.followups.ellipsis import about_another, complete, with_owner
from assistant.followups.ones import put_noun
from assistant.followups.pronouns import refers_back, upper, with_subject
from assistant.followups.references import put_names
from assistant.followups.said import Said, Turn, with_article
from assistant.followups.times import asked_of_a_time
from assistant.followups.topics import put_topic
from assistant.words import words
from index.names.finder import NameFinder

__all__ = ["Turn", "is_choice", "make_whole", "refers_back", "with_article"]

_CHOICE = re.compile(
    r"^\W*(?:(?:and|so|but)\W+)?(?:which|who)(?: one)? of\b(?! the (?:members|founders))", re.IGNORECASE
)
_MEANT = r"(?:i|we) (?:mean|meant|was (?:asking|talking) about|am asking about|want)\s+(?!to\b)"
_NO = r"(?:no|nope|nah|sorry|oops|wait|actually|rather|hm+|not (?:that|this)(?: one)?)"
_CORRECTION = re.compile(
    rf"^(?:{_NO}\s*[,.;:!–—-]+\s*|(?:no|sorry|actually|wait)\s+(?=(?:the|i|not|what about|sorry)\b))+(?:{_MEANT})?"
    rf"|^{_MEANT}",
    re.IGNORECASE,
)
_NOT_BUT = re.compile(r"^not (?:the )?[^,;–—]+?(?:\s*[,;–—]+\s*(?:but )?|\s+but )(?P<but>.+)$", re.IGNORECASE)
_BUT_NOT = re.compile(r"^(?P<but>[^,;–—]+?),? (?:and )?not (?:the )?[^,;]+$", re.IGNORECASE)
_MAX_CORRECTED_WORDS = 8  # a longer part of "not X, but Y" is a sentence of its own
_BACK_TO = re.compile(
    r"^(?:(?:and|so|ok|okay|now|let['’]?s|can we|please)\W+)*"
    r"(?:(?:go(?:ing)?|com(?:e|ing)|get(?:ting)?|turn(?:ing)?)\s+)?(?:back to|return(?:ing)? to|as for|regarding"
    r"|concerning|speaking of|about)\s+(?:the\s+)?",
    re.IGNORECASE,
)


def is_choice(question: str) -> bool:
    """True for "Which of A and B is older?", whose answer is one of those that it names."""
    return _CHOICE.match(question) is not None


def make_whole(question: str, turns: Sequence[Turn], names: NameFinder) -> str:
    """The question with everything said that it leaves to the conversation.

    Args:
        question: As typed.
        turns: The conversation so far, oldest first.
        names: Knows the alliances and organisations.
    """
    if not turns or not question.strip():
        return question
    said = Said(turns, names)
    corrected = _corrected(question)
    if led := _with_subject_first(corrected, said):
        return led
    whole = put_noun(corrected, said) or _completed(put_names(corrected, said), said)
    if whole == corrected and said.subject is None and not said.is_library_wide and not names.find(question):
        return put_topic(question, [turn.question for turn in turns])
    return whole


def _corrected(question: str) -> str:
    """What is said after "no, I meant": the right one of "not X but Y"."""
    text = _CORRECTION.sub("", question)
    patterns = (_NOT_BUT,) if text == question else (_NOT_BUT, _BUT_NOT)
    match = next((match for pattern in patterns if (match := pattern.match(text))), None)
    if match and len(words(match["but"])) <= _MAX_CORRECTED_WORDS:
        text = match["but"]
    return upper(text) if text and text != question else question


def _with_subject_first(question: str, said: Said) -> str | None:
    """Read "Back to X: who chairs it?" as "who chairs it?" with X as the subject."""
    lead = _BACK_TO.match(question)
    if lead is None:
        return None
    text = put_names(question, said)
    mention = next((m for m in said.names.find(text) if m.start <= lead.end() + len("the ")), None)
    if mention is None:
        return None
    asked = re.sub(r"^(?:['’]s)?[\s,.:;?!–—-]*", "", text[mention.end :])
    last = said.turns[-1]
    if not asked:
        return about_another(last.question, mention, said) or text
    whole = make_whole(upper(asked), [replace(last, subject=mention.name)], said.names)
    return whole if mention.name in whole else text


def _completed(question: str, said: Said) -> str:
    mentions = said.names.find(question)
    return (
        asked_of_a_time(question, said)
        or complete(question, said)
        or with_person(question, said)
        or with_subject(question, mentions, said)
        or with_owner(question, mentions, said)
        or bound_to_subject(question, said)
        or question
    )
