"""The library tab: what is read, what can be added and removed, and what the index was before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.engine import Assistant
from assistant.listing import list_articles
from ui.library import add
from ui.library.add import AT_ONCE, PLAIN_HTML, in_words
from ui.library.desk import Desk
from ui.library.view import (
    articles_html,
    built_html,
    counted,
    differences_html,
    generations_html,
    idle_html,
    notice,
    outdated_text,
    progress_html,
)

_TICK_S = 0.5


def build(gradio: Any, assistant: Assistant, closed: str | None = None) -> Any:
    """Lay the library out and connect it. Called inside of a `gradio.Tab`.

    Args:
        gradio: The module.
        assistant: Whose library it is.
        closed: Why nothing may be changed here; None opens it.

    Returns:
        A hidden component that holds the number of articles and changes with it; None if closed.
    """
    if closed:
        gradio.HTML(notice(closed), elem_id="library-closed", **PLAIN_HTML)
        return None
    desk = Desk(assistant)
    with gradio.Column(elem_id="library"):
        status = gradio.HTML("", elem_id="library-status", **PLAIN_HTML)
        rebuild = gradio.Button("Rebuild the index", elem_id="library-rebuild", visible=False)
        with gradio.Accordion("Add articles", elem_id="library-add"):
            saved = add.build(gradio, desk)
        with gradio.Accordion("Articles", elem_id="library-articles"):
            search = gradio.Textbox(label="Search titles, names, kinds and publishers", elem_id="library-search")
            table = gradio.HTML("", elem_id="library-table", **PLAIN_HTML)
        removal = _removal(gradio)
        history = _history(gradio)
    timer = gradio.Timer(_TICK_S, active=False)
    with gradio.Row(elem_id="library-behind", visible="hidden"):
        refresh = gradio.Button("Refresh", elem_id="library-refresh")  # pressed by news.js
    articles = gradio.Number(len(assistant.articles()), visible="hidden", elem_id="library-count", precision=0)
    overview = _Overview(gradio, assistant, desk)
    shown = [status, rebuild, timer, table, removal.group, removal.which, articles]
    search.change(overview.table, search, table, trigger_mode="always_last", **AT_ONCE)
    gradio.on(None, overview.everything, None, shown, **AT_ONCE)  # when the page is opened
    refresh.click(overview.everything, search, shown, **AT_ONCE)
    timer.tick(overview.tick, search, [*shown, *history.shown], **AT_ONCE)
    saved.then(overview.everything, search, shown, **AT_ONCE)
    rebuild.click(desk.rebuild, None, None, **AT_ONCE).then(overview.everything, search, shown, **AT_ONCE)
    removed = _connect_removal(gradio, desk, removal)
    removed.then(overview.everything, search, shown, **AT_ONCE)
    back = _connect_history(gradio, desk, history, overview)
    back.then(overview.everything, search, shown, **AT_ONCE)
    return articles


@dataclass(frozen=True, slots=True)
class _Overview:
    """What the whole tab shows of the library and its index."""

    gradio: Any
    assistant: Assistant
    desk: Desk

    def table(self, search: str) -> str:
        """The articles with these words."""
        own_library = self.assistant.settings.own_library
        return articles_html(list_articles(self.assistant.catalogue, own_library, search), search)

    def everything(self, search: str = "") -> tuple[Any, ...]:
        """Status, rebuild button, timer, table, removal, number of articles."""
        rebuild = self.desk.progress()
        is_running = rebuild is not None and rebuild.is_running
        status = self._status()  # takes up a new index, which the next line asks
        changed = "" if is_running else outdated_text(len(self.assistant.changed_articles()))
        own = self.desk.own_articles()
        choices = [(title if title == slug else f"{title} ({slug})", slug) for title, slug in own]
        return (
            status + notice(changed),
            self.gradio.update(visible=bool(changed)),
            self.gradio.Timer(active=is_running),
            self.table(search),
            self.gradio.update(visible=bool(own)),
            self.gradio.update(choices=choices, value=[]),
            len(self.assistant.articles()),
        )

    def tick(self, search: str) -> tuple[Any, ...]:
        """While a rebuild runs, its progress; at its end, everything, and the generations."""
        rebuild = self.desk.progress()
        if rebuild is not None and rebuild.is_running:
            return self._status(), *[self.gradio.skip()] * 10
        return *self.everything(search), *self.generations()

    def generations(self) -> tuple[Any, ...]:
        """Their table, the two to compare, the way back."""
        try:
            rows, problems = self.desk.generations()
        except Exception as exc:  # whatever it is, the page says it in a sentence
            return notice(in_words(exc), is_failure=True), *[self.gradio.skip()] * 3
        numbers = [row[0] for row in rows]
        previous = next((row[0] for row in rows if "previous" in row[-1]), None)
        current = next((row[0] for row in rows if "current" in row[-1]), None)
        update = self.gradio.update
        return (
            generations_html(rows, problems),
            update(choices=numbers, value=previous),
            update(choices=numbers, value=current),
            update(visible=previous is not None, value=f"Go back to generation {previous}"),
        )

    def _status(self) -> str:
        rebuild = self.desk.progress()
        articles = len(self.assistant.articles())
        if rebuild is None:
            return idle_html(articles, len(self.desk.own_articles()))
        if rebuild.failure:
            return idle_html(articles, 0) + notice(rebuild.failure, is_failure=True)
        if rebuild.report:
            return built_html(rebuild.report, articles)
        return progress_html(rebuild.step, articles)


# -- removing


@dataclass(frozen=True, slots=True)
class _Removal:
    group: Any
    which: Any
    ask: Any
    told: Any
    confirm: Any
    keep: Any


def _removal(gradio: Any) -> _Removal:
    with gradio.Accordion("Remove articles of yours", open=False, visible=False, elem_id="library-remove") as group:
        which = gradio.Dropdown([], label="Articles", multiselect=True, elem_id="remove-which")
        ask = gradio.Button("Remove", elem_id="remove-ask")
        told = gradio.HTML("", elem_id="remove-told", **PLAIN_HTML)
        with gradio.Row():
            confirm = gradio.Button("Delete", elem_id="remove-confirm", variant="stop", visible=False)
            keep = gradio.Button("Keep", elem_id="remove-keep", visible=False)
    return _Removal(group, which, ask, told, confirm, keep)


def _connect_removal(gradio: Any, desk: Desk, parts: _Removal) -> Any:
    """Removing asks first; returns the event after which the library has changed."""

    def asking(told: str, *, is_asked: bool) -> tuple[Any, ...]:
        return told, gradio.update(visible=is_asked), gradio.update(visible=is_asked)

    def ask(slugs: list[str]) -> tuple[Any, ...]:
        if not slugs:
            return asking(notice("Choose articles first."), is_asked=False)
        what = counted(len(slugs), "article")
        return asking(notice(f"Delete {what} from your library? The files they came from stay."), is_asked=True)

    def remove(slugs: list[str]) -> tuple[Any, ...]:
        try:
            problems = "\n".join(desk.remove(slugs))
        except Exception as exc:  # whatever it is, the page says it in a sentence
            problems = in_words(exc)
        return asking(notice(problems, is_failure=True), is_asked=False)

    shown = [parts.told, parts.confirm, parts.keep]
    parts.ask.click(ask, parts.which, shown, **AT_ONCE)
    parts.keep.click(lambda: asking("", is_asked=False), None, shown, **AT_ONCE)
    return parts.confirm.click(remove, parts.which, shown, **AT_ONCE)


# -- generations


@dataclass(frozen=True, slots=True)
class _History:
    group: Any
    shown: list[Any]
    compare: Any
    told: Any


def _history(gradio: Any) -> _History:
    with gradio.Accordion("Earlier indexes", open=False, elem_id="library-history") as group:
        table = gradio.HTML("", elem_id="history-table", **PLAIN_HTML)
        with gradio.Row():
            before = gradio.Dropdown([], label="From generation", elem_id="history-before")
            after = gradio.Dropdown([], label="To generation", elem_id="history-after")
        with gradio.Row():
            compare = gradio.Button("Show what changed", elem_id="history-compare")
            back = gradio.Button("Go back", elem_id="history-back", visible=False)
        told = gradio.HTML("", elem_id="history-told", **PLAIN_HTML)
    return _History(group, [table, before, after, back], compare, told)


def _connect_history(gradio: Any, desk: Desk, parts: _History, overview: _Overview) -> Any:
    """Returns the event after which another index answers."""
    _, before, after, back = parts.shown

    def said(work: Callable[[], str]) -> str:
        try:
            return work()
        except Exception as exc:  # whatever it is, the page says it in a sentence
            return notice(in_words(exc), is_failure=True)

    def compare(first: str | None, second: str | None) -> str:
        if not first or not second:
            return notice("Choose two generations first.")
        numbers = int(first), int(second)
        return said(lambda: differences_html(*numbers, desk.differences(*numbers)))

    parts.group.expand(overview.generations, None, parts.shown, **AT_ONCE)
    parts.compare.click(compare, [before, after], parts.told, **AT_ONCE)
    went = back.click(lambda: said(lambda: notice(desk.roll_back())), None, parts.told, **AT_ONCE)
    return went.then(overview.generations, None, parts.shown, **AT_ONCE)
