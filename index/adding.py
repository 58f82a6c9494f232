"""Taking a user's file into the user's library folder: Markdown and plain text, each as one article.

A file with front matter is taken as it is, once it passes the same checks as every article. Without one, a
front matter is written: the title is the first line when that looks like a title, else the file's name. Nothing
is written before everything about the file is known to be right.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from charset_normalizer import from_bytes

from index.articles import MAX_ARTICLE_BYTES, article_files, read_article, read_organisations, wrong_names
from index.errors import IndexNotWritten, LibraryError
from index.front_matter import InvalidYaml
from index.sentences import clean_text
from index.types import Organisation

SUFFIXES = (".md", ".txt")
MAX_SLUG_CHARS = 100
_ENCODING_SAMPLE_BYTES = 64_000
_MAX_UTF8_MISTAKES = 0.2  # of the characters beyond ASCII
_WESTERN = "cp1252"  # of Windows; latin-1 is a part of it
_COHERENCE_MARGIN = 0.1  # Swedish needs 0.09, Turkish is 0.11 apart
_FRONT_MATTER_START = re.compile(r"\A---[ \t]*\n")
_SLUG_FIELD = re.compile(r"\A(---[ \t]*\n(?:(?!---[ \t]*\n).*\n)*?)slug:.*\n")
_NO_TITLE = "no front matter and no '# Title' line: start the file with '---', 'title: ...', '---', or save it as .txt"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file. `slug` is the article's name, None when refused; then `reason` says why."""

    path: Path
    slug: str | None
    action: Literal["added", "replaced", "unchanged", "refused"]
    reason: str | None = None


def add_files(paths: Sequence[Path], own_library: Path, shipped_library: Path) -> list[Added]:
    """Take files into the user's library; a refused file does not keep the others out.

    Args:
        paths: Files to add.
        own_library: The user's library folder; made if missing.
        shipped_library: Its names are taken: a file of the same name gets `-added` behind it.

    Raises:
        IndexNotWritten: The library folder cannot be written to.
    """
    taken = {path.stem for path in article_files(shipped_library)}
    # What is wrong with organisations.yaml itself, the next build says.
    organisations = read_organisations(shipped_library, []) | read_organisations(own_library, [])
    written: dict[str, Path] = {}
    results = []
    for path in paths:
        try:
            slug, text = _article_text(path, taken)
            if written.get(slug, path).resolve() != path.resolve():
                raise LibraryError(f"{path}: {written[slug]} has the same name: rename one of the two files")
            action = _write(own_library / f"{slug}.md", text, path, organisations)
            written[slug] = path
            results.append(Added(path, slug, action))
        except LibraryError as exc:
            results.append(Added(path, None, "refused", str(exc)))
    return results


def _article_text(path: Path, taken: set[str]) -> tuple[str, str]:
    """(slug, Markdown with front matter)."""
    if path.suffix.lower() not in SUFFIXES:
        raise LibraryError(f"{path}: only {' and '.join(SUFFIXES)} files can be added; save its text as .txt")
    text = _decode(path)
    has_front_matter = _FRONT_MATTER_START.match(text)
    if path.suffix.lower() == ".md" and not has_front_matter and not re.search(r"^# \S", text, re.MULTILINE):
        raise LibraryError(f"{path}:1: {_NO_TITLE}")
    slug = _slug(path)
    if slug in taken:
        slug += "-added"
    if has_front_matter:
        return slug, _SLUG_FIELD.sub(rf"\1slug: {slug}\n", text)
    return slug, _with_front_matter(text, path)


