"""What can go wrong between a question and its answer. A leaf: imports only the leaves of `index`.

AlliancesError              (index.errors) root of every error raised on purpose; fit to be shown to a person
├── LibraryError, IndexProblem and its leaves   (index.errors)
├── BadQuestion             empty or too long
├── BadFilter               a filter of a search names what the articles do not know
├── BadQuestionFile         a file of questions, or of results, that cannot be read
├── NotKept                 the verdict on an answer cannot be written
├── Stopped                 somebody stopped the answer
├── BadSetting              a setting, a command-line value or a port that cannot be used
└── ModelError
    ├── ModelMissing        no such model file
    ├── ModelDamaged        the file is there, but llama.cpp cannot load it
    ├── ModelUnreachable    an engine or a hub does not answer, or does not let us in
    ├── ModelBusy           the queue is full; try again in a moment
    └── ModelCrashed        the model process died while answering; asking again starts a new one
"""

from __future__ import annotations

from index.errors import (
    AlliancesError,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexNotWritten,
    IndexProblem,
    IndexUnreachable,
    LibraryError,
    Unfetchable,
    UnreadableDocument,
)

__all__ = [
    "AlliancesError",
    "BadFilter",
    "BadQuestion",
    "BadQuestionFile",
    "BadSetting",
    "IndexBusy",
    "IndexDamaged",
    "IndexMismatch",
    "IndexMissing",
    "IndexNotWritten",
    "IndexProblem",
    "IndexUnreachable",
    "LibraryError",
    "ModelBusy",
    "ModelCrashed",
    "ModelDamaged",
    "ModelError",
    "ModelMissing",
    "ModelUnreachable",
    "NotKept",
    "Stopped",
    "Unfetchable",
    "UnreadableDocument",
]


class BadQuestion(AlliancesError):
    """The question is empty or too long."""


class BadFilter(AlliancesError):
    """A filter names what the articles do not know, or is no date."""


class BadQuestionFile(AlliancesError):
    """A file of questions with their right answers, or of an evaluation's results, cannot be read or written."""


class NotKept(AlliancesError):
    """The user's verdict on an answer cannot be written."""


class Stopped(AlliancesError):
    """Somebody stopped the answer; nothing is wrong."""


class BadSetting(AlliancesError):
    """A setting cannot be used: an unknown name, a value out of bounds, a port in use."""


class ModelError(AlliancesError):
    """Root of the language model's errors."""


class ModelMissing(ModelError):
    """There is no model file where the setting points."""


class ModelDamaged(ModelError):
    """The model file cannot be loaded; trying again does not help."""


class ModelUnreachable(ModelError):
    """An engine or a hub does not answer, or does not let us in; trying again helps once that is mended."""


class ModelBusy(ModelError):
    """The queue is full; trying again in a moment helps."""


class ModelCrashed(ModelError):
    """The model process died while answering; asking again helps."""
