"""Tabs and sections in a real browser: made, named, opened, folded; what is not in sight is not asked for."""

import json
import re
from typing import Any

from playwright.async_api import Page, Request, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, stored
from tests.browser.resting import by_resting_on_the_tab, saved


class Asked:
    """The tiles of which the page has asked the server, in the order of its requests."""

    def __init__(self, page: Page) -> None:
        self.drawn: list[set[str]] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.url.endswith("_answers"):
            body: dict[str, Any] = json.loads(request.post_data or "{}")
            self.drawn.append(set(body["drawn"]))


async def test_a_second_tab_is_made_named_and_opened_by_link(editor: Visit) -> None:
    """Only the tiles of the open tab are asked for; the address and the back button know the tab."""
    page = editor.page
    await page.get_by_role("button", name="Add a tab").click()
    name = page.locator(".board-tab-input")
    await expect(name).to_be_focused()
    await name.fill("Details")
    await name.press("Enter")
    await expect(page.get_by_role("tab", name="Details")).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("tab", name="Details")).to_be_focused()
    await page.get_by_role("button", name="Move to the left").click()
    await expect(page.get_by_role("button", name="Move to the right")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Move to the left")).to_be_focused()
    await expect(page.locator("[data-tile]")).to_have_count(0)
    await expect(page.locator(".board-empty:visible")).to_contain_text("Add a tile to this tab")
    assert [tab["title"] for tab in (await stored(editor))["tabs"]] == ["Main", "Details"]
    assert "tab=new-tab" in page.url

    await page.get_by_role("button", name="Add a tile").click()
    await page.get_by_role("button", name="Card one number").click()
    await page.get_by_role("button", name="Add to the dashboard").click()
    await expect(page.locator("[data-tile]")).to_have_count(1)
    await editor.painted()

    await page.go_back()
    await expect(page.get_by_role("tab", name="Main")).to_have_attribute("aria-selected", "true")
    await expect(page.locator("[data-tile]")).to_have_count(10)
    await editor.painted()

    key = (await stored(editor))["id"]
    await editor.go(f"/dashboards/{key}?tab=new-tab")
    asked = Asked(page)
    await page.reload()
    await editor.painted()
    assert len(asked.drawn[-1]) == 1
    assert all(drawn == asked.drawn[-1] for drawn in asked.drawn)
    await page.get_by_role("tab", name="Details").focus()
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("tab", name="Main")).to_be_focused()
    await editor.painted()
    assert len(asked.drawn[-1]) > 5


async def test_filters_hold_on_every_tab(editor: Visit) -> None:
    """A choice made on one tab narrows what the next one shows."""
    page = editor.page
    await page.get_by_role("button", name="Add a tab").click()
    await page.locator(".board-tab-input").press("Enter")
    await page.get_by_role("tab", name="Main").click()
    await editor.shows("Penguins", 342)
    handle = editor.tile("Penguins").locator(".tile-handle")
    await handle.focus()
    await handle.press("Space")
    await handle.press("m")
    await page.keyboard.press("Enter")
    await page.get_by_label("Tab and section").select_option(label="New tab / without a section")
    await page.get_by_role("button", name="Move", exact=True).click()
    await expect(editor.tile("Penguins")).to_have_count(0)
    await editor.choose("Species", "Gentoo")
    await page.get_by_role("tab", name="New tab").click()
    await editor.shows("Penguins", 123)


async def test_a_folded_section_is_not_asked_for(editor: Visit) -> None:
    """Its tiles are neither drawn nor computed until it is unfolded."""
    page = editor.page
    await page.get_by_role("button", name="Add a section").click()
    name = page.get_by_role("textbox", name="Name of the section New section")
    await expect(name).to_be_focused()
    await expect(name).to_be_in_viewport()
    await page.keyboard.type("Bills")
    await name.press("Enter")
    await expect(page.get_by_role("button", name="Fold Bills")).to_be_focused()
    for title in ("Penguins", "Mean body mass"):
        await editor.tile(title).locator(".tile-title").click(modifiers=["Control"])
    await expect(page.locator(".picks-count")).to_have_text("2 tiles chosen")
    await page.get_by_role("button", name="Move to …").click()
    await page.get_by_label("Tab and section").select_option(label="Bills")
    await page.get_by_role("button", name="Move", exact=True).click()
    section = page.get_by_role("region", name="Bills", exact=True)
    await expect(section.locator("[data-tile]")).to_have_count(2)
    await page.get_by_role("button", name="Edit the section Bills").click()
    await page.get_by_label("Folded when the dashboard is opened").check()
    await page.get_by_label("Description").fill("How heavy they are")
    await page.get_by_role("radio", name="dna").check()
    await page.get_by_role("radio", name="teal").check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(section.locator(".section-description")).to_have_text("How heavy they are")

    asked = Asked(page)
    await page.reload()
    await editor.painted()
    await expect(section.locator("[data-tile]")).to_have_count(0)
    await expect(section.locator(".section-count")).to_have_text("2 tiles")
    found = await stored(editor)
    [kept] = found["grid_sections"]
    assert kept == {
        "name": "Bills", "tab": "", "icon": "dna", "color": "teal", "description": "How heavy they are",
        "collapsed": True, "persistent": False, "pin": "",
    }  # fmt: skip
    inside = {key for key, tile in found["tiles"].items() if tile["section"] == "Bills"}
    assert len(inside) == 2
    assert not any(inside & drawn for drawn in asked.drawn)
    await page.get_by_role("button", name="Unfold Bills").press("Enter")
    await editor.shows("Penguins", 342)
    assert inside <= asked.drawn[-1]


