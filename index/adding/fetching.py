"""Pages from the web, fetched one at a time and only because the user asked for them.

1. The address is checked (`addresses`), and so is each one that it redirects to.
2. The site's robots.txt is read once (RFC 9309) and obeyed, and the same host is not asked again without a pause.
3. What comes back has limits: time, size, and the kinds of document that the library can read.

No cookies, no proxy, no password: what can be fetched is what anyone may see.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import certifi
import httpx
from protego import Protego

from index.adding.addresses import Resolver, TrustedHosts, look_up, numeric_addresses, parse_address, shown_address
from index.adding.connections import Answer, Deadline, send_get
from index.errors import Unfetchable

AGENT = "AllianceAssistant"
USER_AGENT = f"{AGENT} (local; reads pages that its user asks for)"
PAUSE_S = 1.0  # between two pages of one host
MAX_CRAWL_DELAY_S = 5.0  # a robots.txt may ask for a longer pause up to this
MAX_REDIRECTS = 3
_ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2
_ROBOTS_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB; what is behind that is left out
_REDIRECTS = (301, 302, 303, 307, 308)

_READABLE = frozenset(
    """
    text/html application/xhtml+xml text/plain text/markdown text/x-markdown application/pdf application/x-pdf
    application/vnd.openxmlformats-officedocument.wordprocessingml.document
    application/rss+xml application/atom+xml application/rdf+xml application/xml text/xml
    application/octet-stream binary/octet-stream
    """.split()  # the last two say nothing: the content decides
)
_MEDIA_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*(?:;|,|$)", re.ASCII)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", re.ASCII | re.IGNORECASE)
_SAVE_IT = "open it in a browser, save it as a file and add that"
_REFUSALS = {
    401: f"only for those who sign in (401); {_SAVE_IT}",
    403: f"the server refuses to give it to programs (403); {_SAVE_IT}",
    404: "no such page (404); check the address",
    410: "the page is gone for good (410)",
    429: "the server asks to be left alone for a while (429); try again later",
    451: "withheld for legal reasons (451)",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came.

    Attributes:
        url: The address as it was asked for.
        final_url: Where redirects led, without a fragment.
        media_type: As the server says, in lower case and without parameters; None if it does not.
        charset: The encoding that the server declares.
        data: The bytes, never none.
    """

    url: str
    final_url: str
    media_type: str | None
    charset: str | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What a page may cost: seconds for it and all its redirects, of which robots.txt may take a part; bytes."""

    total_s: float = 20.0
    robots_s: float = 10.0
    max_bytes: int = 10_000_000


class Fetcher:
    """Fetches one page at a time, whichever thread asks; remembers each site's robots.txt until it is closed."""

    def __init__(
        self,
        trusted_hosts: Collection[str] = (),
        *,
        limits: Limits | None = None,
        resolve: Resolver = look_up,
        tls: ssl.SSLContext | None = None,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        """Make a fetcher; nothing is asked for yet.

        Args:
            trusted_hosts: Hosts, as "host" or "host:port", that may be private and, without a port, have any.
            limits: What a page may cost.
            resolve: Looks up the numeric addresses of a host.
            tls: Which certificates are accepted; by default those of the system and of certifi.
            wait: Waits for some seconds.

        Raises:
            LibraryError: One of `trusted_hosts` is no host.
        """
        self._trusted = TrustedHosts(trusted_hosts)
        self._limits = limits or Limits()
        self._resolve = resolve
        self._tls = tls or _usual_certificates()
        self._wait = wait
        self._robots: dict[str, Protego | None] = {}  # by origin; None: must not be read at present
        self._asked_at: dict[str, float] = {}  # by host, on the monotonic clock
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._robots.clear()
        self._asked_at.clear()

    def fetch(self, url: str) -> Fetched:
        """Fetch a page.

        Raises:
            Unfetchable: It cannot or must not be had; the message begins with `url`.
        """
        address = parse_address(url)
        with self._turn:
            self._pause(address)
            try:
                return self._fetch(url, address)
            except Unfetchable as exc:
                led_to = "" if exc.url == str(address) else f"leads to {shown_address(exc.url)}: "
                raise Unfetchable(shown_address(url), led_to + exc.reason) from exc
            except TimeoutError as exc:
                reason = f"timed out after {self._limits.total_s:g} s; try again later"
                raise Unfetchable(shown_address(url), reason) from exc
            finally:
                self._asked_at[address.host] = time.monotonic()

    def _fetch(self, asked: str, address: httpx.URL) -> Fetched:
        deadline = Deadline(self._limits.total_s)
        with self._follow(address, deadline, MAX_REDIRECTS, self._obey_robots) as (url, answer):
            _check_status(url, answer.status)
            media_type, charset = _content_type(answer)
            if media_type is not None and media_type not in _READABLE:
                raise Unfetchable(
                    str(url), f"{media_type} cannot be read, only web pages, text, Markdown, PDF, Word (.docx), feeds"
                )
            data = answer.body(url, self._limits.max_bytes)
        if not data.strip():
            raise Unfetchable(str(url), "the page is empty")
        return Fetched(asked, str(url), media_type, charset, data)

    @contextmanager
    def _follow(
        self, url: httpx.URL, deadline: Deadline, redirects: int, before: Callable[[httpx.URL, Deadline], None]
    ) -> Iterator[tuple[httpx.URL, Answer]]:
        """The first answer that is no redirect, with its address; `before` may refuse an address."""
        is_trusted = True  # until a host that is not could have chosen where to go on
        for _ in range(redirects + 1):
            is_trusted = is_trusted and self._trusted.covers(url)
            addresses = numeric_addresses(
                url, is_trusted=is_trusted, resolve=self._resolve, timeout_s=deadline.remaining_s()
            )
            before(url, deadline)
            headers = {"User-Agent": USER_AGENT, "Accept": "text/html, application/pdf;q=0.9, */*;q=0.8"}
            with send_get(url, addresses, headers=headers, tls=self._tls, deadline=deadline) as answer:
                location = answer.header("Location") if answer.status in _REDIRECTS else ""
                if not location:
                    yield url, answer
                    return
            url = _next_address(url, location)
        raise Unfetchable(str(url), f"redirected more than {redirects} times")

    # -- manners

    def _pause(self, url: httpx.URL) -> None:
        """Wait if the host was asked a moment ago."""
        asked_at = self._asked_at.get(url.host)
        if asked_at is not None:
            rules = self._robots.get(_origin(url))
            delay_s = min(rules.crawl_delay(AGENT) or 0.0, MAX_CRAWL_DELAY_S) if rules else 0.0
            remaining_s = asked_at + max(PAUSE_S, delay_s) - time.monotonic()
            if remaining_s > 0:
                self._wait(remaining_s)

    def _obey_robots(self, url: httpx.URL, deadline: Deadline) -> None:
        origin = _origin(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(url, deadline)
        rules = self._robots[origin]
        if rules is None:
            raise Unfetchable(str(url), "the site's robots.txt cannot be read at present; try again later")
        if not rules.can_fetch(str(url), AGENT):
            raise Unfetchable(str(url), f"the site's robots.txt does not let programs read it; {_SAVE_IT}")

    def _read_robots(self, page: httpx.URL, deadline: Deadline) -> Protego | None:
        """The rules of a site; a site that has no robots.txt allows all, one that cannot tell allows nothing.

        Raises:
            Unfetchable: The site cannot be connected to; `page` is what could not be fetched.
        """
        own_deadline = Deadline(min(self._limits.robots_s, deadline.remaining_s()))
        address = page.copy_with(raw_path=b"/robots.txt")
        try:
            with self._follow(address, own_deadline, _ROBOTS_REDIRECTS, lambda url, deadline: None) as (url, answer):
                if answer.status >= 500:
                    return None
                data = answer.body(url, self._limits.max_bytes) if answer.status == 200 else b""
        except (Unfetchable, TimeoutError) as exc:
            why = exc.reason if isinstance(exc, Unfetchable) else f"timed out after {self._limits.robots_s:g} s"
            raise Unfetchable(str(page), f"the site's robots.txt must be read first, but: {why}") from exc
        return Protego.parse(data[:_ROBOTS_BYTES].decode("utf-8-sig", errors="replace"))


def _usual_certificates() -> ssl.SSLContext:
    """Of the system, which knows those of a company's own, and of certifi: Python on macOS may find none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _next_address(url: httpx.URL, location: str) -> httpx.URL:
    try:
        following = parse_address(str(url.join(location)))
    except httpx.InvalidURL as exc:
        raise Unfetchable(str(url), f"redirects to something that is no address: {shown_address(location)}") from exc
    if url.scheme == "https" and following.scheme != "https":
        raise Unfetchable(str(url), f"redirects from https to http ({shown_address(str(following))}), unprotected")
    return following


def _check_status(url: httpx.URL, status: int) -> None:
    if status in (200, 203):
        return
    if status >= 500:
        reason = f"the server failed ({status}); try again later"
    else:
        reason = _REFUSALS.get(status, f"the server sent no page (it answered {status})")
    raise Unfetchable(str(url), reason)


def _content_type(answer: Answer) -> tuple[str | None, str | None]:
    """(media type, charset), each None if the server does not say, or nothing that can be made out."""
    told = answer.header("Content-Type")
    media_type, charset = _MEDIA_TYPE.match(told), _CHARSET.search(told)
    return (media_type[1].lower() if media_type else None), (charset[1].lower() if charset else None)
