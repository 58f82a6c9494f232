"""A model that an OpenAI-compatible engine serves: vLLM, llama-server, Ollama; on this machine or another.

What is sent: the question, the sentences of the articles that may answer it, and the key if one is set. It goes to the
address that the setting names and nowhere else: no redirect is followed. What comes back is a draft like that of any
other model; it is checked like one.

All requests live in one event loop in a thread of its own, where each can be cut off at any moment: the engine notices
that its caller has gone and stops computing.
"""

from __future__ import annotations

import asyncio
import re
import threading
import weakref
from collections.abc import AsyncIterator, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import httpx

from assistant.errors import BadSetting, ModelBusy, ModelCrashed, ModelError
from assistant.models.events import BrokenStream, pieces
from assistant.models.http import body_of, names_in, open_client, shown
from assistant.models.named import KEY_VARIABLE, RemoteEngine
from assistant.models.refusals import no_answer, refusal
from assistant.models.text import without_control

_KEY = re.compile(r"[!-~]+")  # what a header can carry
_CHARS_PER_TOKEN = 64  # more than any token has; a longer answer is not the one that was asked for
_CLOSE_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class RemoteLimits:
    """What an engine may take. Times in seconds."""

    at_once: int = 64  # requests of this process
    connect_s: float = 10.0
    silence_s: float = 60.0  # an engine that serves many may let a request wait
    request_s: float = 180.0


