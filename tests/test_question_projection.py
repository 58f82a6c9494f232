"""Questions that one sentence answers are nearer to each other once they are projected."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

from assistant.open.question_projection import project_questions

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import fit_question_projection


def test_projected_vectors_are_unit_ones(embedder):
    projected = project_questions(embedder.embed(["who runs it?", "when did it get going?", "it"]))
    assert np.allclose(np.linalg.norm(projected, axis=1), 1, atol=1e-5)


def test_other_words_for_the_same_come_nearer_than_the_same_words_for_another(embedder):
    asked, same, other = embedder.embed(
        ["how much cash did it get from its backers?", "what did the funders pay in?", "how much time did it get?"]
    )
    before = asked @ same - asked @ other
    projected = project_questions(np.array([asked, same, other]))
    assert projected[0] @ projected[1] - projected[0] @ projected[2] > before


def test_no_questions_are_no_vectors():
    assert project_questions(np.zeros((0, 384), np.float32)).shape == (0, 384)


def test_the_fit_brings_the_questions_of_a_sentence_together():
    random = np.random.default_rng(0)
    # Two directions: the first says which sentence, the second, which is stronger, says nothing.
    sentences = np.tile(np.repeat(np.arange(4), 3), 30)
    vectors = np.zeros((len(sentences), 8), np.float32)
    vectors[np.arange(len(sentences)), sentences] = 0.5
    vectors[:, 4:] = random.normal(size=(len(sentences), 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    articles = [np.arange(start, start + 12) for start in range(0, len(sentences), 12)]
    known, answered_by = torch.from_numpy(vectors), torch.from_numpy(sentences + np.repeat(np.arange(30), 12) * 4)
    projection = fit_question_projection.fit(known, answered_by, articles)
    held_out = np.arange(len(sentences)) % 3 == 0
    unit = torch.nn.functional.normalize(known @ projection, dim=-1)
    before, after = (
        fit_question_projection.nearest_is_right(rows, answered_by, articles, held_out) for rows in (known, unit)
    )
    assert after > before
