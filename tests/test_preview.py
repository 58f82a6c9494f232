"""What a preview tells is what saving does, and the preview itself leaves no trace."""

import re
from contextlib import nullcontext

import pytest
from web_server import Page, WebServer

from index.adding import preview as previewing
from index.adding.documents import DocumentReader
from index.adding.drafts import Item, corrected
from index.adding.preview import preview, preview_again, save
from index.articles import read_article

NOTE = b"A note about cables\n\nThe cable was laid in 2024. It is long.\n"
ARTICLE = b"---\ntitle: A Note\npublished: 2024-07\n---\n\nThe cable was laid in 2024.\n"


@pytest.fixture(scope="module", autouse=True)
def one_reader():
    """One child process for all tests: each would start its own."""
    with DocumentReader() as reader, pytest.MonkeyPatch.context() as patch:
        patch.setattr(previewing, "DocumentReader", lambda: nullcontext(reader))
        yield


@pytest.fixture
def folders(tmp_path):
    """The user's library, which does not exist yet, and the one that ships."""
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "ai-alliance.md").write_bytes(ARTICLE)
    (tmp_path / "shipped" / "organisations.yaml").write_text("Amazon: {aliases: [AWS]}\n")
    return tmp_path / "home" / "articles", tmp_path / "shipped"


def look(folders, *items, **options):
    return list(preview([Item(name, data=data) for name, data in items], *folders, **options))


def drafts(previews):
    return [one.draft for one in previews if one.draft]


def test_nothing_is_written_before_it_is_saved(folders):
    (one,) = look(folders, ("note.txt", NOTE))
    assert (one.result.action, one.result.slug, one.article.title) == ("added", "note", "A note about cables")
    assert not folders[0].parent.exists()


def test_what_is_saved_is_what_was_looked_at(folders):
    previews = look(folders, ("note.txt", NOTE), ("other.md", ARTICLE))
    assert save(drafts(previews), *folders) == [one.result for one in previews]
    for one in previews:
        read = read_article(folders[0] / f"{one.result.slug}.md")
        assert (read.title, read.sentences) == (one.article.title, one.article.sentences)


def test_a_file_that_is_known_already_has_nothing_to_save(folders):
    save(drafts(look(folders, ("note.txt", NOTE))), *folders)
    (again,) = look(folders, ("note.txt", NOTE))
    (renamed,) = look(folders, ("copy.txt", NOTE))
    assert (again.result.action, renamed.result.action) == ("unchanged", "unchanged")
    assert renamed.article is None and "same text" in renamed.result.notice


def test_a_new_version_replaces_and_says_so(folders):
    save(drafts(look(folders, ("note.txt", NOTE))), *folders)
    (one,) = look(folders, ("note.txt", NOTE + b"It was mended in 2025.\n"))
    assert (one.result.action, one.result.slug) == ("replaced", "note")
    assert "2025" not in (folders[0] / "note.md").read_text()


def test_two_files_of_one_name_get_a_name_each(folders):
    other = b"Another thing\n\nThe bridge was built by hand in Oslo.\n"
    previews = look(
        folders, ("note.txt", NOTE), ("note (2).txt", other), ("note.html", b"<h1>Note</h1><p>A third.</p>")
    )
    slugs = [one.result.slug for one in previews]
    assert len(set(slugs)) == 3
    assert save(drafts(previews), *folders) == [one.result for one in previews]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("picture.pdf", b"\x89PNG\r\n", "is a picture"),
        ("broken.pdf", b"%PDF-1.4 broken", "damaged"),
        ("day.md", ARTICLE.replace(b"2024-07", b"2024-13"), "line 3: .*2024-13"),
    ],
)
def test_what_is_refused_says_why_and_does_not_keep_the_others_out(folders, name, data, reason):
    refused, good = look(folders, (name, data), ("note.txt", NOTE))
    assert refused.result.action == "refused" and refused.draft is None
    assert re.search(reason, refused.result.reason)
    assert good.result.action == "added"


def test_a_correction_changes_what_is_saved(folders):
    (one,) = look(folders, ("note.txt", NOTE))
    draft = corrected(one.draft, title="Cables: a note", published="2024-07", publisher="The Press")
    (again,) = preview_again([draft], *folders)
    assert (again.article.title, again.article.published, again.article.publisher) == (
        *("Cables: a note", "2024-07", "The Press"),
    )
    save([draft], *folders)
    assert read_article(folders[0] / "note.md").publisher == "The Press"
    assert read_article(folders[0] / "note.md").sentences == one.article.sentences


def test_a_correction_that_cannot_be_is_refused(folders):
    (one,) = look(folders, ("note.txt", NOTE))
    (again,) = preview_again([corrected(one.draft, published="yesterday")], *folders)
    assert again.result.action == "refused" and "yesterday" in again.result.reason


def test_a_feed_is_remembered_only_when_its_entries_are_saved(folders):
    entry = Page(b"<html><head><title>News</title></head><body><h1>News</h1><p>The cable was laid.</p></body></html>")
    feed = '<rss version="2.0"><channel><title>F</title><item><title>News</title><link>{}</link></item></channel></rss>'
    with WebServer({"/news-of-the-cable": entry}) as server:
        address = server.address("/news-of-the-cable")
        server.pages["/feed"] = Page(feed.format(address).encode(), headers={"Content-Type": "application/rss+xml"})
        items = [Item(server.address("/feed"))]
        trusted = [f"127.0.0.1:{server.port}"]
        (first,) = preview(items, *folders, trusted_hosts=trusted)
        (second,) = preview(items, *folders, trusted_hosts=trusted)
        assert first.result == second.result and first.article.url == address
        save([second.draft], *folders)
        assert list(preview(items, *folders, trusted_hosts=trusted)) == []
