"""A row of the table, and processes of their own for all that may kill the one that does it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Chroma cannot live through a fork: the children come from a process that has imported it but never used it.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["chromadb", "index.deep_check", "index.healing", "index.search.hybrid", "rich.table"])


@dataclass(slots=True)
class Row:
    """A promise, how often it was tried, and what was wrong each time that it was broken."""

    promise: str
    tried: int = 0
    broken: list[str] = field(default_factory=list)
    remarks: str = ""

    def record(self, problems: Sequence[str]) -> None:
        """Count a trial, which went well if there are no problems."""
        self.tried += 1
        if problems:
            self.broken.append("; ".join(problems))

    @property
    def kept(self) -> int:
        """How often it was kept."""
        return self.tried - len(self.broken)


class ChildEnded(Exception):
    """A process ended without having done its work; the message says how."""


def start(work: Callable[P, object], *arguments: P.args, **named: P.kwargs) -> BaseProcess:
    """Have a new process do this; nobody hears of the outcome but by its exit status."""
    process = PROCESSES.Process(target=work, args=arguments, kwargs=named)
    process.start()
    return process


def begin(work: Callable[..., object], *arguments: Any, **named: Any) -> tuple[BaseProcess, Connection]:
    """Have a new process do this with a connection as its first argument, and wait until it sends something.

    Returns:
        The process, and the other end of its connection.

    Raises:
        ChildEnded: It died before.
    """
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = start(work, theirs, *arguments, **named)
    theirs.close()
    try:
        ours.recv()
    except EOFError:
        process.join()
        raise ChildEnded(f"the process ended with status {process.exitcode}") from None
    return process, ours


def in_child(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a new process makes of this.

    Raises:
        ChildEnded: It died or raised.
    """
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = start(_report, theirs, work, arguments, named)
    theirs.close()
    with ours:
        try:
            made, result = ours.recv()
        except EOFError:
            process.join()
            raise ChildEnded(f"the process ended with status {process.exitcode}") from None
    process.join()
    if not made:
        raise ChildEnded(str(result))
    answer: T = result
    return answer


def _report(connection: Connection, work: Callable[..., Any], arguments: Sequence[Any], named: dict[str, Any]) -> None:
    try:
        answer = (True, work(*arguments, **named))
    except Exception as exc:  # whatever it is, it belongs into the table
        answer = (False, f"{type(exc).__name__}: {exc}")
    connection.send(answer)


def problems_in_child(work: Callable[P, Sequence[str]], *arguments: P.args, **named: P.kwargs) -> Sequence[str]:
    """The problems that a new process finds; one that dies or raises is a problem too."""
    try:
        return in_child(work, *arguments, **named)
    except ChildEnded as exc:
        return [str(exc)]
