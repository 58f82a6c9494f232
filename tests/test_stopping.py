"""Stop, a closed tab, a client that has gone: each reaches the model, and what computes before it, at once."""

import threading

import numpy as np
import pytest
from drafted_assistant import QUESTION, drafting_with
from tiny_index import WordEmbedder

from assistant import Finished
from assistant.errors import Stopped
from assistant.stopping import StoppableEmbedder, StopSwitch
from ui.chat.tab import Tab

PATIENCE_S = 60


class Endless:
    """A language model that reads a prompt for ever, unless its stream is closed."""

    name = "endless"

    def __init__(self):
        self.begun = threading.Event()
        self.closed = threading.Event()

    def stream(self, messages, *, max_tokens, seed=0, asker=None):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        self.begun.set()
        assert self.closed.wait(PATIENCE_S)
        raise StopIteration

    def start(self): ...

    def close(self):
        if self.begun.is_set():
            self.closed.set()


@pytest.fixture
def model():
    return Endless()


@pytest.fixture
def assistant(model, tmp_path):
    with drafting_with(model, tmp_path) as opened:
        yield opened


def test_stop_closes_the_models_stream_in_the_middle_of_its_work(assistant, model):
    chat, told = assistant.conversation(), []
    answering = threading.Thread(target=lambda: told.extend(chat.stream(QUESTION)))
    answering.start()
    assert model.begun.wait(PATIENCE_S)
    chat.stop()
    answering.join(PATIENCE_S)
    assert model.closed.is_set() and not answering.is_alive()
    assert not any(isinstance(event, Finished) for event in told)


def test_closing_the_tab_closes_the_models_stream_in_the_middle_of_its_work(assistant, model):
    tab = Tab(assistant)
    tab.ask(QUESTION)
    answer = tab.answer()
    while not model.begun.is_set():
        next(answer)
    assert not model.closed.is_set()
    answer.close()  # as the server does when the client has gone
    assert model.closed.is_set()


def test_a_switch_that_is_set_ends_embedding_between_two_parts():
    stop, words = StopSwitch(), WordEmbedder()
    texts = [f"text number {number}" for number in range(30)]

    def on_done(count):
        stop.set()

    with pytest.raises(Stopped):
        StoppableEmbedder(words, stop).embed(texts, on_done)
    assert 0 < len(words.embedded) < len(texts)
    with pytest.raises(Stopped):
        StoppableEmbedder(words, stop).embed_with_tokens(texts)


def test_an_embedder_that_can_be_stopped_gives_what_the_embedder_gives():
    texts = ["one", "one two three", "two", *(f"text {'very ' * (number % 5)}{number}" for number in range(20))]
    own, words = StoppableEmbedder(WordEmbedder(), StopSwitch()), WordEmbedder()
    assert np.array_equal(own.embed(texts), words.embed(texts))
    assert own.embed([]).shape == (0, words.dimension)
    for mine, theirs in zip(own.embed_with_tokens(texts), words.embed_with_tokens(texts), strict=True):
        assert np.array_equal(mine.vector, theirs.vector) and np.array_equal(mine.tokens, theirs.tokens)
    assert (own.name, own.fingerprint, own.dimension) == (words.name, words.fingerprint, words.dimension)
    assert own.count_tokens("one two") == words.count_tokens("one two")
