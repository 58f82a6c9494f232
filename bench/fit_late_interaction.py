"""Fits the projection of `assistant/late_interaction.py`, and writes assistant/late_interaction.npz.

The score of a candidate sentence is scale * late interaction + the other features' weighted sum, and the model is a
choice among the candidates and "none of them", as in bench/fit_answerability.py; projection, importance and weights
are fitted together by AdamW, the token vectors stay as they are. How good it is, is measured on the articles of every
sixth, of which no question was seen.

Example: python bench/fit_late_interaction.py tests/questions/sentences.yaml
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fit_answerability
import numpy as np
import torch
import yaml
from fit_answerability import Example
from numpy.typing import NDArray
from rich.console import Console

from assistant import Assistant
from assistant.answerability import all_features
from assistant.evidence import find_candidates

FITTED = Path(__file__).resolve().parent.parent / "assistant" / "late_interaction.npz"
OWN = "token_match"  # the feature that is fitted here
PROJECTED = 128  # dimensions
EPOCHS, RATE, DECAY, QUESTIONS_A_STEP = 3, 1.5e-3, 0.01, 8
START_SCALE = 5.0
HELD_OUT = 6  # every sixth article


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its tokens (n, dim), the rows of its candidates in the bank, their other features, which are right.

    `right` is a mask over the candidates and "none of them", (n + 1,).
    """

    slug: str
    tokens: torch.Tensor
    rows: torch.Tensor
    features: NDArray[np.float64]
    right: torch.Tensor

    @property
    def is_answerable(self) -> bool:
        """False if the articles do not tell."""
        return not bool(self.right[-1])


@dataclass(frozen=True, slots=True)
class Bank:
    """The tokens of every sentence that is a candidate of some question: (n, longest, dim), and their numbers (n,)."""

    tokens: torch.Tensor
    lengths: torch.Tensor


class LateInteraction(torch.nn.Module):
    """What is fitted: the projection, the importance of a token, and the weights of everything."""

    def __init__(self, dim: int, weights: torch.Tensor, none: float) -> None:
        super().__init__()
        self.projection = torch.nn.Parameter(torch.nn.init.orthogonal_(torch.empty(dim, PROJECTED)))
        self.importance = torch.nn.Parameter(torch.zeros(dim))
        self.scale = torch.nn.Parameter(torch.tensor(START_SCALE))
        self.weights = torch.nn.Parameter(weights)
        self.none = torch.nn.Parameter(torch.tensor(none))

    def forward(self, question: torch.Tensor, features: torch.Tensor, tokens: Bank) -> torch.Tensor:
        """The scores of the candidates and of "none of them", (n + 1,)."""
        asked = torch.nn.functional.normalize(question @ self.projection, dim=-1)
        told = torch.nn.functional.normalize(tokens.tokens @ self.projection, dim=-1)
        alike = torch.einsum("qd,ntd->nqt", asked, told)
        is_filling = torch.arange(told.shape[1])[None] >= tokens.lengths[:, None]
        best = alike.masked_fill(is_filling[:, None], -1).max(-1).values
        match = best @ torch.softmax(question @ self.importance, -1)
        return torch.cat([features @ self.weights + self.scale * match, self.none[None]])


