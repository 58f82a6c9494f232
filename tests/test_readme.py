"""The documents tell the truth: commands run, what they print is what is shown, tables and links match the project."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
import typer.main

from assistant.cli import app
from assistant.settings import Settings
from index.articles import article_files, load_library, read_article
from index.fact_sentences import founder_sentence, founding_sentence, member_sentence
from index.front_matter import (
    KINDS,
    ROLES,
    STATUSES,
    AllianceFields,
    ArticleFields,
    EventFields,
    FigureFields,
    MemberGroup,
    SourceFields,
)

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
ARTICLES_README = (PROJECT / "articles" / "README.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
GUIDES = ("README.md", "articles/README.md")
DOCUMENTS = (*GUIDES, "CHANGELOG.md", "docs/log.md")  # the last two tell of the past, too
ALLIANCES = [sys.executable, "-c", "from assistant.cli import main; main()"]
COMMANDS = typer.main.get_command(app).commands
MAX_PICTURE_BYTES = 200_000


class Block(NamedTuple):
    """Code in a document; `output` is the block of text right behind it, None if there is none."""

    language: str
    code: str
    output: str | None


def blocks(document, language):
    fence = re.compile(r"^```(\w+)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
    return [block for block in map(Block._make, fence.findall(document)) if block.language == language]


def section(heading):
    """The text under a heading of the README, up to the next one."""
    return re.split(r"^## ", README.split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


class Exchange(NamedTuple):
    """A question of a conversation, and the text of its answer."""

    question: str
    answer: str


def conversations():
    """Each block of that section as its exchanges: a question on a line that begins with "> ", the answer below."""
    shown = re.findall(r"^```text\n(.*?)^```", section("Conversations"), re.MULTILINE | re.DOTALL)
    exchange = re.compile(r"^> (.*)\n((?:(?!> ).*\n)*)", re.MULTILINE)
    return [[Exchange(question, answer.strip()) for question, answer in exchange.findall(block)] for block in shown]


def command_lines(code):
    return [words for line in code.splitlines() if (words := shlex.split(line, comments=True))]


BASH = blocks(README, "bash")
RUNNABLE = [block for block in BASH if re.search(r"^alliances ", block.code, re.MULTILINE)]
(EXAMPLE,) = (block.code for block in blocks(ARTICLES_README, "markdown"))
(PYTHON,) = blocks(README, "python")
CONVERSATIONS = conversations()


@pytest.fixture(scope="module")
def run(assistant, settings, tmp_path_factory):
    """Runs a command in a newcomer's folder, with the example article and an index that is ready."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "lantern-forum.md").write_text(EXAMPLE, encoding="utf-8")
    shutil.copytree(settings.index_folder, folder / "home" / "index")
    environment = {**os.environ, "ALLIANCES_HOME": str(folder / "home")}

    def run(command):
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


# -- what is shown is what happens


@pytest.mark.parametrize("block", RUNNABLE, ids=["start", "add"])
def test_the_commands_print_what_is_shown(block, run):
    printed = [run([*ALLIANCES, *words[1:]]) for words in command_lines(block.code) if words[0] == "alliances"]
    assert "".join(printed) == block.output


def test_the_python_lines_print_what_is_shown(run):
    assert run([sys.executable, "-c", PYTHON.code]).rstrip() == PYTHON.output.rstrip()


@pytest.mark.parametrize("turns", CONVERSATIONS, ids=lambda turns: turns[0].question)
def test_the_conversations_go_as_shown(turns, assistant):
    chat = assistant.conversation()
    assert [Exchange(turn.question, chat.ask(turn.question).text) for turn in turns] == turns


def test_no_line_of_the_command_blocks_is_left_unchecked():
    for words in (words for block in BASH for words in command_lines(block.code)):
        assert words[0] in ("alliances", "make", "python") or words == [".", ".venv/bin/activate"]


@pytest.mark.parametrize("document", GUIDES)
def test_every_make_target_and_variable_exists(document):
    targets = set(re.findall(r"^(\w+):.*## ", MAKEFILE, re.MULTILINE))
    variables = set(re.findall(r"^#:   ([A-Z_]+) ", MAKEFILE, re.MULTILINE))
    text = (PROJECT / document).read_text(encoding="utf-8")
    for command in re.findall(r"(?:`|^)make ([^`#\n]+)", text, re.MULTILINE):
        for word in shlex.split(command):
            name, is_variable, _ = word.partition("=")
            assert name in (variables if is_variable else targets)


def test_every_script_named_exists():
    for script in re.findall(r"^python (\S+)", README, re.MULTILINE):
        assert (PROJECT / script).is_file()


# -- commands


def options_of(command):
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")} - {"--help"}


@pytest.mark.parametrize("document", GUIDES)
def test_every_command_named_exists_with_its_options(document):
    text = (PROJECT / document).read_text(encoding="utf-8")
    for line in re.findall(r"(?:`|^)alliances ([^`#\n]+)", text, re.MULTILINE):
        name, *arguments = shlex.split(line)
        assert name in COMMANDS
        assert {word for word in arguments if word.startswith("--")} <= options_of(COMMANDS[name])


