"""The files of Gradio's front end: each as it lies on the disk, kept by the browser, and no other file."""

from pathlib import Path

import gradio
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.app import ASSETS
from ui.assets import assets_route

SCRIPT = "export const name = 'é';\n" * 50


@pytest.fixture
def client(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-abc.js").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "assets" / "font-abc.woff2").write_bytes(b"\x00\x01")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return TestClient(Starlette(routes=[Route("/assets/{name}", assets_route(tmp_path / "assets"))]))


@pytest.mark.parametrize("encoding", ["gzip, br", "identity"])
def test_a_script_comes_as_it_is_packed_or_not(client, encoding):
    response = client.get("/assets/index-abc.js", headers={"Accept-Encoding": encoding})
    assert response.text == SCRIPT
    assert ("content-encoding" in response.headers) == ("gzip" in encoding)
    assert "javascript" in response.headers["content-type"]  # either name, by what else was imported


def test_a_browser_may_keep_it(client):
    assert "immutable" in client.get("/assets/index-abc.js").headers["cache-control"]


def test_a_font_is_not_packed_again(client):
    response = client.get("/assets/font-abc.woff2", headers={"Accept-Encoding": "gzip"})
    assert (response.content, response.headers.get("content-encoding")) == (b"\x00\x01", None)


@pytest.mark.parametrize("name", ["../secret.txt", "..%2Fsecret.txt", "%2e%2e%2fsecret.txt", "none.js", ""])
def test_no_other_file_is_reached(client, name):
    response = client.get(f"/assets/{name}")
    assert response.status_code == 404
    assert "secret" not in response.text


def test_gradio_has_its_files_where_they_are_looked_for():
    names = {path.suffix for path in (Path(gradio.__file__).parent / ASSETS).iterdir()}
    assert {".js", ".css"} <= names
