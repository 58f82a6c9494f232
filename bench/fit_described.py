"""Fits the weights of `assistant/described.py`, and prints them: a choice among all bodies and "none of them".

Learnt from are the questions beside the articles that name no body, each without what is known of its own sentence;
and, for none of them, the questions of files that name none: those that no article answers, and those on several.

Example: python bench/fit_described.py tests/questions/first.yaml tests/questions/exam_tuning.yaml
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import yaml
from answerability_examples import Floats
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from assistant import Assistant
from assistant.described import SURE, DescribedBodies
from index.catalogue import Catalogue
from index.masked_questions import MASK
from index.names.finder import NameFinder
from index.vectors.embed import Embedder

OF_QUESTIONS = 1  # the feature that knows the questions
NONE_SHARE = 0.3  # what all questions on none of them weigh, beside the others
STEPS = 300


def fit(described: Floats, meant: NDArray[np.int64], on_none: Floats) -> tuple[Floats, float]:
    """The most likely weights, and the score of "none of them".

    Args:
        described: Features of questions on one body, (n, n_bodies, k).
        meant: The places of these bodies, (n,).
        on_none: Features of questions on none, (m, n_bodies, k).
    """
    spread = torch.from_numpy(described.reshape(-1, described.shape[2]).std(axis=0))
    values = torch.zeros(len(spread) + 1, dtype=torch.double, requires_grad=True)
    one, none = (torch.from_numpy(rows) / spread for rows in (described, on_none))
    place = torch.from_numpy(meant)
    optimiser = torch.optim.LBFGS([values], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        of_one = _log_shares(one, values)[torch.arange(len(place)), place].mean()
        total: torch.Tensor = -of_one - NONE_SHARE * _log_shares(none, values)[:, -1].mean()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return (values[:-1] / spread).detach().numpy(), float(values[-1].detach())


def _log_shares(features: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """Log probabilities of each body and, last, of none, (n, n_bodies + 1)."""
    none = values[-1:].expand(len(features), 1)
    return torch.log_softmax(torch.cat([features @ values[:-1], none], dim=1), dim=1)


def shares(features: Floats, weights: Floats, none: float) -> Floats:
    """The probability of each body, (n, n_bodies)."""
    values = torch.from_numpy(np.append(weights, none))
    return _log_shares(torch.from_numpy(features), values).exp()[:, :-1].numpy()


def of_articles(
    bodies: DescribedBodies, catalogue: Catalogue, names: NameFinder, embedder: Embedder
) -> tuple[Floats, NDArray[np.int64]]:
    """Features and bodies of the questions beside the articles that name no body."""
    places = {body.slug: place for place, body in enumerate(bodies.bodies)}
    slugs = {r.id: slug for slug in places for r in catalogue.sentences_of_article(slug)}
    records, vectors = catalogue.questions_of(list(slugs), embedder.dimension)
    sentences = np.array([record.sentence_id for record in records])
    body_of = np.array([places[slugs[i]] for i in sentences])
    features, meant = [], []
    for row, record in enumerate(track(records, "questions")):
        if any(kind == "alliance" for kind, _ in record.named):
            continue
        (masked,) = embedder.embed([names.mask(record.text, MASK)])
        cosines = np.where(sentences == record.sentence_id, 0.0, vectors @ masked)
        found = bodies.features(record.text)
        found[:, OF_QUESTIONS] = [cosines[body_of == place].max(initial=0.0) for place in range(len(places))]
        features.append(found)
        meant.append(body_of[row])
    return np.array(features), np.array(meant)


def of_none(files: Sequence[Path], bodies: DescribedBodies, names: NameFinder) -> Floats:
    """Features of the questions of files that name no body, and are about none or several."""
    items = [item for file in files for item in yaml.safe_load(file.read_text(encoding="utf-8")) if "ask" in item]
    asked = [
        item["ask"]
        for item in items
        if not any(mention.alliances for mention in names.find(item["ask"]))
        and (item.get("kind") != "gap" if item.get("abstain") else len(item.get("cites", ())) > 1)
    ]
    return np.array([bodies.features(question) for question in asked])


def main() -> None:
    """Fit, and print how good it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="question files over the library that ships")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    with Assistant.open() as assistant:
        answering = assistant._current()
        bodies, names = answering.questions.described, answering.names
        described, meant = of_articles(bodies, answering.index.catalogue, names, answering.embedder)
        on_none = of_none(arguments.files, bodies, names)
    weights, none = fit(described, meant, on_none)
    found, wrongly = shares(described, weights, none), shares(on_none, weights, none)
    is_sure, is_right = found.max(axis=1) >= SURE, found.argmax(axis=1) == meant
    console.print(
        f"{len(meant)} questions that name no body: the likeliest is right for {is_right.mean():.1%}; sure of"
        f" {is_sure.mean():.1%}, and right with {is_right[is_sure].mean():.1%} of these; {len(on_none)} questions on"
        f" none or several: sure of {np.mean(wrongly.max(axis=1) >= SURE):.1%}"
    )
    console.print(f"WEIGHTS = ({', '.join(f'{weight:.2f}' for weight in weights)})\nNONE = {none:.2f}")


if __name__ == "__main__":
    main()
