"""How good the checker is on its own: right and wrong claims about a sentence of an article each, passed or caught.

The claims are made from the library that ships by a seeded script (`right_claims`, `wrong_claims`), and read from
tests/questions/claims.yaml, where people wrote them. By the digest of its evidence each belongs to one of two halves:
the checker's rules were tuned on one and are reported on the other.

Example: python bench/checker.py --half reporting
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zlib import crc32

import yaml
from claim_sources import Pool, Source, read_pool
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from right_claims import RIGHT
from wrong_claims import WRONG

from assistant.open.check import why_unsupported
from assistant.settings import SHIPPED_LIBRARY
from index.articles import load_library
from index.vectors.embed import Embedder, MiniLM

WRITTEN = Path(__file__).resolve().parent.parent / "tests" / "questions" / "claims.yaml"
HALVES = ("tuning", "reporting", "both")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim about a source. `sort` says how it came about."""

    source: Source
    text: str
    is_right: bool
    sort: str

    @property
    def half(self) -> str:
        """`tuning` or `reporting`; all claims about the same evidence are in the same half."""
        return HALVES[crc32(self.source.text.encode()) % 2]


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with the checker's reason to refuse it; None if it passed."""

    claim: Claim
    reason: str | None

    @property
    def is_well_judged(self) -> bool:
        """Right and passed, or wrong and caught."""
        return (self.reason is None) == self.claim.is_right


def make_claims(pool: Pool, per_sort: int, seed: int) -> list[Claim]:
    """Claims of every sort from sentences drawn at random.

    Args:
        pool: The sentences.
        per_sort: How many of each sort; fewer where fewer sentences allow it.
        seed: With the same pool, the same seed gives the same claims.
    """
    claims = []
    for is_right, sorts in ((True, RIGHT), (False, WRONG)):
        for sort, make in sorts.items():
            rng = Random(f"{seed} {sort}")
            made = 0
            for source in rng.sample(pool.sources, len(pool.sources)):
                text = make(source, pool, rng)
                if text is not None and (text != source.text or sort == "the sentence itself"):
                    claims.append(Claim(source, text, is_right, sort))
                    made += 1
                if made == per_sort:
                    break
    return claims


def read_written(path: Path, pool: Pool) -> list[Claim]:
    """The claims of a file: `article` (its slug), `evidence`, a `right` and a `wrong` claim, `how` it is wrong."""
    about = {slug: next(s for s in pool.sources if s.slug == slug) for slug in {s.slug for s in pool.sources}}
    claims = []
    for item in yaml.safe_load(path.read_text(encoding="utf-8")):
        like = about[item["article"]]
        source = Source(item["evidence"], like.slug, like.title, like.own_names)
        claims.append(Claim(source, item["right"], True, "written by hand: right"))
        claims.append(Claim(source, item["wrong"], False, f"written by hand: {item['how']}"))
    return claims


def check_all(claims: Sequence[Claim], embedder: Embedder) -> list[Checked]:
    """Each claim against its evidence."""
    texts = list(dict.fromkeys(text for claim in claims for text in (claim.text, claim.source.text)))
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))
    return [
        Checked(
            claim,
            why_unsupported(
                claim.text,
                claim.source.text,
                claim.source.told_names,
                float(vectors[claim.text] @ vectors[claim.source.text]),
            ),
        )
        for claim in claims
    ]


def shares(checked: Iterable[Checked]) -> tuple[float, float]:
    """Of the right claims, the share that passed; of the wrong ones, the share that was caught."""
    right: list[bool] = []
    wrong: list[bool] = []
    for item in checked:
        (right if item.claim.is_right else wrong).append(item.is_well_judged)
    return sum(right) / max(len(right), 1), sum(wrong) / max(len(wrong), 1)


def table(checked: Sequence[Checked]) -> Table:
    """A line for each sort of claim."""
    shown = Table("claims", "number", "passed", "caught")
    for is_right in (True, False):
        part = [item for item in checked if item.claim.is_right == is_right]
        for sort in [*dict.fromkeys(item.claim.sort for item in part), None]:
            found = [item for item in part if sort in (item.claim.sort, None)]
            passed = sum(item.reason is None for item in found)
            title = sort or ("all right ones" if is_right else "all wrong ones")
            shown.add_row(title, str(len(found)), str(passed), str(len(found) - passed), end_section=sort is None)
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, default="both", help="of the claims (both)")
    parser.add_argument("--per-sort", type=int, default=40, metavar="N", help="claims made of each sort (40)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the claims made (1)")
    parser.add_argument("--failures", action="store_true", help="show each claim that was judged wrongly")
    arguments = parser.parse_args()
    console = Console(highlight=False)
    pool = read_pool(load_library([SHIPPED_LIBRARY]))
    claims = make_claims(pool, arguments.per_sort, arguments.seed) + read_written(WRITTEN, pool)
    checked = check_all([claim for claim in claims if arguments.half in (claim.half, "both")], MiniLM())
    console.print(table(checked))
    passed, caught = shares(checked)
    console.print(
        f"Right claims passed {passed:.1%}, wrong ones passed {1 - caught:.1%}, "
        f"balanced accuracy {(passed + caught) / 2:.1%}."
    )
    for item in checked if arguments.failures else ():
        if not item.is_well_judged:
            verdict = f"refused ({item.reason})" if item.reason else "PASSED"
            console.print(
                f"\n[bold]{escape(item.claim.sort)}[/bold]: {escape(verdict)}\n"
                f"  evidence: {escape(item.claim.source.text)}\n  claim:    {escape(item.claim.text)}",
                soft_wrap=True,
            )


if __name__ == "__main__":
    main()
