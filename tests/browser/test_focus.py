"""Where the keyboard goes on when an answer takes away what had the focus."""

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, api

HELD = "() => document.activeElement.id"


async def test_who_duplicates_by_keyboard_goes_on_among_the_dashboards(demo: Demo, visit: OpenVisit) -> None:
    """The menu that had the focus is drawn anew; the next Tab is at the first link of the list."""
    there = await visit(demo.admin)
    page = there.page
    project = await api(page, "POST", "/projects", {"name": "Of focus"})
    await api(page, "POST", f"/projects/{project['id']}/dashboards", {"title": "Twice"})
    await there.go(f"/projects/{project['id']}/dashboards")
    await page.get_by_label("More for Twice", exact=True).press("Enter")
    await page.get_by_role("button", name="Duplicate").press("Enter")
    await page.get_by_label("More for Twice (copy)", exact=True).wait_for()
    await page.wait_for_function("() => document.activeElement !== document.body")
    assert await page.evaluate(HELD) == "dashboards"
    await page.keyboard.press("Tab")
    assert await page.evaluate("() => document.getElementById('dashboards').contains(document.activeElement)")
