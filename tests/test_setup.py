"""Set-up does what is left to do and no more, and says in one line what a person has to do first.

The real Makefile and scripts run in a folder of their own. The PATH holds plain tools and stand-ins for
Python and the compiler: what they are asked to do is written to a file.
"""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
TOOLS = (
    "awk",
    "cat",
    "chmod",
    "cksum",
    "cut",
    "date",
    "dirname",
    "env",
    "grep",
    "id",
    "make",
    "mkdir",
    "rm",
    "sed",
    "sh",
    "sleep",
    "tail",
    "true",
)

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")

PYTHON = """#!/bin/sh
# Answers like a new enough Python with venv, unless $OLD or $NO_VENV is 1; notes what it is asked to install.
here=$(dirname "$0")
case "$*" in
    *version_info*) exit "${OLD:-0}" ;;
    *ensurepip*) exit "${NO_VENV:-0}" ;;
    *"-m venv"*) mkdir -p .venv/bin && cat "$0" > .venv/bin/python && chmod +x .venv/bin/python ;;
    *"import pip"*) exit 0 ;;
    *importlib.metadata*) grep -q -- "$3==$4" .venv/installed 2>/dev/null ;;
    *"pip cache"*) exit 0 ;;
    *"pip install"*) echo "CMAKE_ARGS=$CMAKE_ARGS $*" >> asked; echo "$*" >> .venv/installed ;;
    --version) echo "Python 3.11" ;;
esac
"""


class Checkout:
    """A folder with the files of set-up, and the commands to run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a folder with blanks"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.folder.mkdir()
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(PROJECT / name, self.folder)
        shutil.copytree(PROJECT / "scripts", self.folder / "scripts")

    def add_stub(self, name: str, text: str = "#!/bin/sh\n") -> None:
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env={"PATH": str(self.bin), "HOME": str(self.folder), **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def set_up(self, *arguments: str, **environment: str) -> list[str]:
        """Run set-up, which must succeed; what it asked pip to do."""
        asked = self.folder / "asked"
        asked.unlink(missing_ok=True)
        done = self.run("sh", "scripts/setup.sh", *arguments, **environment)
        assert done.returncode == 0, done.stderr
        return asked.read_text().splitlines() if asked.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh checkout on a machine without Python and without a compiler."""
    return Checkout(tmp_path)


@pytest.fixture
def ready(checkout: Checkout) -> Checkout:
    """A fresh checkout on a machine with both."""
    checkout.add_stub("python3", PYTHON)
    checkout.add_stub("c++")
    return checkout


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a failing target says, besides make's own."""
    assert done.returncode != 0
    lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]
    lines = [line for line in lines if not line.startswith("Made .venv")]
    assert len(lines) == 1, done
    return lines[0]


