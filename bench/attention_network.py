"""The network of `assistant/open/decomposable_attention.py` in the form that is fitted, for bench/fit_answerability.py.

The score of a candidate sentence is that of the network + a weighted sum of the other features, and the model is a
choice among the candidates and "none of them", as in bench/fit_answerability.py; network and weights are fitted
together by AdamW, the token vectors stay as they are.

What the network says of the questions that it was fitted on is too good to weigh it by. So it is fitted without each
of some groups of articles in turn, and what it then says of questions on these is told to the weights that stay
(cross-fitting, as in stacking); the network that is kept is fitted on all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from answerability_examples import Example, Floats
from numpy.typing import NDArray
from rich.console import Console

from index.vectors.embed import TokenEmbedder

FITTED = Path(__file__).resolve().parent.parent / "assistant" / "open" / "decomposable_attention.npz"
PROJECTED, HIDDEN = 128, 64  # dimensions
EPOCHS, RATE, DECAY, DROPOUT, QUESTIONS_A_STEP = 2, 1.5e-3, 0.01, 0.3, 8
FASTER = 3  # the rate of the weights, in that of the network
START_SCALE, START_SHARPNESS = 5.0, 15.0
OUT_SCALE = 10.0  # so that the last layer learns as fast as the others
MATCH = "token_match"  # the feature that the network is
OF_OWN_QUESTIONS = ("question_closeness", "question_words")
_OUT_OF_TEXT = -1e4


class Weights(Protocol):
    """Weights (k,) of features, and the score of "none of them"."""

    @property
    def weights(self) -> Floats:
        """(k,)."""

    @property
    def none(self) -> float:
        """In nats."""


FitWeights = Callable[[Sequence[Example]], Weights]


class Bank:
    """The token vectors of texts, each text once, in half precision."""

    def __init__(self, texts: Sequence[str], embedder: TokenEmbedder) -> None:
        """Embed them."""
        self._rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        self._tokens = [torch.tensor(own.tokens).half() for own in embedder.embed_with_tokens(list(self._rows))]

    @property
    def dim(self) -> int:
        """Length of a token vector."""
        return self._tokens[0].shape[1]

    def tokens(self, text: str) -> torch.Tensor:
        """Of one text, (n_tokens, dim)."""
        return self._tokens[self._rows[text]].float()

    def padded(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """(len(texts), longest, dim), and which of these are tokens, (len(texts), longest)."""
        rows = [self.tokens(text) for text in texts]
        lengths = torch.tensor([len(row) for row in rows])
        filled = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
        return filled, torch.arange(filled.shape[1])[None] < lengths[:, None]


class Network(torch.nn.Module):
    """The network in the form that can be fitted; `assistant.open.decomposable_attention` tells the formula."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.projection = torch.nn.Parameter(torch.nn.init.orthogonal_(torch.empty(dim, PROJECTED)))
        self.importance = torch.nn.Parameter(torch.zeros(dim))
        self.scale = torch.nn.Parameter(torch.tensor(START_SCALE))
        self.sharpness = torch.nn.Parameter(torch.tensor(START_SHARPNESS))
        self.hidden = torch.nn.Linear(4 * PROJECTED, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, 1)
        torch.nn.init.zeros_(self.out.weight)  # late interaction alone, to begin with
        torch.nn.init.zeros_(self.out.bias)
        self.dropout = torch.nn.Dropout(DROPOUT)

    def forward(self, question: torch.Tensor, told: torch.Tensor, is_token: torch.Tensor) -> torch.Tensor:
        """The score of each sentence, (n,)."""
        asked = torch.nn.functional.normalize(question @ self.projection, dim=-1)
        told = torch.nn.functional.normalize(told @ self.projection, dim=-1)
        alike = torch.einsum("qd,ntd->nqt", asked, told).masked_fill(~is_token[:, None], _OUT_OF_TEXT)
        found = torch.softmax(self.sharpness * alike, -1) @ told
        asked = asked[None].expand_as(found)
        pairs = torch.cat([asked, found, asked * found * PROJECTED**0.5, (asked - found).abs()], -1)
        compared = self.out(torch.relu(self.hidden(self.dropout(pairs)))).squeeze(-1)
        each = self.scale * alike.max(-1).values + OUT_SCALE * compared
        scores: torch.Tensor = each @ torch.softmax(question @ self.importance, -1)
        return scores

    def write(self) -> None:
        """Keep it for the assistant."""
        np.savez_compressed(
            FITTED,
            projection=_half(self.projection),
            importance=_half(self.importance),
            scale=_half(self.scale),
            sharpness=_half(self.sharpness),
            hidden=_half(self.hidden.weight.T),
            hidden_bias=_half(self.hidden.bias),
            out=_half(OUT_SCALE * self.out.weight[0]),
            out_bias=_half(OUT_SCALE * self.out.bias[0]),
        )


