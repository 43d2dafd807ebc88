"""What other tests do by mouse alone or by keyboard alone, done by each: from the options of figures to looks."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api, stored
from tests.browser.hands import HANDS, Hand, HandName
from tests.browser.resting import saved

pytestmark = pytest.mark.parametrize("name", HANDS)

BILLS = "Bill length and depth"
LOGARITHMIC = """() => {
  const { _fullLayout, _fullData } = document.querySelector('#aside .preview .js-plotly-plot') || {};
  return _fullLayout && _fullLayout.xaxis.type === 'log' && _fullData.some((trace) => trace.mode === 'lines');
}"""


def field(page: Page, label: str) -> Locator:
    return page.locator("#aside").get_by_role("textbox", name=label, exact=True)


async def test_a_figure_has_panels_a_trend_and_a_condition(editor: Visit, name: HandName) -> None:
    """Options of Plotly Express, typed as they are; a condition is checked while it is written."""
    page, hand = editor.page, Hand(editor.page, name)
    await hand.press(page.get_by_role("button", name=f"Edit the tile {BILLS}"))
    await page.locator("#aside .preview .main-svg").first.wait_for()
    names = page.locator("#aside .shelf-column[data-column=individual_id] .shelf-name")
    assert await names.evaluate("(it) => it.scrollWidth <= it.clientWidth"), "two fields leave room for its name"
    await hand.press(page.locator("#aside summary", has_text="More columns and looks"))
    await hand.choose(field(page, "Panels in columns"), "island (text, 3 values)")
    await expect(page.locator("#aside .preview .subplot")).to_have_count(3)
    log = page.get_by_role("switch", name="Logarithmic x")
    await hand.tick(log, page.locator("#aside label", has_text="Logarithmic x"))
    await expect(log).to_be_checked()
    await hand.press(page.locator("#aside summary", has_text="For this kind"))
    await hand.choose(field(page, "Trend line"), "ols")
    await page.wait_for_function(LOGARITHMIC)

    condition = page.locator("#aside").get_by_role("textbox", name="Only rows where")
    await hand.write(condition, "col('body_mass') > 4000")
    await expect(page.locator("#aside .condition-wrong")).to_contain_text("body_mass")
    await hand.write(condition, "col('body_mass_g') > 4000")
    await expect(page.locator("#aside .condition-rows")).to_have_text("172 of 342 rows.")
    await hand.press(page.get_by_role("button", name="Save the tile"))
    await expect(page.locator("#aside")).to_be_hidden()
    await editor.painted()
    tile = (await stored(editor))["tiles"]["bills"]
    assert tile["filter_expr"] == "col('body_mass_g') > 4000"
    assert (tile["log_x"], tile["options"]) == (True, {"facet_col": "island", "trendline": "ols"})


async def test_rows_are_ticked_and_links_copied(demo: Demo, visit: OpenVisit, name: HandName) -> None:
    """Rows narrow the other tiles; the link to the view carries them; back leads to what was before."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    page, hand = there.page, Hand(there.page, name)
    table = there.tile("All penguins")
    for row in (0, 2):
        box = table.locator(f".ag-row[row-index='{row}'] input[type=checkbox]")
        if name == "mouse":
            await box.click()
        else:
            await table.locator(f".ag-row[row-index='{row}'] .ag-cell").first.focus()
            await page.keyboard.press("Space")
        await expect(box).to_be_checked()
    await there.shows("Penguins", 2)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await hand.press(page.get_by_role("button", name="Copy link to this view"))
    await page.wait_for_function("() => navigator.clipboard.readText().then((text) => text === window.location.href)")
    assert "f.rows=" in page.url
    await page.go_back()
    await there.shows("Penguins", 342)


