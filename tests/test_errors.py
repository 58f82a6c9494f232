"""One root for every error raised on purpose, so that one `except` is enough for a caller."""

from __future__ import annotations

import inspect

import assistant.errors
import index.errors
from index.errors import AlliancesError


def test_every_error_has_the_one_root():
    for module in (index.errors, assistant.errors):
        for _, error in inspect.getmembers(module, inspect.isclass):
            assert issubclass(error, AlliancesError)


def test_the_assistant_hands_on_the_errors_of_the_index():
    own = {
        name for name, error in inspect.getmembers(index.errors, inspect.isclass) if error.__module__ == "index.errors"
    }
    assert own <= set(assistant.errors.__all__)
    assert assistant.errors.__all__ == sorted(assistant.errors.__all__)
