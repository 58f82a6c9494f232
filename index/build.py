"""Articles -> a new generation of the index, published all at once.

1. `lock`       be the only builder
2. `clean`      remove what a killed build left
3. `load`       read and check the articles, cut them into passages; if the index has them, that is all
4. `embed`      vectors for the passages that have none in the current generation or from an unfinished build
5. `catalogue`  write catalogue.sqlite     }
6. `chroma`     write the vector store     }  all in gen-N.tmp, after a look at the free space
7. `manifest`   write manifest.json        }
8. `verify`     open it afresh, compare it and Chroma's ids with what should be in them
9. `fsync`      have it on the disk
10. `rename`    gen-N.tmp becomes gen-N
11. `current`   CURRENT names gen-N: from here on it answers
12. `cleanup`   remove old generations

Killed at any moment, the index is the old one or the new one, whole; the next build removes the rest, but takes
over the vectors that were made.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from index.articles import Library, load_library
from index.build_report import STEPS, BuildReport, Step, ignore
from index.catalogue import Catalogue
from index.catalogue_writer import write_catalogue
from index.errors import IndexDamaged, IndexMismatch, IndexNotWritten, IndexProblem, LibraryError
from index.generations import Generation, IndexFolder, sync_tree
from index.made_once import sha256_of
from index.manifest import Manifest, choose_canaries, describe, digest, read_manifest, write_manifest
from index.masked_questions import MaskedQuestion, mask_questions
from index.passages import PASSAGE_FORMAT, split_article
from index.reading import OpenIndex, check_store, is_searched_exactly, open_generation, open_index
from index.types import Passage
from index.vectors.embed import Embedder
from index.vectors.store import VectorStore
from index.vectors.taken_over import Vectors
from index.vectors.unfinished import UnfinishedVectors

__all__ = ["STEPS", "BuildReport", "OpenIndex", "Step", "build_index", "open_index", "rebuild"]

_UNFINISHED = "embeddings.partial"
# Measured on disk: a vector lies in the catalogue, in Chroma and in the unfinished vectors, a text in the catalogue
# and its word index. Twice that, and room for readers, which need to write beside the index.
_VECTOR_BYTES_PER_NUMBER = 16
_BYTES_PER_TEXT = 6_000
_SAFETY = 2
_MARGIN_BYTES = 64_000_000

T = TypeVar("T")


def rebuild(
    folders: Sequence[Path],
    index_folder: Path,
    embedder: Embedder,
    *,
    on_step: Callable[[Step], None] = ignore,
    force: bool = False,
    chroma_url: str | None = None,
) -> BuildReport:
    """Bring the index up to date with the articles; the old one answers until the new one is whole.

    Args:
        folders: The libraries; one that does not exist counts as empty.
        index_folder: Where the index lies, made if need be.
        embedder: Makes the vectors.
        on_step: Told before each step, and after each batch of texts; `STEPS` are the names.
        force: Build although nothing has changed, and take over no vectors.
        chroma_url: A Chroma server to hold the vectors; by default, Chroma runs in this process.

    Raises:
        LibraryError: An article is wrong, or there are none.
        IndexBusy: Another process builds.
        IndexNotWritten: Full disk or read-only folder; the old index, if any, still answers.
        IndexUnreachable: The Chroma server does not answer.
        IndexProblem: The embedding model cannot be used.
    """

    def load() -> Library:
        library = load_library(folders)
        if not library.articles:
            raise LibraryError(f"There are no articles (*.md) in {' or '.join(map(str, folders))}. Add some.")
        return library

    return _Build(IndexFolder(index_folder), embedder, on_step, chroma_url).run(load, force)


def build_index(
    library: Library,
    index_folder: Path,
    embedder: Embedder,
    *,
    on_step: Callable[[Step], None] = ignore,
    chroma_url: str | None = None,
) -> BuildReport:
    """As `rebuild`, from articles that are in memory already; there has to be one."""
    return _Build(IndexFolder(index_folder), embedder, on_step, chroma_url).run(lambda: library, force=False)


@dataclass(frozen=True, slots=True)
class _Input:
    """What the new generation is made from, and the manifest it will have but for the canaries."""

    library: Library
    passages: Sequence[Passage]
    questions: Sequence[MaskedQuestion]
    manifest: Manifest


class _Build:
    """One run; holds what every step needs."""

    def __init__(
        self, layout: IndexFolder, embedder: Embedder, on_step: Callable[[Step], None], chroma_url: str | None
    ) -> None:
        self._layout = layout
        self._embedder = embedder
        self._on_step = on_step
        self._chroma_url = chroma_url
        self._started = time.monotonic()
        self._needed_bytes = _MARGIN_BYTES

    def run(self, load: Callable[[], Library], force: bool) -> BuildReport:
        with ExitStack() as stack:
            self._do("lock", lambda: stack.enter_context(self._layout.lock()))
            self._do("clean", self._remove_leftovers)
            self._on_step(Step("load"))
            new = self._prepare(load())
            current = self._current()
            old = _manifest_of(current) if current else None
            if current and old and not force and self._is_up_to_date(current, old, new.manifest):
                (self._layout.root / _UNFINISHED).unlink(missing_ok=True)  # of a build killed while it cleaned up
                return self._report(current, new.manifest, old, embedded=0, unchanged=True)
            self._check_space(new)
            made = self._open_unfinished(stack)
            vectors = Vectors(None if force else self._known(current, old, stack), made, self._embedder.dimension)
            embedded = self._embed(new, vectors)
            generation = self._publish(new, vectors)
            self._do("cleanup", lambda: self._clean_up(current, made))
            return self._report(generation, new.manifest, old, embedded=embedded)

    def _prepare(self, library: Library) -> _Input:
        count_tokens = self._embedder.count_tokens
        passages = [passage for a in library.articles for passage in split_article(a, count_tokens)]
        manifest = describe(library, passages, self._embedder)
        manifest = replace(manifest, store="server" if self._chroma_url else "embedded")
        return _Input(library, passages, mask_questions(library), manifest)

    def _current(self) -> Generation | None:
        try:
            return self._layout.current()
        except IndexDamaged:
            return None

    def _is_up_to_date(self, current: Generation, old: Manifest, new: Manifest) -> bool:
        if not old.describes_same_index(new):
            return False
        try:
            open_generation(current, self._layout.root, self._embedder, self._chroma_url).close()
        except IndexProblem:  # damaged: a rebuild is what its message advises
            return False
        return True

    def _open_unfinished(self, stack: ExitStack) -> UnfinishedVectors:
        path = self._layout.root / _UNFINISHED
        try:
            made = UnfinishedVectors(path, self._embedder.fingerprint, self._embedder.dimension)
        except (OSError, sqlite3.OperationalError) as exc:
            raise self._not_written(exc) from exc
        stack.callback(made.close)
        return made

    def _known(self, generation: Generation | None, manifest: Manifest | None, stack: ExitStack) -> Catalogue | None:
        """The current generation's catalogue, if its vectors are whole and were made as they would be made now."""
        if generation is None or manifest is None:
            return None
        if (manifest.fingerprint, manifest.passage_format) != (self._embedder.fingerprint, PASSAGE_FORMAT):
            return None
        try:
            if sha256_of(generation.catalogue) != manifest.catalogue_sha256:
                return None
            catalogue = Catalogue.open(generation.catalogue)
        except (OSError, IndexDamaged):
            return None
        stack.callback(catalogue.close)
        return catalogue

    def _embed(self, new: _Input, vectors: Vectors) -> int:
        """Returns the number of passages that had to be read; questions are not counted."""
        try:
            made = vectors.make_missing(
                [*new.passages, *new.questions],
                self._embedder,
                lambda done, total: self._on_step(Step("embed", done, total)),
            )
            return sum(passage.id in made for passage in new.passages)
        except (OSError, sqlite3.OperationalError) as exc:
            raise self._not_written(exc) from exc

    def _publish(self, new: _Input, vectors: Vectors) -> Generation:
        """Steps 5 to 11; whatever ends them early, what is unfinished is removed."""
        try:
            building = self._do("catalogue", lambda: self._write_catalogue(new, vectors))
            self._do("chroma", lambda: self._write_chroma(building, new, vectors))
            manifest = replace(
                new.manifest,
                catalogue_sha256=sha256_of(building.catalogue),
                canaries=choose_canaries(new.passages, vectors.of),
            )
            self._do("manifest", lambda: write_manifest(building.manifest, manifest))
            self._do("verify", lambda: self._verify(building, manifest))
            self._do("fsync", lambda: sync_tree(building.folder))
            generation = self._do("rename", lambda: self._layout.finish(building))
            self._do("current", lambda: self._layout.point_to(generation))
            return generation
        except BaseException:  # Ctrl-C too
            self._remove_leftovers()
            raise

    def _write_catalogue(self, new: _Input, vectors: Vectors) -> Generation:
        building = self._layout.start()
        write_catalogue(building.catalogue, new.library, new.passages, vectors.of, new.questions)
        return building

    def _write_chroma(self, building: Generation, new: _Input, vectors: Vectors) -> None:
        batches = vectors.in_windows([passage.id for passage in new.passages])
        VectorStore.create(building.chroma, batches, url=self._chroma_url).close()

    def _verify(self, building: Generation, manifest: Manifest) -> None:
        """Read back what was written: the catalogue page by page, and Chroma, which readers may not open."""
        try:
            with open_generation(building, self._layout.root, self._embedder, self._chroma_url) as index:
                index.catalogue.check()
            with closing(VectorStore.open(building.chroma, url=self._chroma_url)) as store:
                if not is_searched_exactly(
                    manifest
                ):  # a search makes Chroma build its graph, which takes as long again
                    check_store(store, manifest)
                found = digest([store.ids()])
        except IndexDamaged as exc:
            raise IndexNotWritten(f"it does not read back as written: {exc}") from exc
        if found != manifest.passage_ids:
            raise IndexNotWritten("it does not read back as written: other ids in the vector store")

    def _clean_up(self, read_until_now: Generation | None, made: UnfinishedVectors) -> None:
        made.remove()
        self._layout.remove_old(read_until_now, self._remove_store)

    def _remove_leftovers(self) -> None:
        self._layout.remove_leftovers(self._remove_store)

    def _remove_store(self, folder: Path) -> None:
        VectorStore.remove(folder, url=self._chroma_url)

    def _do(self, name: str, work: Callable[[], T]) -> T:
        """Announce a step, then take it; what the disk refuses becomes IndexNotWritten."""
        self._on_step(Step(name))
        try:
            return work()
        except (OSError, sqlite3.OperationalError, IndexNotWritten) as exc:
            raise self._not_written(exc) from exc

    def _check_space(self, new: _Input) -> None:
        each = self._embedder.dimension * _VECTOR_BYTES_PER_NUMBER + _BYTES_PER_TEXT
        of_questions = len(new.questions) * self._embedder.dimension * _VECTOR_BYTES_PER_NUMBER
        self._needed_bytes = _SAFETY * (len(new.passages) * each + of_questions) + _MARGIN_BYTES
        if self._free_bytes() < self._needed_bytes:
            raise self._not_written("too little free space")

    def _free_bytes(self) -> int:
        root = self._layout.root.absolute()
        existing = next(folder for folder in (root, *root.parents) if folder.is_dir())
        return shutil.disk_usage(existing).free

    def _not_written(self, reason: object) -> IndexNotWritten:
        free, needed = (f"{size / 1e6:.0f} MB" for size in (self._free_bytes(), self._needed_bytes))
        remains = "The old index still answers. " if self._current() else ""
        return IndexNotWritten(
            f"The new index could not be written to {self._layout.root}: {str(reason).rstrip('.')}. "
            f"It needs about {needed} there, {free} are free. {remains}"
            "Free some space, or make the folder writable, and run `alliances rebuild`."
        )

    def _report(
        self,
        generation: Generation,
        new: Manifest,
        old: Manifest | None,
        *,
        embedded: int,
        unchanged: bool = False,
    ) -> BuildReport:
        now, before = new.articles, old.articles if old else {}
        return BuildReport(
            generation=generation.number,
            unchanged=unchanged,
            counts=new.counts,
            added=tuple(sorted(now.keys() - before.keys())),
            changed=tuple(sorted(slug for slug in now.keys() & before.keys() if now[slug] != before[slug])),
            removed=tuple(sorted(before.keys() - now.keys())),
            passages_embedded=embedded,
            passages_reused=new.counts["passages"] - embedded,
            seconds=time.monotonic() - self._started,
        )


def _manifest_of(generation: Generation) -> Manifest | None:
    try:
        return read_manifest(generation.manifest)
    except (IndexDamaged, IndexMismatch):
        return None
