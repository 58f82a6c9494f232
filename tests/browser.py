"""A real browser, and the page served in a thread, for the tests of the page."""

import asyncio
import contextlib
import shutil
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from looks import CONTRAST, FOCUSED, NAMELESS

from ui.app import web_app
from ui.server import PageServer, listen, url_of

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
MOST_TABS = 150  # a table of a hundred rows has more to stop at
PATIENCE_MS = 120_000  # a machine that does much else is slow, not wrong


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
def served(assistant, login=None):
    """The address of a page that runs in a thread of this process."""
    ready, servers = threading.Event(), []

    async def serve():
        servers.append(PageServer(web_app(assistant, login), listener, lambda url: ready.set()))
        await servers[0].serve(sockets=[listener])

    with contextlib.closing(listen("127.0.0.1", 0)) as listener:
        url = url_of(listener)
        thread = threading.Thread(target=asyncio.run, args=(serve(),))
        thread.start()
        try:
            assert ready.wait(120)
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
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("request", self._note)
        self.page.on("dialog", self._dismiss)
        self.page.goto(url)
        self.page.wait_for_selector("#question textarea")

    def ask(self, question):
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")

    def wait_for(self, selector, **options):
        return self.page.wait_for_selector(selector, timeout=PATIENCE_MS, **options)

    def wait_until_idle(self, answers=1):
        """Wait until that many answers stand in the chat and nothing more is being written."""
        self.page.wait_for_function(
            """answers => document.querySelectorAll('#chat [data-testid=bot]').length === answers
                && !document.querySelector('#chat .thinking')
                && !document.querySelector('#stop')?.offsetParent""",
            arg=answers,
            timeout=PATIENCE_MS,
        )

    def chat(self):
        return self.page.inner_text("#chat")

    def sources(self):
        return self.page.inner_text("#sources")

    def names(self):
        """The conversations listed."""
        return self.page.eval_on_selector_all("#conversations .open", "all => all.map(one => one.textContent)")

    def download(self, selector):
        """The text of the file that a click gives."""
        with self.page.expect_download() as download:
            self.page.click(selector)
        return Path(download.value.path()).read_text("utf-8")

    def allow_clipboard(self):
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def clipboard(self):
        return self.page.evaluate("navigator.clipboard.readText()")

    def hard_to_read(self):
        """The texts on the page whose contrast is below 4.5 to 1."""
        return self.page.evaluate(CONTRAST)

    def nameless(self):
        """The controls on the page that a screen reader could not name, and the fields without a label."""
        return self.page.evaluate(NAMELESS)

    def overflow(self):
        """How many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def press_tab_to(self, selector, key="Tab"):
        """Press Tab until that has the focus; what had it on the way, and whether that could be seen."""
        way = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            way.append(self.page.evaluate(FOCUSED))
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return way
        raise AssertionError(f"Tab does not lead to {selector}: {[name for name, _ in way]}")

    def _note(self, request):
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.outside.append(request.url)

    def _dismiss(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()
