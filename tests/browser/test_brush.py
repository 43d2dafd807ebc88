"""Brushing in Chromium: tiles whose numbers add up follow a slider without the server; at rest all are its answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit
from tests.browser.test_main_job import RUNS, average

BRUSHED = {"mean-mass", "mean-flipper", "flippers", "by-island"}
"""Tiles of the penguins whose numbers add up; the slider is over the column of the mass."""
MOVED_ROW = """() => {
  const row = document.querySelector('[data-tile="rows"] .ag-center-cols-container .ag-row[row-index="0"]');
  if (!row) return 'none';
  const before = row.dataset.said;
  row.dataset.said = row.textContent;
  if (before === undefined) return 'new';
  return before === row.textContent ? 'the same' : 'in its place';
}"""
FRAMES = """() => {
  const find = (selector) => document.querySelector(selector);
  window.said = () => [
    find('.filter-slider [role="slider"]').getAttribute('aria-valuenow'),
    find('[data-tile="mean-mass"] .tile-number-value').textContent,
    find('[data-figure="flippers"] .barlayer .point path').getAttribute('d'),
  ].join();
  window.shown = [window.said()];
  // Of all that listen to the move this is the last; what observers do after a callback comes before the next callback.
  window.addEventListener('mousemove', () => window.requestAnimationFrame(() => {
    window.shown.push(window.said());
  }));
}"""
"""What thumb, card and histogram say at the end of the callbacks of the frame after each move."""
SHOWN_ROWS = """() => {
  const api = window.dash_ag_grid.getApi({ role: 'rows', tile: 'rows' });
  const rows = [];
  api.forEachNode(({ data }) => { if (data) rows.push(data); });
  return rows;
}"""


@pytest.fixture(scope="module")
def penguins() -> pl.DataFrame:
    """The join, computed from the files by plain polars."""
    features = pl.read_csv(Path(RUNS) / "*" / "physical_features.csv")
    return features.join(pl.read_csv(RUNS / "*" / "demographic_data.csv"), on="individual_id", how="inner")


class Answers:
    """What the page asks of tiles; while `is_held`, no answer comes."""

    def __init__(self, there: Visit) -> None:
        self.page = there.page
        self.asked: list[dict[str, Any]] = []
        self.may_come = asyncio.Event()

    async def hold(self) -> None:
        await self.page.route("**/_answers", self._take)

    async def _take(self, route: Route) -> None:
        self.asked.append(route.request.post_data_json)
        await self.may_come.wait()
        await route.continue_()

    @property
    def tiles(self) -> set[str]:
        """The tiles asked for by name so far."""
        return {tile for asked in self.asked for tile in asked.get("tiles", [])}


async def take_hold(there: Visit, thumb: Locator) -> tuple[float, float]:
    """Press the thumb and wait for what can be brushed; where the pointer is."""
    await thumb.scroll_into_view_if_needed()
    box = await thumb.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await there.page.mouse.move(x, y)
    async with there.page.expect_response("**/_brush") as answer:
        await there.page.mouse.down()
    assert (await answer.value).status == 200
    return x, y


async def check(there: Visit, rows: pl.DataFrame) -> None:
    """Cards, histogram and bars show these rows."""
    await expect(there.tile("Mean body mass").locator(".tile-badge")).to_have_text(f"{rows.height} of 342 rows")
    assert await there.number("Mean body mass") == average(rows, "body_mass_g", 0)
    assert await there.number("Mean flipper length") == average(rows, "flipper_length_mm", 1)
    await there.page.wait_for_function("() => !document.body.classList.contains('is-painting')")
    by_species = dict(rows.group_by("species").len().iter_rows())
    counted = {trace["name"]: sum(trace["y"]) for trace in await traces(there, "flippers")}
    assert counted == by_species
    by_island = {(one, island): count for one, island, count in rows.group_by("species", "island").len().iter_rows()}
    bars = {
        (trace["name"], island): (count, round(height, 1))
        for trace in await traces(there, "by-island")
        for island, count, height in zip(trace["x"], trace["y"], trace["heights"], strict=True)
    }
    assert bars == {key: (count, count) for key, count in by_island.items()}


async def traces(there: Visit, tile_id: str) -> list[dict[str, Any]]:
    """The numbers of each trace of bars, and the heights of its bars on the screen, in the numbers of the axis."""
    script = """(id) => {
      const drawn = document.querySelector(`[data-figure="${id}"] .js-plotly-plot`);
      const { yaxis } = drawn._fullLayout;
      const height = (path) => {
        const [, from, to] = /^M[^,]+,([^V]+)V([^H]+)H/.exec(path.getAttribute('d'));
        return yaxis.p2c(Number(to)) - yaxis.p2c(Number(from));
      };
      const groups = [...drawn.querySelectorAll('.barlayer > .trace')];
      return drawn.data.map(({ name, x, y }, at) => ({
        name, x: Array.from(x), y: Array.from(y), heights: [...groups[at].querySelectorAll('.point path')].map(height),
      }));
    }"""
    found: list[dict[str, Any]] = await there.page.evaluate(script, tile_id)
    return found


async def test_tiles_follow_a_slider_without_the_server(demo: Demo, visit: OpenVisit, penguins: pl.DataFrame) -> None:
    """What is drawn while no answer comes is exact; the tiles are asked for once the slider rests."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    thumb = there.page.get_by_role("slider", name="Body mass (g) from")
    x, y = await take_hold(there, thumb)
    answers = Answers(there)
    await answers.hold()
    for step in range(1, 9):
        await there.page.mouse.move(x + 8 * step, y)
        low = float(await thumb.get_attribute("aria-valuenow") or 0)
        heavy = penguins.filter(pl.col("body_mass_g") >= low)
        assert 0 < heavy.height < 342
        await check(there, heavy)
        await expect(there.tile("Mean body mass").locator("xpath=self::*[@aria-busy]")).to_have_count(0)
    assert not answers.tiles & BRUSHED
    await there.page.mouse.up()
    answers.may_come.set()
    await there.settled()
    exact = [asked for asked in answers.asked if set(asked.get("tiles") or BRUSHED) >= BRUSHED]
    assert exact[0]["wishes"] == {"body-mass": [["between", [low, None]]]}
    assert not BRUSHED & exact[0]["known"].keys()
    await check(there, heavy)
    await there.page.get_by_role("button", name="Reset all").click()
    await there.shows("Penguins", 342)
    assert {trace["name"] for trace in await there.figure("flippers")} == {"Adelie", "Chinstrap", "Gentoo"}


