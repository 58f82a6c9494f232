"""Which kind a document is of, whatever its name says, and in which language it is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Literal

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from index.adding.documents import MAX_TEXT_BYTES, SUFFIXES, TOO_LONG, Document
from index.adding.docx_text import is_docx, read_docx
from index.adding.html_text import read_html
from index.adding.pdf_text import read_pdf
from index.adding.plain_text import read_markdown, read_text
from index.errors import UnreadableDocument

_Kind = Literal["pdf", "docx", "html", "markdown", "text"]
_MEDIA_TYPES: dict[str, _Kind] = {
    "application/pdf": "pdf",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
}
_SUFFIXES: dict[str, _Kind] = {".md": "markdown", ".txt": "text", ".html": "html", ".htm": "html", ".pdf": "pdf"}
_FOREIGN = (
    (b"\x89PNG", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"GIF8", "is a picture"),
    (b"\xd0\xcf\x11\xe0", "is protected by a password or of an old version of Office: save it as .docx without one"),
    (b"{\\rtf", "is a rich text file: save it as .docx"),
    (b"PK\x03\x04", "is a zip archive, but not of a Word document"),
    (b"PK\x05\x06", "is an empty zip archive"),
)
_CAN_BE_ADDED = f"what can be added: {', '.join(SUFFIXES[:-1])} and {SUFFIXES[-1]}"
_HTML_BEGINNINGS = (b"<!doctype html", b"<html", b"<head", b"<body")
_LANGUAGES = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru sk sl sr sv sw ta th "
    "tr uk ur vi zh"
)
_LANGUAGE_SAMPLE_CHARS = 5_000
_MIN_LANGUAGE_LETTERS = 40
_MIN_LANGUAGE_CONFIDENCE = 0.9

_IDENTIFIER = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
_IDENTIFIER.set_languages(_LANGUAGES.split())


def read(data: bytes, *, name: str, media_type: str | None, charset: str | None, url: str | None) -> Document:
    """Read a document of any kind; the arguments are those of `index.adding.documents.read_document`.

    Raises:
        UnreadableDocument: No text that can be had; the message lacks the name.
        Exception: Anything that a parser raises on damaged bytes.
    """
    kind = _kind(data, PurePath(name).suffix.lower(), media_type)
    if kind == "pdf":
        document = read_pdf(data, name)
    elif kind == "docx":
        document = read_docx(data, name)
    elif kind == "html":
        document = read_html(data, name, charset, url)
    elif kind == "markdown":
        document = read_markdown(data, name, charset)
    else:
        document = read_text(data, name, charset)
    if not document.body:
        raise UnreadableDocument("holds no text")
    if len(document.body.encode()) > MAX_TEXT_BYTES:
        raise UnreadableDocument(TOO_LONG)
    return replace(document, language=_language(document.body))


def _kind(data: bytes, suffix: str, media_type: str | None) -> _Kind:
    """The kind by content, then by what its sender says, then by suffix; but a text file may show HTML as text."""
    told = _MEDIA_TYPES.get((media_type or "").lower())
    beginning = data[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if beginning.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK") and is_docx(data):
        return "docx"
    if told in (None, "text", "markdown") and suffix in (".md", ".txt"):
        return _SUFFIXES[suffix]
    if data.startswith(b"PK") and suffix == ".docx":
        raise UnreadableDocument("is damaged, or not a Word document: open it in a word processor and save it afresh")
    for mark, what in _FOREIGN:
        if data.startswith(mark):
            raise UnreadableDocument(what if "save it" in what else f"{what}; {_CAN_BE_ADDED}")
    if _begins_like_html(beginning):
        return "html"
    if told or suffix in _SUFFIXES:
        return told or _SUFFIXES[suffix]
    raise UnreadableDocument(f"is of a kind that cannot be added; {_CAN_BE_ADDED}")


def _begins_like_html(beginning: bytes) -> bool:
    lowered = beginning.lower()
    while lowered.startswith((b"<?xml", b"<!--")):
        end = b"?>" if lowered.startswith(b"<?xml") else b"-->"
        lowered = lowered.partition(end)[2].lstrip()
    return lowered.startswith(_HTML_BEGINNINGS)


def _language(body: str) -> str | None:
    sample = body[:_LANGUAGE_SAMPLE_CHARS]
    if sum(map(str.isalpha, sample)) < _MIN_LANGUAGE_LETTERS:
        return None
    language, confidence = _IDENTIFIER.classify(sample)
    return str(language) if confidence >= _MIN_LANGUAGE_CONFIDENCE else None
