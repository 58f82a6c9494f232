"""Documents made by code: small good ones of each kind, and hostile ones that try to harm whoever reads them."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

import docx
import pypdf

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PROSE = "The Lantern Forum was founded on 14 March 2024 by Acme Intelligence and Borealis Labs. It is a safety forum. "
RUSSIAN = "Альянс был основан в Москве. Участники довольны результатами исследований и новыми проектами. " * 5
JAPANESE = "人工知能の安全性に関する国際ネットワークには、多くの国が参加しています。" * 20
FRENCH = "L'élève déçu mange des pâtes à la crème brûlée près du château, où une société étrange est née. " * 5


# -- PDF


def pdf_text(*lines: tuple[int, int, int, str]) -> bytes:
    """A page's content: (font size, x, y, text) of each line, in points."""
    return b"".join(
        b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n" % (size, x, y, text.encode("cp1252")) for size, x, y, text in lines
    )


def pdf(contents: Iterable[bytes], info: str = "", stream_entries: str = "", trailer: str = "") -> bytes:
    """A PDF with one page for each content stream; `info` are entries of its information dictionary."""
    contents = list(contents)
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>".encode("latin-1"),
    ]
    for number, content in enumerate(contents):
        resources = f"<< /Font << /F1 3 0 R >> /XObject << /X {6 + 2 * number} 0 R >> >>"
        page = f"/MediaBox [0 0 595 842] /Resources {resources} /Contents {6 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {page} >>".encode())
        entries = f"<< /Length {len(content)} {stream_entries} >>".encode()
        objects.append(entries + b"\nstream\n" + content + b"\nendstream")
    return _pdf_file(objects, trailer)


def _pdf_file(objects: list[bytes], trailer: str = "") -> bytes:
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    ending = trailer.replace("TABLE", str(table))
    file += f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {ending} >>\n".encode()
    return bytes(file + b"startxref\n%d\n%%%%EOF\n" % table)


