"""The same vectors as without a memory, and each text only once through the model."""

import numpy as np
from tiny_index import WordEmbedder

from index.vectors import remembered
from index.vectors.remembered import RememberingEmbedder


def test_vectors_are_the_embedders_and_made_once():
    embedder = WordEmbedder()
    remembering = RememberingEmbedder(embedder)
    texts = ["one thing", "another thing", "one thing"]
    assert np.array_equal(remembering.embed(texts), WordEmbedder().embed(texts))
    assert np.array_equal(remembering.embed(["a third", "one thing"]), WordEmbedder().embed(["a third", "one thing"]))
    assert embedder.embedded == ["one thing", "another thing", "a third"]
    assert remembering.embed([]).shape == (0, embedder.dimension)


def test_what_was_not_used_for_long_is_forgotten(monkeypatch):
    monkeypatch.setattr(remembered, "REMEMBERED", 2)
    embedder = WordEmbedder()
    remembering = RememberingEmbedder(embedder)
    for text in ("one", "two", "one", "three", "one", "two"):
        remembering.embed([text])
    assert embedder.embedded == ["one", "two", "three", "two"]


def test_many_texts_go_past_the_memory(monkeypatch):
    monkeypatch.setattr(remembered, "REMEMBERED", 2)
    embedder = WordEmbedder()
    remembering = RememberingEmbedder(embedder)
    told = []
    remembering.embed(["one", "two", "three"], told.append)
    remembering.embed(["one"])
    assert embedder.embedded == ["one", "two", "three", "one"]
    assert told == [1, 2, 3]
