"""Clicks on bars, bins and boxes: they narrow the other tiles, with Ctrl they add, and the keyboard can do the same."""

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


async def test_a_click_on_a_bar_narrows_and_ctrl_adds(demo: Demo, visit: OpenVisit) -> None:
    """The tile itself keeps its bars; a click on what alone is picked takes it back."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    before = await there.figure("by-island")
    await click_mark(there, "by-island", 0)
    chip = there.page.locator("[data-chip=by-island]")
    await expect(chip).to_be_visible()
    island = await chip.locator(".chip-text").inner_text()
    counts = {"Biscoe": 167, "Dream": 124, "Torgersen": 51}
    await there.shows("Penguins", counts[island])
    await there.page.get_by_role("textbox", name="Species").click()
    offered = {"Biscoe": "Gentoo (123)", "Dream": "Chinstrap (68)", "Torgersen": "Adelie (51)"}
    await expect(there.page.get_by_role("option").first).to_have_text(offered[island])
    await there.page.keyboard.press("Escape")
    assert [trace["y"] for trace in await there.figure("by-island")] == [trace["y"] for trace in before]
    bars = there.page.locator('[data-figure="by-island"] .bars .point')
    for number in range(1, await bars.count()):
        await click_mark(there, "by-island", number, "Control")
        if "," in await chip.locator(".chip-text").inner_text():
            break
    both = (await chip.locator(".chip-text").inner_text()).split(", ")
    await there.shows("Penguins", sum(counts[one] for one in both))
    await chip.click()
    await there.shows("Penguins", 342)


async def test_a_click_on_a_bin_leaves_the_rows_that_it_counts(demo: Demo, visit: OpenVisit) -> None:
    """The number of rows is the height of the bars that stand in that bin."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.shows("Penguins", 342)
    traces = await there.figure("flippers")
    await click_mark(there, "flippers", 3)
    await expect(there.page.locator("[data-chip=flippers]")).to_be_visible()
    await there.settled()
    found = await there.number("Penguins")
    sums = [sum(column) for column in zip(*(trace["y"] for trace in traces), strict=True)]  # type: ignore[call-overload]
    assert found in sums
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
    await there.shows("Penguins", 167)
    await there.page.keyboard.press("Enter")
    await there.shows("Penguins", 342)
    await there.go(there.page.url.removeprefix(demo.address) + "?f.mass-by-species=Gentoo&f.flippers=bin:..190")
    await expect(there.page.locator("[data-chip=mass-by-species]")).to_contain_text("Gentoo")
    await expect(there.page.locator("[data-chip=flippers]")).to_contain_text("< 190")
    await there.settled()
    assert await there.number("Penguins") == 0
