"""Only who may can reach the page, and nobody can send it more than it takes."""

import asyncio
import base64
import http.client
import json
import re
from urllib.parse import urlsplit

import pytest
from browser import Visitor, launched, served
from reverse_proxy import proxy
from standin import StandIn
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import BadSetting
from assistant.settings import Settings
from ui.access import MAX_REQUEST_BYTES, MAX_UPLOAD_BYTES, MAX_WRONG_WAITING, AccessMiddleware
from ui.app import web_app
from ui.server import check_address, listen, url_of

LOGIN = ("me", "päss:word")


@pytest.fixture(scope="module")
def open_url():
    with served(StandIn()) as url:
        yield url


@pytest.fixture(scope="module")
def locked_url():
    with served(StandIn(), LOGIN) as url:
        yield url


def ask(url, path="/", method="GET", body=None, **headers):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    response.text = response.read().decode()
    connection.close()
    return response


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_browser_that_was_told_the_password_can_ask(locked_url):
    name, password = LOGIN
    with launched() as browser:
        context = browser.new_context(http_credentials={"username": name, "password": password})
        visitor = Visitor(context, locked_url)
        visitor.ask("first")
        visitor.wait_until_idle()
        assert "This is question 1" in visitor.chat()
        context.close()


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/upload", "/article/forum", "/theme.css", "/nothing"])
def test_nothing_is_reached_without_the_password(locked_url, path):
    response = ask(locked_url, path)
    assert (response.status, response.text) == (401, "The name and the password are needed.\n")
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


def routes(router, prefix=""):
    """(path, method) of every route, those of Gradio's included."""
    for route in router.routes:
        path = prefix + getattr(route, "path", "")
        if inner := getattr(route, "original_router", None):  # included with a prefix that FastAPI does not tell
            yield from (pair for start in ("", "/gradio_api") for pair in routes(inner, prefix + start))
        elif getattr(route, "methods", None):
            yield from ((path, method) for method in route.methods)
        else:
            yield from routes(route.app, path)


@pytest.fixture(scope="module")
def page_app():
    """The page as an application; made in an event loop, else Gradio leaves one open."""

    async def make():
        return web_app(StandIn())

    return asyncio.run(make())


def test_no_route_answers_without_the_password(page_app, locked_url):
    found = set(routes(page_app))
    assert {("/explorer/{part}", "GET"), ("/news", "GET"), ("/gradio_api/queue/join", "POST")} <= found
    told = {(path, method): ask(locked_url, re.sub(r"{.*?}", "x", path), method).status for path, method in found}
    assert {pair: status for pair, status in told.items() if status != 401} == {}


def test_the_page_offers_no_endpoint_to_others_and_no_list_of_its_own(open_url):
    assert json.loads(ask(open_url, "/gradio_api/info").text) == {"named_endpoints": {}, "unnamed_endpoints": {}}
    events = json.loads(ask(open_url, "/config").text)["dependencies"]
    assert {event["api_visibility"] for event in events} == {"private"}
    of_gradio = ("/manifest.json", "/gradio_api/deep_link", "/gradio_api/mcp", "/api/ask")
    for path in ("/docs", "/redoc", "/openapi.json", *of_gradio):
        assert ask(open_url, path).status == 404, path


def test_our_own_routes_are_those_of_the_page(page_app):
    own = {route.path for route in page_app.routes if hasattr(route, "methods")}
    closed = {"/openapi.json", "/manifest.json", "/gradio_api/deep_link"}
    assert own == {"/assets/{name}", "/news", "/article/{slug}", "/explorer/{part}"} | closed


@pytest.fixture
def proxied():
    """The page behind a proxy that shows it under /tools/alliances."""
    with served(StandIn(), LOGIN) as url, proxy(url, "/tools/alliances") as address:
        yield address


def test_behind_a_proxy_the_page_asks_under_its_prefix_only(locked_url):
    headers = {"Authorization": basic(*LOGIN), "X_Forwarded_Prefix": "/tools/alliances", "Host": "chat.example"}
    assert json.loads(ask(locked_url, "/config", **headers).text)["root"] == "http://chat.example/tools/alliances"
    page = ask(locked_url, "/", **headers).text
    assert 'src="/' not in page and 'href="/' not in page and "url('/" not in page
    for path in ("/news", "/tools/alliances/news"):  # the prefix may be taken off, or left
        assert json.loads(ask(locked_url, path, **headers).text)["articles"] == 3


@pytest.mark.parametrize("prefix", ["//evil.example", "/a?b", "/<script>", "javascript:", "/a b", "/"])
def test_a_prefix_that_is_none_is_left_out(locked_url, prefix):
    headers = {"Authorization": basic(*LOGIN), "X_Forwarded_Prefix": prefix, "Host": "chat.example"}
    assert json.loads(ask(locked_url, "/config", **headers).text)["root"] == "http://chat.example"


def test_the_page_works_behind_a_proxy(proxied):
    with launched() as browser:
        name, password = LOGIN
        context = browser.new_context(http_credentials={"username": name, "password": password})
        missing = []
        context.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
        visitor = Visitor(context, f"{proxied}/")
        visitor.ask("hostile")
        visitor.wait_until_idle()
        assert "This is question 1" in visitor.chat()
        visitor.page.click(".open-article")
        visitor.wait_for("#article[open] mark")
        assert missing == []
        assert visitor.outside == []
        context.close()