def test_the_table_of_commands_has_every_command_with_every_option():
    rows = dict(re.findall(r"^\| `alliances ([\w-]+)[^|]*\| (.*) \|$", section("Commands"), re.MULTILINE))
    assert rows.keys() == COMMANDS.keys()
    for name, row in rows.items():
        assert set(re.findall(r"--[a-z-]+", row)) == options_of(COMMANDS[name])


# -- tables and maps


def settings_table():
    """The table of the README, made from the fields: paste it there after a change."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if name == "home":
            default = "`alliance-assistant` in your data folder"
        elif isinstance(field.default, Path):
            default = f"`{field.default.relative_to(PROJECT).as_posix()}`"
        else:
            default = "" if field.default in (None, "") else f"`{field.default}`"
        lines.append(f"| `ALLIANCES_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines)


def test_the_table_of_settings_is_that_of_the_fields():
    shown = "\n".join(line for line in section("Settings").splitlines() if line.startswith("|"))
    assert shown == settings_table()


def test_the_map_names_every_module_of_every_package():
    (file_map,) = re.findall(r"^```text\n(.*?)^```", section("What is where"), re.MULTILINE | re.DOTALL)
    for package in ("assistant", "index", "prompts", "ui", "bench"):
        (part,) = re.findall(rf"^{package}/.*\n((?: +.*\n)*)", file_map, re.MULTILINE)
        modules = [path.name for path in (PROJECT / package).rglob("*.py") if path.name != "__init__.py"]
        named = [name for line in part.splitlines() for name in re.findall(r"\w+\.py\b", line)]
        assert sorted(named) == sorted(modules)


def test_the_number_of_articles_is_right():
    numbers = re.findall(r"(\d+) articles", README)
    assert numbers
    assert {int(number) for number in numbers} == {len(article_files(PROJECT / "articles"))}


def test_the_library_is_counted_rightly():
    library = load_library([PROJECT / "articles"])
    alliances = [article.alliance for article in library.articles if article.alliance]
    lists = [[len(part) for part in (a.members, a.events, a.figures, a.founders, a.host)] for a in alliances]
    members, events, figures, *others = map(sum, zip(*lists, strict=True))
    facts = members + events + figures + sum(others) + sum(alliance.founded is not None for alliance in alliances)
    sources = {source.url for article in library.articles for source in article.sources if source.url}
    bodies = len(alliances)
    counted = (len(library.articles), bodies, len(library.articles) - bodies, facts, members, events, figures)
    (shown,) = re.findall(r"<!-- counted -->.*?\n\| (\d.*) \|\n<!-- /counted -->", README, re.DOTALL)
    assert shown == " | ".join(map(str, (*counted, len(library.organisations), len(sources))))
    assert f"on {bodies} bodies" in README


def test_the_newest_version_of_the_changelog_is_that_of_the_project():
    newest = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[0]
    assert newest == tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


# -- links


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_inside_the_project_leads_somewhere(document):
    text = (PROJECT / document).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if not target.startswith("https://"):
            assert (PROJECT / document).parent.joinpath(path).exists(), target
            assert path or anchor in anchors, target


def test_the_pictures_are_told_in_words_and_small_enough_for_a_slow_line():
    pictures = re.findall(r"^!\[(.*?)\]\((\S+)\)$", README, re.MULTILINE)
    assert {PROJECT / file for _, file in pictures} == set((PROJECT / "docs" / "pictures").iterdir())
    assert not [file for told, file in pictures if not told]
    assert not [file for _, file in pictures if (PROJECT / file).stat().st_size > MAX_PICTURE_BYTES]


# -- how to write an article


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "lantern-forum.md"
    path.write_text(EXAMPLE, encoding="utf-8")
    return read_article(path)


def test_the_example_article_is_right_and_each_of_its_facts_is_told(example):
    alliance = example.alliance
    assert founding_sentence(example, alliance)
    assert all(founder_sentence(example, alliance, [founder]) for founder in alliance.founders)
    assert all(member_sentence(example, alliance, member, [member.organisation]) for member in alliance.members)
    assert all(sentence.source_ids for sentence in example.sentences)
    assert {source for sentence in example.sentences for source in sentence.source_ids} == {
        s.id for s in example.sources
    }


def field_table(first):
    """Field -> meaning, of the table whose first row names this field."""
    table = ARTICLES_README[ARTICLES_README.index(f"| `{first}`") :].split("\n\n")[0]
    rows = [re.fullmatch(r"\| (.*?) \| (.*) \|", line) for line in table.splitlines()]
    return {name: row[2] for row in rows for name in re.findall(r"`(\w+)`", row[1])}


def test_the_field_tables_name_the_fields_of_the_schema():
    assert field_table("title").keys() == ArticleFields.model_fields.keys()
    assert field_table("name").keys() == {
        *AllianceFields.model_fields,
        *MemberGroup.model_fields,
        *EventFields.model_fields,
        *FigureFields.model_fields,
    } - {"date", "value", "what"}
    (told,) = re.findall(r"^\*\*`sources`\*\*(.*?)\n\n", ARTICLES_README, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`([a-z]+)`", told)) - {"alliance"} == SourceFields.model_fields.keys()


@pytest.mark.parametrize(("field", "values"), [("kind", KINDS), ("status", STATUSES), ("role", ROLES)])
def test_the_values_told_are_those_of_the_schema(field, values):
    assert tuple(re.findall(r"`([\w-]+)`", field_table("name")[field])) == values
