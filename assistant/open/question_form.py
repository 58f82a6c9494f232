"""What a question comes down to: the sentence that asks, its key words, its verb, the sort of answer it wants."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.open.roles import asked_role
from assistant.words import FUNCTION_WORDS, concept, stem
from index.sentences import split_text

_INTERROGATIVE = re.compile(r"who|whom|whose|what|which|when|where|why|how", re.IGNORECASE)
_MADE = re.compile(r"\bmade (?:the )?@ (\w+)|@['’]s? (\w+) (?:from|of) (?:the )?@", re.IGNORECASE)


def asking_sentence(question: str) -> str:
    """The sentence that asks: of several, the last with a question mark; people tell first why they ask."""
    sentences = split_text(question)
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return (asking or sentences or [question])[-1]


@lru_cache(maxsize=256)
def key_words(masked: str) -> tuple[str, ...]:
    """The first content words after the interrogative: "who is the executive director of @" -> executive director.

    Args:
        masked: The asking sentence with names replaced by `@`.
    """
    words = re.findall(r"[\w'’&.-]*\w|@", masked)
    start = next((i + 1 for i, word in enumerate(words) if _INTERROGATIVE.fullmatch(word)), 0)
    run: list[str] = []
    for word in words[start:]:
        if word != "@" and not word.isdigit() and not {word.lower(), stem(word)} & FUNCTION_WORDS:
            run.append(word.lower())
        elif run:
            break
    return tuple(run)


def asked_verb(masked: str) -> str | None:
    """The concept of what a name is asked to have done or to have had done to it, or None."""
    if role := asked_role(masked):
        return role[0]
    match = _MADE.search(masked)
    return concept(match[1] or match[2]) if match else None