async def test_a_tile_is_dragged_into_another_section_and_onto_a_tab(editor: Visit) -> None:
    """What is under the pointer takes it; the other tiles stay at rest."""
    page = editor.page
    await page.get_by_role("button", name="Add a section").click()
    await page.get_by_role("button", name="Fold New section").wait_for()
    await page.locator(".tile-section[data-section-name='New section']").scroll_into_view_if_needed()
    await page.evaluate("window.scrollTo(0, 0)")
    await page.set_viewport_size({"width": 1440, "height": 2200})
    await editor.settled()
    handle = await editor.tile("Penguins").locator(".tile-handle").bounding_box()
    target = await page.locator(".tile-section[data-section-name='New section']").bounding_box()
    assert handle
    assert target
    await page.mouse.move(handle["x"] + 60, handle["y"] + 10)
    await page.mouse.down()
    for step in range(1, 11):
        x = handle["x"] + 60 + (target["x"] + 60 - handle["x"] - 60) * step / 10
        y = handle["y"] + 10 + (target["y"] + 40 - handle["y"] - 10) * step / 10
        await page.mouse.move(x, y)
    await page.mouse.up()
    section = page.get_by_role("region", name="New section", exact=True)
    await expect(section.locator("[data-tile]")).to_have_count(1)
    await editor.shows("Penguins", 342)
    tiles = (await stored(editor))["tiles"]
    [moved] = [tile for tile in tiles.values() if tile["section"] == "New section"]
    assert moved["title"] == "Penguins"
    assert (moved["layout"]["x"], moved["layout"]["y"]) == (0, 0)

    await page.get_by_role("button", name="Add a tab").click()
    await page.locator(".board-tab-input").press("Enter")
    await page.get_by_role("tab", name="Main").click()
    await editor.painted()
    handle = await editor.tile("Mean body mass").locator(".tile-handle").bounding_box()
    target = await page.get_by_role("tab", name="New tab").bounding_box()
    assert handle
    assert target
    await page.mouse.move(handle["x"] + 60, handle["y"] + 10)
    await page.mouse.down()
    for step in range(1, 11):
        x = handle["x"] + 60 + (target["x"] + 20 - handle["x"] - 60) * step / 10
        y = handle["y"] + 10 + (target["y"] + 10 - handle["y"] - 10) * step / 10
        await page.mouse.move(x, y)
    await page.mouse.up()
    await expect(editor.tile("Mean body mass")).to_have_count(0)
    tiles = (await stored(editor))["tiles"]
    assert [tile["title"] for tile in tiles.values() if tile["tab"] == "new-tab"] == ["Mean body mass"]

    await by_resting_on_the_tab(editor)


async def test_tiles_are_copied_pasted_duplicated_and_deleted_together(editor: Visit) -> None:
    """Ctrl+C and Ctrl+V, on the same dashboard and on one of another project, which lacks the collection."""
    page = editor.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    before = len((await stored(editor))["tiles"])
    for title in ("Penguins", "Mean body mass"):
        await editor.tile(title).locator(".tile-title").click(modifiers=["Shift"])
    await page.keyboard.press("Control+c")
    await page.keyboard.press("Control+v")
    await expect(editor.tile("Penguins")).to_have_count(2)
    await editor.painted()
    await page.get_by_role("button", name="Duplicate", exact=True).click()
    await expect(editor.tile("Penguins")).to_have_count(3)
    tiles = (await stored(editor))["tiles"]
    assert len(tiles) == before + 4
    grid = [one["layout"] for one in tiles.values() if one["component_type"] != "interactive"]
    places = [(box["x"], box["y"]) for box in grid]
    assert len(set(places)) == len(places)

    await page.keyboard.press("Delete")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(editor.tile("Penguins")).to_have_count(2)
    assert len((await stored(editor))["tiles"]) == before + 2

    await editor.tile("Mean body mass").first.locator(".tile-title").click(modifiers=["Control"])
    await page.keyboard.press("Control+c")
    await editor.open_dashboard("Iris")
    await editor.open_editor()
    version = (await stored(editor))["version"]
    await page.locator(".tile-handle").last.focus()
    await page.mouse.move(700, 500)
    await page.mouse.wheel(0, 2000)
    await expect(page.locator("#saved")).not_to_be_in_viewport()
    await page.keyboard.press("Control+v")
    await expect(page.locator("#saved")).to_contain_text("penguins_complete")
    await expect(page.locator(".dp-toast")).to_contain_text("no data collection of this project has that tag")
    assert (await stored(editor))["version"] == version


