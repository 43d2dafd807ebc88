"""A tile that is dragged onto a tab and rests there, and what the server has of the dashboard then."""

import asyncio
from typing import Any

from playwright.async_api import expect

from tests.browser.demo import Visit, stored


async def saved(there: Visit, version: int) -> dict[str, Any]:
    """The dashboard as soon as the server has that version of it."""
    for _ in range(100):
        found = await stored(there)
        if found["version"] >= version:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"Version {version} was not stored within five seconds.")


async def by_resting_on_the_tab(editor: Visit) -> None:
    """It opens, and the tile is dropped at its place there; Escape puts everything back."""
    page = editor.page
    await editor.painted()
    version = (await stored(editor))["version"]
    await rest_on_tab(editor, "About the data", "New tab")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("tab", name="Main")).to_have_attribute("aria-selected", "true")
    await page.mouse.up()
    await rest_on_tab(editor, "About the data", "New tab")
    there = await page.locator(".tile-section[data-section-name='']").bounding_box()
    assert there
    await page.mouse.move(there["x"] + there["width"] - 20, there["y"] + 20)
    await expect(page.locator(".carried-spot")).to_be_visible()
    await page.mouse.up()
    found = await saved(editor, version + 1)
    about = next(tile for tile in found["tiles"].values() if tile["title"] == "About the data")
    assert (about["tab"], about["layout"]["x"] + about["layout"]["w"]) == ("new-tab", 8)
    await expect(page.locator(".carried")).to_have_count(0)
    await expect(page.get_by_role("tab", name="New tab")).to_have_attribute("aria-selected", "true")


async def rest_on_tab(editor: Visit, title: str, tab: str) -> None:
    """Drag a tile onto a tab, which opens under it."""
    page = editor.page
    await page.evaluate("window.scrollTo(0, 0)")
    await editor.settled()
    handle = await editor.tile(title).locator(".tile-handle").bounding_box()
    target = await page.get_by_role("tab", name=tab).bounding_box()
    assert handle
    assert target
    await page.mouse.move(handle["x"] + 30, handle["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(handle["x"] + 40, handle["y"])
    await page.mouse.move(target["x"] + 20, target["y"] + 10, steps=5)
    await expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    await expect(page.locator(".carried")).to_have_text(title)
