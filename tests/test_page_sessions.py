"""What the server keeps of the pages that were opened does not grow without an end."""

import httpx
from browser import served
from standin import StandIn

import ui.app
from ui.app import build_page


def test_the_pages_used_longest_ago_are_forgotten(monkeypatch):
    pages = []

    def build(*arguments, **named):
        pages.append(build_page(*arguments, **named))
        return pages[-1]

    monkeypatch.setattr(ui.app, "TABS_KEPT", 3)
    monkeypatch.setattr(ui.app, "build_page", build)
    with served(StandIn()) as url, httpx.Client(base_url=url) as client:
        (take,) = [one["id"] for one in client.get("/config").json()["dependencies"] if one["api_name"] == "take_again"]
        inputs = len(pages[0].fns[take].inputs)
        for number in range(7):
            body = {"data": [None] * inputs, "fn_index": take, "session_hash": f"tab{number}"}
            assert client.post("/gradio_api/run/predict", json=body).status_code == 200
    assert list(pages[0].state_holder.session_data) == ["tab4", "tab5", "tab6"]
