"""The command line. Commands parse, call the API, print; what is heavy is imported where it is used.

Answers go to stdout, progress and errors to stderr.
Exit status: 0 done, 1 an error said in one line, 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import TyperException

from assistant import cli_models, console
from assistant.errors import AlliancesError

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.settings import Settings
    from index.build import OpenIndex

app = typer.Typer(
    help="Answers questions about AI alliances from a library of articles, each sentence with its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_models.app, name="models")

Question = Annotated[str, typer.Argument(help="The question, in quotes.", show_default=False)]


@app.command(epilog='Example: alliances ask "Who founded the AI Alliance?"')
def ask(
    question: Question,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")] = False,
    model: Annotated[
        str | None, typer.Option(help="`smollm2`, a .gguf file, hf:OWNER/REPO:QUANT, or an engine.", show_default=False)
    ] = None,
) -> None:
    """Answer one question, with the sentences that prove it."""
    with _assistant(_settings(model=model)) as assistant:
        if as_json:
            console.print_json(question, assistant.ask(question))
        else:
            console.print_answer(assistant.stream(question))


@app.command(epilog="Example: alliances chat")
def chat() -> None:
    """Converse in the terminal: /new starts afresh, Ctrl-C stops an answer, Ctrl-D or /quit leaves."""
    from assistant import chatting

    with _assistant(_settings()) as assistant:
        if not chatting.chat(assistant):
            raise typer.Exit(1)


@app.command(epilog="Example: alliances ui --port 7861")
def ui(
    host: Annotated[
        str | None,
        typer.Option(
            help="Address of the page; 127.0.0.1 by default. With a password, any of this machine, or 0.0.0.0 for all.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port of the page; 7860 by default.", show_default=False)] = None,
    auth: Annotated[
        bool,
        typer.Option("--auth", help="Ask visitors for the name and password of ALLIANCES_AUTH, or of your choice now."),
    ] = False,
) -> None:
    """Open the page for this machine's browsers, until Ctrl-C."""
    from ui.server import check_address, is_loopback

    settings = _settings(host=host, port=port)
    if auth and settings.login is None:
        settings = _settings(host=host, port=port, auth=_ask_for_login())
    login = settings.login
    check_address(settings.host, settings.port, has_password=login is not None)  # before anything slow
    if not is_loopback(settings.host):
        console.notice("Others on the network can reach the page. What they send, the password too, is not encrypted.")
    with _assistant(settings) as assistant:
        from ui.app import serve

        assistant.warm_up()
        serve(assistant, host=settings.host, port=settings.port, login=login, on_ready=_say_address)


@app.command(epilog="Example: alliances rebuild --force")
def rebuild(
    force: Annotated[bool, typer.Option("--force", help="Build anew even if no article has changed.")] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Build nothing: go back to the index before the current one.")
    ] = False,
) -> None:
    """Build the index again from the articles; until it is ready, the old one answers."""
    if force and rollback:
        raise typer.BadParameter("--force builds, --rollback goes back: give one of them", param_hint="--rollback")
    if rollback:
        from assistant.taking_in import go_back

        go_back(_settings())
    else:
        from assistant.taking_in import update_index

        update_index(_settings(), force=force)


@app.command(epilog="Example: alliances index 3 5")
def index(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(help="Two generations to compare; by default, all are listed.", show_default=False),
    ] = None,
) -> None:
    """List the generations of the index, and what has changed from one to the next."""
    if numbers and len(numbers) != 2:
        raise typer.BadParameter("give two numbers to compare, or none", param_hint="NUMBERS")
    from assistant.generations_shown import pick, show_differences, show_generations
    from index.generations import IndexFolder
    from index.vectors.embed import MiniLM

    folder = IndexFolder(_settings().index_folder)
    if numbers:
        show_differences(*pick(folder, numbers))
    else:
        show_generations(folder, MiniLM().fingerprint)


