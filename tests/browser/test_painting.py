"""What is seen comes first, the newest state wins, and a tile that is behind or has failed says so."""

import asyncio
import json
import re
from typing import Any

from playwright.async_api import Request, Route, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit

ANSWERS = "**/_answers"
BOARD = "Palmer penguins"


WATCH_PAINTING = """() => {
  const painted = [];
  window.paintedBefore = []; // each request; at the end, the first row of the table below
  document.addEventListener('depictio:painted', ({ detail }) => painted.push(detail));
  const plain = window.fetch;
  window.fetch = (...given) => {
    if (String(given[0]).endsWith('_answers')) window.paintedBefore.push([...painted]);
    return plain(...given);
  };
  const tile = document.querySelector('[data-tile="rows"] .tile');
  new MutationObserver((_, self) => {
    if (tile.hasAttribute('aria-busy')) return;
    window.paintedBefore.push([...painted]);
    self.disconnect();
  }).observe(tile, { attributes: true, attributeFilter: ['aria-busy'] });
}"""


SUBJECTS_OF_HAS = """() => {
  const rules = (holder) => [...holder.cssRules].flatMap((rule) => [rule, ...(rule.cssRules ? rules(rule) : [])]);
  const selectors = [...document.styleSheets].flatMap(rules).map((rule) => rule.selectorText || '');
  return selectors.filter((text) => text.includes(':has(')).map((text) => text.split(':has(')[0]);
}"""
LOOKING_THROUGH_PLOTS = """() => {
  const rules = (holder) => [...holder.cssRules].flatMap((rule) => [rule, ...(rule.cssRules ? rules(rule) : [])]);
  const selectors = [...document.styleSheets].flatMap(rules).map((rule) => rule.selectorText || '');
  const holdsPlots = (name) => [...document.querySelectorAll(name)].some((one) => one.querySelector('.js-plotly-plot'));
  return selectors.filter((text) => [...text.matchAll(/([.#][\\w-]+)?:has\\(\\s*(\\S)/g)].some(
    ([, name, first]) => first !== '>' && ('+~'.includes(first) || (name && holdsPlots(name)))));
}"""


def asked(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.post_data or "{}")
    return found


def watch(there: Visit) -> list[dict[str, Any]]:
    """What the page asks for from now on."""
    asks: list[dict[str, Any]] = []
    there.page.on("request", lambda r: asks.append(asked(r)) if r.url.endswith("_answers") else None)
    return asks


async def test_the_tiles_in_the_window_are_asked_for_first(demo: Demo, visit: OpenVisit) -> None:
    """In a low window the table below is not among them; the second request brings it, and no figure's shape again.

    It leaves as soon as the first is answered; its answer waits until the plots in the window are drawn.
    """
    there = await visit(demo.admin, size=(1440, 500))
    await there.open_dashboard(BOARD)
    asks = watch(there)
    await there.page.evaluate(WATCH_PAINTING)
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    assert await there.table_rows("rows") == 123
    first, rest = asks
    assert {"penguins", "mean-mass"} <= set(first["tiles"])
    assert "rows" not in first["tiles"]
    assert "tiles" not in rest
    assert first["sequence"] == rest["sequence"]
    assert first["view"] == rest["view"] != ""
    assert set(first["marks"]) == {"bills", "flippers", "mass-by-species", "by-island"}
    assert set(first["tiles"]) <= set(rest["known"])
    before_first, before_rest, before_rows = await there.page.evaluate("window.paintedBefore")
    seen = set(first["tiles"]) & set(first["marks"])
    assert before_first == []
    assert len(seen) >= 2
    assert len(set(before_rest) & seen) < len(seen)
    # The last of them is just being drawn.
    assert len(seen - set(before_rows)) <= 1


async def test_a_tile_that_is_behind_says_so_when_it_takes_long(demo: Demo, visit: OpenVisit) -> None:
    """To screen readers at once, to the eye after a moment; not any more once it is drawn."""
    there = await visit(demo.admin)
    await there.open_dashboard(BOARD)
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await there.page.route(ANSWERS, hold)
    await there.choose("Species", "Gentoo")
    card, figure = there.tile("Penguins"), there.tile("Bill length and depth")
    for tile in (card, figure):
        await expect(tile).to_have_attribute("aria-busy", "true")
        await expect(tile).to_have_class("tile is-behind")
    assert await there.number("Penguins") == 342
    arrived.set()
    await there.shows("Penguins", 123)
    await expect(there.page.locator(".tile.is-behind, .tile[aria-busy]")).to_have_count(0)


