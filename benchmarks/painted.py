"""The gestures as a person makes them in Chromium: how long until the tiles are on the screen."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Response, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout

from benchmarks.builds import ADMIN, PASSWORD, Server
from benchmarks.client import header
from benchmarks.dashboards import TABLE_TILE
from benchmarks.measures import BROWSER, MOVING, MOVING_BROWSER, Measure, Sample, Taken, repeated
from benchmarks.server_side import BRUSH, NINE, PAGES, SORTED_BY, Record

CHROMIUM = os.environ.get("TEST_CHROMIUM") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--headless=new", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SIZE = {"width": 1440, "height": 900}
WATCH = Path(__file__).with_suffix(".js").read_text("utf-8")
WITHIN = 90_000
WARM_OPENS = 3
DRAGS = 3
DRAG_MOVES = 180
FRAME = 1 / 60
"""Seconds from one move of the mouse to the next, whatever the page does meanwhile."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


async def measure(
    server: Server, browser: Browser, dashboard_id: str, rows: int, record: Record, gestures: set[str]
) -> list[Measure]:
    """Every gesture on one dashboard of a server that has just started, in a browser without a cache."""
    address = f"{server.address}/dashboards/{dashboard_id}"
    found: list[Measure] = []

    async def take(gesture: str, make: Awaitable[Taken]) -> None:
        server.peak.reset()
        taken = await make
        if gesture in gestures:
            found.append(record(gesture, taken))

    context = await browser.new_context(viewport=SIZE)  # type: ignore[arg-type]  # Playwright wants its own dict type.
    await sign_in(context, server)
    await take("open_cold", _opens(context, address, 1))
    if "open_warm" in gestures:
        await take("open_warm", _opens(context, address, WARM_OPENS))
    visit = await Visit.open(context, address)
    for gesture, make in (("filter", visit.filters), ("brush", visit.brush)):
        if gesture in gestures:
            await take(gesture, make())
    if "brush" in gestures:
        server.peak.reset()
        for part, dragged in (await visit.drags()).items():
            found.append(record("brush", dragged, part))
    if visit.followed:
        found.append(record("brush", Taken(tuple(visit.followed), len(BRUSH[1])), BROWSER))
    if "page" in gestures:
        await take("page", visit.pages(rows))
    await context.close()
    return found


async def sign_in(context: BrowserContext, server: Server) -> None:
    page = await context.new_page()
    await page.goto(f"{server.address}/sign-in")
    await page.get_by_label("E-mail").fill(ADMIN)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/projects*")
    await page.close()


async def _opens(context: BrowserContext, address: str, times: int) -> Taken:
    async def opened(_time: int) -> Sample:
        visit = await Visit.open(context, address)
        await visit.page.close()
        return visit.opened

    return await repeated(opened, range(times))


