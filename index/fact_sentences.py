"""Which sentence of an article tells a fact of its front matter.

A fact is only ever shown with the sentence that tells it; a fact that no sentence tells stays out of the
catalogue. Candidates must name the organisation (or hold the date); among them the best score wins, the
earlier one on a tie:

    founding verb (for founders and the date)   3      the alliance's name or alias         2
    a word of the role (for members)            2      year of the row's `as_of`            1
    share of the row's other names in it      0-2      a heading about members              1
    a word of leaving or denying             -3      the day of leaving (for former members) 4

An event's sentence holds its date as it is spoken, a figure's its number and the year of its `as_of`; both hold at
least half of the words that name the event or what is counted, and the more of them, the better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import snowballstemmer

from index.types import Alliance, Article, Event, Figure, Membership, Sentence

FOUNDING = re.compile(
    r"\b(found(ed|er|ers|ing)|co-?found\w*|launch\w*|establish\w*|creat(ed|ion)|set up|start(ed)?"
    r"|form(ed|ation)|announced|initiated|incorporat\w*|adopt\w*|sign(ed|ing)|begun|began)\b",
    re.IGNORECASE,
)
_LEAVING = re.compile(r"\b(left|leave|leaving|not|never|no longer|absent|withdr\w+|without)\b", re.IGNORECASE)
_HOSTING = re.compile(
    r"\b(host\w*|hous(ed|es)|part of|project of|under|within|secretariat|umbrella|administer\w*|based at"
    r"|(organi[sz]ed|run|led|operated|managed|convened|supported|overseen) (jointly )?by|runs|belongs to|at the)\b",
    re.IGNORECASE,
)
_MEMBERS = re.compile(r"member|signator|participant|partner|sponsor|founder|backer|support|joined", re.IGNORECASE)
_MIN_SHARED = 0.5
_SMALL_WORDS = frozenset({"and", "the", "for", "with", "from", "its", "into"})
_NUMBER_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATE = re.compile(rf"\b(?:\d{{1,2}} )?(?:{'|'.join(_MONTHS)}) \d{{4}}\b")
_stemmer = snowballstemmer.stemmer("english")


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
    told = [s for s in article.sentences if _names(s, named, own) and FOUNDING.search(s.text)]
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

    return _best([s for s in article.sentences if _names(s, named, own)], score)


def _names(sentence: Sentence, named: re.Pattern[str], own: re.Pattern[str]) -> bool:
    """True if it names the organisation, and not only as a part of the alliance's name ("NIST AI Consortium")."""
    return bool(named.search(own.sub("@", sentence.text)))


def host_sentence(article: Article, alliance: Alliance, spellings: Sequence[str]) -> Sentence | None:
    """The sentence that says that this organisation hosts or runs the alliance, or None."""
    own = names_pattern([alliance.name, *alliance.aliases])
    named = names_pattern(spellings)
    told = [s for s in article.sentences if _names(s, named, own) and _HOSTING.search(s.text)]
    return _best(told, lambda s: 2 * bool(own.search(s.text)) - 3 * bool(_LEAVING.search(s.text)))


def event_sentence(article: Article, event: Event) -> Sentence | None:
    """The sentence that tells what happened on that day, or None."""
    day = re.compile(rf"(?<!\d){re.escape(spoken_date(event.date))}(?!\d)")
    told = [s for s in article.sentences if day.search(s.text) and _shared_words(event.what, s.text) >= _MIN_SHARED]
    return _best(told, lambda s: _shared_words(event.what, s.text))


def figure_sentence(article: Article, figure: Figure) -> Sentence | None:
    """The sentence that gives the figure, or None."""
    year = figure.as_of[:4] if figure.as_of else ""
    numbers = _numbers(_DATE.sub(" ", figure.value))
    told = [
        s
        for s in article.sentences
        if year in s.text
        and (numbers <= _numbers(_DATE.sub(" ", s.text)) if numbers else figure.value.lower() in s.text.lower())
        and _shared_words(figure.what, s.text) >= _MIN_SHARED
    ]
    return _best(
        told,
        lambda s: _shared_words(figure.what, s.text) + bool(figure.as_of and spoken_date(figure.as_of) in s.text),
    )


def _numbers(text: str) -> set[str]:
    """The numbers of a text in digits, without separators of thousands; small ones written out count, too."""
    digits = {match[0].replace(",", "") for match in re.finditer(r"\d+(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?", text)}
    words = re.findall(r"[a-z]+", text.lower())
    return digits | {str(_NUMBER_WORDS.index(word) + 1) for word in words if word in _NUMBER_WORDS}


def _shared_words(short: str, text: str) -> float:
    """Share of the words of a short text that stand in another, whatever their endings; 1 when it has none."""
    told = _stems(text)
    words = [_stem(word) for word in re.findall(r"[^\W_]{3,}", short.lower()) if word not in _SMALL_WORDS]
    return sum(word in told for word in words) / len(words) if words else 1.0


# A sentence is held against each event and figure of its article, and the words of a library are few.


@lru_cache(maxsize=512)
def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in re.findall(r"[^\W_]{3,}", text.lower()))


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


def _founding_score(sentence: Sentence, own: re.Pattern[str]) -> float:
    text = sentence.text
    return 3 * bool(FOUNDING.search(text)) + 2 * bool(own.search(text)) - 3 * bool(_LEAVING.search(text))


def _share(names: re.Pattern[str], sentence: Sentence, count: int) -> float:
    return min(1.0, len(set(names.findall(sentence.text))) / max(count, 1))


def _best(sentences: Sequence[Sentence], score: Callable[[Sentence], float]) -> Sentence | None:
    return max(sentences, key=lambda s: (score(s), -s.number), default=None)
