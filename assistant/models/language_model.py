"""The language model as the rest of the assistant sees it: messages in, pieces of text out.

A local model lives in a process of its own (`assistant.models.process`), behind a queue
(`assistant.models.worker`). A crash costs one answer; giving an answer up stops the computing; a full queue
says so at once. An engine elsewhere is spoken to by `assistant.models.remote`.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.models.file import look_at
from assistant.models.limits import Limits
from assistant.models.named import KEY_VARIABLE, HubModel, RemoteEngine, Shipped, read_name
from assistant.models.store import ModelStore
from assistant.models.waiting import Request
from assistant.models.weights import fast_weights, shipped_weights
from assistant.models.worker import Worker
from assistant.settings import Settings

__all__ = ["LanguageModel", "LocalModel", "Message", "TextStream", "open_model"]

Message = dict[str, str]  # "role" (system, user or assistant) and "content"


class TextStream(Iterator[str], Protocol):
    """Pieces of text; joined, they are the answer. A generator is one."""

    def close(self) -> None:
        """Give the request up; iterating ends. Dropping the last reference does the same."""
        ...


class LanguageModel(Protocol):
    """What writes. Usable from many threads at once."""

    name: str

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, seed: int = 0, asker: Hashable = None
    ) -> TextStream:
        """Ask for an answer.

        Args:
            messages: The conversation, the question last.
            max_tokens: Longest answer, in tokens.
            seed: With the same messages, model and machine, the same seed gives the same text.
            asker: The conversation: while several wait, each has its turn. None for one of its own.

        Raises:
            ModelError: Here, when the model takes no request now; from the iterator, when answering fails.
        """
        ...

    def start(self) -> None:
        """Begin to load in the background; returns at once. Without it, the first request loads the model."""
        ...

    def close(self) -> None:
        """End the model; open answers fail. Closing twice does nothing."""
        ...


def open_model(settings: Settings) -> LanguageModel:
    """The model that the settings name, checked but not yet loaded; an engine elsewhere is not spoken to yet.

    Raises:
        BadSetting: The setting begins like a model of a hub or an address, but is none that can be used.
        ModelMissing: There is no such file, or it has not been pulled.
        ModelDamaged: The file cannot be a model.
    """
    named = read_name(settings.model)
    if isinstance(named, RemoteEngine):
        from assistant.models.remote import RemoteModel  # with its HTTP library, which a local model does not need

        return RemoteModel(named, os.environ.get(KEY_VARIABLE, ""))
    config = {
        "context_tokens": settings.context_tokens,
        "threads": settings.threads,
        "gpu_layers": settings.gpu_layers,
    }
    if isinstance(named, Shipped):
        source = shipped_weights()
        name = source.name.split(".")[0]
        return LocalModel(name, lambda: fast_weights(source, settings.models_folder), config=config)
    path = ModelStore(settings.models_folder).path_of(named) if isinstance(named, HubModel) else named
    return LocalModel(look_at(path).name, lambda: path, config=config)


class LocalModel:
    """A GGUF model in a process of its own, which ends with this object, at the latest with this process."""

    def __init__(
        self, name: str, locate: Callable[[], Path], *, config: dict[str, Any], limits: Limits | None = None
    ) -> None:
        """Take the finished parts; `open_model` makes them.

        Args:
            name: What answers and messages call the model.
            locate: Gives the path of the file to load; may take its time, as it is called in the background.
            config: `context_tokens`, `threads` and `gpu_layers` as `assistant.models.process` expects them.
            limits: None for the usual ones.
        """
        self.name = name
        self._worker = Worker(name, locate, config, limits or Limits())
        # Runs when the last reference goes and, at the latest, when the interpreter exits.
        self._finalizer = weakref.finalize(self, self._worker.close)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, seed: int = 0, asker: Hashable = None
    ) -> TextStream:
        """Queue a request; see `LanguageModel.stream`.

        Raises:
            ValueError: No messages, or `max_tokens` is below 1.
            ModelBusy: Too many requests are waiting; from the iterator, its turn did not come in time.
            ModelError: The model is closed; from the iterator, the prompt does not fit the context.
            ModelDamaged, ModelCrashed: From the iterator only.
        """
        if not messages or max_tokens < 1:
            raise ValueError(f"at least one message and one token are needed, not {max_tokens=}, {messages=}")
        own = [dict(message) for message in messages]
        request = Request(own, max_tokens, seed, object() if asker is None else asker)
        self._worker.submit(request)
        return _Stream(request, self, self._worker)

    def start(self) -> None:
        """Begin to load in the background; returns at once."""
        self._worker.begin()

    def close(self) -> None:
        """End the model and its process; open answers fail."""
        self._finalizer()


class _Stream(Iterator[str]):
    """The caller's end of a request. Keeps the model alive, and gives the request up when it is dropped."""

    def __init__(self, request: Request, model: LocalModel, worker: Worker) -> None:
        self._request = request
        self._model = model
        self._worker = worker
        self._over = False

    def __next__(self) -> str:
        if self._over:
            raise StopIteration
        piece = self._request.pieces.get()
        if isinstance(piece, str):
            return piece
        self._over = True
        if piece is None:
            raise StopIteration
        raise piece

    def close(self) -> None:
        """Give the request up; iterating ends."""
        if not self._over:
            self._over = True
            self._worker.cancel(self._request)
            self._request.pieces.put(None)  # for a thread that waits in __next__

    def __del__(self) -> None:
        self.close()