class RemoteModel:
    """An engine as a `LanguageModel`."""

    def __init__(self, engine: RemoteEngine, key: str = "", limits: RemoteLimits | None = None) -> None:
        """Take the finished parts; nothing is sent yet.

        Raises:
            BadSetting: The key cannot be one.
        """
        if key and not _KEY.fullmatch(key):
            raise BadSetting(f"{KEY_VARIABLE} holds blanks or characters that no key has. Set it anew.")
        self.name = engine.model
        self._calls = _Calls(engine, key, limits or RemoteLimits())
        self._finalizer = weakref.finalize(self, self._calls.close)

    def stream(
        self, messages: Sequence[Mapping[str, str]], *, max_tokens: int, seed: int = 0, asker: Hashable = None
    ) -> RemoteStream:
        """Ask for an answer; see `LanguageModel.stream`. The engine has an order of its own, whoever the `asker` is.

        Raises:
            ValueError: No messages, or `max_tokens` is below 1.
            ModelBusy: Too many requests are open.
            ModelError: The model is closed.
            ModelUnreachable, ModelMissing, ModelBusy, ModelCrashed: From the iterator only.
        """
        if not messages or max_tokens < 1:
            raise ValueError(f"at least one message and one token are needed, not {max_tokens=}, {messages=}")
        body = {
            "model": self.name,
            "messages": [{"role": m["role"], "content": without_control(m["content"])} for m in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "seed": seed,
            "stream": True,
        }
        return self._calls.begin(body, self)

    def start(self) -> None:
        """Nothing: the engine has loaded the model, or will when it is asked."""

    def close(self) -> None:
        """Cut off what is open. Closing twice does nothing."""
        self._finalizer()


class RemoteStream(Iterator[str]):
    """The caller's end of a request. Keeps the model alive, and cuts the request off when it is dropped."""

    def __init__(self, model: RemoteModel) -> None:
        self._model = model
        self._over = False
        self.pieces: SimpleQueue[str | ModelError | None] = SimpleQueue()
        self.call: Future[ModelError | None] | None = None

    def __next__(self) -> str:
        if self._over:
            raise StopIteration
        piece = self.pieces.get()
        if isinstance(piece, str):
            return piece
        self._over = True
        if piece is None:
            raise StopIteration
        raise piece

    def close(self) -> None:
        """Cut the request off; iterating ends."""
        if not self._over:
            self._over = True
            self.pieces.put(None)  # for a thread that waits in __next__
            if self.call is not None:
                self.call.cancel()

    def __del__(self) -> None:
        self.close()


class _Calls:
    """The loop, its thread, and the requests that are open."""

    def __init__(self, engine: RemoteEngine, key: str, limits: RemoteLimits) -> None:
        self._engine = engine
        self._key = key
        self._limits = limits
        # Reentrant, because the garbage collector may end a stream in the thread that holds it.
        self._lock = threading.RLock()  # for the next four
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False
        self._open = 0
        self._thread: threading.Thread | None = None
        self._client: httpx.AsyncClient | None = None  # for the thread of the loop only

    def begin(self, body: Mapping[str, Any], model: RemoteModel) -> RemoteStream:
        with self._lock:
            if self._is_closed:
                raise ModelError(f"The model '{model.name}' is closed. Open it again.")
            if self._open >= self._limits.at_once:
                raise ModelBusy(
                    f"The model '{model.name}' is busy: {self._open} questions are open. Try again in a moment."
                )
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._run, args=(self._loop,), name="engine", daemon=True)
                self._thread.start()
            stream = RemoteStream(model)
            # The call must hold neither stream nor model: dropping the stream is what ends it.
            stream.call = asyncio.run_coroutine_threadsafe(self._converse(body, stream.pieces), self._loop)
            self._open += 1
        to = stream.pieces
        stream.call.add_done_callback(lambda call: self._end(call, to))
        return stream

    def close(self) -> None:
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            if thread is not threading.current_thread():
                thread.join(timeout=_CLOSE_LIMIT_S)

    def _end(self, call: Future[ModelError | None], to: SimpleQueue[str | ModelError | None]) -> None:
        with self._lock:
            self._open -= 1
        if call.cancelled():
            to.put(ModelCrashed(f"The model '{self._engine.model}' was closed before it answered. Open it again."))
        else:
            to.put(call.result())

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            loop.run_forever()
        finally:
            loop.run_until_complete(self._cut_off_all())
            loop.close()

    async def _cut_off_all(self) -> None:
        open_calls = asyncio.all_tasks() - {asyncio.current_task()}
        for call in open_calls:
            call.cancel()
        await asyncio.gather(*open_calls, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def _converse(self, body: Mapping[str, Any], to: SimpleQueue[str | ModelError | None]) -> ModelError | None:
        """Have the pieces of the answer put into the queue; what ended it before its time, if anything did."""
        try:
            async with asyncio.timeout(self._limits.request_s):
                async for piece in self._answer(body):
                    to.put(piece)
        except ModelError as exc:
            return exc
        except (httpx.HTTPError, TimeoutError, BrokenStream) as exc:
            return no_answer(self._engine, exc, self._key, request_s=self._limits.request_s)
        except Exception as exc:  # whatever it is, somebody waits for the end of the answer
            return ModelCrashed(f"The engine at {self._engine.host} could not be asked: {type(exc).__name__}.")
        return None

    async def _answer(self, body: Mapping[str, Any]) -> AsyncIterator[str]:
        client = self._open_client()
        left = _CHARS_PER_TOKEN * body["max_tokens"]
        async with client.stream("POST", f"{self._engine.url}/chat/completions", json=body) as response:
            if not response.is_success:
                raise await refusal(self._engine, client, response, self._key)
            async for piece in pieces(response.aiter_bytes()):
                left -= len(piece)
                if left < 0:
                    raise BrokenStream("sends more than was asked for")
                yield shown(piece)

    def _open_client(self) -> httpx.AsyncClient:
        if self._client is None:
            limits = self._limits
            self._client = open_client(
                self._engine,
                self._key,
                connect_s=limits.connect_s,
                silence_s=limits.silence_s,
                at_once=limits.at_once,
            )
        return self._client


def models_of(engine: RemoteEngine, key: str, *, limit_s: float) -> list[str]:
    """The names of the models that an engine has, empty if it does not tell.

    Raises:
        ModelError: It does not answer, or does not let us in.
    """

    async def ask() -> list[str]:
        async with (
            open_client(engine, key, connect_s=limit_s, silence_s=limit_s, at_once=2) as client,
            asyncio.timeout(limit_s),
            client.stream("GET", f"{engine.url}/models") as response,
        ):
            if response.status_code == httpx.codes.NOT_FOUND:
                return []
            if not response.is_success:
                raise await refusal(engine, client, response, key)
            return names_in(await body_of(response))

    try:
        return asyncio.run(ask())
    except (httpx.HTTPError, TimeoutError) as exc:
        raise no_answer(engine, exc, key, request_s=limit_s) from exc