async def test_sections_fold_and_tiles_line_up(editor: Visit, name: HandName) -> None:
    """A section is made, named, folded and unfolded; two chosen tiles come to stand at the left."""
    page, hand = editor.page, Hand(editor.page, name)
    await hand.press(page.get_by_role("button", name="Add a section"))
    await hand.write(page.get_by_role("textbox", name="Name of the section New section"), "Bills")
    await page.keyboard.press("Enter")
    fold = page.get_by_role("button", name="Fold Bills")
    await expect(fold).to_be_focused()
    await hand.press(fold)
    unfold = page.get_by_role("button", name="Unfold Bills")
    await hand.press(unfold)
    await fold.wait_for()
    for title in ("Penguins", "Mean body mass"):
        if name == "mouse":
            await editor.tile(title).locator(".tile-title").click(modifiers=["Control"])
        else:
            await editor.tile(title).locator(".tile-handle").press("Space")
    await expect(page.locator(".picks-count")).to_have_text("2 tiles chosen")
    await hand.press(page.get_by_role("button", name="Line up …"))
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox").select_option("left")
    version = (await stored(editor))["version"]
    await hand.press(dialog.get_by_role("button", name="Line up"))
    await expect(dialog).to_have_count(0)
    await saved(editor, version + 1)
    found = {one["title"]: one["layout"]["x"] for one in (await stored(editor))["tiles"].values()}
    assert (found["Penguins"], found["Mean body mass"]) == (0, 0)


async def test_a_tile_fills_the_window_and_tabs_are_slides(editor: Visit, name: HandName) -> None:
    """There and back by the same button; slides go on by their buttons."""
    page, hand = editor.page, Hand(editor.page, name)
    await hand.press(page.get_by_role("button", name="Add a tab"))
    await hand.write(page.locator(".board-tab-input"), "Details")
    await page.keyboard.press("Enter")
    await page.get_by_role("tab", name="Details").wait_for()
    await saved(editor, 3)
    await hand.press(page.get_by_role("link", name="View", exact=True))
    await page.wait_for_url(re.compile("/dashboards/[0-9a-f]+(\\?|$)"))
    await hand.press(page.get_by_role("tab", name="Main"))
    await editor.painted()
    whole = page.get_by_role("button", name=f"Show {BILLS} on the whole window")
    await hand.press(whole)
    await expect(page).to_have_url(re.compile("tile=bills"))
    await hand.press(whole)
    await expect(page).not_to_have_url(re.compile("tile="))
    await hand.press(page.get_by_role("button", name="Present"))
    await expect(page.locator(".slides-count")).to_have_text("1 of 2")
    await hand.press(page.get_by_role("button", name="Next slide"))
    await expect(page.locator(".slides-title")).to_have_text("Details")
    await hand.press(page.get_by_role("button", name="Previous slide"))
    await expect(page.locator(".slides-count")).to_have_text("1 of 2")
    await hand.press(page.get_by_role("button", name="End the presentation"))
    await expect(page.locator(".slides-bar")).to_have_count(0)


async def test_versions_are_compared_and_restored(editor: Visit, name: HandName) -> None:
    """From the history to the differences, and back to what was."""
    page, hand = editor.page, Hand(editor.page, name)
    await hand.press(page.get_by_role("button", name=f"Delete the tile {BILLS}"))
    await hand.press(page.get_by_role("button", name="Delete", exact=True))
    await expect(editor.tile(BILLS)).to_have_count(0)
    await expect(page.locator("#saved")).to_contain_text("Saved")
    await hand.press(page.get_by_role("link", name="History"))
    await hand.press(page.get_by_role("link", name="Look at version 2"))
    await editor.painted()
    await hand.press(page.get_by_role("link", name="Compare and restore"))
    await expect(page.locator("[data-change=removed]")).to_contain_text(BILLS)
    await hand.press(page.get_by_role("button", name="Restore version 2"))
    await expect(page.locator(".history-entry").first).to_contain_text("restored version 2")
    await hand.press(page.get_by_role("link", name="Edit"))
    await editor.painted()
    await expect(editor.tile(BILLS).locator(".point").first).to_be_visible()


