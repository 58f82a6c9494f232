"""manifest.json: what a generation of the index was made of and by, and so whether it may be used."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from index.articles import Library
from index.catalogue_writer import CATALOGUE_FORMAT
from index.errors import IndexDamaged, IndexMismatch
from index.passages import PASSAGE_FORMAT
from index.types import Passage
from index.vectors.embed import Embedder, are_unit
from index.vectors.store import STORE_FORMAT

INDEX_FORMAT = f"index 2, catalogue {CATALOGUE_FORMAT}, vectors {STORE_FORMAT}"
_CANARIES = 8
_CHECKSUM = "checksum"  # of the other fields


@dataclass(frozen=True, slots=True)
class Canary:
    """A passage with the vector it was given; `vector` is float32, little-endian, in base64."""

    passage_id: str
    text: str
    vector: str

    def __post_init__(self) -> None:
        if not are_unit(self.unit_vector()[np.newaxis]).all():
            raise ValueError("the vector is not of length one")

    @classmethod
    def of(cls, passage_id: str, text: str, vector: NDArray[np.float32]) -> Canary:
        """Keep this vector (dim,)."""
        return cls(passage_id, text, base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii"))

    def unit_vector(self) -> NDArray[np.float32]:
        """The vector, (dim,).

        Raises:
            ValueError: `vector` is no base64 or holds half a number.
        """
        return np.frombuffer(base64.b64decode(self.vector, validate=True), dtype="<f4")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of and by.

    Attributes:
        format: Layout of the generation's files, `INDEX_FORMAT` when it was written.
        app_version: Version of this project that wrote it.
        embedder: Name of the embedding model, for people.
        fingerprint: The embedding model's fingerprint.
        passage_format: How articles were cut into passages.
        articles: Slug -> sha256 of the article's file and of that of its questions, hex.
        article_paths: Digest of where the articles lay; the catalogue remembers it.
        organisations: Digest of the organisations with their aliases and kinds.
        counts: Rows in the catalogue: articles, passages, sentences, questions, alliances, organisations.
        passage_ids: Digest of the sorted passage ids.
        store: Where Chroma keeps the vectors: in the generation's folder or on a server.
        catalogue_sha256: Of catalogue.sqlite as it was written, hex; empty before that.
        canaries: A few passages that the vector store must find again.
        built_at: ISO 8601, UTC.
    """

    format: str
    app_version: str
    embedder: str
    fingerprint: str
    passage_format: str
    articles: Mapping[str, str]
    article_paths: str
    organisations: str
    counts: Mapping[str, int]
    passage_ids: str
    store: Literal["embedded", "server"]
    catalogue_sha256: str
    canaries: tuple[Canary, ...]
    built_at: str

    @property
    def built_locally(self) -> str:
        """When it was built, by this machine's clock, for people: `2026-11-23 14:05`."""
        return datetime.fromisoformat(self.built_at).astimezone().strftime("%Y-%m-%d %H:%M")

    def describes_same_index(self, other: Manifest) -> bool:
        """Whether both come from the same articles in the same way, whoever built them and when."""
        return self._contents() == other._contents()

    def _contents(self) -> Manifest:
        return replace(self, app_version="", built_at="", canaries=(), catalogue_sha256="")


_JSON = TypeAdapter(Manifest)


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write manifest.json, with a checksum of itself."""
    fields = _JSON.dump_python(manifest, mode="json")
    path.write_text(json.dumps({**fields, _CHECKSUM: _checksum(fields)}, indent=1), encoding="utf-8")


def read_manifest(path: Path) -> Manifest:
    """Read manifest.json.

    Raises:
        IndexDamaged: It is missing or not what was written.
        IndexMismatch: Another version of this project wrote it, in another format.
    """
    try:
        fields = json.loads(path.read_bytes())
        # Looked at first: the fields of another format need not be the ones of this one.
        written = fields["format"]
        if written == INDEX_FORMAT:
            if fields.pop(_CHECKSUM) != _checksum(fields):
                raise ValueError
            return _JSON.validate_json(json.dumps(fields))
    except (OSError, ValueError, KeyError, TypeError) as exc:  # ValidationError is a ValueError
        raise IndexDamaged(f"{path} cannot be read ({_reason(exc)}). Run `alliances rebuild`.") from exc
    raise IndexMismatch(
        f"The index {path.parent} has the format '{written}', this version reads '{INDEX_FORMAT}'. "
        "Run `alliances rebuild`."
    )


def describe(library: Library, passages: Sequence[Passage], embedder: Embedder) -> Manifest:
    """The manifest of the generation that these articles make; its writer knows the store, checksum and canaries."""
    articles = library.articles
    return Manifest(
        format=INDEX_FORMAT,
        app_version=_app_version(),
        embedder=embedder.name,
        fingerprint=embedder.fingerprint,
        passage_format=PASSAGE_FORMAT,
        articles={article.slug: article.digest for article in articles},
        article_paths=digest([(article.slug, str(article.path)) for article in articles]),
        organisations=digest([(o.name, o.aliases, o.kind) for o in library.organisations]),
        counts={
            "articles": len(articles),
            "passages": len(passages),
            "sentences": sum(len(article.sentences) for article in articles),
            "questions": sum(len(article.questions) for article in articles),
            "alliances": sum(article.alliance is not None for article in articles),
            "organisations": len(library.organisations),
        },
        passage_ids=digest([sorted(passage.id for passage in passages)]),
        store="embedded",
        catalogue_sha256="",
        canaries=(),
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def choose_canaries(
    passages: Sequence[Passage], vectors_of: Callable[[Sequence[str]], NDArray[np.float32]]
) -> tuple[Canary, ...]:
    """Passages from all over the library, with their vectors; `vectors_of` gives (n_ids, dim) for passage ids."""
    chosen = [passages[i] for i in np.unique(np.linspace(0, len(passages) - 1, _CANARIES).astype(int))]
    vectors = vectors_of([passage.id for passage in chosen])
    return tuple(Canary.of(p.id, p.embedded_text, vector) for p, vector in zip(chosen, vectors, strict=True))


def digest(parts: Iterable[Sequence[object]]) -> str:
    """Sha256, hex, of a list of lists of texts, numbers and Nones."""
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()


def _checksum(fields: Mapping[str, Any]) -> str:
    return digest([[name, fields[name]] for name in sorted(fields)])


def _reason(exc: Exception) -> str:
    if isinstance(exc, OSError):
        return exc.strerror or type(exc).__name__
    return "it is not what was written"


def _app_version() -> str:
    try:
        return version("alliance-assistant")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "unknown"
