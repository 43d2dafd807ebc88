"""The grid of tiles in Chromium: pointer, keyboard, touch, what it tells the server, and narrow screens."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Locator

from tests.browser.grid_app import AS_GIVEN, Grid, open_grid, served
from tests.browser.windows import Windows


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture(scope="module")
async def windows(chromium: Browser, address: str) -> AsyncIterator[Windows]:
    windows = Windows(chromium, f"{address}/edit/_dash-layout")
    yield windows
    await windows.close()


@pytest.fixture
async def grid(windows: Windows, address: str) -> AsyncIterator[Grid]:
    async with open_grid(windows, f"{address}/edit/") as opened:
        yield opened


@pytest.fixture
async def viewed(windows: Windows, address: str) -> AsyncIterator[Grid]:
    async with open_grid(windows, f"{address}/view/") as opened:
        yield opened


@pytest.fixture
async def touched(windows: Windows, address: str) -> AsyncIterator[Grid]:
    async with open_grid(windows, f"{address}/edit/", has_touch=True) as opened:
        yield opened


async def test_tiles_lie_where_the_items_say_and_nothing_is_told(grid: Grid) -> None:
    """Opening a dashboard is not a change of it."""
    assert await grid.places() == AS_GIVEN
    assert await grid.told() is None
    box = await grid.page.locator('[data-tile="a"]').bounding_box()
    assert box
    assert box["height"] == 300


async def test_drag_pushes_down_and_compacts_upward(grid: Grid) -> None:
    """A tile dragged to the free corner rises as far as it can."""
    await grid.drag(grid.handle("d"), 4 * await grid.cell(), 100)
    await grid.wait_told()
    assert await grid.told() == await grid.places() == {**AS_GIVEN, "d": (6, 3, 2, 2)}


async def test_drag_swaps_neighbours_of_the_same_size(grid: Grid) -> None:
    """Two charts beside each other change places."""
    await grid.drag(grid.handle("a"), 4 * await grid.cell(), 0)
    await grid.wait_told()
    assert await grid.told() == {**AS_GIVEN, "a": (4, 0, 4, 3), "b": (0, 0, 4, 3)}


async def test_resize_pushes_down_and_the_chart_follows(grid: Grid) -> None:
    """Plotly draws its chart anew in the size of the tile."""
    chart = grid.page.locator('[data-tile="b"] .main-svg').first
    before = await chart.bounding_box()
    await grid.page.locator('[data-tile="b"]').hover()
    await grid.drag(grid.page.locator('[data-tile="b"] > .ui-resizable-se'), -2 * await grid.cell(), 100)
    await grid.wait_told()
    assert await grid.told() == {**AS_GIVEN, "b": (4, 0, 2, 4)}
    assert before
    wanted = before["width"] - 2 * await grid.cell()
    await grid.page.wait_for_function(
        "wanted => Math.abs(document.querySelector('[data-tile=b] .main-svg')?.clientWidth - wanted) < 3", arg=wanted
    )


async def test_escape_leaves_the_layout_as_it_was(grid: Grid) -> None:
    """A gesture that is given up tells nothing."""
    await grid.handle("a").hover()
    await grid.page.mouse.down()
    await grid.page.mouse.move(800, 300, steps=5)
    await grid.page.keyboard.press("Escape")
    await grid.page.mouse.up()
    await grid.page.wait_for_timeout(400)
    assert await grid.places() == AS_GIVEN
    assert await grid.told() is None


async def test_a_tile_in_hand_follows_the_pointer_and_others_slide_out_of_its_way(grid: Grid) -> None:
    """Both move by a transform alone, which needs no layout of the page; under the pointer is the grid itself."""
    await grid.lift("a")
    await grid.page.mouse.move(grid.at[0], grid.at[1] + 7, steps=4)
    seen = "el => [el.style.transform, el.style.left, Math.round(el.getBoundingClientRect().left)]"
    tile = grid.page.locator('[data-tile="a"]')
    _, left, before = await tile.evaluate(seen)
    shift = 4 * await grid.cell()
    await grid.page.mouse.move(grid.at[0] + shift, grid.at[1] + 7, steps=4)
    transform, left_now, after = await tile.evaluate(seen)
    assert (left_now, round(after - before)) == (left, round(shift))
    assert transform.startswith("translate(")
    sliding = "el => el.getAnimations().map(one => [one.id, one.effect.getKeyframes().map(frame => frame.transform)])"
    [(name, (start, end))] = await grid.page.locator('[data-tile="b"]').evaluate(sliding)
    assert (name, end) == ("slide", "none")
    assert float(start.removeprefix("translate(").split("px")[0]) == pytest.approx(shift, abs=1)
    under = "at => document.elementFromPoint(...at).matches('.grid-stack')"
    assert await grid.page.evaluate(under, [grid.at[0] + shift, grid.at[1] + 7])
    await grid.page.mouse.up()
    await grid.wait_told()
    assert await grid.told() == {**AS_GIVEN, "a": (4, 0, 4, 3), "b": (0, 0, 4, 3)}
    await grid.at_rest()
    styles = "el => [el.style.transform, el.style.position, el.style.willChange]"
    assert await tile.evaluate(styles) == ["", "", ""]
    await grid.drag(grid.handle("a"), -shift, 0)
    await grid.wait_told(2)
    assert await grid.told() == AS_GIVEN


async def test_what_the_server_sends_during_a_drag_waits_for_its_end(grid: Grid) -> None:
    """Another editor removes a tile: those of a reader who drags do not jump away under the pointer."""
    await grid.lift("d")
    await grid.page.mouse.move(grid.at[0] + 4 * await grid.cell(), grid.at[1] + 100, steps=10)
    for button in ("remove", "add"):
        await grid.page.evaluate(f"document.querySelector('#{button}').click()")
    await grid.page.wait_for_selector('[data-tile="a"]', state="detached")
    new = grid.page.locator('[data-tile="new1"]')
    await new.wait_for(state="attached")
    assert not await new.is_visible()
    assert (await grid.places())["c"] == AS_GIVEN["c"]
    await grid.page.mouse.up()
    await grid.wait_told()
    await new.wait_for()
    places = {"b": (4, 0, 4, 3), "c": (0, 0, 2, 2), "d": (6, 3, 2, 2), "new1": (2, 0, 2, 2)}
    assert await grid.told() == await grid.places() == places


async def test_only_the_handle_drags(grid: Grid) -> None:
    """Dragging inside a chart is the chart's own gesture."""
    await grid.drag(grid.page.locator('[data-tile="a"] span'), 4 * await grid.cell(), 0)
    assert await grid.places() == AS_GIVEN


