"""The editor without a mouse: the side panel has the focus while it is open, and gives it back."""

from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit


async def test_a_tile_is_added_with_the_keyboard_alone(demo: Demo, visit: OpenVisit) -> None:
    """Enter opens the gallery and chooses, Escape leaves; the new tile is in sight and has the focus."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.open_editor()
    page = there.page
    await page.get_by_role("button", name="Add a tile").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Add a tile")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#aside")).to_be_hidden()
    await expect(page.get_by_role("button", name="Add a tile")).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Add a tile")).to_be_focused()
    await page.get_by_role("searchbox", name="Search the kinds of tile").focus()
    await page.keyboard.type("scatter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Scatter", exact=True)).to_be_focused()
    await page.locator("#aside .main-svg").first.wait_for()
    await page.get_by_role("button", name="Add to the dashboard").focus()
    await page.keyboard.press("Enter")
    place = page.get_by_role("group", name="Place of the tile bill_depth_mm by bill_length_mm")
    await expect(place).to_be_focused()
    await expect(place).to_be_in_viewport()

    delete = page.get_by_role("button", name="Delete the tile bill_depth_mm by bill_length_mm")
    await delete.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Delete a tile")).to_be_focused()
    for key in ("Tab", "Tab", "Tab", "Enter"):  # Past the button that deletes, onto the one that does not.
        await page.keyboard.press(key)
    await expect(page.locator("#aside")).to_be_hidden()
    await expect(delete).to_be_focused()
    await expect(place).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Delete a tile")).to_be_focused()
    for key in ("Tab", "Tab", "Enter"):
        await page.keyboard.press(key)
    await expect(place).to_have_count(0)
    await expect(page.get_by_role("button", name="Add a tile")).to_be_focused()


async def test_tables_and_toolbars_are_one_stop_of_the_tab_key(editor: Visit) -> None:
    """Arrow keys go on within them, Tab leaves them; N on a tile opens the gallery, Escape comes back to it."""
    page = editor.page
    place = page.get_by_role("group", name="Place of the tile All penguins")
    await place.press("Tab")
    await expect(page.get_by_role("button", name="Download from All penguins")).to_be_focused()
    await page.keyboard.press("End")
    await expect(page.get_by_role("button", name="Delete the tile All penguins")).to_be_focused()
    table = editor.tile("All penguins")
    await page.keyboard.press("Tab")
    await expect(table.get_by_role("columnheader").first).to_be_focused()
    for key in ("ArrowDown", "ArrowRight"):
        await page.keyboard.press(key)
    await expect(table.get_by_role("gridcell", name="adelie_1", exact=True)).to_be_focused()
    await page.keyboard.press("Tab")
    about = page.get_by_role("group", name="Place of the tile About the data")
    await expect(about).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(table.get_by_role("columnheader").first).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.wait_for_function("() => document.activeElement.closest('.tile-tools')")
    await page.keyboard.press("Shift+Tab")
    await expect(place).to_be_focused()

    await page.keyboard.press("n")
    await expect(page.get_by_role("heading", name="Add a tile")).to_be_focused()
    offers = page.locator("#aside .offer")
    await offers.first.focus()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("searchbox", name="Search the kinds of tile")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(place).to_be_focused()
