"""What is wrong with an article, by file and line: for whoever writes one, before it is in the library.

1. What would keep it out of the index: front matter that does not fit the schema, unknown sources, wrong names.
2. For an article that lists sources: a sentence without a source, a source that nothing refers to, a sentence that
   cannot be quoted alone.
3. For an article about an alliance: a fact of the front matter that no sentence tells, and so is never shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from index.article_questions import questions_file, read_questions, unknown_beginnings
from index.articles import article_files, read_article, read_organisations, wrong_names
from index.errors import LibraryError
from index.fact_sentences import (
    event_sentence,
    figure_sentence,
    founder_sentence,
    founding_sentence,
    host_sentence,
    member_sentence,
    names_pattern,
    spoken_date,
)
from index.front_matter import InvalidYaml, Lines, Problem, read_yaml
from index.types import Alliance, Article, Membership, Organisation, Sentence

MAX_WORDS = 1_000  # of the body: longer articles are better split
# A sentence is quoted alone: these words would stand for something that is not quoted with it.
_POINTS_BACK = re.compile(
    r"(It|Its|They|Their|This|That|These|Those|He|She|His|Her|Such|Here|There|Both|However|But|And|Also)\b"
)
_WHOLE = re.compile(r"[\"“]?[^\W_].*[.!?][\"”)]?")
_LEAVING = re.compile(r"\b(left|leave|leaving|no longer|withdr\w+|never joined)\b", re.IGNORECASE)


def check_articles(paths: Sequence[Path], libraries: Sequence[Path]) -> tuple[int, list[Problem]]:
    """Check articles, alone and beside each other.

    Args:
        paths: Article files, or folders of them.
        libraries: Folders whose `organisations.yaml` says which names are canonical.

    Returns:
        (number of articles looked at, their problems in the order of the files).

    Raises:
        LibraryError: A path does not exist.
    """
    problems: list[Problem] = []
    organisations: dict[str, Organisation] = {}
    for folder in dict.fromkeys([*libraries, *(path for path in paths if path.is_dir())]):
        organisations |= read_organisations(folder, problems)
    files = [file for path in paths for file in _files(path)]
    for file in files:
        problems += check_article(file, organisations)
    return len(files), problems


def check_article(path: Path, organisations: Mapping[str, Organisation]) -> list[Problem]:
    """The problems of one article, in the order of its lines; none of them is an exception."""
    try:
        article = read_article(path)
    except InvalidYaml as exc:
        return exc.problems
    places = _Places(path)
    problems = [*wrong_names(article, organisations), *_check_questions(article)]
    if article.sources:
        problems += _check_sources(article, places)
        problems += _check_sentences(article, places)
    if article.alliance:
        problems += _check_alliance(article, article.alliance, organisations, places)
    return sorted(problems, key=lambda problem: problem.line)


def _check_questions(article: Article) -> Iterator[Problem]:
    path = questions_file(article.path)
    if path.is_file():
        asked = read_questions(path.read_text(encoding="utf-8-sig"), path)
        for beginning in unknown_beginnings(asked, article.sentences):
            yield Problem(path, 1, f"no sentence of {article.path.name} begins with '{beginning}'")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return article_files(path)
    if not path.exists():
        raise LibraryError(f"{path}: there is no such file or folder")
    return [path]


class _Places:
    """Where things stand in the file of an article that can be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = path.read_text(encoding="utf-8-sig")
        front_matter = self._text.split("\n---", 1)[0].removeprefix("---\n")
        self._lines: Lines = read_yaml(front_matter, path, 2)[1]

    def field(self, message: str, *where: str | int) -> Problem:
        """A problem of a field of the front matter, such as ("alliance", "founders", 0)."""
        return Problem(self._path, self._lines.get(where, 1), message)

    def members(self) -> list[tuple[str | int, ...]]:
        """The field of each membership, in the order of the front matter."""
        return [
            where
            for where in self._lines
            if where[:2] == ("alliance", "members") and where[3:4] == ("names",) and len(where) == 5
        ]

    def sentence(self, message: str, sentence: Sentence) -> Problem:
        """A problem of a sentence; its place is where its first words stand, whatever marks are between them."""
        words = re.findall(r"\w+", sentence.text)[:8]
        found = re.search(r"\W+".join(map(re.escape, words)), self._text[self._text.find("\n---") :]) if words else None
        line = self._text.count("\n", 0, self._text.find("\n---") + found.start()) + 1 if found else 1
        return Problem(self._path, line, f"{message}: {sentence.text[:80]!r}")


def _check_sources(article: Article, places: _Places) -> Iterator[Problem]:
    used = {source_id for sentence in article.sentences for source_id in sentence.source_ids}
    for number, source in enumerate(article.sources):
        if source.id not in used:
            yield places.field(f"no sentence refers to the source '{source.id}'", "sources", number)
        if source.date and article.published and source.date > article.published:
            yield places.field(f"the source '{source.id}' appeared after the article", "sources", number)
    for sentence in article.sentences:
        if not sentence.source_ids:
            yield places.sentence("a sentence without a source", sentence)