async def test_handle_replaced_by_a_callback_still_drags(grid: Grid) -> None:
    """What a tile shows may be drawn anew at any time."""
    await grid.page.click("#retouch")
    await grid.page.get_by_text("new handle").wait_for()
    await grid.drag(grid.handle("a"), 4 * await grid.cell(), 0)
    await grid.wait_told()
    assert (await grid.places())["a"] == (4, 0, 4, 3)


async def test_added_tile_takes_the_first_room_and_others_are_not_drawn_anew(grid: Grid) -> None:
    """The element of a chart, with its zoom, is the same before and after."""
    await grid.page.evaluate("() => { document.querySelector('[data-tile=b] .js-plotly-plot').dataset.mark = 'kept' }")
    await grid.page.click("#add")
    await grid.wait_told()
    assert await grid.told() == await grid.places() == {**AS_GIVEN, "new1": (4, 3, 2, 2)}
    assert await grid.page.locator("[data-tile=b] .js-plotly-plot[data-mark=kept]").count() == 1
    await grid.drag(grid.handle("new1"), 2 * await grid.cell(), 0)
    await grid.wait_told(2)
    assert (await grid.places())["new1"] == (6, 3, 2, 2)


async def test_tile_added_after_a_move_keeps_the_move(grid: Grid) -> None:
    """A patch of the items starts from what the user sees."""
    await grid.drag(grid.handle("a"), 4 * await grid.cell(), 0)
    await grid.wait_told()
    await grid.page.click("#add")
    await grid.wait_told(2)
    assert await grid.told() == {**AS_GIVEN, "a": (4, 0, 4, 3), "b": (0, 0, 4, 3), "new1": (4, 3, 2, 2)}


