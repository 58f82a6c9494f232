"""What reaches the thread that owns a local model's process, besides requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.models.child import ModelChild
from assistant.models.waiting import Request


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give a request up."""

    request: Request


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a child; None when it has ended."""

    child: ModelChild
    message: dict[str, Any] | None


class Begin:
    """Load the model now."""


class Close:
    """End the child and the thread."""
