"""A cross-encoder that reads question and passage together, where the user has named one. Slower, and often better."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.errors import IndexProblem
from index.types import Passage
from index.vectors.onnx_model import QUIET_AND_OFFLINE


class Reranker:
    """A cross-encoder of sentence-transformers in a folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Use the model in this folder; it is loaded when it is first asked."""
        self._folder = folder
        self._lock = threading.Lock()
        self._model: Any = None

    def scores(self, query: str, passages: Sequence[Passage]) -> dict[str, float]:
        """Passage id -> how well the passage answers the query, higher is better.

        Raises:
            IndexProblem: The model cannot be loaded or used.
        """
        pairs = [(query, passage.embedded_text) for passage in passages]
        if not pairs:
            return {}
        with self._lock:
            try:
                found = self._loaded().predict(pairs, show_progress_bar=False)
                return {passage.id: float(score) for passage, score in zip(passages, found, strict=True)}
            except Exception as exc:  # OSError, ValueError, RuntimeError: as the folder has it
                reason = (str(exc) or type(exc).__name__).partition("\n")[0]
                raise IndexProblem(
                    f"The cross-encoder in {self._folder} cannot be used ({reason}). "
                    "Set ALLIANCES_RERANKER to the folder of one with one score, or unset it."
                ) from exc

    def _loaded(self) -> Any:
        if self._model is None:
            os.environ.update(QUIET_AND_OFFLINE)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the libraries, about each other
                self._model = self._load()
        return self._model

    def _load(self) -> Any:
        if not self._folder.is_dir():  # a name would be looked for in the user's downloads
            raise ValueError("there is no such folder")
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return CrossEncoder(
            str(self._folder),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},  # never a pickle, which could run code
        )
