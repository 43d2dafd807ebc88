"""What must not be covered, cut off, or jump: the outline before a board, the toolbar of a plot, narrow windows."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api, stored
from tests.browser.test_accessibility import TWO_FRAMES

Places = list[list[int]]
MOVED = """window.moved = new Set();
for (const kind of ['transitionrun', 'animationstart']) document.addEventListener(kind, (event) => {
  window.moved.add(`${event.propertyName || event.animationName} of ${event.target.getAttribute('class')}`);
});"""


async def places(found: Locator) -> Places:
    """Where the elements lie, in whole pixels: x, y, width, height; from the top of the page downwards."""
    script = """(all) => all.map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      return [x, y + window.scrollY, width, height].map(Math.round);
    })"""
    boxes: Places = await found.evaluate_all(script)
    return sorted(boxes, key=lambda box: (box[1], box[0]))


@pytest.mark.parametrize(
    ("size", "page"), [((1440, 900), "view"), ((1440, 900), "edit"), ((980, 800), "view"), ((390, 844), "view")]
)
async def test_the_outline_lies_where_the_board_will(
    demo: Demo, visit: OpenVisit, size: tuple[int, int], page: str
) -> None:
    """While the layout is on its way the page shows its outline in silence, and nothing moves when the tiles come."""
    there = await visit(demo.admin, size=size)
    await there.open_dashboard("Palmer penguins")
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await there.page.route("**/_dash-layout", hold)
    await there.page.goto(there.page.url + ("/edit" if page == "edit" else ""))
    outline = there.page.locator(".board-wait")
    await expect(outline.get_by_text("Three species on three islands")).to_be_visible()
    await expect(there.page.get_by_text("Loading...")).to_have_css("clip-path", "inset(50%)")
    await there.page.locator("#react-entry-point ._dash-loading").wait_for(state="attached")
    expected = await places(outline.locator(".wait-tile")), await places(outline.locator(".wait-panel"))
    assert len(expected[0]) == 10
    arrived.set()
    await there.painted()
    await expect(outline).to_be_hidden()
    assert (await places(there.page.locator(".tile")), await places(there.page.locator(".panel"))) == expected


WITHIN = """() => [...document.querySelectorAll('.js-plotly-plot')].every((plot) => {
  const { left, right } = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.legendtitletext, .legend .traces')].every((one) => {
    const at = one.getBoundingClientRect();
    return at.left >= left && at.right <= right + 1;
  });
})"""
BESIDE = """() => {
  const plot = document.querySelector('[data-figure="bills"] .js-plotly-plot');
  const parts = ['.legendtitletext', '.legend .traces'].map((name) => plot?.querySelector(name));
  if (!parts.every(Boolean)) return false;
  const [title, item] = parts.map((one) => one.getBoundingClientRect());
  return title.right <= item.left;
}"""
CORRECTIONS = """() => {
  window.corrections = 0;
  const plainly = window.Plotly.relayout;
  window.Plotly.relayout = (...given) => { window.corrections += 1; return plainly(...given); };
}"""


async def test_the_toolbar_stands_beside_the_plot(demo: Demo, visit: OpenVisit) -> None:
    """It covers neither legend nor data, and does not leave the tile."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    tile = there.tile("Bill length and depth")
    await tile.locator(".nsewdrag").hover()
    await expect(tile.locator(".modebar")).to_have_css("opacity", "1")
    [frame] = await places(tile)
    plot = (await places(tile.locator(".main-svg")))[0]
    [toolbar] = await places(tile.locator(".modebar"))
    assert plot[0] + plot[2] <= toolbar[0]
    assert toolbar[0] + toolbar[2] <= frame[0] + frame[2]
    assert toolbar[1] + toolbar[3] <= frame[1] + frame[3]
    await tile.get_by_role("button", name="Zoom out").click()


