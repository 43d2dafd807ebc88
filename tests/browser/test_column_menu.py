"""The menu of a table's column, by mouse and by keyboard: sort, filter, pin, hide and show."""

from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo


async def test_a_column_is_sorted_pinned_hidden_and_shown_from_its_heading(demo: Demo, visit: OpenVisit) -> None:
    """The focus is on the heading again; what is hidden comes back from the menu of any other column."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    keys = there.page.keyboard
    table = there.tile("All penguins")
    menu = there.page.get_by_role("menu")

    def heading(name: str) -> Locator:
        return table.locator(f'.ag-header-cell[col-id="{name}"]')

    await table.scroll_into_view_if_needed()
    await heading("individual_id").click(button="right")
    await expect(menu.get_by_role("menuitemradio", name="Sort ascending")).to_be_focused()
    await menu.get_by_role("menuitemradio", name="Sort descending").click()
    await expect(heading("individual_id")).to_have_attribute("aria-sort", "descending")
    await expect(table.locator('[row-index="0"] [col-id="individual_id"]')).to_have_text("gentoo_99")
    await expect(heading("individual_id")).to_be_focused()
    await keys.press("Alt+ArrowDown")
    await keys.press("p")
    await keys.press("Enter")
    await expect(table.locator('.ag-pinned-left-header [col-id="individual_id"]')).to_be_focused()
    await keys.press("Shift+F10")
    await keys.press("h")
    await keys.press("Enter")
    await expect(heading("individual_id")).to_have_count(0)
    await keys.press("Alt+ArrowDown")
    await expect(menu.get_by_role("menuitemcheckbox", checked=False)).to_have_count(1)
    await menu.get_by_role("menuitem", name="Show all columns").press("Enter")
    await expect(heading("individual_id")).to_be_visible()
    # The focus is back on the heading whose menu it was before anybody moves it on.
    await expect(table.locator(".ag-header-cell:focus")).not_to_have_attribute("col-id", "individual_id")
    await heading("individual_id").focus()
    await keys.press("Alt+ArrowDown")
    await keys.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(heading("individual_id")).to_be_focused()
    await keys.press("Alt+ArrowDown")
    await keys.press("f")
    await keys.press("Enter")
    await expect(there.page.locator(".ag-filter input").first).to_be_focused()
    await keys.type("chin")
    await expect(table.locator('[row-index="0"] [col-id="individual_id"]')).to_have_text("chinstrap_9")
