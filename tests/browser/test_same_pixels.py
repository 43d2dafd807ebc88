"""What is put back looks as it did, to the pixel: filters, schemes, windows, panels, and tiles that were moved.

Pictures of one run are compared with each other, as fonts and their edges differ between machines.
"""

import base64
import re

import pytest
from playwright.async_api import FloatRect, Locator, Page, ViewportSize, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, stored
from tests.browser.hands import HANDS, Hand, HandName
from tests.browser.resting import saved

BILLS = "Bill length and depth"
SIZE: ViewportSize = {"width": 1440, "height": 1700}
"""The whole board is in sight: what is scrolled may come to lie a fraction of a pixel elsewhere."""
CARDS = ("Penguins", "Mean body mass", "Mean flipper length", "Median bill length")
FIGURES = (BILLS, "Flipper length", "Body mass by species and sex", "Penguins by island")
TILES = (*CARDS, *FIGURES, "All penguins", "About the data")
DIFFERENCE = """async (pictures) => {
  const [one, two] = await Promise.all(pictures.map(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  }));
  if (one.width !== two.width || one.height !== two.height) return [[one.width, one.height], [two.width, two.height]];
  const found = [];
  one.data.forEach((colour, at) => {
    const pixel = at >> 2;
    if (Math.abs(colour - two.data[at]) > 51) found.push([pixel % one.width, Math.floor(pixel / one.width)]);
  });
  const wider = ([low, high], one) => [Math.min(low, one), Math.max(high, one)];
  const ends = (side) => found.map((at) => at[side]).reduce(wider, [Infinity, 0]);
  return found.length ? [found.length, ends(0), ends(1)] : null;
}"""
"""Of two pictures: nothing when they are equal, else how many colours differ and between which x and y.

A fifth of a colour's range is not told apart: round corners are smoothed anew whenever a layer is drawn.
"""


async def picture(page: Page, of: Locator) -> bytes:
    """What is seen of it when nothing has the focus or the pointer."""
    await page.mouse.move(0, 0)
    await page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    await page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    box = await of.bounding_box()
    assert box
    x, y = int(box["x"]), int(box["y"])
    clip: FloatRect = {
        "x": x,
        "y": y,
        "width": int(box["x"] + box["width"]) - x,
        "height": int(box["y"] + box["height"]) - y,
    }
    return await page.screenshot(animations="disabled", clip=clip)


async def is_as_before(page: Page, of: Locator, before: bytes) -> None:
    """Compare it with an earlier picture; plots may need a moment to be as large as their tiles again."""
    for _ in range(40):
        now = await picture(page, of)
        if now == before:
            return
        pictures = [base64.b64encode(one).decode() for one in (before, now)]
        difference = await page.evaluate(DIFFERENCE, pictures)
        if difference is None:
            return
        await page.wait_for_timeout(100)
    raise AssertionError(f"{of}: colours, between x, between y: {difference}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_a_reader_takes_back_is_as_it_was(demo: Demo, visit: OpenVisit, scheme: str) -> None:
    """A filter, another scheme, a narrow window, a tile on the whole window, and a reload."""
    there = await visit(demo.admin, color_scheme=scheme, size=(SIZE["width"], SIZE["height"]))
    await there.open_dashboard("Palmer penguins")
    page = there.page
    await page.wait_for_load_state("networkidle")
    parts = [there.tile(title) for title in TILES]
    pictures = [await picture(page, part) for part in parts]

    async def are_as_before() -> None:
        await there.settled()
        for part, before in zip(parts, pictures, strict=True):
            await is_as_before(page, part, before)

    await there.choose("Species", "Gentoo")
    await there.shows("Penguins", 123)
    assert await picture(page, parts[0]) != pictures[0]
    await page.get_by_role("button", name="Reset all").click()
    await there.shows("Penguins", 342)
    await are_as_before()
    await page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    assert await picture(page, parts[-1]) != pictures[-1]
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await are_as_before()
    await page.set_viewport_size({"width": 390, "height": 844})
    await there.settled()
    await page.set_viewport_size(SIZE)
    await are_as_before()
    await page.get_by_role("button", name=f"Show {BILLS} on the whole window").press("Enter")
    await expect(page).to_have_url(re.compile("tile=bills"))
    await page.keyboard.press("Escape")
    await are_as_before()
    await page.reload()
    await there.painted()
    await are_as_before()


@pytest.mark.parametrize("name", HANDS)
async def test_what_an_author_takes_back_is_as_it_was(editor: Visit, name: HandName) -> None:
    """A panel that is closed again, a tile that is moved and brought back."""
    page, hand, board = editor.page, Hand(editor.page, name), editor.page.locator(".board-main")
    await page.set_viewport_size(SIZE)
    await editor.settled()
    await page.wait_for_load_state("networkidle")
    first = (await stored(editor))["version"]
    before = await picture(page, board)
    await hand.press(page.get_by_role("button", name=f"Edit the tile {BILLS}"))
    await page.locator("#aside .preview .main-svg").first.wait_for()
    await hand.press(page.get_by_role("button", name="Close the panel"))
    await expect(page.locator("#aside")).to_be_hidden()
    await is_as_before(page, board, before)
    handle = editor.tile(BILLS).locator(".tile-handle")
    if name == "mouse":
        box = await handle.bounding_box()
        assert box
        await page.mouse.move(box["x"] + 40, box["y"] + 10)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 640, box["y"] + 10, steps=10)
        await page.mouse.up()
    else:
        await handle.focus()
        for _ in range(4):
            await page.keyboard.press("ArrowRight")
    await expect(page.locator("#saved")).to_contain_text("Saved")
    await page.wait_for_load_state("networkidle")
    assert await picture(page, board) != before
    many = (await stored(editor))["version"]
    for undone in range(1, many - first + 1):
        await hand.press(page.get_by_role("button", name="Undo", exact=True))
        await saved(editor, many + undone)
    await editor.settled()
    await is_as_before(page, board, before)
