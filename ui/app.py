"""The page: layout, events, and serving it. The only module that knows Gradio."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse

from assistant.engine import Assistant
from index.adding.documents import MAX_FILE_BYTES
from ui.access import AccessMiddleware, BodyLimitMiddleware, Login, PrefixMiddleware
from ui.article import article_html
from ui.assets import ManifestMiddleware, assets_route
from ui.chat import layout as chat
from ui.explorer import panels as explorer
from ui.library import layout as library
from ui.library.add import AT_ONCE
from ui.server import LOOPBACK_HOSTS, SameOriginMiddleware, listen, run

TITLE = "Alliance Assistant"
TABS_KEPT = 300  # Gradio keeps some 250 KB of each page that was ever opened, by default of 10,000
MAX_EVENTS = 16  # in Gradio's own queue, before they begin; questions wait in `ui.chat.line`
ASSETS = Path("templates", "frontend", "assets")  # in Gradio's package

_HERE = Path(__file__).parent
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='7' fill='%231d4e89'/%3E"
    "%3Cg fill='none' stroke='white' stroke-width='2.5'%3E%3Ccircle cx='12.5' cy='16' r='6'/%3E"
    "%3Ccircle cx='19.5' cy='16' r='6'/%3E%3C/g%3E%3C/svg%3E"
)
_STYLES = (
    "style.css",
    "chat/chat.css",
    "dialog.css",
    "explorer/explorer.css",
    "explorer/map.css",
    "library/library.css",
)
SCRIPTS = (
    "page.js",
    "spoken.js",
    "news.js",
    "chat/copying.js",
    "chat/conversations.js",
    "chat/scrolling.js",
    "explorer/explorer.js",
    "explorer/labels.js",
    "explorer/map.js",
)
_CLOSED = (
    "Articles can be added and removed only where `alliances ui` serves the page: on this machine alone, or with a "
    "password. Here, anyone who sees the page could do it."
)
_NOT_SERVED = ("/openapi.json", "/manifest.json", "/gradio_api/deep_link")  # of Gradio's, and not used by the page
_QUIET = {  # read by Gradio when it is imported
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_OFFLINE": "1",
}


def serve(
    assistant: Assistant,
    *,
    host: str,
    port: int,
    login: Login | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        assistant: Answers the questions; stays open.
        host: `127.0.0.1`, `localhost` or `::1`; with a login, any address of this machine.
        port: 0 takes any free one.
        login: The name and the password to ask for.
        on_ready: Called with the page's address once it can be opened.

    Raises:
        BadSetting: `host` is not this machine alone and there is no login, or it or `port` cannot be used.
            `ui.check_address` finds that out before the assistant is opened.
    """
    listening = closing(listen(host, port, has_password=login is not None))
    with listening as listener, tempfile.TemporaryDirectory(prefix="alliances-") as private:
        os.environ["GRADIO_TEMP_DIR"] = private  # mode 0700, and gone afterwards
        run(lambda: web_app(assistant, login), listener, on_ready)


def web_app(assistant: Assistant, login: Login | None = None) -> FastAPI:
    """The page as a web application that answers this machine's own requests only, or those with the password."""
    gradio = _gradio()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # The last one added runs first.
    app.add_middleware(ManifestMiddleware)
    app.add_middleware(PrefixMiddleware)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(AccessMiddleware, login=login)
    app.add_middleware(SameOriginMiddleware)
    # Another site that takes our address under its own name is not asked for a password by the browser, so has none.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*"] if login else LOOPBACK_HOSTS)
    app.add_route("/assets/{name}", assets_route(Path(gradio.__file__).parent / ASSETS))
    app.add_api_route("/news", _news_route(assistant))
    app.add_api_route("/article/{slug}", _article_route(assistant), response_class=HTMLResponse)
    app.add_api_route("/explorer/{part}", explorer.route(assistant), response_class=HTMLResponse)
    for path in _NOT_SERVED:
        app.add_route(path, lambda request: PlainTextResponse("There is no such page.\n", 404))
    page = build_page(assistant, is_private=True)
    page.queue(max_size=MAX_EVENTS, default_concurrency_limit=1, api_open=False)
    gradio.mount_gradio_app(
        app,
        page,
        path="/",
        server_name="127.0.0.1",
        theme=gradio.themes.Default(
            primary_hue="blue", neutral_hue="slate", font=("sans-serif",), font_mono=("monospace",)
        ),
        head=_head(),
        max_file_size=MAX_FILE_BYTES,
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        pwa=False,
        mcp_server=False,
    )
    # To learn that a page was closed, Gradio would hold a connection open for each, of the six that a browser has for
    # one address. An answer that is being written learns it from its own; what else is kept of a page is limited.
    page.config["connect_heartbeat"] = False
    return app


def build_page(assistant: Assistant, *, is_private: bool = False) -> Any:
    """The page as `gradio.Blocks`: chat, explorer and library, a tab each.

    Args:
        assistant: Answers the questions.
        is_private: Only those can reach it who may change the library; else that part is switched off.
    """
    gradio = _gradio()
    with gradio.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(3600, 86400)) as page:
        page.state_session_capacity = TABS_KEPT  # the one used longest ago goes
        heading = gradio.HTML(elem_id="top", **chat.PLAIN_HTML)
        gradio.on(None, lambda: _heading(len(assistant.articles())), None, heading, **AT_ONCE)  # when it is opened
        with gradio.Tabs(elem_id="tabs"):
            for label, part in (("Chat", chat), ("Explorer", explorer)):
                with gradio.Tab(label, elem_id=f"tab-{label.lower()}"):
                    part.build(gradio, assistant)
            with gradio.Tab("Library", elem_id="tab-library"):
                articles = library.build(gradio, assistant, None if is_private else _CLOSED)
        if articles is not None:
            articles.change(_heading, articles, heading, **AT_ONCE)
    return page


def _article_route(assistant: Assistant) -> Callable[..., HTMLResponse]:
    def article(slug: str, sentence: int | None = None) -> HTMLResponse:
        """A whole article; the page's script puts it into a dialog."""
        record = next((record for record in assistant.articles() if record.slug == slug), None)
        if record is None:
            return HTMLResponse("<p>The library no longer has this article.</p>", 404)
        return HTMLResponse(article_html(record, assistant.article_text(slug), sentence))

    return article


def _news_route(assistant: Assistant) -> Callable[[], dict[str, int]]:
    def news() -> dict[str, int]:
        """Which index answers, for pages that are open while it changes."""
        return {"articles": len(assistant.articles()), "generation": assistant.generation}

    return news


def _head() -> str:
    """Icon, style and scripts; the style stands here because Gradio rewrites the selectors of its `css`."""
    style = "".join((_HERE / name).read_text("utf-8") for name in _STYLES)
    script = "".join(map(scoped_script, SCRIPTS))
    return f'<link rel="icon" href="{_ICON}"><style>{style}</style><script>{script}</script>'


def scoped_script(name: str) -> str:
    """A script of the page in a scope of its own: what it shares with the others is in `window.alliances`."""
    return f'(() => {{\n"use strict";\n{(_HERE / name).read_text("utf-8")}}})();\n'


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
