"""Clicks on bars, bins and boxes: they narrow the other tiles, with Ctrl they add, and the keyboard can do the same."""

from urllib.parse import unquote

from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit


async def click_mark(there: Visit, tile: str, number: int, *modifiers: str) -> None:
    """Click on the middle of a bar, a bin or a box, counted in the order in which they are drawn."""
    marks = there.page.locator(f'[data-figure="{tile}"] .bars .point path, [data-figure="{tile}"] path.box')
    await marks.nth(number).scroll_into_view_if_needed()
    box = await marks.nth(number).bounding_box()
    assert box
    for one in modifiers:
        await there.page.keyboard.down(one)
    await there.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await there.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for one in modifiers:
        await there.page.keyboard.up(one)


async def test_a_click_on_a_bar_narrows_to_its_colour_and_ctrl_adds(demo: Demo, visit: OpenVisit) -> None:
    """The tile itself keeps its bars; a click on what alone is picked takes it back; a box picks several at once."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    before = await there.figure("by-island")
    await click_mark(there, "by-island", 0)
    chip = there.page.locator("[data-chip=by-island]")
    await expect(chip).to_be_visible()
    assert await chip.locator(".chip-text").inner_text() == "island Biscoe, species Adelie"
    await there.shows("Penguins", 44)
    assert unquote(there.page.url).endswith("f.by-island=mark:Biscoe*Adelie")
    await there.page.get_by_role("textbox", name="Species").click()
    await expect(there.page.get_by_role("option").first).to_have_text("Adelie (44)")
    await there.page.keyboard.press("Escape")
    assert [trace["y"] for trace in await there.figure("by-island")] == [trace["y"] for trace in before]
    await click_mark(there, "by-island", 3, "Control")
    await expect(chip).to_contain_text("island Biscoe, species Adelie; island Dream, species Chinstrap")
    await there.shows("Penguins", 112)
    await chip.click()
    await there.shows("Penguins", 342)
    plot = there.page.locator('[data-figure="by-island"]')
    await plot.hover()
    await plot.locator('[data-title="Box Select"]').click()
    area = await plot.locator(".nsewdrag").bounding_box()
    assert area
    right, bottom = area["x"] + area["width"], area["y"] + area["height"]
    await there.page.mouse.move(area["x"] + 2, area["y"] + 2)
    await there.page.mouse.down()
    await there.page.mouse.move(right - 2, bottom - 2, steps=4)
    await there.page.mouse.up()
    await expect(chip).to_contain_text("; + 2")
    await there.shows("Penguins", 342)
    await there.page.wait_for_function("() => decodeURIComponent(location.href).split('*').length === 6")
    await there.choose("Species", "Adelie")  # Another figure of the same tile leaves what is picked there.
    await there.shows("Penguins", 151)
    await expect(chip).to_contain_text("; + 2")
    await there.page.locator("[data-chip=species]").click()
    await there.shows("Penguins", 342)
    await expect(chip).to_contain_text("; + 2")
    await click_mark(there, "by-island", 0)
    await there.shows("Penguins", 44)
    await click_mark(there, "by-island", 0)
    await there.shows("Penguins", 342)


async def test_a_click_on_a_bin_leaves_the_rows_that_it_counts(demo: Demo, visit: OpenVisit) -> None:
    """The number of rows is the height of the bar that stands in that bin, which is one of three colours."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    traces = await there.figure("flippers")
    await click_mark(there, "flippers", 3)
    await expect(there.page.locator("[data-chip=flippers]")).to_be_visible()
    await there.settled()
    found = await there.number("Penguins")
    assert found == traces[0]["y"][3]  # type: ignore[index]
    assert 0 < found < 342


async def test_the_keyboard_picks_marks_too(demo: Demo, visit: OpenVisit) -> None:
    """Arrows go from mark to mark and say what it is; Enter picks it and takes it back; links pick marks as well."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    plot = there.page.locator('.tile-figure[data-figure="by-island"]')
    await plot.focus()
    await there.page.keyboard.press("ArrowRight")
    await expect(plot.get_by_role("status")).to_contain_text("Biscoe")
    await there.page.keyboard.press("Enter")
    await there.shows("Penguins", 44)
    await there.page.keyboard.press("ArrowRight")
    await expect(plot.get_by_role("status")).to_contain_text("Dream, Adelie: 56")
    await there.page.keyboard.press("Control+Enter")
    await there.shows("Penguins", 100)
    await there.page.keyboard.press("Enter")
    await there.shows("Penguins", 56)
    await there.page.keyboard.press("Enter")
    await there.shows("Penguins", 342)
    await there.go(there.page.url.removeprefix(demo.address) + "?f.mass-by-species=Gentoo&f.flippers=bin:..190")
    await expect(there.page.locator("[data-chip=mass-by-species]")).to_contain_text("Gentoo")
    await expect(there.page.locator("[data-chip=flippers]")).to_contain_text("< 190")
    await there.settled()
    assert await there.number("Penguins") == 0