async def test_a_move_is_shown_in_the_frame_that_follows_it(demo: Demo, visit: OpenVisit) -> None:
    """The thumb, and what the browser answers: not in the frame after that."""
    there = await visit(demo.admin)
    page = there.page
    await there.open_dashboard("Palmer penguins")
    x, y = await take_hold(there, page.get_by_role("slider", name="Body mass (g) from"))
    answers = Answers(there)
    await answers.hold()
    await page.evaluate(FRAMES)
    for step in range(1, 6):
        await page.mouse.move(x + 12 * step, y)
        await page.wait_for_function("(count) => window.shown.length > count", arg=step)
    shown = await page.evaluate("window.shown")
    assert all(before != after for before, after in pairwise(shown))
    assert shown[-1] == await page.evaluate("() => window.said()")
    await page.mouse.up()
    answers.may_come.set()
    await there.settled()


async def test_rows_follow_a_slider_in_their_places(demo: Demo, visit: OpenVisit, penguins: pl.DataFrame) -> None:
    """A table is not built anew for each place of the slider; it shows the rows of the last one, and their number."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    table = there.tile("All penguins")
    await table.scroll_into_view_if_needed()
    thumb = there.page.get_by_role("slider", name="Body mass (g) from")
    x, y = await take_hold(there, thumb)
    # A slider that a busy machine moves too slowly rests in between, which builds the table anew.
    followed = [await there.page.evaluate(MOVED_ROW)]
    for step in range(1, 40):
        await there.page.mouse.move(x + 2.5 * step, y)
        await there.page.wait_for_timeout(50)
        followed.append(await there.page.evaluate(MOVED_ROW))
    assert "in its place" in followed
    await there.settled()
    low = float(await thumb.get_attribute("aria-valuenow") or 0)
    heavy = penguins.filter(pl.col("body_mass_g") >= low)
    assert 0 < heavy.height < 342
    assert await there.table_rows("rows") == heavy.height
    shown = await there.page.evaluate(SHOWN_ROWS)
    assert len(shown) == min(heavy.height, 100)
    assert {(one["individual_id"], one["body_mass_g"]) for one in shown} <= set(
        heavy.select("individual_id", "body_mass_g").iter_rows()
    )
    first = await table.locator('.ag-center-cols-container [row-index="0"]').inner_text()
    assert shown[0]["individual_id"] in first.split()
    await there.page.mouse.up()
    await there.settled()
    assert await there.table_rows("rows") == heavy.height


async def test_without_a_brush_every_tile_is_asked_for(demo: Demo, visit: OpenVisit, penguins: pl.DataFrame) -> None:
    """As if there were none: nothing fails, nothing stale is shown."""
    there = await visit(demo.admin)
    there.expected_statuses = {503}
    await there.open_dashboard("Palmer penguins")
    await there.page.route("**/_brush", lambda route: route.fulfill(status=503))
    thumb = there.page.get_by_role("slider", name="Body mass (g) from")
    for _ in range(40):
        await thumb.press("ArrowRight")
    await there.settled()
    low = float(await thumb.get_attribute("aria-valuenow") or 0)
    await check(there, penguins.filter(pl.col("body_mass_g") >= low))
    await expect(there.page.locator("#board-failure")).to_have_text("")


async def test_while_a_slider_moves_only_the_window_is_asked_for(demo: Demo, visit: OpenVisit) -> None:
    """The rest, and the address, follow when it is let go; they say then where the slider stands."""
    there = await visit(demo.admin, size=(1440, 500))
    await there.open_dashboard("Palmer penguins")
    thumb = there.page.get_by_role("slider", name="Body mass (g) from")
    x, y = await take_hold(there, thumb)
    asks: list[dict[str, Any]] = []
    there.page.on("request", lambda r: asks.append(r.post_data_json) if r.url.endswith("_answers") else None)
    for step in range(1, 6):
        async with there.page.expect_response("**/_answers"):
            await there.page.mouse.move(x + 8 * step, y)
    assert asks
    assert all("rows" not in asked["tiles"] for asked in asks)
    assert "f." not in there.page.url
    await there.page.mouse.up()
    await there.page.wait_for_url("**f.body-mass=*")
    await there.settled()
    wishes = {"body-mass": [["between", [float(await thumb.get_attribute("aria-valuenow") or 0), None]]]}
    assert [asked["wishes"] for asked in asks if "tiles" not in asked] == [wishes]


async def test_a_slider_whose_pointer_is_taken_away_is_not_forgotten(demo: Demo, visit: OpenVisit) -> None:
    """When the browser ends the gesture for one of its own, the address says where the slider stands."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    thumb = there.page.get_by_role("slider", name="Body mass (g) from")
    x, y = await take_hold(there, thumb)
    await there.page.mouse.move(x + 40, y)
    await thumb.dispatch_event("pointercancel")
    await there.page.wait_for_url("**f.body-mass=*")
    await there.settled()
    low = await thumb.get_attribute("aria-valuenow")
    assert f"={low}.." in there.page.url
    await there.page.mouse.up()


