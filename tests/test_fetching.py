"""Fetching reaches public pages and hosts the user trusts, within limits; all else is one line that begins with it."""

from __future__ import annotations

import gzip
import pickle
import shutil
import socket
import ssl
import subprocess
import tracemalloc

import pytest
from web_server import Page, WebServer, redirect, trickle

from index.adding.addresses import is_public
from index.adding.fetching import MAX_CRAWL_DELAY_S, PAUSE_S, USER_AGENT, Fetcher, Limits
from index.errors import LibraryError, Unfetchable

SOON = Limits(total_s=0.3, robots_s=0.2)
LOCAL = ("127.0.0.1",)
PUBLIC = "93.184.216.34"


class Names:
    """A resolver that answers from a table, and counts; what is not in it is no host."""

    def __init__(self, **table: list[str]) -> None:
        self.table = {name.replace("_", "."): addresses for name, addresses in table.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        if host not in self.table:
            raise OSError("no such host")
        return self.table[host]


def fetcher(trusted=LOCAL, *, names=None, **options) -> Fetcher:
    return Fetcher(trusted, resolve=names or Names(), wait=lambda seconds: None, **options)


def refusal(url: str, fetch: Fetcher | None = None) -> str:
    """Why an address is not fetched; checks that this is one line that begins with it."""
    with pytest.raises(Unfetchable) as caught:
        (fetch or fetcher(())).fetch(url)
    message = str(caught.value)
    assert message == f"{caught.value.url}: {caught.value.reason}" and "\n" not in message
    return message


@pytest.fixture
def serve():
    servers = []

    def start(pages, **options) -> WebServer:
        servers.append(WebServer(pages, **options).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


# -- a page


def test_a_page_comes_with_what_the_server_says_about_it(serve):
    server = serve({"/a?b=c": Page("café".encode("latin-1"), headers={"Content-Type": 'Text/HTML; Charset="Latin-1"'})})
    url = server.address("/a?b=c#part")
    page = fetcher().fetch(url)
    assert (page.url, page.final_url) == (url, server.address("/a?b=c"))
    assert (page.media_type, page.charset, page.data) == ("text/html", "latin-1", b"caf\xe9")


def test_the_server_learns_who_asks_and_nothing_else(serve):
    server = serve({"/": Page(headers={"Set-Cookie": "a=b", "Content-Type": "text/html"})})
    fetch = fetcher()
    fetch.fetch(server.address())
    fetch.fetch(server.address())
    for _, headers in server.asked:
        assert headers["user-agent"] == USER_AGENT and headers["host"] == f"127.0.0.1:{server.port}"
        assert set(headers) == {"user-agent", "host", "accept", "accept-encoding", "connection"}


def test_the_name_is_asked_for_though_the_number_is_connected_to(serve):
    server = serve({"/": Page()})
    names = Names(wiki_intranet=["127.0.0.1"])
    fetcher(["wiki.intranet"], names=names).fetch(server.address(host="wiki.intranet"))
    assert server.asked[-1][1]["host"] == f"wiki.intranet:{server.port}"


def test_proxies_of_the_environment_are_not_used(serve, monkeypatch):
    server = serve({"/": Page()})
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert fetcher().fetch(server.address()).data


def test_the_next_address_of_a_host_is_tried_when_one_does_not_answer(serve):
    server = serve({"/": Page()})
    names = Names(a_test=["::1", "127.0.0.1"])
    assert fetcher(["a.test"], names=names).fetch(server.address(host="a.test")).data


@pytest.mark.parametrize("told", [None, "nonsense", "application/octet-stream", "application/rss+xml", "TEXT/PLAIN"])
def test_readable_and_untold_types_are_taken(serve, told):
    server = serve({"/": Page(headers={"Content-Type": told} if told else {})})
    page = fetcher().fetch(server.address())
    assert page.media_type == (told.lower() if told and "/" in told else None)


@pytest.mark.parametrize("told", ["image/png", "video/mp4; codecs=x", "application/zip", "application/json"])
def test_other_types_are_refused_unread(serve, told):
    server = serve({"/": trickle(f"HTTP/1.1 200 OK\r\nContent-Type: {told}\r\n\r\n".encode(), b"x")})
    assert f"{told.partition(';')[0]} cannot be read" in refusal(server.address(), fetcher())


def test_packed_pages_are_unpacked(serve):
    packed = {"Content-Encoding": "GZIP", "Content-Type": "text/html"}
    server = serve({"/": Page(gzip.compress(b"x" * 300_000), headers=packed)})
    assert fetcher().fetch(server.address()).data == b"x" * 300_000


# -- addresses


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://a.test/", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("javascript:alert(1)", "http:// or https://"),
        ("a.test/page", "http:// or https://"),
        ("", "http:// or https://"),
        ("http://", "names no host"),
        ("http:///path", "names no host"),
        ("http://user@a.test/", "user name"),
        ("http://a.test@127.0.0.1/", "user name"),
        ("http://a.test\\@127.0.0.1/", "backslash"),
        ("http:\\\\127.0.0.1/", "backslash"),
        ("http://2130706433/", "four decimal numbers"),
        ("http://0x7f.1/", "four decimal numbers"),
        ("http://0x7f000001/", "four decimal numbers"),
        ("http://127.1/", "four decimal numbers"),
        ("http://0177.0.0.1/", "not an address"),
        ("http://127.0.0.1.:80/", "127.0.0.1 is not a public"),
        ("http://[::1/", "not an address"),
        ("http://[fe80::1%25eth0]/", "not the name of a host"),
        ("http://a b.test/", "not the name of a host"),
        ("http://a%2eb.test/", "not the name of a host"),
        ("http://１２７.0.0.1/", "not an address"),
        ("http://a.test:99999999/", "not an address"),
        ("http://a.test:8080/", "port 8080 is not read"),
        ("http://a.test/\r\nHost: b", "not an address"),
        ("http://" + "a" * 70 + ".test/", "no such host"),
        ("http://a.test/" + "x" * 70_000, "not an address"),
        ("http://nowhere.test/", "no such host: nowhere.test, or no network"),
    ],
)
def test_addresses_that_are_none_are_refused(url, reason):
    message = refusal(url)
    assert reason in message and len(message) < 400