class FittedNetwork:
    """A network, fitted together with weights of the other features, which are then left."""

    def __init__(self, examples: Sequence[Example], bank: Bank, fit_weights: FitWeights) -> None:
        """Fit it, from the weights of the other features as they are without it."""
        self._bank = bank
        # Nor with what is known of the questions it is fitted on: the index holds these.
        without_it = [without(example, MATCH, *OF_OWN_QUESTIONS) for example in examples]
        every = np.concatenate([example.x for example in without_it])
        self._mean, self._spread = every.mean(axis=0), every.std(axis=0) + 1e-6
        start = fit_weights(without_it)
        none = start.none - float(start.weights @ self._mean)
        self._network = Network(bank.dim)
        self._weights = torch.nn.Parameter(torch.tensor(start.weights * self._spread, dtype=torch.float32))
        self._none = torch.nn.Parameter(torch.tensor(none, dtype=torch.float32))
        self._train(without_it)

    def matched(self, example: Example) -> Example:
        """The example with what the network says of its candidates."""
        with torch.no_grad():
            x = example.x.copy()
            x[:, example.names.index(MATCH)] = self._match(example).numpy()
        return replace(example, x=x)

    def write(self) -> None:
        """Keep it for the assistant."""
        self._network.write()

    def _match(self, example: Example) -> torch.Tensor:
        asked, told = self._bank.tokens(example.question), self._bank.padded(example.sentences)
        scores: torch.Tensor = self._network(asked, *told)
        return scores

    def _train(self, examples: Sequence[Example]) -> None:
        network: dict[str, Any] = {"params": list(self._network.parameters()), "weight_decay": DECAY}
        others: dict[str, Any] = {"params": [self._weights, self._none], "weight_decay": 0.0, "lr": FASTER * RATE}
        optimiser = torch.optim.AdamW([network, others], RATE)
        steps = EPOCHS * (len(examples) // QUESTIONS_A_STEP)
        schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, max(1, steps))
        order = torch.Generator().manual_seed(0)
        self._network.train()
        for _ in range(EPOCHS):
            shuffled = torch.randperm(len(examples), generator=order).tolist()
            for start in range(0, len(examples) - QUESTIONS_A_STEP + 1, QUESTIONS_A_STEP):
                losses = [self._loss(examples[place]) for place in shuffled[start : start + QUESTIONS_A_STEP]]
                optimiser.zero_grad()
                torch.stack(losses).mean().backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
        self._network.eval()

    def _loss(self, example: Example) -> torch.Tensor:
        features = torch.tensor((example.x - self._mean) / self._spread, dtype=torch.float32)
        scores = torch.cat([features @ self._weights + self._match(example), self._none[None]])
        right = torch.tensor([*(example.right & example.is_answerable), not example.is_answerable])
        return torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0)


def cross_fit(
    examples: Sequence[Example], of_network: Sequence[Example], bank: Bank, fit_weights: FitWeights, console: Console
) -> list[Example]:
    """The examples with what a network says of them that was fitted on other articles than theirs.

    Args:
        examples: Any.
        of_network: Those that networks are fitted on.
        bank: The tokens of all.
        fit_weights: Fits the weights of the other features.
        console: Hears how far it is.
    """
    found = list(examples)
    for group in sorted({example.group for example in examples}):
        console.print(f"fitting the network without the articles of group {group} ...")
        network = FittedNetwork([e for e in of_network if e.group != group], bank, fit_weights)
        for place, example in enumerate(examples):
            if example.group == group:
                found[place] = network.matched(example)
    return found


def without(example: Example, *names: str) -> Example:
    """The example without some of its features."""
    kept = [place for place, name in enumerate(example.names) if name not in names]
    return replace(example, names=tuple(example.names[place] for place in kept), x=example.x[:, kept])


def _half(values: torch.Tensor) -> NDArray[np.float16]:
    return values.detach().numpy().astype(np.float16)
