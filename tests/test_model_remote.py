"""An engine elsewhere is a model like any other; what it does wrong becomes an error that says what to do."""

from __future__ import annotations

import gc
import json
import logging
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest
from engine_server import DONE, EngineServer, event
from patience import PATIENCE_S, comes_true

from assistant.errors import BadSetting, ModelBusy, ModelCrashed, ModelError, ModelMissing, ModelUnreachable
from assistant.models.checks import check_memory, check_model, talks_to
from assistant.models.language_model import open_model
from assistant.models.named import RemoteEngine
from assistant.models.remote import RemoteLimits, RemoteModel
from assistant.models.weights import fast_weights, shipped_weights
from assistant.settings import Settings

QUESTION = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Who founded it?"}]
KEY = "sk-secret-0123"


@pytest.fixture
def engine():
    with EngineServer() as server:
        yield server


@pytest.fixture
def connect(engine):
    """Opens a model that the engine serves."""
    opened = []

    def connect(key="", name="tale", **limits):
        opened.append(RemoteModel(RemoteEngine(engine.url, name), key, RemoteLimits(**limits)))
        return opened[-1]

    yield connect
    for model in opened:
        model.close()


def answer(model, max_tokens=24):
    return "".join(model.stream(QUESTION, max_tokens=max_tokens))


# -- answers


def test_the_pieces_are_those_that_the_engine_sends(connect):
    assert list(connect().stream(QUESTION, max_tokens=24)) == ["Alpha ", "Labs."]


def test_the_setting_opens_it_with_the_key_of_the_environment(engine, monkeypatch):
    monkeypatch.setenv("ALLIANCES_API_KEY", KEY)
    with closing(open_model(Settings.load(model=f"{engine.url}#tale"))) as model:
        assert (model.name, answer(model)) == ("tale", "Alpha Labs.")
    ((path, headers, body),) = engine.asked
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert body == {
        "model": "tale",
        "messages": QUESTION,
        "max_tokens": 24,
        "temperature": 0,
        "seed": 0,
        "stream": True,
    }


def test_without_a_key_none_is_sent(engine, connect):
    answer(connect())
    assert "authorization" not in engine.asked[0][1]


def test_control_tokens_in_a_message_become_blanks(engine, connect):
    list(connect().stream([{"role": "user", "content": "A <|im_end|><s> B"}], max_tokens=1))
    assert engine.asked[0][2]["messages"] == [{"role": "user", "content": "A    B"}]


@pytest.mark.parametrize(
    ("events", "text"),
    [
        ([b": comment\n\n", b"event: x\r\n", event("A").replace(b"\n", b"\r\n"), DONE], "A"),
        ([event("A"), event("", finish_reason="stop")], "A"),
        ([event("A"), b'data: {"choices": [], "usage": {}}\n\n', DONE], "A"),
        ([b'data: {"choices": [{"delta": {"role": "assistant"}}]}\n\n', event("é🙂"), DONE], "é🙂"),
        ([event("half \ud800"), DONE], "half ?"),
        ([b'data: {"choices": [{"delta": null}]}\n\n', event("A"), b"data: [DONE]"], "A"),
    ],
    ids=["other lines", "no DONE", "usage", "role first", "half a character", "no delta, no last newline"],
)
def test_the_dialects_of_engines_are_understood(engine, connect, events, text):
    engine.events = events
    assert answer(connect()) == text


def test_events_may_be_cut_anywhere(engine, connect):
    whole = event("é🙂") + event("B") + DONE

    def one_byte_at_a_time(handler):
        handler.begin()
        for at in range(len(whole)):
            handler.wfile.write(whole[at : at + 1])
            handler.wfile.flush()

    engine.answer = one_byte_at_a_time
    assert answer(connect()) == "é🙂B"


def test_many_threads_get_answers_of_their_own(engine, connect):
    def echo(handler):
        handler.begin()
        handler.wfile.write(event(handler.body["messages"][0]["content"]) + DONE)

    engine.answer = echo
    model = connect()

    def ask(number):
        return "".join(model.stream([{"role": "user", "content": f"number {number}"}], max_tokens=9))

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(32))) == [f"number {number}" for number in range(32)]


# -- what an engine does wrong


def refusing(status, body=None, **headers):
    return lambda handler: handler.reply(status, body or {"error": {"message": "because it is so"}}, **headers)


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (400, ModelCrashed, "status 400: because it is so"),
        (401, ModelUnreachable, "asks for a key: because it is so. Set ALLIANCES_API_KEY"),
        (403, ModelUnreachable, "asks for a key"),
        (404, ModelMissing, "knows no model 'tale': because it is so. It has: tale, other"),
        (429, ModelBusy, "is busy: because it is so. Try again in a moment"),
        (500, ModelCrashed, "status 500"),
        (503, ModelBusy, "is busy"),
    ],
)
def test_a_refusal_is_told_with_its_reason(engine, connect, status, error, said):
    engine.answer = refusing(status)
    with pytest.raises(error, match=said) as refusal:
        answer(connect())
    assert "\n" not in str(refusal.value) and engine.url.split("/")[2] in str(refusal.value)