async def test_a_dashboard_is_saved_as_a_file_and_made_of_it(
    editor: Visit, visit: OpenVisit, tmp_path: Path, name: HandName
) -> None:
    """What the file makes has the same tiles; a keyboard pastes the text of the file."""
    before = await stored(editor)
    there = await visit(editor.demo.admin)
    page, hand = there.page, Hand(there.page, name)
    boards = f"/projects/{before['project_id']}/dashboards"
    await there.go(boards)
    await hand.press(page.locator("summary[aria-label='More for Tabs']"))
    async with page.expect_download() as waiting:
        await hand.press(page.get_by_role("link", name="Save as a file (YAML)").and_(page.locator(":visible")))
    path = tmp_path / "board.yaml"
    await (await waiting.value).save_as(path)
    await page.reload()
    await hand.press(page.locator("summary", has_text="Import a dashboard file"))
    if name == "mouse":
        async with page.expect_file_chooser() as choosing:
            await page.get_by_label("Dashboard file (YAML)").click()
        await (await choosing.value).set_files(path)
    else:
        area = page.get_by_label("Or paste its text")
        await area.focus()
        await page.keyboard.insert_text(path.read_text("utf-8"))
    await hand.press(page.get_by_role("button", name="Import", exact=True))
    await page.wait_for_url(re.compile("/dashboards/[0-9a-f]+"))
    await there.painted()
    made = await stored(there)
    assert made["id"] != before["id"]
    assert _without_versions(made) == _without_versions(before)
    await there.go("/projects")
    await api(page, "DELETE", f"/dashboards/{made['id']}")


def _without_versions(dashboard: dict[str, Any]) -> dict[str, Any]:
    tiles = [
        {key: value for key, value in tile.items() if key not in {"id", "version"}}
        for tile in dashboard["tiles"].values()
    ]
    return {"title": dashboard["title"], "tiles": sorted(tiles, key=repr)}


async def test_talk(editor: Visit, name: HandName) -> None:
    """A comment is written, answered, resolved and opened again; notes are written and read."""
    page, hand = editor.page, Hand(editor.page, name)
    await hand.press(page.get_by_role("button", name="Comments on Penguins", exact=True))
    await hand.write(page.get_by_role("combobox", name="Comment", exact=True), "Is this right?")
    await hand.press(page.locator("#talk").get_by_role("button", name="Comment", exact=True))
    await expect(page.locator(".talk-text")).to_have_text("Is this right?")
    await hand.write(page.get_by_role("combobox", name="Answer"), "It is")
    await hand.press(page.get_by_role("button", name="Answer"))
    await expect(page.locator(".talk-text").nth(1)).to_have_text("It is")
    await hand.press(page.get_by_role("button", name="Resolve", exact=True))
    await expect(page.locator(".talk-thread")).to_have_count(0)
    await hand.tick(page.get_by_label("Show resolved"))
    await hand.press(page.get_by_role("button", name="Reopen"))
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_have_count(1)
    await page.keyboard.press("Escape")

    await hand.press(page.get_by_role("button", name="Notes"))
    await hand.press(page.locator("#talk").get_by_role("button", name="Edit"))
    await hand.write(page.get_by_role("textbox", name="Notes"), "# Plan")
    await expect(page.locator("#talk .talk-said")).to_contain_text("Saved")
    await hand.press(page.get_by_role("button", name="Done"))
    await expect(page.locator("#notes-text h1")).to_have_text("Plan")


async def test_looks(demo: Demo, visit: OpenVisit, name: HandName) -> None:
    """Dark, light and as the system has it; a tile that failed is asked for again."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    page, hand = there.page, Hand(there.page, name)
    for label, ground in (("Dark", "dark"), ("Light", "light"), ("System", "light")):
        await hand.press(page.get_by_label("Your account"))
        await hand.press(page.get_by_role("button", name=label, exact=True))
        await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", ground)
        await page.keyboard.press("Escape")
    await page.goto(page.url + "?f.body-mass=" + '[["between",["heavy",null]]]')
    failed = page.locator(".tile-error")
    await expect(failed.first).to_contain_text("This tile cannot be shown.")
    await there.settled()
    async with page.expect_request("**/_answers"):
        await hand.press(failed.first.get_by_role("button", name="Retry"))
    await expect(failed.first).to_be_visible()
    await hand.press(page.get_by_role("button", name="Reset all"))
    await there.shows("Penguins", 342)