class Visit:
    """A dashboard in a browser's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.opened = Sample(first=0, all=0, bytes=0)
        self.followed: list[Sample] = []
        """Of each place of a slider: when the visible tiles had followed that the browser answers by itself."""
        self._bytes = 0
        self._answers: list[Response] = []

    @classmethod
    async def open(cls, context: BrowserContext, address: str) -> "Visit":
        """Open the dashboard and wait for all of it; `opened` says how long that took."""
        page = await context.new_page()
        visit = cls(page)
        await page.add_init_script(WATCH)
        network = await context.new_cdp_session(page)
        await network.send("Network.enable")
        network.on("Network.loadingFinished", visit._received)
        page.on("response", visit._answered)
        await page.goto(address)
        visit.opened = await visit._settled()
        return visit

    async def filters(self) -> Taken:
        """The nine values, each chosen in its control on the unfiltered dashboard."""
        return await repeated(self._choose, NINE)

    async def _choose(self, pair: tuple[str, str]) -> Sample:
        column, value = pair
        await self._control(column).get_by_role("textbox").click()
        option = self.page.get_by_role("option").filter(has_text=f"{value} (")
        await option.wait_for()
        await self._arm("click")
        await option.click()
        sample = await self._settled()
        await self.page.keyboard.press("Escape")
        await self._reset()
        return sample

    async def brush(self) -> Taken:
        """The lower end of a range slider is dragged to 20 places, each once the window shows the one before.

        At the last place it rests, and everything is painted.
        """
        last = len(BRUSH[1])
        to = await self._held_slider()

        async def moved(place: int) -> Sample:
            await self._arm("mousemove")
            await to(place / last)
            in_window = await self._window_followed()
            return in_window if place < last else await self._settled()

        taken = await repeated(moved, range(1, last + 1))
        await self.page.mouse.up()
        await self._reset()
        return taken

    async def drags(self) -> dict[str, Taken]:
        """The same end is dragged on and on: the time from one update to the next, by who answers.

        `first` is that of the tile in the window that is drawn most often, `all` that of the one drawn least often. A
        build that does not answer any tile of the window in the browser has no such part.
        """
        to = await self._held_slider()
        found: dict[str, list[Sample]] = {MOVING: [], MOVING_BROWSER: []}
        for _ in range(DRAGS):
            await self._arm("mousemove")
            lasted = await self._dragged(to)
            seen: dict[str, Any] = await self.page.evaluate("() => window.depictioBench.found()")
            for part, answered in ((MOVING, "answered"), (MOVING_BROWSER, "unasked")):
                found[part].append(self._updates(seen[answered], lasted, seen["failures"]))
            self._forget()  # Of so many answers the browser does not keep the first.
            await self._settled()
        await self.page.mouse.up()
        await self._reset()
        if not any(sample.tiles for sample in found[MOVING_BROWSER]):
            del found[MOVING_BROWSER]
        return {part: Taken(tuple(samples), DRAGS) for part, samples in found.items()}

    async def _dragged(self, to: Callable[[float], Awaitable[None]]) -> float:
        """There and back as a hand does, which waits for nothing; how long that took, in milliseconds."""
        start = time.perf_counter()
        moves: list[asyncio.Future[None]] = []
        for move in range(DRAG_MOVES):
            moves.append(asyncio.ensure_future(to(1 - abs(1 - 2 * (move + 1) / DRAG_MOVES) * 0.9)))
            await asyncio.sleep(max(start + (move + 1) * FRAME - time.perf_counter(), 0))
        await asyncio.gather(*moves)
        return (time.perf_counter() - start) * 1000

    def _updates(self, frames: dict[str, int], lasted: float, failures: list[str]) -> Sample:
        least, most = min(frames.values(), default=1), max(frames.values(), default=1)
        said = failures or ([] if frames else ["No tile followed."])
        return Sample(
            first=lasted / most, all=lasted / least, bytes=self._bytes, failures=tuple(said), tiles=len(frames)
        )

    async def _held_slider(self) -> Callable[[float], Awaitable[None]]:
        """Take hold of the lower end of the slider; what moves it, by a share of half its length."""
        column, _ = BRUSH
        thumbs = self._control(column).get_by_role("slider")
        await thumbs.first.scroll_into_view_if_needed()
        low, high = [await thumb.bounding_box() for thumb in (thumbs.first, thumbs.last)]
        if low is None or high is None:
            raise RuntimeError(f"The slider of {column} is not on the screen.")
        x, y = low["x"] + low["width"] / 2, low["y"] + low["height"] / 2
        length = (high["x"] - low["x"]) / 2
        await self.page.mouse.move(x, y)
        await self._arm("")
        await self.page.mouse.down()
        # What can be brushed is fetched now; a reader who moves at once is answered by the server until it is there.
        await self._settled()
        return lambda share: self.page.mouse.move(x + length * share, y)

    async def pages(self, rows: int) -> Taken:
        """A click on a column's heading sorts the table of features; then it is scrolled to places anywhere."""
        tile = self.page.locator(".tile").filter(has=self.page.locator(f"[id*='\"{TABLE_TILE}\"']"))
        heading = tile.locator(f".ag-header-cell[col-id='{SORTED_BY}'] .ag-header-cell-label")
        await heading.scroll_into_view_if_needed()
        await self._settled()
        anywhere = random.Random(2)  # noqa: S311 -- the same places in every run.
        scroll = """([id, index]) => {
          window.depictioBench.arm();
          window.dash_ag_grid.getApi({ role: 'rows', tile: id }).ensureIndexVisible(index);
        }"""

        async def shown(turn: int) -> Sample:
            if turn == 0:
                await self._arm("click")
                await heading.click()
            else:
                self._forget()
                await self.page.evaluate(scroll, [TABLE_TILE, anywhere.randrange(rows)])
            return await self._settled()

        return await repeated(shown, range(PAGES))

    def _control(self, column: str) -> Locator:
        return self.page.locator(".filter", has=self.page.get_by_role("heading", name=column, exact=True))

    async def _reset(self) -> None:
        await self._arm("click")
        await self.page.get_by_role("button", name="Reset all").click()
        await self._settled()

    async def _arm(self, kind: str) -> None:
        self._forget()
        await self.page.evaluate("(kind) => window.depictioBench.arm(kind)", kind)

    async def _settled(self) -> Sample:
        """Wait until nothing is asked, answered or drawn any more; what was drawn when."""
        try:
            await self.page.wait_for_function("() => window.depictioBench.isSettled()", timeout=WITHIN)
        except PlaywrightTimeout:
            return Sample(first=WITHIN, all=WITHIN, bytes=self._bytes, failures=(f"Not settled in {WITHIN} ms.",))
        found: dict[str, Any] = await self.page.evaluate("() => window.depictioBench.found()")
        times: dict[str, float] = found["painted"]
        visible = [times[tile] for tile in found["visible"] if tile in times]
        changed = {tile for answer in self._answers for tile in _figures(await answer.body())}
        missed = (changed & set(found["visible"])) - set(times)
        failures = [*found["failures"], *(f"The tile {tile} was not drawn." for tile in sorted(missed))]
        if not times:
            failures.append("No tile was drawn.")
        return Sample(
            first=min(visible or times.values(), default=0.0),
            all=max(times.values(), default=0.0),
            bytes=self._bytes,
            failures=tuple(failures),
            visible=max(visible, default=None),
            tiles=len(times),
        )

    async def _window_followed(self) -> Sample:
        """Wait until the window shows what the slider says, which goes on moving."""
        try:
            await self.page.wait_for_function("() => window.depictioBench.hasFollowed()", timeout=WITHIN)
        except PlaywrightTimeout:
            return Sample(first=WITHIN, all=WITHIN, bytes=self._bytes, failures=(f"Not followed in {WITHIN} ms.",))
        found: dict[str, Any] = await self.page.evaluate("() => window.depictioBench.found()")
        own = list(found["brushed"].values())
        if own:
            self.followed.append(Sample(first=min(own), all=max(own), visible=max(own), bytes=0, tiles=len(own)))
        times = [found["followed"][tile] for tile in found["visible"] if tile in found["followed"]]
        failures = found["failures"] or ([] if times else ["No tile followed."])
        last = max(times, default=0.0)
        return Sample(
            first=min(times, default=0.0),
            all=last,
            bytes=self._bytes,
            failures=tuple(failures),
            visible=last,
            tiles=len(times),
        )

    def _forget(self) -> None:
        self._bytes = 0
        self._answers.clear()

    def _received(self, event: dict[str, Any]) -> None:
        self._bytes += int(event["encodedDataLength"])

    def _answered(self, response: Response) -> None:
        if response.url.endswith("_answers"):
            self._answers.append(response)


def _figures(body: bytes) -> list[str]:
    """The tiles whose figure an answer brings; none when it was superseded."""
    return [tile for tile, entry in header(body)["tiles"].items() if "figure" in entry] if body else []
