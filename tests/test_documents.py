"""A document becomes its text, exactly, or is refused in one line; and it can do nothing else, whatever it holds."""

import _thread
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import unicodedata

import docx
import psutil
import pytest
from hostile_files import FRENCH, JAPANESE, PROSE, RUSSIAN, hostile, html, pdf, pdf_text, saved, word

from index.adding import documents
from index.adding.documents import MAX_FILE_BYTES, Document, DocumentReader, read_document
from index.errors import UnreadableDocument
from index.sentences import clean_text

PARENT_MAY_GROW_BYTES = 60_000_000
HOSTILE = {name: (data, refused) for name, data, refused in hostile()}


@pytest.fixture(scope="module")
def reader():
    with DocumentReader() as opened:
        yield opened


@pytest.fixture
def body(reader):
    return lambda data, name, **told: reader.read(data.encode() if isinstance(data, str) else data, name, **told).body


def child_running(monkeypatch, code):
    """From now on, a child first runs this code; `serve` is what it would run otherwise."""
    start = "import sys; sys.path[:] = sys.argv[1:]\nfrom index.adding.document_child import serve\n"
    monkeypatch.setattr(documents, "_START", start + code)


# -- HTML

HEAD = """
<title>Two labs found a forum | Example News</title>
<meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2024-03-15T23:30:00-05:00">
<link rel="canonical" href="https://news.example/forum">
<script type="application/ld+json">{"@context": "https://schema.org",
 "@type": "NewsArticle", "headline": "Two labs found a forum",
 "author": {"@type": "Person", "name": "Ada Byron"}, "dateModified": "2025-01-01"}</script>
"""
PAGE = f"""<!DOCTYPE html><html lang="en"><head>{HEAD}</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<div class="advert">Buy our watches now! Cheap watches.</div>
<article><h1>Two labs found a forum</h1>
<p>Acme Intelligence and <b>Borealis Labs</b> founded the <a href="https://lantern.example/">Lantern Forum</a> on
14 March 2024, the two companies said in a statement that was sent to the press on
Thursday.<img src="x.png" alt="x"></p>
<h2>What it does</h2>
<p>It publishes a report.<br>Its code is <code>x_y * 2</code>, 3 &lt; 4 &amp;amp; [s1].</p>
<p># not a heading</p>
<ul><li>First: <i>Acme</i></li><li>Second<ul><li>Nested</li></ul></li></ul>
<blockquote><p>We are glad of it, said the chair of the board.</p></blockquote>
<table><tr><th>Member</th><th>Since</th></tr><tr><td>Acme | Co</td><td>2024</td></tr></table>
<p>The end of the article is here, as everybody can see with their own eyes.</p></article>
<aside><h3>Related</h3><a href="/a">Another story</a></aside>
<footer>Copyright 2024 Example News. All rights reserved. Subscribe to our newsletter.</footer></body></html>
"""
PAGE_BODY = r"""
Acme Intelligence and Borealis Labs founded the Lantern Forum on 14 March 2024, the two companies said in a statement that was sent to the press on Thursday.

## What it does

It publishes a report. Its code is x\_y \* 2, 3 \< 4 \&amp; \[s1\].

\# not a heading

- First: Acme
- Second
    - Nested

We are glad of it, said the chair of the board.

| Member | Since |
| --- | --- |
| Acme \| Co | 2024 |

The end of the article is here, as everybody can see with their own eyes.
"""  # noqa: E501
SAFE = f"<p>{PROSE * 3}</p>"


def test_a_page_becomes_its_article_with_what_it_says_of_itself(reader):
    assert reader.read(PAGE.encode(), "forum.html") == Document(
        title="Two labs found a forum",
        body=PAGE_BODY.strip(),
        author="Ada Byron",
        publisher="Example News",
        published="2024-03-15",
        language="en",
        url="https://news.example/forum",
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>SECRET</p>",
        "<p aria-hidden='TRUE'>SECRET</p>",
        "<template>SECRET</template><noscript>SECRET</noscript><style>SECRET</style><script>SECRET</script>",
        "<!-- SECRET -->",
        *(
            f'<p>before<span style="{style}">SECRET <b>SECRET</b></span> after</p>'
            for style in (
                "display:none",
                "color:red; DISPLAY : none !important",
                "display:/* x */none",
                "color:transparent/* x",
                r"d\69 splay:none",
                "visibility:hidden",
                "opacity:0",
                "opacity:.0%",
                "font-size:0",
                "font-size:1px",
                "font:0/0 a",
                "color:transparent",
                "color:#fff;background:#fff",
                "position:absolute;left:-9999px",
                "text-indent:-100em",
                "transform:translateX(-2000px)",
                "clip:rect(0 0 0 0)",
                "height:0;overflow:hidden",
            )
        ),
    ],
)
def test_what_a_reader_of_the_page_does_not_see_is_left_out(body, hidden):
    text = body(html(SAFE + hidden + SAFE), "page.html")
    assert "SECRET" not in text
    assert ("before after" in text) == ("before" in hidden)


