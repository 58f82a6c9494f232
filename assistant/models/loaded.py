"""The loaded model, inside its own process: messages -> prompt -> tokens -> pieces of text.

1. control tokens are taken out of the messages, so that no document can end its own turn and begin another;
2. the model's own chat template makes them a prompt (`assistant.models.template`);
3. it is read in chunks with fixed bounds; those shared with the prompt before are still in the context;
4. the likeliest token is taken each time (temperature 0).

Fixed bounds, because llama.cpp rounds differently when it computes the same tokens in batches of another size, and
sometimes a word hangs on that. So the same question has the same answer, whatever was asked before it. On the CPU flash
attention is left out for the same reason: from 256 tokens on it sums in as many parts as there are threads, and how
many write changes (`assistant.models.writing_threads`). With layers on a GPU it is used, and that number stays.

llama.cpp is imported in the child process only, so that whatever it does costs one process and one answer.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice, pairwise, takewhile
from pathlib import Path
from typing import Any

from assistant.models.devices import gpus
from assistant.models.file import look_at
from assistant.models.fit import choose_gpu_layers
from assistant.models.machine import usable_cores, usable_memory_bytes
from assistant.models.needs import CHUNK_TOKENS, context_within
from assistant.models.template import RefusedByTemplate, chat_format
from assistant.models.text import CONTROL_TEXTS, without_control
from assistant.models.writing_threads import WritingThreads, choices_for

Send = Callable[[Mapping[str, Any]], None]

_FIRST_CHUNK_TOKENS = 32  # about the system text, which all prompts share
_ALIVE_EVERY_S = 5.0
# Even rows of blanks and rare long words stay below; longer texts are refused before the tokenizer sees them.
_MAX_CHARS_PER_TOKEN = 32
_PIECE_MAX_BYTES = 512

_MIN_CONTROL_CHARS = 3  # shorter ones would be ordinary characters


class Refused(Exception):
    """The request cannot be answered as it is; its text is fit to be shown."""


class Cancellation:
    """Which request is to be given up. Set by the thread that reads, looked at by the one that computes."""

    def __init__(self) -> None:
        self.request_id = -1  # as ids rise and requests come one at a time, the latest is enough


class LoadedModel:
    """A model that llama.cpp has loaded. For one thread; only `Cancellation` may be set by another."""

    def __init__(self, config: Mapping[str, Any], send: Send, cancellation: Cancellation) -> None:
        """Load the model.

        Args:
            config: `path`, `context_tokens`, `threads` (None: every core it may use to read, and all or one less to
                write) and `gpu_layers` (-1: as many as the graphics memory takes).
            send: Takes what is to be told, as `assistant.models.process` describes it.
            cancellation: Looked at before each token, and between two steps of computing one.

        Raises:
            MemoryError: It would not fit; told before it is loaded.
            Exception: Of nearly any kind, as the file may hold nearly anything.
        """
        import llama_cpp

        file = look_at(Path(config["path"]))
        context_tokens = context_within(file, config["context_tokens"])
        gpu_layers = choose_gpu_layers(
            file, context_tokens, config["gpu_layers"], free_bytes=usable_memory_bytes(), gpus=gpus()
        )
        cores = usable_cores()
        self._reading_threads = config["threads"] or cores
        choices = [config["threads"]] if config["threads"] else choices_for(cores)
        self._writing_threads = WritingThreads(choices[:1] if gpu_layers else choices)
        self._library = llama_cpp
        self._llama = _without_templates(llama_cpp.Llama)(
            config["path"],
            n_ctx=context_tokens,
            n_batch=CHUNK_TOKENS,
            n_ubatch=CHUNK_TOKENS,
            n_threads=self._writing_threads.count,
            n_threads_batch=self._reading_threads,
            n_gpu_layers=gpu_layers,
            flash_attn=gpu_layers > 0,  # see above
            verbose=False,
        )
        self._model = self._llama._model
        self._context_tokens = context_tokens
        control_texts = self._control_texts()
        self._control = _control_pattern(control_texts)
        self._chat_format = chat_format(
            file.header.text("tokenizer.chat_template"),
            control_texts,
            bos=self._text_of(self._llama.token_bos()),
            eos=self._text_of(self._llama.token_eos()),
        )
        self._read_chunks: list[list[int]] = []  # the whole chunks that the context begins with
        self._send = send
        self._cancellation = cancellation
        self._request_id = 0
        self._sent_at = time.monotonic()
        # llama.cpp calls it from within llama_decode and holds no reference to it.
        self._abort_callback = llama_cpp.ggml_abort_callback(self._between_steps)
        llama_cpp.llama_set_abort_callback(self._llama._ctx.ctx, self._abort_callback, None)

    def answer(self, request_id: int, messages: Sequence[Mapping[str, str]], *, max_tokens: int, seed: int) -> None:
        """Send the answer piece by piece; cancelled, return early.

        Raises:
            Refused: The prompt does not fit the context, or the model's chat template does not accept it.
        """
        self._request_id = request_id
        self._tell({"alive": True})
        prompt = self._prompt(messages)
        limit = min(max_tokens, self._context_tokens - len(prompt))
        self._llama.set_seed(seed)
        # No penalty on repetition: of 80 answers from a paragraph, 34 held the right words without one, 31
        # with 1.05 and 28 with 1.1. Names and dates have to be repeated.
        utf8 = codecs.getincrementaldecoder("utf-8")("replace")  # a character may take several tokens
        try:
            self._read(prompt)
            with contextlib.closing(self._llama.generate(prompt, temp=0.0)) as tokens:
                for count, token in enumerate(self._at_best_pace(tokens), 1):
                    if self._cancelled or self._library.llama_vocab_is_eog(self._model.vocab, token):
                        return
                    if piece := utf8.decode(self._bytes_of(token)):
                        self._tell({"piece": piece})
                    if count == limit:
                        return
        except RuntimeError:  # "llama_decode returned 2", because the abort callback asked for it
            if not self._cancelled:
                raise

    def _read(self, prompt: Sequence[int]) -> None:
        """Bring the prompt, and nothing else, into the context."""
        chunks = _chunks(prompt)
        # The last chunk is always read, as the first token of the answer is drawn from what comes out.
        pairs = zip(self._read_chunks, chunks[:-1], strict=False)
        known = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
        kept_tokens = sum(map(len, chunks[:known]))
        # Recurrent models cannot forget a part only.
        if not (kept_tokens and self._llama._ctx.kv_cache_seq_rm(0, kept_tokens, -1)):
            known, kept_tokens = 0, 0
            self._llama.reset()
        self._llama.n_tokens = kept_tokens
        self._read_chunks = chunks[:known]
        for chunk in chunks[known:]:
            self._llama.eval(chunk)
            self._read_chunks.append(chunk)

    def _at_best_pace(self, tokens: Iterator[int]) -> Iterator[int]:
        """The tokens, each computed with the number of threads that is the fastest lately."""
        yield from islice(tokens, 1)  # comes out of the prompt: nothing is computed for it
        while True:
            self._llama._ctx.set_n_threads(self._writing_threads.count, self._reading_threads)
            began = time.perf_counter()
            token = next(tokens, None)
            if token is None:
                return
            self._writing_threads.took(time.perf_counter() - began)
            yield token

    @property
    def _cancelled(self) -> bool:
        return self._cancellation.request_id == self._request_id

    def _between_steps(self, _: int | None) -> bool:
        """Tell llama.cpp whether to stop, and now and then the parent that work on a long prompt goes on."""
        if time.monotonic() - self._sent_at > _ALIVE_EVERY_S:
            self._tell({"alive": True})
        return self._cancelled

    def _tell(self, message: Mapping[str, Any]) -> None:
        self._send(message)
        self._sent_at = time.monotonic()

    def _prompt(self, messages: Sequence[Mapping[str, str]]) -> list[int]:
        characters = sum(len(message["content"]) for message in messages)
        if characters > _MAX_CHARS_PER_TOKEN * self._context_tokens:
            raise self._too_long(f"{characters} characters")
        cleaned = [{"role": m["role"], "content": without_control(m["content"], self._control)} for m in messages]
        try:
            text = self._chat_format(cleaned)
        except RefusedByTemplate as exc:
            raise Refused(f"The model's chat template refuses the conversation: {exc}.") from exc
        tokens: list[int] = self._llama.tokenize(text.encode("utf-8", "replace"), add_bos=False, special=True)
        bos = self._llama.token_bos()
        if tokens[:1] != [bos] and self._library.llama_vocab_get_add_bos(self._model.vocab):
            tokens.insert(0, bos)  # a template may leave it to the tokenizer
        if len(tokens) >= self._context_tokens:
            raise self._too_long(f"{len(tokens)} tokens")
        return tokens

    def _too_long(self, size: str) -> Refused:
        return Refused(
            f"The prompt of {size} does not fit the model's context of {self._context_tokens} tokens. "
            "Ask for less, or set ALLIANCES_CONTEXT_TOKENS higher if the model allows it."
        )

    def _control_texts(self) -> set[str]:
        """What the control tokens of the vocabulary look like."""
        attributes = self._library.LLAMA_TOKEN_ATTR_CONTROL | self._library.LLAMA_TOKEN_ATTR_UNKNOWN
        return {
            self._model.token_get_text(token)
            for token in range(self._model.n_vocab())
            if self._model.token_get_attr(token) & attributes
        }

    def _text_of(self, token: int) -> str:
        return str(self._model.token_get_text(token)) if token >= 0 else ""

    def _bytes_of(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(_PIECE_MAX_BYTES)
        size = self._library.llama_token_to_piece(self._model.vocab, token, buffer, _PIECE_MAX_BYTES, 0, False)
        return buffer.raw[: max(size, 0)]


def _chunks(prompt: Sequence[int]) -> list[list[int]]:
    """The prompt in pieces whose bounds depend on nothing but their place."""
    bounds = [0, *range(_FIRST_CHUNK_TOKENS, len(prompt), CHUNK_TOKENS), len(prompt)]
    return [list(prompt[start:end]) for start, end in pairwise(bounds)]


def _without_templates(wrapper: Any) -> Any:
    """llama-cpp-python's class, which compiles every template in the file and fails with the first broken one."""

    def keep(llama: Any, metadata: dict[str, str]) -> None:
        kept = {key: value for key, value in metadata.items() if not key.startswith("tokenizer.chat_template")}
        vars(llama)["metadata"] = kept

    return type("Llama", (wrapper,), {"metadata": property(lambda llama: vars(llama)["metadata"], keep)})


def _control_pattern(texts: Collection[str]) -> re.Pattern[str]:
    # Longest first: of two alternatives that both match, a regular expression takes the earlier.
    texts_in_order = sorted(texts, key=lambda text: (-len(text), text))
    of_this_model = [re.escape(text) for text in texts_in_order if len(text) >= _MIN_CONTROL_CHARS]
    return re.compile("|".join([*of_this_model, CONTROL_TEXTS]))
