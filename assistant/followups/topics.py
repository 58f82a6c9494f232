"""The topic of a talk about anything at all, and follow-ups made whole with it.

Used only where the talk names nothing that the catalogue knows: "What is deep learning?", "Who invented it?".

1. A question's topic is its weightiest noun phrase: one with a name in it, or the object of "of", "about" ...
2. It stays the topic while later questions speak of it, and gives way to the next weighty phrase.
3. It takes the place of a pronoun, unless the question has a weighty phrase of its own before it.

There is no parser: a noun phrase is a run of words that are neither function words nor common verbs and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.words import FUNCTION_WORDS, word_set

ENOUGH = 2.0  # weight from which a phrase is a new topic
OWN = 1.5  # weight from which a phrase before a pronoun may be what the pronoun means
MAX_BARE_WORDS = 3

# Words that end a noun phrase though they are no function words: common verbs, and nouns that say little.
_EVERYDAY_WORDS = word_set(
    """go going get getting got use used using work works worked working need needs needed mean means help helps find
    want wanted know think thought start started stop stopped keep consider considered cause caused causes affect
    affected look looking see seen hear heard talk talking speaking learn understand try tried add create created
    change changed play played eat die died live lived lives build built buy choose care believe call allow allowed
    replace prevent treat treated protect include includes increase reduce spread develop developed influence begin
    begins began continue continued respond responded handle manage said saying ban banned carry carried offer
    offers offered fail provide provides appear contain contains serve served move moved drink break broke broken
    write wrote written recover run runs running earn plan let better best good bad main important common different
    popular typical new first second last many long old big great right wrong sure interesting ok okay yes oh wow hi
    hello thanks thank thing things way ways example examples type types kind kinds lot detail details information
    possible available likely effective anything something someone everyone nothing people person known famous else
    even still instead back ago done cost costs"""
)
_ENDS = FUNCTION_WORDS | _EVERYDAY_WORDS
_OWNERS = word_set("a an the your my our his her their its this that these those any some")
_POINTING = word_set("the this that these those")
_PREPOSITIONS = word_set("of for in about to with on between from")
_AUXILIARIES = word_set("is are was were do does did can could")
_WORD = re.compile(r"[A-Za-z0-9][\w'’.&-]*\w|\w")
_OF_IT = re.compile(r"['’]s$")

_PRONOUN = re.compile(
    r"\b(?:(?P<whose>(?:its|their|his|her)(?= (?!as\b|to\b|and\b|in\b)\w))"
    r"|(?:it|they|them|this one|that one|he|she|him)(?!['’]))\b",
    re.IGNORECASE,
)
_HE_OR_SHE = word_set("he she him his her")
_THERE = re.compile(r"(?<!\bis )(?<!\bare )(?<=[a-z] )there(?=\s*[?.!,]|$)", re.IGNORECASE)
_ONES = re.compile(
    r"\b(?!(?:which|this|that|each|no|any|every|the|first|second|last|next|only|other|new|another|same|a|of) )[a-z-]+ "
    r"(?P<ones>ones?)\b",
    re.IGNORECASE,
)
_PART_OF_IT = re.compile(
    r"(?:ok[.,]? |and |so )?(?:what|who)(?:['’]s| is| are| was| were) (?:the|some) ", re.IGNORECASE
)
_COMPLEMENT = re.compile(
    r"\b(?:for|in|with|on|between|to|from|by|about|vs|than|other|ones?|that|i|you|we|my|your)\b", re.IGNORECASE
)
_EMPTY_IT = re.compile(
    r"\bit (?:seems?|sounds?|looks?|takes?|appears?)\b|\b(?:is|was|would|isn['’]t) it (?:\w+ ){0,2}(?:to|that)\b"
    r"|\b(?:is|was|isn['’]t) it (?:too|ok|okay|possible|true|normal)\b|\bworth it\b"
    r"|\bit(?:['’]s| is| was) (?:\w+ )?\w+ (?:to|that)\b|\bdoes it take\b|\bis it because\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?!(?:any|some|other|and|or|but|in|on|for|to|of|with|the|whos?|whats?|when|where|why|how|which|is|are|was|were|do|does"
    r"|did|can|could|has|have|will|would|should|tell|ok|okay|yes|no|thanks?|anything|more)\b)[\w'’-]+(?: [\w'’-]+)*",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(r"^(?:what (?:is|are|was)|what['’]s|tell me about|explain|describe) (?:the )?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase, where it starts, and how likely it is what the question is about."""

    weight: float
    start: int
    text: str
    before: str

    @property
    def is_person(self) -> bool:
        """True for two or more words in capitals: "Bernie Sanders"; many things look like this as well."""
        found = self.text.split()
        return len(found) >= 2 and all(word[0].isupper() for word in found)


def put_topic(question: str, earlier: Sequence[str]) -> str:
    """The question with the topic of the talk in the place of its pronoun.

    Args:
        question: As typed.
        earlier: The questions before it, made whole, oldest first.
    """
    topics = _topics(earlier)
    if not topics:
        return question
    whole = question if _speaks_of(question, topics[-1]) else _with_topic(question, topics)
    whole = _spelt_out(whole, earlier)
    is_bare = _BARE.fullmatch(whole) and len(whole.split()) <= MAX_BARE_WORDS
    return f"What is {whole}?" if is_bare else whole


