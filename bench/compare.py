"""The assistant beside the plain recipe: same articles, same models, one table.

The recipe is what LangChain tutorials teach; bench/recipe.py writes it with the libraries under LangChain, which
is only a layer over the same calls, and tells its settings. It is spared the articles' front matter, as the
assistant does not embed that either.

Each side has a child process of its own. The child builds its index from nothing, with the embedding model
loaded before, answers one question to warm up, then the questions that are measured; `--repeats` runs the sides
in turn. The questions are the first of tests/questions/first.yaml for which the assistant needs its model: what
its catalogue answers exactly takes milliseconds, and would hide what is measured here.

The recipe shows each token as it comes, the assistant each sentence once it is checked: compare the first
sentences, not the assistant's first token, which nobody sees. The last row says how much of the machine other
processes used meanwhile: with more than a few per cent, the figures are no measure of either side.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Hashable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import psutil
import yaml
from measuring import MIN_PIECES_TO_TIME, others_s, own_processes, peak_bytes
from recipe import TOP_K, Recipe, write_prompt
from rich.console import Console
from rich.table import Table

from assistant import Assistant, Delta, Finished, Settings
from assistant.models.language_model import LanguageModel, Message, TextStream, open_model
from assistant.models.weights import shipped_weights
from assistant.open.drafting import finished_sentences
from assistant.settings import SHIPPED_LIBRARY
from index.articles import article_files, split_front_matter
from index.build import open_index, rebuild
from index.vectors.embed import MiniLM
from index.vectors.remembered import RememberingEmbedder

QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "questions" / "first.yaml"
WARM_UP = "What is the AI Alliance for?"
MAX_OTHERS_PERCENT = 5  # a busy core slows either side several times over, and not both alike

# Title, figure, digits, and what is better: -1 less, 1 more, 0 neither.
ROWS = (
    ("passages in the index", "passages", 0, 0),
    ("build from nothing, passages/s", "passages_per_s", 1, 1),
    ("build from nothing, whole library, s", "build", 2, -1),
    (f"search, best {TOP_K} passages, ms", "search_ms", 1, -1),
    ("question to prompt, ms", "ready_ms", 1, -1),
    ("prompt, tokens", "prompt", 0, -1),
    ("first token, s", "first_token", 2, -1),
    ("first sentence (ours: checked), s", "first_sentence", 2, -1),
    ("  same, by the answer's timings, s", "own_clock", 2, 0),
    ("whole answer, s", "whole", 2, -1),
    ("text written, tokens", "pieces", 0, 0),
    ("decode (ours: with checks), tokens/s", "rate", 0, 1),
    ("peak memory, with model child, MiB", "memory", 0, -1),
    ("machine used by others, %", "others", 0, 0),
)

Figures = dict[str, list[float]]
progress = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer. Times in seconds since the question; None for what is missing or too short to time."""

    prompt: str
    ready: float  # the prompt is written
    first_token: float | None
    first_sentence: float
    own_clock: float | None  # first_sentence, as the answer's `timings` tell it
    whole: float
    pieces: int
    rate: float | None  # pieces a second after the first


class Side(Protocol):
    """One way from articles to answers."""

    def build(self) -> int:
        """Build the index from nothing; returns the number of passages that a question can find."""

    def search(self, question: str) -> object:
        """Find the best passages."""

    def ask(self, question: str) -> Asked:
        """Search and answer."""


class AssistantSide:
    """The assistant, its settings at their defaults."""

    def __init__(self, home: Path) -> None:
        """Load the embedding model; index and requantised weights will lie in `home`."""
        self._settings = Settings.load(home=home)
        self._embedder = MiniLM()
        self._embedder.embed([WARM_UP])
        self._model = Recorder(open_model(self._settings))
        self._assistant: Assistant

    def build(self) -> int:
        """Build the index, as the first start does."""
        folder = self._settings.index_folder
        report = rebuild(self._settings.libraries, folder, self._embedder)
        index = open_index(folder, self._embedder)
        self._assistant = Assistant(index, RememberingEmbedder(self._embedder), self._model, self._settings)
        return report.counts["passages"]

    def search(self, question: str) -> object:
        """Hybrid search."""
        return self._assistant.search(question, TOP_K)

    def ask(self, question: str) -> Asked:
        """Answer; a sentence counts as shown when it has passed the check."""
        self._model.forget()
        asked, shown = time.perf_counter(), []
        for event in self._assistant.stream(question):
            if isinstance(event, Delta):
                shown.append(time.perf_counter())
            elif isinstance(event, Finished):
                timings = event.answer.timings
        ready, own_clock = timings.get("search", 0.0), timings.get("first_sentence")
        return as_asked(asked, ready, self._model.prompt, self._model.times, shown, own_clock)