@pytest.mark.parametrize(
    "style", ["", "display:block", "opacity:0.9", "font-size:1em", "left:-20px", "color:#fff;background:#000", ":;:"]
)
def test_what_a_reader_of_the_page_sees_is_kept(body, style):
    assert "SHOWN" in body(html(f'{SAFE}<p style="{style}">It is SHOWN to all who read it.</p>'), "page.html")
    assert "founded" in body(f"<html><body style='opacity:0'>{SAFE}</body></html>", "page.html")


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta name="date" content="2024-07">', "2024-07"),
        ('<meta itemprop="datePublished" content="20240718">', "2024-07-18"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": ["Article"], "datePublished": "2024"}]}</script>',
            "2024",
        ),
        ('<script type="application/ld+json">{"@type": "Comment", "datePublished": "2024-01-01"}</script>', None),
        ('<meta name="date" content="1970-01-01">', None),
        ('<meta name="date" content="2999-01-01">', None),
        ('<meta name="date" content="2024-02-31">', None),
        ('<meta property="article:modified_time" content="2024-07-18">', None),
        ('<link rel="canonical" href="https://news.example/2024/07/18/forum">', None),
    ],
)
def test_the_date_is_the_one_that_the_page_gives_as_its_own(reader, head, published):
    assert reader.read(html(SAFE + "<p>Updated on 3 May 2023.</p>", head), "page.html").published == published


@pytest.mark.parametrize(
    ("link", "url", "canonical"),
    [
        ("https://news.example/a", None, "https://news.example/a"),
        ("/a", "https://www.news.example/b?x=1", "https://www.news.example/a"),
        ("https://news.example/a", "https://m.news.example/a", "https://news.example/a"),
        ("https://famous.example/a", "https://evil.example/a", None),
        ("javascript:alert(1)", None, None),
        ("file:///etc/passwd", None, None),
        ("https://user@news.example/", None, None),
        ("https://[broken", None, None),
        ("/a", None, None),
    ],
)
def test_the_address_is_the_page_s_own_and_of_its_site(reader, link, url, canonical):
    page = html(SAFE, f'<link rel="canonical" href="{link}">')
    assert reader.read(page, "page.html", url=url).url == canonical


# -- PDF


def test_lines_of_a_pdf_become_paragraphs_headings_and_lists(reader):
    pages = [
        pdf_text(
            (8, 72, 810, f"Annual Report {page}"),
            *lines,
            (8, 300, 30, f"{page} of 3"),
        )
        for page, lines in enumerate(
            [
                [
                    (24, 72, 780, "A report on cables"),
                    (11, 72, 740, "The cable was laid in 2024. It is very long and was paid"),
                    (11, 72, 726, "by the inter-"),
                    (11, 72, 712, "national forum, which is a well-"),
                    (11, 72, 698, "known body with members everywhere, a well-known body."),
                    (11, 72, 664, "A second paragraph begins after a gap. It goes on"),
                ],
                [
                    (11, 72, 740, "on the next page and there it ends."),
                    (16, 72, 700, "What is left"),
                    (11, 72, 676, "• The first thing, which is long and so it goes on in"),
                    (11, 80, 662, "a second line."),
                    (11, 72, 648, "• The second"),
                ],
                [(11, 72, 740, "# The end of <it> [all].")],
            ],
            1,
        )
    ]
    info = "/Title (Microsoft Word - cables.doc) /Author (Ada Byron) /CreationDate (D:20240718120000Z)"
    assert reader.read(pdf(pages, info), "cables.pdf") == Document(
        title="A report on cables",
        body="The cable was laid in 2024. It is very long and was paid by the international forum, which is a "
        "well-known body with members everywhere, a well-known body.\n\n"
        "A second paragraph begins after a gap. It goes on on the next page and there it ends.\n\n"
        "## What is left\n\n"
        "- The first thing, which is long and so it goes on in a second line.\n- The second\n\n"
        r"\# The end of \<it> \[all\].",
        author="Ada Byron",
        published="2024-07-18",
        language="en",
    )