def _decode(path: Path) -> str:
    """The file as text: UTF-8, or what charset-normalizer makes of it."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise LibraryError(f"{path}: not a file; name the files one by one")
        if size > MAX_ARTICLE_BYTES:
            raise LibraryError(
                f"{path}: {size / 1e6:.0f} MB; an article holds at most {MAX_ARTICLE_BYTES // 1_000_000} MB"
            )
        data = path.read_bytes()
    except OSError as exc:
        raise LibraryError(f"{path}: cannot be read: {exc.strerror or exc}") from exc
    if not data.strip():
        raise LibraryError(f"{path}: the file is empty")
    text = data.decode("utf-8-sig", errors="replace")
    # In another encoding, nearly every letter beyond ASCII is a mistake; in damaged UTF-8, few are.
    if text.count("\ufffd") > _MAX_UTF8_MISTAKES * sum(not char.isascii() for char in text):
        encoding = _guess_encoding(data[:_ENCODING_SAMPLE_BYTES])
        if encoding is None:
            raise LibraryError(f"{path}: not a text file, or in an unknown encoding: save it as UTF-8")
        text = data.decode(encoding, errors="replace")
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\n\r\t\f" for char in text)
    if controls or text.count("\ufffd") > len(text) / 100:
        raise LibraryError(f"{path}: not a text file (it holds control characters): save its text as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess_encoding(data: bytes) -> str | None:
    guesses = from_bytes(data)
    best = guesses.best()
    # Charset-normalizer often takes "è" of Western Europe for "č" of its neighbours: where both fit, take the West.
    western = next((guess for guess in guesses if _WESTERN in guess.could_be_from_charset), None)
    if best and western and western.coherence > best.coherence - _COHERENCE_MARGIN:
        return _WESTERN
    return best.encoding if best else None


def _with_front_matter(text: str, path: Path) -> str:
    lines = text.strip().split("\n")
    first = clean_text(lines[0].lstrip("# "))
    is_title = lines[0].startswith("# ") or (
        len(first) <= 150 and len(lines) > 1 and not first.endswith((".", "!", ";", ","))
    )
    name = clean_text(re.sub(r"[-_]", " ", path.stem))
    title = (first if is_title else "") or name[:1].upper() + name[1:] or "Article"
    body = "\n".join(lines[1:] if is_title else lines).strip()
    if path.suffix.lower() == ".txt":
        body = _as_markdown(body)
    fields = {"title": title, "added": date.today().isoformat(), "file": clean_text(path.name)}
    front_matter = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=1000)
    # dates are plain words in our schema, so the quotes that YAML puts round them may stay
    return f"---\n{front_matter}---\n\n{body}\n"


def _as_markdown(text: str) -> str:
    """Plain text as Markdown that reads the same: marks are escaped, title-like lines above text are headings."""
    blocks = [[line.strip() for line in block.split("\n")] for block in re.split(r"\n\s*\n", text)]
    titles = [_is_title_like(block) for block in blocks]
    return "\n\n".join(
        ("## " if title and not next_title else "") + "\n".join(map(_escape, block))
        for block, title, next_title in zip(blocks, titles, [*titles[1:], True], strict=True)
    )


def _is_title_like(block: Sequence[str]) -> bool:
    line = block[0]
    return (
        len(block) == 1
        and len(line.split()) > 1
        and len(line) <= 100
        and line[0] not in "#-+>|"
        and line[-1] not in ".!?:;,\"”'"
    )


def _escape(line: str) -> str:
    line = re.sub(r"([\\`*_\[\]<&])", r"\\\1", line)
    line = re.sub(r"^(\d{3,})([.)])", r"\1\\\2", line)  # a year; shorter numbers count the items of a list
    return re.sub(r"^([#>+~=|-])(?! )", r"\\\1", line)


def _slug(path: Path) -> str:
    """The file's name in a-z, 0-9 and hyphens; what that leaves out, a hash stands for."""
    decomposed = unicodedata.normalize("NFKD", path.stem)
    plain = re.sub(r"[^a-z0-9]+", "-", decomposed.encode("ascii", "ignore").decode().lower()).strip("-")
    lost = any(not char.isascii() and unicodedata.category(char)[0] in "LNC" for char in decomposed)
    if plain and not lost and len(plain) <= MAX_SLUG_CHARS:
        return plain
    digest = hashlib.sha256(path.stem.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{plain[: MAX_SLUG_CHARS - 9].strip('-') or 'article'}-{digest}"


def _write(
    target: Path, text: str, source: Path, organisations: Mapping[str, Organisation]
) -> Literal["added", "replaced", "unchanged"]:
    """Write under a temporary name, check what was written as every article is checked, then rename."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        existed = target.exists()
        if existed and _same_article(target.read_text(encoding="utf-8", errors="replace"), text):
            return "unchanged"
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            partial.write_text(text, encoding="utf-8")
            problems = wrong_names(read_article(partial, slug=target.stem), organisations)
            if problems:
                raise InvalidYaml(problems)
            os.replace(partial, target)
        except InvalidYaml as exc:
            told = "; ".join(f"line {problem.line}: {problem.message}" for problem in exc.problems)
            raise LibraryError(f"{source}: {told}") from exc
        finally:
            partial.unlink(missing_ok=True)
    except OSError as exc:
        raise IndexNotWritten(f"{target.parent} cannot be written to: {exc.strerror or exc}") from exc
    return "replaced" if existed else "added"


def _same_article(old: str, new: str) -> bool:
    """True when nothing but the day of adding differs."""
    without_day = re.compile(r"^added: .*\n", re.MULTILINE)
    return without_day.sub("", old, count=1) == without_day.sub("", new, count=1)
