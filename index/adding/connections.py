"""One HTTP request to numeric addresses that are known already; the only module that knows httpcore.

The host's name is still what the request, the TLS handshake and the check of the certificate go by. All waiting,
for whatever, is against one deadline: a server that sends a byte now and then gets no more time than another.
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from index.adding.addresses import port_of
from index.errors import Unfetchable

CONNECT_S = 5.0  # for each numeric address
_INFLATED_CHUNK_BYTES = 65_536
_GZIP = 31  # window bits that tell zlib to expect gzip
_GZIP_NAMES = ("gzip", "x-gzip")


class Deadline:
    """A point in time, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining_s(self) -> float:
        """Seconds left, more than 0.

        Raises:
            TimeoutError: None are.
        """
        remaining = self._end - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return remaining


class Answer:
    """A server's answer, its headers read, its body not yet."""

    def __init__(self, response: httpcore.Response) -> None:
        self.status = response.status
        self._response = response
        self._headers = {name.lower(): value for name, value in reversed(response.headers)}

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return self._headers.get(name.lower().encode("ascii"), b"").decode("utf-8", errors="replace").strip()

    def body(self, url: httpx.URL, max_bytes: int) -> bytes:
        """The body, unpacked; never much more than `max_bytes` of it are in memory.

        Raises:
            Unfetchable: It is bigger, or packed in another way than asked for.
        """
        too_big = Unfetchable(str(url), f"bigger than {max_bytes / 1e6:g} MB")
        announced = self.header("Content-Length")
        if announced.isdecimal() and int(announced) > max_bytes:
            raise too_big
        data = bytearray()
        for chunk in self._unpacked(url):
            data += chunk
            if len(data) > max_bytes:
                raise too_big
        return bytes(data)

    def _unpacked(self, url: httpx.URL) -> Iterator[bytes]:
        packing = self.header("Content-Encoding").lower()
        chunks = self._response.iter_stream()
        if packing in ("", "identity"):
            return chunks
        if packing in _GZIP_NAMES:
            return _inflate(url, chunks)
        raise Unfetchable(str(url), f"sent packed as '{packing[:40]}', which was not asked for")


@contextmanager
def send_get(
    url: httpx.URL, addresses: Sequence[str], *, headers: dict[str, str], tls: ssl.SSLContext, deadline: Deadline
) -> Iterator[Answer]:
    """Ask for a page at the first of the numeric addresses that can be connected to.

    Raises:
        Unfetchable: No connection, or no HTTP.
        TimeoutError: The deadline is over; also while the answer is read.
    """
    host = url.raw_host
    target = httpcore.URL(scheme=url.raw_scheme, host=host, port=port_of(url), target=url.raw_path)
    sent: list[tuple[str | bytes, str | bytes]] = [
        ("Host", url.netloc),  # httpcore would leave out the brackets round an IPv6 address
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
        *headers.items(),
    ]
    backend = _PinnedBackend(addresses, deadline)
    try:
        with (
            httpcore.HTTPConnection(target.origin, ssl_context=tls, network_backend=backend) as connection,
            connection.stream("GET", target, headers=sent) as response,
        ):
            yield Answer(response)
    except httpcore.ConnectTimeout as exc:
        raise Unfetchable(str(url), f"no connection within {CONNECT_S:g} s; try again later") from exc
    except httpcore.TimeoutException as exc:
        raise TimeoutError from exc
    except httpcore.ConnectError as exc:
        raise Unfetchable(str(url), _no_connection(exc)) from exc
    except (httpcore.NetworkError, httpcore.ProtocolError) as exc:
        raise Unfetchable(str(url), f"the server's answer broke off or is not HTTP ({exc})") from exc


class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to the given numeric addresses, whatever host it is asked for."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that can be."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            limit_s = min(CONNECT_S, self._deadline.remaining_s())
            try:
                return _TimedStream(self._backend.connect_tcp(address, port, timeout=limit_s), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every wait ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.remaining_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.remaining_s())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit_s = min(CONNECT_S, self._deadline.remaining_s())
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, limit_s), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _inflate(url: httpx.URL, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip, a bounded piece at a time: a few bytes may stand for gigabytes."""
    inflater = zlib.decompressobj(wbits=_GZIP)
    try:
        for chunk in chunks:
            while chunk and not inflater.eof:
                yield inflater.decompress(chunk, _INFLATED_CHUNK_BYTES)
                chunk = inflater.unconsumed_tail
    except zlib.error as exc:
        raise Unfetchable(str(url), "the server's answer is damaged (its packing)") from exc
    if not inflater.eof:
        raise Unfetchable(str(url), "the server's answer broke off")


def _no_connection(exc: httpcore.ConnectError) -> str:
    cause = exc.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its TLS certificate is not valid: {cause.verify_message.rstrip('.')}"
    if isinstance(cause, ssl.SSLError):
        return f"no secure connection ({cause.reason or cause})"
    reason = cause.strerror if isinstance(cause, OSError) else None
    return f"no connection ({reason or exc})"
