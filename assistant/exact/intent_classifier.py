"""What a question asks of the catalogue, however it is worded: an intent classifier over masked questions.

A multinomial logistic regression on two sentence embeddings of the question and the tf-idf of its stemmed n-grams,
fitted by `bench/fit_intents.py` on the wordings of tests/questions/wordings.yaml. Beside the intents of the catalogue
it knows `other`: near questions that the catalogue cannot answer. Which intents are possible at all is settled by how
many bodies and organisations the question names.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.exact.reading import Reading
from assistant.words import stem
from index.vectors.embed import Embedder

OTHER = "other"
LONGEST_NGRAM = 3
EMBEDDING_SCALE = 3.0  # of unit vectors, beside n-grams whose vector is a unit one, too
_FILE = "intents.npz"
_LONG = 6  # letters
# Two ways to fill the marks: common nouns keep the relation in sight, names the form of the question.
_NOUNS: dict[str, tuple[str, ...]] = {"@": ("the Alliance",), "#": ("the Company",)}
_NAMES: dict[str, tuple[str, ...]] = {
    "@": ("AI Alliance", "Partnership on AI", "MLCommons"),
    "#": ("Microsoft", "Google"),
}

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a question may ask.

    Attributes:
        intent: The likeliest intent.
        probability: Of each intent that is possible, 0 to 1.
    """

    intent: str
    probability: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class IntentWeights:
    """The fitted classifier.

    Attributes:
        intents: (n_intents,) names.
        ngrams: n-gram -> its row in `of_ngrams`.
        idf: (n_ngrams,) inverse document frequencies.
        of_ngrams: (n_ngrams, n_intents).
        of_embedding: (2 * dim, n_intents).
        bias: (n_intents,).
        possible: Signature, see `signature`, -> the intents that questions of it can have.
        known: Intent -> stems of the content words of its wordings.
    """

    intents: tuple[str, ...]
    ngrams: dict[str, int]
    idf: Floats
    of_ngrams: Floats
    of_embedding: Floats
    bias: Floats
    possible: dict[str, frozenset[str]]
    known: dict[str, frozenset[str]]


def guess_intent(reading: Reading, embedder: Embedder) -> Guess:
    """The likeliest intent of a question.

    Args:
        reading: The question, taken apart.
        embedder: Embeds it with names of bodies known to everybody in the place of its own.
    """
    weights = _fitted()
    possible = weights.possible.get(signature(reading.masked), frozenset())
    places = [place for place, intent in enumerate(weights.intents) if intent in possible]
    if not places:
        return Guess(OTHER, {OTHER: 1.0})
    scores = weights.bias + embedded([reading.masked], embedder)[0] @ weights.of_embedding
    for ngram, value in tf_idf(reading.masked, weights.ngrams, weights.idf).items():
        scores = scores + value * weights.of_ngrams[weights.ngrams[ngram]]
    likely = np.exp(scores[places] - np.max(scores[places]))
    likely /= likely.sum()
    names = [weights.intents[place] for place in places]
    return Guess(names[int(likely.argmax())], dict(zip(names, likely.tolist(), strict=True)))


def known_stems(*intents: str) -> frozenset[str]:
    """The stems of the content words in the wordings of these intents."""
    return frozenset().union(*(_fitted().known[intent] for intent in intents))


def unknown_stems(stems: frozenset[str], *intents: str) -> frozenset[str]:
    """Those of the stems that no wording of these intents holds, nor one much like it."""
    known = known_stems(*intents)
    return frozenset(own for own in stems - known if not _is_misspelt(own, known))


def _is_misspelt(own: str, known: frozenset[str]) -> bool:
    """True for "acheiv"; words that short are other words."""
    return len(own) >= _LONG and process.extractOne(own, known, scorer=OSA.distance, score_cutoff=1) is not None


def signature(masked: str) -> str:
    """How many bodies and organisations a masked question names, counted up to two: "1@0#"."""
    return f"{min(masked.count('@'), 2)}@{min(masked.count('#'), 2)}#"


def embedded(masked: Sequence[str], embedder: Embedder) -> Floats:
    """The features of masked questions' meaning, (len(masked), 2 * dim)."""
    texts = [_filled(text, names) for names in (_NOUNS, _NAMES) for text in masked]
    vectors = embedder.embed(texts) * EMBEDDING_SCALE
    return np.hstack([vectors[: len(masked)], vectors[len(masked) :]])


def ngrams_of(masked: str) -> Counter[str]:
    """The stemmed n-grams of a masked question, its marks numbered: "not @2"."""
    numbers: Counter[str] = Counter()

    def token(word: str) -> str:
        if word not in "@#":
            return stem(word)
        numbers[word] += 1
        return f"{word}{numbers[word]}"

    tokens = [token(word) for word in re.findall(r"[a-z0-9']+|[@#]", masked.lower())]
    sizes = range(1, LONGEST_NGRAM + 1)
    return Counter(" ".join(tokens[i : i + n]) for n in sizes for i in range(len(tokens) - n + 1))


def tf_idf(masked: str, known: dict[str, int], idf: Floats) -> dict[str, float]:
    """The known n-grams of a masked question by (1 + ln tf) * idf, of Euclidean length 1."""
    values = {
        ngram: (1 + math.log(count)) * float(idf[known[ngram]])
        for ngram, count in ngrams_of(masked).items()
        if ngram in known
    }
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {ngram: value / length for ngram, value in values.items()}


def _filled(masked: str, names: dict[str, tuple[str, ...]]) -> str:
    numbers: Counter[str] = Counter()

    def name(match: re.Match[str]) -> str:
        own = names[match[0]]
        numbers[match[0]] += 1
        return own[min(numbers[match[0]], len(own)) - 1]

    return re.sub("[@#]", name, masked)


@cache
def _fitted() -> IntentWeights:
    with (resources.files("assistant.exact") / _FILE).open("rb") as file, np.load(file) as data:
        words = json.loads(bytes(data["words"]))
        return IntentWeights(
            intents=tuple(words["intents"]),
            ngrams={ngram: row for row, ngram in enumerate(words["ngrams"])},
            idf=data["idf"].astype(np.float32),
            of_ngrams=data["of_ngrams"].astype(np.float32),
            of_embedding=data["of_embedding"].astype(np.float32),
            bias=data["bias"].astype(np.float32),
            possible={key: frozenset(intents) for key, intents in words["possible"].items()},
            known={intent: frozenset(stems) for intent, stems in words["known"].items()},
        )
