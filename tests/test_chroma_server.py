"""A real Chroma server holds the vectors: searched, swapped, rolled back, and clear words when it is gone."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from tiny_index import NEW_TEXT, WordEmbedder, change, find, write_library
from web_server import Page, WebServer

from index.build import open_index, rebuild
from index.errors import IndexDamaged, IndexMismatch, IndexUnreachable
from index.generations import IndexFolder
from index.healing import roll_back
from index.vectors.store import SERVER_FILE, VectorStore, check_chroma_url

CHROMA = Path(sys.executable).with_name("chroma")
DIM = 16
VERSION = "/api/v2/version"


class ChromaServer:
    """`chroma run` on loopback, which can be killed and started again over the same data."""

    def __init__(self, data):
        self._data = data
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process = None

    def start(self):
        command = [CHROMA, "run", "--host", "127.0.0.1", "--port", str(self._port), "--path", self._data]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1):
                return
            assert self._process.poll() is None, "the Chroma server ended"
        raise AssertionError("the Chroma server does not answer")

    def kill(self):
        if self._process:
            self._process.kill()
            self._process.wait()

    def collections(self):
        base = f"{self.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
        with urllib.request.urlopen(base, timeout=10) as answer:
            return {entry["name"] for entry in json.load(answer)}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = ChromaServer(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def library(tmp_path):
    return write_library(tmp_path / "library")


def unit_rows(n, seed=0):
    rows = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def create(folder, n, url):
    ids = [f"p{i:03}" for i in range(n)]
    vectors = unit_rows(n)
    return VectorStore.create(folder, [(ids[:50], vectors[:50]), (ids[50:], vectors[50:])], url=url), ids, vectors


def test_search_on_the_server_equals_brute_force_also_after_the_folder_was_copied(server, tmp_path):
    store, ids, vectors = create(tmp_path / "chroma", 120, server.url)
    store.close()
    shutil.copytree(tmp_path / "chroma", tmp_path / "elsewhere" / "chroma")
    query = unit_rows(1, seed=1)[0]
    expected = sorted(zip(ids, vectors @ query, strict=True), key=lambda hit: -hit[1])[:9]
    with closing(VectorStore.open(tmp_path / "elsewhere" / "chroma", url=server.url)) as store:
        found = store.search(query, 9)
        assert store.count() == len(store.ids()) == 120
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert np.allclose([s for _, s in found], [s for _, s in expected], atol=1e-5)


def test_more_vectors_than_the_server_takes_at_once_all_arrive(server, tmp_path):
    ids = [f"p{i:04}" for i in range(6_000)]  # it takes 5,461
    with closing(VectorStore.create(tmp_path / "chroma", [(ids, unit_rows(6_000))], url=server.url)) as store:
        assert store.count() == 6_000
        assert store.ids() == ids


def test_removing_a_store_removes_its_collection_and_no_other(server, tmp_path):
    before = server.collections()
    create(tmp_path / "one", 60, server.url)[0].close()
    create(tmp_path / "two", 60, server.url)[0].close()
    assert len(server.collections() - before) == 2
    VectorStore.remove(tmp_path / "one", url=server.url)
    VectorStore.remove(tmp_path / "one", url=server.url)  # what is gone already is no error
    assert len(server.collections() - before) == 1
    with pytest.raises(IndexDamaged, match="alliances rebuild"):
        VectorStore.open(tmp_path / "one", url=server.url)
    with closing(VectorStore.open(tmp_path / "two", url=server.url)) as store:
        assert store.count() == 60


def test_a_failed_creation_leaves_no_collection(server, tmp_path):
    def batches():
        yield ["a"], unit_rows(1)
        raise KeyboardInterrupt

    before = server.collections()
    with pytest.raises(KeyboardInterrupt):
        VectorStore.create(tmp_path / "chroma", batches(), url=server.url)
    assert server.collections() == before


def test_what_a_lost_server_keeps_is_removed_when_it_is_back(server, tmp_path):
    def batches():
        yield ["a"], unit_rows(1)
        server.kill()
        yield ["b"], unit_rows(1)

    before = server.collections()
    try:
        with pytest.raises(IndexUnreachable):
            VectorStore.create(tmp_path / "chroma", batches(), url=server.url)
    finally:
        server.start()
    assert len(server.collections() - before) == 1
    VectorStore.remove(tmp_path / "chroma", url=server.url)
    assert server.collections() == before


def test_a_closed_store_answers_no_more(server, tmp_path):
    store = create(tmp_path / "chroma", 60, server.url)[0]
    store.close()
    store.close()
    with pytest.raises(IndexUnreachable):
        store.count()


def test_a_collection_of_another_program_is_never_touched(server, tmp_path):
    create(tmp_path / "chroma", 60, server.url)[0].close()
    (tmp_path / "chroma" / SERVER_FILE).write_text('{"collection": "customers"}')
    with pytest.raises(IndexDamaged):
        VectorStore.open(tmp_path / "chroma", url=server.url)
    with pytest.raises(IndexDamaged):
        VectorStore.remove(tmp_path / "chroma", url=server.url)


def test_kinds_of_store_are_not_mixed_up(server, tmp_path):
    create(tmp_path / "served", 60, server.url)[0].close()
    create(tmp_path / "own", 60, None)[0].close()
    with pytest.raises(IndexMismatch, match="ALLIANCES_CHROMA_URL"):
        VectorStore.open(tmp_path / "served")
    with pytest.raises(IndexMismatch, match="ALLIANCES_CHROMA_URL"):
        VectorStore.open(tmp_path / "own", url=server.url)
    with pytest.raises(IndexUnreachable, match="ALLIANCES_CHROMA_URL"):
        VectorStore.remove(tmp_path / "served")


def test_an_index_is_built_searched_swapped_and_rolled_back(server, library, tmp_path):
    before, folder, embedder = server.collections(), tmp_path / "index", WordEmbedder()
    rebuild([library], folder, embedder, chroma_url=server.url)
    with open_index(folder, embedder, server.url) as old:
        change(library)
        rebuild([library], folder, embedder, chroma_url=server.url)
        with open_index(folder, embedder, server.url) as new:
            assert NEW_TEXT in find(new, NEW_TEXT)
        assert old.is_superseded()
        assert "farmers" in find(old, "farmers")
        assert NEW_TEXT not in find(old, NEW_TEXT)
    roll_back(folder, embedder, server.url)
    with open_index(folder, embedder, server.url) as index:
        assert NEW_TEXT not in find(index, NEW_TEXT)
    for _ in range(3):
        rebuild([library], folder, embedder, chroma_url=server.url, force=True)
    kept = IndexFolder(folder).generations()
    assert len(server.collections() - before) == len(kept) == 2


def test_a_server_that_is_gone_is_named_and_comes_back(library, tmp_path):
    server, embedder, folder = ChromaServer(tmp_path / "data"), WordEmbedder(), tmp_path / "index"
    server.start()
    try:
        rebuild([library], folder, embedder, chroma_url=server.url)
        with open_index(folder, embedder, server.url) as index:
            server.kill()
            with pytest.raises(IndexUnreachable, match=server.url):
                find(index, "farmers")
        change(library)
        with pytest.raises(IndexUnreachable, match="Start it, or unset ALLIANCES_CHROMA_URL"):
            rebuild([library], folder, embedder, chroma_url=server.url)
        server.start()
        with open_index(folder, embedder, server.url) as index:
            assert "farmers" in find(index, "farmers")
    finally:
        server.kill()


def test_what_answers_and_is_no_chroma_is_told(tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(IndexUnreachable, match="timed out"):
            VectorStore.create(tmp_path / "chroma", [], url=url)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (Page(b"<h1>Welcome</h1>"), "no Chroma server"),
        (Page(b"42"), "no Chroma server"),
        (Page(status=404), "status 404"),
        (Page(status=401), "status 401; look at ALLIANCES_CHROMA_TOKEN"),
        (Page(b'"0.6.3"'), "version 0.6.3"),
        (Page(b'"1.0.0"'), "status 404"),  # knows nothing but its version
    ],
)
def test_what_answers_as_chroma_1_does_not_is_told(tmp_path, page, told):
    with WebServer({VERSION: page}) as web, pytest.raises(IndexUnreachable, match=told):
        (tmp_path / SERVER_FILE).write_text(json.dumps({"collection": f"alliances-{0:032}"}))
        VectorStore.open(tmp_path, url=web.address(""))


def test_the_token_is_sent_and_never_told(tmp_path, monkeypatch):
    (tmp_path / SERVER_FILE).write_text(json.dumps({"collection": f"alliances-{0:032}"}))
    with WebServer({VERSION: Page(status=401)}) as web:
        monkeypatch.setenv("ALLIANCES_CHROMA_TOKEN", "geheim")
        with pytest.raises(IndexUnreachable) as sent:
            VectorStore.open(tmp_path, url=web.address(""))
        assert [headers["x-chroma-token"] for _, headers in web.asked] == ["geheim"]
        monkeypatch.setenv("ALLIANCES_CHROMA_TOKEN", "geheim\nX-Other: 1")
        with pytest.raises(IndexUnreachable, match="ALLIANCES_CHROMA_TOKEN") as refused:
            VectorStore.open(tmp_path, url=web.address(""))
        assert len(web.asked) == 1
    assert "geheim" not in f"{sent.value} {refused.value}"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
        (" http://chroma.intranet/ ", "http://chroma.intranet:8000"),
        ("https://chroma.example", "https://chroma.example:443"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_addresses_are_made_alike(text, url):
    assert check_chroma_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chroma",
        "127.0.0.1:8000",
        "ftp://host",
        "file:///etc/passwd",
        "http://",
        "http://host:port",
        "http://host:99999",
        "http://me:secret@host",
        "http://host/path",
        "http://host?x=1",
        "http://ho st",
        "http://ho\nst",
        "http://host\\@elsewhere",
        "http://host:0",
        "http://[::1",
    ],
)
def test_addresses_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match="it "):
        check_chroma_url(text)
