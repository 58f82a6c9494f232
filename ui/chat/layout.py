"""The chat: the conversation on the left, the sources beside it, and what happens when something is pressed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from assistant.conversation import MAX_QUESTION_CHARS
from assistant.engine import Assistant
from assistant.feedback import MAX_NOTE_CHARS
from ui.chat.filter_bar import FilterBar, filter_words
from ui.chat.line import PLACES, Line
from ui.chat.render import chat_messages
from ui.chat.saved import record_html
from ui.chat.sources import sources_html
from ui.chat.tab import Tab
from ui.chat.turn import Stage

REDRAW_S = 0.1
PLAIN_HTML: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
_WELCOME = (
    "<h2>What would you like to know?</h2><p>Who is in an alliance, who founded it, what it is for, what "
    "it has done, how two of them differ. What the articles do not tell is not answered.</p>"
)


def build(gradio: Any, assistant: Assistant) -> None:
    """Lay the chat out and connect it. Called inside of a `gradio.Tab`."""
    with gradio.Row(elem_id="chat-tools"):
        new_chat = gradio.Button("New chat", elem_id="new-chat", size="sm", scale=0)
        gradio.Button("Conversations", elem_id="conversations-button", size="sm", scale=0)  # conversations.js
    with gradio.Row(elem_id="panes"):
        with gradio.Column(elem_id="chat-pane"):
            chat = _chatbot(gradio)
            with gradio.Row(elem_id="examples") as chips:
                examples = [gradio.Button(example, size="sm") for example in assistant.examples()]
            with gradio.Row(elem_id="actions", visible=False) as actions:
                edit = gradio.Button("Edit question", elem_id="edit", size="sm", scale=0)
                retry = gradio.Button("Ask again", elem_id="retry", size="sm", scale=0)
                up = gradio.Button("Helpful", elem_id="helpful", size="sm", scale=0)
                down = gradio.Button("Not helpful", elem_id="not-helpful", size="sm", scale=0)
                note = _note_box(gradio)
            filters = FilterBar(gradio, assistant)
            with gradio.Row(elem_id="ask-row"):
                question = _question_box(gradio)
                ask = gradio.Button("Ask", elem_id="ask", variant="primary", scale=0)
                stop = gradio.Button("Stop", elem_id="stop", scale=0, visible=False)
        sources = gradio.HTML(sources_html(()), elem_id="sources", **PLAIN_HTML)
    with gradio.Row(elem_id="behind", visible="hidden"):  # between the page and its script
        record = gradio.HTML("", elem_id="record", **PLAIN_HTML)
        kept = gradio.Textbox(elem_id="kept", label="A conversation kept in this browser")
        reopen = gradio.Button("Reopen", elem_id="reopen")
    shown = [chips, chat, sources, ask, stop, actions, up, down, note, record]
    page = _Wiring(gradio, assistant, Line(), gradio.State(None), question, shown)
    filters.connect(**page.at_once)
    page.answers([question.submit, ask.click], page.take, question, *filters.fields)
    for example in examples:
        page.answers([example.click], page.take, example, *filters.fields)
    page.answers([retry.click], page.take_again, *filters.fields)
    page.changes(stop.click, Tab.stop)
    page.changes(new_chat.click, Tab.clear)
    page.changes(up.click, lambda tab: tab.rate(is_helpful=True))
    page.changes(down.click, lambda tab: tab.rate(is_helpful=False))
    gradio.on([note.submit], page.annotate, [note, page.tab], shown, **page.at_once)
    gradio.on([edit.click], page.edit, page.tab, [question, *shown], **page.at_once)
    gradio.on([reopen.click], page.reopen, [kept, page.tab], [page.tab, *shown], **page.at_once)


def view(gradio: Any, tab: Tab) -> tuple[Any, ...]:
    """What the parts of the page show, in the order of `shown`."""
    turns, busy = tab.turns, tab.is_busy
    last = turns[-1] if turns else None
    verdict = last.is_helpful if last else None
    is_answered = last is not None and last.stage is Stage.ANSWERED
    return (
        gradio.update(visible=not turns),
        chat_messages(turns),
        sources_html(turns),
        gradio.update(visible=not busy),
        gradio.update(visible=busy),
        gradio.update(visible=last is not None and last.question != "" and not busy),
        gradio.update(visible=is_answered, value=_pressed("Helpful", verdict is True)),
        gradio.update(visible=is_answered, value=_pressed("Not helpful", verdict is False)),
        gradio.update(visible=verdict is not None, value="", placeholder=last.thanks if last else ""),
        record_html(tab.identity, turns),
    )


def paced(changes: Iterable[bool], clock: Callable[[], float] = time.monotonic) -> Iterator[bool]:
    """The changes that are drawn: forty sentences may come at once, and each drawing takes the browser a while.

    Args:
        changes: True for something new to show, False for a sign of life.
        clock: Tells the time in seconds.

    Yields:
        The same, with at most one True every `REDRAW_S` seconds; one held back comes with the next sign of life.
        What is held back at the end is not told.
    """
    drawn_at, is_due = float("-inf"), False
    for changed in changes:
        is_due = is_due or changed
        if changed and clock() - drawn_at < REDRAW_S:
            continue
        yield is_due
        if is_due:
            drawn_at, is_due = clock(), False


def _pressed(label: str, is_chosen: bool) -> str:
    return f"{label} ✓" if is_chosen else label


@dataclass(frozen=True, slots=True)
class _Wiring:
    """Ties the events of the page to the methods of the tab, which `tab` holds once something was asked."""

    gradio: Any
    assistant: Assistant
    line: Line
    tab: Any
    question: Any
    shown: list[Any]

    @property
    def queued(self) -> dict[str, Any]:
        return {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}

    @property
    def at_once(self) -> dict[str, Any]:
        return {**self.queued, "queue": False}

    def answers(self, triggers: list[Any], take: Callable[..., tuple[Any, ...]], *inputs: Any) -> None:
        """Let these events ask a question.

        It is first taken in, which shows at once and passes by Gradio's queue; then it waits its turn in our line and
        is answered; then, if Gradio's queue refused it, that is said.
        """
        taken = self.gradio.on(
            triggers, take, [self.tab, *inputs], [self.tab, self.question, *self.shown], **self.at_once
        )
        answered = taken.then(self.answer, self.tab, self.shown, concurrency_limit=PLACES, **self.queued)
        answered.failure(self.after(Tab.refuse), self.tab, self.shown, **self.at_once)

    def changes(self, trigger: Any, action: Callable[[Tab], None]) -> None:
        """Let this event do something to the tab."""
        trigger(self.after(action), self.tab, self.shown, **self.at_once)

    def take(self, tab: Tab | None, question: str, *chosen: Any) -> tuple[Any, ...]:
        tab = tab or Tab(self.assistant, self.line)
        taken = tab.ask(question, filter_words(*chosen))
        return tab, "" if taken else question, *view(self.gradio, tab)

    def take_again(self, tab: Tab | None, *chosen: Any) -> tuple[Any, ...]:
        return self.take(tab, tab.take_back() if tab else "", *chosen)

    def answer(self, tab: Tab | None) -> Iterator[Any]:
        if tab is None:  # nothing was asked: not from our page
            return
        with closing(tab.answer()) as changes:
            for is_due in paced(changes):
                yield view(self.gradio, tab) if is_due else self.gradio.skip()
        yield view(self.gradio, tab)

    def after(self, action: Callable[[Tab], None]) -> Callable[[Tab | None], Any]:
        def handler(tab: Tab | None) -> Any:
            if tab is None:  # nothing was asked yet
                return self.gradio.skip()
            action(tab)
            return view(self.gradio, tab)

        return handler

    def annotate(self, note: str, tab: Tab | None) -> Any:
        return self.after(lambda tab: tab.annotate(note))(tab)

    def edit(self, tab: Tab | None) -> tuple[Any, ...]:
        question = tab.take_back() if tab else ""
        return (question, *view(self.gradio, tab or Tab(self.assistant, self.line)))

    def reopen(self, kept: str, tab: Tab | None) -> tuple[Any, ...]:
        tab = tab or Tab(self.assistant, self.line)
        tab.restore(kept)
        return (tab, *view(self.gradio, tab))


def _chatbot(gradio: Any) -> Any:
    return gradio.Chatbot(
        elem_id="chat",
        label="Chat",
        show_label=False,
        height="100%",
        layout="bubble",
        placeholder=_WELCOME,
        buttons=[],
        autoscroll=False,  # scrolling.js
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        allow_file_downloads=False,
        feedback_options=None,
    )


def _note_box(gradio: Any) -> Any:
    return gradio.Textbox(
        elem_id="note",
        label="A word on the answer, if you like",
        show_label=False,
        container=False,
        lines=1,
        max_lines=1,
        max_length=MAX_NOTE_CHARS,
        visible=False,
    )


def _question_box(gradio: Any) -> Any:
    return gradio.Textbox(
        elem_id="question",
        label="Question",
        show_label=False,
        container=False,
        placeholder="Ask about AI alliances",
        lines=1,
        max_lines=5,
        max_length=MAX_QUESTION_CHARS,
        autofocus=True,
    )
