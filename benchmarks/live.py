"""How soon a new version of a table is on the screen of whoever has the dashboard open.

    python -m benchmarks.live [ROUNDS] [--workload SCALE]

On the penguins of the demo, or on the dashboard of 30 tiles over the reference workload, of which SCALE 1 are twelve
million rows. A round adds a run and lets `depictio run --server` ingest it, as a pipeline does, while the dashboard is
open in Chromium. The clock starts when the new version is published: at the moment that the collection's REST document
has as `updated_at`, which is taken just before it is written. It stops at the line of news, and at the frames that show
the first and the last changed tile within the window. In the second half of the rounds new data are offered by the
button: then the news are the offer, and the tiles count from the click on *Show*. Prints a table, and writes
`build/live.json`.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import msgspec
from playwright.async_api import BrowserContext, Page

from benchmarks import painted, reference
from benchmarks.builds import ADMIN, PASSWORD, BenchmarkError, Build, Server
from benchmarks.drag import write

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "build" / "live.json"
EXAMPLE = ROOT / "examples" / "penguins"
TILES = 30
TARGET = 2000.0
GIVE_UP_AFTER = 60.0
GROWN_BY = 60
"""Rows of each new file, which are the first ones of the first run."""
CHOICES = {"live": "at-once", "offered": "button"}
"""The gestures, and what the switch *Live* says for each."""
NEWS = """
() => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { news: 0, start: 0 };
  const look = () => {
    const line = document.getElementById('board-news');
    if (line && !line.hidden && !seen.news) seen.news = now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  window.liveBench = {
    arm(kind) { seen.news = 0; seen.start = now(); window.depictioBench.arm(kind); },
    seen() {
      look();
      const asked = performance.getEntriesByType('resource').filter((one) => one.name.includes('_answers'));
      return { ...seen, asked: asked.filter((one) => performance.timeOrigin + one.startTime > seen.start).length };
    },
  };
}
"""


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """One new version; in ms since it was published, or of the tiles that were offered since the click."""

    news: float
    first: float
    visible: float
    asked: int
    """Requests for tiles."""
    failures: tuple[str, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """Files that grow by one run in each round, and the dashboard that shows them."""

    project_file: Path
    project: str
    collection: str
    """The tag of the one whose new version is waited for."""
    board: Path | None
    """The dashboard's file; without one it is that of the reference workload."""
    rows: int
    tiles: int


def penguins(folder: Path) -> Place:
    """The demo's files."""
    shutil.copytree(EXAMPLE, folder)
    board = EXAMPLE / "dashboard.yaml"
    return Place(folder / "project.yaml", "Palmer penguins", "penguins_complete", board, 344, 10)


def workload(scale: float, folder: Path) -> Place:
    """The reference workload's files, of which there is one copy only."""
    source = reference.project_file(scale)
    shutil.copytree(source.parent, folder, copy_function=os.link)
    name = f"Reference workload {scale:g}"
    return Place(folder / "project.yaml", name, "features", None, reference.rows_of(scale), TILES)


class Site:
    """A server with the project in it, asked by REST."""

    def __init__(self, place: Place, server: Server, http: httpx.AsyncClient, token: str) -> None:
        self._place, self._server, self._http, self._token = place, server, http, token
        self._number = 0
        self._path = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, place: Place, server: Server) -> "AsyncIterator[Site]":
        async with httpx.AsyncClient(base_url=f"{server.address}/api/v1", timeout=GIVE_UP_AFTER) as http:
            answer = await http.post("/tokens", json={"email": ADMIN, "password": PASSWORD})
            token = str(answer.raise_for_status().json()["access_token"])
            http.headers["authorization"] = f"Bearer {token}"
            site = cls(place, server, http, token)
            projects = (await http.get("/projects")).raise_for_status().json()["items"]
            site._path = f"/projects/{next(one['id'] for one in projects if one['name'] == place.project)}"
            yield site

    async def board(self) -> str:
        """The dashboard of the place's file; its id."""
        if self._place.board is None:
            raise ValueError("This dashboard has no file.")
        content = self._place.board.read_text("utf-8")
        answer = await self._http.post(f"{self._path}/dashboards/file", json={"text": content})
        return str(answer.raise_for_status().json()["id"])

    async def publish(self) -> float:
        """Have a new version made; the milliseconds since 1970 at which it was published."""
        before = await self._updated_at()
        self._grow()
        command = (str(Path(sys.executable).with_name("depictio")), "run", str(self._place.project_file))
        given = ("--server", self._server.address, "--token", self._token)
        ingest = await asyncio.create_subprocess_exec(*command, *given, stdout=DEVNULL, stderr=DEVNULL)
        await ingest.wait()
        published = await self._updated_at()
        if published == before:
            raise BenchmarkError("No new version was published.")
        return published

    async def _updated_at(self) -> float:
        items = (await self._http.get(f"{self._path}/collections")).raise_for_status().json()["items"]
        moment = next(one["updated_at"] for one in items if one["tag"] == self._place.collection)
        return datetime.fromisoformat(moment).timestamp() * 1000

    def _grow(self) -> None:
        self._number += 1
        first, *_ = sorted((self._place.project_file.parent / "runs").iterdir())
        run = first.with_name(f"run_9{self._number:02}")
        run.mkdir()
        for file in first.iterdir():
            with file.open(encoding="utf-8") as lines:
                (run / file.name).write_text("".join(islice(lines, GROWN_BY + 1)), "utf-8")


