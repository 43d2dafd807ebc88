"""The side panel and the board beside each other, in Chromium."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.demo import Visit


async def _edges(page: Page, one: Locator) -> tuple[float, float]:
    """Left and right, once the board has come to rest."""
    await page.wait_for_function("() => !document.querySelector('.board-main').getAnimations().length")
    box = await one.bounding_box()
    assert box
    return box["x"], box["x"] + box["width"]


async def test_the_tile_whose_form_is_open_is_in_sight(editor: Visit) -> None:
    """At the right edge the board slides aside, plots keep their size, Escape slides it back; no room on a phone."""
    page = editor.page
    last = page.locator('.tile-section [data-tile="flippers"]')
    first = page.locator('.tile-section [data-tile="bills"]')
    before = await _edges(page, last)
    plot = await _edges(page, last.locator(".main-svg").first)
    edit = page.get_by_role("button", name="Edit the tile Flipper length")
    await edit.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Edit: Flipper length")).to_be_focused()
    await expect(last).to_have_class(re.compile("is-edited"))
    panel = await _edges(page, page.locator("#aside"))
    left, right = await _edges(page, last)
    assert left >= 0
    assert right <= panel[0]
    now = await _edges(page, last.locator(".main-svg").first)
    assert now[1] - now[0] == plot[1] - plot[0]

    # Another tile from there: it has room where it stands, and the board goes back as far as that needs.
    await first.get_by_role("button", name="Edit the tile Bill length and depth").click()
    await expect(last).not_to_have_class(re.compile("is-edited"))
    await expect(page.get_by_role("heading", name="Edit: Bill length and depth")).to_be_visible()
    left, right = await _edges(page, first)
    assert left >= 0
    assert right <= panel[0]
    await page.keyboard.press("Escape")
    await expect(page.locator("#aside")).to_be_hidden()
    await expect(page.locator(".is-edited")).to_have_count(0)
    assert await _edges(page, last) == before

    await page.set_viewport_size({"width": 390, "height": 844})
    await edit.click()
    await expect(page.get_by_role("heading", name="Edit: Flipper length")).to_be_visible()
    assert await page.locator(".board-main.is-slid").count() == 0
