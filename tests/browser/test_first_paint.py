"""What a person sees first: numbers do not wait for plots, and a plot that cannot be drawn says so."""

import asyncio

from playwright.async_api import Route, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo

PLOTLY = "**/plotly-strict.min.js*"


async def test_numbers_are_painted_before_plotly_is_there(demo: Demo, visit: OpenVisit) -> None:
    """While the largest script is still on its way the cards and the table are complete; then every plot is drawn."""
    there = await visit(demo.admin)
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await there.page.route(PLOTLY, hold)
    await there.go("/dashboards")
    await there.page.locator(".dp-card-link", has_text="Palmer penguins").click()
    await expect(there.tile("Penguins").locator(".tile-number-value")).to_have_text("342")
    await expect(there.page.locator(".ag-row").first).to_contain_text("_1")
    assert await there.page.locator(".js-plotly-plot").count() == 0
    arrived.set()
    await there.painted()
    assert await there.page.locator(".js-plotly-plot").count() == 4


async def test_a_missing_plotly_is_said(demo: Demo, visit: OpenVisit) -> None:
    """The line above the board names what did not load; numbers stay usable."""
    there = await visit(demo.admin)
    there.expected_statuses.add(404)
    await there.page.route(PLOTLY, lambda route: route.fulfill(status=404))
    await there.go("/dashboards")
    await there.page.locator(".dp-card-link", has_text="Palmer penguins").click()
    await expect(there.page.get_by_role("alert").filter(has_text="plotly.js did not load")).to_be_visible()
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)


async def test_the_layout_is_on_its_way_before_dash_is_there(demo: Demo, visit: OpenVisit) -> None:
    """It is asked for once, and while the renderer is held up."""
    there = await visit(demo.admin)
    arrived = asyncio.Event()
    asked: list[str] = []

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await there.go("/dashboards")
    await there.page.route("**/dash_renderer*", hold)
    there.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    async with there.page.expect_response("**/_dash-layout"), there.page.expect_response("**/_dash-dependencies"):
        await there.page.locator(".dp-card-link", has_text="Palmer penguins").click()
    arrived.set()
    await there.painted()
    assert [asked.count(name) for name in ("_dash-layout", "_dash-dependencies")] == [1, 1]
