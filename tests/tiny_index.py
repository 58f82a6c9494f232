"""A library of three tiny articles, and an embedder whose vectors a person can work out."""

import zlib

import numpy as np

from index.build import open_index
from index.vectors.embed import TextVectors

FORUM = """---
title: Example Forum
alliance:
  name: Example Forum
  kind: safety
  status: active
  founded: 2023-07-26
  founders: [Blue Labs]
sources:
  - {id: s1, title: About, publisher: Example Forum}
---
The Example Forum is a body that studies the safety of large models. [s1]
The Example Forum was founded on 26 July 2023 by Blue Labs. [s1]

## Work

The Example Forum publishes reports on the testing of frontier models. [s1]
"""
CONSORTIUM = """---
title: Cable Consortium
---
The Cable Consortium writes a standard for the links between accelerators in one rack.
"""
NETWORK = """---
title: Harvest Network
---
The Harvest Network brings language models to farmers in twelve countries.
"""
CHANGED = CONSORTIUM + "\nThe second version of the cable standard appeared in March 2026.\n"
NEW_TEXT = "second version of the cable standard"


class WordEmbedder:
    """Counts the words of a text into buckets: quick, deterministic, and near for texts that share words."""

    name = "words"
    dimension = 384  # as MiniLM has: what was fitted on its vectors can be asked

    def __init__(self, fingerprint="words-1"):
        self.fingerprint = fingerprint
        self.embedded = []

    def count_tokens(self, text):
        return len(text.split())

    def embed(self, texts, on_done=None):
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for done, (row, text) in enumerate(zip(vectors, texts, strict=True), 1):
            for word in text.lower().replace(".", " ").split():
                row[zlib.crc32(word.encode()) % self.dimension] += 1
            row /= np.linalg.norm(row)
            self.embedded.append(text)
            if on_done:
                on_done(done)
        return vectors

    def embed_with_tokens(self, texts):
        words = [self.embed(text.split() or ["-"]) for text in texts]  # the same alone and in context
        return [TextVectors(v, np.hstack([w, w])) for v, w in zip(self.embed(texts), words, strict=True)]


def write_library(folder):
    """Make the folder and write the three articles into it."""
    folder.mkdir()
    for slug, text in {"forum": FORUM, "consortium": CONSORTIUM, "network": NETWORK}.items():
        (folder / f"{slug}.md").write_text(text, encoding="utf-8")
    return folder


def change(library):
    (library / "consortium.md").write_text(CHANGED, encoding="utf-8")


def find(index, words, embedder=None):
    """The text of the passage nearest to these words."""
    vector = (embedder or WordEmbedder()).embed([words])[0]
    return index.catalogue.passages([index.store.search(vector, 1)[0][0]])[0].text


def ask(index_folder, words):
    with open_index(index_folder, WordEmbedder()) as index:
        return find(index, words)


def vectors_by_id(passages, embedder=None):
    """The passages' vectors, and what asks for some of them by id as the catalogue's writer does."""
    made = (embedder or WordEmbedder()).embed([passage.embedded_text for passage in passages])
    by_id = {passage.id: vector for passage, vector in zip(passages, made, strict=True)}
    return made, lambda ids: np.array([by_id[passage_id] for passage_id in ids])
