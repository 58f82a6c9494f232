"""What the assistant and the plain recipe send to the model for the same questions, each with its own search.

`python bench/speed_prompts.py COUNT HOME` builds the index in HOME and prints the prompts as JSON, for bench/speed.py.
Questions are the first of FILE for which the assistant lets its model write from three or more sentences; one fact it
quotes, and lists it takes from its catalogue. Both sides run in one process and in turn, with their embedding models
loaded. `ready` is the time from the question to its prompt.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml
from compare import article_texts
from measuring import Messages
from recipe import Recipe, write_prompt

from assistant import Assistant, Settings
from assistant.models.language_model import Message, TextStream
from index.build import open_index, rebuild
from index.vectors.embed import MiniLM
from index.vectors.remembered import RememberingEmbedder

FILE = Path(__file__).resolve().parent.parent / "tests" / "questions" / "exam_tuning_2.yaml"
MIN_FACTS = 3
WARM_UP = "What is the AI Alliance for?"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question as one side sends it to the model; `ready` in seconds."""

    messages: Messages
    ready: float


class Listener:
    """In the model's place: notes what it is asked and when, and writes nothing."""

    name = "listener"

    def __init__(self) -> None:
        self.asked: list[tuple[Messages, float]] = []

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, seed: int = 0, asker: object = None
    ) -> TextStream:
        """Note the question."""
        self.asked.append(([dict(message) for message in messages], time.perf_counter()))
        nothing: Iterator[str] = iter(())
        return (piece for piece in nothing)

    def start(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """There is nothing to end."""


class Ours:
    """The assistant up to its prompt, its settings at their defaults."""

    def __init__(self, home: Path) -> None:
        settings = Settings.load(home=home)
        embedder = MiniLM()
        rebuild(settings.libraries, settings.index_folder, embedder)
        index = open_index(settings.index_folder, embedder)
        self._model = Listener()
        self._assistant = Assistant(index, RememberingEmbedder(embedder), self._model, settings)

    def prepare(self, question: str) -> Prepared | None:
        """None when the answer is found without the model."""
        self._model.asked.clear()
        began = time.perf_counter()
        self._assistant.ask(question)
        if not self._model.asked:
            return None
        messages, asked = self._model.asked[0]
        return Prepared(messages, asked - began)


def plain(recipe: Recipe, question: str) -> Prepared:
    """The recipe up to its prompt."""
    began = time.perf_counter()
    messages = write_prompt(question, recipe.search(question))
    return Prepared(messages, time.perf_counter() - began)


def main() -> None:
    count, home = int(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        ours, recipe = Ours(home), Recipe(Path(folder))
        recipe.build(article_texts())
        ours.prepare(WARM_UP)
        plain(recipe, WARM_UP)
        found = []
        for item in yaml.safe_load(FILE.read_text(encoding="utf-8")):
            prepared = ours.prepare(item["ask"]) if "ask" in item else None
            if prepared and facts_in(prepared.messages) >= MIN_FACTS:
                sides = {"assistant": prepared, "plain recipe": plain(recipe, item["ask"])}
                found.append({"question": item["ask"], **{name: asdict(side) for name, side in sides.items()}})
            if len(found) == count:
                break
    print(json.dumps(found))


def facts_in(messages: Messages) -> int:
    return sum(line.startswith("- ") for line in messages[-1]["content"].splitlines())


if __name__ == "__main__":
    main()
