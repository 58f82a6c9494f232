"""The checks of the index: they run in processes of their own, because damaged vectors may end the one that reads."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.checks import Outcome, Status
from assistant.errors import IndexDamaged, IndexMissing
from assistant.probe import ProbeFailed, run_probe

if TYPE_CHECKING:
    from assistant.settings import Settings

_REBUILD = "Run `alliances rebuild --force`."
_ADVICE = " Run `alliances rebuild`."  # of the errors, which would leave as it is what opening does not look at
_NAMED = 5  # articles named in a finding


def check_index(settings: Settings) -> Outcome:
    """The current generation can be opened, and is of the articles as they are now."""
    try:
        found = run_probe("index")
    except ProbeFailed as exc:
        return Status.FAIL, f"the index in {settings.index_folder} cannot be read: {exc}", _REBUILD
    if found.get("kind") == IndexMissing.__name__:
        return Status.WARN, f"none yet in {settings.index_folder}", "It is built with the first question."
    if "error" in found:
        return Status.FAIL, found["error"], _REBUILD
    counts = found["counts"]
    told = f"generation {found['number']}: {counts['articles']} articles, {counts['passages']} passages"
    if stale := _stale(found["articles"], settings):
        return Status.WARN, f"{told}; changed since: {', '.join(stale)}", "Run `alliances rebuild`."
    return Status.OK, told, ""


def check_generations(settings: Settings) -> Outcome:
    """Every file of every generation; what is wrong with one that does not answer now is only a warning."""
    from index.generations import IndexFolder

    folder = IndexFolder(settings.index_folder)
    current = None
    with suppress(IndexDamaged):  # said by the check of the index
        current = folder.current()
    numbers = [generation.number for generation in folder.generations()]
    problems = {number: problem for number in numbers if (problem := _problem_of(number))}
    if not problems:
        told = ", ".join(map(str, numbers)) or "none"
        return Status.OK, f"every file looked at, nothing wrong: {told}", ""
    found = "; ".join(f"generation {number}: {problem}" for number, problem in problems.items())
    fails = current is not None and current.number in problems
    return (Status.FAIL if fails else Status.WARN), found, _REBUILD


def _problem_of(number: int) -> str:
    for part, files in (("catalogue", "manifest.json or catalogue.sqlite"), ("vectors", "chroma")):
        try:
            found = run_probe(part, str(number))
        except ProbeFailed as exc:
            return f"{files} cannot be read: {exc}"
        if "error" in found:
            return str(found["error"]).removesuffix(_ADVICE)
    return ""


def _stale(indexed: dict[str, str], settings: Settings) -> list[str]:
    """Slugs of the articles that were added, changed or removed since the index was built; a few of them."""
    from index.articles import changed_articles

    slugs = changed_articles(indexed, settings.libraries)
    return slugs if len(slugs) <= _NAMED else [*slugs[:_NAMED], f"{len(slugs) - _NAMED} more"]
