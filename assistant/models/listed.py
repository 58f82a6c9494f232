"""The tables of `alliances models`: what is there, and what could be."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import ModelError
from assistant.models.file import ModelFile, look_at
from assistant.models.named import SHIPPED_MODEL, HubModel, Named, RemoteEngine, Shipped, read_name
from assistant.models.needs import fits, needs_of, size_text
from assistant.models.store import ModelStore, Pulled
from assistant.models.suggested import SUGGESTIONS
from assistant.models.weights import shipped_weights
from assistant.settings import Settings

THERE = ("", "Model", "Size", "Context", "Memory", "Fits", "Licence", "Where")
SUGGESTED = ("Model", "Size", "Memory", "Fits", "Licence", "Name")

_IN_USE = "*"

Row = tuple[str, ...]


def models_there(settings: Settings, free_bytes: int) -> list[Row]:
    """The model that ships, those pulled, and the one in use if it is none of these.

    Args:
        settings: Which is in use, with which context, and where those pulled lie.
        free_bytes: Memory of the machine.

    Raises:
        BadSetting: The setting names no model that there can be.
    """
    in_use = read_name(settings.model)
    pulled = ModelStore(settings.models_folder).all()
    rows = [_of_file(Shipped(), SHIPPED_MODEL, shipped_weights(), settings, free_bytes)]
    for one in pulled:
        if one.is_whole:
            rows.append(_of_file(one.model, str(one.model), one.path, settings, free_bytes))
        else:
            rows.append(_row(one.model, str(one.model), _progress(one), where=str(one.folder)))
    if isinstance(in_use, Path):
        rows.append(_of_file(in_use, in_use.stem, in_use, settings, free_bytes))
    elif isinstance(in_use, RemoteEngine):
        rows.append(_row(in_use, in_use.model, where=in_use.url))
    elif isinstance(in_use, HubModel) and in_use not in [one.model for one in pulled]:
        rows.append(_row(in_use, str(in_use), where="not on this machine: pull it"))
    return [(_IN_USE if named == in_use else "", *cells) for named, cells in rows]


def suggestions(context_tokens: int, free_bytes: int) -> list[Row]:
    """Models that can be pulled; sizes and memory are estimates."""
    rows: list[Row] = []
    for one in SUGGESTIONS:
        needed = one.needs(context_tokens).total_bytes
        fit = _yes(fits(needed, free_bytes))
        rows.append((one.title, size_text(one.size_bytes), size_text(needed), fit, one.licence, one.reference))
    return rows


def told(file: ModelFile, context_tokens: int, free_bytes: int) -> str:
    """What somebody wants to know of a model just pulled, in a line."""
    needed = needs_of(file, context_tokens)
    fit = "fits" if fits(needed.total_bytes, free_bytes) else "does not fit"
    licence = f"; licence {file.licence}" if file.licence else ""
    return f"It needs about {needed} of memory, which {fit} into the {size_text(free_bytes)} that are free{licence}."


def _of_file(named: Named, name: str, path: Path, settings: Settings, free_bytes: int) -> tuple[Named, Row]:
    try:
        file = look_at(path)
    except ModelError as exc:
        return _row(named, name, where=str(exc))
    needed = needs_of(file, settings.context_tokens).total_bytes
    cells = (
        size_text(file.size_bytes),
        f"{file.number('context_length'):,}",
        size_text(needed),
        _yes(fits(needed, free_bytes)),
    )
    return _row(named, name, *cells, file.licence, where=str(path))


def _row(named: Named, name: str, *cells: str, where: str) -> tuple[Named, Row]:
    unknown = [""] * (len(THERE) - 3 - len(cells))
    return named, (name, *cells, *unknown, where)


def _progress(pulled: Pulled) -> str:
    return f"{size_text(pulled.present_bytes)} of {size_text(pulled.offer.size_bytes)}"


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