def test_page_numbers_and_entries_of_a_table_of_contents_are_no_text(body):
    dots = "The first chapter . . . . . . . . . . . . . 7"
    pages = [
        pdf_text((11, 72, 780, "It begins here, and then it"), (8, 72, 700, dots), (8, 300, 30, "Page 7")),
        pdf_text((11, 72, 740, "goes on there in 2024."), (8, 300, 40, "8")),
    ]
    assert body(pdf(pages, "/Title (The title)"), "a.pdf") == "It begins here, and then it goes on there in 2024."


def test_a_word_that_is_cut_by_a_soft_hyphen_is_whole(body):
    page = pdf_text((11, 72, 780, "It is inter\u00ad"), (11, 72, 766, "national."))
    assert body(pdf([page], "/Title (The title)"), "a.pdf") == "It is international."


@pytest.mark.parametrize(
    ("info", "title", "published"),
    [
        ("/Title (The Lantern Report)", "The Lantern Report", None),
        ("/Title (report.indd)", "Large type", None),
        ("/Title (untitled) /CreationDate (D:19700101000000Z)", "Large type", None),
        ("/CreationDate (D:29990101000000Z)", "Large type", None),
        ("/CreationDate (yesterday)", "Large type", None),
    ],
)
def test_a_pdf_s_metadata_counts_when_it_is_plausible(reader, info, title, published):
    read = reader.read(pdf([pdf_text((20, 72, 780, "Large type"), (11, 72, 700, PROSE))], info), "a.pdf")
    assert (read.title, read.published) == (title, published)


# -- Word


def test_a_word_document_keeps_its_headings_paragraphs_lists_and_tables(reader):
    document = docx.Document()
    document.core_properties.author = "Ada Byron"
    document.core_properties.created = docx.opc.coreprops.dt.datetime(2024, 7, 18, 12)
    document.add_paragraph("The Lantern Forum", style="Title")
    document.add_heading("Who is in", 1)
    paragraph = document.add_paragraph("Acme and ")
    paragraph.add_run("Borealis Labs").bold = True
    paragraph.add_run(" founded it in 2024.\nIt has two members, *both* of them [large].")
    paragraph.add_run(" SECRET").font.hidden = True
    hiding = document.styles.add_style("Hiding", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    hiding.font.hidden = True
    paragraph.add_run(" SECRET").style = hiding
    document.add_paragraph("Acme", style="List Bullet")
    document.add_paragraph("Its daughter", style="List Bullet 2")
    document.add_paragraph("# Borealis")
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ("Member", "Since", "|", "Acme", "2024", ""), strict=True):
        cell.text = text
    assert reader.read(saved(document), "lantern.docx") == Document(
        title="The Lantern Forum",
        body="## Who is in\n\nAcme and Borealis Labs founded it in 2024. It has two members, \\*both\\* of them "
        "\\[large\\].\n\n- Acme\n    - Its daughter\n\n\\# Borealis\n\n"
        "| Member | Since | \\| |\n| --- | --- | --- |\n| Acme | 2024 |  |",
        author="Ada Byron",
        published="2024-07-18",
        language="en",
    )


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:r><w:t>It is </w:t></w:r><w:del><w:r><w:delText>un</w:delText></w:r></w:del><w:ins><w:r><w:t>"
         "safe</w:t></w:r></w:ins></w:p>", "It is safe"),
        ("<w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:r><w:t>here</w:t></w:r></w:p>", "here"),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>", "in a control"),
        ("<w:p><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>shown</w:t></w:r></w:p>", "shown"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a b c"),
        ("<w:p><w:r><w:t>outside</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p>"
         "</w:txbxContent></w:pict></w:r></w:p>", "outside\n\nin a box"),
        ("<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr>"
         "<w:tr><w:tc><w:p><w:r><w:t>kept</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", "kept"),
        ("<w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr><w:r><w:t>Level</w:t></w:r></w:p>", "## Level"),
        ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc>"
         "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", "| a |  |\n| --- | --- |\n|  | b |"),
        ("<w:p><w:pPr><w:numPr><w:ilvl w:val='2'/><w:numId w:val='3'/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>",
         "- x"),
    ],
)  # fmt: skip
def test_what_word_shows_is_read_and_what_it_does_not_is_not(body, xml, text):
    assert body(word("Before.", title="Title", body_xml=xml), "a.docx") == f"Before.\n\n{text}"


