"""What the library tab does: reads what is to be added, saves, removes, rebuilds, goes back. Knows no page."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from assistant.errors import LibraryError
from assistant.generations_shown import list_differences, list_generations, pick
from assistant.rebuilding import Rebuild
from index.adding.drafts import Item, corrected
from index.adding.own_library import Added, OwnLibrary
from index.adding.preview import Preview, preview, preview_again, save
from index.articles import article_files
from index.generations import IndexFolder
from index.healing import roll_back
from index.types import Article
from index.vectors.embed import MiniLM

MAX_AT_ONCE = 50  # files or pages; a feed names up to 200, and the rest is there the next time
NAMED_SENTENCES = 300  # in which names are looked for before an article is saved: a second or two
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_FRONT_MATTER_TITLE = re.compile(r"\A---[ \t]*\n(?:(?!---[ \t]*\n).*\n)*?title:[ \t]*(.*)\n")
_MAX_NAME_CHARS = 80


@dataclass(frozen=True, slots=True)
class Seen:
    """A file or page that was looked at, and the names in it with the number of sentences that hold them."""

    preview: Preview
    alliances: tuple[tuple[str, int], ...] = ()
    organisations: tuple[tuple[str, int], ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether saving it would change the library."""
        return self.preview.result.action in ("added", "replaced")