def test_the_password_opens_the_page(locked_url):
    assert ask(locked_url, Authorization=basic(*LOGIN)).status == 200


@pytest.mark.parametrize(
    "told", [basic("me", "wrong"), basic("", ""), basic("you", LOGIN[1]), "Basic me:word", "Bearer x", "Basic"]
)
def test_a_wrong_password_does_not(locked_url, told):
    assert ask(locked_url, Authorization=told).status == 401


def test_wrong_guesses_wait_for_each_other_and_too_many_are_turned_away(monkeypatch):
    pausing, statuses = [], []

    async def pause(seconds):
        pausing.append(seconds)
        await asyncio.Event().wait()

    async def passed(scope, receive, send):
        statuses.append("passed")

    async def send(message):
        statuses.append(message.get("status"))

    def guess(middleware, password):
        scope = {"type": "http", "headers": [(b"authorization", basic("me", password).encode())]}
        return asyncio.create_task(middleware(scope, None, send))

    async def besiege():
        middleware = AccessMiddleware(passed, LOGIN)
        guesses = [guess(middleware, "wrong") for _ in range(MAX_WRONG_WAITING + 1)]
        await asyncio.wait([guesses[-1]])
        await guess(middleware, LOGIN[1])
        for waiting in guesses:
            waiting.cancel()

    monkeypatch.setattr("ui.access.sleep", pause)
    asyncio.run(besiege())
    assert len(pausing) == 1  # one pauses, the others wait for it
    assert statuses == [429, None, "passed"]


def test_with_a_password_other_sites_are_still_turned_away(locked_url):
    response = ask(locked_url, Authorization=basic(*LOGIN), Origin="http://evil.example")
    assert response.status == 403


def test_with_a_password_the_page_may_have_any_name(locked_url):
    headers = {"Host": "chat.example", "Origin": "https://chat.example"}
    assert ask(locked_url, Authorization=basic(*LOGIN), **headers).status == 200


def test_a_proxy_that_tells_the_name_it_was_asked_by_is_believed(locked_url):
    headers = {"Origin": "https://chat.example", "X_Forwarded_Host": "chat.example"}
    assert ask(locked_url, Authorization=basic(*LOGIN), **headers).status == 200
    assert ask(locked_url, Authorization=basic(*LOGIN), **{**headers, "Origin": "https://evil.example"}).status == 403


@pytest.mark.parametrize("header", ["X_Forwarded_Prefix", "X_Forwarded_For", "Forwarded", "Via", "X_Real_IP"])
def test_without_a_password_nobody_comes_through_a_proxy(open_url, locked_url, header):
    response = ask(open_url, **{header: "198.51.100.7"})
    assert response.status == 403 and "alliances ui --auth" in response.text
    assert ask(locked_url, Authorization=basic(*LOGIN), **{header: "198.51.100.7"}).status == 200


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/gradio_api/upload", {"Content_Length": str(MAX_UPLOAD_BYTES + 1)}, 413),
        ("/gradio_api/run/predict", {"Content_Length": str(MAX_REQUEST_BYTES + 1)}, 413),
        ("/gradio_api/upload", {"Transfer_Encoding": "chunked"}, 411),
    ],
)
def test_too_much_is_refused_before_it_is_read(open_url, path, headers, status):
    connection = http.client.HTTPConnection(urlsplit(open_url).netloc, timeout=30)
    connection.putrequest("POST", path)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    assert connection.getresponse().status == status  # though nothing of the body was sent
    connection.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", ""])
def test_others_are_served_with_a_password_only(host):
    with pytest.raises(BadSetting, match="--host 127.0.0.1.*--auth"):
        check_address(host, 0)


def test_with_a_password_all_are_served():
    check_address("0.0.0.0", 0, has_password=True)
    with listen("0.0.0.0", 0, has_password=True) as listener:
        assert "0.0.0.0" not in url_of(listener)


@pytest.mark.parametrize("host", ["192.0.2.1", ""])
def test_a_host_that_is_not_ours_is_named(host):
    with pytest.raises(BadSetting, match=rf"Host '{host}'"):
        check_address(host, 0, has_password=True)


@pytest.mark.parametrize("auth", ["secretsecret", ":secretsecret", "me:", "me:secret"])
def test_a_login_that_is_none_is_refused_and_not_repeated(auth):
    with pytest.raises(BadSetting, match="name:password") as caught:
        Settings.load(auth=auth)
    assert "secret" not in str(caught.value)


def test_a_password_is_not_shown_with_the_settings(monkeypatch):
    monkeypatch.setenv("ALLIANCES_AUTH", "me:secretsecret")
    settings = Settings.load()
    assert settings.login == ("me", "secretsecret")
    assert "secret" not in repr(settings)


def test_auth_asks_for_a_name_and_a_password(monkeypatch):
    asked = {}
    monkeypatch.setattr("assistant.cli._assistant", lambda settings: asked.update(login=settings.login) or exit(0))
    CliRunner().invoke(app, ["ui", "--auth"], input="me\nsecretsecret\nsecretsecret\n")
    assert asked == {"login": ("me", "secretsecret")}
