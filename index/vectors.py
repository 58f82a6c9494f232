"""The vectors of a new generation: taken over where the text is the same, embedded where it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.embed import Embedder, are_unit
from index.errors import IndexDamaged, IndexProblem
from index.generations import Generation
from index.types import Passage

VectorOf = Mapping[str, NDArray[np.float32]]  # each (dim,), unit-norm


@dataclass(frozen=True, slots=True)
class KnownVectors:
    """Vectors that exist already: by passage id, and by the text of a sentence."""

    passages: VectorOf
    sentences: VectorOf


NO_VECTORS = KnownVectors({}, {})


@dataclass(frozen=True, slots=True)
class Vectors:
    """All vectors of a generation.

    Attributes:
        passages: (n_passages, dim), unit rows, in the order of the passages.
        sentences: By text, for every sentence.
        embedded: How many passages the model had to read.
    """

    passages: NDArray[np.float32]
    sentences: VectorOf
    embedded: int


def read_vectors(generation: Generation, dimension: int) -> KnownVectors:
    """The sound vectors of a generation that may be damaged; none if its catalogue is."""
    try:
        catalogue = Catalogue.open(generation.catalogue)
    except IndexDamaged:
        return NO_VECTORS
    try:
        catalogue.check()
        return KnownVectors(
            _sound(catalogue.passage_vectors(), dimension), _sound(catalogue.sentence_vectors(), dimension)
        )
    except IndexDamaged:
        return NO_VECTORS
    finally:
        catalogue.close()


def sentence_texts(passages: Sequence[Passage]) -> list[str]:
    """The distinct sentences of the passages, in their order."""
    return list(dict.fromkeys(sentence.text for passage in passages for sentence in passage.sentences))


def make_vectors(
    passages: Sequence[Passage], known: KnownVectors, embedder: Embedder, on_done: Callable[[int, int], None]
) -> Vectors:
    """Embed what has no vector yet.

    Args:
        passages: Of the whole library.
        known: Vectors to take over.
        embedder: Makes the others.
        on_done: Told how many texts are ready, of how many; once before the first.

    Raises:
        IndexProblem: The embedding model cannot be used.
    """
    texts = sentence_texts(passages)
    new_passages = [passage for passage in passages if passage.id not in known.passages]
    new_texts = [text for text in texts if text not in known.sentences]
    to_embed = [passage.embedded_text for passage in new_passages] + new_texts
    on_done(0, len(to_embed))
    made = embedder.embed(to_embed, lambda done: on_done(done, len(to_embed)))
    if made.shape != (len(to_embed), embedder.dimension) or not are_unit(made).all():
        raise IndexProblem(f"The embedding model '{embedder.name}' gave vectors that are not of length one.")
    made_passages, made_texts = np.split(made, [len(new_passages)])
    by_id = {**known.passages, **{p.id: v for p, v in zip(new_passages, made_passages, strict=True)}}
    by_text = {**known.sentences, **dict(zip(new_texts, made_texts, strict=True))}
    return Vectors(
        np.array([by_id[passage.id] for passage in passages], dtype=np.float32),
        {text: by_text[text] for text in texts},
        len(new_passages),
    )


def _sound(vectors: VectorOf, dimension: int) -> VectorOf:
    return {key: v for key, v in vectors.items() if v.shape == (dimension,) and are_unit(v[np.newaxis]).all()}
