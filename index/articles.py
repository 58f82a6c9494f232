"""Files of a library folder -> checked articles, or every problem at once, by file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.article_questions import questions_file, questions_of, read_questions
from index.errors import LibraryError
from index.front_matter import ArticleFields, InvalidYaml, Problem, parse_article_fields, parse_organisations
from index.sentences import read_sentences, unknown_sources
from index.types import Article, Organisation

MAX_ARTICLE_BYTES = 5_400_000  # 5 MB of text, and its front matter
ORGANISATIONS_FILE = "organisations.yaml"
_NOT_ARTICLES = frozenset({"README.md", "LICENSE.md"})
_SHOWN_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Library:
    """Everything the index is built from: articles by slug, organisations by name, both sorted."""

    articles: tuple[Article, ...]
    organisations: tuple[Organisation, ...]


def load_library(folders: Sequence[Path]) -> Library:
    """Read every article and `organisations.yaml` of the folders; a missing folder counts as empty.

    Raises:
        LibraryError: Something is wrong with a file; the message lists every problem as `file:line: what`.
    """
    problems: list[Problem] = []
    articles: list[Article] = []
    organisations: dict[str, Organisation] = {}
    for folder in folders:
        organisations |= read_organisations(folder, problems)
        for path in article_files(folder):
            try:
                articles.append(read_article(path))
            except InvalidYaml as exc:
                problems += exc.problems
    problems += _same_slug(articles)
    problems += _missing_articles(articles)
    problems += [problem for article in articles for problem in wrong_names(article, organisations)]
    if problems:
        shown = [str(problem) for problem in problems[:_SHOWN_PROBLEMS]]
        more = len(problems) - len(shown)
        raise LibraryError("\n".join(shown + ([f"... and {more} more"] if more else [])))
    for article in articles:
        for name in _names(article):
            organisations.setdefault(name, Organisation(name))
    by_name = tuple(organisations[name] for name in sorted(organisations))
    return Library(tuple(sorted(articles, key=lambda article: article.slug)), by_name)


def article_files(folder: Path) -> list[Path]:
    """The article files of a folder, sorted; hidden files and the folder's own README are none."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.glob("*.md")
        if path.is_file() and path.name not in _NOT_ARTICLES and not path.name.startswith(".")
    )


def changed_articles(indexed: Mapping[str, str], folders: Sequence[Path]) -> list[str]:
    """What a rebuild would take in or forget: slugs of articles that are new, changed or gone, sorted.

    Args:
        indexed: Slug -> digest of the article, as the index has it.
        folders: The libraries as they are now; a file that cannot be read counts as gone.
    """
    now = {}
    for path in (path for folder in folders for path in article_files(folder)):
        with suppress(OSError):
            now[path.stem] = _digest(path.read_bytes(), _bytes_if_there(questions_file(path)))
    return sorted(slug for slug in indexed.keys() | now.keys() if indexed.get(slug) != now.get(slug))


def read_article(path: Path, *, slug: str | None = None) -> Article:
    """Read one article; its slug is the file's name unless told.

    Raises:
        InvalidYaml: Its problems; not an error for people yet, `load_library` gathers them.
    """
    try:
        path.name.encode()
    except UnicodeEncodeError as exc:
        raise InvalidYaml([Problem(path, 1, "the file's name is not UTF-8: rename the file")]) from exc
    data, text = _read_text(path)
    asked_data, asked = _read_questions(questions_file(path))
    fields, body, body_line = split_front_matter(text, path)
    slug = slug or path.stem
    if fields.slug not in (None, slug):
        raise InvalidYaml([Problem(path, 1, f"field 'slug': '{fields.slug}' is not the file's name, '{slug}'")])
    sources = fields.source_values()
    ids = [source.id for source in sources]
    problems = [
        Problem(path, 1, f"source '{i}' is defined twice") for i in sorted({i for i in ids if ids.count(i) > 1})
    ]
    if sources:
        problems += [
            Problem(path, body_line + line, f"source '{source_id}' is not listed in the front matter")
            for line, source_id in unknown_sources(body, frozenset(ids))
        ]
    sentences = read_sentences(body, frozenset(ids))
    if not sentences:
        problems.append(Problem(path, body_line, "the article has no text after its front matter"))
    if problems:
        raise InvalidYaml(problems)
    return Article(
        slug=slug,
        title=fields.title,
        path=path,
        digest=_digest(data, asked_data),
        sentences=sentences,
        published=fields.published,
        publisher=fields.publisher,
        url=fields.url,
        added=fields.added,
        sources=sources,
        alliance=fields.alliance.facts() if fields.alliance else None,
        questions=questions_of(asked, sentences),
    )


