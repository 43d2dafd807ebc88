"""The builder in Chromium: from columns to a tile by mouse, by keyboard alone, and by finger."""

import asyncio
import re

from playwright.async_api import Locator, Page, Route, expect

from dash_views import ids
from tests.browser.conftest import OpenVisit
from tests.browser.demo import CALLBACKS, Demo, Visit, stored

PREVIEW = "#aside .preview .main-svg"


def column(page: Page, name: str) -> str:
    return f'#aside .shelf-column[data-column="{name}"]'


async def titles(page: Page) -> list[str]:
    """What the axes of the preview are called."""
    await page.locator(PREVIEW).first.wait_for()
    return await page.locator("#aside .preview").locator(".xtitle, .ytitle").all_inner_texts()


async def with_others_on_their_way(page: Page) -> tuple[Locator, asyncio.Event]:
    """The suggested histogram of a column; what is suggested for two columns comes when the event is set."""
    await page.get_by_role("button", name="Add a tile").click()
    await page.locator(column(page, "flipper_length_mm")).click()
    histogram = page.get_by_role("button", name=re.compile("^Histogram .*flipper_length_mm"))
    await histogram.wait_for()
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        asked = route.request.post_data or ""
        if f'"id":"{ids.PICKED}","property":"data","value"' in asked and "body_mass_g" in asked:
            await may_come.wait()
        await route.continue_()

    await page.route(CALLBACKS, hold)
    await page.locator(column(page, "body_mass_g")).click()
    return histogram, may_come


async def test_a_press_counts_while_other_suggestions_are_on_their_way(editor: Visit) -> None:
    """The button is drawn anew meanwhile; what it stood for when it was pressed is opened."""
    page = editor.page
    histogram, may_come = await with_others_on_their_way(page)
    await histogram.dispatch_event("click")
    await page.wait_for_timeout(500)  # A callback that waited for the suggestions would still wait.
    may_come.set()
    await expect(page.locator("#aside .preview .xtitle")).to_have_text("Flipper length (mm)")
    await page.unroute(CALLBACKS)


async def test_a_press_counts_though_others_are_suggested_between_its_halves(editor: Visit) -> None:
    """What stands under the pointer when it is let go is another suggestion, or none."""
    page = editor.page
    histogram, may_come = await with_others_on_their_way(page)
    await histogram.hover()
    await page.mouse.down()
    may_come.set()
    await page.get_by_role("button", name=re.compile("^Scatter two numbers: flipper")).wait_for()
    await page.mouse.up()
    await expect(page.locator("#aside .preview .xtitle")).to_have_text("Flipper length (mm)")
    await expect(page.locator("#aside .aside-title")).to_have_text("Histogram")
    await page.unroute(CALLBACKS)


PARTS_AT_PREVIEWS = """() => {
  window.atPreviews = [];
  document.addEventListener('depictio:painted', ({ detail }) => {
    if (detail === 'preview') window.atPreviews.push(document.querySelectorAll('#aside .form-fields').length);
  });
}"""


