"""Files, addresses and feeds -> drafts of articles, one after the other; no library is touched.

1. A feed stands for its entries that were not taken before.
2. A file or a page is read in a child process with limits (`documents`) and becomes Markdown with a front matter;
   a file that has one of ours is taken as it is.

One that is refused does not keep the others out.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from index.adding.documents import MAX_FILE_BYTES, Document, DocumentReader
from index.adding.feeds import Feed, FeedMemory, is_feed, read_feed
from index.adding.fetching import Fetched, Fetcher
from index.adding.own_library import Added, Draft
from index.adding.plain_text import decode
from index.errors import LibraryError
from index.sentences import clean_text

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n")
_TITLED_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:(?!---[ \t]*\n).*\n)*?title:.*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Item:
    """Something to read: a file, or an address.

    Attributes:
        origin: What messages call it; of a page, its address.
        path: The file.
        data: What the file holds, where there is no such file.
        feed: The feed that named it.
        published: The day on which that says it appeared.
    """

    origin: str
    path: Path | None = None
    data: bytes | None = None
    feed: str | None = None
    published: str | None = None


def ignore(done: int, total: int) -> None:
    """Show no progress."""


class Drafter:
    """Reads items; holds what each of them needs."""

    def __init__(self, reader: DocumentReader, fetcher: Fetcher, memory: FeedMemory) -> None:
        """Use these, which stay open.

        Args:
            reader: Reads the documents.
            fetcher: Fetches the pages.
            memory: Knows which entries of feeds were taken; nothing is added to it here.
        """
        self._reader = reader
        self._fetcher = fetcher
        self._memory = memory
        self._queue: deque[Item] = deque()

    def read(self, items: Iterable[Item], on_progress: Callable[[int, int], None] = ignore) -> Iterator[Draft | Added]:
        """The draft of each file and page, or why it is refused.

        Args:
            items: What to read.
            on_progress: Told (done, total) after each; a feed makes the total grow.
        """
        self._queue = deque(items)
        done = 0
        while self._queue:
            on_progress(done, done + len(self._queue))
            item = self._queue.popleft()
            try:
                data = _read_bytes(item.path, item.origin) if item.path else item.data
                draft = self._draft_of_page(item) if data is None else self._draft_of_file(item.origin, data)
            except LibraryError as exc:
                yield Added(item.origin, None, "refused", str(exc))
            else:
                if draft is not None:
                    yield draft
            done += 1
        on_progress(done, done)

    def _draft_of_file(self, origin: str, data: bytes) -> Draft:
        name = Path(origin)
        if name.suffix.lower() in (".md", ".txt"):
            text = decode(data, origin)
            if (_FRONT_MATTER if name.suffix.lower() == ".md" else _TITLED_FRONT_MATTER).match(text):
                return Draft(origin, name.stem, text, keeps_name=True)
        document = self._reader.read(data, origin)
        return Draft(origin, name.stem, _as_article(document, file=clean_text(name.name)))

    def _draft_of_page(self, item: Item) -> Draft | None:
        """None for a feed, whose entries join the queue."""
        page = self._fetcher.fetch(item.origin)
        if is_feed(page):
            if item.feed:
                raise LibraryError(f"{item.origin}: is a feed, named by the feed {item.feed}; add it by itself")
            self._queue.extendleft(reversed(self._new_entries(item.origin, read_feed(page.data, page.final_url))))
            return None
        document = self._reader.read(
            page.data, item.origin, media_type=page.media_type, charset=page.charset, url=page.final_url
        )
        text = _as_article(document, _own_address(page, document), document.published or item.published)
        return Draft(item.origin, _name_of(page.final_url, document), text, feed=item.feed)

    def _new_entries(self, address: str, feed: Feed) -> list[Item]:
        return [
            Item(entry.url, feed=address, published=entry.published)
            for entry in self._memory.new_entries(address, feed)
        ]


def corrected(draft: Draft, **fields: str) -> Draft:
    """The draft with other fields in the front matter that was made for it; an empty one leaves it.

    Example: `corrected(draft, title="Annual report", published="2024-07")`.
    """
    head, body = draft.text.removeprefix("---\n").split("\n---\n", 1)
    told = {**yaml.safe_load(head), **fields}
    return replace(draft, text=_with_front_matter(told, body.strip()))


def _read_bytes(path: Path, origin: str) -> bytes:
    try:
        if not path.exists():
            raise LibraryError(f"{origin}: there is no such file or folder")
        if not path.is_file():
            raise LibraryError(f"{origin}: neither a file nor a folder")
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise LibraryError(f"{origin}: {size / 1e6:.0f} MB; a file holds at most {MAX_FILE_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as exc:
        raise LibraryError(f"{origin}: cannot be read: {exc.strerror or exc}") from exc


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
    return _with_front_matter(fields, document.body.strip())


def _with_front_matter(fields: dict[str, str | None], body: str) -> str:
    told = {name: value for name, value in fields.items() if value}
    # dates are plain words in our schema, so the quotes that YAML puts round them may stay
    front_matter = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front_matter}---\n\n{body}\n"


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