def test_a_password_is_not_repeated():
    assert "secret" not in refusal("http://user:secret@a.test/")


PRIVATE = """
    127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
    192.0.2.1 198.18.0.1 ::1 :: fe80::1 fc00::1 ff02::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:a00:1 64:ff9b::7f00:1
    64:ff9b:1::808:808 2002:7f00:1:: 2001:0:808:808::1 2001:db8::1 fe80::1%eth0 nonsense
""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_told_from_public_ones(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
)
def test_public_addresses_are_told_from_private_ones(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.1.1", "[::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]"])
def test_a_private_address_is_refused_with_the_setting_that_allows_it(host):
    message = refusal(f"http://{host}/")
    assert message.startswith(f"http://{host}/: ") and "is not a public address" in message
    assert message.endswith(f"put {host} into ALLIANCES_TRUSTED_HOSTS")


@pytest.mark.parametrize("addresses", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["fd00::1", PUBLIC]])
def test_one_private_address_among_those_of_a_name_is_enough(addresses):
    assert "which is not public" in refusal("http://a.test/", fetcher((), names=Names(a_test=addresses)))


def test_a_name_is_looked_up_once_for_each_request(serve):
    server = serve({"/": Page()})
    names = Names(a_test=["127.0.0.1"])
    fetch = fetcher(["a.test"], names=names)
    fetch.fetch(server.address(host="a.test"))
    assert names.asked == ["a.test"] * 2  # the page, and robots.txt
    fetch.fetch(server.address(host="a.test"))
    assert len(names.asked) == 3


def test_a_lookup_that_hangs_is_given_up(serve):
    server = serve({})

    def hang(host: str, port: int) -> list[str]:
        server.closing.wait()
        return []

    assert "looking up a.test took too long" in refusal("http://a.test/", fetcher((), names=hang, limits=SOON))


@pytest.mark.parametrize("entry", ["a.test", "A.Test.", "a.test:8000", " a.test"])
def test_a_trusted_host_may_be_private_and_have_another_port(entry):
    names = Names(a_test=["127.0.0.1"])
    message = refusal("http://a.test:8000/", fetcher([entry], names=names))
    assert "no connection" in message  # nothing listens there


@pytest.mark.parametrize("entry", ["b.test", "a.test:8001", "test", "127.0.0.1"])
def test_trust_is_in_that_host_and_port_only(entry):
    names = Names(a_test=["127.0.0.1"])
    assert "ALLIANCES_TRUSTED_HOSTS" in refusal("http://a.test:8000/", fetcher([entry], names=names))


@pytest.mark.parametrize("entry", ["http://a.test", "a.test/", "a.test/wiki", "u@a.test", "", "a.test:port", "*.test"])
def test_a_trusted_host_that_is_none_is_told(entry):
    with pytest.raises(LibraryError, match="ALLIANCES_TRUSTED_HOSTS.*is no host; write it as"):
        Fetcher([entry])


# -- redirects


def test_redirects_are_followed_to_the_final_address(serve):
    server = serve({"/a": redirect("/b"), "/b": redirect("c", 308), "/c": redirect("?d"), "/c?d": Page()})
    assert fetcher().fetch(server.address("/a")).final_url == server.address("/c?d")


def test_a_fourth_redirect_is_one_too_many(serve):
    server = serve({"/a": redirect("/a")})
    assert "redirected more than 3 times" in refusal(server.address("/a"), fetcher())
    assert server.paths.count("/a") == 4


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/", "10.0.0.1 is not a public address"),
        ("//10.0.0.1/", "10.0.0.1 is not a public address"),
        ("http://inner.test/", "which is not public"),
        ("http://public.test:8080/", "port 8080"),
        ("http://2130706433/", "four decimal numbers"),
        ("file:///etc/passwd", "http:// or https://"),
        ("http://u:p@public.test/", "user name"),
        ("http://[/", "not the name of a host"),
        ("http://300.1.1.1/", "no address"),
    ],
)
def test_each_redirect_is_checked_like_the_first_address(serve, location, reason):
    server = serve({"/": redirect(location)})
    names = Names(inner_test=["10.0.0.1"], public_test=[PUBLIC])
    message = refusal(server.address(), fetcher(names=names))
    assert message.startswith(f"{server.address()}: ") and reason in message


def test_a_trusted_host_may_redirect_to_another_only(serve):
    server = serve({"/secret": Page()})
    outer = serve({"/": redirect(server.address("/secret"))})
    url, trusted = outer.address(host="a.test"), f"a.test:{outer.port}"
    message = refusal(url, fetcher([trusted], names=Names(a_test=LOCAL)))
    assert f"leads to {server.address('/secret')}: port {server.port} is not read" in message
    assert server.asked == []
    assert fetcher([trusted, f"127.0.0.1:{server.port}"], names=Names(a_test=LOCAL)).fetch(url).data


def test_a_host_without_trust_cannot_make_use_of_that_in_another(serve, monkeypatch):
    told = []

    def look(url, *, is_trusted, **_):  # a public host would have to be on the internet
        told.append((url.host, url.path, is_trusted))
        return LOCAL

    monkeypatch.setattr("index.adding.fetching.numeric_addresses", look)
    server = serve({"/b": Page()})
    server.pages["/a"] = redirect(server.address("/b", host="inner.test"))
    fetcher(["inner.test"]).fetch(server.address("/a", host="public.test"))
    assert ("public.test", "/a", False) in told and ("inner.test", "/b", False) in told


def test_a_redirect_without_an_address_is_no_page(serve):
    server = serve({"/": Page(status=302, headers={})})
    assert "it answered 302" in refusal(server.address(), fetcher())


# -- limits


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "write",
    [trickle(HEAD + b"\r\n", b"x"), trickle(HEAD + b"X-Long: ", b"x"), trickle(b"", b""), trickle(HEAD, b"A: b\r\n")],
    ids=["body", "header", "silence", "headers"],
)
def test_a_server_that_takes_its_time_is_given_up(serve, write):
    server = serve({"/": write})
    assert "timed out after 0.3 s" in refusal(server.address(), fetcher(limits=SOON))


def test_a_redirect_does_not_win_time(serve):
    server = serve({"/": redirect("/b"), "/b": trickle(HEAD + b"\r\n", b"x")})
    assert "timed out after 0.3 s" in refusal(server.address(), fetcher(limits=SOON))


@pytest.mark.parametrize("length", [True, False])
def test_a_big_page_is_refused(serve, length):
    server = serve({"/": Page(b"x" * 300_001, length=length), "/ok": Page(b"x" * 300_000, length=length)})
    fetch = fetcher(limits=Limits(max_bytes=300_000))
    assert "bigger than 0.3 MB" in refusal(server.address(), fetch)
    assert len(fetch.fetch(server.address("/ok")).data) == 300_000


def test_a_big_page_is_refused_by_its_announced_size(serve):
    server = serve({"/": trickle(HEAD + b"Content-Length: 99999999\r\n\r\n", b"")})
    assert "bigger than 10 MB" in refusal(server.address(), fetcher())


def test_a_gzip_bomb_is_not_unpacked(serve):
    packed = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    server = serve({"/": Page(gzip.compress(bytes(100_000_000)), headers=packed)})
    tracemalloc.start()
    try:
        assert "bigger than 1 MB" in refusal(server.address(), fetcher(limits=Limits(max_bytes=1_000_000)))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("packing", "body", "reason"),
    [
        ("br", b"x", "packed as 'br'"),
        ("gzip, gzip", gzip.compress(b"x"), "packed as 'gzip, gzip'"),
        ("gzip", b"plain text", "damaged"),
        ("gzip", gzip.compress(b"x" * 9999)[:-9], "broke off"),
    ],
)
def test_packing_that_cannot_be_undone_is_told(serve, packing, body, reason):
    server = serve({"/": Page(body, headers={"Content-Encoding": packing, "Content-Type": "text/html"})})
    assert reason in refusal(server.address(), fetcher())


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\nbody",
        HEAD + b"Content-Length: 100\r\n\r\nhalf",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"SSH-2.0-OpenSSH_9.0\r\n",
        b"",
    ],
    ids=["huge header", "half a body", "two lengths", "not HTTP", "nothing"],
)
def test_an_answer_that_is_none_is_told(serve, sent):
    server = serve({"/": lambda handler: handler.wfile.write(sent)})
    assert "broke off or is not HTTP" in refusal(server.address(), fetcher())


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (204, "it answered 204"),
        (206, "it answered 206"),
        (304, "it answered 304"),
        (401, "sign in"),
        (403, "refuses"),
        (404, "no such page"),
        (418, "it answered 418"),
        (429, "later"),
        (503, "the server failed (503)"),
    ],
)
def test_an_answer_without_the_page_is_told(serve, status, reason):
    server = serve({"/": Page(b"", status)})
    assert reason in refusal(server.address(), fetcher())


def test_an_empty_page_is_told(serve):
    server = serve({"/": Page(b" \r\n")})
    assert "the page is empty" in refusal(server.address(), fetcher())


def test_a_host_where_nobody_answers_is_told():
    with WebServer({}) as server:
        url = server.address()
    assert "no connection (" in refusal(url, fetcher())


def test_the_error_survives_a_queue_between_processes():
    error = pickle.loads(pickle.dumps(Unfetchable("http://a.test/", "gone")))
    assert (error.url, error.reason, str(error)) == ("http://a.test/", "gone", "http://a.test/: gone")


# -- manners


ROBOTS = "User-agent: *\nDisallow: /\n\nUser-agent: allianceassistant\nAllow: /a\nDisallow: /\n"


def test_robots_txt_is_obeyed_and_read_once(serve):
    server = serve({"/robots.txt": Page(ROBOTS.encode(), headers={}), "/a": Page(), "/b": Page()})
    fetch = fetcher()
    assert fetch.fetch(server.address("/a")).data
    assert "robots.txt does not let programs read it; open it in a browser" in refusal(server.address("/b"), fetch)
    assert server.paths == ["/robots.txt", "/a"]


def test_robots_txt_counts_for_the_target_of_a_redirect_too(serve):
    closed = serve({"/robots.txt": Page(b"User-agent: *\nDisallow: /"), "/b": Page()})
    server = serve({"/a": redirect(closed.address("/b"))})
    assert "robots.txt does not let" in refusal(server.address("/a"), fetcher())
    assert closed.paths == ["/robots.txt"]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (204, True), (500, False), (503, False)])
def test_without_robots_txt_a_site_is_open_and_with_a_failing_one_it_is_not(serve, status, allowed):
    server = serve({"/robots.txt": Page(b"", status), "/": Page()})
    if allowed:
        assert fetcher().fetch(server.address()).data
    else:
        assert "robots.txt cannot be read at present; try again later" in refusal(server.address(), fetcher())
        assert server.paths == ["/robots.txt"]


def test_robots_txt_may_be_five_redirects_away(serve):
    hops = {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 5)}
    rules = Page(b"User-agent: *\nDisallow: /a")
    server = serve({"/robots.txt": redirect("/1"), **hops, "/5": rules, "/a": Page()})
    assert "does not let" in refusal(server.address("/a"), fetcher())


def test_robots_txt_that_never_ends_is_given_up(serve):
    server = serve({"/robots.txt": trickle(HEAD + b"\r\n", b"x"), "/": Page()})
    assert "robots.txt must be read first, but: timed out after 0.2 s" in refusal(
        server.address(), fetcher(limits=SOON)
    )


def test_robots_txt_is_guarded_like_a_page(serve):
    server = serve({"/robots.txt": redirect("http://10.0.0.1/"), "/": Page()})
    assert "10.0.0.1 is not a public address" in refusal(server.address(), fetcher())


@pytest.mark.parametrize(
    ("robots", "least", "most"),
    [
        (b"", 0, PAUSE_S),
        (b"User-agent: *\nCrawl-delay: 3", PAUSE_S, 3),
        (b"User-agent: *\nCrawl-delay: 900", 3, MAX_CRAWL_DELAY_S),
    ],
)
def test_a_host_is_not_asked_again_without_a_pause(serve, robots, least, most):
    server = serve({"/robots.txt": Page(robots), "/a": Page(), "/b": Page()})
    pauses = []
    fetch = Fetcher(LOCAL, wait=pauses.append)
    fetch.fetch(server.address("/a"))
    assert pauses == []
    fetch.fetch(server.address("/b"))
    assert len(pauses) == 1 and least < pauses[0] <= most


def test_other_hosts_need_no_pause(serve):
    server = serve({"/": Page()})
    pauses = []
    fetch = Fetcher(["a.test", "b.test"], resolve=Names(a_test=LOCAL, b_test=LOCAL), wait=pauses.append)
    for host in ("a.test", "b.test"):
        fetch.fetch(server.address(host=host))
    assert pauses == []


# -- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(certificate, key) of news.test, signed by itself."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=news.test"
    extension = ["-addext", "subjectAltName=DNS:news.test", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *extension], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def secure(serve, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return serve({"/": Page(), "/down": redirect("http://news.test/")}, tls=context)


def fetcher_trusting(certificate, names: Names) -> Fetcher:
    return fetcher(["news.test", "other.test"], names=names, tls=ssl.create_default_context(cafile=certificate[0]))


def test_a_certificate_is_checked_against_the_name(secure, certificate):
    fetch = fetcher_trusting(certificate, Names(news_test=LOCAL, other_test=LOCAL))
    assert fetch.fetch(secure.address(host="news.test")).data
    message = refusal(secure.address(host="other.test"), fetch)
    assert "its TLS certificate is not valid: Hostname mismatch" in message


def test_a_certificate_that_nobody_vouches_for_is_refused(secure):
    message = refusal(secure.address(host="news.test"), fetcher(["news.test"], names=Names(news_test=LOCAL)))
    assert "its TLS certificate is not valid: self-signed certificate" in message


def test_https_does_not_lead_to_http(secure, certificate):
    fetch = fetcher_trusting(certificate, Names(news_test=LOCAL))
    assert "redirects from https to http" in refusal(secure.address("/down", host="news.test"), fetch)


def test_tls_with_a_server_that_speaks_none_is_told(serve):
    server = serve({"/": Page()})
    assert "no secure connection" in refusal(server.address().replace("http:", "https:"), fetcher())


def test_a_handshake_that_hangs_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        assert "robots.txt must be read first" in refusal(url, fetcher(limits=SOON))
