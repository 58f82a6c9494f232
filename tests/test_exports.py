"""What `import assistant` offers, and that it costs next to nothing."""

from __future__ import annotations

import subprocess
import sys

import assistant

HEAVY = ("torch", "chromadb", "sentence_transformers", "llama_cpp", "gradio", "numpy")


def test_all_is_sorted_and_complete():
    assert assistant.__all__ == sorted(assistant.__all__)
    assert all(getattr(assistant, name) is not None for name in assistant.__all__)


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(assistant, "Assistent")


def test_importing_loads_nothing_heavy():
    code = f"import assistant, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
