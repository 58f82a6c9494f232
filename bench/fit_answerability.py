"""Fits the weights and the bar of `assistant/open/answerability.py`, and writes them beside it.

The model is a choice among the candidate sentences of a question and "none of them": P(i) = exp(w x_i) / (exp(b) +
sum_j exp(w x_j)). One of the features is what a network says of the tokens, which is fitted before, on the questions
that lie beside the articles, on --gaps and on --squad (see attention_network.py), and written to
assistant/open/decomposable_attention.npz.
Ten-fold cross-validation over questions tells how good the choice is; the bar is the score below which the wanted
share of the unanswerable questions of the files stays there.

Example: python bench/fit_answerability.py tests/questions/first.yaml --gaps tests/questions/gaps.yaml
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from answerability_examples import Example, article_items, file_items, library_examples, squad_examples
from attention_network import OF_OWN_QUESTIONS, Bank, FittedNetwork, cross_fit, without
from numpy.typing import NDArray
from rich.console import Console

from assistant import Assistant
from assistant.settings import SHIPPED_LIBRARY
from index.vectors.embed import MiniLM

FITTED = Path(__file__).resolve().parent.parent / "assistant" / "open" / "answerability_weights.py"
DECLINED = 0.9  # of the unanswerable questions
FOLDS = 10
RIDGE = 8.0
STEPS, RATE = 600, 0.03

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights (k,) of the features as they are, and the score of "none of them"."""

    weights: Floats
    none: float

    def scores(self, example: Example) -> Floats:
        """(n,), from 0 on better than none of them."""
        return np.asarray(example.x @ self.weights - self.none)


def fit(examples: Sequence[Example]) -> Model:
    """The most likely weights, by Adam; an answerable question without a right candidate teaches nothing."""
    taught = [e for e in examples if e.teaches]
    x = np.concatenate([e.x for e in taught])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    x = (x - mean) / spread
    right = np.concatenate([e.right for e in taught]).astype(float)
    starts = np.cumsum([0, *(len(e.x) for e in taught[:-1])])
    group = np.repeat(np.arange(len(taught)), [len(e.x) for e in taught])
    told = np.array([float(e.is_answerable) for e in taught])
    values, first, second = np.zeros((3, x.shape[1] + 1))
    for step in range(1, STEPS + 1):
        gradient = _gradient(values, x, right, starts, group, told)
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        values = values - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
    weights = values[:-1] / spread
    return Model(weights, float(values[-1] + mean @ weights))


def _gradient(
    values: Floats, x: Floats, right: Floats, starts: NDArray[np.int64], group: NDArray[np.int64], told: Floats
) -> Floats:
    """Of the negative log likelihood and the ridge; the last of the values is the score of "none"."""
    score = x @ values[:-1]
    top = np.maximum(np.maximum.reduceat(score, starts), values[-1])
    each, none = np.exp(score - top[group]), np.exp(values[-1] - top)
    total = np.add.reduceat(each, starts) + none
    of_right = np.maximum(np.add.reduceat(each * right, starts), 1e-30)
    wanted = each * right / of_right[group] * told[group]
    slope = x.T @ (each / total[group] - wanted) + RIDGE * values[:-1]
    return np.append(slope, np.sum(none / total - (1 - told)))


def cross_validate(examples: Sequence[Example]) -> list[Floats]:
    """Each question's scores under the model that has not seen it."""
    fold = np.random.default_rng(0).permutation(len(examples)) % FOLDS
    found: list[Floats] = [np.zeros(0)] * len(examples)
    for held_out in range(FOLDS):
        model = fit([e for e, own in zip(examples, fold, strict=True) if own != held_out])
        for place in np.flatnonzero(fold == held_out).tolist():
            found[place] = model.scores(examples[place])
    return found


