"""Imports go one way, each outside library has one home, and the packages are those of this repository."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("assistant", "index", "prompts", "ui")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(
    ("package", "never"),
    [("index", ("assistant", "prompts", "ui")), ("prompts", ("assistant", "index", "ui")), ("assistant", ("ui",))],
)
def test_arrows_go_one_way(package, never):
    for path in sorted((ROOT / package).rglob("*.py")):
        if name(path) in ("assistant/cli.py", "assistant/doctor.py"):
            continue  # the command puts everything together, and the doctor looks at all of it
        for module in imports(path):
            assert module.split(".")[0] not in never, f"{name(path)} imports {module}"


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("chromadb", {"index/vectors/store.py", "index/vectors/chroma_folder.py", "index/vectors/chroma_server.py"}),
        ("sentence_transformers", {"index/vectors/onnx_model.py", "index/search/reranker.py"}),
        ("torch", {"index/vectors/onnx_model.py"}),
        ("transformers", {"index/vectors/onnx_model.py", "index/search/reranker.py"}),
        ("onnxruntime", {"index/vectors/onnx_model.py", "index/vectors/embed.py"}),
        ("gradio", {"ui/app.py"}),
        ("jinja2", {"prompts/__init__.py", "assistant/models/template.py"}),  # ours, and a model file's own template
        (
            "sqlite3",
            {"index/catalogue.py", "index/catalogue_writer.py", "index/build.py", "index/vectors/unfinished.py"},
        ),
    ],
)
def test_an_outside_library_has_its_home(library, homes):
    users = {name(path) for path in FILES if any(module.split(".")[0] == library for module in imports(path))}
    assert users and users <= homes


def test_llama_cpp_stays_in_the_modules_of_the_model():
    for path in FILES:
        if any(module.split(".")[0] == "llama_cpp" for module in imports(path)):
            assert path.parent.name == "models" or path.stem == "probe", name(path)


@pytest.mark.parametrize("leaf", ["index/types.py", "index/errors.py", "assistant/types.py", "assistant/errors.py"])
def test_types_and_errors_are_leaves(leaf):
    own = {module for module in imports(ROOT / leaf) if module.split(".")[0] in PACKAGES}
    allowed = {"index.types", "index.errors"} if leaf.startswith("assistant") else set()
    assert own <= allowed


def test_no_circle_of_imports():
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}
    graph = {module: imports(path) & modules.keys() for module, path in modules.items()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module not in done:
            for other in graph[module]:
                visit(other, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("package", PACKAGES)
def test_the_packages_are_those_of_this_repository(package):
    assert Path(importlib.import_module(package).__file__).parent == ROOT / package
