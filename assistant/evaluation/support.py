"""Which shown sentences say more than what they cite: measured from the articles' files, without the assistant's check.

Every name (word with a capital), number and date of a sentence must stand in what its citations point to:

1. in the quotes, or in the title or a name of a cited article or of the body that it describes;
2. for an exact answer, which is put together from facts, names and dates may also be in the facts of the cited
   articles' front matter, and a number may be derived: how many things it lists, or, where it lists none, how many
   founders, hosts, members or events such a front matter has;
3. an organisation or body that is named there may be called by any of the names that the library gives it.

Not counted against a sentence:

- what it says the articles do not tell ("The articles do not name Apple among ...; "): nothing is claimed of it, and
  whether it is true is for the question's expected answer to say;
- what the heading of an exact answer's list repeats from the question or takes from any of the answer's citations
  ("The articles name 3 bodies founded since 2024:"), and a total beside the right number of what is shown of it;
- the first word of a sentence, a line or a cell, if the articles write it in small letters, too.

A date may be told less exactly than its source. What stands in an answer outside of its sentences must be in what the
whole answer cites. This does not see a wrong verb, nor right names in wrong roles: those are for the expected answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.evaluation.judge import folded
from assistant.types import Answer, CheckedSentence
from assistant.words import FUNCTION_WORDS
from index.articles import Library
from index.dates import Period, find_periods
from index.fact_sentences import names_pattern, spoken_date
from index.types import Alliance, Article

_SPELLED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty""".split()
_SPELLED_NUMBERS = {word: str(value) for value, word in enumerate(_SPELLED) if value > 1}  # "one" is a pronoun, too
_SCALES = frozenset(("hundred", "thousand", "million", "billion", "trillion"))
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_STARTS = re.compile(r"(?:^|[-|:.“\"(])\s*([^\W\d_]+)", re.MULTILINE)
_NOT_TOLD = re.compile(r"[^.;:\n]*\barticles do not\b[^.;:\n]*", re.IGNORECASE)
_CITATION = re.compile(r"\[\d+\]")
_NO_NAMES = frozenset(("Yes", "No"))


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A sentence that was shown, and what of it is not in what it cites."""

    sentence: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """The words (folded), numbers and days that a text tells."""

    words: frozenset[str]
    numbers: frozenset[str]
    periods: tuple[Period, ...]

    @classmethod
    def by(cls, text: str) -> _Told:
        words = frozenset(_WORD.findall(folded(text)))
        spelled = {_SPELLED_NUMBERS[word] for word in words & _SPELLED_NUMBERS.keys()}
        periods = tuple(period for _, _, period in find_periods(text))
        return cls(words, frozenset(map(_plain_number, _NUMBER.findall(text))) | spelled, periods)


@dataclass(frozen=True)
class Support:
    """Finds what an answer says beyond its citations, by the articles of a library."""

    library: Library

    def unsupported(self, answer: Answer, asked: Sequence[str] = ()) -> tuple[Unsupported, ...]:
        """The sentences of an answer with a name, a number or a date that what they cite does not hold.

        Args:
            answer: What was shown.
            asked: The turns of the conversation that it answers.
        """
        shown = [*answer.sentences, *_outside(answer)]
        found = ((sentence.text, self._missing(sentence, answer, asked)) for sentence in shown)
        return tuple(Unsupported(text, tuple(missing)) for text, missing in found if missing)

    def _missing(self, sentence: CheckedSentence, answer: Answer, asked: Sequence[str]) -> list[str]:
        if not sentence.citations:
            return ["a citation"]
        is_exact = answer.kind == "exact"
        is_heading = is_exact and sentence.text.endswith(":")
        cited = [one for one in answer.citations if is_heading or one.number in sentence.citations]
        articles = [self._articles[slug] for slug in sorted({one.slug for one in cited} & self._articles.keys())]
        texts = [part for one in cited for part in (one.quote, one.title)]
        texts += [name for article in articles for name in _names(article)]
        texts += asked if is_heading else ()
        told = self._told("\n".join(texts))
        text = _CITATION.sub("", _NOT_TOLD.sub("", sentence.text))
        if is_exact:
            facts = self._told("\n".join(fact for article in articles for fact in _facts(article.alliance)))
            counts = self._counts(sentence, answer, articles)
            if is_heading and counts & set(_NUMBER.findall(text)):  # what is shown is counted rightly: a total, too
                counts.update(_NUMBER.findall(text))
            told = _Told(told.words | facts.words, told.numbers | counts, told.periods + facts.periods)
        return [*self._beyond(text, told)]

    def _told(self, text: str) -> _Told:
        """What a text tells, with all names of those whom it names."""
        names = set(self._pattern.findall(text))
        return _Told.by("\n".join([text, *(other for name in names for other in self._other_names[name])]))

    def _beyond(self, text: str, told: _Told) -> Iterator[str]:
        """The dates, numbers and names of a text that are not told."""
        rest = text
        for start, end, period in reversed(list(find_periods(text))):
            if not any(period.first <= other.first and other.last <= period.last for other in told.periods):
                yield text[start:end]
            rest = rest[:start] + " " + rest[end:]
        numbers = {found: _plain_number(found) for found in _NUMBER.findall(rest)}
        small_words = {word: folded(word) for word in _WORD.findall(rest)}
        numbers |= {word: _SPELLED_NUMBERS[small] for word, small in small_words.items() if small in _SPELLED_NUMBERS}
        yield from (found for found, plain in numbers.items() if plain not in told.numbers)
        in_names = {word for name in self._pattern.findall(rest) for word in _WORD.findall(name)}  # "fast.ai"
        starts = {word for word in _STARTS.findall(rest) if folded(word) in self._small_words} - in_names | _NO_NAMES
        for word, small in small_words.items():
            is_name = (word != word.lower() or word in in_names) and word not in starts
            if (is_name or small in _SCALES) and not told.words.issuperset(_WORD.findall(small)):
                yield word

    def _counts(self, sentence: CheckedSentence, answer: Answer, articles: Sequence[Article]) -> set[str]:
        """How many things an exact answer lists in this sentence or in its lines, or else its articles' facts."""
        lines = [line.text for line in answer.sentences if line.text.startswith("- ")]
        listed = [sentence.text.partition(": ")[2]]
        listed += ["\n".join(line.partition(": ")[2] for line in lines)] if sentence.text.endswith(":") else []
        if not any(listed) and not (lines and sentence.text.endswith(":")):
            return {str(size) for article in articles for size in _sizes(article.alliance)}
        return {str(len(lines)), *(str(len(set(self._pattern.findall(text)))) for text in listed)}

    @cached_property
    def _articles(self) -> dict[str, Article]:
        return {article.slug: article for article in self.library.articles}

    @cached_property
    def _other_names(self) -> dict[str, tuple[str, ...]]:
        known = [(entry.name, *entry.aliases) for entry in self.library.organisations]
        known += [(body.name, *body.aliases) for article in self.library.articles if (body := article.alliance)]
        others: dict[str, tuple[str, ...]] = {}
        for names in known:
            for name in names:
                others[name] = (*others.get(name, ()), *names)
        return others

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return names_pattern(list(self._other_names) or ["\0"])

    @cached_property
    def _small_words(self) -> frozenset[str]:
        texts = (sentence.text for article in self.library.articles for sentence in article.sentences)
        return FUNCTION_WORDS.union(word for text in texts for word in _WORD.findall(text) if word == word.lower())


