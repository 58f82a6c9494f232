"""Files and addresses -> what would become of them in the user's library, before anything is saved.

The drafts are kept, so what is saved is what was looked at: nothing is read or fetched a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from index.adding.add import feed_memory, take
from index.adding.documents import DocumentReader
from index.adding.drafts import Drafter, Item, ignore
from index.adding.fetching import Fetcher
from index.adding.own_library import Added, Draft, OwnLibrary
from index.errors import LibraryError
from index.types import Article


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a file or a page.

    Attributes:
        result: What saving it would answer.
        draft: What would be saved; None when refused.
        article: The article as it would be read; None when refused, or known under another name.
    """

    result: Added
    draft: Draft | None = None
    article: Article | None = None


def preview(
    items: Sequence[Item],
    own_library: Path,
    shipped_library: Path,
    *,
    trusted_hosts: Collection[str] = (),
    on_progress: Callable[[int, int], None] = ignore,
) -> Iterator[Preview]:
    """Read files and pages, and look at what would become of each; arguments as of `add_articles`."""
    with ExitStack() as stack:
        library, memory = OwnLibrary(own_library, shipped_library), feed_memory(own_library)
        drafter = Drafter(stack.enter_context(DocumentReader()), stack.enter_context(Fetcher(trusted_hosts)), memory)
        for draft in drafter.read(items, on_progress):
            yield Preview(draft) if isinstance(draft, Added) else _rehearsed(draft, library)


def preview_again(drafts: Sequence[Draft], own_library: Path, shipped_library: Path) -> list[Preview]:
    """Look at drafts afresh, after one was changed."""
    library = OwnLibrary(own_library, shipped_library)
    return [_rehearsed(draft, library) for draft in drafts]


def save(drafts: Sequence[Draft], own_library: Path, shipped_library: Path) -> list[Added]:
    """Take drafts into the user's library; the index is not touched.

    Raises:
        IndexNotWritten: The library folder cannot be written to.
    """
    library, memory = OwnLibrary(own_library, shipped_library), feed_memory(own_library)
    return [take(draft, library, memory) for draft in drafts]


def _rehearsed(draft: Draft, library: OwnLibrary) -> Preview:
    try:
        result, article = library.rehearse(draft)
    except LibraryError as exc:
        return Preview(Added(draft.origin, None, "refused", str(exc)))
    return Preview(result, draft, article)
