"""Which sentence of an article tells a fact of its front matter.

A fact is only ever shown with the sentence that tells it; a fact that no sentence tells stays out of the
catalogue. Candidates must name the organisation (or hold the date); among them the best score wins, the
earlier one on a tie:

    founding verb (for founders and the date)   3      the alliance's name or alias         2
    a word of the role (for members)            2      year of the row's `as_of`            1
    share of the row's other names in it      0-2      a heading about members              1
    a word of leaving or denying             -3      the day of leaving (for former members) 4
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.types import Alliance, Article, Membership, Sentence

FOUNDING = re.compile(
    r"\b(found(ed|er|ers|ing)|co-?found\w*|launch\w*|establish\w*|creat(ed|ion)|set up|start(ed)?"
    r"|form(ed|ation)|announced|initiated|incorporat\w*|adopt\w*|sign(ed|ing)|begun|began)\b",
    re.IGNORECASE,
)
_LEAVING = re.compile(r"\b(left|leave|leaving|not|never|no longer|absent|withdr\w+|without)\b", re.IGNORECASE)
_MEMBERS = re.compile(r"member|signator|participant|partner|sponsor|founder|backer|support|joined", re.IGNORECASE)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def spoken_date(iso: str) -> str:
    """As a date stands in a sentence: `2023-07-26` -> `26 July 2023`, `2023-07` -> `July 2023`, `2023`."""
    year, *rest = iso.split("-")
    if not rest:
        return year
    month = _MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) == 2 else f"{month} {year}"


def names_pattern(names: Sequence[str]) -> re.Pattern[str]:
    """Matches any of the names as whole words, in this spelling of capitals."""
    longest_first = sorted(set(names), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(name) for name in longest_first) + r")(?![\w-])")


def founding_sentence(article: Article, alliance: Alliance) -> Sentence | None:
    """The sentence that tells the founding date, or None."""
    if alliance.founded is None:
        return None
    day = re.compile(rf"(?<!\d){re.escape(spoken_date(alliance.founded))}(?!\d)")
    own = names_pattern([alliance.name, *alliance.aliases])
    told = [sentence for sentence in article.sentences if day.search(sentence.text)]
    return _best(told, lambda sentence: _founding_score(sentence, own))


def founder_sentence(article: Article, alliance: Alliance, spellings: Sequence[str]) -> Sentence | None:
    """The sentence that names this founder (under one of its spellings) as a founder, or None."""
    own = names_pattern([alliance.name, *alliance.aliases])
    named = names_pattern(spellings)
    others = names_pattern(alliance.founders)
    told = [s for s in article.sentences if named.search(s.text) and FOUNDING.search(s.text)]
    return _best(told, lambda s: _founding_score(s, own) + 2 * _share(others, s, len(alliance.founders)))


def member_sentence(
    article: Article, alliance: Alliance, member: Membership, spellings: Sequence[str]
) -> Sentence | None:
    """The sentence that names this organisation as a member in this role, or None."""
    own = names_pattern([alliance.name, *alliance.aliases])
    named = names_pattern(spellings)
    group = [m.organisation for m in alliance.members if (m.role, m.as_of) == (member.role, member.as_of)]
    others = names_pattern(group)
    role = re.compile(member.role[:5], re.IGNORECASE)

    def score(sentence: Sentence) -> float:
        text = sentence.text
        return (
            2 * bool(own.search(text))
            + 2 * bool(role.search(text))
            + bool(member.as_of and member.as_of[:4] in text)
            + 4 * bool(member.until and spoken_date(member.until) in text)
            + bool(_MEMBERS.search(sentence.heading))
            + bool(_MEMBERS.search(text))
            + 2 * _share(others, sentence, len(group))
            - 3 * (bool(_LEAVING.search(text)) and not member.until)
        )

    return _best([s for s in article.sentences if named.search(s.text)], score)


def _founding_score(sentence: Sentence, own: re.Pattern[str]) -> float:
    text = sentence.text
    return 3 * bool(FOUNDING.search(text)) + 2 * bool(own.search(text)) - 3 * bool(_LEAVING.search(text))


def _share(names: re.Pattern[str], sentence: Sentence, count: int) -> float:
    return min(1.0, len(set(names.findall(sentence.text))) / max(count, 1))


def _best(sentences: Sequence[Sentence], score: Callable[[Sentence], float]) -> Sentence | None:
    return max(sentences, key=lambda s: (score(s), -s.number), default=None)