async def test_the_preview_comes_before_the_fields(editor: Visit) -> None:
    """Of a suggestion, and of another kind; the fields, the columns and what they are on come at once after it."""
    page = editor.page
    await page.evaluate(PARTS_AT_PREVIEWS)
    await page.get_by_role("button", name="Add a tile").click()
    await page.locator("#aside .offer", has_text="Scatter").first.click()
    await expect(page.locator("#aside .shelf-role", has_text="X")).to_have_count(1)
    await expect(page.locator("#aside .form-fields").get_by_role("textbox", name="X", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Other kind than Scatter").click()
    await page.locator("#aside .gallery-entry", has_text="Histogram").click()
    await expect(page.locator("#aside .form-fields").get_by_role("textbox", name="X", exact=True)).to_be_visible()
    assert await page.evaluate("window.atPreviews") == [0, 0]


async def test_a_form_for_another_table_keeps_the_keys_where_they_are(editor: Visit) -> None:
    """Its fields come after the preview; the one that was used has the focus again."""
    page, data = editor.page, editor.page.locator(".form-fields").get_by_role("textbox", name="Data", exact=True)
    await page.get_by_role("button", name="Add a tile").click()
    await page.locator("#aside .gallery-entry", has_text="Box").first.click()
    await data.focus()
    await page.keyboard.press("ArrowDown")
    await page.get_by_role("option", name=re.compile("^physical_features")).click()
    await expect(data).to_have_value(re.compile("^physical_features"))
    await expect(page.locator(column(page, "bill_length_mm"))).to_be_visible()
    await expect(page.locator(column(page, "sex"))).to_have_count(0)
    await expect(data).to_be_focused()


async def test_fields_that_mean_nothing_are_hidden_in_the_next_form_too(editor: Visit) -> None:
    """They come after the preview; what another form held before says nothing of them."""
    page, aside = editor.page, editor.page.locator("#aside")
    below, limit = (aside.get_by_role("textbox", name=name, exact=True) for name in ("Below the number", "Limit"))
    await page.get_by_role("button", name="Edit the tile Penguins", exact=True).click()
    await below.click()
    await page.get_by_role("option", name="threshold", exact=True).click()
    await expect(limit).to_be_visible()
    await page.get_by_role("button", name="Close the panel").click()
    await page.get_by_role("button", name="Edit the tile Mean body mass", exact=True).click()
    await expect(below).to_be_visible()
    await expect(below).not_to_have_value("threshold")
    await expect(limit).to_be_hidden()


async def test_a_tile_is_built_by_mouse_from_its_columns(editor: Visit) -> None:
    """Columns chosen, a suggestion pressed, a column dragged onto a field, another kind, and room on the board."""
    page = editor.page
    await page.get_by_role("button", name="Add a tile").click()
    for name in ("flipper_length_mm", "body_mass_g"):
        await page.locator(column(page, name)).click()
        await expect(page.locator(column(page, name))).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(column(page, "body_mass_g")).locator(".shelf-picture")).to_be_visible()
    await expect(page.locator("#aside .offer")).to_have_count(3)
    await page.get_by_role("button", name=re.compile("^Scatter two numbers: flipper")).click()
    await expect(page.locator("#aside .preview .xtitle")).to_have_text("Flipper length (mm)")
    await expect(page.locator(column(page, "body_mass_g")).locator(".shelf-role")).to_have_text("Y")

    source = await page.locator(column(page, "bill_depth_mm")).bounding_box()
    role = await page.locator('#aside .role[data-role="x"]').bounding_box()
    assert source
    assert role
    await page.mouse.move(source["x"] + 40, source["y"] + 12)
    await page.mouse.down()
    await page.mouse.move(source["x"] + 80, source["y"] + 30)
    await expect(page.locator('#aside .role[data-role="size"]')).to_have_class(re.compile("is-open"))
    await page.mouse.move(role["x"] + 60, role["y"] + 30)
    await expect(page.locator('#aside .role[data-role="x"]')).to_have_class(re.compile("is-over"))
    await page.mouse.up()
    await expect(page.locator("#aside .preview .xtitle")).to_have_text("Bill depth (mm)")

    await page.get_by_role("button", name="Other kind than Scatter").click()
    await page.get_by_role("searchbox", name="Search the kinds of tile").fill("quartile")
    await expect(page.locator("#aside .gallery-entry:visible")).to_have_count(1)
    await page.locator("#aside .gallery-entry:visible").click()
    await expect(page.locator("#aside .kind-dropped")).to_have_text("bill_depth_mm (X) has no place in: Box")
    await expect(page.locator("#aside .preview .ytitle")).to_have_text("Body mass (g)")
    await page.get_by_role("button", name="Add to the dashboard").click()
    place = page.get_by_role("group", name="Place of the tile body_mass_g by island")
    await expect(place).to_be_in_viewport()
    await expect(place).to_be_focused()
    await editor.go("/dashboards")


async def test_a_tile_is_built_with_the_keyboard_alone(editor: Visit) -> None:
    """Search, Enter, a column put onto a field through the list of its fields; a wrong one is said at the field."""
    page = editor.page
    await page.get_by_role("button", name="Add a tile").focus()
    await page.keyboard.press("Enter")
    await page.locator("#aside .shelf-column").first.wait_for()
    await page.get_by_role("searchbox", name="Search the kinds of tile").focus()
    await page.keyboard.type("histo")
    await page.keyboard.press("Enter")
    await page.locator(PREVIEW).first.wait_for()
    first = page.locator("#aside .shelf-column").first
    await first.focus()
    while await page.evaluate("document.activeElement.dataset.column") != "flipper_length_mm":
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    menu = page.get_by_role("menu", name="Put flipper_length_mm onto")
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(page.locator("#aside")).to_be_visible()
    await expect(page.locator(column(page, "flipper_length_mm"))).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator("#aside .preview .xtitle")).to_have_text("Flipper length (mm)")
    await expect(page.locator("#builder-said")).to_have_text("flipper_length_mm is now on X.")
    bins = page.get_by_role("textbox", name="Bins")
    await bins.fill("9000")
    await expect(page.locator("#aside").get_by_text("is 9000; must be 1 to 5000").first).to_be_visible()
    await expect(bins).to_have_attribute("aria-invalid", "true")
    await bins.fill("9")
    await expect(bins).not_to_have_attribute("aria-invalid", "true")
    await makes_a_table_by_keys(editor)


