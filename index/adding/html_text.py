"""An HTML page -> a document: the article without the page around it, and without what a reader cannot see.

1. The page is decoded, parsed, and what its own markup hides is dropped.
2. What the page says about itself is read: trafilatura finds title, author and site. The date is read here, from
   metadata alone, as a date guessed from the text or the address would be none of the document's own.
3. Trafilatura finds the article in the page; its tree is written as Markdown.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.metadata import extract_metadata

from index.adding.documents import Document, plausible_date
from index.adding.hidden_html import drop_hidden
from index.adding.markdown import MarkdownWriter
from index.adding.plain_text import decode, title_from_name
from index.errors import UnreadableDocument
from index.sentences import clean_text

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""\A\s{0,99}<\?xml[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})""")
_CHARSET_WITHIN_BYTES = 4096  # browsers look at 1024, but some pages begin with long comments
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_TEXT = "holds no text of its own (is it filled in by scripts?): save the text that you see as .txt"
_TOO_DEEP = "its elements are nested more than 256 deep: save the text that you see as .txt"

_ARTICLE_TYPE = re.compile(r"(Article|Posting|Report|WebPage)$")
_DATE_NAMES = (
    *("article:published_time", "og:published_time", "datepublished", "citation_publication_date", "citation_date"),
    *("dcterms.issued", "dcterms.created", "dcterms.date", "dc.date.issued", "dc.date.created", "dc.date"),
    *("parsely-pub-date", "sailthru.date", "publication_date", "publish-date", "pubdate", "date"),
)
_DATE = re.compile(r"\s*(\d{4})(?:([-/]?)(\d\d)(?:\2(\d\d))?)?(?!\d)")
_MAX_JSON_VALUES = 10_000


def read_html(data: bytes, name: str, charset: str | None, url: str | None) -> Document:
    """Read a page.

    Args:
        data: The page.
        name: Gives the title if the page has none.
        charset: The encoding that the HTTP answer declares.
        url: Where the page came from: an address of another site is not believed to be its own.

    Raises:
        UnreadableDocument: No text, or nested too deeply.
    """
    tree = _parse(decode(data, charset or _declared_charset(data)))
    drop_hidden(tree)
    metadata = extract_metadata(tree, date_config={"extensive_search": False})
    published, canonical = _published(tree), _canonical(tree, url)
    etree.strip_elements(tree, "script", with_tail=False)
    article = bare_extraction(tree, include_comments=False)
    if article is None or isinstance(article, dict):
        raise UnreadableDocument(_NO_TEXT)
    title = clean_text(metadata.title or "") or title_from_name(name)
    body = article_as_markdown(article.body, title)
    if not body:
        raise UnreadableDocument(_NO_TEXT)
    return Document(
        title=title,
        body=body,
        author=clean_text(metadata.author or "") or None,
        publisher=clean_text(metadata.sitename or "") or None,
        published=published,
        url=canonical,
    )


def _declared_charset(data: bytes) -> str | None:
    beginning = data[:_CHARSET_WITHIN_BYTES].replace(b"\0", b"")
    declared = _META_CHARSET.search(beginning) or _XML_CHARSET.search(beginning)
    return declared[1].decode("ascii", "replace") if declared else None


def _parse(text: str) -> HtmlElement:
    # Encoded again, as lxml refuses a text that declares an encoding.
    data = _CONTROL.sub("", text).encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = document_fromstring(data, parser=parser)
    except etree.ParserError as exc:  # nothing but blanks and comments
        raise UnreadableDocument(_NO_TEXT) from exc
    # The parser cuts off what is nested too deeply, and text must not be lost without a word.
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise UnreadableDocument(_TOO_DEEP)
    return tree


def _published(tree: HtmlElement) -> str | None:
    """The first date of publication that the page's metadata tells, as exact as told."""
    for told in _told_dates(tree):
        found = _DATE.match(told)
        if found and plausible_date(int(found[1]), int(found[3] or 1), int(found[4] or 1)):
            return "-".join(part for part in (found[1], found[3], found[4]) if part)
    return None


def _told_dates(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):  # only those of JSON-LD are left
        with suppress(ValueError, RecursionError):
            yield from _json_dates(json.loads(script.text or ""))
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            metas.setdefault(str(meta.get(attribute, "")).lower(), str(meta.get("content", "")))
    yield from (metas[name] for name in _DATE_NAMES if name in metas)
    for element in tree.iter("time", "span", "p", "div"):
        if element.get("itemprop") == "datePublished" or (element.tag == "time" and "pubdate" in element.attrib):
            yield str(element.get("datetime") or element.get("content") or "")


def _json_dates(value: Any) -> Iterator[str]:
    """The dates of publication of the articles that JSON-LD describes."""
    waiting = deque([value])
    for _ in range(_MAX_JSON_VALUES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            types = value.get("@type")
            names = types if isinstance(types, list) else [types]
            told = value.get("datePublished")
            if isinstance(told, str) and any(isinstance(name, str) and _ARTICLE_TYPE.search(name) for name in names):
                yield told
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def _canonical(tree: HtmlElement, url: str | None) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in str(link.get("rel", "")).lower().split():
            with suppress(ValueError):
                told = urljoin(url or "", str(link.get("href", "")).strip())
                if _is_web_address(told) and (url is None or _same_site(told, url)):
                    return told
    return None


def _is_web_address(url: str) -> bool:
    parts = urlsplit(url)
    plain = clean_text(url) == url and not re.search(r"[\s<>\"]", url)
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None


def _same_site(one: str, other: str) -> bool:
    """True when the host of one address is that of the other or within it."""
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    short, long = sorted(hosts, key=len)
    return long == short or ("." in short and long.endswith(f".{short}"))


def article_as_markdown(body: etree._Element, title: str) -> str:
    """Trafilatura's tree of an article as Markdown, without a first heading that only repeats the title."""
    writer = MarkdownWriter()
    first = next(body.iter("head", "p", "item", "cell"), None)
    if first is not None and first.tag == "head" and clean_text(_text(first)) == title:
        first.clear(keep_tail=True)
    _write(body, writer, writer.paragraph, 0)
    return writer.text()


def _write(element: etree._Element, writer: MarkdownWriter, put: Callable[[str], None], level: int) -> None:
    """Write the blocks in an element; text that is in none of them goes to `put`."""
    inline = [element.text or ""]
    for child in element:
        if child.tag in ("head", "p", "list", "item", "quote", "table", "div"):
            put("".join(inline))
            inline = []
            _write_block(child, writer, level)
        else:
            inline.append(_text(child))
        inline.append(child.tail or "")
    put("".join(inline))


def _write_block(element: etree._Element, writer: MarkdownWriter, level: int) -> None:
    if element.tag == "table":
        writer.table([[_text(cell) for cell in row.iterfind("cell")] for row in element.iterfind("row")])
    elif element.tag == "list":
        _write(element, writer, lambda text: writer.item(text, level), level)
    elif element.tag == "item":
        _write(element, writer, lambda text: writer.item(text, level), level + 1)
    elif element.tag == "head":
        depth = int(str(element.get("rend", "h2"))[1:2] or 2)
        _write(element, writer, lambda text: writer.heading(text, depth), level)
    else:
        _write(element, writer, writer.paragraph, level)


def _text(element: etree._Element) -> str:
    parts = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts.append(" " if node.tag in ("lb", "p", "item", "cell", "row") else "")
            parts.append(node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    return "".join(parts)