async def test_replaced_tiles_are_drawn_anew(grid: Grid) -> None:
    """A new revision, or no promise of one, shows what the server has sent."""
    await grid.page.evaluate("() => { document.querySelector('[data-tile=b] .js-plotly-plot').dataset.mark = 'kept' }")
    await grid.page.click("#replace")
    await grid.page.locator('[data-tile="a"]', has_text="Another chart").wait_for()
    await grid.page.locator('[data-tile="d"]', has_text="Another table").wait_for()
    assert await grid.page.locator("[data-tile=b] .js-plotly-plot[data-mark=kept]").count() == 1
    assert await grid.places() == AS_GIVEN


async def test_removed_tile_leaves_its_room_to_the_others(grid: Grid) -> None:
    """The tiles below rise, charts are not drawn anew, and the change is the server's own: it is not told."""
    await grid.page.evaluate("() => { document.querySelector('[data-tile=b] .js-plotly-plot').dataset.mark = 'kept' }")
    await grid.page.click("#remove")
    await grid.page.wait_for_selector('[data-tile="a"]', state="detached")
    assert await grid.places() == {"b": (4, 0, 4, 3), "c": (0, 0, 2, 2), "d": (2, 0, 2, 2)}
    assert await grid.page.locator("[data-tile=b] .js-plotly-plot[data-mark=kept]").count() == 1
    await grid.handle("d").press("ArrowLeft")
    await grid.wait_told()
    assert await grid.told() == {"b": (4, 0, 4, 3), "c": (0, 2, 2, 2), "d": (1, 0, 2, 2)}


async def test_reordered_children_keep_their_places(grid: Grid) -> None:
    """The id of an item is what ties a tile to its place."""
    await grid.page.click("#reorder")
    await grid.page.wait_for_function("() => document.querySelector('[data-tile]')?.dataset.tile === 'd'")
    assert await grid.places() == AS_GIVEN
    assert await grid.page.locator('[data-tile="c"] #tile-c').count() == 1
    await grid.drag(grid.handle("a"), 4 * await grid.cell(), 0)
    await grid.wait_told()
    assert (await grid.places())["a"] == (4, 0, 4, 3)


async def test_a_tile_that_two_answers_bring_is_there_once(grid: Grid) -> None:
    """They were on their way at once, and neither knew of the other."""
    first = await grid.page.locator("#tile-d").element_handle()
    assert first
    await grid.page.click("#again")
    await grid.page.wait_for_function("(first) => !first.isConnected", arg=first)
    assert await grid.page.locator("[data-tile=d]").count() == 1
    assert await grid.places() == AS_GIVEN


async def test_items_from_the_server_undo_a_move(grid: Grid) -> None:
    """The items that were given at first are news after a move."""
    await grid.handle("a").press("ArrowDown")
    await grid.wait_told()
    await grid.page.click("#undo")
    await grid.page.wait_for_function("() => document.querySelector('[data-tile=a]')?.getAttribute('gs-y') === '0'")
    assert await grid.places() == AS_GIVEN


async def test_arrow_keys_move_and_are_announced(grid: Grid) -> None:
    """Down passes the tile below, up returns, the edge is said to be one."""
    handle = grid.handle("a")
    described = await handle.get_attribute("aria-describedby")
    help_text = await grid.page.locator(f"[id='{described}']").text_content()
    assert help_text.startswith("Arrow keys move the tile, Shift and arrow keys resize it.")
    await handle.press("ArrowDown")
    assert await grid.announced() == "Age histogram: column 1, row 3."
    await grid.wait_told()
    assert await grid.told() == {"a": (0, 2, 4, 3), "b": (4, 0, 4, 3), "c": (0, 0, 2, 2), "d": (2, 0, 2, 2)}
    await handle.press("ArrowUp")
    await grid.wait_told(2)
    assert await grid.told() == AS_GIVEN
    await handle.press("ArrowLeft")
    assert await grid.announced() == "Age histogram cannot be moved further left."
    await handle.press("ArrowRight")
    assert await grid.announced() == "Age histogram: column 2, row 1."
    await grid.wait_told(3)
    assert await grid.told() == {"a": (1, 0, 4, 3), "b": (4, 3, 4, 3), "c": (0, 3, 2, 2), "d": (2, 3, 2, 2)}


