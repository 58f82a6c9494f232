"""The user's library folder: which articles are in it, how a new one joins them, how one leaves.

An article is told from others by where it came from: its address, or the name of its file. From the same place it
replaces what is there, with the same text it changes nothing; a file that only has the name of another one becomes an
article of its own. Nothing is written before everything about the article is known to be right.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rapidfuzz import process

from index.adding.near_duplicates import NearDuplicates
from index.articles import article_files, read_article, read_organisations, split_front_matter, wrong_names
from index.errors import IndexNotWritten, LibraryError
from index.front_matter import ArticleFields, InvalidYaml
from index.types import Article

MAX_SLUG_CHARS = 100
_MIN_SAME_SHARE = 0.1  # of the word shingles: less, and two texts of one file name have nothing to do with each other
_Action = Literal["added", "replaced", "unchanged"]
_SLUG_FIELD = re.compile(r"\A(---[ \t]*\n(?:(?!---[ \t]*\n).*\n)*?)slug:.*\n")
_ADDED_FIELD = re.compile(r"^added: .*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way into the library.

    Attributes:
        origin: The file or the address that it was made from, as messages name it.
        name: What its slug is made from.
        text: The whole file: front matter and body.
        keeps_name: It came with a front matter of its own: its slug is its file's name and nothing else.
        feed: The feed that named it.
    """

    origin: str
    name: str
    text: str
    keeps_name: bool = False
    feed: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file or an address.

    Attributes:
        origin: The file or the address.
        slug: Name of the article; None when refused.
        action: What happened; a refused one did not keep the others out.
        reason: Why it was refused, in a line.
        notice: What the user should know of an article that was taken, in a line.
    """

    origin: str
    slug: str | None
    action: Literal["added", "replaced", "unchanged", "refused"]
    reason: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """An article that is there already."""

    title: str
    url: str | None
    file: str | None
    body: str  # digest
    is_own: bool


class OwnLibrary:
    """The user's library folder, beside the one that ships."""

    def __init__(self, folder: Path, shipped: Path) -> None:
        """Look at what is there; a file that cannot be read as an article gives way to the next one of its name."""
        self.folder = folder
        self._shipped = {path.stem for path in article_files(shipped)}
        # What is wrong with organisations.yaml itself, the next build says.
        self._organisations = read_organisations(shipped, []) | read_organisations(folder, [])
        self._written: dict[str, str] = {}  # slug -> origin, of this run
        self._broken: set[str] = set()  # edited by hand until they were no articles any more
        self._near = NearDuplicates()
        self._known: dict[str, _Known] = {}
        for path in (*article_files(shipped), *article_files(folder)):
            try:
                fields, body, _ = split_front_matter(path.read_text(encoding="utf-8-sig"), path)
            except (InvalidYaml, OSError, UnicodeDecodeError):
                self._broken.add(path.stem)
                continue
            self._remember(path.stem, fields, body, is_own=path.parent == folder)

    def take(self, draft: Draft) -> Added:
        """Take an article in.

        Raises:
            LibraryError: It is wrong; the message names the origin and the line.
            IndexNotWritten: The folder cannot be written to.
        """
        return self._take(draft, self._write)

    def rehearse(self, draft: Draft) -> tuple[Added, Article | None]:
        """What `take` would answer, and the article as it would be read; nothing is written into the folder.

        There is no article where the library has the same text under another name. Later rehearsals see the article
        as taken; so a library that has rehearsed takes none.

        Raises:
            LibraryError: It is wrong; the message names the origin and the line.
            IndexNotWritten: There is no room for temporary files.
        """
        read: list[Article] = []
        added = self._take(draft, lambda slug, draft: self._compare(slug, draft, read))
        return added, read[0] if read else None

    def _take(self, draft: Draft, write: Callable[[str, Draft], _Action]) -> Added:
        try:
            fields, body, _ = split_front_matter(draft.text, Path(draft.origin))
        except InvalidYaml as exc:
            raise _refusal(draft.origin, exc) from exc
        slug = self._same_origin(draft, fields, body)
        if slug is None and not draft.keeps_name and (copy := self._same_text(fields, body)):
            return Added(draft.origin, copy, "unchanged", notice=f"'{copy}' has the same text")
        slug = slug or self._new_slug(draft)
        notice = self._near_notice(slug, body)
        action = write(slug, draft)
        self._written[slug] = draft.origin
        self._broken.discard(slug)
        self._remember(slug, fields, body, is_own=True)
        return Added(draft.origin, slug, action, notice=notice)

    def remove(self, name: str) -> str:
        """Delete one of the user's articles, named by its slug, title, address or file; returns its slug.

        Raises:
            LibraryError: No such article, several, or one of those that ship.
            IndexNotWritten: The file cannot be deleted.
        """
        slug = self._find(name)
        try:
            (self.folder / f"{slug}.md").unlink()
        except OSError as exc:
            raise IndexNotWritten(f"{self.folder / f'{slug}.md'} cannot be deleted: {exc.strerror or exc}") from exc
        self._known.pop(slug, None)
        self._near.remove(slug)
        return slug

    # -- which article is meant

    def _find(self, name: str) -> str:
        own = {path.stem for path in article_files(self.folder)}
        if name in own:
            return name
        found = sorted(
            slug
            for slug, known in self._known.items()
            if known.is_own and name in (known.title, known.url, known.file, f"{slug}.md")
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise LibraryError(f"'{name}' may be any of {', '.join(found)}: name the one you mean")
        if name in self._shipped:
            raise LibraryError(f"'{name}' ships with the assistant: only articles that you added can be removed")
        near = process.extractOne(name, own, score_cutoff=70)
        hint = f"did you mean '{near[0]}'?" if near else "`alliances articles` lists them"
        raise LibraryError(f"You have no article '{name}': {hint}")

    def _same_origin(self, draft: Draft, fields: ArticleFields, body: str) -> str | None:
        """The article that this one replaces."""
        if draft.keeps_name:
            return self._named(draft)
        if fields.url and not fields.file:
            return next((slug for slug, known in self._known.items() if known.is_own and known.url == fields.url), None)
        alike = [
            (known.title == fields.title or self._near.resemblance(slug, body) >= _MIN_SAME_SHARE, slug)
            for slug, known in self._known.items()
            if known.is_own and known.file == fields.file and self._written.get(slug, draft.origin) == draft.origin
        ]
        return next((slug for is_same, slug in alike if is_same), None)

    def _named(self, draft: Draft) -> str:
        slug = make_slug(draft.name)
        if slug in self._shipped:
            slug += "-added"
        if self._written.get(slug, draft.origin) != draft.origin:
            raise LibraryError(f"{draft.origin}: {self._written[slug]} has the same name: rename one of the two files")
        return slug

    def _same_text(self, fields: ArticleFields, body: str) -> str | None:
        digest = _digest(body)
        return next((slug for slug, k in self._known.items() if k.body == digest and k.title == fields.title), None)

    def _new_slug(self, draft: Draft) -> str:
        base = make_slug(draft.name)
        if base in self._shipped:
            base += "-added"
        taken = self._shipped | self._written.keys() | ({path.stem for path in self.folder.glob("*.md")} - self._broken)
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def _near_notice(self, slug: str, body: str) -> str | None:
        found = self._near.find(body, besides=slug)
        return f"nearly the same text as '{found[0]}' ({found[1]:.0%})" if found else None

    # -- writing

    def _remember(self, slug: str, fields: ArticleFields, body: str, *, is_own: bool) -> None:
        self._known[slug] = _Known(fields.title, fields.url, fields.file, _digest(body), is_own)
        self._near.add(slug, body)

    def _write(self, slug: str, draft: Draft) -> _Action:
        """Write under a temporary name, check what was written as every article is checked, then rename."""
        target = self.folder / f"{slug}.md"
        text = _SLUG_FIELD.sub(rf"\1slug: {slug}\n", draft.text)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            action = _action(target, text)
            if action == "unchanged":
                return action
            partial = target.with_name(f".{target.name}.{os.getpid()}")
            try:
                partial.write_text(text, encoding="utf-8")
                self._checked(partial, slug, draft)
                os.replace(partial, target)
            finally:
                partial.unlink(missing_ok=True)
        except OSError as exc:
            raise IndexNotWritten(f"{target.parent} cannot be written to: {exc.strerror or exc}") from exc
        return action

    def _compare(self, slug: str, draft: Draft, read: list[Article]) -> _Action:
        """As `_write`, but what is written is removed again; the article goes to `read`."""
        text = _SLUG_FIELD.sub(rf"\1slug: {slug}\n", draft.text)
        try:
            with tempfile.TemporaryDirectory(prefix="alliances-") as private:
                copy = Path(private, f"{slug}.md")
                copy.write_text(text, encoding="utf-8")
                read.append(self._checked(copy, slug, draft))
            return "replaced" if slug in self._written else _action(self.folder / f"{slug}.md", text)
        except OSError as exc:
            raise IndexNotWritten(f"No temporary file can be written: {exc.strerror or exc}") from exc

    def _checked(self, path: Path, slug: str, draft: Draft) -> Article:
        try:
            article = read_article(path, slug=slug)
            if problems := wrong_names(article, self._organisations):
                raise InvalidYaml(problems)
        except InvalidYaml as exc:
            raise _refusal(draft.origin, exc) from exc
        return article


def make_slug(name: str) -> str:
    """A name in a-z, 0-9 and hyphens; what that leaves out, a hash stands for."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = re.sub(r"[^a-z0-9]+", "-", decomposed.encode("ascii", "ignore").decode().lower()).strip("-")
    lost = any(not char.isascii() and unicodedata.category(char)[0] in "LNC" for char in decomposed)
    if plain and not lost and len(plain) <= MAX_SLUG_CHARS:
        return plain
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{plain[: MAX_SLUG_CHARS - 9].strip('-') or 'article'}-{digest}"


def _digest(body: str) -> str:
    return hashlib.sha256(" ".join(body.split()).encode(errors="surrogatepass")).hexdigest()


def _refusal(origin: str, exc: InvalidYaml) -> LibraryError:
    told = "; ".join(f"line {problem.line}: {problem.message}" for problem in exc.problems)
    return LibraryError(f"{origin}: {told}")


def _action(target: Path, text: str) -> _Action:
    """What writing this text there would be."""
    if not target.exists():
        return "added"
    old = target.read_text(encoding="utf-8", errors="replace")
    return "unchanged" if _same_article(old, text) else "replaced"


def _same_article(old: str, new: str) -> bool:
    """True when nothing but the day of adding differs."""
    return _ADDED_FIELD.sub("", old, count=1) == _ADDED_FIELD.sub("", new, count=1)
