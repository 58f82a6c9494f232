"""Fifty clients of the page at once, over HTTP as a browser speaks it: own answers, quick refusals, no growth."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import httpx
import psutil
from promises.trials import Row
from served_page import page_served

from assistant.settings import SHIPPED_LIBRARY
from index.articles import load_library
from model_process.clients import GROWTH_MAX_MB, REFUSED_WITHIN_S, memory_mb

CLIENTS = 50
_SECONDS_EACH = 6.0
_PAUSE_S = (0.5, 2.0)  # of a client that was answered or refused
_QUEUE_IS_FULL = 503
_REFUSED = "Too many questions are waiting"
_NUMBERS = re.compile(r"(turn|source)-\d+")  # of the turns of a tab, which go on growing
_TIMEOUT_S = 300.0


def try_out(times: int) -> Iterator[Row]:
    """Rows of one run, of a minute for ten times."""
    names = [article.alliance.name for article in load_library([SHIPPED_LIBRARY]).articles if article.alliance]
    with page_served() as (address, pid):
        yield from asyncio.run(PageCrowd(address, pid, names[:CLIENTS]).run(times * _SECONDS_EACH))


class PageCrowd:
    """Clients of a page, a tab each, that ask about their own alliance, begin a new chat, and ask again."""

    def __init__(self, address: str, pid: int, names: Sequence[str]) -> None:
        self._address = address
        self._server = psutil.Process(pid)
        self._questions = [f"What does {name} do for its members?" for name in names]
        self._alone: list[str] = []
        self._slowest_s = 0.0
        self._answered = [0] * len(names)
        self.answers = Row(f"{len(names)} clients of the page at once: each answer is the client's own")
        self.refusals = Row(
            f"the others of {len(names)} clients of the page are refused within {REFUSED_WITHIN_S:.0f} s"
        )
        self.memory = Row(f"{len(names)} clients of the page at once: memory grows by {GROWTH_MAX_MB:.0f} MB at most")

    async def run(self, seconds: float) -> list[Row]:
        """Let them ask for so long; one that waits is still answered."""
        async with httpx.AsyncClient(base_url=self._address, timeout=_TIMEOUT_S, limits=httpx.Limits()) as http:
            config = (await http.get("/config")).json()
            tabs = [PageTab(http, config) for _ in self._questions]
            for tab, question in zip(tabs, self._questions, strict=True):
                shown = await tab.ask(question)
                assert shown is not None  # alone, nobody is refused
                self._alone.append(shown)
            end = time.monotonic() + seconds
            clients = [asyncio.create_task(self._ask(tab, number, end)) for number, tab in enumerate(tabs)]
            before, middle = await self._memory_after(seconds / 4), await self._memory_after(seconds / 4)
            await asyncio.gather(*clients)
        growth = self._memory_mb() - before
        self.memory.record([f"by {growth:.0f} MB"] if growth > GROWTH_MAX_MB else [])
        self.memory.remarks = f"{before:.0f} MB, {middle:.0f} MB at half the time, {before + growth:.0f} MB at the end"
        self.answers.remarks = f"in {seconds:.0f} s; {min(self._answered)} to {max(self._answered)} a client"
        self.refusals.remarks = f"slowest {self._slowest_s:.2f} s"
        return [self.answers, self.refusals, self.memory]

    async def _ask(self, tab: PageTab, number: int, end: float) -> None:
        chance = random.Random(number)
        while time.monotonic() < end:
            await tab.clear()
            began = time.perf_counter()
            shown = await tab.ask(self._questions[number])
            if shown is None:
                took_s = time.perf_counter() - began
                self._slowest_s = max(self._slowest_s, took_s)
                self.refusals.record([f"took {took_s:.1f} s"] if took_s > REFUSED_WITHIN_S else [])
            else:
                self._answered[number] += 1
                alone = self._alone[number]
                self.answers.record([] if shown == alone else [f"client {number} saw {shown!r} instead of {alone!r}"])
            await asyncio.sleep(chance.uniform(*_PAUSE_S))

    async def _memory_after(self, seconds: float) -> float:
        await asyncio.sleep(seconds)
        return self._memory_mb()

    def _memory_mb(self) -> float:
        return memory_mb({self._server, *self._server.children(recursive=True)})


class PageTab:
    """What a browser does with the chat in one of its tabs, as far as it is needed to ask."""

    def __init__(self, http: httpx.AsyncClient, config: dict[str, Any]) -> None:
        self._http = http
        self._session = f"{random.getrandbits(64):x}"
        handlers = config["dependencies"]
        parts = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        first = next(place for place, handler in enumerate(handlers) if handler["api_name"] == "take")
        self._take, self._answer, self._view = handlers[first : first + 3]
        self._clear = next(one for one in handlers if [parts["new-chat"], "click"] in map(list, one["targets"]))
        values = {part["id"]: part["props"].get("value") for part in config["components"]}
        self._filters = [values[name] for name in self._take["inputs"][2:]]

    async def clear(self) -> None:
        """Begin a new chat."""
        await self._call(self._clear, [None])

    async def ask(self, question: str) -> str | None:
        """What the page shows of the answer; None if the question was refused."""
        await self._call(self._take, [None, question, *self._filters])
        body = {"data": [None], "fn_index": self._answer["id"], "session_hash": self._session}
        joined = await self._http.post("/gradio_api/queue/join", json=body)
        if joined.status_code != _QUEUE_IS_FULL:
            joined.raise_for_status()
            await self._wait()
        # Of a question that is answered it changes nothing, and gives the whole page, not what is new in it.
        shown = json.dumps((await self._call(self._view, [None]))[1])
        return None if _REFUSED in shown else _NUMBERS.sub(r"\1", shown)

    async def _call(self, handler: dict[str, Any], data: list[Any]) -> list[Any]:
        body = {"data": data, "fn_index": handler["id"], "session_hash": self._session}
        response = await self._http.post("/gradio_api/run/predict", json=body)
        response.raise_for_status()
        shown: list[Any] = response.json()["data"]
        return shown

    async def _wait(self) -> None:
        async with self._http.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as events:
            async for line in events.aiter_lines():
                with suppress(ValueError):
                    if json.loads(line.removeprefix("data:"))["msg"] == "process_completed":
                        return
