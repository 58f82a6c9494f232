"""The table of `alliances articles`, and which of its rows a search keeps."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from index.catalogue import Catalogue
from index.types import AllianceRecord, ArticleRecord


def list_articles(catalogue: Catalogue, own_library: Path, search: str | None = None) -> list[list[str]]:
    """Rows of title, kind, founding date, published date, slug and library, by slug.

    Args:
        catalogue: The index's catalogue.
        own_library: What lies there is the user's own.
        search: Words that must all stand in the title, the names of the body, its kind, the publisher, the address,
            or the names that the text mentions, in any order and spelling of capitals and accents.
    """
    alliances = {alliance.slug: alliance for alliance in catalogue.alliances}
    words = _folded(search or "").split()
    rows = []
    for record in catalogue.articles.values():
        alliance = alliances.get(record.slug)
        if words and not _has_all(words, record, alliance, catalogue):
            continue
        kind, founded = (alliance.kind, alliance.founded) if alliance else (None, None)
        library = "yours" if record.path.parent == own_library else "shipped"
        cells = (record.title, kind, founded, record.published, record.slug, library)
        rows.append([cell or "" for cell in cells])
    return rows


def _has_all(words: list[str], record: ArticleRecord, alliance: AllianceRecord | None, catalogue: Catalogue) -> bool:
    told = [record.title, record.slug, record.publisher or "", record.url or ""]
    if alliance:
        told += [alliance.name, *alliance.aliases, alliance.kind]
    told += [mention.text for mention in catalogue.mentions_in(record.slug)]
    told += [mention.means for mention in catalogue.mentions_in(record.slug)]
    text = _folded(" ".join(told))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