class RecipeSide:
    """The plain recipe."""

    def __init__(self, home: Path) -> None:
        """Load the models; Chroma will write into `home`."""
        self._recipe = Recipe(home)
        self._recipe.search(WARM_UP)

    def build(self) -> int:
        """Index the same articles."""
        return self._recipe.build(article_texts())

    def search(self, question: str) -> list[str]:
        """Nearest chunks."""
        return self._recipe.search(question)

    def ask(self, question: str) -> Asked:
        """Answer; a sentence counts as shown when it is finished."""
        asked = time.perf_counter()
        messages = write_prompt(question, self.search(question))
        ready = time.perf_counter() - asked
        times: list[float] = []
        pieces = recorded(self._recipe.stream(messages), times)
        shown = [time.perf_counter() for _ in finished_sentences(pieces)]
        return as_asked(asked, ready, text_of(messages), times, shown)


SIDES: dict[str, Callable[[Path], Side]] = {"assistant": AssistantSide, "plain recipe": RecipeSide}


class Recorder:
    """The assistant's model, noting what it is asked and when each piece of its draft is taken."""

    def __init__(self, model: LanguageModel) -> None:
        self.name = model.name
        self._model = model
        self.forget()

    def forget(self) -> None:
        """Start afresh, for the next question."""
        self.prompt = ""
        self.times: list[float] = []

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, seed: int = 0, asker: Hashable = None
    ) -> TextStream:
        """See `LanguageModel.stream`."""
        self.prompt = text_of(messages)
        return recorded(self._model.stream(messages, max_tokens=max_tokens, seed=seed, asker=asker), self.times)

    def start(self) -> None:
        """See `LanguageModel.start`."""
        self._model.start()

    def close(self) -> None:
        """See `LanguageModel.close`."""
        self._model.close()


def recorded(pieces: Any, times: list[float]) -> Generator[str, None, None]:
    """The pieces as they are; the time of each goes into `times`. Closing it closes `pieces`."""
    with closing(pieces):
        for piece in pieces:
            times.append(time.perf_counter())
            yield piece


def as_asked(
    asked: float, ready: float, prompt: str, times: list[float], shown: list[float], own_clock: float | None = None
) -> Asked:
    """Clock times made seconds since the question; to be called as soon as the answer is whole."""
    whole = time.perf_counter() - asked
    return Asked(
        prompt=prompt,
        ready=ready,
        first_token=times[0] - asked if times else None,
        first_sentence=shown[0] - asked if shown else whole,  # no sentence was finished
        own_clock=own_clock,
        whole=whole,
        pieces=len(times),
        rate=(len(times) - 1) / (times[-1] - times[0]) if len(times) >= MIN_PIECES_TO_TIME else None,
    )


def text_of(messages: Sequence[Message]) -> str:
    return "\n".join(message["content"] for message in messages)


def article_texts() -> list[str]:
    """The articles without their front matter."""
    paths = article_files(SHIPPED_LIBRARY)
    return [split_front_matter(path.read_text(encoding="utf-8"), path)[1] for path in paths]


def choose_questions(count: int) -> dict[str, str]:
    """The first answerable questions for which the assistant needs its model, with the kind of its answer."""
    chosen: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as home, Assistant.open(Settings.load(home=home)) as assistant:
        for item in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8")):
            if len(chosen) < count and not item.get("abstain") and not item.get("says_no"):
                kind = assistant.ask(item["ask"]).kind
                chosen |= {item["ask"]: kind} if kind in ("open", "quote") else {}
    return chosen


def measure(name: str, questions: list[str]) -> dict[str, Any]:
    """The figures of one side, in this process."""
    with tempfile.TemporaryDirectory() as home:
        others_at_first, started = others_s(), time.perf_counter()
        side = SIDES[name](Path(home))
        began = time.perf_counter()
        passages = side.build()
        build_s = time.perf_counter() - began
        progress.print(f"  {name}: built from {passages} passages in {build_s:.1f} s")
        side.ask(WARM_UP)
        searched, asked = [], []
        for number, question in enumerate(questions, 1):
            began = time.perf_counter()
            side.search(question)
            searched.append(time.perf_counter() - began)
            asked.append(asdict(side.ask(question)))
            progress.print(f"  {name}: {number}/{len(questions)} in {asked[-1]['whole']:.1f} s: {question}")
        lasted_s = time.perf_counter() - started
        others = max(0.0, others_s() - others_at_first) / lasted_s / (psutil.cpu_count() or 1)
        memory = sum(map(peak_bytes, own_processes())) / 2**20
    return {
        "passages": passages,
        "build": build_s,
        "search": searched,
        "asked": asked,
        "memory": memory,
        "others": others,
    }


