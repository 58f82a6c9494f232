"""What a hub offers: the files of a model in the quantisation that was named, with their sizes and checksums."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.errors import ModelError, ModelMissing, ModelUnreachable
from assistant.models.named import HubModel
from assistant.models.store import HubFile, Offer

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

# `Q4_K_M` in `Llama-3.2-3B-Instruct-Q4_K_M.gguf`, `BF16` in `BF16/model-BF16-00001-of-00002.gguf`
_QUANTISATION = re.compile(r"(?<![A-Z0-9])((?:UD-)?(?:I?Q\d|TQ\d|MXFP\d|NVFP\d)[A-Z0-9_]*|BF16|F16|F32)(?![A-Z0-9_])")
_PART = re.compile(r"-\d{5}-of-\d{5}$")
_NO_MODEL = re.compile(r"mmproj|imatrix", re.IGNORECASE)  # the eyes of a model, the measurements it was made with
_LIMIT_S = 30.0
_GATED = "If the model is gated, accept its terms on the hub's page and set HF_TOKEN"


def look_up(model: HubModel) -> Offer:
    """What the hub offers under a name.

    Raises:
        ModelMissing: The hub has no such repository, or the repository no such quantisation; those that it has are
            named.
        ModelUnreachable: The hub does not answer, or does not let us in.
    """
    commit, siblings = _repository(model)
    choices: dict[str, list[HubFile]] = defaultdict(list)
    for sibling in siblings:
        if file := _file(sibling):
            choices[quantisation_of(file.path)].append(file)
    files = choices.get(model.quantisation)
    if not files:
        there = ", ".join(sorted(choices)) or "no GGUF file"
        raise ModelMissing(f"{model.repo_id} has no {model.quantisation}. It has: {there}.")
    return Offer(commit, tuple(sorted(files, key=lambda file: file.path)))


def address_of(model: HubModel, offer: Offer, file: HubFile) -> tuple[str, dict[str, str]]:
    """Where a file is fetched from, and the headers for that."""
    from huggingface_hub import get_token, hf_hub_url

    token = get_token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return hf_hub_url(model.repo_id, file.path, revision=offer.commit), headers


def quantisation_of(path: str) -> str:
    """How the weights in a file are written, in capitals; the name of the file if that does not tell.

    Example: `Q8_0/tale-Q8_0-00001-of-00002.gguf` is `Q8_0`, `model.gguf` is `MODEL`.
    """
    stem = _PART.sub("", path.rpartition("/")[2].removesuffix(".gguf")).upper()
    named = _QUANTISATION.findall(stem)
    return named[-1] if named else stem


def refused(model: HubModel, status: int) -> ModelError:
    """The error for a hub that does not give what it was asked for."""
    if status in (401, 403):
        return ModelUnreachable(f"The hub does not let us have {model.repo_id} (status {status}). {_GATED}.")
    if status == 404:
        return ModelMissing(f"The hub has no {model.repo_id}. Check the name.")
    return ModelUnreachable(f"The hub answered with status {status}. Try again in a moment.")


def _repository(model: HubModel) -> tuple[str, list[RepoSibling]]:
    """(commit, files) of a repository."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # read when it is imported
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError

    try:
        info = HfApi().model_info(model.repo_id, files_metadata=True, timeout=_LIMIT_S)
    except RepositoryNotFoundError:  # said of private ones too
        raise ModelMissing(f"The hub has no {model.repo_id}, or not for us. Check the name. {_GATED}.") from None
    except OfflineModeIsEnabled:
        raise ModelUnreachable("HF_HUB_OFFLINE forbids to ask the hub. Unset that variable.") from None
    except HfHubHTTPError as exc:
        raise refused(model, exc.response.status_code) from exc
    except Exception as exc:  # of the HTTP library that the hub's own is made with; an answer that is none
        why = " ".join(str(exc).split())[:200] or type(exc).__name__
        raise ModelUnreachable(f"The hub cannot be asked: {why.rstrip('.')}. Is there a network?") from exc
    return info.sha or "main", list(info.siblings or ())


def _file(sibling: RepoSibling) -> HubFile | None:
    """A model's file as offered; None for other files, and for one without the checksum that proves it."""
    path, lfs = sibling.rfilename, sibling.lfs
    if not path.endswith(".gguf") or _NO_MODEL.search(path) or not _is_plain(path.split("/")):
        return None
    if lfs is None or not re.fullmatch(r"[0-9a-f]{64}", lfs.sha256) or lfs.size <= 0:
        return None
    return HubFile(path, lfs.size, lfs.sha256)


def _is_plain(names: Iterable[str]) -> bool:
    """Whether these names of folders and files lead nowhere else."""
    return all(re.fullmatch(r"\w[\w. +()-]*", name) for name in names)
