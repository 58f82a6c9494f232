"""Which addresses on the web may be read.

An address may come from a stranger, as a redirect or in a feed, and must not lead into the user's own network:

1. It is parsed once; what is checked here is the very object that the connection is made from.
2. Its host is looked up once, and each numeric address found must be on the public internet.
3. The connection goes to those numeric addresses: the name may mean others a moment later ("DNS rebinding").

A host that the user trusts may be private and have any port.
"""

from __future__ import annotations

import queue
import re
import socket
import threading
from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from index.errors import LibraryError, Unfetchable
from index.sentences import clean_text

Resolver = Callable[[str, int], Sequence[str]]  # host, port -> numeric addresses; OSError if there are none

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
_DOTTED_QUAD = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_USERINFO = re.compile(r"//[^/?#]*@")
_MORE_THAN_HOST = re.compile(r"[/?#@\\]")
_SHOWN_CHARS = 200
_UNICAST = IPv6Network("2000::/3")  # the only part of IPv6 that is given out
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def parse_address(text: str) -> httpx.URL:
    """The address as it will be connected to, without its fragment.

    Raises:
        Unfetchable: It is none, is not of the web, or is written in a way that programs read differently.
    """
    shown = shown_address(text)
    if "\\" in text:
        raise Unfetchable(shown, "an address with a backslash is not read; write '/'")
    try:
        url = httpx.URL(text.strip())
        host = url.raw_host.decode("ascii").removesuffix(".")
    except httpx.InvalidURL as exc:
        raise Unfetchable(shown, f"not an address ({clean_text(str(exc)).rstrip('.')})") from exc
    if url.scheme not in _DEFAULT_PORTS:
        raise Unfetchable(shown, "only addresses that begin with http:// or https:// can be read")
    if url.userinfo:
        raise Unfetchable(shown, "an address with a user name or password is not read; leave out what is before '@'")
    _check_host(shown, host)
    if not 0 < port_of(url) < 65_536:
        raise Unfetchable(shown, f"not an address (there is no port {port_of(url)})")
    return url.copy_with(host=host, fragment=None)


def shown_address(text: str) -> str:
    """An address as messages name it: one line, not endless, without a password."""
    shown = _USERINFO.sub("//", clean_text(text))
    return shown if len(shown) <= _SHOWN_CHARS else f"{shown[:_SHOWN_CHARS]}…"


def port_of(url: httpx.URL) -> int:
    """The port that the address names or implies."""
    return url.port if url.port is not None else _DEFAULT_PORTS[url.scheme]


class TrustedHosts:
    """Hosts that the user trusts, each as "host", for all its ports, or "host:port"."""

    def __init__(self, entries: Collection[str]) -> None:
        """Read the entries.

        Raises:
            LibraryError: One is not of that form.
        """
        self._trusted = {_trusted_host(entry) for entry in entries}

    def covers(self, url: httpx.URL) -> bool:
        """Whether the user trusts what this address leads to."""
        host = url.raw_host.decode("ascii")
        return (host, None) in self._trusted or (host, port_of(url)) in self._trusted


def look_up(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host, in the order in which the system would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def numeric_addresses(url: httpx.URL, *, is_trusted: bool, resolve: Resolver, timeout_s: float) -> Sequence[str]:
    """The numeric addresses to connect to, all of them allowed.

    Raises:
        Unfetchable: There are none, or one of them, or the port, is not allowed.
    """
    host, port = url.raw_host.decode("ascii"), port_of(url)
    if not is_trusted and port not in _DEFAULT_PORTS.values():
        raise Unfetchable(str(url), f"port {port} is not read, only 80 and 443; {_how_to_trust(url)}")
    found = [host] if _is_numeric(host) else _look_up_in_time(str(url), host, port, resolve, timeout_s)
    private = [address for address in found if not is_public(address)]
    if private and not is_trusted:
        what = "is not a public address" if private == [host] else f"has the address {private[0]}, which is not public"
        raise Unfetchable(str(url), f"{host} {what}; {_how_to_trust(url)}")
    return found


def is_public(address: str) -> bool:
    """Whether a numeric address is one host on the public internet; of one that wraps another, both must be."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    inner = _wrapped(ip)
    return is_public(str(inner)) if inner else ip in _UNICAST and ip.is_global


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that this one leads to; Teredo (RFC 4380) is not public by itself."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _check_host(shown: str, host: str) -> None:
    if not host:
        raise Unfetchable(shown, "the address names no host")
    if _is_numeric(host):
        return
    if not _HOST.fullmatch(host):
        raise Unfetchable(shown, f"'{clean_text(host)}' is not the name of a host")
    # 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1 to some programs and names to others.
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise Unfetchable(shown, f"'{host}' is not the name of a host; write an IP address as four decimal numbers")


def _is_numeric(host: str) -> bool:
    try:
        ip = ip_address(host)
    except ValueError:
        return False
    return "%" not in host if isinstance(ip, IPv6Address) else bool(_DOTTED_QUAD.fullmatch(host))


def _look_up_in_time(shown: str, host: str, port: int, resolve: Resolver, timeout_s: float) -> Sequence[str]:
    """Look a host up in a thread: the system's resolver knows no time limit, and cannot be stopped either."""
    answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError):  # no such host; a label that is too long
            answers.put(())

    threading.Thread(target=work, name=f"look up {host}", daemon=True).start()
    try:
        found = answers.get(timeout=timeout_s)
    except queue.Empty:
        raise Unfetchable(shown, f"looking up {host} took too long; is there a network?") from None
    if not found:
        raise Unfetchable(shown, f"no such host: {host}, or no network")
    return found


def _trusted_host(entry: str) -> tuple[str, int | None]:
    try:
        url = httpx.URL(f"//{entry.strip()}")
        host = url.raw_host.decode("ascii").removesuffix(".")
        if _MORE_THAN_HOST.search(entry):
            raise httpx.InvalidURL("more than a host")
        _check_host(entry, host)
    except (httpx.InvalidURL, Unfetchable) as exc:
        raise LibraryError(
            f"ALLIANCES_TRUSTED_HOSTS: '{clean_text(entry)}' is no host; write it as wiki.intranet or 127.0.0.1:8000"
        ) from exc
    return host, url.port


def _how_to_trust(url: httpx.URL) -> str:
    return f"to read it all the same, put {url.netloc.decode('ascii')} into ALLIANCES_TRUSTED_HOSTS"
