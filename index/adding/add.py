"""Files, folders, addresses and feeds -> articles in the user's library folder, one after the other.

1. A folder stands for the files in it, a feed for its entries that were not taken before.
2. Each file and page becomes the draft of an article (`drafts`).
3. The library decides whether that is new, changed or known (`own_library`).

One that is refused does not keep the others out. Stopped half-way, what was taken stays; the same call again finds it
unchanged and goes on with the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from index.adding.documents import SUFFIXES, DocumentReader
from index.adding.drafts import Drafter, Item, ignore
from index.adding.feeds import FeedMemory
from index.adding.fetching import Fetcher
from index.adding.own_library import Added, Draft, OwnLibrary
from index.adding.watching import files_in
from index.errors import LibraryError

__all__ = ["Added", "add_articles", "feed_memory", "take"]

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


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
    items: list[Item] = []
    for target in dict.fromkeys(targets):
        try:
            items += _items(target)
        except LibraryError as exc:
            yield Added(target, None, "refused", str(exc))
    with ExitStack() as stack:
        library, memory = OwnLibrary(own_library, shipped_library), feed_memory(own_library)
        drafter = Drafter(stack.enter_context(DocumentReader()), stack.enter_context(Fetcher(trusted_hosts)), memory)
        for draft in drafter.read(items, on_progress):
            yield draft if isinstance(draft, Added) else take(draft, library, memory)


def take(draft: Draft, library: OwnLibrary, memory: FeedMemory) -> Added:
    """Take one draft into the library, and remember it if a feed named it.

    Raises:
        IndexNotWritten: The library folder cannot be written to.
    """
    try:
        added = library.take(draft)
    except LibraryError as exc:
        return Added(draft.origin, None, "refused", str(exc))
    if draft.feed:
        try:
            memory.taken(draft.feed, draft.origin)
        except LibraryError as exc:  # it is in the library all the same; the next time, it is found there
            return replace(added, notice=str(exc))
    return added


def feed_memory(own_library: Path) -> FeedMemory:
    """What the feeds have given to this library."""
    return FeedMemory(own_library.parent / "feeds.json")


def _items(target: str) -> list[Item]:
    if _ADDRESS.match(target):
        return [Item(target)]
    path = Path(target)
    if path.is_dir():
        files = files_in(path, SUFFIXES)
        if not files:
            raise LibraryError(f"{path}: holds no {', '.join(SUFFIXES)} files")
        return [Item(str(file), file) for file in files]
    return [Item(target, path)]