def test_make_alone_lists_every_target_and_variable(checkout: Checkout) -> None:
    done = checkout.run("make")
    targets = re.search(r"^\.PHONY: (.*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    assert re.findall(r"^make (\w+) +\S", done.stdout, re.MULTILINE) == targets[1].split()
    for variable in ("ALLIANCES_PORT", "CMAKE_ARGS", "TORCH_INDEX", "PYTHON"):
        assert f"  {variable} " in done.stdout


@pytest.mark.parametrize("target", ["chat", "test", "check", "format"])
def test_without_python_one_line_says_which_is_needed(checkout: Checkout, target: str) -> None:
    assert only_line(checkout.run("make", target)).startswith("setup: no Python 3.11 or newer")


def test_an_old_python_is_as_good_as_none(checkout: Checkout) -> None:
    checkout.add_stub("python3", PYTHON)
    assert "PYTHON=" in only_line(checkout.run("make", "chat", OLD="1"))


def test_the_python_that_was_named_is_the_only_one_tried(ready: Checkout) -> None:
    assert "among: python9." in only_line(ready.run("make", "chat", "PYTHON=python9"))


def test_a_python_without_venv_names_the_package_to_install(ready: Checkout) -> None:
    assert "python3-venv" in only_line(ready.run("make", "chat", NO_VENV="1"))


def test_a_missing_compiler_names_what_to_install(ready: Checkout) -> None:
    (ready.bin / "c++").unlink()
    line = only_line(ready.run("make", "chat"))
    assert "C++ compiler" in line
    assert "build-essential" in line


def test_a_compiler_that_does_not_compile_is_none(ready: Checkout) -> None:
    ready.add_stub("c++", "#!/bin/sh\nexit 1\n")
    assert "C++ compiler" in only_line(ready.run("make", "chat"))


def test_the_second_time_nothing_is_installed(ready: Checkout) -> None:
    first = ready.set_up()
    assert any("llama-cpp-python==" in line for line in first)
    assert any("-c constraints.txt -e ." in line for line in first)
    assert ready.set_up() == []
    (ready.folder / "pyproject.toml").touch()
    assert ready.set_up() == [], "a new date is no change"


def test_changed_constraints_are_installed(ready: Checkout) -> None:
    ready.set_up()
    with (ready.folder / "constraints.txt").open("a") as file:
        file.write("zipp==1.0\n")
    assert [line.endswith("-e .") for line in ready.set_up()] == [True]


def test_a_moved_folder_is_installed_again(ready: Checkout) -> None:
    ready.set_up()
    ready.folder = ready.folder.rename(ready.folder.with_name("moved"))
    assert len(ready.set_up()) == 1


def test_checks_add_the_development_tools_and_chat_keeps_them(ready: Checkout) -> None:
    ready.set_up()
    assert [line.endswith("-e .[dev]") for line in ready.set_up("dev")] == [True]
    assert ready.set_up() == []
    with (ready.folder / "constraints.txt").open("a") as file:
        file.write("zipp==1.0\n")
    assert [line.endswith("-e .[dev]") for line in ready.set_up()] == [True]


def test_another_build_of_llama_is_compiled_once_and_past_the_cache(ready: Checkout) -> None:
    ready.set_up()
    compiled, *_ = ready.set_up(CMAKE_ARGS="-DGGML_CUDA=on")
    assert compiled.startswith("CMAKE_ARGS=-DGGML_CUDA=on ")
    assert "--no-cache-dir" in compiled
    assert ready.set_up(CMAKE_ARGS="-DGGML_CUDA=on") == []
    assert ready.set_up() == [], "without the variable, the build stays"
    plain, *_ = ready.set_up(CMAKE_ARGS="")
    assert "--no-cache-dir" not in plain
    assert "llama-cpp-python==" in plain


def test_pytorch_comes_from_the_given_index_before_the_rest(ready: Checkout) -> None:
    first, *_ = ready.set_up(TORCH_INDEX="file:///somewhere")
    assert "--index-url file:///somewhere torch==" in first
    assert ready.set_up(TORCH_INDEX="file:///somewhere") == []
    assert ready.set_up() == []


def test_a_failed_step_shows_its_last_lines_and_is_done_again(ready: Checkout) -> None:
    ready.add_stub(
        "python3",
        PYTHON.replace('echo "CMAKE_ARGS', '[ -z "$BROKEN" ] || { echo disk full; exit 1; }; echo "CMAKE_ARGS'),
    )
    done = ready.run("make", "chat", BROKEN="1")
    assert done.returncode != 0
    assert "disk full" in done.stderr
    assert "this step failed: " in done.stderr
    assert ready.set_up()


def test_ci_runs_check_and_test(ready: Checkout) -> None:
    shutil.copytree(PROJECT / ".ci", ready.folder / ".ci")
    (ready.bin / "make").unlink()
    ready.add_stub("make", '#!/bin/sh\necho "$PWD: $*"\n')
    ready.add_stub("bash", f'#!/bin/sh\nexec {shutil.which("bash")} "$@"\n')
    done = ready.run(str(ready.folder / ".ci" / "run"))
    assert done.stdout == f"{ready.folder}: check test\n", done.stderr
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)


def test_without_a_browser_tests_go_on_but_not_in_ci(checkout: Checkout) -> None:
    done = checkout.run("sh", "scripts/browser.sh")
    assert done.returncode == 0
    assert "install Chromium" in done.stderr
    assert checkout.run("sh", "scripts/browser.sh", CI="true").returncode == 1
    checkout.add_stub("chromium")
    assert checkout.run("sh", "scripts/browser.sh", CI="true").stderr == ""


def test_a_missing_browser_is_installed_where_that_is_allowed(checkout: Checkout) -> None:
    checkout.add_stub("id", "#!/bin/sh\necho 0\n")
    installs = f'cat "$0" > "{checkout.bin}/chromium" && chmod +x "{checkout.bin}/chromium"'
    checkout.add_stub("apt-get", f'#!/bin/sh\necho "$*" >> asked\n{installs}\n')
    done = checkout.run("sh", "scripts/browser.sh", CI="true")
    assert done.returncode == 0, done
    assert "install -y --no-install-recommends chromium" in (checkout.folder / "asked").read_text()


def test_every_requirement_is_pinned_exactly() -> None:
    lines = [line for line in (PROJECT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    pins = dict(line.split("==") for line in lines)
    assert list(pins) == sorted(pins)
    assert not [line for line in lines if "+" in line], "local versions exist on one platform only"
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    for requirement in project["dependencies"] + project["optional-dependencies"]["dev"]:
        name, relation, version = re.fullmatch(r"([\w.-]+?)(?:\[\w+\])?(?:(==|>=)([\d.]+))?", requirement).groups()
        assert name in pins, f"{name} is not in constraints.txt"
        if relation == "==":
            assert pins[name] == version


def test_every_package_that_is_imported_is_required() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    required = {canonical(re.split(r"[\[<>=]", requirement)[0]) for requirement in project["dependencies"]}
    ours = {"assistant", "index", "prompts", "ui"}
    files = [path for folder in ours for path in (PROJECT / folder).rglob("*.py")]
    third_party = {name for path in files for name in imports(path)} - ours - set(sys.stdlib_module_names)
    providers = importlib.metadata.packages_distributions()
    missing = [name for name in third_party if required.isdisjoint(map(canonical, providers.get(name, [])))]
    assert missing == [], "add them to the dependencies in pyproject.toml and to constraints.txt"


def canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def imports(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}