def encrypted_pdf(password: str, data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def zeros(megabytes: int) -> bytes:
    """That many MB of blanks in zlib's format, made without ever holding them."""
    compressor = zlib.compressobj(9)
    return b"".join(compressor.compress(b" " * 1_000_000) for _ in range(megabytes)) + compressor.flush()


# -- Word


def word(*paragraphs: str, title: str = "", body_xml: str = "") -> bytes:
    """A Word document; `body_xml` comes after the paragraphs."""
    document = docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    for element in docx.oxml.parse_xml(f"<w:body {WORD}>{body_xml}</w:body>"):
        document.element.body.insert_element_before(element, "w:sectPr")
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data: bytes, changes: dict[str, bytes], extra: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """A zip archive with some parts changed and others appended, even under names that it has."""
    out = BytesIO()
    old, new = zipfile.ZipFile(BytesIO(data)), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
    with old, new, warnings.catch_warnings():
        for part in old.namelist():
            new.writestr(part, changes.get(part, old.read(part)))
        warnings.simplefilter("ignore")  # of names that are there twice
        for part, content in extra:
            new.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_bomb(data: bytes, part: str, megabytes: int, random: bool = False) -> bytes:
    out = BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package, package.open(part, "w") as stream:
        for number in range(megabytes):
            block = b" ".join(b"%x" % (number * 7919 + i * i) for i in range(500)) if random else b"x"
            stream.write((block * (1_000_000 // len(block) + 1))[:1_000_000])
    return out.getvalue()


def document_xml(doctype: str, text: str, encoding: str = "utf-8") -> bytes:
    body = f"<w:document {WORD}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    return f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{body}'.encode(encoding)


_LAUGHTER = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{_LAUGHTER}]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
BLOW_UP = f"<!DOCTYPE x [<!ENTITY e '{'x' * 100_000}'>]>"


# -- HTML


def html(body: str, head: str = "<title>A page about a forum</title>") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>".encode()


# -- the corpus


def hostile() -> Iterator[tuple[str, bytes, str | None]]:
    """(name, content, words of the refusal or None when its text can be had) of each hostile file."""
    yield from _hostile_packages()
    yield from _hostile_pdfs()
    yield from _hostile_pages()
    yield from _hostile_texts()


def _hostile_packages() -> Iterator[tuple[str, bytes, str | None]]:
    good = word(PROSE, PROSE, title="The Lantern Forum")
    xml = "word/document.xml"
    yield "bomb-nested.docx", repacked(good, {}, [("word/inner.docx", with_bomb(good, "x.bin", 40))]), None
    yield "bomb-ratio.docx", with_bomb(good, "word/media/x.bin", 40), "100 times"
    yield "bomb-size.docx", with_bomb(good, "word/media/x.bin", 60), "more than 100 MB"
    parts = good
    for number in range(3):
        parts = with_bomb(parts, f"word/media/{number}.bin", 40, random=True)
    yield "bomb-sum.docx", parts, "more than 100 MB"
    yield "bomb-entries.docx", repacked(good, {}, ((f"word/{n}.bin", b"") for n in range(3000))), "parts"
    yield "laughs.docx", repacked(good, {xml: document_xml(LAUGHS, "&a9;")}), "DOCTYPE"
    yield "outside.docx", repacked(good, {xml: document_xml(OUTSIDE, "&e;")}), "DOCTYPE"
    yield "outside-16.docx", repacked(good, {xml: document_xml(OUTSIDE, "&e;", "utf-16")}), "DOCTYPE"
    yield "blow-up.docx", repacked(good, {xml: document_xml(BLOW_UP, "&e;" * 10_000)}), "DOCTYPE"
    yield "doctype-elsewhere.docx", repacked(good, {"docProps/core.xml": LAUGHS.encode()}), "DOCTYPE"
    yield "slip.docx", repacked(good, {}, [("../../evil.txt", b"x")]), "forged names"
    yield "slip-absolute.docx", repacked(good, {}, [("/tmp/evil.txt", b"x")]), "forged names"
    yield "slip-windows.docx", repacked(good, {}, [("C:\\evil.txt", b"x")]), "forged names"
    yield "twice.docx", repacked(good, {}, [(xml, document_xml("", "another"))]), "forged names"
    yield "truncated.docx", good[: len(good) // 2], "damaged"
    yield "no-parts.docx", repacked(good, {"_rels/.rels": b"<Relationships/>"}), "damaged"
    yield "broken-xml.docx", repacked(good, {xml: b"<w:document"}), "damaged"
    deep = "<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000
    yield (
        "deep.docx",
        repacked(good, {xml: document_xml("", "x").replace(b"<w:p>", deep.encode() + b"<w:p>")}),
        "damaged",
    )
    yield "locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "old version of Office"
    sheet = BytesIO()
    with zipfile.ZipFile(sheet, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    yield "sheet.xlsx", sheet.getvalue(), "not of a Word document"
    flagged = bytearray(good)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.find(mark) + offset] |= 1
    yield "encrypted-part.docx", bytes(flagged), "password"


def _hostile_pdfs() -> Iterator[tuple[str, bytes, str | None]]:
    page = pdf_text((11, 72, 700, PROSE))
    good = pdf([page])
    yield "locked.pdf", encrypted_pdf("secret", good), "protected by a password"
    yield "unlocked.pdf", encrypted_pdf("", good), None
    yield "truncated.pdf", good[: len(good) // 2], "damaged"
    yield "table-loop.pdf", pdf([page], trailer="/Prev TABLE"), None
    yield "bomb.pdf", pdf([zeros(200)], stream_entries="/Filter /FlateDecode"), "damaged"
    yield (
        "bomb-twice.pdf",
        pdf([zlib.compress(zeros(200))], stream_entries="/Filter [/FlateDecode /FlateDecode]"),
        "damaged",
    )
    yield "form-in-itself.pdf", pdf([page + b"/X Do " * 100], stream_entries="/Type /XObject /Subtype /Form"), None
    yield "scan.pdf", pdf([b"0 0 m 100 100 l S"] * 3), "text recognition"
    yield "pages.pdf", pdf([page] * 5_000), "5000 pages"
    yield "garbage.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 400, "damaged"
    yield "deep.pdf", pdf([b"[" * 100_000 + page]), "nested too deeply"
    yield "page-loop.pdf", good.replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"), "damaged"
    yield "marks.pdf", pdf([pdf_text((11, 72, 700, "# <script> [x](y) `z` & all this is text of a page."))]), None


def _hostile_pages() -> Iterator[tuple[str, bytes, str | None]]:
    text = f"<h1>The forum</h1><p>{PROSE * 3}</p>"
    yield "deep.html", html("<div>" * 100_000 + PROSE), "nested"
    yield "wide.html", html(text + "<i>x</i>" * 100_000), None
    yield "laughs.html", LAUGHS.replace("<!DOCTYPE x", "<!DOCTYPE html").encode() + html(text + "<p>&a9;</p>"), None
    yield "outside.html", OUTSIDE.replace("<!DOCTYPE x", "<!DOCTYPE html").encode() + html(text + "<p>&e;</p>"), None
    yield "scripts.html", html("<script>document.write('all')</script>"), "no text"
    yield "line.html", html(f"<p>{PROSE * 10_000}</p>"), None
    yield "styles.html", html(text + "<p style='" + "/*" * 500_000 + "'>x</p>"), None
    yield "json.html", html(text, f"<script type='application/ld+json'>{'[' * 100_000}</script>"), None
    yield "wrongly-declared.html", html(f"<p>{RUSSIAN}</p>", "<meta charset=utf-8>").decode().encode("cp1251"), None
    yield "declared.html", html(f"<p>{JAPANESE}</p>", "<meta charset=shift_jis>").decode().encode("shift_jis"), None
    yield "utf-7.html", html(text, "<meta charset=utf-7>") + b"+ADw-script+AD4-", None
    yield "is-a-pdf.html", pdf([pdf_text((11, 72, 700, PROSE))]), None
    yield "open-tags.html", b"<html>" + b"<p><table><tr><td>" * 50_000, "nested"


def _hostile_texts() -> Iterator[tuple[str, bytes, str | None]]:
    bidi = "".join(map(chr, [0x202E, 0x2066, 0x200B, 0xFEFF, 0xE0041, 0x00AD]))
    yield "zero.txt", b"", "empty"
    yield "blank.txt", b" \r\n\t", "empty"
    yield "picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"
    yield "picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a picture"
    yield "program.exe", b"MZ\x90\0" + bytes(500), "kind that cannot be added"
    yield "line.txt", PROSE.encode() * 20_000, None
    yield "long.txt", b"x " * 2_600_000, "5 MB of text"
    yield "bidi.txt", f"A title{bidi}\n\nIt is {bidi}safe.exe{bidi} to read the whole of this text.".encode(), None
    yield "page.txt", b"<html><script>alert(1)</script> is how a page begins.", None
    yield "utf-16.txt", f"Titre\n\n{FRENCH}".encode("utf-16"), None
    yield "utf-16-without-mark.txt", f"Titre\n\n{FRENCH}".encode("utf-16-le"), None
    yield "utf-32.txt", f"Titre\n\n{FRENCH}".encode("utf-32"), None
    yield "cp1251.txt", f"Заметка\n\n{RUSSIAN}".encode("cp1251"), None
    yield "shift-jis.txt", f"表題\n\n{JAPANESE}".encode("shift_jis"), None
    yield "latin-1.txt", f"Titre\n\n{FRENCH}".encode("latin-1"), None
    yield "nested.md", b"# Title\n\n" + b"> " * 50_000 + b"deep\n\n" + b"[" * 50_000, None
    yield "untitled.md", PROSE.encode(), "no '# Title' line"