async def makes_a_table_by_keys(there: Visit) -> None:
    """Of the same panel: readers may not sort it, and it is fetched by fifty rows."""
    page = there.page
    await page.get_by_role("button", name="Other kind than Histogram").press("Enter")
    await page.get_by_role("searchbox", name="Search the kinds of tile").press_sequentially("table")
    await page.keyboard.press("Enter")
    headings = page.locator("#aside .preview").get_by_role("columnheader")
    await expect(headings.first).to_have_class(re.compile("ag-header-cell-sortable"))
    sorts = page.get_by_role("switch", name="Readers may sort")
    await sorts.press("Space")
    await expect(sorts).not_to_be_checked()
    await expect(headings.first).not_to_have_class(re.compile("ag-header-cell-sortable"))
    rows = page.get_by_role("textbox", name="Rows fetched at a time")
    await rows.fill("2000")
    await expect(page.locator("#aside").get_by_text("is 2000; must be 1 to 1000").first).to_be_visible()
    await rows.fill("50")
    await expect(rows).not_to_have_attribute("aria-invalid", "true")
    await page.get_by_role("button", name="Add to the dashboard").press("Enter")
    place = page.get_by_role("group", name="Place of the tile Table")
    await expect(place).to_be_focused()
    tiles = (await stored(there))["tiles"]
    made = next(one for one in tiles.values() if one["component_type"] == "table" and not one["title"])
    assert (made["sortable"], made["filterable"], made["page_size"]) == (False, True, 50)


async def test_on_a_phone_a_column_is_put_onto_a_field_by_touch(demo: Demo, visit: OpenVisit, editor: Visit) -> None:
    """A tap lists its fields; the panel is a sheet over the whole window, and what is pressed there is large."""
    there = await visit(demo.admin, size=(390, 844), has_touch=True)
    await there.go(editor.page.url.removeprefix(demo.address))
    await there.painted()
    page = there.page
    await page.get_by_role("button", name="Add a tile").tap()
    await page.locator("#aside .offer").first.tap()
    await page.locator(PREVIEW).first.wait_for()
    assert await page.locator("#aside").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    await page.locator(column(page, "species")).tap()
    for pressed in ("#aside .shelf-menu-item", "#aside-close", "#aside .aside-foot .dp-button"):
        box = await page.locator(pressed).first.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    await page.get_by_role("menuitem", name="Colour").tap()
    await expect(page.locator("#aside .preview .legendtext")).to_have_text(["Adelie", "Chinstrap", "Gentoo"])
    assert await overhang(page) == [0, 0]
    await page.get_by_role("button", name="Other kind than Scatter").tap()
    await page.get_by_role("searchbox", name="Search the kinds of tile").fill("table")
    await page.locator("#aside .gallery-entry:visible").tap()
    await expect(page.get_by_role("button", name="Other kind than Table")).to_be_visible()
    await page.locator(column(page, "flipper_length_mm")).tap()
    await page.get_by_role("menuitem", name="Columns").tap()
    chosen = page.locator("#aside .form-fields .mantine-Pill-root", has_text="flipper_length_mm")
    await expect(chosen).to_have_text("flipper_length_mm (number, 55 values)")
    assert await overhang(page) == [0, 0]
    await page.get_by_role("button", name="Close the panel").tap()
    await names_beside_one_button(there)


async def overhang(page: Page) -> list[int]:
    """By how much the page and the panel are wider than what is seen of them."""
    script = """() => [document.documentElement, document.querySelector('.aside-body')]
      .map((one) => one.scrollWidth - one.clientWidth)"""
    found: list[int] = await page.evaluate(script)
    return found


async def names_beside_one_button(there: Visit) -> None:
    """Where a tile's heading has no room for its buttons, one of them opens a menu of the others, by keys too."""
    page = there.page
    more = page.get_by_role("button", name="More of Mean body mass")
    box = await more.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    head = there.tile("Mean body mass").locator(".tile-head")
    assert await head.locator("button:visible").count() == 1
    assert (await head.bounding_box() or {})["height"] <= 28
    assert await head.locator(".tile-title").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    await more.tap()
    entries = there.tile("Mean body mass").locator(".tile-tools button:visible")
    sizes = await entries.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().height)")
    assert len(sizes) == 6
    assert min(sizes) >= 44
    pictures = await entries.locator(".dp-icon").evaluate_all("(all) => all.map((a) => a.getBoundingClientRect().x)")
    assert len(set(pictures)) == 1
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("tile=mean-mass"))
    await page.get_by_role("button", name="Show Mean body mass on the whole window").tap()
    await expect(page).not_to_have_url(re.compile("tile="))
    await expect(more).to_be_focused()
