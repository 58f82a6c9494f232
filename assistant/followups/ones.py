"""Things that are counted and have no name in the catalogue: "the second of those", "the one on robotics".

The noun of the last question takes the place of "one" or "them": "the second project", "the project on robotics".
Who is counted, companies or bodies, has names, which are put by `followup_references`.
"""

from __future__ import annotations

import re

from assistant.followups.references import PLACES
from assistant.followups.said import Said, with_article
from assistant.words import word_set

_NAMED = word_set(
    """companies firms members founders countries states governments organisations organizations partners signatories
    bodies alliances universities labs laboratories sponsors groups coalitions consortia institutions nations people
    persons promoters backers agencies news its this was is does has ones others us series times years"""
)
_ASKED_FOR = re.compile(
    r"\b(?:how many|which|what|(?:list(?: of)?|name|give me)(?: all)?(?: the)?|the|its|their)"
    r"(?=\s+(?P<words>(?:[\w-]+\s+){0,2}[\w-]+))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:after|before|since|besides|apart from)\b", re.IGNORECASE)
_NTH = re.compile(rf"\bthe (?P<place>{'|'.join(PLACES)}) (?:one\b|of (?:them|these|those)\b)", re.IGNORECASE)
_ONE = re.compile(r"\bthe one (?=(?:on|for|about|from|in|with|that|which|by|of)\b)", re.IGNORECASE)


def put_noun(question: str, said: Said) -> str | None:
    """The question with the thing counted in the place of "one" or "them"; None if the talk counts no things."""
    noun = next((noun for turn in reversed(said.turns) if (noun := _counted(turn.question, said))), None)
    is_among_bodies = len(said.bodies) > 1
    nth = _NTH.search(question)
    if noun is None or said.subject is None or any(mention.alliances for mention in said.names.find(question)):
        return None
    if nth and not (is_among_bodies and nth[0].lower().endswith("one")):
        whole = f"{question[: nth.start()]}the {nth['place'].lower()} {noun}{question[nth.end() :]}"
    elif _ONE.search(question) and not is_among_bodies:
        whole = _ONE.sub(f"the {noun} ", question)
    else:
        return None
    return f"{whole.rstrip(' ?.!')} ({with_article(said.subject)})?"


def _counted(question: str, said: Said) -> str | None:
    """The noun, in the singular, of the things that a question asks for: "which tools did ROOST announce?"."""
    if _RELATIVE.search(question):
        return None  # "Which summits came after it?": the first of all is another
    for match in _ASKED_FOR.finditer(question):
        for noun in match["words"].lower().split():
            is_plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
            if is_plural and noun not in _NAMED and not said.names.find(noun):
                return f"{noun[:-3]}y" if noun.endswith("ies") else noun[:-1]
    return None
