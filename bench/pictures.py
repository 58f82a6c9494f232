"""Makes the pictures of the README anew: the page as it is, with the index and the articles of this machine.

    python bench/pictures.py

Each is written to docs/pictures as lossless WebP, which takes less than half of what PNG does.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from served_page import browser, page_served

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WINDOW = {"width": 1280, "height": 800}
QUESTION = "Which companies are in both the UALink Consortium and the Open Compute Project?"
ON_THE_MAP = "organisation:Anthropic"
YEAR = "2025"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with page_served() as (url, _), browser() as chromium:
        for name, prepare in (("chat", ask), ("map", choose_on_the_map), ("timeline", show_a_year)):
            page = chromium.new_page(viewport=WINDOW, color_scheme="light")
            page.goto(url)
            page.wait_for_selector("#question textarea")
            prepare(page)
            write(page.screenshot(animations="disabled"), FOLDER / f"{name}.webp")
            page.close()


def ask(page: Any) -> None:
    page.fill("#question textarea", QUESTION)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#sources .source")
    page.wait_for_selector("#helpful")
    page.mouse.move(0, 0)


def choose_on_the_map(page: Any) -> None:
    open_part(page, "map")
    page.click(f'.node[data-card="{ON_THE_MAP}"]', force=True)
    page.wait_for_selector("[data-card-place] h2")
    page.eval_on_selector("[data-view=map] > p", "element => element.scrollIntoView()")
    page.mouse.move(0, 0)


def show_a_year(page: Any) -> None:
    open_part(page, "timeline")
    for field in ("since", "until"):
        page.select_option(f"[data-panel=timeline] [name={field}]", label=YEAR)
    page.wait_for_selector(f"[data-view=timeline] p:has-text('events, {YEAR},')")


def open_part(page: Any, part: str) -> None:
    page.click("#tab-explorer-button")
    page.click(f"#explorer-{part}-button")
    page.wait_for_selector(f"[data-view={part}] svg")


def write(picture: bytes, file: Path) -> None:
    Image.open(io.BytesIO(picture)).convert("RGB").save(file, lossless=True, quality=100, method=6)
    print(f"{file.name}: {file.stat().st_size / 1000:.0f} KB beside {len(picture) / 1000:.0f} KB as PNG")


if __name__ == "__main__":
    main()