def named_thing(question: str) -> str | None:
    """The thing with a name that a question wants to have explained: "What is Project Tapestry?"."""
    lead = _WHAT_IS.match(question)
    thing = question[lead.end() :].strip(" ?.!") if lead else ""
    is_name = 2 <= len(thing.split()) <= 5 and all(word[0].isupper() for word in thing.split())
    return thing if is_name else None


def _with_topic(question: str, topics: Sequence[_Phrase]) -> str:
    topic = topics[-1].text
    empty = _EMPTY_IT.search(question)
    pronouns = (m for m in _PRONOUN.finditer(question) if not (empty and empty.start() <= m.start() < empty.end()))
    if pronoun := next(pronouns, None):
        if any(phrase.weight >= OWN for phrase in _phrases(question[: pronoun.start()])):
            return question
        if pronoun[0].lower() in _HE_OR_SHE:
            topic = next((found.text for found in reversed(topics) if found.is_person), topic)
            if topic.islower():
                return question
        return _put(question, pronoun.span(), f"{topic}'s" if pronoun["whose"] else topic)
    if there := _THERE.search(question):
        return _put(question, there.span(), f"in {topic}")
    if ones := _ONES.search(question):
        return _put(question, ones.span("ones"), topic.removeprefix("the "))
    if not empty and _asks_for_part(question):
        joint = "in" if re.search(r"\bof\b", question, re.IGNORECASE) else "of"
        return f"{question.rstrip(' ?.!')} {joint} {topic}?"
    return question


def _spelt_out(question: str, earlier: Sequence[str]) -> str:
    """The question with the full name of "the A380" that was called "Airbus A380" before."""
    known = [phrase.text for text in reversed(earlier) for phrase in _phrases(text)]
    for phrase in _phrases(question):
        noun = phrase.text.removeprefix("the ")
        is_name = noun[0].isupper() and phrase.start > 0
        full = next((text.removeprefix("the ") for text in known if text.lower().endswith(f" {noun.lower()}")), "")
        is_again = all(word[0].isupper() for word in full.split()) if is_name else phrase.before in _POINTING
        if full.count(" ") and is_again and " " not in noun:
            return question[: phrase.start] + full + question[phrase.start + len(noun) :]
    return question


def _asks_for_part(question: str) -> bool:
    """True for "What are the pros and cons?", "What was the role of slavery?", which leave out of what."""
    is_part = _PART_OF_IT.match(question) and not _COMPLEMENT.search(question)
    return bool(is_part) and not _phrases_with_names(question)


def _put(question: str, span: tuple[int, int], text: str) -> str:
    whole = question[: span[0]] + text + question[span[1] :]
    return whole[0].upper() + whole[1:] if question[0].isupper() else whole


def _topics(earlier: Sequence[str]) -> list[_Phrase]:
    """The topics of the talk in the order in which they came up; one that comes up again is the newest."""
    topics: list[_Phrase] = []
    for question in earlier:
        again = [topic for topic in topics if _speaks_of(question, topic)]
        best = max(_phrases(question), key=lambda phrase: (phrase.weight, phrase.start), default=None)
        if again:
            topics.append(again[-1])
        elif best and (best.weight >= ENOUGH or not topics):
            topics.append(best)
    return topics


def _speaks_of(question: str, topic: _Phrase) -> bool:
    """True if the question holds each word of the topic, whatever its ending."""
    beginnings = {word[:5] for word in re.findall(r"\w+", question.lower())}
    return all(word[:5] in beginnings for word in re.findall(r"\w+", topic.text.removeprefix("the ").lower()))


def _phrases_with_names(question: str) -> list[_Phrase]:
    return [p for p in _phrases(question) if p.start > 0 and any(word[0].isupper() for word in p.text.split())]


def _phrases(text: str) -> list[_Phrase]:
    return [phrase for run, before in _runs(text) if (phrase := _phrase(run, before))]


def _runs(text: str) -> Iterator[tuple[list[re.Match[str]], str]]:
    """Runs of words without a stop or a word that ends a phrase between them, with the word before each."""
    run: list[re.Match[str]] = []
    before = last = ""
    for place, match in enumerate(_WORD.finditer(text)):
        word = _OF_IT.sub("", match[0].lower())
        if run and text[run[-1].end() : match.start()].strip():
            yield run, before
            run = []
        is_name = match[0][0].isupper() and place > 0 and word not in FUNCTION_WORDS
        is_end = (word in _ENDS or word.endswith("ly") or "n't" in word or word.isdigit()) and not is_name
        if not is_end:
            before = before if run else last
            run.append(match)
        if run and (is_end or _OF_IT.search(match[0])):
            yield run, before
            run = []
        last = match[0].lower()
    if run:
        yield run, before


def _phrase(run: Sequence[re.Match[str]], before: str) -> _Phrase:
    """Weigh a run of words; a participle at its end is no part of it ("sheltered rooms designated")."""
    words = [match[0] for match in run]
    while len(words) > 1 and words[-1].endswith("ed") and words[-1][0].islower():
        words.pop()
    start = run[0].start()
    weight = 0.4 * min(len(words), 3) - 0.8 * (start == 0)
    weight += 1.5 * (before in _PREPOSITIONS) + 1.0 * (before in _OWNERS) + 1.2 * (before in _AUXILIARIES)
    weight += 1.5 * (start > 0 and any(word[0].isupper() for word in words))
    weight -= 0.6 * (len(words) == 1 and words[0].endswith(("ing", "ed")))
    text = _OF_IT.sub("", " ".join(words))
    return _Phrase(weight, start, f"the {text}" if before == "the" else text, before)
