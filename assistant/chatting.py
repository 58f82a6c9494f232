"""The conversation in a terminal: one line in, one answer out, until Ctrl-D."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import typer

from assistant import console
from assistant.errors import AlliancesError

if TYPE_CHECKING:
    from assistant.conversation import Conversation
    from assistant.engine import Assistant

_PROMPT = "> "
_GREETING = "Ask about AI alliances. /new starts afresh, Ctrl-C stops an answer, Ctrl-D or /quit leaves."


def chat(assistant: Assistant) -> bool:
    """Converse over stdin and stdout; with a terminal, the arrow keys bring earlier questions back.

    Returns:
        True if every question was answered or stopped; False if one met an error, which has been shown.
    """
    interactive = sys.stdin.isatty()
    if interactive:
        with contextlib.suppress(ImportError):  # Windows has none; its console keeps a history by itself
            import readline  # noqa: F401  (importing it gives `input` a history)
        # In another thread, because a Ctrl-C that meets the import of PyTorch leaves it in pieces.
        assistant.warm_up()
        typer.echo(_GREETING, err=True)
    conversation = assistant.conversation()
    well = True
    while (line := _next_line(interactive)) is not None:
        if line == "/quit":
            break
        if line == "/new":
            conversation = assistant.conversation()
            typer.echo("A new conversation.", err=True)
        elif line:
            well = _answer(conversation, line) and well
    return well


def _next_line(interactive: bool) -> str | None:
    """What was typed, without blanks round it; empty after Ctrl-C, None at the end of the input."""
    if not interactive:
        line = sys.stdin.readline()
        return line.strip() if line else None
    try:
        return input(_PROMPT).strip()
    except KeyboardInterrupt:
        typer.echo("\nCtrl-D leaves.", err=True)
        return ""
    except EOFError:
        typer.echo()
        return None


def _answer(conversation: Conversation, question: str) -> bool:
    try:
        console.print_answer(conversation.stream(question))
    except AlliancesError as exc:
        console.error(exc)
        return False
    except KeyboardInterrupt:
        if not sys.stdin.isatty():
            raise
        typer.echo("Stopped.", err=True)
    typer.echo()
    return True