def test_a_busy_engine_may_say_for_how_long(engine, connect):
    engine.answer = refusing(429, Retry_After="17")
    with pytest.raises(ModelBusy, match="in 17 seconds"):
        answer(connect())


@pytest.mark.parametrize(
    "body", [b"<html>Bad gateway</html>", b"\xff\xfe", b"[" * 90_000, b"x" * 10**6, {"error": None}, {"detail": 7}]
)
def test_a_refusal_that_cannot_be_read_is_still_one_line(engine, connect, body):
    engine.answer = refusing(502, body)
    with pytest.raises(ModelCrashed, match="status 502") as refusal:
        answer(connect())
    assert len(str(refusal.value)) < 450


def test_an_engine_that_is_not_there_says_what_to_do():
    model = RemoteModel(RemoteEngine("http://127.0.0.1:9/v1", "tale"))
    with closing(model), pytest.raises(ModelUnreachable, match=r"127.0.0.1:9 cannot be reached.*ALLIANCES_MODEL"):
        answer(model)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([event("A")], "broke off in the middle"),
        ([event("A"), b"data: {cut\n\n"], "cannot be read"),
        ([b"data: 7\n\n"], "cannot be read"),
        ([event("A"), b'data: {"error": {"message": "out of memory"}}\n\n'], "out of memory"),
        ([b"data: " + b"x" * 2_000_000], "a line without an end"),
        ([event("x" * 100_000)] * 2, "more than was asked for"),
    ],
)
def test_a_stream_that_is_broken_or_huge_is_given_up(engine, connect, events, said):
    engine.events = events
    with pytest.raises(ModelCrashed, match=said):
        answer(connect())


def test_an_engine_that_never_ends_its_answer_is_given_up(engine, connect):
    def forever(handler):
        handler.begin()
        while not engine.closing.is_set():
            handler.wfile.write(event("again "))

    engine.answer = forever
    with pytest.raises(ModelCrashed, match="more than was asked for"):
        answer(connect())


def hold(handler):
    """Begin an answer and then only wait for the caller to hang up."""
    handler.begin()
    handler.wfile.write(event("A"))
    handler.wfile.flush()
    keep_waiting(handler)


def keep_waiting(handler):
    while not handler.engine.closing.wait(0.01):
        handler.connection.setblocking(False)
        try:
            if handler.connection.recv(1) == b"":
                handler.engine.gone.set()
                return
        except BlockingIOError:
            pass


@pytest.mark.parametrize(
    ("limits", "said"), [({"silence_s": 0.3}, "no sign of life"), ({"request_s": 0.3}, "longer than 0.3 seconds")]
)
def test_an_engine_that_says_nothing_is_given_up(engine, connect, limits, said):
    engine.answer = hold
    with pytest.raises(ModelCrashed, match=said):
        answer(connect(**limits))
    assert engine.gone.wait(PATIENCE_S)


def test_after_an_error_the_next_answer_is_right(engine, connect):
    model = connect()
    engine.answer = refusing(500)
    with pytest.raises(ModelCrashed):
        answer(model)
    engine.answer = None
    assert answer(model) == "Alpha Labs."


# -- the key


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere(engine, connect):
    with EngineServer() as elsewhere:
        engine.answer = refusing(307, Location=f"{elsewhere.url}/chat/completions")
        with pytest.raises(ModelUnreachable, match="elsewhere"):
            answer(connect(KEY))
        assert elsewhere.asked == []


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_key_that_the_engine_repeats_is_not_shown(engine, connect, status):
    engine.answer = refusing(status, {"error": {"message": f"Incorrect API key: {KEY}"}})
    with pytest.raises(ModelError, match=r"\*\*\*") as refusal:
        answer(connect(KEY))
    assert KEY not in str(refusal.value)


def test_the_key_is_never_logged_and_not_in_what_is_printed_of_a_model(engine, connect, caplog):
    with caplog.at_level(logging.DEBUG):
        model = connect(KEY)
        answer(model)
    assert KEY not in caplog.text
    assert KEY not in repr(model) + repr(vars(model))


def test_a_key_that_can_be_none_is_refused_without_being_repeated():
    with pytest.raises(BadSetting, match="ALLIANCES_API_KEY") as refusal:
        RemoteModel(RemoteEngine("https://host/v1", "tale"), "sk secret\n")
    assert "secret" not in str(refusal.value)


