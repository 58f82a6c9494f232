"""Every byte of a generation, looked at: also what opening it leaves out because it takes too long.

In two halves, because Chroma may end the process that opens damaged files: the caller looks at `check_vectors` from
a process of its own.
"""

from __future__ import annotations

from contextlib import closing

import numpy as np

from index.generations import Generation
from index.made_once import sha256_of
from index.manifest import Manifest, digest, read_manifest
from index.reading import damaged, finds_itself, open_catalogue
from index.vectors.exact_search import ExactSearch
from index.vectors.store import VectorStore

_SAMPLE = 50  # vectors that are looked for
_FOUND_PART = 0.9  # of them, at least: HNSW, which is approximate, may miss one in a sound index


def check_catalogue(generation: Generation) -> None:
    """Look at manifest and catalogue: checksums, every page, every vector.

    Raises:
        IndexDamaged: One of them is not what was written; the message names the file.
        IndexMismatch: Another version of this project wrote the generation.
    """
    manifest = read_manifest(generation.manifest)
    with closing(open_catalogue(generation, manifest)) as catalogue:
        if sha256_of(generation.catalogue) != manifest.catalogue_sha256:  # of a large one, not looked at yet
            raise damaged(generation, "catalogue.sqlite is not what was written")
        catalogue.check()
        ExactSearch.load(catalogue, _dimension(manifest))


def check_vectors(generation: Generation, chroma_url: str | None = None) -> None:
    """Look at what Chroma holds: every id, and a sample of vectors that must find themselves.

    Raises:
        IndexDamaged: Chroma does not hold what was written.
        IndexMismatch: The vectors are on a server and `chroma_url` is None, or the other way round.
        IndexUnreachable: The server does not answer.
        IndexNotWritten: Read-only folder or full disk; Chroma cannot read without writing.
    """
    manifest = read_manifest(generation.manifest)
    with closing(open_catalogue(generation, manifest)) as catalogue:
        _, vectors = catalogue.vectors(_dimension(manifest))
    with closing(VectorStore.open(generation.chroma, url=chroma_url)) as store:
        if digest([store.ids()]) != manifest.passage_ids:
            raise damaged(generation, "chroma: other passages than were written")
        sample = vectors[np.unique(np.linspace(0, len(vectors) - 1, _SAMPLE).astype(int))]
        found = sum(finds_itself(store, vector) for vector in sample)
        if found < _FOUND_PART * len(sample):
            raise damaged(generation, f"chroma: {len(sample) - found} of {len(sample)} vectors are not found")


def _dimension(manifest: Manifest) -> int:
    return len(manifest.canaries[0].unit_vector())
