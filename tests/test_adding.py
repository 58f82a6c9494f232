"""A user's file, folder, page or feed becomes articles with the same text, or is refused with the reason.

The same again changes nothing, a new version replaces, nothing else is left behind; what was added can be removed.
"""

import os
import re
from collections import Counter
from contextlib import nullcontext

import pytest
from hostile_files import pdf, pdf_text, word
from hypothesis import given, settings
from hypothesis import strategies as st
from web_server import Page, WebServer

from index.adding import add as adding
from index.adding.add import add_articles
from index.adding.documents import MAX_FILE_BYTES, DocumentReader
from index.adding.own_library import OwnLibrary
from index.articles import load_library, read_article
from index.errors import IndexNotWritten, LibraryError
from index.sentences import clean_text

NOTE = "A note about cables\n\nThe cable was laid in 2024. It is long.\n"
ARTICLE = "---\ntitle: A Note\npublished: 2024-07\n---\n\nThe cable was laid in 2024.\n"


@pytest.fixture(scope="module", autouse=True)
def one_reader():
    """One child process for all tests: each would start its own."""
    with DocumentReader() as reader, pytest.MonkeyPatch.context() as patch:
        patch.setattr(adding, "DocumentReader", lambda: nullcontext(reader))
        yield


@pytest.fixture
def own(tmp_path):
    """The user's library, which does not exist yet."""
    return tmp_path / "home" / "articles"


@pytest.fixture
def shipped(tmp_path):
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "ai-alliance.md").write_text(ARTICLE)
    (folder / "organisations.yaml").write_text("Amazon: {aliases: [AWS]}\n")
    return folder


@pytest.fixture
def add(tmp_path, own, shipped):
    """Writes a file and adds it; what became of it."""

    def add(name, data):
        path = tmp_path / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        (result,) = add_articles([str(path)], own, shipped)
        assert result.origin == str(path)
        assert (result.slug is None) == (result.action == "refused") == (result.reason is not None)
        return result

    return add


@pytest.fixture
def article(add, own):
    """Writes a file, adds it and reads the article that it has become."""

    def article(name, data):
        result = add(name, data)
        assert result.action == "added", result.reason
        return read_article(own / f"{result.slug}.md")

    return article


def texts(article):
    return [sentence.text for sentence in article.sentences]


def shown(article):
    """All text without blanks, as the cutting into sentences may add some."""
    return "".join(texts(article)).replace(" ", "")


