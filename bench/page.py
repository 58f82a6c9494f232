"""How soon the page can be used, and what it takes: `alliances ui` with a real browser, both on this machine.

    first            the first load after the server's start
    fresh browser    each load in a browser that has nothing of the page yet; medians
    same browser     the page opened again by a browser that has seen it; medians

    DOM ready        DOMContentLoaded, from asking for the address
    first paint      something is seen
    can be asked     the question can be typed
    sent             what came over the line, and in how many answers
    map, timeline, table    from the click to the drawing, the first time

The table ends with the memory of the server (all its processes, the language model's, too) and of the page's
scripts, and with the share of the machine that others used: above 5 % the times say little.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from typing import Any

import psutil
from measuring import others_s
from rich.console import Console
from rich.table import Table
from served_page import browser, page_served

SETTLE_MS = 700  # the page's own last requests come after it can be used
PARTS = ("map", "timeline", "table")
# Notes when the question can be typed: an element that is shown and takes input.
_NOTE_USABLE = """new MutationObserver((changes, observer) => {
    const box = document.querySelector("#question textarea");
    if (!box?.offsetParent || box.disabled) return;
    window.usableAt = performance.now();
    observer.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });"""
_TIMES = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const all = [page, ...performance.getEntriesByType("resource")];
    return {
        "DOM ready, ms": page.domContentLoadedEventEnd,
        "first paint, ms": performance.getEntriesByType("paint")[0].startTime,
        "can be asked, ms": window.usableAt,
        "sent, KB": all.reduce((sum, one) => sum + one.transferSize, 0) / 1000,
        "answers": all.filter(one => one.transferSize).length,
    };
}"""

Times = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, default=10, help="loads in a fresh browser, and as many in a used one")
    loads = parser.parse_args().loads
    others, started = others_s(), time.perf_counter()
    with page_served() as (url, server), browser() as chromium:
        first = fresh_load(chromium, url)
        fresh = [fresh_load(chromium, url) for _ in range(loads)]
        again = loads_again(chromium, url, loads)
        parts, heap_mb = explorer_times(chromium, url)
        memory_mb = resident_mb(server)
        others_share = (others_s() - others) / (time.perf_counter() - started) / (psutil.cpu_count() or 1)
    show(first, medians(fresh), medians(again))
    console = Console()
    console.print("Explorer, from the click: " + ", ".join(f"{part} {ms:.0f} ms" for part, ms in parts.items()) + ".")
    console.print(f"Memory: server {memory_mb:.0f} MB, scripts of the page {heap_mb:.0f} MB.")
    console.print(f"Others used {max(others_share, 0):.0%} of the machine meanwhile.")


def fresh_load(chromium: Any, url: str) -> Times:
    """One load in a browser profile of its own."""
    context = chromium.new_context()
    times = load(context.new_page(), url)
    context.close()
    return times


def loads_again(chromium: Any, url: str, count: int) -> list[Times]:
    """Loads in one browser that has seen the page before."""
    context = chromium.new_context()
    times = []
    for _ in range(count + 1):
        page = context.new_page()
        times.append(load(page, url))
        page.close()  # a browser keeps six connections to a server, and each open page one of them
    context.close()
    return times[1:]


def load(page: Any, url: str) -> Times:
    """Open the page and wait until it can be asked."""
    page.add_init_script(_NOTE_USABLE)
    page.goto(url, wait_until="commit")
    page.wait_for_function("window.usableAt", polling=50)
    page.wait_for_timeout(SETTLE_MS)
    times: Times = page.evaluate(_TIMES)
    return times


def explorer_times(chromium: Any, url: str) -> tuple[Times, float]:
    """Milliseconds until each part of the explorer is drawn, and the megabytes that the page's scripts hold then."""
    context = chromium.new_context()
    page = context.new_page()
    load(page, url)
    page.click("#tab-explorer-button")
    times: Times = {}
    for part in PARTS:
        started = time.perf_counter()
        page.click(f"#explorer-{part}-button")
        page.wait_for_selector(f"[data-view={part}] :is(svg, table)")
        times[part] = 1000 * (time.perf_counter() - started)
    heap_mb = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    context.close()
    return times, heap_mb


def resident_mb(server: int) -> float:
    process = psutil.Process(server)
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True))) / 1e6


def medians(loads: Sequence[Times]) -> Times:
    return {what: statistics.median(times[what] for times in loads) for what in loads[0]}


def show(first: Times, fresh: Times, again: Times) -> None:
    table = Table("", "first", "fresh browser", "same browser")
    for what in first:
        table.add_row(what, *(f"{times[what]:,.0f}" for times in (first, fresh, again)))
    Console().print(table)


if __name__ == "__main__":
    main()
