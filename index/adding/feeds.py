"""RSS and Atom feeds -> the pages they name, and the memory of which of them were taken.

feedparser is given bytes only: given a text, it would open files and addresses by itself.
"""

from __future__ import annotations

import codecs
import html
import io
import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import feedparser
import httpx
from filelock import FileLock

from index.adding.fetching import Fetched
from index.errors import LibraryError
from index.sentences import clean_text

MAX_FEED_BYTES = 5_000_000
MAX_ENTRIES = 200
_MAX_TAGS = 50_000  # some seconds of feedparser; 200 entries with their whole texts in HTML have fewer
_MAX_TITLE_CHARS = 300
_KEPT_ENTRIES = 1_000  # of a feed; one that names older entries again gets them read again
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_HEAD_CHARS = 4_096
_FEED_ROOT = re.compile(
    r"\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)*<(?:\w+:)?(?:rss|feed|RDF)\b",
    re.DOTALL | re.IGNORECASE,
)
_DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.-]+)")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_UTF_16_OR_32 = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page that a feed names; `published` is the day, ISO 8601 and in UTC, on which the feed says it appeared."""

    url: str
    title: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, empty if it has none, and its entries in its own order, each page once."""

    title: str
    entries: tuple[FeedEntry, ...]


def is_feed(page: Fetched) -> bool:
    """Whether a page is a feed; one that only links to its feed is not."""
    return page.media_type in _FEED_TYPES or _has_feed_root(_decode(page.data[:_HEAD_CHARS]))


def read_feed(data: bytes, url: str) -> Feed:
    """Read a feed; entries without a link to a page on the web are left out.

    Args:
        data: RSS or Atom, of any version.
        url: Where it came from: relative links begin there.

    Raises:
        LibraryError: It is no feed, or too big for one; the message begins with `url`.
    """
    text = _decode(data[: MAX_FEED_BYTES + 1])
    if len(data) > MAX_FEED_BYTES or text.count("<") > _MAX_TAGS:
        raise LibraryError(f"{url}: too big for a feed; add the pages that you want by their own addresses")
    if not _has_feed_root(text):
        raise LibraryError(f"{url}: not an RSS or Atom feed, though sent as one; add its pages by their own addresses")
    parsed = _parse(text, url)
    entries: dict[str, FeedEntry] = {}
    for told in parsed.entries:
        link = _web_link(told.get("link"))
        if link:
            entries.setdefault(link, FeedEntry(link, _title(told), _published(told, parsed.version)))
    return Feed(_title(parsed.feed), tuple(entries.values())[:MAX_ENTRIES])


class FeedMemory:
    """Remembers, in a small JSON file, which entries of which feed were taken. Several processes may use it at once."""

    def __init__(self, path: Path) -> None:
        """Use the file `path`, which need not exist yet."""
        self._path = path

    def new_entries(self, feed_url: str, feed: Feed) -> tuple[FeedEntry, ...]:
        """The entries that were not taken yet, in the feed's order.

        Raises:
            LibraryError: The memory cannot be read.
        """
        known = set(self._read().get(feed_url, ()))
        return tuple(entry for entry in feed.entries if entry.url not in known)

    def taken(self, feed_url: str, entry_url: str) -> None:
        """Remember that an entry was taken; one that failed is not told here, and so is tried again.

        Raises:
            LibraryError: The memory cannot be read or written.
        """
        try:
            with FileLock(self._path.with_name(f"{self._path.name}.lock")):
                known = self._read()
                urls = [url for url in known.get(feed_url, ()) if url != entry_url]
                known[feed_url] = [*urls, entry_url][-_KEPT_ENTRIES:]
                partial = self._path.with_name(f".{self._path.name}.{os.getpid()}")
                partial.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
                os.replace(partial, self._path)
        except OSError as exc:
            raise LibraryError(f"{self._path} cannot be written: {exc.strerror or exc}") from exc

    def _read(self) -> dict[str, list[str]]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as exc:
            raise LibraryError(f"{self._path} cannot be read: {exc.strerror or exc}") from exc
        except ValueError:
            known = None
        if not _is_memory(known):
            raise LibraryError(f"{self._path} is damaged: delete it, and entries that you have are recognised as such")
        return dict(known)


def _parse(text: str, url: str) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(text.encode(errors="replace")),
            response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,  # in texts, which are not used
            sanitize_html=False,  # as above
        )
    except Exception as exc:  # feedparser lets what a damaged feed provokes inside it, of any kind, come out
        raise LibraryError(f"{url}: the feed is damaged ({clean_text(str(exc))}); try again later") from exc


def _has_feed_root(text: str) -> bool:
    return _FEED_ROOT.match(text[:_HEAD_CHARS]) is not None


def _decode(data: bytes) -> str:
    """As text: by its byte order mark, as UTF-8 if it can be, else as declared."""
    for mark, encoding in _UTF_16_OR_32:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    declared = _DECLARED.match(data)
    for encoding in ("utf-8-sig", declared[1].decode("ascii") if declared else "cp1252"):
        with suppress(UnicodeError, LookupError):  # other bytes; no such encoding
            return data.decode(encoding)
    return data.decode("cp1252", errors="replace")


def _web_link(link: object) -> str | None:
    """The link without its fragment if it leads to the web."""
    try:
        url = httpx.URL(link.strip()) if isinstance(link, str) else httpx.URL()
    except httpx.InvalidURL:
        return None
    return str(url.copy_with(fragment=None)) if url.scheme in ("http", "https") and url.host else None


def _title(told: Any) -> str:
    title = told.get("title", "")
    if told.get("title_detail", {}).get("type") != "text/plain":
        title = html.unescape(_TAG.sub("", title))
    return clean_text(title)[:_MAX_TITLE_CHARS]


def _published(told: Any, version: str) -> str | None:
    parsed = told.get("published_parsed")
    if parsed is None and version.startswith("rss"):
        parsed = told.get("updated_parsed")  # what feedparser calls the dc:date of RSS; in Atom it may be years later
    try:
        return date(*parsed[:3]).isoformat() if parsed else None
    except ValueError:
        return None


def _is_memory(known: object) -> bool:
    return isinstance(known, dict) and all(
        isinstance(urls, list) and all(isinstance(url, str) for url in urls) for urls in known.values()
    )
