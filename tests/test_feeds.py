"""A feed gives the pages it names, and only those on the web; each is new until it was taken."""

from __future__ import annotations

import threading

import pytest

from index.adding.feeds import MAX_ENTRIES, MAX_FEED_BYTES, Feed, FeedEntry, FeedMemory, is_feed, read_feed
from index.adding.fetching import Fetched
from index.errors import LibraryError

URL = "https://news.test/all/feed.xml"

RSS = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>News &amp;amp; &lt;b&gt;views&lt;/b&gt;</title>
<item><title>If a &amp;lt; b</title><link>../one?a=b&amp;c#part</link>
<pubDate>Mon, 01 Jan 2024 23:30:00 -0500</pubDate></item>
<item><title><![CDATA[Q&amp;A \u202e<i>live</i>]]></title><link> http://other.test/two </link></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.test/b/"><title>The &lt;b> tag</title>
<entry><title>Three</title><link rel="self" href="self"/><link href="three"/>
<updated>2025-01-01T00:00:00Z</updated></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title></channel>
<item rdf:about="x"><title>Four</title><link>https://news.test/four</link><dc:date>2024-03-02</dc:date></item></rdf:RDF>"""


def page(data: bytes, media_type: str | None = None) -> Fetched:
    return Fetched(URL, URL, media_type, None, data)


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>".encode()


# -- what is a feed


@pytest.mark.parametrize("text", [RSS, ATOM, RDF, "<!-- made by x --><!DOCTYPE rss [<!ENTITY a 'b'>]>" + ATOM])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_feed_is_known_by_its_content(text, encoding):
    assert is_feed(page(text.encode(encoding), "text/html"))


def test_a_feed_is_known_by_its_type():
    assert is_feed(page(b"?", "application/atom+xml"))


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><html><head><link rel='alternate' type='application/rss+xml' href='/feed'>",
        b"<p>A text about &lt;rss> and <rss>.</p>",
        b"<feedback/>",
        b"%PDF-1.7\xff<rss>",
        b"",
    ],
)
def test_a_page_is_no_feed_even_if_it_links_to_one(data):
    assert not is_feed(page(data, "text/html"))


# -- reading


def test_rss_is_read():
    assert read_feed(RSS.encode(), URL) == Feed(
        "News & views",
        (
            FeedEntry("https://news.test/one?a=b&c", "If a < b", "2024-01-02"),  # in UTC
            FeedEntry("http://other.test/two", "Q&A live", None),
        ),
    )


def test_atom_is_read_and_when_it_was_changed_is_not_when_it_appeared():
    assert read_feed(ATOM.encode(), URL) == Feed(
        "The <b> tag", (FeedEntry("https://news.test/b/three", "Three", None),)
    )


def test_rss_1_is_read():
    assert read_feed(RDF.encode(), URL).entries == (FeedEntry("https://news.test/four", "Four", "2024-03-02"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-2", "shift_jis"])
def test_encodings_are_told_apart(encoding):
    title = "日本" if encoding == "shift_jis" else "Łódź"
    data = f"<?xml version='1.0' encoding='{encoding}'?><rss><channel><title>{title}</title></channel></rss>"
    assert read_feed(data.encode(encoding), URL).title == title


@pytest.mark.parametrize(
    "item",
    [
        "",
        "<link></link>",
        "<link>javascript:alert(1)</link>",
        "<link>file:///etc/passwd</link>",
        "<link>data:text/html,x</link>",
        "<link>mailto:a@b.test</link>",
        "<link>http://[/</link>",
        "<guid isPermaLink='false'>tag:1</guid>",
        "<enclosure url='https://news.test/a.mp3' length='1'/>",
    ],
)
def test_entries_without_a_page_on_the_web_are_left_out(item):
    feed = read_feed(rss(item, "<title>A page</title><link>https://news.test/a</link>"), URL)
    assert [entry.title for entry in feed.entries] == ["A page"]


def test_a_page_named_twice_is_one_entry():
    feed = read_feed(rss("<link>/a</link>", "<link>/b</link>", "<link>https://news.test/a#top</link>"), URL)
    assert [entry.url for entry in feed.entries] == ["https://news.test/a", "https://news.test/b"]


def test_only_so_many_entries_are_taken():
    feed = read_feed(rss(*(f"<link>/{n}</link>" for n in range(MAX_ENTRIES + 5))), URL)
    assert [entry.url for entry in feed.entries] == [f"https://news.test/{n}" for n in range(MAX_ENTRIES)]


def test_an_empty_feed_is_a_feed():
    assert read_feed(rss(), URL) == Feed("", ())


@pytest.mark.parametrize("cut", [20, 200, 400])
def test_a_feed_that_breaks_off_gives_what_there_is(cut):
    assert len(read_feed(RSS.encode()[: -len(RSS) + cut + 60], URL).entries) <= 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!doctype html><html><title>Not found</title></html>", "not an RSS or Atom feed"),
        (b"plain text", "not an RSS or Atom feed"),
        (b"", "not an RSS or Atom feed"),
        (bytes(1000), "not an RSS or Atom feed"),
        (b"<rss>" + b" " * MAX_FEED_BYTES, "too big"),
        (b"<rss>" + b"<a>" * 200_000, "too big"),
        (("<rss>" + "<a>" * 200_000).encode("utf-16"), "too big"),
        (rss("<title>&#x110000;</title>") + b"<", "damaged"),
    ],
)
def test_what_is_no_feed_is_refused(data, reason):
    with pytest.raises(LibraryError) as caught:
        read_feed(data, URL)
    assert str(caught.value).startswith(f"{URL}: ") and reason in str(caught.value)


