"""What the assistant needs to work, looked at piece by piece: what is there, and how to mend what is not."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from assistant.checks import Check, Outcome, Status
from assistant.errors import BadSetting, LibraryError
from assistant.index_checks import check_generations, check_index
from assistant.models.checks import check_gpu, check_memory, check_model, talks_to

if TYPE_CHECKING:
    from assistant.settings import Settings

_DISTRIBUTION = "alliance-assistant"
_TOLD_VERSIONS = ("torch", "llama-cpp-python", "chromadb", "sentence-transformers", "gradio")
_REINSTALL = "Run `make chat`, or `pip install -c constraints.txt -e .`."

_MIN_FREE_BYTES = 100_000_000  # a new index generation, with room for Chroma, which writes even to read
_GOOD_FREE_BYTES = 1_000_000_000

# Set so by a user, these make libraries send what this program never sends.
_TALKATIVE = {
    "CHROMA_OTEL_COLLECTION_ENDPOINT": re.compile(r".+"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": re.compile(r".+"),
    "GRADIO_SHARE": re.compile(r"1|true", re.IGNORECASE),
    "HF_HUB_OFFLINE": re.compile(r"0|no|off|false", re.IGNORECASE),
    "TRANSFORMERS_OFFLINE": re.compile(r"0|no|off|false", re.IGNORECASE),
}


def examine(*, deep: bool = False) -> list[Check]:
    """Look at everything; whatever is broken becomes a failed check, never an exception.

    Args:
        deep: Look at every byte of every generation of the index too.
    """
    checks = [_look("Python", _python), _look("Packages", _packages)]
    try:
        from assistant.settings import Settings

        settings = Settings.load()
    except Exception as exc:  # a broken package fails in its own way, and the table must still be shown
        failed = Check("Settings", Status.FAIL, str(exc), "Change the setting, or mend the packages.")
        return [*checks, failed]
    looks: dict[str, Callable[[Settings], Outcome]] = {
        "Articles": _articles,
        "Index": check_index,
        **({"Generations": check_generations} if deep else {}),
        "Embedding model": _embedding_model,
        "Language model": check_model,
        "GPU": check_gpu,
        "Memory": check_memory,
        "Disk": _disk,
        "Port": _port,
        "Network": _network,
    }
    return checks + [_look(name, partial(look, settings)) for name, look in looks.items()]


def _look(name: str, look: Callable[[], Outcome]) -> Check:
    try:
        return Check(name, *look())
    except Exception as exc:  # what is broken cannot be foreseen, and the other checks must still be shown
        return Check(name, Status.FAIL, f"{type(exc).__name__}: {exc}", _REINSTALL)


def _python() -> Outcome:
    machine = f"{platform.system()} {platform.machine()}"
    return Status.OK, f"{platform.python_version()} on {machine}, {sys.prefix}", ""


def _packages() -> Outcome:
    """Everything the project requires is there, in the pinned version (2.13.0+cpu counts as 2.13.0)."""
    wrong = []
    for requirement in importlib.metadata.requires(_DISTRIBUTION) or []:
        name, _, pinned = requirement.partition("==")
        name = re.split(r"[^\w.-]", name)[0]
        if "extra ==" in requirement:
            continue
        try:
            version = importlib.metadata.version(name).partition("+")[0]
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
        else:
            if pinned and version != pinned:
                wrong.append(f"{name} is {version}, not {pinned}")
    if wrong:
        return Status.FAIL, "; ".join(wrong), _REINSTALL
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in (_DISTRIBUTION, *_TOLD_VERSIONS))
    return Status.OK, versions, ""


def _articles(settings: Settings) -> Outcome:
    from index.articles import load_library

    try:
        articles = load_library(settings.libraries).articles
    except LibraryError as exc:
        return Status.FAIL, str(exc), "Mend the files named, then run `alliances rebuild`."
    if not articles:
        return Status.FAIL, f"no article in {settings.library}", "Set ALLIANCES_LIBRARY to their folder."
    own = sum(article.path.parent == settings.own_library for article in articles)
    return Status.OK, f"{len(articles)} articles, {own} of them your own", ""


def _embedding_model(settings: Settings) -> Outcome:
    from index.vectors.embed import MiniLM

    embedder = MiniLM()
    return Status.OK, f"{embedder.name}, fingerprint {embedder.fingerprint[:12]}", ""


def _disk(settings: Settings) -> Outcome:
    home = settings.home.absolute()
    folder = next(path for path in (home, *home.parents) if path.exists())
    if not folder.is_dir():
        return Status.FAIL, f"{home} cannot be made: {folder} is a file", "Set ALLIANCES_HOME to a folder."
    free = shutil.disk_usage(folder).free
    found = f"{_in_gb(free)} free in {folder}"
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        remedy = "Make the folder writable, or set ALLIANCES_HOME to one that is."
        return Status.FAIL, f"{folder} cannot be written to: {exc.strerror}", remedy
    if free < _MIN_FREE_BYTES:
        return Status.FAIL, found, f"Free {_in_gb(_MIN_FREE_BYTES)}, or set ALLIANCES_HOME to another disk."
    if free < _GOOD_FREE_BYTES:
        return Status.WARN, found, f"Free {_in_gb(_GOOD_FREE_BYTES)} for the index and the models."
    return Status.OK, found, ""


def _port(settings: Settings) -> Outcome:
    from ui.server import check_address

    try:
        check_address(settings.host, settings.port)
    except BadSetting as exc:
        if not isinstance(exc.__cause__, OSError):  # an address that is never served, not a port in use
            return Status.FAIL, str(exc), "Change ALLIANCES_HOST."
        return Status.WARN, str(exc), "Choose another port, if it is not the page itself that runs there."
    return Status.OK, f"{settings.port} of {settings.host} is free", ""


def _network(settings: Settings) -> Outcome:
    talkative = [name for name, value in _TALKATIVE.items() if value.fullmatch(os.environ.get(name, ""))]
    if talkative:
        return Status.WARN, f"set to let libraries talk: {', '.join(talkative)}", "Unset these variables."
    if engine := talks_to(settings):
        return (
            Status.OK,
            f"questions and the sentences found go to {engine}, which you have set; nothing else is sent",
            "",
        )
    return Status.OK, "nothing is sent: no telemetry, no downloads, the page for this machine only", ""


def _in_gb(size_bytes: float) -> str:
    return f"{size_bytes / 1e9:.1f} GB"
