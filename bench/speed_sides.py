"""The sides of bench/speed.py, each in a process of its own that loads a model and answers what it is sent.

    assistant               the model as the assistant uses it, in its child process, on the copy made of what ships
    plain recipe            `Llama(path)` and `create_chat_completion(stream=True)`, as llama-cpp-python's README has it
    llama.cpp, 2 threads    nothing but `llama_decode` and the greedy sampler, on the file that the assistant uses

The plain recipe's settings are left alone but the context, whose default of 512 tokens does not hold the prompt, and
the temperature, here 0. llama.cpp itself is sent the number of tokens of a prompt instead of the prompt.

    python bench/speed_sides.py SIDE MODEL HOME     a JSON object a line: {"messages": [...]} or {"tokens": 500}

Each is answered with {"first", "at", "rate"}: seconds to the first piece, its time of day, and pieces a second after
it; the end of the input with {"memory"}, the peak of the resident memory of all processes of the side, in bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from measuring import own_processes, peak_bytes, share_priority, timed
from recipe import CONTEXT_TOKENS

from assistant.models.language_model import open_model
from assistant.models.weights import fast_weights, shipped_weights
from assistant.settings import Settings

ASSISTANT, PLAIN, BARE = "assistant", "plain recipe", "llama.cpp"
SHIPPED = "smollm2"
ANSWER_TOKENS = 64

Order = dict[str, Any]
Ask = Callable[[Order], Iterable[str]]


def assistant_side(model: str, home: Path) -> Ask:
    """The model as the assistant uses it."""
    opened = open_model(Settings.load(home=home, model=model, context_tokens=CONTEXT_TOKENS))
    return lambda order: opened.stream(order["messages"], max_tokens=ANSWER_TOKENS)


def plain_side(model: str, _: Path) -> Ask:
    """The model as the documentation of llama-cpp-python shows it."""
    from llama_cpp import Llama

    path = str(shipped_weights()) if model == SHIPPED else model
    llama: Any = Llama(path, n_ctx=CONTEXT_TOKENS, verbose=False)

    def ask(order: Order) -> Iterator[str]:
        answer = llama.create_chat_completion(order["messages"], stream=True, max_tokens=ANSWER_TOKENS, temperature=0.0)
        for chunk in answer:
            yield chunk["choices"][0]["delta"].get("content", "")

    return ask


def bare_side(model: str, home: Path, threads: int) -> Ask:
    """llama.cpp itself, on the file that the assistant uses."""
    import llama_cpp

    path = fast_weights(shipped_weights(), Settings.load(home=home).models_folder) if model == SHIPPED else Path(model)
    loaded = llama_cpp.Llama(
        str(path), n_ctx=CONTEXT_TOKENS, n_threads=threads, n_threads_batch=threads, flash_attn=True, verbose=False
    )
    sampler = llama_cpp.llama_sampler_init_greedy()

    def decode(tokens: list[int]) -> int:
        context = loaded.ctx  # not taken out once: `loaded` frees it when nobody holds it
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        if llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(array, len(tokens))):
            raise RuntimeError("llama_decode failed")
        return int(llama_cpp.llama_sampler_sample(sampler, context, -1))

    def ask(order: Order) -> Iterator[str]:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(loaded.ctx), True)
        prompt = [1000 + number for number in range(order["tokens"])]  # any text costs the same
        for start in range(0, len(prompt), loaded.n_batch):
            token = decode(prompt[start : start + loaded.n_batch])
        for _ in range(ANSWER_TOKENS):
            yield "."
            token = decode([token])

    return ask


class Child:
    """The parent's end of a side."""

    def __init__(self, side: str, model: str, home: Path) -> None:
        """Start the process; it loads the model at once, except the assistant's, which loads it when first asked."""
        self.side = side
        command = [sys.executable, __file__, side, model, str(home)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, order: Order) -> dict[str, float | None]:
        """Let it answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._said()

    def end(self) -> float:
        """End it; returns the peak of its memory, in bytes."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        memory = self._said()["memory"]
        self._process.wait()
        return memory or 0.0

    def _said(self) -> dict[str, float | None]:
        assert self._process.stdout is not None
        said: dict[str, float | None] = json.loads(self._process.stdout.readline())
        return said


def main(side: str, model: str, home: Path) -> None:
    """Answer until the input ends."""
    if side == ASSISTANT:
        ask = assistant_side(model, home)
    elif side == PLAIN:
        ask = plain_side(model, home)
    else:
        ask = bare_side(model, home, threads=int(side.removeprefix(f"{BARE}, ").split()[0]))
    for line in sys.stdin:
        asked = time.perf_counter()
        first, rate = timed(ask(json.loads(line)))
        at = time.time() - (time.perf_counter() - first)
        print(json.dumps({"first": first - asked, "at": at, "rate": rate}), flush=True)
        share_priority()
    print(json.dumps({"memory": sum(map(peak_bytes, own_processes()))}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