async def test_tiles_are_lined_up_and_gaps_are_closed(editor: Visit) -> None:
    """By the bar of chosen tiles, and for all of them; clicks alone choose, copy and paste."""
    page = editor.page
    for title in ("Penguins", "Mean body mass"):
        await editor.tile(title).locator(".tile-title").click(modifiers=["Control"])
    await page.get_by_role("button", name="Side by side").click()
    found = {one["title"]: one["layout"] for one in (await saved(editor, 3))["tiles"].values()}
    assert (found["Penguins"]["x"], found["Penguins"]["w"]) == (0, 4)
    assert (found["Mean body mass"]["x"], found["Mean body mass"]["y"]) == (4, found["Penguins"]["y"])
    await page.get_by_role("button", name="Line up …").click()
    await page.get_by_role("dialog").get_by_role("combobox").select_option("left")
    await page.get_by_role("dialog").get_by_role("button", name="Line up").click()
    found = {one["title"]: one["layout"] for one in (await saved(editor, 4))["tiles"].values()}
    assert (found["Penguins"]["x"], found["Mean body mass"]["x"]) == (0, 0)
    await page.keyboard.press("Escape")
    await expect(page.locator(".picks-bar")).to_be_hidden()
    await page.get_by_role("button", name="Close the gaps outside of sections").click()
    found = {one["title"]: one["layout"] for one in (await saved(editor, 5))["tiles"].values()}
    assert (found["About the data"]["x"], found["About the data"]["y"]) == (0, 9)

    choose = page.get_by_role("button", name="Choose several tiles")
    await choose.click()
    for title in ("Penguins", "Mean body mass"):
        await editor.tile(title).locator(".tile-title").click()
    await page.get_by_role("button", name="Copy", exact=True).click()
    await expect(page.locator(".dp-toast")).to_contain_text("2 tiles copied")
    await page.get_by_role("button", name="Choose none").click()
    await expect(choose).to_have_attribute("aria-pressed", "false")
    await page.get_by_role("button", name="Paste 2 tiles").click()
    await expect(editor.tile("Penguins")).to_have_count(2)
    await editor.painted()


async def test_breakpoints_of_a_dashboard_hold_for_its_readers(editor: Visit) -> None:
    """Fewer columns from another width on; the usual widths come back."""
    page = editor.page
    grid = page.locator("#grid")
    await expect(grid).to_have_attribute("data-columns", "8")
    await page.get_by_role("button", name="Columns by width").click()
    await page.get_by_label("8 columns from a width of").fill("2000")
    await page.keyboard.press("Enter")
    await expect(grid).to_have_attribute("data-columns", "6")
    steps = (await stored(editor))["breakpoints"]
    assert steps[0] == {"width": 2000, "columns": 8}
    await page.get_by_role("button", name="Columns by width").click()
    await page.get_by_role("button", name="Back to the usual widths").click()
    await expect(grid).to_have_attribute("data-columns", "8")
    assert (await stored(editor))["breakpoints"] == []


