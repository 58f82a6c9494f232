"""What a local model may take, and what is said when it takes more or fails."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelBusy, ModelCrashed

_OTHER_MODEL = "Set ALLIANCES_MODEL to another .gguf file or to `smollm2`."


@dataclass(frozen=True, slots=True)
class Limits:
    """What a local model may take. Times in seconds."""

    waiting: int = 16  # requests in the queue, besides the one being answered
    each: int = 4  # requests of one conversation, that being answered among them
    waiting_s: float = 300.0  # until a request's turn comes, once the model is loaded
    request_s: float = 120.0  # from the moment a request's turn has come
    silence_s: float = 30.0  # without a token and without progress on the prompt
    give_up_s: float = 5.0  # until a request that was given up is let go; afterwards, the process is ended
    load_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Complaints:
    """What is said of a model, by its name and its limits: what happened, to which model, what to do."""

    name: str
    limits: Limits

    def full(self, count: int, seconds: float) -> ModelBusy:
        """So many questions wait, and to answer them takes so long."""
        return self._busy(f"{count} questions are before yours", seconds)

    def too_many(self, count: int, seconds: float) -> ModelBusy:
        """So many questions of one conversation wait."""
        return self._busy(f"{count} questions of this conversation are before this one", seconds)

    def waited(self) -> ModelBusy:
        """A question's turn did not come in time."""
        limit = f"{self.limits.waiting_s:g} seconds"
        return ModelBusy(
            f"The model '{self.name}' is busy: your question's turn did not come within {limit}. Ask again."
        )

    def died(self, cause: str) -> ModelCrashed:
        """The process ended by itself."""
        again = "Ask again; it starts anew by itself."
        return ModelCrashed(f"The model '{self.name}' stopped in the middle of an answer: {cause}. {again}")

    def silent(self) -> ModelCrashed:
        """No sign of life came for too long."""
        return self._ended(f"gave no sign of life for {self.limits.silence_s:g} seconds")

    def slow(self) -> ModelCrashed:
        """An answer took too long."""
        return self._ended(f"took longer than {self.limits.request_s:g} seconds for one answer")

    def unloadable(self, path: Path | None, cause: str) -> str:
        """The process ended before the model was loaded."""
        return f"The model '{path}' cannot be loaded: {cause}. {_OTHER_MODEL}"

    def slow_to_load(self, path: Path | None) -> str:
        """Loading took too long."""
        return f"The model '{path}' could not be loaded within {self.limits.load_s:g} seconds. {_OTHER_MODEL}"

    def _busy(self, before: str, seconds: float) -> ModelBusy:
        wait = f"Try again in about {max(1, round(seconds))} seconds."
        return ModelBusy(f"The model '{self.name}' is busy: {before}. {wait}")

    def _ended(self, what: str) -> ModelCrashed:
        return ModelCrashed(f"The model '{self.name}' {what} and was ended. Ask again, or choose a smaller model.")
