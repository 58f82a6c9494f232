"""A user's file becomes an article with the same text, or is refused with the reason; nothing else is left behind."""

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.adding import add_files
from index.articles import MAX_ARTICLE_BYTES, load_library, read_article
from index.errors import IndexNotWritten
from index.sentences import clean_text

NOTE = "A note about cables\n\nThe cable was laid in 2024. It is long.\n"
ARTICLE = "---\ntitle: A Note\npublished: 2024-07\n---\n\nThe cable was laid in 2024.\n"


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
        (result,) = add_files([path], own, shipped)
        assert result.path == path
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
    (result,) = add_files([folder / "a.txt"], folder / "own", folder / "shipped")
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


def test_two_files_of_one_name_do_not_overwrite_each_other(tmp_path, own, shipped):
    paths = [tmp_path / folder / "note.txt" for folder in ("x", "y")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"Title\n\nThis is {path.parent.name}.")
    first, second, again = add_files([*paths, paths[0]], own, shipped)
    assert (first.action, second.action, again.action) == ("added", "refused", "unchanged")
    assert second.reason == f"{paths[1]}: {paths[0]} has the same name: rename one of the two files"
    assert texts(read_article(own / "note.md")) == ["This is x."]


def test_a_refused_file_does_not_keep_the_others_out(tmp_path, own, shipped):
    (tmp_path / "good.txt").write_text(NOTE)
    results = add_files([tmp_path / "missing.txt", tmp_path / "good.txt"], own, shipped)
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
    "name", ["报告.txt", "___.txt", "🚜.txt", "Отчёт 2024.txt", "x" * 200 + ".txt", "a\u202etxt.exe.txt", "a\udcff.txt"]
)
def test_what_a_plain_name_leaves_out_is_told_apart(add, own, name):
    try:
        result = add(name, NOTE)
    except OSError:
        pytest.skip("this file system takes no such name")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", result.slug)
    assert len(result.slug) <= 100
    other = add(name.replace(".txt", name[-5] + ".txt"), NOTE)
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
        ("a.txt", b"%PDF-1.7\n\x00\x01\x02 stream", "not a text file"),
        ("a.txt", b"Text with \x00 in it.", "not a text file"),
        ("a.txt", b"Text with \x1b[31m in it.", "not a text file (it holds control characters)"),
        ("a.txt", b"x" * (MAX_ARTICLE_BYTES + 1), "5 MB; an article holds at most 5 MB"),
        ("a.pdf", NOTE, "only .md and .txt files can be added"),
        ("a", NOTE, "only .md and .txt files can be added"),
        (".md", NOTE, "only .md and .txt files can be added"),
        ("a.txt.exe", NOTE, "only .md and .txt files can be added"),
        ("a.md", "Just text.\n", ":1: no front matter and no '# Title' line"),
        ("a.md", "---\ntitle: T\n", "line 1: the front matter does not end"),
        ("a.md", "---\ntitle: T\nslug: x\nauthr: A\n---\nText.\n", "line 4: unknown field 'authr'"),
        ("a.md", "---\ntitle: T\n---\n", "the article has no text"),
        (
            "a.md",
            "---\ntitle: T\nsources: [{id: s1, title: A, publisher: B}]\n---\nText. [s2]\n",
            "line 5: source 's2'",
        ),
        ("a.md", "# Only a title\n", "the article has no text"),
        ("a.txt", "# Only a title", "the article has no text"),
        (
            "a.md",
            "---\ntitle: T\nalliance: {name: A, kind: safety, status: active, founders: [AWS]}\n---\nText.\n",
            "'AWS' is another name of 'Amazon': use that one",
        ),
    ],
)
def test_a_file_that_cannot_be_an_article_is_refused_with_the_reason(add, own, tmp_path, name, data, said):
    result = add(name, data)
    assert result.action == "refused"
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
    (result,) = add_files([tmp_path / name], own, shipped)
    assert result.action == "refused"
    assert str(tmp_path / name) in result.reason


# -- a library that cannot be written to


def test_a_file_in_the_place_of_the_library_is_told(tmp_path, shipped):
    (tmp_path / "note.txt").write_text(NOTE)
    (tmp_path / "own").write_text("in the way")
    with pytest.raises(IndexNotWritten, match=r"own cannot be written to"):
        add_files([tmp_path / "note.txt"], tmp_path / "own", shipped)


def test_a_folder_in_the_place_of_an_article_is_told_and_nothing_left(tmp_path, own, shipped):
    (tmp_path / "note.txt").write_text(NOTE)
    (own / "note.md" / "inside").mkdir(parents=True)
    with pytest.raises(IndexNotWritten, match="cannot be written to"):
        add_files([tmp_path / "note.txt"], own, shipped)
    assert files(own) == ["note.md"]


def test_a_read_only_library_is_told(tmp_path, own, shipped):
    (tmp_path / "note.txt").write_text(NOTE)
    own.mkdir(parents=True)
    own.chmod(0o500)
    if os.access(own, os.W_OK):
        pytest.skip("this user may write anywhere")
    with pytest.raises(IndexNotWritten, match="Permission denied"):
        add_files([tmp_path / "note.txt"], own, shipped)
    own.chmod(0o700)
    assert files(own) == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes_are_an_article_or_refused_and_leave_nothing_else(tmp_path_factory, data, name):
    folder = tmp_path_factory.mktemp("any")
    (folder / name).write_bytes(data)
    (result,) = add_files([folder / name], folder / "own", folder / "shipped")
    assert files(folder / "own") == ([] if result.slug is None else ["a.md"])
    if result.slug:
        (read,) = load_library([folder / "own"]).articles
        assert all(text == clean_text(text) for text in (read.title, *texts(read)))
