"""The command line: answers on stdout, all else on stderr, an exit status that tells, never a traceback.

Everything runs as a user runs it, in a process of its own, with the real index and the real models, over one
small article.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.console import plain

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()"]
COMMANDS = (
    "ask",
    "chat",
    "ui",
    "add",
    "remove",
    "articles",
    "check-articles",
    "search",
    "eval",
    "rebuild",
    "index",
    "models",
    "doctor",
)
HEAVY = ("torch", "sentence_transformers", "chromadb", "llama_cpp", "gradio", "uvicorn", "numpy")

ARTICLE = """\
---
title: Lantern Forum
slug: lantern-forum
published: 2026-11-23
alliance:
  name: Lantern Forum
  kind: safety
  status: active
  founded: 2023-07-26
  founders: [Acme Intelligence, Borealis Labs]
  members:
    - role: founder
      as_of: 2026-05
      names: [Acme Intelligence, Borealis Labs]
sources:
  - id: s1
    title: About us
    publisher: Lantern Forum
    date: 2023-10-25
    url: https://lantern.example/about
---

The Lantern Forum is a body that promotes the safe development of AI models. [s1]
The Lantern Forum was founded on 26 July 2023 by Acme Intelligence and Borealis Labs. [s1]

## Members

As of May 2026, the founders in the Lantern Forum are Acme Intelligence and Borealis Labs. [s1]
"""
FOUNDERS = "Who founded the Lantern Forum?"


class Home:
    """A user's folder, and the command run with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = folder / "library"
        self.library.mkdir(parents=True)
        (self.library / "lantern-forum.md").write_text(ARTICLE, encoding="utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        ours = {"ALLIANCES_HOME": str(self.folder / "home"), "ALLIANCES_LIBRARY": str(self.library)}
        return {**os.environ, **ours, "COLUMNS": "100", **more}

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env=self.environment(**environment),
            timeout=300,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with an index, built by the first question as for every new user."""
    home = Home(tmp_path_factory.mktemp("cli"))
    done = home.run("ask", FOUNDERS)
    assert done.returncode == 0, done.stderr
    assert "Acme Intelligence and Borealis Labs" in done.stdout
    assert "Building the index" in done.stderr
    assert "index" not in done.stdout
    return home


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """A home without an index, for what must be refused before one is built."""
    return Home(tmp_path)


def refusal(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """The one line that a refused command says."""
    assert done.returncode == status, done
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("alliances: ")
    return lines[0]


# -- light


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["ui", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = (
        f"import sys, atexit; sys.argv = ['alliances', *{arguments!r}]\n"
        f"atexit.register(lambda: print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules))))\n"
        "from assistant.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "HEAVY []", done


@pytest.mark.parametrize(("told", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_numpy_is_given_one_thread_unless_told_otherwise(told: dict[str, str], threads: str) -> None:
    code = (
        "import atexit, os, sys\n"
        "atexit.register(lambda: print('THREADS', os.environ['OPENBLAS_NUM_THREADS']))\n"
        "sys.argv = ['alliances', '--help']\n"
        "from assistant.cli import main; main()"
    )
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", code], env={**kept, **told}, capture_output=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == f"THREADS {threads}", done


def test_help_lists_every_command(empty: Home) -> None:
    help_text = empty.run("--help").stdout
    assert all(f" {command} " in help_text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_carries_an_example(empty: Home, command: str) -> None:
    assert f"Example: alliances {command}" in empty.run(command, "--help").stdout


# -- answers


def test_json_is_the_whole_of_stdout_and_has_these_fields_only(home: Home) -> None:
    done = home.run("ask", FOUNDERS, "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    fields = ["question", "answer", "abstained", "kind", "citations", "timings", "model", "model_failure"]
    assert list(answer) == fields
    assert answer["question"] == FOUNDERS
    assert answer["abstained"] is False
    assert answer["timings"]["total"] > 0
    (citation,) = answer["citations"]
    assert citation == {
        "number": 1,
        "title": "Lantern Forum",
        "slug": "lantern-forum",
        "url": "https://lantern.example/about",
        "published": "2026-11-23",
        "quote": "The Lantern Forum was founded on 26 July 2023 by Acme Intelligence and Borealis Labs.",
    }


def test_a_plain_answer_shows_its_sources_and_no_colours(home: Home) -> None:
    done = home.run("ask", FOUNDERS)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    for part in ("[1] Lantern Forum", "About us, Lantern Forum, 2023-10-25, https://lantern.example/about"):
        assert part in done.stdout


def test_what_the_articles_do_not_tell_is_an_answer_not_an_error(home: Home) -> None:
    done = home.run("ask", "What is the capital of France?", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["abstained"] is True
    assert answer["citations"] == []


def test_chat_answers_line_by_line_and_remembers(home: Home) -> None:
    done = home.run("chat", stdin="When was the Lantern Forum founded?\n\nAnd by whom?\n/quit\nnever read\n")
    assert done.returncode == 0, done.stderr
    assert "26 July 2023" in done.stdout
    assert "Acme Intelligence and Borealis Labs" in done.stdout
    assert done.stdout.count("[1] Lantern Forum") == 2


def test_chat_goes_on_after_an_error_and_says_so_at_the_end(home: Home) -> None:
    done = home.run("chat", stdin=f"{'x' * 3000}\n{FOUNDERS}\n")
    assert done.returncode == 1
    assert done.stderr.startswith("alliances: ")
    assert "Borealis Labs" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_in_a_terminal_ctrl_c_keeps_the_chat_and_ctrl_d_leaves_it(home: Home) -> None:
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "chat"], stdin=theirs, stdout=theirs, stderr=theirs, env=home.environment(TERM="dumb")
    ) as process:
        os.close(theirs)
        try:
            assert "Ctrl-D" in read_until(ours, "\n> ")
            # `input` misses a signal between showing its prompt and waiting for a key; a person presses again.
            while not select.select([ours], [], [], 1)[0]:
                process.send_signal(signal.SIGINT)
            read_until(ours, "\n> ")
            os.write(ours, f"{FOUNDERS}\n".encode())
            assert "[1] Lantern Forum" in read_until(ours, "\n> ")
            os.write(ours, b"\x04")
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
            os.close(ours)


def read_until(terminal: int, text: str) -> str:
    """What a terminal shows, up to this text at the latest."""
    shown = ""
    while text not in shown:
        assert select.select([terminal], [], [], 120)[0], f"nothing more after: {shown}"
        shown += os.read(terminal, 4096).decode(errors="replace").replace("\r", "")
    return shown


def test_search_shows_passages_with_scores(home: Home) -> None:
    done = home.run("search", "safe development", "--top", "1")
    assert done.returncode == 0
    first, second = done.stdout.splitlines()[:2]
    assert float(first.split()[0]) > 0
    assert first.endswith("Lantern Forum")
    assert "promotes the safe development" in second


def test_articles_are_listed_whole_one_a_line(home: Home) -> None:
    heading, row = home.run("articles").stdout.splitlines()
    assert heading.split() == ["Title", "Kind", "Founded", "Published", "Slug", "Library"]
    assert row.split() == [
        "Lantern",
        "Forum",
        "safety",
        "2023-07-26",
        "2026-11-23",
        "lantern-forum",
        "shipped",
    ]


def test_articles_are_found_by_title_names_and_kind(home: Home) -> None:
    for words in ("lantern SAFETY", "borealis", "lantern.example"):
        assert ("lantern-forum" in home.run("articles", "--search", words).stdout) == (words != "lantern.example")
    said = refusal(home.run("articles", "--search", "lantern pudding"))
    assert "no article has all the words 'lantern pudding' in its title or names; `alliances search`" in said


def test_a_writer_is_told_what_is_wrong(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "draft.md"
    path.write_text(ARTICLE.replace("slug: lantern-forum\n", "").replace("Borealis Labs. [s1]\n", "B. Labs.\n", 1))
    done = home.run("check-articles", str(path))
    assert done.returncode == 1
    assert done.stdout == (
        f"{path}:23: a sentence without a source: 'The Lantern Forum was founded on 26 July 2023 by Acme Intelligence "
        "and B. Labs.'\n"
    )
    assert done.stderr == "1 article checked, 1 problem.\n"
    assert home.run("check-articles").stderr == "1 article checked, no problems.\n"


# -- the index


def test_an_added_article_answers_and_a_refused_one_changes_nothing(tmp_path: Path, home: Home) -> None:
    note, binary = tmp_path / "harbour-pact.txt", tmp_path / "binary.txt"
    note.write_text("Harbour Pact\n\nThe Harbour Pact was founded in 2024 by Acme Intelligence.\n", encoding="utf-8")
    binary.write_bytes(b"\x00\x01\x02")
    assert "binary.txt" in refusal(home.run("add", str(binary)))
    done = home.run("add", str(note), str(binary))
    assert done.returncode == 1
    assert done.stdout == "added: harbour-pact\n"
    assert "binary.txt" in done.stderr
    assert "harbour-pact" in home.run("articles").stdout
    assert "2024" in home.run("ask", "When was the Harbour Pact founded?").stdout


def test_a_removed_article_is_forgotten(tmp_path: Path, home: Home) -> None:
    note = tmp_path / "pier-pact.txt"
    note.write_text("Pier Pact\n\nThe Pier Pact was founded in 2025.\n", encoding="utf-8")
    home.run("add", str(note))
    done = home.run("remove", "Pier Pact", "nothing-like-it")
    assert (done.returncode, done.stdout) == (1, "removed: pier-pact\n")
    assert "You have no article 'nothing-like-it'" in done.stderr
    assert "pier-pact" not in home.run("articles").stdout
    assert note.exists()
    assert "only articles that you added can be removed" in refusal(home.run("remove", "lantern-forum"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_a_watched_folder_gives_its_files_as_they_appear_until_ctrl_c(tmp_path: Path, home: Home) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "first-note.txt").write_text("First Note\n\nThe first note tells of a lighthouse.\n")
    command = [*COMMAND, "add", "--watch", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=home.environment()) as process:
        assert process.stdout is not None
        assert "added: first-note" in read_until(process.stdout.fileno(), "Watching")
        (folder / "second-note.txt").write_text("Second Note\n\nThe second note tells of a harbour.\n")
        assert "added: second-note" in read_until(process.stdout.fileno(), "Watching")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert "second-note" in home.run("articles").stdout
    home.run("remove", "first-note", "second-note")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_ctrl_c_keeps_what_was_taken_in_and_the_same_command_goes_on(tmp_path: Path, home: Home) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(300):
        (folder / f"heap-{i}.txt").write_text(f"Heap {i}\n\nThe heap of number {i} is {i * 7} metres high.\n")
    command = [*COMMAND, "add", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=home.environment()) as process:
        assert process.stdout is not None and process.stderr is not None
        read_until(process.stdout.fileno(), "added: heap-1")
        process.send_signal(signal.SIGINT)
        assert b"The same command goes on from there." in process.stderr.read()
        assert process.wait(timeout=60) == 130
    taken = len(list((home.folder / "home" / "articles").glob("heap-*.md")))
    assert 0 < taken < 300
    done = home.run("add", str(folder))
    assert f"300 articles: {300 - taken} added, {taken} unchanged." in done.stderr
    home.run("remove", *(f"heap-{i}" for i in range(300)))


def test_a_rebuild_without_changes_says_so_and_force_builds(home: Home) -> None:
    assert "up to date" in home.run("rebuild").stderr
    forced = home.run("rebuild", "--force")
    assert forced.returncode == 0
    assert forced.stdout == ""
    assert "The index is new" in forced.stderr


def test_generations_are_listed_and_a_rollback_puts_the_one_before_in_use(tmp_path: Path, home: Home) -> None:
    note = tmp_path / "quay-pact.txt"
    note.write_text("Quay Pact\n\nThe Quay Pact was founded in 2025.\n", encoding="utf-8")
    home.run("add", str(note))
    shown = home.run("index").stdout
    assert "previous" in shown and "current" in shown
    assert "1 article added: quay-pact" in shown
    done = home.run("rebuild", "--rollback")
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(
        r"Generation \d+ answers again, built on .*; `alliances rebuild` brings .* back\.\n", done.stderr
    )
    assert "quay-pact" not in home.run("articles").stdout
    assert "1 article has changed" in home.run("search", "quay").stderr
    home.run("remove", "quay-pact")
    assert "There is no generation 1000" in refusal(home.run("index", "1000", "1"))


def test_a_damaged_index_heals_itself_and_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.run("rebuild")
    (home.folder / "home" / "index" / "gen-000001" / "catalogue.sqlite").write_bytes(b"no catalogue")
    done = home.run("articles")
    assert done.returncode == 0
    assert "lantern-forum" in done.stdout
    assert "is damaged" in done.stderr and "built anew" in done.stderr
    assert home.run("articles").stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_ctrl_c_ends_a_rebuild_with_130_and_the_old_index_answers(home: Home) -> None:
    before = home.run("articles").stdout
    command = [*COMMAND, "rebuild", "--force"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=home.environment()
    ) as process:
        assert process.stderr is not None
        assert "Building" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert rest == "Stopped. What was read so far is kept; `alliances rebuild` goes on from there.\n"
    assert home.run("articles").stdout == before


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a closed pipe in another way")
def test_a_reader_that_goes_away_causes_no_noise(home: Home) -> None:
    with subprocess.Popen(
        [*COMMAND, "articles"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=home.environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""


# -- refusals


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "question"),
        (["ask", "x", "--colour"], "--colour"),
        (["search", "x", "--top", "0"], "--top"),
        (["ui", "--port", "many"], "--port"),
        (["sing"], "sing"),
        (["add"], "TARGETS"),
        (["rebuild", "--force", "--rollback"], "--rollback"),
        (["index", "3"], "NUMBERS"),
        (["remove"], "names"),
    ],
)
def test_wrong_usage_is_one_line_with_the_way_to_the_help(empty: Home, arguments: list[str], said: str) -> None:
    line = refusal(empty.run(*arguments), status=2)
    assert said in line
    assert "--help'." in line


@pytest.mark.parametrize("question", ["", "  \n ", "why " * 5000])
def test_a_question_that_cannot_be_read_is_refused(home: Home, question: str) -> None:
    assert "question" in refusal(home.run("ask", question))


def test_a_missing_model_is_named_before_anything_is_built(empty: Home) -> None:
    assert "/nowhere/model.gguf" in refusal(empty.run("ask", FOUNDERS, "--model", "/nowhere/model.gguf"))
    assert not (empty.folder / "home").exists()


def test_a_setting_that_cannot_be_names_its_variable(empty: Home) -> None:
    assert "ALLIANCES_PORT" in refusal(empty.run("articles", ALLIANCES_PORT="99999"))


def test_an_empty_library_is_refused(empty: Home) -> None:
    (empty.library / "lantern-forum.md").unlink()
    assert str(empty.library) in refusal(empty.run("rebuild"))


def test_wrong_articles_are_named_one_a_line(empty: Home) -> None:
    for name in ("one.md", "two.md"):
        (empty.library / name).write_text(ARTICLE.replace("kind: safety", "kind: safty"), encoding="utf-8")
    done = empty.run("rebuild")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert all(line.startswith("alliances: ") for line in lines)
    assert [name for name in ("one.md", "two.md") if any(name in line for line in lines)] == [
        "one.md",
        "two.md",
    ]


def test_a_port_in_use_is_said_before_anything_is_built(empty: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal(empty.run("ui", "--port", str(port)))
    assert f"Port {port}" in line
    assert "--port" in line
    assert not (empty.folder / "home").exists()


# -- what is shown


def test_text_of_others_cannot_steer_the_terminal() -> None:
    assert plain("red \x1b[31m, bell\a, \u202eturned\u202c, zero\u200bwidth\nkept\ttoo") == (
        "red [31m, bell, turned, zerowidth\nkept\ttoo"
    )


def test_output_that_the_encoding_lacks_is_no_error(home: Home) -> None:
    question = "Who founded the Lantern Forum (\u2603)?"
    done = home.run("ask", question, "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert json.loads(done.stdout)["question"] == question