@asynccontextmanager
async def with_a_slider(demo: Demo) -> AsyncIterator[str]:
    """The id of a copy of the penguins' dashboard that filters by mass with a slider of one end."""
    async with httpx.AsyncClient(base_url=f"{demo.address}/api/v1") as http:
        who = {"email": demo.admin.email, "password": demo.admin.password}
        http.headers["authorization"] = f"Bearer {(await http.post('/tokens', json=who)).json()['access_token']}"
        (found,) = [one for one in (await http.get("/dashboards")).json()["items"] if one["title"] == "Palmer penguins"]
        board = (await http.get(f"/dashboards/{found['id']}")).json()
        tiles = board["tiles"]
        tiles["body-mass"]["interactive_component_type"] = "Slider"
        made = (await http.post(f"/projects/{board['project_id']}/dashboards", json={"title": "One end"})).json()
        content = {"version": made["version"], "title": "One end", "tiles": tiles}
        (await http.put(f"/dashboards/{made['id']}", json=content)).raise_for_status()
        yield made["id"]
        (await http.delete(f"/dashboards/{made['id']}")).raise_for_status()


async def test_tiles_follow_a_slider_of_one_end(demo: Demo, visit: OpenVisit, penguins: pl.DataFrame) -> None:
    """Up to where it stands, without the server too; the address says the same when it is let go."""
    async with with_a_slider(demo) as board:
        there = await visit(demo.admin)
        await there.go(f"/dashboards/{board}")
        await there.painted()
        thumb = there.page.get_by_role("slider", name="Body mass (g) up to")
        x, y = await take_hold(there, thumb)
        answers = Answers(there)
        await answers.hold()
        for step in range(1, 5):
            await there.page.mouse.move(x - 15 * step, y)
            high = float(await thumb.get_attribute("aria-valuenow") or 0)
            light = penguins.filter(pl.col("body_mass_g") <= high)
            assert 0 < light.height < 342
            await check(there, light)
        await there.page.mouse.up()
        answers.may_come.set()
        await there.settled()
        assert answers.asked
        assert all(asked["wishes"]["body-mass"][0][1][0] is None for asked in answers.asked)
        await check(there, light)
        await there.page.wait_for_url(f"**f.body-mass=..{high:g}*")