def test_what_a_program_has_left_in_a_word_file_is_no_metadata(reader):
    read = reader.read(word("Some text."), "my-note.docx")
    assert (read.title, read.author, read.published) == ("My note", None, None)


# -- text and Markdown


def test_markdown_keeps_its_structure_and_loses_pictures_links_and_raw_html(reader):
    text = (
        "![logo](x.png)\n\nThe *Forum*\n===\n\nIt is **in** [a place](https://x.example).\n\n<div>raw</div>\n\n"
        "### Facts\n\n- one\n  - two\n\n1. three\n\n> quoted <b>text</b>\n\n| a | b |\n| --- | --- |\n| c\\|d | e |\n"
    )
    assert reader.read(text.encode(), "a.md") == Document(
        "The *Forum*",
        "It is in a place.\n\n### Facts\n\n- one\n    - two\n- three\n\nquoted text\n\n"
        "| a | b |\n| --- | --- |\n| c\\|d | e |",
        language="en",
    )


def test_plain_text_stays_text(reader):
    read = reader.read(b"A title\n\nWho is in\n\nNot *slanted*.\n- a list\n2023. A year <b>.\n", "a.txt")
    assert (read.title, read.body) == ("A title", "## Who is in\n\nNot \\*slanted\\*.\n- a list\n2023\\. A year \\<b>.")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("utf-16.txt", FRENCH),
        ("utf-16-without-mark.txt", FRENCH),
        ("utf-32.txt", FRENCH),
        ("latin-1.txt", FRENCH),
        ("cp1251.txt", RUSSIAN),
        ("shift-jis.txt", JAPANESE),
        ("wrongly-declared.html", RUSSIAN),
        ("declared.html", JAPANESE),
    ],
)
def test_a_text_reads_the_same_in_any_encoding(body, name, text):
    assert body(HOSTILE[name][0], name) == text.strip()


def test_the_senders_charset_counts_unless_the_text_is_clearly_utf_8(body):
    page = html(f"<p>{RUSSIAN}</p>").decode()
    for charset in ("koi8-r", "utf-8", "no-such-charset", "idna", "zlib"):
        encoding = charset if charset == "koi8-r" else "utf-8"
        assert body(page.encode(encoding), "page.html", charset=charset) == RUSSIAN.strip()
    assert body(page.encode(), "page.html", charset="koi8-r") == RUSSIAN.strip()
    assert "+ADw-" in body(html(f"<p>{PROSE} +ADw-b+AD4-</p>"), "page.html", charset="utf-7")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PROSE, "en"),
        (FRENCH, "fr"),
        (RUSSIAN, "ru"),
        ("Ja.", None),
        ("Acme Borealis Meta IBM Google OpenAI Anthropic Intel", None),
    ],
)
def test_the_language_is_told_only_when_it_is_sure(reader, text, language):
    assert reader.read(f"Title\n\n{text}".encode(), "a.txt").language == language


# -- which kind a document is of


@pytest.mark.parametrize(
    ("name", "media_type", "data", "text"),
    [
        ("a.html", None, pdf([pdf_text((11, 72, 700, PROSE))]), PROSE),
        ("a.pdf", None, word(PROSE), PROSE),
        ("a", "application/pdf", b"\n" + pdf([pdf_text((11, 72, 700, PROSE))]), PROSE),
        ("a.pdf", "application/octet-stream", html(f"<p>{PROSE}</p>"), PROSE),
        ("a.php", "TEXT/HTML", f"<p>{PROSE}</p>".encode(), PROSE),
        ("a.php", None, html(f"<p>{PROSE}</p>").decode().encode("utf-16"), PROSE),
        ("a.php", None, f"<?xml version='1.0'?><!-- x --><!DOCTYPE html><p>{PROSE}</p>".encode(), PROSE),
        ("a.txt", None, b"<html><p>x</p>", "\\<html>\\<p>x\\</p>"),
        ("a.txt", "text/html", html(f"<p>{PROSE}</p>"), PROSE),
        ("a.HTM", None, f"<p>{PROSE}</p>".encode(), PROSE),
        ("a", "text/plain", b"Only text.", "Only text."),
    ],
)
def test_the_content_tells_the_kind_then_the_sender_then_the_name(body, name, media_type, data, text):
    assert body(data, name, media_type=media_type) == text.strip()


