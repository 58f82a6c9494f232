"""A local assistant on AI alliances: `Assistant.open()`, `.ask()`, `.conversation()`.

Heavy parts are imported when they are first used, so that `import assistant` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import AlliancesError
from assistant.settings import Settings
from assistant.types import Answer, Citation, Delta, Finished, Retrieved

if TYPE_CHECKING:
    from assistant.engine import Assistant, Conversation

__all__ = [
    "AlliancesError",
    "Answer",
    "Assistant",
    "Citation",
    "Conversation",
    "Delta",
    "Finished",
    "Retrieved",
    "Settings",
]


def __getattr__(name: str) -> Any:
    if name in ("Assistant", "Conversation"):
        from assistant import engine

        return getattr(engine, name)
    raise AttributeError(f"module 'assistant' has no attribute '{name}'")
