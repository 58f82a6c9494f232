"""What `alliances doctor` finds out about one thing. A leaf: imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """`fail`: the assistant does not work; `warn`: it does, but not as well as it could."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `remedy` says what to do; empty when all is well."""

    name: str
    status: Status
    finding: str
    remedy: str = ""


Outcome = tuple[Status, str, str]  # state, finding, remedy