def _check_sentences(article: Article, places: _Places) -> Iterator[Problem]:
    counts = Counter(sentence.text for sentence in article.sentences)
    for sentence in article.sentences:
        if word := _POINTS_BACK.match(sentence.text):
            yield places.sentence(
                f"'{word[0]}' points back: name what is meant, for the sentence is quoted alone", sentence
            )
        if not _WHOLE.fullmatch(sentence.text):
            yield places.sentence("not a whole sentence", sentence)
        if counts.pop(sentence.text, 1) > 1:
            yield places.sentence("stands in the article twice", sentence)


def _check_alliance(
    article: Article, alliance: Alliance, organisations: Mapping[str, Organisation], places: _Places
) -> Iterator[Problem]:
    if alliance.name not in article.title and article.title not in alliance.name:
        yield places.field(f"the title does not hold the alliance's name, '{alliance.name}'", "title")
    words = sum(len(sentence.text.split()) for sentence in article.sentences)
    if words > MAX_WORDS:
        yield places.field(
            f"{words} words; an article has at most {MAX_WORDS:,}: split it, or leave out what matters least"
        )
    yield from _check_founding(article, alliance, organisations, places)
    yield from _check_members(article, alliance, organisations, places)
    for i, event in enumerate(alliance.events):
        if event_sentence(article, event) is None:
            day = spoken_date(event.date)
            yield places.field(f"no sentence tells '{event.what}' with its date, '{day}'", "alliance", "events", i)
    for i, figure in enumerate(alliance.figures):
        if figure_sentence(article, figure) is None:
            when = f" and its year, {figure.as_of[:4]}" if figure.as_of else ""
            message = f"no sentence tells '{figure.what}' with its value, '{figure.value}'{when}"
            yield places.field(message, "alliance", "figures", i)


def _check_founding(
    article: Article, alliance: Alliance, organisations: Mapping[str, Organisation], places: _Places
) -> Iterator[Problem]:
    own = names_pattern([alliance.name, *alliance.aliases])
    if alliance.founded:
        told = founding_sentence(article, alliance)
        if told is None or not own.search(told.text):
            day = spoken_date(alliance.founded)
            message = f"no sentence tells the founding date, '{day}', with the alliance's name"
            yield places.field(message, "alliance", "founded")
    for i, name in enumerate(alliance.founders):
        if founder_sentence(article, alliance, _spellings(name, organisations)) is None:
            yield places.field(f"no sentence tells that '{name}' founded it", "alliance", "founders", i)
    for i, name in enumerate(alliance.host):
        if host_sentence(article, alliance, _spellings(name, organisations)) is None:
            yield places.field(f"no sentence tells that '{name}' hosts it", "alliance", "host", i)


def _check_members(
    article: Article, alliance: Alliance, organisations: Mapping[str, Organisation], places: _Places
) -> Iterator[Problem]:
    rows = Counter((m.organisation, m.role, m.as_of, m.until) for m in alliance.members)
    for member, place in zip(alliance.members, places.members(), strict=True):
        name = member.organisation
        told = member_sentence(article, alliance, member, _spellings(name, organisations))
        if told is None:
            yield places.field(f"no sentence names '{name}'", *place)
            continue
        if rows.pop((name, member.role, member.as_of, member.until), 1) > 1:
            yield places.field(f"'{name}' is listed twice as {member.role}", *place)
        if _LEAVING.search(told.text) and not member.until:
            yield places.sentence(f"'{name}' is listed as {member.role}, but the sentence tells of leaving", told)
        yield from _check_member_dates(article, member, _spellings(name, organisations), places, place)


def _check_member_dates(
    article: Article, member: Membership, spellings: Sequence[str], places: _Places, place: tuple[str | int, ...]
) -> Iterator[Problem]:
    if member.as_of and member.until and member.until[: len(member.as_of)] < member.as_of:
        yield places.field(f"'{member.organisation}' had left before the day of `as_of`", *place)
    named = names_pattern(spellings)
    told = " ".join(sentence.text for sentence in article.sentences if named.search(sentence.text))
    if member.since and spoken_date(member.since) not in told:
        when = spoken_date(member.since)
        yield places.field(f"no sentence tells that '{member.organisation}' joined in '{when}'", *place)
    if member.as_of and member.as_of[:4] not in told:
        year = member.as_of[:4]
        yield places.field(f"no sentence that names '{member.organisation}' tells the year of `as_of`, {year}", *place)


def _spellings(name: str, organisations: Mapping[str, Organisation]) -> tuple[str, ...]:
    return (name, *organisations[name].aliases) if name in organisations else (name,)