async def test_a_legend_and_its_title_stay_within_the_plot(editor: Visit) -> None:
    """plotly.js breaks a legend into rows as if its title took no room; a long title stands above them."""
    found = await stored(editor)
    found["tiles"]["bills"]["options"] = {"labels": {"species": "The species to which the bird belongs"}}
    content = {name: found[name] for name in ("version", "title", "tiles")}
    await api(editor.page, "PUT", f"/dashboards/{found['id']}", content)
    await editor.go(f"/dashboards/{found['id']}")
    await editor.painted()
    await editor.page.wait_for_function(WITHIN)
    for name, is_above in (("Bill length and depth", True), ("Flipper length", False)):
        title, *items = await places(editor.tile(name).locator(".legendtitletext, .legend .traces"))
        assert all((title[1] + title[3] <= item[1] + 4) is is_above for item in items), name
    # In a wide window both have room beside each other.
    await editor.tile("Bill length and depth").get_by_role("button", name=re.compile("on the whole window")).click()
    await editor.page.wait_for_function(BESIDE)
    await editor.page.keyboard.press("Escape")
    await editor.page.wait_for_function(f"() => !({BESIDE})() && ({WITHIN})()")
    await editor.settled()
    # It is remembered, so that a filter that comes after draws nothing twice.
    await editor.page.evaluate(CORRECTIONS)
    await editor.choose("Species", "Gentoo")
    await editor.settled()
    assert await editor.page.evaluate("window.corrections") == 0
    await editor.page.wait_for_function(WITHIN)


async def test_nothing_scrolls_sideways_in_a_narrow_window(demo: Demo, visit: OpenVisit) -> None:
    """At 320 pixels, which is a window of 1280 magnified four times."""
    there = await visit(demo.admin, size=(320, 640))
    widths = {}
    for path in ("/projects", "/dashboards", "/admin/users", "/profile"):
        await there.go(path)
        widths[path] = await there.page.evaluate("document.documentElement.scrollWidth")
    await there.open_dashboard("Palmer penguins")
    widths["viewer"] = await there.page.evaluate("document.documentElement.scrollWidth")
    await there.open_editor()
    widths["editor"] = await there.page.evaluate("document.documentElement.scrollWidth")
    assert set(widths.values()) == {320}, widths


async def test_a_chosen_value_takes_the_place_of_all(demo: Demo, visit: OpenVisit) -> None:
    """The hint that nothing is chosen is not seen beside what is, and neither tiles nor filters move."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    hint = "(input) => getComputedStyle(input, '::placeholder').color"
    control = there.page.locator(".filter", has_text="Species").get_by_role("textbox")
    clear = "rgba(0, 0, 0, 0)"
    assert await control.evaluate(hint) != clear
    before = await places(there.page.locator(".tile, .panel, .filter"))
    await there.choose("Species", "Gentoo")
    assert await control.evaluate(hint) == clear
    await expect(there.page.get_by_role("button", name="Reset all")).to_be_visible()
    assert await places(there.page.locator(".tile, .panel, .filter")) == before
    assert await cut_names(there) == []


async def cut_names(there: Visit) -> list[str]:
    """The names of cards that their headings have no room for."""
    names = there.page.locator(".tile[data-kind=card] .tile-title")
    found: list[str] = await names.evaluate_all(
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    )
    return found


async def test_names_of_cards_are_whole_in_a_narrow_window(editor: Visit) -> None:
    """Beside how many rows are left, and in the editor beside the grip."""
    await editor.page.set_viewport_size({"width": 1280, "height": 800})
    where = editor.page.url.removeprefix(editor.demo.address)
    for path in (where, where.removesuffix("/edit")):
        await editor.go(f"{path}?f.species=Gentoo")
        await editor.shows("Penguins", 123)
        await expect(editor.tile("Mean flipper length").locator(".tile-badge")).to_contain_text("123 of 342")
        assert await cut_names(editor) == []


async def test_nothing_moves_for_who_asks_for_less_motion(demo: Demo, visit: OpenVisit) -> None:
    """Neither what the page draws, nor the fields and plots of others."""
    there = await visit(demo.admin, reduced_motion="reduce")
    await there.page.add_init_script(MOVED)
    await there.open_dashboard("Palmer penguins")
    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    await there.page.locator(".tile-graph").first.hover()
    await there.page.evaluate(TWO_FRAMES)
    assert await there.page.evaluate("[...window.moved]") == []


@pytest.mark.parametrize(("width", "is_open"), [(390, False), (1440, True)])
async def test_on_a_phone_the_filters_start_folded(demo: Demo, visit: OpenVisit, width: int, is_open: bool) -> None:
    """So that the tiles are in sight; a touch of their heading unfolds them, and nothing folds them again."""
    there = await visit(demo.admin, size=(width, 844))
    await there.open_dashboard("Palmer penguins")
    panel = there.page.get_by_role("complementary", name="Filters")
    control = panel.get_by_role("slider", name="Body mass (g) from")
    await expect(control).to_be_visible(visible=is_open)
    if not is_open:
        await panel.locator(".panel-summary").click()
        await expect(control).to_be_visible()
        await control.press("ArrowRight")
        await there.settled()
        await expect(control).to_be_visible()