async def test_one_tile_fills_the_window_and_escape_brings_the_board_back(demo: Demo, visit: OpenVisit) -> None:
    """The address says which, so that a link opens it; the focus comes back."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    page = there.page
    button = page.get_by_role("button", name="Show Bill length and depth on the whole window")
    await button.press("Enter")
    await expect(page).to_have_url(re.compile("tile=bills"))
    box = await there.tile("Bill length and depth").bounding_box()
    assert box
    assert box["width"] > 1400
    plot = there.tile("Bill length and depth").locator(".main-svg").first
    await expect(plot).to_have_css("width", re.compile(r"1[34]\d\d"))
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Copy link to this tile").click()
    await expect(page.locator(".tile-link-said")).to_have_text("Link copied")
    assert await page.evaluate("() => navigator.clipboard.readText()") == page.url
    await page.keyboard.press("Escape")
    await expect(page).not_to_have_url(re.compile("tile="))
    await expect(button).to_be_focused()
    await expect(page.get_by_role("button", name="Copy link to this tile")).to_have_count(0)
    await there.go(page.url.removeprefix(demo.address) + "?tile=bills")
    await there.painted()
    assert (await there.tile("Bill length and depth").bounding_box() or {})["width"] > 1400
    await page.go_back()


async def test_tabs_are_slides_and_paper_lists_the_filters(editor: Visit) -> None:
    """Arrow keys go on and back, Escape ends it; paper says what it is narrowed to, and has whole tiles in order."""
    page = editor.page
    await page.get_by_role("button", name="Add a tab").click()
    await page.locator(".board-tab-input").press("Enter")
    await page.get_by_role("tab", name="New tab").wait_for()
    key = (await stored(editor))["id"]
    await editor.go(f'/dashboards/{key}?f.species=[["in",["Gentoo"]]]')
    await editor.painted()
    await page.get_by_role("button", name="Present").click()
    await expect(page.locator(".slides-count")).to_have_text("1 of 2")
    await expect(page.get_by_role("button", name="Next slide")).to_be_focused()
    await expect(page.locator(".panel")).to_be_hidden()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".slides-count")).to_have_text("2 of 2")
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".slides-title")).to_have_text("Main")
    await page.keyboard.press("Escape")
    await expect(page.locator(".slides-bar")).to_have_count(0)
    await expect(page.locator(".panel")).to_be_visible()
    await expect(page.get_by_role("button", name="Present")).to_be_focused()
    await editor.painted()
    await by_the_button(editor)
    await by_the_browser(editor)


SIDES = """(all) => all.map((one) => one.getBoundingClientRect())
  .map(({ x, y, right, bottom }) => [x, y, right, bottom])"""


async def by_the_button(editor: Visit) -> None:
    """*Print* waits until all is as wide as the paper."""
    page = editor.page
    await page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    await page.get_by_role("button", name="Print").click()
    await page.wait_for_function("() => window.printed === 1")
    await page.emulate_media(media="print")
    await expect(page.locator(".print-filters")).to_contain_text("Species")
    await expect(page.locator(".print-filters")).to_contain_text("Gentoo")
    await expect(page.locator(".panel")).to_be_hidden()
    boxes = await page.locator(".tile-section [data-tile]").evaluate_all(SIDES)
    assert len(boxes) == 10
    for one, (x, y, right, bottom) in enumerate(boxes):
        assert bottom - y >= 100
        assert not [other for other in boxes[one + 1 :] if other[0] < right - 1 and x < other[2] - 1
                    and other[1] < bottom - 1 and y < other[3] - 1]  # fmt: skip
    [[left, top, right, bottom]] = await editor.tile("All penguins").evaluate_all(SIDES)
    assert bottom - top >= 400
    heads = await editor.tile("All penguins").locator(".ag-header-cell").evaluate_all(SIDES)
    assert len(heads) == 10
    assert all(left - 1 <= head[0] and head[2] <= right + 1 for head in heads)
    for plot in await page.locator(".tile-graph").evaluate_all(SIDES):
        assert 600 < plot[2] - plot[0] < right - left
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    said = await editor.tile("All penguins").locator(".print-rows").inner_text()
    assert re.fullmatch(r"(3\d|4\d|5\d) of 123 rows are shown here\.", said)

    await page.emulate_media(media="screen")
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))")


async def by_the_browser(editor: Visit) -> None:
    """The menu of a browser does not wait for anything to be drawn anew."""
    page = editor.page
    await expect(page.locator(".print-rows, .print-filters")).to_have_count(0)
    width = "() => document.querySelector('.tile-graph .svg-container').getBoundingClientRect().width"
    await page.wait_for_function(f"() => ({width})() < 600")
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert await page.evaluate(width) > 600
    rows = editor.tile("All penguins")
    whole = await rows.locator(".ag-center-cols-container .ag-row:not(.is-cut)").count()
    await expect(rows.locator(".print-rows")).to_contain_text(f"{whole} of 123 rows")
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    await expect(page.locator(".print-filters")).to_have_count(0)
    # On a phone too, with everything as wide as the paper, and back again.
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.keyboard.press("Control+p")
    await page.wait_for_function("() => window.printed === 2")
    assert await page.evaluate(width) > 600
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    await page.wait_for_function(f"() => ({width})() < 390")
    # Tiles move to their places.
    await page.wait_for_function("() => document.documentElement.scrollWidth === 390")
