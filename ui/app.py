"""The page: layout, events, and serving it. The only module that knows Gradio."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from assistant.engine import MAX_QUESTION_CHARS, Assistant
from ui.render import chat_messages, sources_html
from ui.server import LOOPBACK_HOSTS, SameOriginMiddleware, listen, run
from ui.tab import Tab

TITLE = "Alliance Assistant"
WAITING_QUESTIONS = 16  # beyond that, a question is refused at once instead of waiting for minutes

_HERE = Path(__file__).parent
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='7' fill='%231d4e89'/%3E"
    "%3Cg fill='none' stroke='white' stroke-width='2.5'%3E%3Ccircle cx='12.5' cy='16' r='6'/%3E"
    "%3Ccircle cx='19.5' cy='16' r='6'/%3E%3C/g%3E%3C/svg%3E"
)
_WELCOME = (
    "<h2>What would you like to know?</h2><p>Who is in an alliance, who founded it, what it is for, what "
    "it has done, how two of them differ. What the articles do not tell is not answered.</p>"
)
_PLAIN_HTML: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
_QUIET = {  # read by Gradio when it is imported
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_OFFLINE": "1",
}


def serve(assistant: Assistant, *, host: str, port: int, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve the page until Ctrl-C.

    Args:
        assistant: Answers the questions; stays open.
        host: `127.0.0.1`, `localhost` or `::1`.
        port: 0 takes any free one.
        on_ready: Called with the page's address once it can be opened.

    Raises:
        BadSetting: `host` is not this machine alone, or `port` cannot be used. `ui.check_address` finds that
            out before the assistant is opened.
    """
    with closing(listen(host, port)) as listener, tempfile.TemporaryDirectory(prefix="alliances-") as private:
        os.environ["GRADIO_TEMP_DIR"] = private  # mode 0700, and gone afterwards
        run(lambda: web_app(assistant), listener, on_ready)


def web_app(assistant: Assistant) -> FastAPI:
    """The page as a web application that answers this machine's own requests only."""
    gradio = _gradio()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(SameOriginMiddleware)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK_HOSTS)  # the last one added runs first
    page = build_page(assistant)
    page.queue(max_size=WAITING_QUESTIONS, default_concurrency_limit=1, api_open=False)
    gradio.mount_gradio_app(
        app,
        page,
        path="/",
        server_name="127.0.0.1",
        theme=gradio.themes.Default(
            primary_hue="blue", neutral_hue="slate", font=("sans-serif",), font_mono=("monospace",)
        ),
        head=_head(),
        max_file_size="1kb",  # nothing is uploaded
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        pwa=False,
        mcp_server=False,
    )
    return app


def build_page(assistant: Assistant) -> Any:
    """The page as `gradio.Blocks`: the chat, and beside it the sources."""
    gradio = _gradio()
    with gradio.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(3600, 86400)) as page:
        with gradio.Row(elem_id="top"):
            gradio.HTML(_heading(len(assistant.articles())), **_PLAIN_HTML)
            new_chat = gradio.Button("New chat", elem_id="new-chat", scale=0)
        with gradio.Row(elem_id="panes"):
            with gradio.Column(elem_id="chat-pane"):
                chat = _chatbot(gradio)
                with gradio.Row(elem_id="examples") as chips:
                    examples = [gradio.Button(example, size="sm") for example in assistant.examples()]
                with gradio.Row(elem_id="ask-row"):
                    question = _question_box(gradio)
                    ask = gradio.Button("Ask", elem_id="ask", variant="primary", scale=0)
                    stop = gradio.Button("Stop", elem_id="stop", scale=0, visible=False)
            sources = gradio.HTML(sources_html(()), elem_id="sources", **_PLAIN_HTML)
        parts = _Parts(question, chips, chat, sources, ask, stop)
        _connect(gradio, assistant, parts, examples=examples, new_chat=new_chat)
    return page


@dataclass(frozen=True, slots=True)
class _Parts:
    """What changes on the page, in the order in which `view` fills it; the question box stands apart."""

    question: Any
    chips: Any
    chat: Any
    sources: Any
    ask: Any
    stop: Any

    @property
    def shown(self) -> list[Any]:
        return [self.chips, self.chat, self.sources, self.ask, self.stop]


def _connect(gradio: Any, assistant: Assistant, parts: _Parts, *, examples: list[Any], new_chat: Any) -> None:
    """Tie the events to the tab's methods.

    A question is first taken in, which shows at once and passes by the queue; then it waits its turn in the
    queue and is answered; then, if the queue refused it, that is said.
    """

    def view(tab: Tab) -> tuple[Any, ...]:
        turns, busy = tab.turns, tab.is_busy
        return (
            gradio.update(visible=not turns),
            chat_messages(turns),
            sources_html(turns),
            gradio.update(visible=not busy),
            gradio.update(visible=busy),
        )

    def take(question: str, tab: Tab | None) -> tuple[Any, ...]:
        tab = tab or Tab(assistant)
        taken = tab.ask(question)
        return tab, "" if taken else question, *view(tab)

    def answer(tab: Tab | None) -> Iterator[Any]:
        if tab is None:  # nothing was asked: not from our page
            return
        with closing(tab.answer()) as changes:
            for changed in changes:
                yield view(tab) if changed else gradio.skip()
        yield view(tab)

    def after(action: Callable[[Tab], None]) -> Callable[[Tab | None], Any]:
        def handler(tab: Tab | None) -> Any:
            if tab is None:  # nothing was asked yet
                return gradio.skip()
            action(tab)
            return view(tab)

        return handler

    tab = gradio.State(None, delete_callback=_stop)
    shown = parts.shown
    queued = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}
    at_once = {**queued, "queue": False}
    typed = (parts.question, [parts.question.submit, parts.ask.click])
    for text, triggers in (typed, *((example, [example.click]) for example in examples)):
        taken = gradio.on(triggers, take, [text, tab], [tab, parts.question, *shown], **at_once)
        answered = taken.then(answer, tab, shown, **queued)
        answered.failure(after(Tab.refuse), tab, shown, **at_once)
    parts.stop.click(after(Tab.stop), tab, shown, **at_once)
    new_chat.click(after(Tab.clear), tab, shown, **at_once)


def _stop(tab: Tab | None) -> None:
    if tab is not None:
        tab.stop()


def _chatbot(gradio: Any) -> Any:
    return gradio.Chatbot(
        elem_id="chat",
        label="Chat",
        show_label=False,
        height="100%",
        layout="bubble",
        placeholder=_WELCOME,
        buttons=[],
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        allow_file_downloads=False,
        feedback_options=None,
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


def _head() -> str:
    """Icon, style and script; the style stands here because Gradio rewrites the selectors of its `css`."""
    style, script = ((_HERE / name).read_text("utf-8") for name in ("style.css", "page.js"))
    return f'<link rel="icon" href="{_ICON}"><style>{style}</style><script>{script}</script>'


def _heading(article_count: int) -> str:
    articles = "1 article" if article_count == 1 else f"{article_count:,} articles"
    return (
        f"<header><h1>{TITLE}</h1><p>Answers about AI alliances from {articles}, "
        "wholly on this machine, each sentence with its source.</p></header>"
    )


def _gradio() -> Any:
    """Gradio, which is told before its first import to stay silent and offline."""
    os.environ.update(_QUIET)
    import gradio

    return gradio
