"""A library of 120 articles in editions: each is one passage and tells its edition, which gives a mixed index away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import index.reading
from index.build import BuildReport, open_index, rebuild
from index.deep_check import check_catalogue, check_vectors
from index.errors import IndexDamaged
from index.generations import IndexFolder
from index.reading import OpenIndex, finds_itself
from index.vectors.embed import Embedder

TOPICS = (
    "harbour tide orchard barley comet glacier lantern copper violin timber canyon meadow falcon granite saffron "
    "willow beacon pottery cedar marble otter prairie quartz raven sandstone thistle umber velvet walnut zinc"
).split()
PARTS = ("members", "reports", "meetings", "standards")
PASSAGES = len(TOPICS) * len(PARTS)
_EDITION = re.compile(r"This is edition (\d+)\.")

MakeEmbedder = Callable[[], Embedder]


def write_edition(library: Path, edition: int) -> None:
    """Write every article of the library, in this edition."""
    library.mkdir(exist_ok=True)
    for topic in TOPICS:
        for part in PARTS:
            text = (
                f"---\ntitle: {topic.capitalize()} {part}\n---\n"
                f"The {part} of the {topic} council are listed once a year. This is edition {edition}.\n"
            )
            (library / f"{topic}-{part}.md").write_text(text, encoding="utf-8")


def build(library: Path, index_folder: Path, make_embedder: MakeEmbedder, *, force: bool = False) -> BuildReport:
    """Rebuild without a word."""
    return rebuild([library], index_folder, make_embedder(), force=force)


def build_editions(library: Path, index_folder: Path, make_embedder: MakeEmbedder, editions: int) -> None:
    """Build edition 1, then the next, and so on: a generation for each."""
    for edition in range(1, editions + 1):
        write_edition(library, edition)
        build(library, index_folder, make_embedder)


def edition_of(text: str) -> int:
    """The edition that a passage tells; 0 if it tells none."""
    match = _EDITION.search(text)
    return int(match[1]) if match else 0


def look_through(opened: OpenIndex, embedder: Embedder, edition: int) -> list[str]:
    """What is wrong with an open index: each passage has to be there, of this edition, and found by its own vector."""
    passages = opened.catalogue.passages(opened.store.ids())
    problems = [] if len(passages) == PASSAGES else [f"{len(passages)} passages instead of {PASSAGES}"]
    if (editions := {edition_of(passage.text) for passage in passages}) != {edition}:
        problems.append(f"answers with editions {sorted(editions)} instead of {edition}")
    vectors = embedder.embed([passage.embedded_text for passage in passages])
    if lost := sum(not finds_itself(opened.store, vector) for vector in vectors):
        problems.append(f"{lost} passages are not found by their own vectors")
    return problems


def search_by_chroma() -> None:
    """From now on, have this process search the vectors as if there were more than are searched in memory."""
    vars(index.reading)["EXACT_LIMIT"] = 0


def examine(index_folder: Path, make_embedder: MakeEmbedder, edition: int) -> list[str]:
    """What is wrong with an index: opened and searched as by readers, then every byte, Chroma's included."""
    embedder = make_embedder()
    with open_index(index_folder, embedder) as opened:
        problems = look_through(opened, embedder, edition)
        generation = next(g for g in IndexFolder(index_folder).generations() if g.number == opened.number)
    check_catalogue(generation)
    check_vectors(generation)
    return problems


def deep_problem(index_folder: Path) -> str:
    """What `alliances doctor --deep` looks at says of the current generation, or ""; damage may end the process."""
    try:
        generation = IndexFolder(index_folder).current()
        if generation is None:
            return "there is no index"
        check_catalogue(generation)
        check_vectors(generation)
    except IndexDamaged as exc:
        return str(exc)
    return ""