class Desk:
    """The library of one assistant, for every browser tab on the page. Safe to use from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._settings = assistant.settings
        self._embedder = MiniLM()
        self._changing = threading.Lock()  # one change of the folder at a time
        self._rebuilding = threading.Lock()
        self._rebuild: Rebuild | None = None
        self._is_outdated = False  # something was changed while the rebuild ran

    # -- adding

    def read(self, items: Sequence[Item], on_progress: Callable[[int, int], None]) -> Iterator[Seen]:
        """Look at files and pages, at most `MAX_AT_ONCE`; nothing is saved.

        Args:
            items: What to read.
            on_progress: Told (done, total) before each.
        """
        own, shipped = self._settings.own_library, self._settings.library
        trusted = self._settings.trusted_host_list
        found = preview(items, own, shipped, trusted_hosts=trusted, on_progress=on_progress)
        for _, one in zip(range(MAX_AT_ONCE), found, strict=False):
            yield self._named(one)

    def correct(self, seen: Sequence[Seen], number: int, **fields: str) -> list[Seen]:
        """Everything looked at again, after fields of one article were corrected.

        Raises:
            LibraryError: A field cannot be that.
        """
        draft = seen[number].preview.draft
        assert draft is not None
        own, shipped = self._settings.own_library, self._settings.library
        changed = corrected(draft, **fields)
        (alone,) = preview_again([changed], own, shipped)
        if alone.result.reason:
            raise LibraryError(alone.result.reason)
        drafts = [changed if one.preview.draft is draft else one.preview.draft for one in seen]
        fresh = iter(preview_again([draft for draft in drafts if draft], own, shipped))
        return [self._named(next(fresh)) if one.preview.draft else one for one in seen]

    def save(self, seen: Sequence[Seen]) -> list[Added]:
        """Take what was looked at into the library, and begin a rebuild.

        Raises:
            IndexNotWritten: The folder cannot be written to.
        """
        drafts = [one.preview.draft for one in seen if one.preview.draft and one.is_new]
        with self._changing:
            added = save(drafts, self._settings.own_library, self._settings.library)
        self.rebuild()
        return added

    # -- removing

    def own_articles(self) -> list[tuple[str, str]]:
        """(title, slug) of the user's articles, by title; of one that is not in the index, the slug twice."""
        titles = {slug: record.title for slug, record in self._assistant.catalogue.articles.items()}
        slugs = [path.stem for path in article_files(self._settings.own_library)]
        return sorted(((titles.get(slug, slug), slug) for slug in slugs), key=lambda pair: pair[0].casefold())

    def remove(self, slugs: Sequence[str]) -> list[str]:
        """Delete articles of the user's, and begin a rebuild.

        Returns:
            What went wrong, a line each.
        """
        problems = []
        with self._changing:
            library = OwnLibrary(self._settings.own_library, self._settings.library)
            for slug in slugs:
                try:
                    library.remove(slug)
                except LibraryError as exc:
                    problems.append(str(exc))
        self.rebuild()
        return problems

    # -- the index

    def rebuild(self) -> None:
        """Begin a rebuild; while one runs, another will follow it."""
        with self._rebuilding:
            if self._rebuild is not None and self._rebuild.is_running:
                self._is_outdated = True
                return
            self._begin()

    def progress(self) -> Rebuild | None:
        """The rebuild that runs, or the last one; None before the first."""
        with self._rebuilding:
            return self._rebuild

    def generations(self) -> tuple[list[tuple[str, ...]], list[str]]:
        """As `list_generations`."""
        return list_generations(self._folder(), self._embedder.fingerprint)

    def differences(self, before: int, after: int) -> list[str]:
        """What has changed from one generation to another, a line each.

        Raises:
            IndexProblem: One of them is gone, damaged, or of another format.
        """
        return list_differences(*pick(self._folder(), (before, after)))

    def roll_back(self) -> str:
        """Put the generation before the current one in use again; a line that says so. Errors as of `roll_back`."""
        with self._rebuilding:
            self._rebuild = self._rebuild if self._rebuild and self._rebuild.is_running else None
        return roll_back(self._settings.index_folder, self._embedder, self._settings.chroma_url or None)

    def _folder(self) -> IndexFolder:
        return IndexFolder(self._settings.index_folder)

    def _begin(self) -> None:
        self._is_outdated = False
        self._rebuild = Rebuild(self._settings, on_end=self._follow_up)

    def _follow_up(self) -> None:
        with self._rebuilding:
            if self._is_outdated:
                self._begin()

    # -- names

    def _named(self, one: Preview) -> Seen:
        if one.article is None:
            return Seen(one)
        return Seen(one, *self._names(one.article))

    def _names(self, article: Article) -> tuple[tuple[tuple[str, int], ...], ...]:
        alliances: Counter[str] = Counter()
        organisations: Counter[str] = Counter()
        for text in (article.title, *(sentence.text for sentence in article.sentences[:NAMED_SENTENCES])):
            mentions = self._assistant.names_in(text)
            found = dict.fromkeys(a.name for mention in mentions for a in mention.alliances)
            alliances.update(found.keys())
            told = dict.fromkeys(m.organisation.name for m in mentions if m.organisation)
            organisations.update(name for name in told if name not in found)
        return tuple(alliances.most_common()), tuple(organisations.most_common())


def files(paths: Sequence[str]) -> list[Item]:
    """Uploaded files, each by the name that it had; of several with one name, the second is "name (2).pdf"."""
    items, taken = [], Counter[str]()
    for path in map(Path, paths):
        taken[path.name] += 1
        number = f" ({taken[path.name]})" if taken[path.name] > 1 else ""
        items.append(Item(f"{path.stem}{number}{path.suffix}", path))
    return items


def addresses(text: str) -> list[Item]:
    """Addresses, one a line; what has no scheme is meant as https."""
    lines = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())
    return [Item(line if _SCHEME.match(line) else f"https://{line}") for line in lines]


def pasted(title: str, text: str) -> list[Item]:
    """A pasted text, as a file named by its title: of the field, of its front matter, or its first line."""
    if not text.strip():
        return []
    own_title = _FRONT_MATTER_TITLE.match(text)
    name = title.strip() or (own_title[1] if own_title else text.strip().partition("\n")[0])
    name = re.sub(r"[\s/\\]+", " ", name)[:_MAX_NAME_CHARS].strip()
    if title.strip() and not own_title:
        text = f"# {' '.join(title.split())}\n\n{text}"
    return [Item(f"{name}.txt", data=text.encode(errors="replace"))]
