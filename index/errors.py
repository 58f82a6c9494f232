"""What can go wrong with articles and the index. A leaf: imports nothing of ours.

LibraryError                an article or the library; the message names file, line and field
IndexProblem                everything below
├── IndexMissing            there is no index yet
├── IndexMismatch           built with another embedding model, another format or another passage size
├── IndexDamaged            the index exists, but what is on the disk is not what was written
├── IndexBusy               another process is building
└── IndexNotWritten         full disk, read-only folder: the build was given up, the old index still answers

Each message is one line: what happened, to which thing, what to do.
"""

from __future__ import annotations


class AlliancesError(Exception):
    """Root of every error this project raises on purpose; its text is fit to be shown to a person."""


class LibraryError(AlliancesError):
    """An article cannot be read as it is. Trying again helps only after the file was changed."""


class IndexProblem(AlliancesError):
    """Root of the index errors."""


class IndexMissing(IndexProblem):
    """There is no index yet: build one."""


class IndexMismatch(IndexProblem):
    """The index was made with other settings than the ones in force: rebuild."""


class IndexDamaged(IndexProblem):
    """A file of the index is missing or changed: rebuild."""


class IndexBusy(IndexProblem):
    """Another process builds the index: try again when it has finished."""


class IndexNotWritten(IndexProblem):
    """The new index could not be written; the old one, if any, is untouched."""