class Fit:
    """The questions of one fit, their features brought to the same scale."""

    def __init__(self, asked: Sequence[Asked], bank: Bank) -> None:
        every = np.concatenate([item.features for item in asked])
        self._mean, self._spread = every.mean(axis=0), every.std(axis=0) + 1e-6
        self._bank = bank
        start = fit_answerability.fit(
            [Example(item.features, item.right[:-1].numpy(), item.is_answerable, True) for item in asked]
        )
        weights = torch.tensor(start.weights * self._spread, dtype=torch.float32)
        self.net = LateInteraction(bank.tokens.shape[2], weights, start.none - float(start.weights @ self._mean))
        self._train(list(asked))

    def scores(self, item: Asked) -> torch.Tensor:
        """Of its candidates and of "none of them", (n + 1,)."""
        longest = int(self._bank.lengths[item.rows].max())
        bank = Bank(self._bank.tokens[item.rows, :longest], self._bank.lengths[item.rows])
        features = torch.tensor((item.features - self._mean) / self._spread, dtype=torch.float32)
        scores: torch.Tensor = self.net(item.tokens, features, bank)
        return scores

    def _train(self, asked: list[Asked]) -> None:
        fitted: dict[str, Any] = {"params": [self.net.projection, self.net.importance]}
        others: dict[str, Any] = {"params": [self.net.scale, self.net.weights, self.net.none], "weight_decay": 0.0}
        optimiser = torch.optim.AdamW([fitted, others], RATE, weight_decay=DECAY)
        steps = EPOCHS * (len(asked) // QUESTIONS_A_STEP)
        schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, max(1, steps))
        order = torch.Generator().manual_seed(0)
        for _ in range(EPOCHS):
            shuffled = torch.randperm(len(asked), generator=order).tolist()
            for start in range(0, len(asked) - QUESTIONS_A_STEP + 1, QUESTIONS_A_STEP):
                losses = []
                for place in shuffled[start : start + QUESTIONS_A_STEP]:
                    scores = self.scores(asked[place])
                    losses.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[asked[place].right], 0))
                optimiser.zero_grad()
                torch.stack(losses).mean().backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()


def read_asked(assistant: Assistant, file: Path) -> tuple[list[Asked], Bank]:
    """The questions of a file with their candidates; those whose answer is not among these are left out."""
    answering = assistant._current()
    embedder, catalogue = answering.embedder, answering.index.catalogue
    rows: dict[str, int] = {}
    asked = []
    for item in yaml.safe_load(file.read_text(encoding="utf-8")):
        hits, taken_apart = answering.look_up(item["ask"])
        candidates = find_candidates(taken_apart, hits, catalogue, answering.names, embedder)
        features = all_features(taken_apart, candidates, embedder)
        right = fit_answerability.right_candidates(item, candidates)
        if not candidates or not (item.get("abstain") or right.any()):
            continue
        (tokens,) = embedder.embed_with_tokens([taken_apart.question])
        places = [rows.setdefault(c.record.sentence.text, len(rows)) for c in candidates]
        asked.append(
            Asked(
                slug=item["cites"][0],
                tokens=torch.tensor(tokens.tokens),
                rows=torch.tensor(places),
                features=np.array([[value for name, value in own.items() if name != OWN] for own in features]),
                right=torch.tensor([*right, bool(item.get("abstain"))]),
            )
        )
    texts = embedder.embed_with_tokens(list(rows))
    bank = torch.nn.utils.rnn.pad_sequence([torch.tensor(own.tokens) for own in texts], batch_first=True)
    return asked, Bank(bank, torch.tensor([len(own.tokens) for own in texts]))


def report(asked: Sequence[Asked], bank: Bank, console: Console) -> None:
    """Print how good the choice is on articles of which no question was seen, without and with the token match."""
    held_out = set(sorted({item.slug for item in asked})[::HELD_OUT])
    seen, unseen = [a for a in asked if a.slug not in held_out], [a for a in asked if a.slug in held_out]
    examples = [Example(a.features, a.right[:-1].numpy(), a.is_answerable, True) for a in seen]
    without = fit_answerability.fit(examples)
    fitted = Fit(seen, bank)
    judged = [Example(a.features, a.right[:-1].numpy(), a.is_answerable, True) for a in unseen]
    console.print(f"{len(seen)} questions fitted on, {len(unseen)} on other articles judged; without the token match:")
    fit_answerability.report(judged, [without.scores(example) for example in judged], console)
    console.print("with it:")
    with torch.no_grad():
        fit_answerability.report(judged, [fitted.scores(a)[:-1].numpy().astype(float) for a in unseen], console)


def main() -> None:
    """Fit on the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="questions with the beginnings of the sentences that answer them")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    torch.manual_seed(0)
    with Assistant.open() as assistant:
        asked, bank = read_asked(assistant, arguments.file)
    report(asked, bank, console)
    net = Fit(asked, bank).net
    np.savez_compressed(
        FITTED,
        projection=net.projection.detach().numpy().astype(np.float16),
        importance=net.importance.detach().numpy().astype(np.float16),
    )
    console.print(f"written: {FITTED}")


if __name__ == "__main__":
    main()