def _outside(answer: Answer) -> list[CheckedSentence]:
    """What the answer's text holds besides its sentences, as a sentence that rests on all citations."""
    rest = answer.text
    for sentence in answer.sentences:
        rest = rest.replace(sentence.text, " ", 1)
    rest = " ".join(_CITATION.sub(" ", rest).split())
    if not answer.citations or not rest:
        return []
    return [CheckedSentence(rest, tuple(citation.number for citation in answer.citations))]


def _names(article: Article) -> Sequence[str]:
    return [article.title, *((article.alliance.name, *article.alliance.aliases) if article.alliance else ())]


def _facts(body: Alliance | None) -> list[str]:
    """The facts of a front matter as text, its dates as they are spoken."""
    if body is None:
        return []
    texts = [body.kind, body.status, *body.founders, *body.host]
    texts += [part for member in body.members for part in (member.organisation, member.role)]
    texts += [event.what for event in body.events] + [figure.what for figure in body.figures]
    dates = [body.founded, *(event.date for event in body.events), *(figure.as_of for figure in body.figures)]
    dates += [date for member in body.members for date in (member.since, member.as_of, member.until)]
    return [*texts, *(spoken_date(date) for date in dates if date)]


def _sizes(body: Alliance | None) -> list[int]:
    """How many of everything a front matter names."""
    if body is None:
        return []
    present = {member.organisation for member in body.members if not member.until}
    every = {member.organisation for member in body.members}
    founders = set(body.founders) | {member.organisation for member in body.members if member.role == "founder"}
    return [len(body.host), len(body.events), len(founders), len(present), len(every), len(every | founders)]


def _plain_number(text: str) -> str:
    return text.replace(",", "")
