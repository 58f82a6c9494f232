"""Fits the projection of `assistant/open/question_projection.py`, and writes it beside it.

A question should be nearer to the other questions that its sentence answers than to those that other sentences of the
article answer (InfoNCE, van den Oord et al., 2018). Every tenth question is held out of a first fit, which tells for
how many of these the nearest question of the article is one of the same sentence; what is kept is fitted on all.

Example: python bench/fit_question_projection.py
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console

from assistant import Assistant

FITTED = Path(__file__).resolve().parent.parent / "assistant" / "open" / "question_projection.npz"
TEMPERATURE, DECAY, RATE, DROPOUT, EPOCHS = 0.1, 3e-3, 1e-3, 0.1, 5
HELD_OUT = 0.1
_NEVER = -1e4

Rows = NDArray[np.int64]


def fit(vectors: torch.Tensor, sentences: torch.Tensor, articles: Sequence[Rows]) -> torch.Tensor:
    """The projection, (dim, dim).

    Args:
        vectors: Of the questions, names masked, (n, dim).
        sentences: Which sentence each of them is answered by, (n,).
        articles: The rows of each article's questions.
    """
    torch.manual_seed(0)
    start = torch.eye(vectors.shape[1])
    projection = torch.nn.Parameter(start.clone())
    dropout = torch.nn.Dropout(DROPOUT)
    optimiser = torch.optim.Adam([projection], RATE)
    order = np.random.default_rng(0)
    for _ in range(EPOCHS):
        for article in order.permutation(len(articles)):
            rows = torch.from_numpy(articles[article])
            projected = torch.nn.functional.normalize(dropout(vectors[rows]) @ projection, dim=-1)
            loss = _info_nce(projected @ projected.T, sentences[rows])
            if loss is None:
                continue
            optimiser.zero_grad()
            (loss + DECAY * ((projection - start) ** 2).sum()).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return projection.detach()


def _info_nce(cosines: torch.Tensor, sentences: torch.Tensor) -> torch.Tensor | None:
    """Of the questions of one article, (n, n); None where no two of them have a sentence in common."""
    is_same = torch.eye(len(cosines), dtype=torch.bool)
    scores = (cosines / TEMPERATURE).masked_fill(is_same, _NEVER)
    is_right = (sentences[:, None] == sentences[None]) & ~is_same
    taught = is_right.any(1)
    if not taught.any():
        return None
    of_right = torch.logsumexp(scores.masked_fill(~is_right, _NEVER), 1)
    return -(of_right - torch.logsumexp(scores, 1))[taught].mean()


def nearest_is_right(
    vectors: torch.Tensor, sentences: torch.Tensor, articles: Sequence[Rows], is_held_out: NDArray[np.bool_]
) -> float:
    """The share of the questions held out whose nearest other question of the article is of the same sentence."""
    found: list[bool] = []
    for rows in articles:
        asked, known = rows[is_held_out[rows]], rows[~is_held_out[rows]]
        if len(asked) and len(known):
            nearest = sentences[known][(vectors[asked] @ vectors[known].T).argmax(1)]
            can_be = torch.isin(sentences[asked], sentences[known])
            found += (nearest == sentences[asked])[can_be].tolist()
    return float(np.mean(found))


def main() -> None:
    """Fit on the questions of the index."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    console = Console(highlight=False, soft_wrap=True)
    with Assistant.open() as assistant:
        answering = assistant._current()
        catalogue = answering.index.catalogue
        ids = {r.id: slug for slug in sorted(catalogue.articles) for r in catalogue.sentences_of_article(slug)}
        records, found = catalogue.questions_of(list(ids), answering.embedder.dimension)
    vectors = torch.from_numpy(found.copy())
    sentences = torch.tensor([record.sentence_id for record in records])
    slugs = np.array([ids[record.sentence_id] for record in records])
    articles = [np.flatnonzero(slugs == slug) for slug in sorted(set(slugs))]
    is_held_out = np.random.default_rng(1).random(len(slugs)) < HELD_OUT
    tried = fit(vectors, sentences, [rows[~is_held_out[rows]] for rows in articles])
    for title, projected in (("as embedded", vectors), ("projected", vectors @ tried)):
        unit = torch.nn.functional.normalize(projected, dim=-1)
        share = nearest_is_right(unit, sentences, articles, is_held_out)
        console.print(f"{title}: for {share:.1%} of {is_held_out.sum()} questions held out, the nearest is right")
    np.savez_compressed(FITTED, projection=fit(vectors, sentences, articles).numpy().astype(np.float16))
    console.print(f"written: {FITTED}, {FITTED.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