class Watched:
    """The dashboard, open in a browser."""

    def __init__(self, page: Page, gesture: str) -> None:
        self._page, self._gesture = page, gesture

    @classmethod
    async def open(cls, context: BrowserContext, address: str, gesture: str) -> "Watched":
        page = await context.new_page()
        await page.add_init_script(painted.WATCH)
        await page.add_init_script(f"({NEWS})()")
        await page.add_init_script(f"window.localStorage.setItem('depictio.live', '{CHOICES[gesture]}')")
        await page.goto(address)
        watched = cls(page, gesture)
        await watched._settled()
        return watched

    async def wait(self, site: Site) -> Wait:
        """One new version: how long it was waited for."""
        await self._page.evaluate("() => window.liveBench.arm()")
        published = await site.publish()
        await self._page.wait_for_function("() => window.liveBench.seen().news", timeout=GIVE_UP_AFTER * 1000)
        news = (await self._seen())["news"] - published
        start = published
        if self._gesture == "offered":
            await self._page.evaluate("() => window.liveBench.arm('click')")
            await self._page.get_by_role("button", name="Show", exact=True).click()
        await self._settled()
        found: dict[str, Any] = await self._page.evaluate("() => window.depictioBench.found()")
        seen = await self._seen()
        # The tiles of `found` count from where it was armed: here, or at the click.
        shift = seen["start"] - start if self._gesture == "live" else 0.0
        times = [found["painted"][tile] + shift for tile in found["visible"] if tile in found["painted"]]
        failures = (*found["failures"], *(() if times else ("No tile was drawn.",)))
        await self._page.get_by_role("button", name="Close", exact=True).click()
        return Wait(
            news=news,
            first=min(times, default=0.0),
            visible=max(times, default=0.0),
            asked=seen["asked"],
            failures=failures,
        )

    async def _settled(self) -> None:
        await self._page.wait_for_function(
            "() => window.depictioBench.isSettled()", timeout=GIVE_UP_AFTER * 1000, polling=100
        )

    async def _seen(self) -> dict[str, float]:
        found: dict[str, float] = await self._page.evaluate("() => window.liveBench.seen()")
        return found


def row(place: Place, gesture: str, waits: Sequence[Wait]) -> dict[str, Any]:
    """A row of `build/live.json`."""
    times = [one.visible for one in waits]
    return {
        "rows": place.rows,
        "tiles": place.tiles,
        "gesture": gesture,
        "side": "painted",
        "median_ms": round(statistics.median(times)),
        "worst_ms": round(max(times)),
        "complete": sum(not one.failures for one in waits),
        "of": len(waits),
        "news_ms": round(statistics.median(one.news for one in waits)),
        "worst_news_ms": round(max(one.news for one in waits)),
        "first_ms": round(statistics.median(one.first for one in waits)),
        "asked": statistics.median(one.asked for one in waits),
        "in_time": sum(max(one.news, one.visible) <= TARGET for one in waits),
    }


async def run(rounds: int, scale: float | None, output: Path = OUTPUT) -> list[dict[str, Any]]:
    """Everything from the files to `build/live.json`."""
    work = reference.CACHE.parent / "work" / "live"
    build = Build("live", ROOT, work)
    place = penguins(work / "files") if scale is None else workload(scale, work / "files")
    await asyncio.to_thread(build.ingest, place.project_file)
    made = {} if place.board else await asyncio.to_thread(build.dashboards, place.project, [TILES])
    if made:
        await build.prepared()
    rows = []
    async with build.serve() as server, Site.open(place, server) as site, painted.chromium() as browser:
        dashboard_id = made.get(TILES) or await site.board()
        for gesture in CHOICES:
            context = await browser.new_context(viewport=painted.SIZE)  # type: ignore[arg-type]  # Playwright's own.
            await painted.sign_in(context, server)
            watched = await Watched.open(context, f"{server.address}/dashboards/{dashboard_id}", gesture)
            # The first one warms up.
            waits = [await watched.wait(site) for _ in range(rounds + 1)][1:]
            rows.append(row(place, gesture, waits))
            await context.close()
    write(output, rows)
    return rows


HEAD = (
    ("gesture", "gesture"),
    ("rows", "rows"),
    ("tiles", "tiles"),
    ("news", "news_ms"),
    ("worst news", "worst_news_ms"),
    ("first tile", "first_ms"),
    ("visible tiles", "median_ms"),
    ("worst", "worst_ms"),
    ("requests for tiles", "asked"),
    ("in time", "in_time"),
    ("of", "of"),
)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """One line for each gesture, as Markdown; times in ms."""
    lines = [[name for name, _ in HEAD], ["---"] * len(HEAD)]
    lines += [[str(one[key]) for _, key in HEAD] for one in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description="How soon new data are shown.")
    parser.add_argument("rounds", nargs="?", type=int, default=10)
    parser.add_argument("--workload", type=float, metavar="SCALE")
    given = parser.parse_args()
    print(table(asyncio.run(run(given.rounds, given.workload))))
