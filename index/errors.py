"""What can go wrong with articles and the index. A leaf: imports nothing of ours.

LibraryError                an article or the library; the message names file, line and field
├── UnreadableDocument      a file or page without text that can be had: damaged, protected, too big, of another kind
└── Unfetchable             a page that cannot or must not be had from the web
IndexProblem                everything below
├── IndexMissing            there is no index yet
├── IndexMismatch           built with another embedding model, another format or another passage size
├── IndexDamaged            the index exists, but what is on the disk is not what was written
├── IndexUnreachable        the Chroma server that was set does not answer
├── IndexBusy               another process is building
└── IndexNotWritten         full disk, read-only folder: the build was given up, the old index still answers

Each message is one line: what happened, to which thing, what to do.
"""

from __future__ import annotations


class AlliancesError(Exception):
    """Root of every error this project raises on purpose; its text is fit to be shown to a person."""


class LibraryError(AlliancesError):
    """An article cannot be read as it is. Trying again helps only after the file was changed."""


class UnreadableDocument(LibraryError):
    """The text of a document cannot be had; the message begins with its name. Trying again does not help."""


class Unfetchable(LibraryError):
    """A page cannot or must not be had; trying again helps only where `reason` says so.

    Attributes:
        url: The address, as messages name it.
        reason: What happened and what to do.
    """

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"


class IndexProblem(AlliancesError):
    """Root of the index errors."""


class IndexMissing(IndexProblem):
    """There is no index yet: build one."""


class IndexMismatch(IndexProblem):
    """The index was made with other settings than the ones in force: rebuild."""


class IndexDamaged(IndexProblem):
    """A file of the index is missing or changed: rebuild."""


class IndexUnreachable(IndexProblem):
    """The Chroma server does not answer: start it, or go without it."""


class IndexBusy(IndexProblem):
    """Another process builds the index: try again when it has finished."""


class IndexNotWritten(IndexProblem):
    """The new index could not be written; the old one, if any, is untouched."""
