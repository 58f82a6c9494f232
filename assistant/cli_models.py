"""`alliances models`: which there are, pulling one from a hub, removing it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import console

if TYPE_CHECKING:
    from assistant.models.pull import OnProgress

app = typer.Typer(invoke_without_command=True)

Name = Annotated[str, typer.Argument(help="hf:OWNER/REPO:QUANT", show_default=False)]

_STOPPED = 130


@app.callback(epilog="Example: alliances models pull hf:bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M")
def models(context: typer.Context) -> None:
    """List the language models: what is there, what could be, what memory each needs; `*` marks the one in use."""
    if context.invoked_subcommand is not None:
        return
    from assistant.models.listed import SUGGESTED, THERE, models_there, suggestions
    from assistant.models.machine import usable_memory_bytes
    from assistant.models.needs import size_text
    from assistant.settings import Settings

    settings = Settings.load()
    free_bytes = usable_memory_bytes()
    console.print_table(THERE, models_there(settings, free_bytes))
    typer.echo(
        f"\n{size_text(free_bytes)} of memory are free. `alliances models pull NAME` fetches these (estimates):\n"
    )
    console.print_table(SUGGESTED, suggestions(settings.context_tokens, free_bytes))


@app.command(epilog="Example: alliances models pull hf:bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M")
def pull(name: Name) -> None:
    """Fetch a model from the hub; stopped, the same command goes on where it was."""
    from assistant.models.listed import told
    from assistant.models.machine import usable_memory_bytes
    from assistant.models.named import read_hub_name
    from assistant.models.pull import pull as fetch
    from assistant.models.store import ModelStore
    from assistant.settings import Settings

    settings = Settings.load()
    model = read_hub_name(name)
    console.notice(f"Pulling {model} ...")
    try:
        with _bytes_bar() as on_progress:
            file = fetch(ModelStore(settings.models_folder), model, on_progress)
    except KeyboardInterrupt:
        console.notice("Stopped. What has come stays; the same command goes on.")
        raise typer.Exit(_STOPPED) from None
    typer.echo(console.plain(f"pulled: {model}, checksum right"))
    console.notice(told(file, settings.context_tokens, usable_memory_bytes()))
    console.notice(f"To use it, set ALLIANCES_MODEL={model}")


@app.command(epilog="Example: alliances models remove hf:bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M")
def remove(name: Name) -> None:
    """Delete a model that was pulled, wholly or in part."""
    from assistant.errors import ModelError
    from assistant.models.named import read_hub_name
    from assistant.models.needs import size_text
    from assistant.models.store import ModelStore
    from assistant.settings import Settings

    model = read_hub_name(name)
    try:
        freed_bytes = ModelStore(Settings.load().models_folder).remove(model)
    except OSError as exc:
        raise ModelError(f"The model '{model}' cannot be deleted: {exc.strerror or exc}.") from exc
    typer.echo(f"removed: {model}, {size_text(freed_bytes)}")


@contextmanager
def _bytes_bar() -> Iterator[OnProgress]:
    """A progress bar of bytes on stderr, if a person is looking."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