# -- hostile files


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_becomes_clean_text_or_is_refused_in_one_line(reader, name):
    data, refused = HOSTILE[name]
    if refused is not None:
        with pytest.raises(UnreadableDocument) as caught:
            reader.read(data, name)
        message = str(caught.value)
        assert message.startswith(f"{name}: ")
        assert refused in message
        assert "\n" not in message
        return
    document = reader.read(data, name)
    lines = [document.title, *(line.strip() for line in document.body.split("\n"))]
    assert all(line == clean_text(line) for line in lines)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for line in lines for char in line)
    assert not re.search(r"(?<!\\)[<\[`]", document.body)
    assert "root:" not in document.body and "haha" not in document.body


def test_after_every_hostile_file_the_next_one_reads_fine_and_the_parent_has_not_grown():
    before = psutil.Process().memory_info().rss
    with DocumentReader() as reader:
        for name, (data, _) in HOSTILE.items():
            try:
                reader.read(data, name)
            except UnreadableDocument:
                assert reader.read(b"Title\n\nThe next one.", "next.txt").body == "The next one."
    assert psutil.Process().memory_info().rss - before < PARENT_MAY_GROW_BYTES


def test_a_file_over_the_limit_is_refused_before_it_is_read(monkeypatch):
    child_running(monkeypatch, "sys.exit()")
    with pytest.raises(UnreadableDocument, match=r"^a\.pdf: 25 MB; a document has at most 25 MB: split it$"):
        read_document(b"x" * (MAX_FILE_BYTES + 1), "a.pdf")


# -- the child

OBEDIENT = """
import ctypes, os, socket, subprocess
import index.adding.document_kinds as kinds
from index.adding.documents import Document
def read(data, **told):
    try:
        return Document("Done", str(eval(data)))
    except PermissionError as exc:
        return Document("Refused", str(exc))
kinds.read = read
"""


@pytest.fixture(scope="module")
def obedient(tmp_path_factory):
    """A reader whose child does what the document says, as a parser might that a hostile one has taken over."""
    with pytest.MonkeyPatch.context() as patch, DocumentReader() as opened:
        folder = tmp_path_factory.mktemp("child")
        patch.chdir(folder)
        patch.setenv("SOME_TOKEN", "x")
        child_running(patch, f"{OBEDIENT}serve()")
        yield opened
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "action",
    [
        b"socket.socket()",
        b"socket.getaddrinfo('localhost', 80)",
        b"subprocess.run(['true'])",
        b"os.system('true')",
        b"os.fork()",
        b"os.kill(os.getppid(), 0)",
        b"os.remove('no-such-file')",
        b"open('written', 'w')",
        b"os.open('written', os.O_CREAT | os.O_WRONLY)",
        b"ctypes.CDLL(None)",
    ],
)
def test_a_parser_can_neither_connect_nor_write_nor_start_anything(obedient, action):
    assert obedient.read(action, "a.txt").title == "Refused"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not have these limits")
def test_the_system_limits_a_parser_too(obedient):
    limits = {"AS": documents.MAX_MEMORY_BYTES, "FSIZE": 0, "NOFILE": 32, "CORE": 0}
    for name, limit in limits.items():
        asked = f"(r := __import__('resource')).getrlimit(r.RLIMIT_{name})"
        assert obedient.read(asked.encode(), "a.txt").body == str((limit, limit))


def test_a_parser_sees_nothing_of_the_environment(obedient):
    assert obedient.read(b"'SOME_TOKEN' in os.environ", "a.txt").body == "False"