def split_front_matter(text: str, path: Path) -> tuple[ArticleFields, str, int]:
    """The checked front matter, the body, and the line number on which the body starts.

    Raises:
        InvalidYaml: No front matter, one that does not end, or one that does not fit the schema.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        what = "no front matter: the first line must be '---', then at least 'title: ...' and a second '---'"
        raise InvalidYaml([Problem(path, 1, what)])
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            fields = parse_article_fields("\n".join(lines[1:number]), path)
            return fields, "\n".join(lines[number + 1 :]), number + 2
    raise InvalidYaml([Problem(path, 1, "the front matter does not end: close it with a line '---'")])


def _read_questions(path: Path) -> tuple[bytes, dict[str, list[str]]]:
    if not path.is_file():
        return b"", {}
    data, text = _read_text(path)
    return data, read_questions(text, path)


def _bytes_if_there(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _digest(article: bytes, questions: bytes) -> str:
    return hashlib.sha256(article + questions).hexdigest()


def _read_text(path: Path) -> tuple[bytes, str]:
    try:
        size = path.stat().st_size
        if size > MAX_ARTICLE_BYTES:
            what = f"{size / 1e6:.0f} MB of text; an article holds at most {MAX_ARTICLE_BYTES // 1_000_000} MB"
            raise InvalidYaml([Problem(path, 1, what)])
        data = path.read_bytes()
    except OSError as exc:
        raise InvalidYaml([Problem(path, 1, f"cannot be read: {exc.strerror or exc}")]) from exc
    if not data.strip():
        raise InvalidYaml([Problem(path, 1, "the file is empty")])
    if b"\0" in data:
        raise InvalidYaml([Problem(path, 1, "not a text file (it holds zero bytes)")])
    try:
        return data, data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise InvalidYaml([Problem(path, line, "not UTF-8 text: save the file as UTF-8")]) from exc


def read_organisations(folder: Path, problems: list[Problem]) -> dict[str, Organisation]:
    """The organisations of a folder by canonical name; what is wrong with their file goes to `problems`."""
    path = folder / ORGANISATIONS_FILE
    if not path.is_file():
        return {}
    try:
        fields = parse_organisations(_read_text(path)[1], path)
    except InvalidYaml as exc:
        problems += exc.problems
        return {}
    return {name: Organisation(name, tuple(entry.aliases), entry.kind) for name, entry in fields.items()}


def _names(article: Article) -> Iterable[str]:
    if article.alliance:
        yield from article.alliance.founders
        yield from article.alliance.host
        for membership in article.alliance.members:
            yield membership.organisation


def _same_slug(articles: Sequence[Article]) -> list[Problem]:
    first: dict[str, Article] = {}
    return [
        Problem(article.path, 1, f"{first[article.slug].path} has the same name: rename one of the two files")
        for article in articles
        if first.setdefault(article.slug, article) is not article
    ]


def _missing_articles(articles: Sequence[Article]) -> list[Problem]:
    slugs = {article.slug for article in articles}
    return [
        Problem(article.path, 1, f"source '{source.id}': there is no article '{source.article}'")
        for article in articles
        for source in article.sources
        if source.article and source.article not in slugs
    ]


def wrong_names(article: Article, organisations: Mapping[str, Organisation]) -> list[Problem]:
    """Organisations under another name than their canonical one would split one member into two."""
    canonical = {alias: name for name, entry in organisations.items() for alias in entry.aliases}
    return [
        Problem(
            article.path,
            1,
            f"'{name}' is another name of '{canonical[name]}': use that one in the front matter",
        )
        for name in dict.fromkeys(_names(article))
        if name in canonical and name not in organisations
    ]
