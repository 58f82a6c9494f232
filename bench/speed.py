"""How fast the language model that ships answers here, beside the plain llama-cpp-python recipe.

Prompts are those of the assistant: its own wording, with sentences of the articles as facts. Each prompt of a
row has other facts, so that none is in the cache. Each row has a process of its own, and asks one by one.

    first token    seconds from the question to the first piece of the answer, median
    tokens/s       of the answer after its first token, median
    start          seconds from opening the model to the first piece of its first answer
    memory         peak of the resident memory, of all processes of the row together, in MB
    others         share of the machine that other processes used meanwhile; at best 0 %

The plain recipe is `Llama(path of the Q4_1 file)` and `create_chat_completion(stream=True)`. Every setting is
left alone but the context, whose default of 512 tokens does not hold the prompt, and the temperature, here 0.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from assistant.models.language_model import open_model
from assistant.models.weights import fast_weights, shipped_weights
from assistant.settings import SHIPPED_LIBRARY, Settings
from index.articles import load_library
from prompts import fill_in

ROWS = (("assistant", 250), ("assistant", 630), ("plain recipe", 630))  # what answers, tokens of its prompts
QUESTION = "What do these facts tell? Write a long summary with every name and date."
CONTEXT_TOKENS = 2048
ANSWER_TOKENS = 64
MIN_PIECES_TO_TIME = 8  # a shorter answer says nothing about the speed of writing

Messages = list[dict[str, str]]
Ask = Callable[[Messages], Iterable[str]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: python bench/speed.py --runs 5",
    )
    parser.add_argument("--runs", type=int, default=5, help="answers measured for each row (5)")
    parser.add_argument("--articles", type=Path, default=SHIPPED_LIBRARY, help="folder of articles to ask about")
    parser.add_argument("--row", action="store_true", help=argparse.SUPPRESS)  # measures what standard input says
    arguments = parser.parse_args()
    if arguments.row:
        print(json.dumps(measure(**json.load(sys.stdin))))
        return
    texts = [s.text for article in load_library([arguments.articles]).articles for s in article.sentences]
    with tempfile.TemporaryDirectory() as home:
        fast_weights(shipped_weights(), Settings.load(home=home).models_folder)  # made once, so not measured
        measured = []
        for what, length in ROWS:
            prompts, tokens = make_prompts(texts, length, arguments.runs + 1)
            order = json.dumps({"what": what, "home": home, "prompts": prompts})
            ran = subprocess.run(
                [sys.executable, __file__, "--row"],
                input=order,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            measured.append({"what": what, "prompt": tokens, **json.loads(ran.stdout)})
    Console().print(as_table(measured))


def make_prompts(texts: list[str], length: int, count: int) -> tuple[list[Messages], int]:
    """`count` prompts of at most `length` tokens, each with other facts, and the median of their lengths."""
    from llama_cpp import Llama

    tokenizer = Llama(str(shipped_weights()), verbose=False)
    unused = cycle(texts)

    def tokens_of(messages: Messages) -> int:
        return len(tokenizer.tokenize("\n".join(message["content"] for message in messages).encode()))

    def make() -> Messages:
        facts = [next(unused)]
        while True:
            longer = [*facts, next(unused)]
            if tokens_of(fill_in("answer", {"question": QUESTION, "facts": longer})) > length:
                return fill_in("answer", {"question": QUESTION, "facts": facts})
            facts = longer

    prompts = [make() for _ in range(count)]
    return prompts, round(statistics.median(map(tokens_of, prompts)))


def measure(what: str, home: str, prompts: list[Messages]) -> dict[str, float]:
    """The figures of one row; the first prompt loads the model, the others are measured."""
    others_at_first = others_s()
    began = time.perf_counter()
    ask = ask_assistant(home) if what == "assistant" else ask_plain()
    first, _ = timed(ask(prompts[0]))
    start = first - began
    firsts, rates = [], []
    for prompt in prompts[1:]:
        asked = time.perf_counter()
        first, rate = timed(ask(prompt))
        firsts.append(first - asked)
        rates += [] if rate is None else [rate]
    lasted_s = time.perf_counter() - began
    return {
        "first": statistics.median(firsts),
        "rate": statistics.median(rates),
        "start": start,
        "memory": sum(map(peak_bytes, own_processes())) / 1e6,
        "others": max(0.0, others_s() - others_at_first) / lasted_s / (psutil.cpu_count() or 1),
    }


def timed(pieces: Iterable[str]) -> tuple[float, float | None]:
    """When the first piece came, and pieces a second after it; None for an answer too short to tell."""
    times = [time.perf_counter() for piece in pieces if piece]
    rate = (len(times) - 1) / (times[-1] - times[0]) if len(times) >= MIN_PIECES_TO_TIME else None
    return times[0], rate


def ask_assistant(home: str) -> Ask:
    """The model as the assistant uses it."""
    model = open_model(Settings.load(home=home, context_tokens=CONTEXT_TOKENS))
    return lambda messages: model.stream(messages, max_tokens=ANSWER_TOKENS)


def ask_plain() -> Ask:
    """The model as the documentation of llama-cpp-python shows it."""
    from llama_cpp import Llama

    llama: Any = Llama(str(shipped_weights()), n_ctx=CONTEXT_TOKENS, verbose=False)

    def ask(messages: Messages) -> Iterator[str]:
        for chunk in llama.create_chat_completion(messages, stream=True, max_tokens=ANSWER_TOKENS, temperature=0.0):
            yield chunk["choices"][0]["delta"].get("content", "")

    return ask


def own_processes() -> list[psutil.Process]:
    me = psutil.Process()
    return [me, *me.children()]


def others_s() -> float:
    """Processor seconds that others have used since the machine started, all cores together."""
    everybody = psutil.cpu_times()
    ours = [process.cpu_times() for process in own_processes()]
    return everybody.user + everybody.nice + everybody.system - sum(times.user + times.system for times in ours)


def peak_bytes(process: psutil.Process) -> int:
    """The most resident memory the process has had; what it has now, where the system does not tell."""
    status = Path("/proc", str(process.pid), "status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return int(process.memory_info().rss)


def as_table(rows: list[dict[str, Any]]) -> Table:
    table = Table("", "prompt", "first token", "tokens/s", "start", "memory", "others")
    for row in rows:
        table.add_row(
            row["what"],
            f"{row['prompt']} tokens",
            f"{row['first']:.2f} s",
            f"{row['rate']:.0f}",
            f"{row['start']:.1f} s",
            f"{row['memory']:.0f} MB",
            f"{row['others']:.0%}",
        )
    return table


if __name__ == "__main__":
    main()
