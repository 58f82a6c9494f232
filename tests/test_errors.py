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


def test_the_drawn_trees_show_every_error():
    for module in (index.errors, assistant.errors):
        for name, error in inspect.getmembers(module, inspect.isclass):
            assert error.__doc__ and (
                error.__module__ != module.__name__ or error is AlliancesError or name in module.__doc__
            )


def test_groups_of_errors_can_be_caught_together():
    for name in ("ModelMissing", "ModelDamaged", "ModelBusy", "ModelCrashed"):
        assert issubclass(getattr(assistant.errors, name), assistant.errors.ModelError)
    for name in ("IndexMissing", "IndexMismatch", "IndexDamaged", "IndexBusy", "IndexNotWritten"):
        assert issubclass(getattr(index.errors, name), index.errors.IndexProblem)
    assert not issubclass(index.errors.IndexProblem, IndexError)


def test_the_assistant_hands_on_the_errors_of_the_index():
    own = {
        name for name, error in inspect.getmembers(index.errors, inspect.isclass) if error.__module__ == "index.errors"
    }
    assert own <= set(assistant.errors.__all__)
    assert all(getattr(assistant.errors, name) is getattr(index.errors, name) for name in own)
    assert assistant.errors.__all__ == sorted(assistant.errors.__all__)
