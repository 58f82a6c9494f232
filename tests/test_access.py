"""Only who may can reach the page, and nobody can send it more than it takes."""

import asyncio
import base64
import http.client
from urllib.parse import urlsplit

import pytest
from browser import Visitor, launched, served
from standin import StandIn
from typer.testing import CliRunner

from assistant.cli import app
from assistant.errors import BadSetting
from assistant.settings import Settings
from ui.access import MAX_REQUEST_BYTES, MAX_UPLOAD_BYTES, MAX_WRONG_WAITING, AccessMiddleware
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


@pytest.mark.parametrize("header", ["X_Forwarded_For", "Forwarded", "Via", "X_Real_IP"])
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
