"""Fits the weights and the bar of `assistant/answerability.py`, and writes them to assistant/answerability_weights.py.

The model is a choice among the candidate sentences of a question and "none of them": P(i) = exp(w x_i) / (exp(b) +
sum_j exp(w x_j)). A sentence is right when it holds the strings that the question file asks for, or is its gold
sentence. Ten-fold cross-validation over questions tells how good the choice is; the bar is the score below which the
wanted share of the unanswerable questions stays there.

Example: python bench/fit_answerability.py tests/questions/first.yaml tests/questions/retrieval.yaml --squad FILE
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from squad import open_paragraph, read_squad

from assistant import Assistant
from assistant.answerability import Candidate, all_features
from assistant.citing import Citations
from assistant.evidence import find_candidates
from assistant.exact.answers import answer_exactly
from assistant.exact.free_reading import FreeReading
from assistant.exact.reading import read
from index.embed import MiniLM
from index.remembered import RememberingEmbedder

FITTED = Path(__file__).resolve().parent.parent / "assistant" / "answerability_weights.py"
DECLINED = 0.85  # of the unanswerable questions
FOLDS = 10
RIDGE = 8.0
STEPS, RATE = 600, 0.03

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its candidates: features (n, k), which are right (n,), and whether any can be."""

    x: Floats
    right: NDArray[np.bool_]
    is_answerable: bool
    is_from_library: bool


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
    taught = [e for e in examples if len(e.x) and (e.right.any() or not e.is_answerable)]
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


def library_examples(assistant: Assistant, files: Sequence[Path]) -> Iterator[tuple[list[str], Example]]:
    """(names of the features, example) of each question that the catalogue does not answer exactly."""
    answering = assistant._current()  # the steps that a question takes
    catalogue = answering.index.catalogue
    for item in (item for path in files for item in yaml.safe_load(path.read_text(encoding="utf-8"))):
        question = item.get("question") or item.get("ask")
        if not question:  # a conversation
            continue
        mentions, citations = answering.names.find(question), Citations(catalogue)
        reading = read(question, mentions, date.today())
        free_reading = FreeReading(reading, catalogue, answering.embedder)
        if answer_exactly(question, mentions, reading, free_reading, catalogue, citations):
            continue
        hits, asked = answering.look_up(question)
        candidates = find_candidates(asked, hits, catalogue, answering.names, answering.embedder)
        is_answerable = not (item.get("abstain") or item.get("says_no"))
        right = right_candidates(item, candidates) if is_answerable else np.zeros(len(candidates), np.bool_)
        features = all_features(asked, candidates, answering.embedder)
        if features:
            yield list(features[0]), Example(_matrix(features), right, is_answerable, True)


def squad_examples(path: Path, folder: Path) -> Iterator[Example]:
    """Of the first, third, ... question."""
    embedder = RememberingEmbedder(MiniLM())
    for number, item in enumerate(read_squad(path)[::2]):
        paragraph = open_paragraph(item.paragraph, folder / f"{number}.sqlite", embedder)
        asked, hits = paragraph.ask(item.question, embedder)
        candidates = find_candidates(asked, hits, paragraph.catalogue, paragraph.names, embedder)
        right = right_candidates({"any": item.answers}, candidates)
        if features := all_features(asked, candidates, embedder):
            yield Example(_matrix(features), right & bool(item.answers), bool(item.answers), False)
        paragraph.catalogue.close()


def right_candidates(item: dict[str, Any], candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    """The candidates that tell the answer; if none tells all of it, those that tell a part."""
    texts = [candidate.record.sentence.text for candidate in candidates]
    if "evidence" in item:
        gold = tuple(sentence if isinstance(sentence, str) else sentence["text"] for sentence in item["evidence"])
        return np.array([text.startswith(gold) for text in texts], np.bool_)
    whole, part = [], []
    for candidate, text in zip(candidates, texts, strict=True):
        held = [str(word).lower() in text.lower() for word in item.get("all", ())]
        any_of = [str(word).lower() in text.lower() for word in item.get("any", ())]
        is_off = any(str(word).lower() in text.lower() for word in item.get("not", ()))
        is_off = is_off or bool(item.get("cites")) and candidate.record.slug not in item["cites"]
        whole.append(bool(held or any_of) and all(held) and (not any_of or any(any_of)) and not is_off)
        part.append(any([*held, *any_of]) and not is_off)
    return np.array(whole if any(whole) else part, np.bool_)


def _matrix(features: Sequence[dict[str, float]]) -> Floats:
    return np.array([list(own.values()) for own in features])


def write(names: Sequence[str], model: Model, bar: float) -> None:
    """Write the weights as a module."""
    lines = [f'    "{name}": {weight:.4f},' for name, weight in zip(names, model.weights, strict=True)]
    FITTED.write_text(
        '"""Weights in nats of each feature, and the bar; written by bench/fit_answerability.py."""\n\n'
        "WEIGHTS = {\n" + "\n".join(lines) + f"\n}}\nBAR = {model.none + bar:.4f}\n",
        encoding="utf-8",
    )


def main() -> None:
    """Fit on the files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="question files over the library that ships")
    parser.add_argument("--squad", type=Path, help="a file of SQuAD 2.0 questions, of which half are used as well")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    with Assistant.open() as assistant, tempfile.TemporaryDirectory() as folder:
        found = list(library_examples(assistant, arguments.files))
        examples = [example for _, example in found]
        if arguments.squad:
            examples += squad_examples(arguments.squad, Path(folder))
    scores = cross_validate(examples)
    library = [place for place, example in enumerate(examples) if example.is_from_library]
    console.print("library, cross-validated:")
    bar = report([examples[i] for i in library], [scores[i] for i in library], console)
    write(found[0][0], fit(examples), bar)
    console.print(f"written: {FITTED}")


if __name__ == "__main__":
    main()
