#!/bin/sh
# Makes .venv and installs the project into it: `scripts/setup.sh`; with what checks and tests need: `... dev`.
#
# 1. Nothing changed since the last time? Then stop here.
# 2. Make .venv with the first Python that is new enough.
# 3. PyTorch from TORCH_INDEX, if one was given.
# 4. Compile llama-cpp-python, with CMAKE_ARGS if they were given.
# 5. Everything else, in the versions of constraints.txt, and the project itself, editable.
#
# What was done is noted in .venv/setup: `installed` (what was asked for, and the fingerprint of what it was made
# from), `cmake-args`, `torch-index`, and `log`, the output of the last step.

set -eu
cd "$(dirname "$0")/.."
unset PYTHONHOME PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_USER=0 PIP_NO_INPUT=1

wanted=${1:-runtime}
notes=.venv/setup
ticker=

say() { printf '%s\n' "$*" >&2; }

die() {
    say "setup: $*"
    exit 1
}

noted() { cat "$notes/$1" 2>/dev/null || true; }

note() { printf '%s\n' "$2" >"$notes/$1"; }

# The version that constraints.txt pins: pinned torch
pinned() { sed -n "s/^$1==//p" constraints.txt; }

# True if the package is in .venv in its pinned version, whichever the build (2.13.0+cpu is 2.13.0).
present() {
    .venv/bin/python -c '
import sys
from importlib.metadata import PackageNotFoundError, version
try:
    sys.exit(version(sys.argv[1]).partition("+")[0] != sys.argv[2])
except PackageNotFoundError:
    sys.exit(1)' "$1" "$(pinned "$1")"
}

# The place of the folder counts, because the scripts in .venv carry it.
fingerprint() { { cat pyproject.toml constraints.txt && pwd; } | cksum; }

show_seconds() {
    while :; do
        last=$(tail -n 1 "$notes/log" 2>/dev/null | cut -c 1-40 || true)
        printf '\r\033[K%s ... %d s  %s' "$1" $(($(date +%s) - started)) "$last" >&2
        sleep 1
    done
}

stop_ticker() {
    [ -z "$ticker" ] || kill "$ticker" 2>/dev/null || true
    ticker=
}
trap stop_ticker EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# step LABEL COMMAND ...: runs the command; its output is shown only if it fails.
step() {
    label=$1
    shift
    started=$(date +%s)
    : >"$notes/log"
    if [ -t 2 ]; then
        show_seconds "$label" &
        ticker=$!
    else
        say "$label ..."
    fi
    failed=0
    "$@" >"$notes/log" 2>&1 </dev/null || failed=1
    stop_ticker
    [ ! -t 2 ] || printf '\r\033[K' >&2
    if [ "$failed" = 1 ]; then
        tail -n 20 "$notes/log" >&2
        die "this step failed: $label. Its last lines stand above, all of it in $notes/log; mended, run make again."
    fi
    say "$label: done in $(($(date +%s) - started)) s"
}

pip_install() { .venv/bin/python -m pip install -c constraints.txt "$@"; }

nothing_to_do() {
    [ -x .venv/bin/python ] || return 1
    case "$(noted installed)" in
        "dev $(fingerprint)") ;;
        "runtime $(fingerprint)") [ "$wanted" = runtime ] || return 1 ;;
        *) return 1 ;;
    esac
    [ "${CMAKE_ARGS-$(noted cmake-args)}" = "$(noted cmake-args)" ] || return 1
    [ "${TORCH_INDEX:-$(noted torch-index)}" = "$(noted torch-index)" ]
}

choose_python() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3.13 python3.12 python3.11 python3; fi
    incomplete=
    for python in "$@"; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
        incomplete=$python
    done
    [ -z "$incomplete" ] || die "$incomplete lacks the venv module: install it" \
        "(Debian, Ubuntu: sudo apt-get install python3-venv), then run make again."
    die "no Python 3.11 or newer among: $*. Install one, or name the one to use: make chat PYTHON=/path/to/python3.12"
}

make_environment() {
    if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
        choose_python
        "$python" -m venv --clear .venv >/dev/null 2>&1 ||
            die "'$python -m venv .venv' failed: run it to see why (is the disk full, the folder read-only?)."
        say "Made .venv with $(.venv/bin/python --version)"
    fi
    mkdir -p "$notes"
}

install_torch() {
    index=${TORCH_INDEX:-$(noted torch-index)}
    [ -n "$index" ] || return 0
    if [ "$index" = "$(noted torch-index)" ] && present torch; then return 0; fi
    step "Installing PyTorch from the index you gave" \
        pip_install --force-reinstall --no-deps --index-url "$index" "torch==$(pinned torch)"
    note torch-index "$index"
}

# A compiler is there if it compiles: on macOS, c++ exists before there is a compiler behind it.
compiles() { printf 'int main() { return 0; }\n' | "$1" -x "$2" -c -o /dev/null - 2>/dev/null; }

need_compiler() {
    for cxx in "${CXX:-c++}" g++ clang++; do
        if compiles "$cxx" c++; then return; fi
    done
    die "no C++ compiler found, and llama-cpp-python needs one: install it (Debian, Ubuntu:" \
        "sudo apt-get install build-essential; Fedora: sudo dnf install gcc-c++; macOS: xcode-select --install)," \
        "then run make again."
}

compiled_before() { .venv/bin/python -m pip cache list llama_cpp_python 2>/dev/null | grep -q -- "-$1-"; }

install_llama() {
    arguments=${CMAKE_ARGS-$(noted cmake-args)}
    if [ "$arguments" = "$(noted cmake-args)" ] && present llama-cpp-python; then return 0; fi
    version=$(pinned llama-cpp-python)
    set -- --force-reinstall --no-deps "llama-cpp-python==$version"
    if [ -n "$arguments" ]; then
        need_compiler
        # pip's cache does not know CMAKE_ARGS: what it keeps may be another build, and ours must not stay in it.
        step "Compiling llama-cpp-python with $arguments, 5 to 30 minutes, once" \
            env CMAKE_ARGS="$arguments" .venv/bin/python -m pip install -c constraints.txt \
            --no-cache-dir --no-binary llama-cpp-python "$@"
    elif compiled_before "$version"; then
        step "Installing llama-cpp-python, compiled before" pip_install "$@"
    else
        need_compiler
        step "Compiling llama-cpp-python, about 5 minutes, once" pip_install "$@"
    fi
    note cmake-args "$arguments"
}

install_project() {
    case "$(noted installed)" in dev*) wanted=dev ;; esac
    if [ "$wanted" = dev ]; then project='.[dev]'; else project=.; fi
    step "Installing the packages of constraints.txt" pip_install -e "$project"
    note installed "$wanted $(fingerprint)"
}

case "$wanted" in runtime | dev) ;; *) die "usage: scripts/setup.sh [dev]" ;; esac
if nothing_to_do; then exit 0; fi
make_environment
install_torch
install_llama
install_project
