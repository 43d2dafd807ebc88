"""The board on a phone: one line of buttons and a menu for the others, by touch and by keyboard; open tabs in sight."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.demo import Visit, api, stored

LINES = """(all) => new Set(all.map((one) => one.getBoundingClientRect())
  .filter(({ width }) => width).map(({ y, height }) => Math.round((y + height / 2) / 8))).size"""
INSIDE = """(one) => {
  const [frame, box] = [one.parentElement, one].map((element) => element.getBoundingClientRect());
  return frame.left <= box.left + 1 && box.right <= frame.right + 1;
}"""


async def lines(page: Page, where: str = ".bar-actions > *") -> int:
    """In how many lines the buttons of the board stand."""
    found: int = await page.locator(where).evaluate_all(LINES)
    return found


async def is_inside(tab: Locator) -> bool:
    """Whether a tab lies within the strip that holds it."""
    await tab.wait_for()
    found: bool = await tab.evaluate(INSIDE)
    return found


async def test_a_phone_has_one_line_of_buttons_and_a_menu(editor: Visit) -> None:
    """All of the menu is reached by keys, which come back to its button; the open tab is in its strip."""
    page = editor.page
    found = await stored(editor)
    tabs = [{"id": f"t{number}", "title": f"Measurement {number}"} for number in range(1, 8)]
    content = {key: found[key] for key in ("version", "title", "tiles")}
    await api(page, "PUT", f"/dashboards/{found['id']}", {**content, "tabs": tabs})
    menu = page.get_by_role("button", name="More of this dashboard")
    await expect(menu).to_be_hidden()
    await page.set_viewport_size({"width": 320, "height": 700})
    for path in ("edit", ""):
        await editor.go(f"/dashboards/{found['id']}/{path}".rstrip("/") + "?tab=t6")
        assert await is_inside(page.locator(".board-tab.is-open"))
        assert await lines(page) == 1
        await menu.press("Enter")
        await expect(page.get_by_role("button", name="Add a tab" if path else "Present")).to_be_focused()
        await page.keyboard.press("End")
        await expect(page.get_by_role("button", name="PDF")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(menu).to_be_focused()
        await expect(menu).to_have_attribute("aria-expanded", "false")
        await expect(page.get_by_role("button", name="PDF")).to_be_hidden()
        for name, opened in (("Views", page.locator(".views-panel")), ("Notes", page.locator("#talk"))):
            await menu.click()
            await page.get_by_role("button", name=name, exact=True).press("Enter")
            await expect(opened).to_be_visible()
            await expect(page.get_by_role("button", name=name, exact=True)).to_be_hidden()
            await opened.locator(":focus").press("Escape")
            await expect(menu).to_be_focused()
    await page.keyboard.press("Tab")
    await page.get_by_role("tab", name="Measurement 6").press("Home")
    await expect(page.get_by_role("tab", name="Measurement 1")).to_be_focused()
    assert await is_inside(page.locator(".board-tab.is-open"))
    await editor.go(f"/dashboards/{found['id']}/edit")
    await page.locator(".tile-handle").first.press("Space")
    await expect(page.get_by_role("button", name="Side by side")).to_be_visible()
    assert await lines(page, ".picks-bar .dp-button") == 1
    await menu.click()
    await page.get_by_role("link", name="History").click()
    await page.wait_for_url(re.compile("/history"))
    await editor.go("/admin/state")
    assert await is_inside(page.locator(".dp-tab[aria-current]"))
