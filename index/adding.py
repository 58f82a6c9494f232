"""Taking a user's file into the user's library folder: Markdown and plain text, each as one article.

A file with front matter is taken as it is, once it passes the same checks as every article. Without one, a front
matter is written: the title is the first line when that looks like a title, else the file's name. Nothing is
written before everything about the file is known to be right.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from charset_normalizer import from_bytes

from index.articles import MAX_ARTICLE_BYTES, article_files, read_article
from index.errors import IndexNotWritten, LibraryError
from index.front_matter import InvalidYaml
from index.sentences import clean_text

SUFFIXES = (".md", ".txt")
_ENCODING_SAMPLE_BYTES = 64_000


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
    results = []
    for path in paths:
        try:
            slug, text = _article_text(path, taken)
            results.append(Added(path, slug, _write(own_library / f"{slug}.md", text)))
        except LibraryError as exc:
            results.append(Added(path, None, "refused", str(exc)))
    return results


def _article_text(path: Path, taken: set[str]) -> tuple[str, str]:
    """(slug, Markdown with front matter)."""
    if path.suffix.lower() not in SUFFIXES:
        raise LibraryError(f"{path}: only {' and '.join(SUFFIXES)} files can be added; save its text as .txt")
    text = _decode(path)
    has_front_matter = text.startswith("---\n")
    if path.suffix.lower() == ".md" and not has_front_matter and not re.search(r"^# \S", text, re.MULTILINE):
        raise LibraryError(
            f"{path}:1: no front matter and no '# Title' line: start the file with '---', 'title: ...', '---', "
            "or save it as .txt"
        )
    slug = _slug(path)
    if slug in taken:
        slug += "-added"
    if has_front_matter:
        text = re.sub(
            r"\A(---\n(?:.*\n)*?)slug:.*\n", r"\1", text, count=1
        )  # the file's new name is its slug
    else:
        text = _with_front_matter(text, path)
    return slug, text


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
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = from_bytes(data[:_ENCODING_SAMPLE_BYTES]).best()
        if guess is None:
            raise LibraryError(
                f"{path}: not a text file, or in an unknown encoding: save it as UTF-8"
            ) from None
        text = data.decode(guess.encoding, errors="replace")
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\n\r\t\f" for char in text)
    if controls or text.count("\ufffd") > len(text) / 100:
        raise LibraryError(f"{path}: not a text file (it holds control characters): save its text as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with_front_matter(text: str, path: Path) -> str:
    lines = text.strip().split("\n")
    first = clean_text(lines[0].lstrip("# "))
    is_title = lines[0].startswith("# ") or (
        len(first) <= 150 and len(lines) > 1 and not first.endswith((".", "!", ";", ","))
    )
    title = first if is_title else path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    body = "\n".join(lines[1:] if is_title else lines).strip()
    if path.suffix.lower() == ".txt":
        body = _as_markdown(body)
    fields = {"title": title, "added": date.today().isoformat(), "file": path.name}
    front_matter = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=1000)
    # dates are plain words in our schema, so the quotes that YAML puts round them may stay
    return f"---\n{front_matter}---\n\n{body}\n"


def _as_markdown(text: str) -> str:
    """Plain text as Markdown that reads the same: marks are escaped, title-like lines become headings."""
    blocks = []
    for block in re.split(r"\n\s*\n", text):
        lines = [re.sub(r"([\\`*\[\]<])", r"\\\1", line.strip()) for line in block.split("\n")]
        lines = [re.sub(r"^([#>+~=|-])(?! )", r"\\\1", line) for line in lines]
        is_heading = len(lines) == 1 and 0 < len(lines[0]) <= 100 and lines[0][-1] not in ".!?:;,\"”'"
        blocks.append(f"## {lines[0]}" if is_heading and len(lines[0].split()) > 1 else "\n".join(lines))
    return "\n\n".join(blocks)


def _slug(path: Path) -> str:
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-") or "article"


def _write(target: Path, text: str) -> Literal["added", "replaced", "unchanged"]:
    """Write under a temporary name, check what was written as every article is checked, then rename."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        existed = target.exists()
        if existed and _same_article(target.read_text(encoding="utf-8"), text):
            return "unchanged"
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            partial.write_text(text, encoding="utf-8")
            read_article(partial, slug=target.stem)
            os.replace(partial, target)
        except InvalidYaml as exc:
            problems = "; ".join(f"line {problem.line}: {problem.message}" for problem in exc.problems)
            raise LibraryError(f"{target.stem}: {problems}") from exc
        finally:
            partial.unlink(missing_ok=True)
    except OSError as exc:
        raise IndexNotWritten(f"{target.parent} cannot be written to: {exc.strerror or exc}") from exc
    return "replaced" if existed else "added"


def _same_article(old: str, new: str) -> bool:
    """True when nothing but the day of adding differs."""
    without_day = re.compile(r"^added: .*\n", re.MULTILINE)
    return without_day.sub("", old, count=1) == without_day.sub("", new, count=1)
