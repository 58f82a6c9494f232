"""A local assistant on AI alliances: `Assistant.open()`, `.ask()`, `.conversation()`.

Heavy parts are imported when they are first used, so that `import assistant` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import AlliancesError
from assistant.settings import Settings
from assistant.types import Answer, Citation, Delta, Finished, Retrieved

if TYPE_CHECKING:
    from assistant.conversation import Conversation
    from assistant.engine import Assistant

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
    if name == "Assistant":
        from assistant.engine import Assistant

        return Assistant
    if name == "Conversation":
        from assistant.conversation import Conversation

        return Conversation
    raise AttributeError(f"module 'assistant' has no attribute '{name}'")
