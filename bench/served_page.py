"""The page as a person has it: `alliances ui` in a process of its own, and a real browser."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

ALLIANCES_UI = [sys.executable, "-c", "from assistant.cli import main; main()", "ui", "--port"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def page_served() -> Iterator[tuple[str, int]]:
    """The page's address and the process id of its server; it is ended as by Ctrl-C."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    server = subprocess.Popen([*ALLIANCES_UI, str(port)], stdout=subprocess.PIPE, encoding="utf-8")
    try:
        assert server.stdout
        told = server.stdout.readline()
        address = re.search(r"http://\S+", told)
        if address is None:
            raise SystemExit(f"`alliances ui` gave no address: {told.strip() or 'it ended'}")
        yield address[0], server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


@contextmanager
def browser() -> Iterator[Any]:
    """A headless browser of this machine, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        raise SystemExit("No browser: `scripts/browser.sh` installs Chromium on Debian.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield chromium
        chromium.close()