def report(examples: Sequence[Example], scores: Sequence[Floats], console: Console) -> float:
    """Print how good the choice is; returns the bar that declines the wanted share of the unanswerable."""
    best = np.array([s.max(initial=-np.inf) for s in scores])
    told = np.array([e.is_answerable for e in examples])
    first = np.array([bool(len(s)) and bool(e.right[s.argmax()]) for e, s in zip(examples, scores, strict=True)])
    bar = float(np.quantile(best[~told], DECLINED, method="higher"))
    auroc = float(np.mean(best[told][:, None] > best[~told][None, :]))
    answered = best >= bar
    console.print(
        f"{told.sum()} answerable: right first {np.mean(first[told]):.1%}; at the bar right"
        f" {np.mean((first & answered)[told]):.1%}, wrong {np.mean((~first & answered)[told]):.1%}, declined"
        f" {np.mean(~answered[told]):.1%}; {(~told).sum()} not answerable: declined {np.mean(~answered[~told]):.1%};"
        f" AUROC {auroc:.3f}"
    )
    return bar


def _fitted(examples: Sequence[Example], asked: int, title: str, console: Console) -> str:
    """Weights fitted on all of the examples; the first `asked` of them set the bar."""
    scores = cross_validate(examples)
    console.print(f"the files, cross-validated, {title}:")
    bar = report(examples[:asked], scores[:asked], console)
    return as_code(examples[0].names, fit(examples), bar)


def write(known: str, unknown: str) -> None:
    """Write the weights as a module, see `as_code`."""
    FITTED.write_text(
        '"""Weights in nats of each feature, and the bar; written by bench/fit_answerability.py."""\n\n'
        "from collections.abc import Mapping\nfrom dataclasses import dataclass\n\n\n"
        "@dataclass(frozen=True, slots=True)\nclass Fitted:\n"
        '    """What a sentence is scored by."""\n\n    weights: Mapping[str, float]\n    bar: float\n\n\n'
        f"# For sentences of which questions are known, and for the others.\nKNOWN = {known}\nUNKNOWN = {unknown}\n",
        encoding="utf-8",
    )


def as_code(names: Sequence[str], model: Model, bar: float) -> str:
    """The weights and the bar as Python."""
    lines = [f'        "{name}": {weight:.4f},' for name, weight in zip(names, model.weights, strict=True)]
    return "Fitted(\n    {\n" + "\n".join(lines) + f"\n    }},\n    {model.none + bar:.4f},\n)"


def main() -> None:
    """Fit on the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="question files over the library that ships")
    parser.add_argument("--gaps", type=Path, required=True, help="questions that no article answers")
    parser.add_argument("--squad", type=Path, help="a file of SQuAD 2.0 questions, of which half are used as well")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    with Assistant.open() as assistant, tempfile.TemporaryDirectory() as folder:
        asked = list(library_examples(assistant, [item for path in arguments.files for item in file_items(path)]))
        taught_items = [*article_items(SHIPPED_LIBRARY), *file_items(arguments.gaps)]
        taught = list(library_examples(assistant, taught_items))
        squad = list(squad_examples(arguments.squad, Path(folder))) if arguments.squad else []
    fit_all(asked, taught, squad, console)


def fit_all(asked: Sequence[Example], taught: Sequence[Example], squad: Sequence[Example], console: Console) -> None:
    """Fit the network on the questions taught and those of SQuAD, the weights on those asked and SQuAD; write both."""
    bank = Bank([text for e in (*asked, *taught, *squad) for text in (e.question, *e.sentences)], MiniLM())
    of_network = [example for example in (*taught, *squad) if example.teaches]
    # Not on the questions taught as well: they are harder than what people ask, and ten times as many.
    examples = cross_fit((*asked, *squad), of_network, bank, fit, console)
    unknown = [without(example, *OF_OWN_QUESTIONS) for example in examples]
    write(
        # No article of SQuAD has questions beside it.
        known=_fitted(examples[: len(asked)], len(asked), "with questions known", console),
        unknown=_fitted(unknown, len(asked), "without", console),
    )
    FittedNetwork(of_network, bank, fit).write()


if __name__ == "__main__":
    main()
