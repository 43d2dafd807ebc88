"""What is taken along from a tile: pictures, numbers and rows, by mouse and by keyboard."""

import io
from itertools import pairwise
from xml.etree import ElementTree as ET

import polars as pl
from anyio import Path
from playwright.async_api import Download, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit

DASHBOARD = "Palmer penguins"


async def taken(there: Visit, tile: str, entry: str) -> Download:
    """The file that the menu of the tile brings."""
    await there.tile(tile).get_by_role("button", name=f"Download from {tile}").click()
    async with there.page.expect_download() as coming:
        await there.page.get_by_role("menuitem", name=entry).click()
    return await coming.value


async def content(file: Download) -> bytes:
    return await Path(await file.path()).read_bytes()


async def test_rows_that_match_come_as_csv_and_parquet(demo: Demo, visit: OpenVisit) -> None:
    """Under the filters of the moment."""
    there = await visit(demo.admin)
    await there.open_dashboard(DASHBOARD)
    await there.choose("Species", "Gentoo")
    await there.settled()
    file = await taken(there, "Penguins", "All rows that match (CSV)")
    rows = pl.read_csv(io.BytesIO(await content(file)))
    assert rows.height == 123
    assert set(rows["species"]) == {"Gentoo"}
    assert file.suggested_filename.endswith(".csv")
    packed = await taken(there, "Penguins", "All rows that match (Parquet)")
    assert pl.read_parquet(await content(packed)).height == 123


async def test_a_figure_comes_as_pictures_and_as_its_numbers(demo: Demo, visit: OpenVisit) -> None:
    """With its title; the numbers are those that are drawn."""
    there = await visit(demo.admin)
    await there.open_dashboard(DASHBOARD)
    figure = there.page.locator('.tile[data-kind="figure"]').first
    title = await figure.get_attribute("aria-label")
    assert title
    png = await content(await taken(there, title, "Picture (PNG)"))
    assert png.startswith(b"\x89PNG")
    svg = (await content(await taken(there, title, "Picture (SVG)"))).decode()
    assert svg.startswith("<svg")
    assert title in svg
    sheet = await there.page.context.new_page()
    await sheet.set_content(svg)
    heights = [await sheet.locator(part).first.bounding_box() for part in (".gtitle", ".legend .bg", ".gridlayer")]
    for above, below in pairwise(heights):
        assert above
        assert below
        assert above["y"] + above["height"] <= below["y"]
    await sheet.close()
    for other in ("Penguins", "All penguins", "About the data"):
        png = await content(await taken(there, other, "Picture (PNG)"))
        assert png.startswith(b"\x89PNG")
        drawing = ET.fromstring(await content(await taken(there, other, "Picture (SVG)")))  # noqa: S314 -- ours.
        texts = [one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text")]
        assert other.split()[0] in texts, "a heading may be cut, but not its first word"
        assert len(texts) > len(other.split())
    numbers = pl.read_csv(io.BytesIO(await content(await taken(there, title, "Numbers shown (CSV)"))))
    assert numbers.height > 0


async def test_the_menu_is_used_by_keyboard(demo: Demo, visit: OpenVisit) -> None:
    """Arrows move, Escape gives the focus back."""
    there = await visit(demo.admin)
    await there.open_dashboard(DASHBOARD)
    button = there.tile("Penguins").get_by_role("button", name="Download from Penguins")
    await button.focus()
    await there.page.keyboard.press("Enter")
    items = there.page.get_by_role("menuitem")
    await expect(items.first).to_be_focused()
    await there.page.keyboard.press("ArrowDown")
    await expect(items.nth(1)).to_be_focused()
    await there.page.keyboard.press("End")
    await expect(items.last).to_be_focused()
    await there.page.keyboard.press("ArrowDown")
    await expect(items.first).to_be_focused()
    await there.page.keyboard.press("Escape")
    await expect(items).to_have_count(0)
    await expect(button).to_be_focused()
    await expect(button).to_have_attribute("aria-expanded", "false")


async def test_a_download_that_fails_says_why(demo: Demo, visit: OpenVisit) -> None:
    """Nothing is saved, and the line above the board has the reason."""
    there = await visit(demo.admin)
    await there.open_dashboard(DASHBOARD)
    there.expected_statuses.add(503)
    await there.page.route(
        "**/export",
        lambda route: route.fulfill(status=503, content_type="application/problem+json", body='{"detail": "No data."}'),
    )
    await there.tile("Penguins").get_by_role("button", name="Download from Penguins").click()
    await there.page.get_by_role("menuitem", name="All rows that match (CSV)").click()
    await expect(there.page.get_by_role("alert").filter(has_text="The download failed. No data.")).to_be_visible()
