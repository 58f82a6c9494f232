"""Fits `assistant/exact/intent_classifier.py` on wordings of questions, and writes assistant/exact/intents.npz.

Five-fold cross-validation tells how good the classifier is: of the wordings whose intent is told with at least a
certain probability, how many are told rightly (precision), and of all wordings of intents, how many are told so
(recall).

Example: python bench/fit_intents.py tests/questions/wordings.yaml
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix, hstack, lil_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from assistant import Assistant
from assistant.exact.intent_classifier import OTHER, embedded, ngrams_of, signature, tf_idf
from assistant.exact.reading import Reading, read
from index.names.finder import NameFinder
from index.vectors.embed import Embedder

FITTED = Path(__file__).resolve().parent.parent / "assistant" / "exact" / "intents.npz"
FOLDS = 5
INVERSE_RIDGE = 10.0
LEAST_WORDINGS = 2  # that an n-gram stands in
LEAST_OF_SIGNATURE = 4  # wordings of an intent with so many names; fewer are odd ones
# Stand for {body}, {body2}, {org} ... while a wording is taken apart.
NAMES = {"body": "CoSAI", "body2": "MLCommons", "body3": "UALink", "org": "Salesforce", "org2": "Qualcomm"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording, taken apart as a question is, and its intent."""

    reading: Reading
    intent: str


@dataclass(frozen=True, slots=True)
class NGrams:
    """The n-grams that several wordings hold, with their places and inverse document frequencies."""

    rows: dict[str, int]
    idf: NDArray[np.float32]


def read_wordings(path: Path, names: NameFinder) -> list[Wording]:
    """The wordings of a file, taken apart with names in the places of their marks."""
    wordings = []
    for intent, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for text in texts:
            question = re.sub(r"\{(\w+)\}", lambda mark: NAMES[mark[1]], text)
            wordings.append(Wording(read(question, names.find(question), date.today()), intent))
    return wordings


def count_ngrams(wordings: Sequence[Wording]) -> NGrams:
    """Those that at least `LEAST_WORDINGS` hold; idf = ln((1 + n) / (1 + df)) + 1, as scikit-learn smooths it."""
    held = Counter(ngram for wording in wordings for ngram in ngrams_of(wording.reading.masked))
    kept = sorted(ngram for ngram, number in held.items() if number >= LEAST_WORDINGS)
    idf = [math.log((1 + len(wordings)) / (1 + held[ngram])) + 1 for ngram in kept]
    return NGrams({ngram: row for row, ngram in enumerate(kept)}, np.array(idf, np.float32))


def features(wordings: Sequence[Wording], ngrams: NGrams, embedder: Embedder) -> csr_matrix:
    """Embeddings and n-grams side by side, (n_wordings, 2 * dim + n_ngrams)."""
    masked = [wording.reading.masked for wording in wordings]
    counts = lil_matrix((len(masked), len(ngrams.rows)), dtype=np.float32)
    for row, text in enumerate(masked):
        for ngram, value in tf_idf(text, ngrams.rows, ngrams.idf).items():
            counts[row, ngrams.rows[ngram]] = value
    return hstack([csr_matrix(embedded(masked, embedder)), counts]).tocsr()


def possible_intents(wordings: Sequence[Wording]) -> dict[str, list[str]]:
    """Signature -> the intents that questions with so many names can have, and `other`."""
    held = Counter((signature(wording.reading.masked), wording.intent) for wording in wordings)
    signatures = sorted({own for own, _ in held})
    return {
        own: sorted({OTHER, *(i for (s, i), number in held.items() if s == own and number >= LEAST_OF_SIGNATURE)})
        for own in signatures
    }


def fit(x: csr_matrix, intents: Floats) -> LogisticRegression:
    """The multinomial logistic regression."""
    return LogisticRegression(C=INVERSE_RIDGE, max_iter=1000).fit(x, intents)


def report(x: csr_matrix, wordings: Sequence[Wording], console: Console) -> None:
    """Print precision and recall at several probabilities, cross-validated, and what is most often mixed up."""
    intents = np.array([wording.intent for wording in wordings])
    names = np.unique(intents)
    possible = possible_intents(wordings)
    allowed = np.array([[name in possible[signature(w.reading.masked)] for name in names] for w in wordings])
    found = np.zeros((len(wordings), len(names)))
    for known, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(np.zeros(len(intents)), intents):
        found[unseen] = fit(x[known], intents[known]).predict_proba(x[unseen])
    found = np.where(allowed, found, 0)
    found /= np.maximum(found.sum(axis=1, keepdims=True), 1e-9)
    told, sure = names[found.argmax(axis=1)], found.max(axis=1)
    table = Table("Probability at least", "Precision", "Recall")
    of_intents = intents != OTHER
    for bar in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        chosen = (told != OTHER) & (sure >= bar)
        right = chosen & (told == intents)
        table.add_row(f"{bar}", f"{right.sum() / chosen.sum():.1%}", f"{right.sum() / of_intents.sum():.1%}")
    console.print(table)
    mixed_up = Counter((own, other) for own, other in zip(intents, told, strict=True) if own != other)
    console.print("Most often mixed up:", ", ".join(f"{a} as {b} ({n})" for (a, b), n in mixed_up.most_common(12)))


def write(model: LogisticRegression, ngrams: NGrams, wordings: Sequence[Wording]) -> None:
    """Write the classifier; 16 bits are enough for its numbers."""
    known: dict[str, set[str]] = defaultdict(set)
    for wording in wordings:
        known[wording.intent] |= wording.reading.left
    words = {
        "intents": list(model.classes_),
        "ngrams": list(ngrams.rows),
        "possible": possible_intents(wordings),
        "known": {intent: sorted(stems) for intent, stems in known.items() if intent != OTHER},
    }
    weights = model.coef_.T
    meaning = weights.shape[0] - len(ngrams.rows)
    np.savez_compressed(
        FITTED,
        words=np.frombuffer(json.dumps(words).encode(), np.uint8),
        idf=ngrams.idf.astype(np.float16),
        of_embedding=weights[:meaning].astype(np.float16),
        of_ngrams=weights[meaning:].astype(np.float16),
        bias=model.intercept_.astype(np.float16),
    )


def main() -> None:
    """Fit on the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="YAML: intent -> wordings")
    arguments = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    with Assistant.open() as assistant:
        answering = assistant._current()  # noqa: SLF001
        wordings = read_wordings(arguments.file, answering.names)
        ngrams = count_ngrams(wordings)
        x = features(wordings, ngrams, answering.embedder)
    console.print(f"{len(wordings)} wordings of {len({w.intent for w in wordings})} intents, {x.shape[1]} features")
    report(x, wordings, console)
    write(fit(x, np.array([wording.intent for wording in wordings])), ngrams, wordings)
    console.print(f"written: {FITTED}, {FITTED.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