def run_child(name: str, questions: list[str]) -> dict[str, Any]:
    """`measure` in a process of its own."""
    order = json.dumps({"name": name, "questions": questions})
    command = [sys.executable, __file__, "--side"]
    ran = subprocess.run(command, input=order, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(ran.stdout)
    return figures


def figures_of(runs: list[dict[str, Any]], count_tokens: Callable[[str], int]) -> Figures:
    """Every value of every figure of one side, to take medians of."""
    asked = [item for run in runs for item in run["asked"]]

    def each(key: str) -> list[float]:
        return [item[key] for item in asked if item[key] is not None]

    return {
        **{key: [run[key] for run in runs] for key in ("passages", "build", "memory")},
        **{key: each(key) for key in ("first_token", "first_sentence", "own_clock", "whole", "pieces", "rate")},
        "passages_per_s": [run["passages"] / run["build"] for run in runs],
        "search_ms": [1000 * seconds for run in runs for seconds in run["search"]],
        "ready_ms": [1000 * seconds for seconds in each("ready")],
        "prompt": [count_tokens(item["prompt"]) for item in asked if item["prompt"]],
        "others": [100 * run["others"] for run in runs],
    }


def as_table(ours: Figures, recipe: Figures) -> Table:
    """Medians side by side; the last column says how many times better the assistant is."""
    table = Table("median", *SIDES, "better by")
    for column in table.columns[1:]:
        column.justify = "right"
    for title, key, digits, better in ROWS:
        mine, plain = (statistics.median(side[key]) if side[key] else None for side in (ours, recipe))
        shown = ("-" if value is None else f"{value:,.{digits}f}" for value in (mine, plain))
        gain = f"{(mine / plain) ** better:.1f} x" if better and mine and plain else ""
        table.add_row(title, *shown, gain)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: python bench/compare.py --repeats 5 --questions 8",
    )
    parser.add_argument("--repeats", type=int, default=3, help="times each side builds and answers (3)")
    parser.add_argument("--questions", type=int, default=8, help="questions asked each time (8)")
    parser.add_argument("--side", action="store_true", help=argparse.SUPPRESS)  # measures what standard input says
    arguments = parser.parse_args()
    if arguments.side:
        print(json.dumps(measure(**json.load(sys.stdin))))
        return
    if min(arguments.repeats, arguments.questions) < 1:
        parser.error("--repeats and --questions must be at least 1")
    for name in [name for name in os.environ if name.startswith("ALLIANCES_")]:
        del os.environ[name]  # the defaults are measured, whatever is set here
    progress.print("Choosing questions")
    questions = choose_questions(arguments.questions)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in SIDES}
    for repeat in range(1, arguments.repeats + 1):
        for name in SIDES:
            progress.print(f"Repeat {repeat}/{arguments.repeats}, {name}")
            runs[name].append(run_child(name, list(questions)))
    report([runs[name] for name in SIDES], Counter(questions.values()), arguments.repeats)


def report(runs: list[list[dict[str, Any]]], kinds: Counter[str], repeats: int) -> None:
    """Print the table, and what it was measured on."""
    from llama_cpp import Llama

    tokenizer: Any = Llama(str(shipped_weights()), verbose=False)
    figures = [figures_of(side, lambda text: len(tokenizer.tokenize(text.encode()))) for side in runs]
    texts = article_texts()
    console = Console()
    console.print(as_table(*figures))
    console.print(f"{len(texts)} articles, {sum(map(len, texts)):,} characters; {kinds.total()} questions")
    console.print(
        f"(the assistant answered {kinds['open']} in its own words, {kinds['quote']} by quoting), asked {repeats} x."
    )
    others = max(statistics.median(side["others"]) for side in figures)
    if others > MAX_OTHERS_PERCENT:
        console.print(f"Preliminary: others used {others:.0f} % of the machine. Measure again when it is idle.")


if __name__ == "__main__":
    main()
