"""Text from people, articles and models, made fit to be shown: as text, never as markup.

1. `clean` removes the characters that nobody can see but that can hide or reorder text;
2. `html.escape` makes HTML's characters entities; for the chat, which is read as Markdown, `inert` makes
   every ASCII punctuation mark an entity (an entity cannot begin a link, an image, a heading or a formula);
3. `safe_link` lets http and https addresses become links, and nothing else.
"""

from __future__ import annotations

import string
import unicodedata
from datetime import date
from html import escape
from urllib.parse import urlsplit

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # controls, format characters, surrogates, unassigned
_ENTITIES = {ord(mark): f"&#{ord(mark)};" for mark in string.punctuation}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def clean(text: str) -> str:
    """The text without zero-width, bidi, tag and control characters, which hide or reorder it.

    Line breaks and tabs stay.
    """
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\r\n", "\n")
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _INVISIBLE)


def inert(text: str) -> str:
    """Text that neither HTML nor Markdown can read as anything but text.

    Example: `inert("![x](y)")` is "&#33;&#91;x&#93;&#40;y&#41;".
    """
    return clean(text).translate(_ENTITIES)


def safe_link(url: str | None) -> str | None:
    """The address if a page may link to it: http or https, a host, no user name; else None."""
    if not url or clean(url) != url or any(char.isspace() for char in url):
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:  # such as an unclosed bracket in the host
        return None
    return url if good else None


def human_date(iso: str | None) -> str | None:
    """An ISO 8601 date as exact as it is: "2024-07-18" is "18 July 2024", "2024-07" is "July 2024".

    What is no such date is returned as it came.
    """
    if not iso:
        return None
    parts = iso.split("-")
    try:
        numbers = [int(part) for part in parts]
        date(*numbers, *[1] * (3 - len(numbers)))
    except (ValueError, TypeError):
        return iso
    match numbers:
        case [year, month, day]:
            return f"{day} {MONTHS[month - 1]} {year}"
        case [year, month]:
            return f"{MONTHS[month - 1]} {year}"
    return iso


def link(url: str | None, text: str) -> str:
    """A link that opens in a new tab and tells the other side nothing; plain text for an unsafe address."""
    label, address = escape(clean(text)), safe_link(url)
    if address is None:
        return label
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{label}</a>'