async def test_the_newest_state_wins(demo: Demo, visit: OpenVisit) -> None:
    """An answer under way is given up for a newer state; the one that took its place is waited for."""
    there = await visit(demo.admin)
    await there.open_dashboard(BOARD)
    gone: list[dict[str, Any]] = []
    there.page.on("requestfailed", lambda request: gone.append(asked(request)["wishes"]))
    first = asyncio.Event()

    async def hold_first(route: Route) -> None:
        if first.is_set():
            await route.continue_()
        else:
            first.set()  # Never answered.

    await there.page.route(ANSWERS, hold_first)
    await there.choose("Species", "Gentoo")
    await first.wait()
    await there.choose("Species", "Chinstrap")
    await there.shows("Penguins", 191)
    assert gone == [{"species": [["in", ["Gentoo"]]]}]
    names = {trace["name"] for trace in await there.figure("bills")}
    assert names == {"Gentoo", "Chinstrap"}


async def test_a_failed_request_is_said_and_the_next_one_mends_it(demo: Demo, visit: OpenVisit) -> None:
    """The board is marked as stale, nothing stays behind, and *Retry* asks for every tile anew."""
    there = await visit(demo.admin)
    there.expected_statuses.add(500)
    await there.open_dashboard(BOARD)
    await there.page.route(ANSWERS, lambda route: route.fulfill(status=500))
    await there.choose("Species", "Gentoo")
    said = there.page.locator("#board-failure")
    behind = "The server could not answer. What is shown may not match the filters."
    await expect(said).to_contain_text(behind)
    await expect(there.page.locator("body")).to_contain_class("is-stale")
    await expect(there.page.locator(".tile[aria-busy]")).to_have_count(0)
    await said.get_by_role("button", name="Retry").press("Enter")
    await expect(said).to_have_text(f"{behind}Retry")
    await there.page.unroute(ANSWERS)
    asks = watch(there)
    await said.get_by_role("button", name="Retry").press("Enter")
    await there.shows("Penguins", 123)
    await expect(said).to_be_empty()
    assert await there.page.evaluate("() => document.activeElement.className") == "board-main"
    assert asks[0]["known"] == {}
    await there.choose("Species", "Chinstrap")
    await there.shows("Penguins", 191)
    assert sum(len(trace["x"]) for trace in await there.figure("bills")) == 191  # type: ignore[arg-type, misc]


async def test_a_tile_that_failed_can_be_tried_again(demo: Demo, visit: OpenVisit) -> None:
    """A link with a value that the column cannot have: the tiles say why; `Retry` asks for them once more."""
    there = await visit(demo.admin)
    await there.open_dashboard(BOARD)
    await there.page.goto(there.page.url + "?f.body-mass=" + '[["between",["heavy",null]]]')
    failed = there.page.locator(".tile-error")
    await expect(failed.first).to_contain_text("This tile cannot be shown.")
    await there.settled()
    asks = watch(there)
    await failed.first.get_by_role("button", name="Retry").click()
    await there.settled()
    assert asks
    assert asks[0]["known"] == {}
    await expect(failed.first).to_be_visible()
    await there.page.get_by_role("button", name="Reset all").click()
    await there.shows("Penguins", 342)
    await expect(failed).to_have_count(0)


async def test_a_plot_follows_the_size_of_its_tile(demo: Demo, visit: OpenVisit) -> None:
    """When the window becomes narrower, so does what is drawn."""
    there = await visit(demo.admin)
    await there.open_dashboard(BOARD)
    plot = there.page.locator("[data-figure=bills] .main-svg").first
    wide = await plot.evaluate("(it) => it.clientWidth")
    await there.page.set_viewport_size({"width": 1100, "height": 900})
    await expect(plot).not_to_have_attribute("width", str(wide))
    place = there.page.locator("[data-figure=bills] .tile-graph")
    await there.page.wait_for_function(
        "() => { const it = document.querySelector('[data-figure=bills] .tile-graph');"
        " return it.querySelector('.main-svg')?.clientWidth === it.clientWidth; }"
    )
    assert await place.evaluate("(it) => it.clientWidth") != wide


async def test_no_rule_marks_every_element(demo: Demo, visit: OpenVisit) -> None:
    """A rule for whatever has something inside makes each change restyle all ancestors; tables keep their look."""
    there = await visit(demo.admin)
    await there.open_dashboard(BOARD)
    assert await there.table_rows("rows") == 342
    subjects = await there.page.evaluate(SUBJECTS_OF_HAS)
    assert len(subjects) >= 5
    whole = [subject for subject in subjects if re.fullmatch(r"(html|body|:root|\.dp-body|\*)?", subject.strip())]
    assert whole == [], "of all elements, or of one that has all of them inside"
    assert await there.page.evaluate(LOOKING_THROUGH_PLOTS) == []
    size = "getComputedStyle(document.querySelector('.tile-table .ag-cell')).fontSize"
    assert await there.page.evaluate(size) == "13px"
