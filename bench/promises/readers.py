"""Readers go on while the index is rebuilt again and again; no answer mixes two generations."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from index.build import open_index
from index.errors import AlliancesError
from index.search.hybrid import search
from promises.small_library import TOPICS, build, edition_of, search_by_chroma, write_edition
from promises.trials import PROCESSES, ChildEnded, Row, begin, in_child
from promises.word_embedder import WordEmbedder

_TOP_K = 8


@dataclass(slots=True)
class Read:
    """What a reader went through."""

    answers: int
    editions: int
    problems: list[str]


def try_out(times: int) -> Iterator[Row]:
    """A row for each way to search, each with a process of its own; `times` is half the number of rebuilds."""
    with tempfile.TemporaryDirectory() as folder:
        library, index_folder = Path(folder, "library"), Path(folder, "index")
        write_edition(library, 1)
        in_child(build, library, index_folder, WordEmbedder)
        stop = PROCESSES.Event()
        readers = {
            "searching the vectors in memory": begin(_read, index_folder, stop, by_chroma=False)[1],
            "searching by Chroma": begin(_read, index_folder, stop, by_chroma=True)[1],
        }
        rebuilds = 2 * times
        failed = ""
        try:
            in_child(_rebuild_again_and_again, library, index_folder, rebuilds)
        except ChildEnded as exc:
            failed = f"a rebuild failed: {exc}"
        finally:
            stop.set()
        for way, reader in readers.items():
            yield _row(f"answers during {rebuilds} rebuilds, {way}", reader, failed)


def _row(promise: str, reader: Connection, failed: str) -> Row:
    row = Row(promise)
    try:
        read: Read = reader.recv()
    except EOFError:
        row.record(["the reader died"])
        return row
    row.tried, row.broken = read.answers, read.problems
    row.remarks = f"from {read.editions} generations"
    if failed:
        row.record([failed])
    if read.editions < 2:
        row.record(["no other generation was read than the first"])
    return row


def _rebuild_again_and_again(library: Path, index_folder: Path, times: int) -> None:
    for edition in range(2, times + 2):
        write_edition(library, edition)
        build(library, index_folder, WordEmbedder)


def _read(connection: Connection, index_folder: Path, stop: Event, *, by_chroma: bool) -> None:
    if by_chroma:
        search_by_chroma()
    embedder, read, seen = WordEmbedder(), Read(0, 0, []), set[int]()
    opened = open_index(index_folder, embedder)
    for topic in itertools.cycle(TOPICS):
        read.answers += 1
        question = f"What does the {topic} council list?"
        try:
            if opened.is_superseded():
                opened.close()
                opened = open_index(index_folder, embedder)
            hits = search(opened.catalogue, opened.store, question, embedder.embed([question])[0], top_k=_TOP_K)
        except AlliancesError as exc:
            read.problems.append(str(exc))
        else:
            editions = {edition_of(hit.passage.text) for hit in hits}
            if len(editions) != 1 or len(hits) < _TOP_K:
                read.problems.append(f"{len(hits)} hits, of the editions {sorted(editions)}")
            seen |= editions
        if read.answers == 1:
            connection.send("reading")
        elif stop.is_set():
            break
    read.editions = len(seen)
    connection.send(read)
