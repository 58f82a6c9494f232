"""What every test stands on: a home of its own, no network beyond loopback, and one real assistant for all."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path

import pytest

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True, scope="session")
def scrubbed_environment(tmp_path_factory):
    """No setting of the person who runs the tests leaks in, and nothing is written to their folders."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith(("ALLIANCES_", "HF_", "GRADIO_"))]:
        patch.delenv(name)
    patch.setenv("ALLIANCES_HOME", str(home))
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    yield home
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def heard_ctrl_c():
    """Run in the background, the tests would have inherited deaf ears, and so would what they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """Sockets connect to loopback only; host names other than localhost are not looked up."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: object) -> None:
        if isinstance(host, tuple):
            host = host[0]
        if isinstance(host, str) and not host.startswith("/") and host not in ("", *LOOPBACK):
            raise PermissionError(f"a test tried to reach {host}; only loopback is allowed")

    def guarded_connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address)
        return connect(self, address)

    def guarded_connect_ex(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address)
        return connect_ex(self, address)

    def guarded_look_up(host, *args, **kwargs):
        check(host.decode() if isinstance(host, bytes) else host)
        return look_up(host, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def settings(scrubbed_environment):
    """The settings a newcomer has, with a home of the test run's own."""
    from assistant import Settings

    return Settings.load()


@pytest.fixture(scope="session")
def assistant(settings):
    """The real assistant over the library that ships: real Chroma, embedding model and language model."""
    from assistant import Assistant

    with Assistant.open(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def home_of_its_own(assistant, settings, embedder):
    """Settings of another home, whose index knows what ships and what lies in its own library by then.

    The index is copied from the one for all, so that only what is new has to be embedded.
    """
    from assistant import Settings
    from index.build import rebuild

    def prepare(home: Path) -> Settings:
        own = Settings.load(home=home)
        shutil.copytree(settings.index_folder, own.index_folder)
        rebuild(own.libraries, own.index_folder, embedder)
        return own

    return prepare


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    """The catalogue of the library that ships, without vectors that mean anything."""
    from shipped_library import shipped_catalogue

    with shipped_catalogue(tmp_path_factory.mktemp("shipped")) as catalogue:
        yield catalogue


@pytest.fixture(scope="session")
def shipped_names(shipped):
    """Finds the names of the library that ships."""
    from shipped_library import name_finder

    return name_finder(shipped)


@pytest.fixture(scope="session")
def take(shipped_names):
    """Takes a question apart, on the day that the tests of exact questions live in."""
    from shipped_library import TODAY

    from assistant.exact.reading import read

    return lambda question: read(question, shipped_names.find(question), TODAY)


@pytest.fixture(scope="session")
def answer(shipped, shipped_names, embedder):
    """The sentences of an exact answer."""
    from shipped_library import TODAY

    from assistant.citing import Citations
    from assistant.exact.answers import answer_exactly
    from assistant.exact.free_reading import FreeReading
    from assistant.exact.reading import read

    def answer_one(question, today=TODAY):
        mentions = shipped_names.find(question)
        reading = read(question, mentions, today)
        free_reading = FreeReading(reading, shipped, embedder)
        return answer_exactly(question, mentions, reading, free_reading, shipped, Citations(shipped))

    return answer_one


@pytest.fixture(scope="session")
def embedder():
    """The real embedding model, loaded once."""
    from index.vectors.embed import MiniLM

    return MiniLM()


@pytest.fixture
def write_article(tmp_path):
    """Writes a small article into a library folder and returns its path."""

    def write(slug: str, body: str, *, title: str | None = None, extra: str = "", folder: Path = tmp_path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{slug}.md"
        title_line = f"title: {title or slug.replace('-', ' ').title()}"
        path.write_text(f"---\n{title_line}\n{extra}---\n\n{body}\n", encoding="utf-8")
        return path

    return write
