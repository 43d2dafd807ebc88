"""A scatter as the gallery makes it: without a column to select by, a lasso selects the region itself."""

from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo

TITLE = "bill_depth_mm by bill_length_mm"


async def test_a_lasso_around_a_region_narrows_the_other_tiles(demo: Demo, visit: OpenVisit) -> None:
    """Hovering and selecting report no error; everything inside is counted, and the link says the corners."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.open_editor()
    page = there.page
    await page.get_by_role("button", name="Add a tile").click()
    await page.get_by_role("button", name="Scatter two numbers against").click()
    await page.get_by_role("button", name="Add to the dashboard").click()
    await expect(page.get_by_role("group", name=f"Place of the tile {TITLE}")).to_be_focused()
    await there.painted()

    area = await there.tile(TITLE).locator(".nsewdrag").bounding_box()
    assert area
    corners = [(0.3, 0.2), (0.7, 0.2), (0.7, 0.8), (0.3, 0.8), (0.3, 0.2)]
    places = [(area["x"] + area["width"] * x, area["y"] + area["height"] * y) for x, y in corners]
    await page.mouse.move(*places[0])
    await page.mouse.down()
    for x, y in places:
        await page.mouse.move(x, y, steps=6)
    await page.mouse.up()
    await page.wait_for_url("**within**")
    await there.settled()
    inside = await there.number("Penguins")
    assert 0 < inside < 342
    drawn = sum(len(trace["x"]) for trace in await there.figure("bills"))  # type: ignore[arg-type, misc]
    assert drawn == inside

    await page.get_by_role("button", name="Reset all").click()
    await there.shows("Penguins", 342)
    await page.get_by_role("button", name=f"Delete the tile {TITLE}").click()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await expect(there.tile(TITLE)).to_have_count(0)