async def test_shift_and_arrow_keys_resize_and_are_announced(grid: Grid) -> None:
    """A tile does not become narrower than its minimum; focus stays on the handle."""
    handle = grid.handle("c")
    await handle.press("Shift+ArrowLeft")
    assert await grid.announced() == "Samples cannot be resized further left."
    await handle.press("Shift+ArrowDown")
    assert await grid.announced() == "Samples: 2 columns wide, 3 rows high."
    await grid.wait_told()
    assert await grid.told() == {**AS_GIVEN, "c": (0, 3, 2, 3)}
    assert await handle.evaluate("el => el === document.activeElement")


async def test_static_grid_has_no_handles_and_no_keys(viewed: Grid) -> None:
    """A viewer cannot move anything, by pointer or by keyboard."""
    await viewed.drag(viewed.handle("a"), 4 * await viewed.cell(), 0)
    await viewed.handle("a").press("ArrowDown")
    assert await viewed.page.locator(".ui-resizable-handle:visible").count() == 0
    assert await viewed.places() == AS_GIVEN
    assert await viewed.told() is None


async def test_grid_becomes_static_while_it_is_shown(grid: Grid) -> None:
    """Leaving the edit mode needs no new page."""
    await grid.page.click("#look")
    await grid.page.wait_for_selector(".tile-grid:not([data-arrangeable])")
    await grid.drag(grid.handle("a"), 4 * await grid.cell(), 0)
    await grid.handle("a").press("ArrowDown")
    assert await grid.places() == AS_GIVEN
    assert await grid.told() is None


async def test_narrow_screens_collapse_and_the_layout_returns_exactly(grid: Grid) -> None:
    """Reading order is kept, nothing overlaps, and nothing of it is ever told."""
    for width, columns in ((800, 6), (620, 4), (520, 2), (390, 1), (520, 2), (620, 4), (800, 6)):
        await grid.show(width, columns)
        places = await grid.places()
        assert all(x + w <= columns for x, _, w, _ in places.values())
        cells = [(i, j) for x, y, w, h in places.values() for i in range(x, x + w) for j in range(y, y + h)]
        assert len(cells) == len(set(cells))
        assert await grid.page.locator(".tile-grid-note").is_visible()
    await grid.show(390, 1)
    assert await grid.places() == {"a": (0, 0, 1, 3), "b": (0, 3, 1, 3), "c": (0, 6, 1, 2), "d": (0, 8, 1, 2)}
    await grid.show(1100, 8)
    assert await grid.places() == AS_GIVEN
    assert await grid.told() is None
    assert not await grid.page.locator(".tile-grid-note").is_visible()


FULL_ROWS = [
    *({"id": f"card-{at}", "x": 2 * at, "y": 0, "w": 2, "h": 1} for at in range(4)),
    *({"id": f"plot-{at}", "x": 4 * at, "y": 1, "w": 4, "h": 4} for at in range(2)),
    {"id": "rows", "x": 0, "y": 5, "w": 6, "h": 5},
    {"id": "words", "x": 6, "y": 5, "w": 2, "h": 5},
]
COLLAPSED = {
    6: [(0, 0, 3, 1), (3, 0, 3, 1), (0, 1, 3, 1), (3, 1, 3, 1), (0, 2, 3, 4), (3, 2, 3, 4), (0, 6, 4, 5), (4, 6, 2, 5)],
    4: [(0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1), (3, 0, 1, 1), (0, 1, 2, 4), (2, 1, 2, 4), (0, 5, 3, 5), (3, 5, 1, 5)],
    2: [(0, 0, 1, 1), (1, 0, 1, 1), (0, 1, 1, 1), (1, 1, 1, 1), (0, 2, 2, 4), (0, 6, 2, 4), (0, 10, 2, 5),
        (0, 15, 1, 5)],
}  # fmt: skip


@pytest.mark.parametrize("columns", COLLAPSED)
async def test_rows_from_edge_to_edge_stay_without_holes(grid: Grid, columns: int) -> None:
    """As one row or as several, whatever the number of columns; an author's full row is one on narrow grids too."""
    script = "([tiles, columns]) => window.dash_views.geometry.collapse(tiles, 8, columns)"
    found = await grid.page.evaluate(script, [FULL_ROWS, columns])
    assert [(one["x"], one["y"], one["w"], one["h"]) for one in found] == COLLAPSED[columns]
    assert [one["id"] for one in found] == [one["id"] for one in FULL_ROWS]
    uneven = [{"id": "w", "x": 0, "y": 0, "w": 6, "h": 5}, {"id": "n", "x": 6, "y": 0, "w": 2, "h": 4}]
    beside = await grid.page.evaluate(script, [uneven, columns])
    assert [one["y"] for one in beside] == [0, 0 if columns > 2 else 5]


