"""Files, folders, addresses and feeds -> articles in the user's library folder, one after the other.

1. A folder stands for the files in it, a feed for its entries that were not taken before.
2. A file or a page is read in a child process with limits (`documents`) and becomes Markdown with a front matter;
   a file that has one of ours is taken as it is.
3. The library decides whether that is new, changed or known (`own_library`).

One that is refused does not keep the others out. Stopped half-way, what was taken stays; the same call again finds it
unchanged and goes on with the rest.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from index.adding.documents import MAX_FILE_BYTES, SUFFIXES, Document, DocumentReader
from index.adding.feeds import Feed, FeedMemory, is_feed, read_feed
from index.adding.fetching import Fetched, Fetcher
from index.adding.own_library import Added, Draft, OwnLibrary
from index.adding.plain_text import decode
from index.adding.watching import files_in
from index.errors import LibraryError
from index.sentences import clean_text

__all__ = ["Added", "add_articles"]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n")
_TITLED_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:(?!---[ \t]*\n).*\n)*?title:.*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")


def ignore(done: int, total: int) -> None:
    """Show no progress."""


def add_articles(
    targets: Sequence[str],
    own_library: Path,
    shipped_library: Path,
    *,
    trusted_hosts: Collection[str] = (),
    on_progress: Callable[[int, int], None] = ignore,
) -> Iterator[Added]:
    """Take articles into the user's library; the index is not touched.

    Args:
        targets: Files, folders, addresses of pages and documents, addresses of RSS or Atom feeds.
        own_library: The user's library folder; made if missing. What feeds have given is remembered beside it.
        shipped_library: The library that ships; its articles are never replaced.
        trusted_hosts: Hosts, as "host" or "host:port", that may be fetched from though they are not public.
        on_progress: Told (done, total) after each file or page; a feed makes the total grow.

    Yields:
        What became of each file and page, as soon as it is known.

    Raises:
        IndexNotWritten: The library folder cannot be written to.
    """
    with ExitStack() as stack:
        run = _Run(
            OwnLibrary(own_library, shipped_library),
            stack.enter_context(DocumentReader()),
            stack.enter_context(Fetcher(trusted_hosts)),
            FeedMemory(own_library.parent / "feeds.json"),
        )
        yield from run.work_off(targets, on_progress)


@dataclass(frozen=True, slots=True)
class _Item:
    """Something to read: a file, or an address; `feed` is the feed that named it."""

    origin: str
    path: Path | None = None
    feed: str | None = None
    published: str | None = None


class _Run:
    """One call; holds what every item needs."""

    def __init__(self, library: OwnLibrary, reader: DocumentReader, fetcher: Fetcher, memory: FeedMemory) -> None:
        self._library = library
        self._reader = reader
        self._fetcher = fetcher
        self._memory = memory
        self._queue: deque[_Item] = deque()

    def work_off(self, targets: Sequence[str], on_progress: Callable[[int, int], None]) -> Iterator[Added]:
        for target in dict.fromkeys(targets):
            try:
                self._queue += _items(target)
            except LibraryError as exc:
                yield Added(target, None, "refused", str(exc))
        done = 0
        while self._queue:
            on_progress(done, done + len(self._queue))
            item = self._queue.popleft()
            added = self._add(item)
            done += 1
            if added:
                yield added
        on_progress(done, done)

    def _add(self, item: _Item) -> Added | None:
        """What became of it; None for a feed, whose entries join the queue."""
        try:
            draft = self._draft_of_file(item.path) if item.path else self._draft_of_page(item)
            if draft is None:
                return None
            added = self._library.take(draft)
        except LibraryError as exc:
            return Added(item.origin, None, "refused", str(exc))
        if item.feed:
            try:
                self._memory.taken(item.feed, item.origin)
            except LibraryError as exc:  # it is in the library all the same; the next time, it is found there
                return replace(added, notice=str(exc))
        return added

    def _draft_of_file(self, path: Path) -> Draft:
        data = _read_bytes(path)
        if path.suffix.lower() in (".md", ".txt"):
            text = decode(data, str(path))
            if (_FRONT_MATTER if path.suffix.lower() == ".md" else _TITLED_FRONT_MATTER).match(text):
                return Draft(str(path), path.stem, text, keeps_name=True)
        document = self._reader.read(data, str(path))
        return Draft(str(path), path.stem, _as_article(document, file=clean_text(path.name)))

    def _draft_of_page(self, item: _Item) -> Draft | None:
        page = self._fetcher.fetch(item.origin)
        if is_feed(page):
            if item.feed:
                raise LibraryError(f"{item.origin}: is a feed, named by the feed {item.feed}; add it by itself")
            self._queue.extendleft(reversed(self._new_entries(item.origin, read_feed(page.data, page.final_url))))
            return None
        document = self._reader.read(
            page.data, item.origin, media_type=page.media_type, charset=page.charset, url=page.final_url
        )
        address = _own_address(page, document)
        published = document.published or item.published
        return Draft(item.origin, _name_of(page.final_url, document), _as_article(document, address, published))

    def _new_entries(self, address: str, feed: Feed) -> list[_Item]:
        return [
            _Item(entry.url, feed=address, published=entry.published)
            for entry in self._memory.new_entries(address, feed)
        ]


def _items(target: str) -> list[_Item]:
    if _ADDRESS.match(target):
        return [_Item(target)]
    path = Path(target)
    if path.is_dir():
        files = files_in(path, SUFFIXES)
        if not files:
            raise LibraryError(f"{path}: holds no {', '.join(SUFFIXES)} files")
        return [_Item(str(file), file) for file in files]
    return [_Item(target, path)]


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise LibraryError(f"{path}: there is no such file or folder")
        if not path.is_file():
            raise LibraryError(f"{path}: neither a file nor a folder")
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise LibraryError(f"{path}: {size / 1e6:.0f} MB; a file holds at most {MAX_FILE_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as exc:
        raise LibraryError(f"{path}: cannot be read: {exc.strerror or exc}") from exc


def _as_article(
    document: Document, url: str | None = None, published: str | None = None, *, file: str | None = None
) -> str:
    """Markdown with the front matter that can be known of a document."""
    fields = {
        "title": document.title,
        "author": document.author,
        "publisher": document.publisher,
        "published": published or document.published,
        "url": url or document.url,
        "added": date.today().isoformat(),
        "file": file,
        "language": document.language,
    }
    told = {name: value for name, value in fields.items() if value}
    # dates are plain words in our schema, so the quotes that YAML puts round them may stay
    front_matter = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front_matter}---\n\n{document.body.strip()}\n"


def _own_address(page: Fetched, document: Document) -> str:
    """The page's own name for itself if it is of the same host: another's would replace another's article."""
    if document.url and urlsplit(document.url).hostname == urlsplit(page.final_url).hostname:
        return document.url
    return urlsplit(page.final_url)._replace(fragment="").geturl()


def _name_of(url: str, document: Document) -> str:
    """What the article's slug is made from: the last part of the address if that says something, else the title."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    stem = re.sub(r"\.(html?|php|aspx?|pdf|docx|md|txt)$", "", last, flags=re.IGNORECASE)
    return stem if len(re.findall(r"[a-z]{3,}", stem, re.IGNORECASE)) > 1 else document.title
