"""How fast the assistant begins to answer and writes, beside the plain recipe and llama.cpp itself, all in one run.

Real questions go through each side's own search (speed_prompts.py); then each side gets its prompts in a process of
its own (speed_sides.py), the sides in turn, question by question. Figures are medians, ratios medians of pairs.

    first token, from the prompt      reading the prompt, and the first piece of the answer
    first token, from the question    and before it search, choice of the sentences, and the prompt
    follow-up, same passages          the prompt of a question, with the words of the next question. llama-cpp-python,
                                      too, keeps what two prompts begin with: so it is set beside the plain recipe's
                                      follow-up and beside its first question
    equal prompts                     the assistant's model reads the plain recipe's prompts
    tokens/s                          of the answer after its first token; llama.cpp itself with one thread and with all
    start                             from starting the process to the first piece of its first answer
    memory                            peak of the resident memory, of all processes of the side together
    alliances ask                     the whole command, from nothing to its end
    others                            share of the machine that other processes used meanwhile; at best 0 %

`--model FILE` measures another model on all sides; the file of bench/synthetic_model.py has the shape of Llama 3.2 1B.
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
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from measuring import Messages, others_s
from rich.console import Console
from rich.table import Table
from speed_sides import ASSISTANT, BARE, PLAIN, SHIPPED, Child

from assistant.models.machine import usable_cores
from assistant.models.weights import fast_weights, shipped_weights
from assistant.settings import Settings

BENCH = Path(__file__).resolve().parent
ALLIANCES = [sys.executable, "-c", "from assistant.cli import main; main()"]
EXACT_QUESTION = "Who founded the AI Alliance?"
COLD_STARTS = 3
MAX_OTHERS_PERCENT = 5  # a busy core slows each side several times over, and not all alike

progress = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(slots=True)
class Figures:
    """What was measured: values by what and by whom; the values of two sides at one place belong together."""

    values: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, what: str, side: str, value: float | None) -> None:
        """Add a value; None is that of an answer too short to time."""
        if value is not None:
            self.values[what, side].append(value)

    def median(self, what: str, side: str) -> float | None:
        """The median, None where there is no value."""
        values = self.values.get((what, side))
        return statistics.median(values) if values else None

    def times_slower(self, plain: str, ours: str) -> float:
        """The median of the ratios of pairs: the recipe's `plain` by our `ours`."""
        pairs = zip(self.values[plain, PLAIN], self.values[ours, ASSISTANT], strict=True)
        return statistics.median(theirs / mine for theirs, mine in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: python bench/speed.py --questions 8 --repeats 2",
    )
    parser.add_argument("--questions", type=int, help="questions asked (8; of another model, 3)")
    parser.add_argument("--repeats", type=int, help="times each is asked (2; of another model, 1)")
    parser.add_argument("--model", default=SHIPPED, help="a .gguf file (the model that ships)")
    arguments = parser.parse_args()
    questions, repeats = (8, 2) if arguments.model == SHIPPED else (3, 1)  # a minute a question for one of 1B
    arguments.questions = questions if arguments.questions is None else arguments.questions
    arguments.repeats = repeats if arguments.repeats is None else arguments.repeats
    if arguments.questions < 2 or arguments.repeats < 1:
        parser.error("--questions must be at least 2, --repeats at least 1")
    for name in [name for name in os.environ if name.startswith("ALLIANCES_")]:
        del os.environ[name]  # the defaults are measured, whatever is set here
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fast_weights(shipped_weights(), Settings.load(home=home).models_folder)  # made once, so not measured
        progress.print("Searching")
        asked = write_prompts(arguments.questions, home)
        others_at_first, began = others_s(), time.perf_counter()
        measure(asked, arguments.repeats, arguments.model, home, figures)
        if arguments.model == SHIPPED:
            measure_command(asked[0]["question"], home, figures)
        lasted_s = time.perf_counter() - began
        others = 100 * max(0.0, others_s() - others_at_first) / lasted_s / (psutil.cpu_count() or 1)
    report(figures, others)


