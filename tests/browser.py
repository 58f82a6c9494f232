"""A real browser, and the page served in a thread, for the tests of the page."""

import asyncio
import contextlib
import shutil
import threading
from pathlib import Path
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
PHONE = {"width": 360, "height": 740}
PATIENCE_MS = 120_000  # a machine that does much else is slow, not wrong


CONTRAST = """() => {
    const channels = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => channels(colour).slice(0, 3).map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const behind = element => {
        for (let one = element; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if ((channels(colour)[3] ?? 1) > 0.99) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const poor = [];
    for (const element of document.querySelectorAll("body *")) {
        const text = [...element.childNodes].filter(node => node.nodeType === 3 && node.textContent.trim());
        if (!text.length || !element.checkVisibility({ visibilityProperty: true })) continue;
        const style = getComputedStyle(element);
        if (style.fontSize === "0px" || element.clientWidth === 1 || element.closest("svg")) continue;
        if (!element.getClientRects().length) continue;
        const [one, two] = [light(style.color), light(behind(element))];
        const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        if (ratio < 4.5) poor.push(`${element.tagName}.${element.className}: ${text[0].textContent.trim()} ${ratio}`);
    }
    return poor;
}"""


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

    def overflow(self):
        """How many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def _note(self, request):
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.outside.append(request.url)

    def _dismiss(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()
