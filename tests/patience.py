"""Waiting for what happens in another thread or process, at a pace of its own."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def comes_true(condition: Callable[[], object]) -> bool:
    """Whether it does before patience ends."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
