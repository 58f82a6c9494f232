"""How well follow-up questions are made whole: token F1 against the rewrites of people.

Each line of the file is a JSON object with `id`, `set`, `history` (a list of objects with `user`, and `assistant`
where the answer is known), `question` and `rewrite`. The talks are about anything, so no catalogue helps: every
question of a talk is made whole with those before it, as in a conversation. No model is asked.

F1 is over words in lower case, articles kept (this gives the scores published for the untouched questions);
the second figure is as for SQuAD, without punctuation and articles.

Example: python bench/rewrites.py rewrites.jsonl --lines odd --failures 20
"""

from __future__ import annotations

import argparse
import json
import re
import string
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.followups.make_whole import Turn, make_whole
from index.names.finder import NameFinder


@dataclass(frozen=True, slots=True)
class Talk:
    """Questions asked one after the other, the last of them with the rewrite of a person."""

    name: str
    of_set: str
    earlier: tuple[str, ...]
    question: str
    rewrite: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A talk with what was made of its last question; F1 in percent, by way of splitting into words."""

    talk: Talk
    whole: str
    untouched: dict[str, float]
    made: dict[str, float]


def plain_words(text: str) -> list[str]:
    """Words in lower case; articles count."""
    return re.findall(r"\w+", text.lower())


def squad_words(text: str) -> list[str]:
    """Words as the evaluation of SQuAD splits them: no punctuation, no articles."""
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", bare).split()


SPLITTERS: dict[str, Callable[[str], list[str]]] = {"words": plain_words, "SQuAD": squad_words}


def token_f1(made: Sequence[str], told: Sequence[str]) -> float:
    """Harmonic mean of precision and recall of words, in percent.

    Example: ["who", "leads", "it"] against ["who", "leads", "the", "forum"] has 2 words in common: 57.1.
    """
    common = sum((Counter(made) & Counter(told)).values())
    return 200 * common / (len(made) + len(told)) if common else 0.0


def read_talks(path: Path, lines: str = "all") -> list[Talk]:
    """The talks of a file; of every second line, counted from 0, if `lines` is "even" or "odd".

    Raises:
        SystemExit: The file is not there, or a line is not as it should be; the message says which.
    """
    if not path.is_file():
        sys.exit(f"There is no file {path}: give the path of a JSONL file with history, question and rewrite.")
    talks = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        try:
            row = json.loads(line)
            earlier = tuple(turn["user"] for turn in row["history"])
            talks.append(Talk(row["id"], row["set"], earlier, row["question"], row["rewrite"]))
        except (ValueError, KeyError, TypeError) as exc:
            sys.exit(f"Line {number + 1} of {path} is no talk ({exc!r}): mend or delete it.")
    return {"all": talks, "even": talks[::2], "odd": talks[1::2]}[lines]


def made_whole(talk: Talk) -> str:
    """The last question of a talk, made whole after those before it."""
    names = NameFinder([], [], is_known_word=lambda _: True)
    turns: list[Turn] = []
    for question in (*talk.earlier, talk.question):
        turns.append(Turn(make_whole(question, turns, names), None))
    return turns[-1].question


def score(talk: Talk) -> Scored:
    """F1 of a talk's last question, untouched and made whole."""
    whole = made_whole(talk)
    untouched = {name: token_f1(split(talk.question), split(talk.rewrite)) for name, split in SPLITTERS.items()}
    made = {name: token_f1(split(whole), split(talk.rewrite)) for name, split in SPLITTERS.items()}
    return Scored(talk, whole, untouched, made)


def table(scored: Sequence[Scored]) -> Table:
    """Mean F1 by set."""
    shown = Table(
        "set", "questions", "changed", *(f"{way}, {name}" for name in SPLITTERS for way in ("raw", "made whole"))
    )
    for of_set in sorted({item.talk.of_set for item in scored}):
        part = [item for item in scored if item.talk.of_set == of_set]
        means = (
            sum(getattr(item, way)[name] for item in part) / len(part)
            for name in SPLITTERS
            for way in ("untouched", "made")
        )
        changed = sum(item.whole != item.talk.question for item in part)
        shown.add_row(of_set, str(len(part)), str(changed), *(f"{mean:.1f}" for mean in means))
    return shown


def main() -> None:
    """Score the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--lines", choices=("all", "even", "odd"), default="all", help="every second line only")
    parser.add_argument("--failures", type=int, default=0, metavar="NUMBER", help="show the questions made worst")
    arguments = parser.parse_args()
    console = Console()
    scored = [score(talk) for talk in read_talks(arguments.file, arguments.lines)]
    console.print(table(scored))
    worst = sorted(scored, key=lambda item: item.made["words"] - item.untouched["words"])
    for item in islice(worst, arguments.failures):
        console.print(f"\n{item.talk.question}\n  made: {item.whole}\n  told: {item.talk.rewrite}", markup=False)


if __name__ == "__main__":
    main()
