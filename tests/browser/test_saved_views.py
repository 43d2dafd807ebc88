"""Saved views in a real browser: saved, opened by link, changed since, defaults, and what is gone."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api, stored

PICTURES = os.environ.get("DEPICTIO_SCREENSHOTS", "")


async def picture(page: Page, name: str) -> None:
    """Kept for who looks at the pages, when the environment names a folder."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def viewer_of(editor: Visit) -> str:
    """The dashboard of the editor in the viewer; returns its id."""
    key: str = (await stored(editor))["id"]
    await editor.go(f"/dashboards/{key}")
    await editor.painted()
    return key


def query(page: Page) -> str:
    return page.url.partition("?")[2]


async def test_a_view_is_saved_opened_changed_and_left(editor: Visit) -> None:
    """By mouse: the address is the name of the view, then all of the state; reset and update bring the name back."""
    page = editor.page
    key = await viewer_of(editor)
    line = page.locator("#view-line")
    await editor.choose("Species", "Gentoo")
    await editor.shows("Penguins", 123)
    await page.get_by_role("button", name="Views").click()
    await expect(page.get_by_text("No views yet.")).to_be_visible()
    await page.get_by_role("button", name="Save this view").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Only Gentoo")
    await dialog.get_by_label("Shared with everybody").check()
    await picture(page, "view-dialog")
    await dialog.get_by_role("button", name="Save").click()
    await expect(line.locator(".view-name")).to_contain_text("Only Gentoo")
    assert query(page) == "view=Only+Gentoo"

    await editor.choose("Species", "Adelie")
    await editor.shows("Penguins", 274)
    await expect(line.get_by_text("changed since")).to_be_visible()
    assert query(page) == "view=Only+Gentoo&f.species=Gentoo,Adelie"
    await picture(page, "view-changed")
    await line.get_by_role("button", name="Reset").click()
    await editor.shows("Penguins", 123)
    assert query(page) == "view=Only+Gentoo"
    await expect(line.get_by_text("changed since")).to_have_count(0)
    await page.go_back()
    await editor.shows("Penguins", 274)
    await line.get_by_role("button", name="Update").click()
    await expect(line.get_by_text("changed since")).to_have_count(0)
    found = await api(page, "GET", f"/dashboards/{key}/views/only%20gentoo")
    assert found["state"]["filters"] == {"species": [["in", ["Gentoo", "Adelie"]]]}

    await page.locator(".chips").get_by_role("button", name="Remove the filter Species: Gentoo, Adelie").click()
    await editor.shows("Penguins", 342)
    assert query(page) == "view=Only+Gentoo&f=none"
    await page.reload()
    await editor.shows("Penguins", 342)
    await expect(line.get_by_text("changed since")).to_be_visible()
    await line.get_by_role("button", name="Leave the view").click()
    await expect(line.locator("button")).to_have_count(0)
    assert query(page) == ""
    await editor.go(f"/dashboards/{key}?view=only gentoo")
    await editor.shows("Penguins", 274)


async def test_the_keyboard_saves_chooses_and_deletes_views(editor: Visit) -> None:
    """Arrows walk along the menu, Escape closes it, and the focus comes back to the button."""
    page = editor.page
    key = await viewer_of(editor)
    for name, species in (("A", "Adelie"), ("B", "Gentoo")):
        state = {"filters": {"species": [["in", [species]]]}}
        await api(page, "POST", f"/dashboards/{key}/views", {"name": name, "state": state})
    opener = page.get_by_role("button", name="Views")
    await opener.focus()
    await page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Saved views")
    await expect(menu.get_by_role("button", name="A only you")).to_be_visible()
    await picture(page, "view-menu")
    await page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await menu.get_by_role("button", name="A only you").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await editor.shows("Penguins", 123)
    assert query(page) == "view=B"
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(menu.locator("[aria-current=true]")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Change the view B")).to_be_focused()
    await page.keyboard.press("Enter")
    field = page.get_by_role("dialog").get_by_label("Name")
    await expect(field).to_be_focused()
    await field.fill("A")
    editor.expected_statuses.add(409)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="of that name already")).to_be_visible()
    await field.fill("Gentoo & co")
    await page.keyboard.press("Enter")
    await expect(page.locator("#view-line .view-name")).to_contain_text("Gentoo & co")
    assert query(page) == "view=Gentoo+%26+co"
    await opener.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Change the view Gentoo & co").press("Enter")
    await page.get_by_role("dialog", name="View Gentoo & co").get_by_role("button", name="Delete").press("Enter")
    await page.get_by_role("dialog", name="Delete the view").get_by_role("button", name="Delete").press("Enter")
    await expect(page.locator("#view-line .view-name")).to_have_count(0)
    assert query(page) == "f.species=Gentoo"
    found = await api(page, "GET", f"/dashboards/{key}/views")
    assert [view["name"] for view in found["views"]] == ["A"]


async def test_a_default_view_opens_and_what_is_gone_is_said(editor: Visit, demo: Demo, visit: OpenVisit) -> None:
    """A link without filters means the default view; a deleted filter and an unknown view are named, not dropped."""
    page = editor.page
    key = await viewer_of(editor)
    state = {"filters": {"species": [["in", ["Gentoo"]]], "body-mass": [["between", [4000, None]]]}}
    made = await api(page, "POST", f"/dashboards/{key}/views", {"name": "Heavy", "state": state, "shared": True})
    await api(page, "PUT", f"/dashboards/{key}/default-view", {"view_id": made["id"]})
    await editor.go(f"/dashboards/{key}")
    await expect(page.locator("#view-line .view-name")).to_contain_text("Heavy")
    await expect(page.locator("[data-chip]")).to_have_count(2)
    assert query(page) == "view=Heavy"
    await page.get_by_role("button", name="Leave the view").click()
    await editor.shows("Penguins", 342)
    assert query(page) == "f=none"
    await page.reload()
    await editor.shows("Penguins", 342)

    await api(page, "DELETE", f"/dashboards/{key}/tiles/body-mass")
    other = await visit(demo.admin, size=(390, 844))
    await other.go(f"/dashboards/{key}")
    gone = other.page.get_by_role("alert").filter(has_text="no longer has")
    await expect(gone).to_contain_text("the filter “Body mass (g)”")
    await expect(other.tile("Penguins").locator(".tile-number-value")).to_have_count(0)
    await picture(other.page, "view-gone")
    await gone.get_by_role("button", name="Show what is left").click()
    await other.shows("Penguins", 123)
    await other.page.locator("#view-line").get_by_role("button", name="Update").click()
    await expect(other.page.locator("#view-line").get_by_text("The view is updated.")).to_be_visible()
    assert query(other.page) == "view=Heavy"
    await expect(gone).to_have_count(0)

    await other.go(f"/dashboards/{key}?view=Light")
    lost = other.page.get_by_role("alert").filter(has_text="has no view 'Light'")
    await expect(lost).to_be_visible()
    said = "No rows are shown, for the view that the link names cannot be opened."
    await expect(other.page.locator("#board-failure")).to_have_text(said)
    await expect(other.page.locator("[data-chip]")).to_have_count(0)
    await expect(other.tile("Penguins").locator(".tile-number-value")).to_have_count(0)
    await other.page.get_by_role("button", name="Show the dashboard without it").click()
    await other.shows("Penguins", 342)
    await expect(lost).to_have_count(0)