async def test_narrow_screens_change_order_and_height(touched: Grid) -> None:
    """By finger, mouse and keys, told as the layout of all columns; a finger that moves at once scrolls."""
    grid = touched
    await grid.show(390, 1)
    cdp = await grid.page.context.new_cdp_session(grid.page)

    async def drag(start: Locator, dy: float, held: str) -> None:
        await grid.at_rest()
        box = await start.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        if held:
            await grid.page.wait_for_selector(held)
        for step in [*range(1, 9), 8]:
            point = {"x": x, "y": y + dy * step / 8}
            await cdp.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        await cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    await drag(grid.handle("d"), -120, held="")
    await grid.page.wait_for_function("() => scrollY > 0")
    assert await grid.told() is None
    await grid.page.reload()
    await grid.page.wait_for_selector(".tile-grid[data-narrow] [data-tile=a] .tile-handle")
    await grid.page.wait_for_function("() => document.querySelector('#count')?.textContent === '0'")
    await grid.page.evaluate("scrollTo(0, 0)")
    await drag(grid.handle("a"), 450, held=".carried")
    await grid.wait_told()
    assert await grid.told() == {**AS_GIVEN, "a": (4, 0, 4, 3), "b": (0, 0, 4, 3)}
    await drag(grid.page.locator('[data-tile="b"] > .ui-resizable-s'), 100, held=".ui-resizable-armed")
    await grid.wait_told(2)
    assert (await grid.told() or {})["b"] == (0, 0, 4, 4)
    await grid.handle("b").press("Shift+ArrowUp")
    assert await grid.announced() == "Shannon by site: 4 columns wide, 3 rows high."
    await grid.wait_told(3)
    await grid.handle("b").press("ArrowDown")
    assert await grid.announced() == "Shannon by site: number 2 of 4."
    await grid.wait_told(4)
    assert await grid.told() == AS_GIVEN
    await grid.page.mouse.wheel(0, 600)
    await grid.drag(grid.handle("d"), 0, -230)
    await grid.wait_told(5)
    assert await grid.told() == {**AS_GIVEN, "c": (2, 3, 2, 2), "d": (0, 3, 2, 2)}


async def test_tile_added_on_a_narrow_screen_is_told_at_full_width(grid: Grid) -> None:
    """The place it gets is the one of the wide layout."""
    await grid.show(390, 1)
    await grid.page.click("#add")
    await grid.page.wait_for_selector('[data-tile="new1"]')
    assert await grid.told() is None
    await grid.show(1100, 8)
    await grid.wait_told()
    assert await grid.told() == {**AS_GIVEN, "new1": (4, 3, 2, 2)}


async def test_touch_drags_after_a_short_hold(touched: Grid) -> None:
    """A swipe scrolls the page; a finger held on the handle moves the tile."""
    box = await touched.handle("a").bounding_box()
    assert box
    cdp = await touched.page.context.new_cdp_session(touched.page)
    x, y, distance = box["x"] + 5, box["y"] + 5, 4 * await touched.cell()

    async def finger(kind: str, *points: dict[str, float]) -> None:
        await cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    await finger("touchStart", {"x": x, "y": y})
    await touched.page.wait_for_timeout(450)
    for step in range(1, 11):
        await finger("touchMove", {"x": x + distance * step / 10, "y": y})
    await finger("touchEnd")
    await touched.wait_told()
    assert (await touched.told() or {})["a"] == (4, 0, 4, 3)


async def test_reduced_motion_is_respected(windows: Windows, address: str) -> None:
    """Who asks for less motion sees tiles jump, not slide."""
    async with open_grid(windows, f"{address}/edit/", reduced_motion="reduce") as quiet:
        assert await quiet.page.locator(".grid-stack-animate").count() == 0
        assert (
            await quiet.page.locator('[data-tile="a"]').evaluate("el => getComputedStyle(el).transitionDuration")
            == "0s"
        )