def test_entities_are_not_multiplied():
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    data = f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}]><rss><channel><title>&l9;</title></channel></rss>"
    assert len(read_feed(data.encode(), URL).title) <= 300


def test_a_feed_reads_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    data = f"<!DOCTYPE rss [<!ENTITY s SYSTEM 'file://{secret}'>]><rss><channel><title>&s;</title></channel></rss>"
    assert "secret" not in read_feed(data.encode(), URL).title.replace(str(secret), "")
    with pytest.raises(LibraryError):
        read_feed(str(secret).encode(), URL)


# -- memory


FEED = Feed("F", tuple(FeedEntry(f"https://news.test/{n}", str(n), None) for n in range(3)))


def test_an_entry_is_new_until_it_was_taken(tmp_path):
    memory = FeedMemory(tmp_path / "new" / "feeds.json")
    assert memory.new_entries(URL, FEED) == FEED.entries
    memory.taken(URL, FEED.entries[1].url)
    again = FeedMemory(tmp_path / "new" / "feeds.json")
    assert again.new_entries(URL, FEED) == (FEED.entries[0], FEED.entries[2])
    assert again.new_entries("https://other.test/feed", FEED) == FEED.entries


def test_what_was_taken_long_ago_is_forgotten_first(tmp_path, monkeypatch):
    monkeypatch.setattr("index.adding.feeds._KEPT_ENTRIES", 2)
    memory = FeedMemory(tmp_path / "feeds.json")
    for number in (0, 1, 0, 2, 2):
        memory.taken(URL, FEED.entries[number].url)
    assert memory.new_entries(URL, FEED) == (FEED.entries[1],)


def test_several_at_once_lose_nothing(tmp_path):
    def take(feed_url: str) -> None:
        for entry in FEED.entries:
            FeedMemory(tmp_path / "feeds.json").taken(feed_url, entry.url)

    threads = [threading.Thread(target=take, args=(f"https://{n}.test/",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(not FeedMemory(tmp_path / "feeds.json").new_entries(f"https://{n}.test/", FEED) for n in range(6))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b'{"a": [1]}', b"\xff"])
def test_a_damaged_memory_is_told_and_kept(tmp_path, content):
    path = tmp_path / "feeds.json"
    path.write_bytes(content)
    for use in (lambda: FeedMemory(path).new_entries(URL, FEED), lambda: FeedMemory(path).taken(URL, "x")):
        with pytest.raises(LibraryError, match="is damaged: delete it"):
            use()
    assert path.read_bytes() == content


def test_a_memory_that_cannot_be_written_keeps_what_it_had(tmp_path, monkeypatch):
    memory = FeedMemory(tmp_path / "feeds.json")
    memory.taken(URL, FEED.entries[0].url)

    def full(*_) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.adding.feeds.os.replace", full)
    with pytest.raises(LibraryError, match="cannot be written: No space left on device"):
        memory.taken(URL, FEED.entries[1].url)
    assert memory.new_entries(URL, FEED) == FEED.entries[1:]