def test_an_engine_on_this_machine_is_not_asked_for_through_a_proxy(connect, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert answer(connect()) == "Alpha Labs."


# -- giving up, and ends


@pytest.mark.parametrize("how", ["closed", "dropped"])
@pytest.mark.parametrize("when", ["before the first piece", "in the middle"])
def test_an_answer_given_up_is_cut_off(engine, connect, how, when):
    engine.answer = hold if when == "in the middle" else keep_waiting
    stream = connect().stream(QUESTION, max_tokens=24)
    if when == "in the middle":
        assert next(stream) == "A"
    assert comes_true(lambda: engine.asked)
    if how == "closed":
        stream.close()
        assert list(stream) == []
    del stream
    gc.collect()
    assert engine.gone.wait(PATIENCE_S)


def test_a_thread_that_waits_for_a_piece_is_released(engine, connect):
    engine.answer = hold
    stream = connect().stream(QUESTION, max_tokens=24)
    assert next(stream) == "A"
    waiting = threading.Thread(target=lambda: list(stream))
    waiting.start()
    stream.close()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()


def test_too_many_at_once_are_refused_at_once_and_a_place_given_up_is_free(engine, connect):
    engine.answer = hold
    model = connect(at_once=2)
    streams = [model.stream(QUESTION, max_tokens=24) for _ in range(2)]
    with pytest.raises(ModelBusy, match="2 questions are open"):
        model.stream(QUESTION, max_tokens=24)
    streams.pop().close()

    def has_room():
        try:
            streams.append(model.stream(QUESTION, max_tokens=24))
        except ModelBusy:
            return False
        return True

    assert comes_true(has_room)


def test_a_closed_model_fails_what_is_open(engine, connect):
    engine.answer = hold
    model = connect()
    streams = [model.stream(QUESTION, max_tokens=24) for _ in range(3)]
    assert next(streams[0]) == "A"
    model.close()
    for stream in streams:
        with pytest.raises(ModelCrashed, match="closed"):
            list(stream)
    with pytest.raises(ModelError, match="is closed"):
        model.stream(QUESTION, max_tokens=24)
    model.close()


def test_a_request_that_asks_nothing_is_a_mistake_of_the_caller(connect):
    with pytest.raises(ValueError, match="max_tokens"):
        connect().stream(QUESTION, max_tokens=0)
    with pytest.raises(ValueError, match="message"):
        connect().stream([], max_tokens=1)


# -- the doctor


def test_the_doctor_asks_the_engine(engine):
    outcome = check_model(Settings.load(model=f"{engine.url}#tale"))
    assert outcome[0].value == "ok" and "tale, served by 127.0.0.1" in outcome[1]
    other = check_model(Settings.load(model=f"{engine.url}#lost"))
    assert other[0].value == "warn" and "tale, other" in other[1]
    engine.models = []
    assert check_model(Settings.load(model=f"{engine.url}#lost"))[0].value == "ok"
    gone = check_model(Settings.load(model="http://127.0.0.1:9/v1#tale"))
    assert gone[0].value == "fail" and "cannot be reached" in gone[1]


def test_the_doctor_tells_who_is_sent_what_and_counts_no_memory():
    assert talks_to(Settings.load(model="https://host/v1#tale")) == "host"
    assert talks_to(Settings.load(model="http://127.0.0.1:1/v1#tale")) == talks_to(Settings.load()) == ""
    assert "0.0 MB by the model" in check_memory(Settings.load(model="https://host/v1#tale"))[1]


# -- the real thing


@pytest.fixture(scope="module")
def llama_server(tmp_path_factory):
    """llama-cpp-python's own server, with the model that ships."""
    weights = fast_weights(shipped_weights(), tmp_path_factory.mktemp("models"))
    config = tmp_path_factory.mktemp("server") / "config.json"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    model = {"model": str(weights), "model_alias": "tale", "n_ctx": 2048}
    config.write_text(json.dumps({"host": "127.0.0.1", "port": port, "api_key": KEY, "models": [model]}))
    command = [sys.executable, "-m", "llama_cpp.server", "--config_file", str(config)]
    environment = {name: value for name, value in os.environ.items() if name not in ("HOST", "PORT")}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as server:
        url = f"http://127.0.0.1:{port}/v1"

        def answers():
            assert server.poll() is None, "the server did not start"
            try:
                return httpx.get(
                    f"{url}/models", headers={"Authorization": f"Bearer {KEY}"}, trust_env=False
                ).is_success
            except httpx.HTTPError:
                return False

        assert comes_true(answers)
        yield url
        server.kill()


def test_a_real_engine_answers_like_the_model_in_our_own_process(llama_server):
    facts = "The Harbour Pact was founded by Alpha Labs in Oslo."
    question = [{"role": "user", "content": f"Fact: {facts}\nRepeat the fact in one sentence."}]
    with closing(RemoteModel(RemoteEngine(llama_server, "tale"), KEY)) as model:
        said = ["".join(model.stream(question, max_tokens=24)) for _ in range(2)]
        assert "Alpha Labs" in said[0] and said[0] == said[1]
        stream = model.stream([{"role": "user", "content": "Tell a long story."}], max_tokens=1500)
        next(stream)
        stream.close()
        assert "".join(model.stream(question, max_tokens=24)) == said[0]


def test_a_real_engine_refuses_a_wrong_key(llama_server):
    with (
        closing(RemoteModel(RemoteEngine(llama_server, "tale"), "wrong")) as model,
        pytest.raises(ModelUnreachable, match=r"refuses the key.*ALLIANCES_API_KEY"),
    ):
        answer(model)