def test_what_a_parser_prints_does_not_get_between_the_answers(obedient):
    noise = b"[print('x' * 100_000, flush=True), os.write(1, b'y' * 100_000), os.write(2, b'z' * 100_000)] and 7"
    assert obedient.read(noise, "a.txt").body == "7"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")
def test_a_parser_that_wants_too_much_memory_is_refused(obedient):
    with pytest.raises(UnreadableDocument, match=r"^a\.txt: reading it takes too much memory"):
        obedient.read(b"bytearray(3_000_000_000)", "a.txt")


@pytest.mark.parametrize(
    ("does", "limit", "said"),
    [
        (b"all(n == 0 for n in iter(int, 1))", ("_CPU_S", 0.2), "takes more than 0 s"),
        (b"__import__('time').sleep(600)", ("_WALL_S", 0.5), "takes more than"),
        (b"os._exit(0)", ("_WALL_S", 60.0), "makes its reader crash"),
        (b"os.abort()", ("_WALL_S", 60.0), "makes its reader crash"),
        (b"[b'x' * 400_000_000, __import__('time').sleep(600)]", ("MAX_MEMORY_BYTES", 300_000_000), "too much memory"),
    ],
)
def test_a_child_that_hangs_dies_or_hoards_is_replaced(obedient, monkeypatch, does, limit, said):
    first = psutil.Process(int(obedient.read(b"os.getpid()", "a.txt").body))
    monkeypatch.setattr(documents, *limit)
    with pytest.raises(UnreadableDocument, match=rf"^bad\.txt: .*{said}"):
        obedient.read(does, "bad.txt")
    assert not first.is_running()
    monkeypatch.undo()
    assert obedient.read(b"os.getpid()", "a.txt").body != str(first.pid)


def test_after_ctrl_c_no_answer_comes_late(obedient):
    first = obedient.read(b"os.getpid()", "a.txt").body
    threading.Timer(0.2, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        obedient.read(b"__import__('time').sleep(600)", "a.txt")
    assert obedient.read(b"os.getpid()", "a.txt").body != first


@pytest.mark.parametrize(("limit", "children"), [("child._SPENT_BYTES", 1), ("0", 2)])
def test_a_child_is_used_again_until_it_has_grown(monkeypatch, limit, children):
    grown = f"import index.adding.document_child as child\nchild._SPENT_BYTES = {limit}\n"
    child_running(monkeypatch, f"{OBEDIENT}{grown}serve()")
    with DocumentReader() as reader:
        assert len({reader.read(b"os.getpid()", "a.txt").body for _ in range(2)}) == children


@pytest.mark.parametrize("answer", ["b'\\xff\\xff\\xff\\xff' + b'x' * 1000", "b'\\0\\0\\0\\x09short'", "b''"])
def test_an_answer_that_is_too_long_or_cut_off_is_a_crash(monkeypatch, answer):
    child_running(monkeypatch, f"import os; os.write(1, {answer})")
    with pytest.raises(UnreadableDocument, match=r"^a\.txt: it makes its reader crash"):
        read_document(b"x", "a.txt")


def test_a_broken_install_is_told(monkeypatch):
    child_running(monkeypatch, "sys.modules['pypdf'] = None\nserve()")
    with pytest.raises(UnreadableDocument, match=r"^a\.txt: the reader of documents does not start .*pypdf.*install"):
        read_document(b"x", "a.txt")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_its_parent(tmp_path, how):
    told = tmp_path / "pid"
    start = "import sys; sys.path[:] = sys.argv[1:]\nfrom index.adding.document_child import serve\n"
    start += f"{OBEDIENT}open({str(told)!r}, 'w').write(f'{{os.getpid()}} ')\nserve()"
    endless = b"all(n == 0 for n in iter(int, 1))"
    code = f"from index.adding import documents\ndocuments._START = {start!r}\n"
    code += f"documents.read_document({endless!r}, 'a.txt')"
    parent = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until(lambda: told.exists() and told.read_text().endswith(" "))
        child = psutil.Process(int(told.read_text()))
        idle = child.cpu_times().user  # the parsers are loaded by now: from here on, it is the document that takes time
        until(lambda: child.cpu_times().user > idle + 0.3)
        parent.send_signal(how)
        parent.wait(timeout=30)
        until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    finally:
        parent.kill()
        parent.wait()
        with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
            psutil.Process(int(told.read_text())).kill()


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
