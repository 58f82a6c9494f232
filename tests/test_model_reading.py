"""A prompt is read in chunks that depend on it alone; what all prompts begin with is not read again."""

import pytest

from assistant.models import loaded
from assistant.models.loaded import Cancellation, LoadedModel
from assistant.models.weights import shipped_weights
from prompts import fill_in

FACTS = ["The Harbour Pact was founded by Alpha Labs in Oslo in 2019.", "It has 12 members."]
OTHER_FACTS = ["UALink is an open standard that connects accelerators in data centres."]


@pytest.fixture(scope="module")
def model():
    # One thread: two would spin while they wait for each other, without the setting that the child process is given.
    config = {"path": str(shipped_weights()), "context_tokens": 2048, "threads": 1, "gpu_layers": 0}
    return LoadedModel(config, lambda message: None, Cancellation())


@pytest.fixture
def read(model, monkeypatch):
    """Asks, and returns the lengths of what had to be read."""
    lengths = []
    evaluate = model._llama.eval

    def counted(tokens):
        lengths.extend([len(tokens)] if tokens else [])  # after the prompt, nothing is left to read
        evaluate(tokens)

    monkeypatch.setattr(model._llama, "eval", counted)

    def read(question, facts):
        lengths.clear()
        model.answer(1, fill_in("answer", {"question": question, "facts": facts}), max_tokens=1, seed=0)
        return list(lengths)

    return read


def test_what_all_prompts_begin_with_is_read_once(model, read):
    model._llama.reset()
    model._read_chunks.clear()
    first = read("When was it founded?", FACTS)
    assert first[0] == loaded._FIRST_CHUNK_TOKENS
    assert len(read("Who connects what?", OTHER_FACTS)) == len(first) - 1


def test_the_same_question_again_reads_only_its_last_chunk(read):
    first = read("When was it founded?", FACTS)
    assert read("When was it founded?", FACTS) == first[-1:]


@pytest.mark.parametrize("length", [1, 32, 33, 100, 288, 700])
def test_chunks_rejoin_to_the_prompt(length):
    prompt = list(range(length))
    chunks = loaded._chunks(prompt)
    assert [token for chunk in chunks for token in chunk] == prompt
    assert all(len(chunk) <= loaded.CHUNK_TOKENS for chunk in chunks)


def test_prompts_that_begin_alike_are_cut_alike():
    beginning = list(range(600))
    first, second = (loaded._chunks([*beginning, *rest]) for rest in ([1] * 20, [2] * 300))
    assert first[:2] == second[:2] and len(first[0]) + len(first[1]) == 288


def test_the_number_of_threads_that_is_set_writes(model, monkeypatch):
    used = []
    monkeypatch.setattr(model, "_tell", lambda _: used.append(model._library.llama_n_threads(model._llama.ctx)))
    messages = fill_in("answer", {"question": "When was it founded?", "facts": FACTS})
    model.answer(1, messages, max_tokens=12, seed=0)  # without a setting, another number is tried within 5 tokens
    assert len(used) > 7 and set(used) == {1}
