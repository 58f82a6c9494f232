"""A real browser, and the page served in a thread, for the tests of the page."""

import asyncio
import contextlib
import shutil
import threading
from urllib.parse import urlsplit

import pytest

from ui.app import web_app
from ui.server import PageServer, listen, url_of

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@contextlib.contextmanager
def launched():
    """A headless browser; skips the test where the machine has none."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


@contextlib.contextmanager
def served(assistant):
    """The address of a page that runs in a thread of this process."""
    ready, servers = threading.Event(), []

    async def serve():
        servers.append(PageServer(web_app(assistant), listener, lambda url: ready.set()))
        await servers[0].serve(sockets=[listener])

    with contextlib.closing(listen("127.0.0.1", 0)) as listener:
        url = url_of(listener)
        thread = threading.Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        try:
            assert ready.wait(30)
            yield url
        finally:
            servers[0].should_exit = True
            thread.join()


class Visitor:
    """One browser tab on the page; remembers every request that left this machine and every dialog."""

    def __init__(self, context, url):
        self.origin = f"http://{urlsplit(url).netloc}/"
        self.outside = []
        self.dialogs = []
        self.page = context.new_page()
        self.page.on("request", self._note)
        self.page.on("dialog", self._dismiss)
        self.page.goto(url)
        self.page.wait_for_selector("#question textarea")

    def ask(self, question):
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")

    def wait_for(self, selector, **options):
        return self.page.wait_for_selector(selector, timeout=60_000, **options)

    def wait_until_idle(self, answers=1):
        """Wait until that many answers stand in the chat and nothing more is being written."""
        self.page.wait_for_function(
            """answers => document.querySelectorAll('#chat [data-testid=bot]').length === answers
                && !document.querySelector('#chat .thinking')
                && !document.querySelector('#stop')?.offsetParent""",
            arg=answers,
            timeout=120_000,
        )

    def chat(self):
        return self.page.inner_text("#chat")

    def sources(self):
        return self.page.inner_text("#sources")

    def overflow(self):
        """How many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def _note(self, request):
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.outside.append(request.url)

    def _dismiss(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()