@app.command(epilog="Example: alliances add report.pdf notes/ https://example.org/news/feed.xml")
def add(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files (.md, .txt, .html, .pdf, .docx), folders, web addresses, RSS or Atom feeds.", show_default=False
        ),
    ] = None,
    watch: Annotated[
        Path | None,
        typer.Option(help="A folder: take in what is there, then new files as they appear.", show_default=False),
    ] = None,
) -> None:
    """Take articles into your own library and the index. Feeds give their new entries each time."""
    from assistant.taking_in import take_in, watch_folder

    if not targets and watch is None:
        raise typer.BadParameter("name a file, a folder or an address, or give --watch FOLDER", param_hint="TARGETS")
    settings = _settings()
    if targets and not take_in(settings, targets) and watch is None:
        raise typer.Exit(1)
    if watch is not None:
        watch_folder(settings, watch)


@app.command(epilog="Example: alliances remove press-release")
def remove(
    names: Annotated[
        list[str], typer.Argument(help="Your articles, by slug, title, file name or address.", show_default=False)
    ],
) -> None:
    """Delete articles from your own library and the index; the files they came from stay."""
    from assistant.taking_in import take_out

    if not take_out(_settings(), names):
        raise typer.Exit(1)


@app.command(epilog='Example: alliances articles --search "google safety"')
def articles(
    search: Annotated[
        str | None,
        typer.Option(
            help="Only those with all these words in title, names of the body, kind, publisher, address, or the names "
            "that the text mentions.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """List the articles of the index."""
    from assistant.listing import list_articles

    settings = _settings()
    with _open_index(settings) as opened:
        rows = list_articles(opened.catalogue, settings.own_library, search)
    if search and not rows:
        console.error(
            f"no article has all the words '{search}' in its title or names; `alliances search` looks into texts"
        )
        raise typer.Exit(1)
    console.print_table(("Title", "Kind", "Founded", "Published", "Slug", "Library"), rows)


@app.command(epilog="Example: alliances check-articles my-article.md")
def check_articles(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Articles, or folders of them; both libraries by default.", show_default=False),
    ] = None,
) -> None:
    """Tell a writer what is wrong with articles, by file and line."""
    from index.article_checks import check_articles as check

    settings = _settings()
    folders = [folder for folder in settings.libraries if folder.is_dir()]
    count, problems = check(paths or folders, folders)
    for problem in problems:
        typer.echo(console.plain(str(problem)))
    articles = "1 article" if count == 1 else f"{count} articles"
    typer.echo(f"{articles} checked, {len(problems) or 'no'} problem{'s' * (len(problems) != 1)}.", err=True)
    if problems:
        raise typer.Exit(1)


def _many(text: str) -> Any:
    return typer.Option(help=f"{text} May be given several times.", show_default=False)


def _day(text: str) -> Any:
    return typer.Option(help=text, show_default=False)


@app.command(epilog='Example: alliances search "open-source models" --kind safety --since 2025-03')
def search(
    query: Annotated[str, typer.Argument(help="Words or a question, in quotes.", show_default=False)],
    top: Annotated[int, typer.Option(min=1, max=100, help="How many passages to show.")] = 5,
    alliance: Annotated[list[str] | None, _many("Only about this alliance.")] = None,
    organisation: Annotated[list[str] | None, _many("Only where this organisation is named.")] = None,
    kind: Annotated[list[str] | None, _many("Only about alliances of this kind.")] = None,
    publisher: Annotated[list[str] | None, _many("Only what rests on this publisher.")] = None,
    since: Annotated[str | None, _day("Only what happened on this day, in this month or year, or later.")] = None,
    until: Annotated[str | None, _day("... or earlier.")] = None,
    published_since: Annotated[str | None, _day("Only articles published then or later.")] = None,
    published_until: Annotated[str | None, _day("... or earlier.")] = None,
) -> None:
    """Show the passages of the articles that match best, without answering."""
    with _assistant(_settings()) as assistant:
        hits = assistant.search(
            query,
            top,
            alliances=alliance or (),
            organisations=organisation or (),
            kinds=kind or (),
            publishers=publisher or (),
            since=since,
            until=until,
            published_since=published_since,
            published_until=published_until,
        )
    if not hits:
        console.error("no passage was found; try other words, or fewer filters")
        raise typer.Exit(1)
    for hit in hits:
        heading = f" - {hit.passage.heading}" if hit.passage.heading else ""
        typer.secho(console.plain(f"{hit.score:.4f}  {hit.passage.title}{heading}"), bold=True)
        typer.echo(console.plain(f"{hit.passage.text}\n"))


@app.command("eval", epilog="Example: alliances eval tests/questions/third.yaml --failures --out results.json")
def evaluate(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="YAML lists of questions: `ask` or `turns`, `kind`, and what is right: `all`, `any`, `not`, `cites`, "
            "`abstain`, `says_no`, `smalltalk`.",
            show_default=False,
        ),
    ],
    failures: Annotated[bool, typer.Option("--failures", help="Show each question not answered rightly.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Keep the results in this file, as JSON.", show_default=False)
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Compare with the results of an earlier run.", show_default=False)
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="`smollm2`, a .gguf file, hf:OWNER/REPO:QUANT, or an engine.", show_default=False)
    ] = None,
) -> None:
    """Ask the questions of files, and tell how good the answers are. Ctrl-C shows what was done so far."""
    from assistant.evaluation.run import Run

    run = Run.prepare(files, out=out, compare=compare, failures=failures)
    with _assistant(_settings(model=model)) as assistant:
        if not run.ask(assistant):
            raise typer.Exit(130)


@app.command(epilog="Example: alliances doctor --deep")
def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Look at every byte of the index; takes a while.")] = False,
) -> None:
    """Check everything the assistant needs, and say how to mend what is wrong."""
    from assistant.checks import Status
    from assistant.doctor import examine

    with console.busy("Looking at everything ..."):
        checks = examine(deep=deep)
    console.print_table(
        ("State", "Check", "Finding"),
        [
            (check.status.value, check.name, "\n-> ".join(filter(None, (check.finding, check.remedy))))
            for check in checks
        ],
    )
    if any(check.status is Status.FAIL for check in checks):
        raise typer.Exit(1)


def _settings(**arguments: object) -> Settings:
    from assistant.settings import Settings

    return Settings.load(**arguments)


def _open_index(settings: Settings) -> OpenIndex:
    """The index, built first if there is none that can be used."""
    from index.healing import open_or_build
    from index.vectors.embed import MiniLM

    with console.BuildProgress() as progress:
        return open_or_build(
            settings.libraries,
            settings.index_folder,
            MiniLM(),
            on_step=progress,
            on_notice=console.notice,
            chroma_url=settings.chroma_url or None,
        )


def _assistant(settings: Settings) -> Assistant:
    """The assistant, its index built first if there is none that can be used."""
    from assistant.engine import Assistant

    with console.BuildProgress() as progress:
        assistant = Assistant.open(settings, on_step=progress, on_notice=console.notice)
    if changed := assistant.changed_articles():
        what = "1 article has" if len(changed) == 1 else f"{len(changed)} articles have"
        console.notice(f"{what} changed since the index was built; `alliances rebuild` takes that in.")
    return assistant


def _ask_for_login() -> str:
    name = typer.prompt("Name", err=True)
    if ":" in name:
        raise typer.BadParameter("a name holds no colon", param_hint="--auth")
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return f"{name}:{password}"


def _say_address(url: str) -> None:
    typer.echo(f"Alliance Assistant: {url}  (Ctrl-C ends it)")


def _usage_message(exc: TyperException) -> str:
    """What was wrong and where the right usage stands; empty if help was shown instead."""
    message = exc.format_message().rstrip(".")
    context = getattr(exc, "ctx", None)
    return f"{message}. See '{context.command_path} --help'." if message and context else message


def _make_robust(stream: object) -> None:
    """What is piped is UTF-8; what a terminal cannot show becomes a question mark, never an error."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def main() -> None:
    """The command `alliances`: the one place that turns errors into a line on stderr and an exit status."""
    _make_robust(sys.stdout)
    _make_robust(sys.stderr)
    # For numpy, which is imported later. Its threads gain nothing here, and beside other programs they wait for each
    # other: matching a question with its evidence then takes up to a second, and so does Stop.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        status = app(standalone_mode=False)
    except TyperException as exc:  # wrong usage
        console.error(_usage_message(exc))
        status = exc.exit_code
    except AlliancesError as exc:
        console.error(exc)
        status = 1
    sys.exit(status)