def write_prompts(count: int, home: Path) -> list[dict[str, Any]]:
    """What each side sends for each question, and how long it took to know."""
    command = [sys.executable, str(BENCH / "speed_prompts.py"), str(count), str(home)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    asked: list[dict[str, Any]] = json.loads(ran.stdout)
    return asked


def measure(asked: Sequence[dict[str, Any]], repeats: int, model: str, home: Path, figures: Figures) -> None:
    """Let all sides answer in turn."""
    first = {side: asked[-1][side]["messages"] for side in (ASSISTANT, PLAIN)}
    children = [start(side, model, home, {"messages": first[side]}, figures) for side in (ASSISTANT, PLAIN)]
    for threads in sorted({1, usable_cores()}):
        side = f"{BARE}, {threads} thread{'s' * (threads > 1)}"
        children.append(start(side, model, home, {"tokens": tokens_of(first[ASSISTANT])}, figures))
    for repeat in range(repeats):
        for number, item in enumerate(asked):
            progress.print(f"Repeat {repeat + 1}/{repeats}, question {number + 1}/{len(asked)}")
            following = asked[(number + 1) % len(asked)]
            for child in children:
                ask_in_turn(child, item, following, figures)
    for item in asked:
        figures.note("equal", ASSISTANT, children[0].ask({"messages": item[PLAIN]["messages"]})["first"])
        figures.note("equal", PLAIN, children[1].ask({"messages": item[PLAIN]["messages"]})["first"])
    for child in children:
        figures.note("memory", child.side, child.end() / 1e6)


def start(side: str, model: str, home: Path, order: dict[str, Any], figures: Figures) -> Child:
    """A side that has answered once."""
    began = time.time()
    child = Child(side, model, home)
    at = child.ask(order)["at"]
    assert at is not None
    figures.note("start", side, at - began)
    return child


def ask_in_turn(child: Child, item: dict[str, Any], following: dict[str, Any], figures: Figures) -> None:
    """One question, and where the side has prompts of its own, a follow-up on the same passages."""
    side = child.side
    if side not in (ASSISTANT, PLAIN):
        said = child.ask({"tokens": tokens_of(item[ASSISTANT]["messages"])})
        figures.note("rate", side, said["rate"])
        return
    messages, ready = item[side]["messages"], item[side]["ready"]
    said = child.ask({"messages": messages})
    figures.note("prompt", side, tokens_of(messages))
    figures.note("ready", side, ready)
    figures.note("first", side, said["first"])
    figures.note("from question", side, ready + (said["first"] or 0.0))
    figures.note("rate", side, said["rate"])
    said = child.ask({"messages": follow_up(messages, following[side]["messages"])})
    figures.note("follow-up", side, said["first"])
    figures.note("follow-up from question", side, ready + (said["first"] or 0.0))


def follow_up(messages: Messages, following: Messages) -> Messages:
    """The same passages with the question of another prompt; it stands in the last line of either, and maybe before."""
    last, other = (prompt[-1]["content"].rpartition("\n")[2] for prompt in (messages, following))
    in_common = len(os.path.commonprefix([last, other]))
    content = messages[-1]["content"].replace(last[in_common:], other[in_common:])
    return [*messages[:-1], {"role": "user", "content": content}]


def measure_command(question: str, home: Path, figures: Figures) -> None:
    """The command from nothing to its end, for a question that needs the model and for one that does not."""
    environment = {**os.environ, "ALLIANCES_HOME": str(home)}
    for _ in range(COLD_STARTS):
        for what, asked in (("ask, drafted", question), ("ask, exact", EXACT_QUESTION)):
            began = time.perf_counter()
            subprocess.run([*ALLIANCES, "ask", asked], env=environment, stdout=subprocess.DEVNULL, check=True)
            figures.note(what, ASSISTANT, time.perf_counter() - began)


@cache
def tokenizer() -> Any:
    from llama_cpp import Llama

    return Llama(str(shipped_weights()), verbose=False)


def tokens_of(messages: Iterable[dict[str, str]]) -> int:
    """How many tokens a prompt has; the chat template adds some more."""
    return len(tokenizer().tokenize("\n".join(message["content"] for message in messages).encode()))


def report(figures: Figures, others: float) -> None:
    """Print the tables."""
    console = Console()
    console.print(reading_table(figures))
    console.print(writing_table(figures))
    for what in ("ask, drafted", "ask, exact"):
        if (took := figures.median(what, ASSISTANT)) is not None:
            console.print(f"alliances {what}, from nothing to its end: {took:.1f} s")
    note = ". Preliminary: measure again when it is idle." if others > MAX_OTHERS_PERCENT else ""
    console.print(f"machine used by others: {others:.0f} %{note}")


def reading_table(figures: Figures) -> Table:
    """What comes before the first token."""
    table = Table("median", ASSISTANT, PLAIN, "better by")
    for title, what, beside in (
        ("prompt of a question, tokens", "prompt", None),
        ("question to prompt, s", "ready", "ready"),
        ("first token, from the prompt, s", "first", "first"),
        ("first token, from the question, s", "from question", "from question"),
        ("follow-up, same passages: first token, from the prompt, s", "follow-up", "follow-up"),
        ("  beside the recipe's first question", "follow-up", "first"),
        ("follow-up, same passages: first token, from the question, s", "follow-up from question", None),
        ("  beside the recipe's first question", "follow-up from question", "from question"),
        ("equal prompts: first token, s", "equal", "equal"),
    ):
        shown = (figures.median(what, ASSISTANT), figures.median(what if title[0] != " " else beside or what, PLAIN))
        digits = 0 if what == "prompt" else 3
        gain = f"{figures.times_slower(beside, what):.1f} x" if beside else ""
        table.add_row(title, *("-" if value is None else f"{value:,.{digits}f}" for value in shown), gain)
    return table


def writing_table(figures: Figures) -> Table:
    """What comes after the first token, and what it costs."""
    table = Table("median", "tokens/s", "start, s", "memory, MB")
    for side in dict.fromkeys(side for what, side in figures.values if what == "rate"):
        rate, began, memory = (figures.median(what, side) for what in ("rate", "start", "memory"))
        table.add_row(side, *("-" if v is None else f"{v:,.{d}f}" for v, d in ((rate, 0), (began, 1), (memory, 0))))
    return table


if __name__ == "__main__":
    main()
