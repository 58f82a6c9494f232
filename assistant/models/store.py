"""The models pulled from a hub: which there are, whether they are whole, and removing them.

    MODELS/hub/OWNER/REPO/QUANT/pulled.json     what was offered: the commit, and of each file its size and SHA-256
                                NAME.gguf       files whose checksum was right
                                NAME.gguf.part  one that is being fetched, or was when its fetching ended

`pulled.json` is written before the first byte is fetched, so that what a killed process leaves behind is known.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import ModelMissing
from assistant.models.named import HubModel
from assistant.models.needs import size_text

_RECORD = "pulled.json"


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file as the hub offers it: `path` within the repository."""

    path: str
    size_bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """Without the folder; parts of one model lie in one folder, so names stay apart."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as the hub offers it, its files in order."""

    commit: str
    files: tuple[HubFile, ...]

    @property
    def size_bytes(self) -> int:
        """All files."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Pulled:
    """A model that was pulled, wholly or in part."""

    model: HubModel
    offer: Offer
    folder: Path

    @property
    def path(self) -> Path:
        """The file that is loaded, of several the first."""
        return self.folder / self.offer.files[0].name

    @property
    def is_whole(self) -> bool:
        """Whether every file is there, as large as it was when its checksum was right."""
        return all(_size(self.folder / file.name) == file.size_bytes for file in self.offer.files)

    @property
    def present_bytes(self) -> int:
        """How much has been fetched."""
        return sum(
            _size(self.folder / file.name) or _size(part_of(self.folder / file.name)) for file in self.offer.files
        )


class ModelStore:
    """The pulled models in a folder."""

    def __init__(self, models_folder: Path) -> None:
        """Take the folder of all models; nothing is read yet."""
        self._hub = models_folder / "hub"

    def folder_of(self, model: HubModel) -> Path:
        """Where a model lies, or would."""
        return self._hub / model.owner / model.repository / model.quantisation

    def find(self, model: HubModel) -> Pulled | None:
        """A model that was pulled, wholly or in part; None if it was not, or if its record is damaged."""
        folder = self.folder_of(model)
        try:
            record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
            files = tuple(HubFile(**file) for file in record["files"])
            return Pulled(model, Offer(record["commit"], files), folder) if files else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def all(self) -> list[Pulled]:
        """Every model that was pulled, wholly or in part, by name."""
        models = [
            HubModel(*record.parent.relative_to(self._hub).parts)
            for record in sorted(self._hub.glob(f"*/*/*/{_RECORD}"))
        ]
        return [pulled for model in models if (pulled := self.find(model))]

    def path_of(self, model: HubModel) -> Path:
        """The file to load.

        Raises:
            ModelMissing: The model was not pulled, or not wholly.
        """
        pulled = self.find(model)
        if pulled is None:
            raise ModelMissing(f"The model '{model}' is not on this machine. Run `alliances models pull {model}`.")
        if not pulled.is_whole:
            there = f"{size_text(pulled.present_bytes)} of {size_text(pulled.offer.size_bytes)}"
            raise ModelMissing(
                f"The model '{model}' is on this machine only in part: {there}. "
                f"Run `alliances models pull {model}`, which goes on."
            )
        return pulled.path

    def note(self, model: HubModel, offer: Offer) -> Pulled:
        """Write down what is about to be pulled; what was there of another commit is removed.

        Raises:
            OSError: The folder cannot be written.
        """
        folder = self.folder_of(model)
        folder.mkdir(parents=True, exist_ok=True)
        before = self.find(model)
        if before is not None and before.offer != offer:
            _remove_files(folder, before.offer.files)
        record = folder / _RECORD
        new = record.with_suffix(".new")
        new.write_text(json.dumps(asdict(offer), indent=2), encoding="utf-8")
        os.replace(new, record)
        return Pulled(model, offer, folder)

    def remove(self, model: HubModel) -> int:
        """Delete a model, whole or not.

        Returns:
            How many bytes that freed.

        Raises:
            ModelMissing: It is not there.
            OSError: It cannot be deleted.
        """
        pulled = self.find(model)
        if pulled is None:
            raise ModelMissing(f"The model '{model}' is not on this machine; `alliances models` lists those that are.")
        freed_bytes = pulled.present_bytes
        shutil.rmtree(pulled.folder)
        for folder in (pulled.folder.parent, pulled.folder.parent.parent):
            with contextlib.suppress(OSError):  # another model lies there
                folder.rmdir()
        return freed_bytes


def part_of(path: Path) -> Path:
    """Where a file lies while it is being fetched."""
    return path.with_name(f"{path.name}.part")


def _size(path: Path) -> int:
    """Size in bytes, 0 if there is no such file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _remove_files(folder: Path, files: Sequence[HubFile]) -> None:
    for file in files:
        (folder / file.name).unlink(missing_ok=True)
        part_of(folder / file.name).unlink(missing_ok=True)