def files(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# -- what becomes of a file


def test_a_text_file_becomes_an_article_of_the_library(article, own):
    read = article("cable-note.txt", NOTE)
    assert (read.slug, read.title) == ("cable-note", "A note about cables")
    assert texts(read) == ["The cable was laid in 2024.", "It is long."]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", read.added)
    assert read.published is None
    assert [a.slug for a in load_library([own]).articles] == ["cable-note"]
    assert files(own) == ["cable-note.md"]


def test_a_markdown_file_with_front_matter_is_taken_as_it_is(add, own):
    assert add("note.md", ARTICLE).action == "added"
    assert (own / "note.md").read_text() == ARTICLE


def test_a_markdown_file_without_front_matter_gets_its_title_from_its_heading(article):
    read = article("note.md", '# The *cable*: a "note" #1\n\n## Facts\n\nIt was **laid** in 2024.\n')
    assert read.title == 'The *cable*: a "note" #1'
    assert [(s.heading, s.text) for s in read.sentences] == [("Facts", "It was laid in 2024.")]


@pytest.mark.parametrize(
    ("name", "text", "title", "sentences"),
    [
        ("a.txt", "Title line\nFirst. Second.", "Title line", ["First.", "Second."]),
        ("a.txt", "\n\n  Title line  \n\nFirst.", "Title line", ["First."]),
        ("a.txt", "# Title line\n\nFirst.", "Title line", ["First."]),
        ("a.txt", "What is it?\n\nFirst.", "What is it?", ["First."]),
        ("my_cable-note.txt", "First line ends.\nSecond.", "My cable note", ["First line ends.", "Second."]),
        ("NIST-notes.txt", "Only one line", "NIST notes", ["Only one line"]),
        ("a.txt", "long " * 40 + "\nSecond.", "A", ["long " * 40 + "Second."]),
        ("___.txt", "First line ends.", "Article", ["First line ends."]),
        ("a.txt", "\u202e\u200b\nFirst.", "A", ["First."]),
        ("a.md", "# \u200b\n\nFirst.", "A", ["First."]),
        ("a.txt", "yes: {no} [maybe] 'x' \"y\" & *z* | > - !t %d @e `f`\n\nFirst.", None, ["First."]),
    ],
)
def test_the_title_is_the_first_line_or_the_files_name(article, name, text, title, sentences):
    read = article(name, text)
    assert read.title == (title or text.split("\n")[0])
    assert texts(read) == sentences


def test_suffixes_may_be_in_capitals(add):
    assert add("NOTE.TXT", NOTE).slug == "note"
    assert add("OTHER.Md", ARTICLE).slug == "other"


# -- plain text stays plain text


@pytest.mark.parametrize(
    "line",
    [
        "Not *slanted*, **bold** or `code`.",
        "The names __init__ and snake_case_name and _x_.",
        "A [link](https://example.org) and ![a picture](x.png) and [s1].",
        "Tags <b>bold</b> <script>alert(1)</script> <!-- hidden --> <https://example.org>.",
        "Entities &amp; and &lt;b&gt; and &copy; stay.",
        "Back\\slashes \\* \\\\ stay\\",
        "#hashtag and # marks.",
        "#1 of the list.",
        ">quote and > marks.",
        "-5 degrees and - marks.",
        "+49 30 1234 and + marks.",
        "~~~ not code.",
        "``` not code.",
        "=== and --- and *** stay.",
        "2023. was a year.",
        "2023) was a year.",
        "| not a table",
        "Costs $5 {braces} ^caret~ tilde: https://example.org/a_b_c?x=1&copy=2.",
        "1 < 2 > 0 & 3.",
        "Emoji 🚜 and “quotes” – dashes… and ünïcode 北京.",
    ],
)
def test_marks_of_markdown_in_a_text_file_are_text(article, line):
    within = article("a.txt", f"Title\n\nBefore it.\n{line}\nAfter it.\n\nAnother.")
    assert shown(within) == f"Before it. {line} After it. Another.".replace(" ", "")
    alone = article("b.txt", f"Title\n\n{line}\n\nAnother.")  # a heading, if it does not end like a sentence
    assert alone.sentences[-1].heading.replace(" ", "") + shown(alone) == f"{line}Another.".replace(" ", "")


def test_no_line_under_another_makes_it_a_heading_or_a_table(article):
    text = "Title\n\nFirst of all.\n---\nSecond of all.\n===\na | b\n--- | ---\nc | d\n"
    assert " ".join(texts(article("a.txt", text))) == ("First of all. --- Second of all. === a | b --- | --- c | d")


def test_indented_text_is_no_code(article):
    assert texts(article("a.txt", "Title\n\n    First [x](y).\n\tSecond.")) == ["First [x](y).", "Second."]


def test_lists_of_a_text_file_are_lists(article):
    read = article("a.txt", "Title\n\nThe members:\n- Meta\n- IBM\n\n1. First\n2. Second\n")
    assert texts(read) == ["The members:", "Meta", "IBM", "First", "Second"]


def test_a_line_like_a_title_above_text_is_a_heading(article):
    read = article("a.txt", "Title\n\nWho is in\n\nMeta and IBM.\n\nWhen it began\n\nIn 2023.\n")
    assert [(s.heading, s.text) for s in read.sentences] == [
        ("Who is in", "Meta and IBM."),
        ("When it began", "In 2023."),
    ]


def test_lines_without_full_stops_are_not_lost_as_headings(article):
    read = article("a.txt", "Title\n\nMeta joined in 2023\n\nIBM joined in 2024\n")
    assert texts(read) == ["Meta joined in 2023", "IBM joined in 2024"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 .\n*_`[]()<>&;#!|\\-+~=:\"'s{}"), max_size=60))
def test_no_letter_of_any_text_is_lost(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.txt").write_text(f"Title\n\nStart. {text}")
    (result,) = list(add_articles([str(folder / "a.txt")], folder / "own", folder / "shipped"))
    read = read_article(folder / "own" / f"{result.slug}.md")
    shown = " ".join(f"{sentence.heading} {sentence.text}" for sentence in read.sentences)
    assert set(re.findall(r"[ab]+", text)) <= set(re.findall(r"[ab]+", shown))


# -- encodings

SPANISH = "Título de la nota\n\nLa alianza está en España. ¿Qué más?\n"
FRENCH = "Une société étrange\n\nL'élève déçu mange des pâtes à la crème brûlée près du château.\n"
SWEDISH = "Anteckning\n\nAlliansen grundades i Malmö år 2023 och består av åtta företag.\n"
RUSSIAN = "Заметка\n\nАльянс был основан в Москве. Участники довольны результатами исследований.\n"
JAPANESE = "表題\n\n" + "人工知能の安全性に関する国際ネットワークには、多くの国が参加しています。" * 20


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", SPANISH),
        ("utf-8-sig", SPANISH),
        ("utf-16", SPANISH),
        ("utf-16-le-bom", SPANISH),
        ("utf-16-be-bom", SPANISH),
        ("latin-1", FRENCH),
        ("latin-1", SPANISH),
        ("latin-1", SWEDISH),
        ("cp1251", RUSSIAN),
        ("cp1252", FRENCH.replace("'", "’")),
        ("shift_jis", JAPANESE),
        ("gb18030", "标题\n\n" + "人工智能联盟的成员包括许多公司和大学。" * 4_000),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_text_in_another_encoding_reads_the_same(article, encoding, text, ending):
    text_with_ending = text.replace("\n", ending)
    if encoding.endswith("-bom"):
        data = ("\ufeff" + text_with_ending).encode(encoding.removesuffix("-bom"))
    else:
        data = text_with_ending.encode(encoding)
    read = article("a.txt", data)
    assert read.title == text.split("\n")[0]
    assert shown(read) == re.sub(r"\s", "", text.split("\n", 1)[1])


@pytest.mark.parametrize("at", [100, -1])
def test_a_damaged_byte_in_utf_8_changes_nothing_else(article, at):
    data = bytearray((SPANISH * 10).encode())
    data[at] = 0xFF
    read = article("a.txt", bytes(data))
    assert shown(read).count("\ufffd") == 1
    assert "España" in shown(read)


# -- adding again


def test_the_same_file_again_changes_nothing(add, own):
    assert add("note.txt", NOTE).action == "added"
    before = (own / "note.md").stat()
    assert add("note.txt", NOTE).action == "unchanged"
    assert (own / "note.md").stat().st_mtime_ns == before.st_mtime_ns


def test_the_day_of_adding_alone_is_no_change(add, own):
    add("note.txt", NOTE)
    path = own / "note.md"
    path.write_text(re.sub("added: .*", "added: '2020-02-02'", path.read_text()))
    assert add("note.txt", NOTE).action == "unchanged"
    assert "2020-02-02" in path.read_text()


def test_a_changed_file_replaces_the_article(add, own):
    add("note.txt", NOTE)
    assert add("note.txt", NOTE + "It was mended in 2026.").action == "replaced"
    assert texts(read_article(own / "note.md"))[-1] == "It was mended in 2026."
    assert files(own) == ["note.md"]


def test_who_reads_the_old_article_meanwhile_reads_it_whole(add, own):
    add("note.txt", NOTE)
    with (own / "note.md").open() as old:
        assert add("note.txt", NOTE.replace("2024", "1999")).action == "replaced"
        assert "2024" in old.read()


def test_an_article_that_was_broken_by_hand_is_replaced(add, own):
    add("note.txt", NOTE)
    (own / "note.md").write_bytes(b"caf\xe9")
    assert add("note.txt", NOTE).action == "replaced"


def test_a_file_with_a_name_of_the_shipped_library_keeps_beside_it(add, own, shipped):
    assert add("AI Alliance.txt", NOTE).slug == "ai-alliance-added"
    assert add("ai-alliance.md", ARTICLE.replace("title", "slug: ai-alliance\ntitle")).slug == "ai-alliance-added"
    assert len(load_library([shipped, own]).articles) == 2


def test_a_slug_in_the_front_matter_gives_way_to_the_files_name(add, own):
    text = ARTICLE.replace("title: A Note\n", "title: A Note\nslug: other\n") + "\nslug: stays in the text.\n"
    assert add("note.md", text).slug == "note"
    assert (own / "note.md").read_text() == text.replace("slug: other", "slug: note")


def test_the_text_may_speak_of_slugs(add, own):
    text = ARTICLE + "\nslug: stays in the text.\n"
    add("note.md", text)
    assert (own / "note.md").read_text() == text


def test_two_files_of_one_name_become_two_articles_that_stay_apart(tmp_path, own, shipped):
    paths = [tmp_path / folder / "note.txt" for folder in ("x", "y")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"Title {path.parent.name}\n\nThis is about {path.parent.name} and nothing else.")
    targets = list(map(str, paths))
    assert [(r.slug, r.action) for r in add_articles(targets, own, shipped)] == [("note", "added"), ("note-2", "added")]
    assert [r.action for r in add_articles(targets[::-1], own, shipped)] == ["unchanged", "unchanged"]
    paths[1].write_text(paths[1].read_text() + " And more of it.")
    assert [(r.slug, r.action) for r in add_articles(targets, own, shipped)] == [
        ("note", "unchanged"),
        ("note-2", "replaced"),
    ]


def test_two_files_with_front_matter_of_one_name_are_told_apart_by_the_user(tmp_path, own, shipped):
    paths = [tmp_path / folder / "note.md" for folder in ("x", "y")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(ARTICLE.replace("Note", path.parent.name))
    first, second = add_articles(list(map(str, paths)), own, shipped)
    assert (first.action, second.action) == ("added", "refused")
    assert second.reason == f"{paths[1]}: {paths[0]} has the same name: rename one of the two files"


def test_the_same_text_under_another_name_is_known(add, own):
    add("note.txt", NOTE)
    result = add("copy.txt", NOTE)
    assert (result.slug, result.action, result.notice) == ("note", "unchanged", "'note' has the same text")
    assert files(own) == ["note.md"]


def test_a_story_that_is_nearly_there_already_is_taken_and_said(add, own):
    story = "".join(f"Sentence {i} of the story tells {i * 7} things about cables. " for i in range(30))
    add("wire.txt", f"Cables are laid\n\n{story}")
    result = add("site.txt", f"How cables are laid today\n\nBy our own reporter.\n\n{story}")
    assert (result.slug, result.action) == ("site", "added")
    assert re.fullmatch(r"nearly the same text as 'wire' \(9\d%\)", result.notice)
    assert add("other.txt", NOTE).notice is None


def test_a_refused_file_does_not_keep_the_others_out(tmp_path, own, shipped):
    (tmp_path / "good.txt").write_text(NOTE)
    results = list(add_articles([str(tmp_path / "missing.txt"), str(tmp_path / "good.txt")], own, shipped))
    assert [result.action for result in results] == ["refused", "added"]


# -- names


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Note.txt", "note"),
        ("My  Note (2).txt", "my-note-2"),
        ("Zürich – Résumé.txt", "zurich-resume"),
        ("..txt.txt", "txt"),
        ("-rf.txt", "rf"),
        ("2024.txt", "2024"),
        ("a.b.c.txt", "a-b-c"),
        ("$(touch x);`y`|z&.txt", "touch-x-y-z"),
        ("..\\..\\evil.txt", "evil"),
        ("con\ttab\nline.txt", "con-tab-line"),
        ("\x1b[31mred.txt", "31mred"),
    ],
)
def test_a_name_becomes_a_plain_one(add, own, name, slug):
    result = add(name, NOTE)
    assert (result.slug, files(own)) == (slug, [f"{slug}.md"])
    assert read_article(own / f"{slug}.md").slug == slug


@pytest.mark.parametrize(
    "name", ["报告.txt", "___.txt", "🚜.txt", "Отчёт 2024.txt", "x" * 200 + ".txt", "a\u202etxt.exe.txt"]
)
def test_what_a_plain_name_leaves_out_is_told_apart(add, own, name):
    try:
        result = add(name, NOTE)
    except OSError:
        pytest.skip("this file system takes no such name")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", result.slug)
    assert len(result.slug) <= 100
    other = add(name.replace(".txt", name[-5] + ".txt"), NOTE.replace("2024", "1999"))
    assert other.slug != result.slug
    assert other.action == "added"
    assert add(name, NOTE).action == "unchanged"
    assert len(load_library([own]).articles) == 2


# -- what is refused


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \r\n\t", "the file is empty"),
        ("a.md", b"", "the file is empty"),
        ("a.txt", bytes(range(256)) * 20, "not a text file"),
        ("a.md", b"\x89PNG\r\n\x1a\n" + bytes(200), "not a text file"),
        ("a.txt", b"Text with \x00 in it.", "not a text file"),
        ("a.pdf", b"x" * (MAX_FILE_BYTES + 1), "25 MB; a file holds at most 25 MB"),
        ("a.txt", b"All good. " * 600_000, "5 MB"),
        ("a.xlsx", NOTE, ".pdf"),
        ("a.md", "Just text.\n", ": no front matter and no '# Title' line"),
        ("a.md", "---\ntitle: T\n", "line 1: the front matter does not end"),
        ("a.md", "---\ntitle: T\nslug: x\nauthr: A\n---\nText.\n", "line 4: unknown field 'authr'"),
        ("a.md", "---\ntitle: T\n---\n", "the article has no text"),
        (
            "a.md",
            "---\ntitle: T\nsources: [{id: s1, title: A, publisher: B}]\n---\nText. [s2]\n",
            "line 5: source 's2'",
        ),
        ("a.md", "# Only a title\n", "holds no text"),
        ("a.txt", "# Only a title", "holds no text"),
        (
            "a.md",
            "---\ntitle: T\nalliance: {name: A, kind: safety, status: active, founders: [AWS]}\n---\nText.\n",
            "'AWS' is another name of 'Amazon': use that one",
        ),
    ],
)
def test_a_file_that_cannot_be_an_article_is_refused_with_the_reason(add, own, tmp_path, name, data, said):
    result = add(name, data)
    assert result.action == "refused", result
    assert result.reason.startswith(f"{tmp_path / 'files' / name}:")
    assert said in result.reason
    assert "\n" not in result.reason
    assert files(own) == []


def test_a_refused_change_leaves_the_article_as_it_was(add, own):
    add("note.md", ARTICLE)
    assert add("note.md", ARTICLE.replace("published", "publishd")).action == "refused"
    assert (own / "note.md").read_text() == ARTICLE
    assert files(own) == ["note.md"]


@pytest.mark.parametrize("name", ["missing.txt", "folder", "folder.txt", "loop.txt", "pipe.txt"])
def test_what_is_no_file_is_refused(tmp_path, own, shipped, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
    (result,) = list(add_articles([str(tmp_path / name)], own, shipped))
    assert result.action == "refused"
    assert str(tmp_path / name) in result.reason


# -- a library that cannot be written to


def test_a_file_in_the_place_of_the_library_is_told(tmp_path, shipped):
    (tmp_path / "note.txt").write_text(NOTE)
    (tmp_path / "own").write_text("in the way")
    with pytest.raises(IndexNotWritten, match=r"own cannot be written to"):
        list(add_articles([str(tmp_path / "note.txt")], tmp_path / "own", shipped))


def test_a_folder_in_the_place_of_an_article_stays(tmp_path, own, shipped):
    (tmp_path / "note.txt").write_text(NOTE)
    (own / "note.md" / "inside").mkdir(parents=True)
    (result,) = add_articles([str(tmp_path / "note.txt")], own, shipped)
    assert (result.slug, files(own)) == ("note-2", ["note-2.md", "note.md"])


def test_a_read_only_library_is_told(tmp_path, own, shipped):
    (tmp_path / "note.txt").write_text(NOTE)
    own.mkdir(parents=True)
    own.chmod(0o500)
    if os.access(own, os.W_OK):
        pytest.skip("this user may write anywhere")
    with pytest.raises(IndexNotWritten, match="Permission denied"):
        list(add_articles([str(tmp_path / "note.txt")], own, shipped))
    own.chmod(0o700)
    assert files(own) == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_are_an_article_or_refused_and_leave_nothing_else(tmp_path_factory, data, name):
    folder = tmp_path_factory.mktemp("any")
    (folder / name).write_bytes(data)
    (result,) = list(add_articles([str(folder / name)], folder / "own", folder / "shipped"))
    assert files(folder / "own") == ([] if result.slug is None else ["a.md"])
    if result.slug:
        (read,) = load_library([folder / "own"]).articles
        assert all(text == clean_text(text) for text in (read.title, *texts(read)))


# -- folders, pages and feeds


def test_a_folder_stands_for_its_files_in_all_formats(tmp_path, own, shipped):
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.txt").write_text(NOTE)
    (folder / "deeper" / "b.html").write_text(page("The second cable"))
    (folder / "deeper" / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text(NOTE)
    seen = []
    results = list(add_articles([str(folder)], own, shipped, on_progress=lambda *at: seen.append(at)))
    assert [(r.slug, r.action) for r in results] == [("a", "added"), ("b", "added")]
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_a_folder_without_articles_is_refused(tmp_path, own, shipped):
    (tmp_path / "empty").mkdir()
    (result,) = add_articles([str(tmp_path / "empty")], own, shipped)
    assert result.reason == f"{tmp_path / 'empty'}: holds no .md, .txt, .html, .htm, .pdf, .docx files"


def page(title, text="The cable was laid in 2024, and it is long.", head=""):
    paragraphs = "".join(f"<p>{text} This is paragraph {i} of the page about {title}.</p>" for i in range(4))
    body = f"<article><h1>{title}</h1>{paragraphs}</article>"
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Cable News</title>
<item><title>One</title><link>/one</link><pubDate>Mon, 04 Mar 2024 10:00:00 GMT</pubDate></item>
<item><title>Two</title><link>/two</link></item>{more}</channel></rss>"""


@pytest.fixture
def web():
    head = '<meta property="og:site_name" content="Cable News"><meta name="author" content="A Writer">'
    pages = {
        "/one": Page(page("The first cable").encode()),
        "/two": Page(page("The second cable", head=head).encode()),
        "/feed": Page(FEED.format(more="").encode(), headers={"Content-Type": "application/rss+xml"}),
    }
    with WebServer(pages) as server:
        yield server


@pytest.fixture
def fetch(web, own, shipped):
    def fetch(*paths):
        targets = [web.address(path) for path in paths]
        return list(add_articles(targets, own, shipped, trusted_hosts=[f"127.0.0.1:{web.port}"]))

    return fetch


def test_a_page_becomes_an_article_with_its_address_and_what_it_says_of_itself(fetch, web, own):
    (result,) = fetch("/two")
    assert (result.origin, result.slug, result.action) == (web.address("/two"), "the-second-cable", "added")
    fields = (own / "the-second-cable.md").read_text().split("---")[1]
    assert f"url: {web.address('/two')}\n" in fields
    assert "publisher: Cable News\n" in fields and "author: A Writer\n" in fields and "language: en\n" in fields
    assert "published" not in fields  # the page does not say
    assert read_article(own / "the-second-cable.md").title == "The second cable"


def test_the_same_address_with_new_content_replaces(fetch, web, own):
    fetch("/one")
    assert [r.action for r in fetch("/one")] == ["unchanged"]
    web.pages["/one"] = Page(page("A new title", "All is new, from the first word to the last.").encode())
    (result,) = fetch("/one")
    assert (result.slug, result.action) == ("the-first-cable", "replaced")
    assert read_article(own / "the-first-cable.md").title == "A new title"
    assert files(own) == ["the-first-cable.md"]


def test_a_page_cannot_take_the_address_of_another_site(fetch, web, own):
    fetch("/one")
    canonical = '<link rel="canonical" href="https://example.org/one">'
    web.pages["/evil"] = Page(page("Evil cable", head=canonical).encode())
    (result,) = fetch("/evil")
    assert f"url: {web.address('/evil')}\n" in (own / f"{result.slug}.md").read_text()


def test_a_feed_gives_its_new_entries_each_time(fetch, web, own):
    assert [(r.origin, r.action) for r in fetch("/feed")] == [
        (web.address("/one"), "added"),
        (web.address("/two"), "added"),
    ]
    assert read_article(own / "the-first-cable.md").published == "2024-03-04"
    assert fetch("/feed") == []
    more = "<item><title>Three</title><link>/three</link></item><item><title>Lost</title><link>/lost</link></item>"
    web.pages["/feed"] = Page(FEED.format(more=more).encode(), headers={"Content-Type": "application/rss+xml"})
    web.pages["/three"] = Page(page("The third cable", "Nothing like it was ever seen on this coast.").encode())
    three, lost = fetch("/feed")
    assert (three.action, lost.action) == ("added", "refused")
    assert web.address("/lost") in lost.reason
    web.pages["/lost"] = Page(page("The lost cable", "It was found again by a fisherman last spring.").encode())
    assert [(r.origin, r.action) for r in fetch("/feed")] == [(web.address("/lost"), "added")]


def test_a_feed_that_names_itself_ends(fetch, web):
    more = "<item><title>Again</title><link>/feed</link></item>"
    web.pages["/feed"] = Page(FEED.format(more=more).encode(), headers={"Content-Type": "application/rss+xml"})
    *_, again = fetch("/feed")
    assert again.action == "refused"
    assert "is a feed, named by the feed" in again.reason


def test_a_private_address_is_refused_unless_it_is_trusted(web, own, shipped):
    (result,) = add_articles([web.address("/one")], own, shipped)
    assert result.action == "refused"
    assert "ALLIANCES_TRUSTED_HOSTS" in result.reason
    assert web.asked == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/a.txt", "data://text/html,x"])
def test_what_is_no_address_of_the_web_is_refused(own, shipped, address):
    (result,) = add_articles([address], own, shipped)
    assert result.action == "refused"
    assert result.reason.startswith(f"{address}: ")


# -- stopping half-way


def test_what_was_taken_stays_when_it_is_stopped_and_the_same_call_goes_on(tmp_path, own, shipped):
    folder = tmp_path / "folder"
    folder.mkdir()
    for i in range(4):
        (folder / f"note-{i}.txt").write_text(f"Note {i}\n\nThe cable of {2000 + i} is {i} metres long.\n")
    results = add_articles([str(folder)], own, shipped)
    taken = [next(results), next(results)]
    results.close()
    assert files(own) == ["note-0.md", "note-1.md"]
    assert [r.action for r in taken] == ["added", "added"]
    again = [(r.slug, r.action) for r in add_articles([str(folder)], own, shipped)]
    assert again == [("note-0", "unchanged"), ("note-1", "unchanged"), ("note-2", "added"), ("note-3", "added")]


def test_200_files_of_five_formats_go_in_stopped_and_resumed_without_loss(tmp_path, own, shipped):
    folder = tmp_path / "folder"
    folder.mkdir()
    for i in range(40):
        title, text = f"Report {i}", f"The cable of report {i} is {i * 7} metres long. It was laid in {1980 + i}."
        (folder / f"{i}.txt").write_text(f"{title} in text\n\n{text}\n")
        (folder / f"{i}.md").write_text(f"# {title} in Markdown\n\n{text}\n")
        (folder / f"{i}.html").write_text(page(f"{title} as a page", text))
        (folder / f"{i}.docx").write_bytes(word(text, title=f"{title} in Word"))
        (folder / f"{i}.pdf").write_bytes(pdf([pdf_text((12, 50, 700, text))], info=f"/Title ({title} in PDF)"))
    results = add_articles([str(folder)], own, shipped)
    taken = [next(results) for _ in range(77)]
    results.close()
    again = list(add_articles([str(folder)], own, shipped))
    assert {result.action for result in taken} == {"added"}
    assert Counter(result.action for result in again) == {"unchanged": 77, "added": 123}
    articles = load_library([own]).articles
    assert len(articles) == 200 == len({article.title for article in articles})
    assert all("metres long." in article.sentences[0].text for article in articles)


# -- removing


@pytest.mark.parametrize("name", ["note", "note.md", "A note about cables", "note.txt"])
def test_an_article_is_removed_by_any_of_its_names(add, own, shipped, name):
    add("note.txt", NOTE)
    assert OwnLibrary(own, shipped).remove(name) == "note"
    assert files(own) == []


def test_a_page_is_removed_by_its_address_and_does_not_come_back_with_its_feed(fetch, web, own, shipped):
    fetch("/feed")
    OwnLibrary(own, shipped).remove(web.address("/one"))
    assert files(own) == ["the-second-cable.md"]
    assert fetch("/feed") == []


def test_what_cannot_be_removed_is_said(add, own, shipped):
    add("note.txt", NOTE)
    add("other.txt", NOTE + "It was mended.")  # the same title
    library = OwnLibrary(own, shipped)
    for name, said in {
        "ai-alliance": "ships with the assistant",
        "notee": "did you mean 'note'?",
        "A note about cables": "may be any of note, other",
        "../../etc/passwd": "You have no article",
        "": "You have no article",
    }.items():
        with pytest.raises(LibraryError, match=re.escape(said)):
            library.remove(name)
    assert files(own) == ["note.md", "other.md"]
