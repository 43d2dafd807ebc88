"""The line of active filters, links that can be read and copied, and the browser's back button, in a real browser."""

from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo

HELD = """async (thumb) => {
  for (let step = 0; step < 12; step += 1) {
    thumb.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
}"""
"""A key that is held: a step a frame, however busy the machine is."""


def query(url: str) -> str:
    """What the address says after the question mark."""
    return url.partition("?")[2]


async def test_active_filters_are_named_and_removed_one_by_one_and_all_at_once(demo: Demo, visit: OpenVisit) -> None:
    """By mouse: each chip says what it does, and the number of rows follows."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    chips = there.page.locator(".chips")
    await there.choose("Species", "Gentoo", "Adelie")
    await expect(chips.locator(".chip").first).to_contain_text("Species: Gentoo, Adelie")
    assert query(there.page.url) == "f.species=Gentoo,Adelie"
    await there.page.goto(there.page.url + "&f.body-mass=4000..")
    await expect(chips.locator("[data-chip]")).to_have_count(2)
    await expect(chips.get_by_role("button", name="Remove the filter Body mass (g): ≥ 4000")).to_be_visible()
    await chips.get_by_role("button", name="Remove the filter Species: Gentoo, Adelie").click()
    await expect(chips.locator("[data-chip]")).to_have_count(1)
    assert query(there.page.url) == "f.body-mass=4000.."
    await there.choose("Species", "Gentoo")
    await chips.get_by_role("button", name="Clear all").click()
    await expect(chips.locator("button")).to_have_count(0)
    await there.shows("Penguins", 342)
    assert query(there.page.url) == ""


async def test_the_keyboard_walks_along_the_chips_and_removes_them(demo: Demo, visit: OpenVisit) -> None:
    """Arrows move the focus, Delete takes a filter away, and the focus stays in the line."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.page.goto(there.page.url + "?f.body-mass=4000..&f.species=Gentoo")
    chips = there.page.locator(".chips")
    await expect(chips.locator("[data-chip]")).to_have_count(2)
    await chips.locator("[data-chip=body-mass]").focus()
    await there.page.keyboard.press("ArrowRight")
    await expect(chips.locator("[data-chip=species]")).to_be_focused()
    await there.page.keyboard.press("Delete")
    await expect(chips.locator("[data-chip]")).to_have_count(1)
    await expect(chips.locator("[data-chip=body-mass]")).to_be_focused()
    await there.page.keyboard.press("Enter")
    await expect(chips.locator("[data-chip]")).to_have_count(0)
    await there.shows("Penguins", 342)


async def test_the_back_button_undoes_a_change_of_filters(demo: Demo, visit: OpenVisit) -> None:
    """Back and forward go through the states, controls and numbers follow, and the first entry has no filter."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    await there.page.wait_for_timeout(1100)
    await there.choose("Species", "Adelie")
    await there.shows("Penguins", 274)
    await there.page.go_back()
    await there.shows("Penguins", 123)
    assert query(there.page.url) == "f.species=Gentoo"
    await expect(there.page.locator(".chip").first).to_contain_text("Species: Gentoo")
    await there.page.go_back()
    await there.shows("Penguins", 342)
    await there.page.go_forward()
    await there.page.go_forward()
    await there.shows("Penguins", 274)
    assert query(there.page.url) == "f.species=Gentoo,Adelie"


async def test_a_drag_of_a_slider_is_one_entry(demo: Demo, visit: OpenVisit) -> None:
    """However many steps it has; a key that is held, too."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    before = await there.page.evaluate("history.length")
    thumb = there.page.get_by_role("slider", name="Body mass (g) from")
    await thumb.focus()
    await thumb.evaluate(HELD)
    await expect(there.page.locator("[data-chip=body-mass]")).to_be_visible()
    await there.page.wait_for_timeout(300)
    assert await there.page.evaluate("history.length") == before + 1
    await there.page.go_back()
    await there.shows("Penguins", 342)
    await expect(thumb).to_have_attribute("aria-valuenow", "2700")


async def test_the_link_of_the_view_is_copied(demo: Demo, visit: OpenVisit) -> None:
    """Opened by somebody else it shows the same rows."""
    there = await visit(demo.admin, permissions=["clipboard-read", "clipboard-write"])
    await there.open_dashboard("Palmer penguins")
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    await there.page.get_by_role("button", name="Copy link to this view").click()
    await expect(there.page.get_by_text("Link copied")).to_be_visible()
    link = await there.page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("?f.species=Gentoo")
    other = await visit(demo.admin)
    await other.page.goto(link)
    await other.shows("Penguins", 123)


async def test_a_link_that_was_cut_off_says_what_cannot_be_read(demo: Demo, visit: OpenVisit) -> None:
    """No rows are shown for it; what is left of it is a button away, and a tab or tile that is gone is said too."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    board, said = there.page.url, there.page.locator("#board-failure")
    without = said.get_by_role("button", name="Show the dashboard without it")
    for broken, words in (
        ('f.bills=[["in",["adelie', "What this link says of “Bill length and depth” cannot be read"),
        ("f.gone=Gentoo", "This link filters by a tile that the dashboard does not have any more."),
    ):
        await there.page.goto(f"{board}?{broken}&f.species=Gentoo")
        await expect(said).to_contain_text(words)
        await expect(there.tile("Penguins").locator(".tile-number")).to_be_empty()
        await expect(said.get_by_role("button")).to_have_count(1)
        await without.press("Enter")
        await there.shows("Penguins", 123)
        assert query(there.page.url) == "f.species=Gentoo"
        await expect(said).to_be_empty()
    for gone, words in (("tab=gone", "The first tab is shown."), ("tile=gone", "The board is shown.")):
        await there.page.goto(f"{board}?{gone}")
        await expect(said).to_contain_text(words)
        await there.shows("Penguins", 342)
