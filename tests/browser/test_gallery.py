"""A gallery of images in a real browser: pages, the large view by key, and images that narrow the other tiles."""

import re
import struct
import zlib
from typing import Any

import polars as pl
import pytest
from playwright.async_api import expect

from domain.images import image_path
from persistence.objects import open_objects
from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo
from tests.browser.ingested import ingested

PROJECT = """
name: Wells under the microscope
workflows:
  - name: wells
    engine: {name: none}
    data_location: {structure: flat, locations: [.]}
    data_collections:
      - data_collection_tag: wells
        config:
          type: table
          metatype: metadata
          scan: {mode: single, scan_parameters: {filename: wells.csv}}
          dc_specific_properties: {format: CSV}
"""
WELLS = pl.DataFrame(
    {
        "well": [f"w{number}" for number in range(10)],
        "plate": ["p", "q"] * 5,
        "file": [f"plate 1/{number}.png" for number in range(9)] + [None],
    }
)
GALLERY = {
    "component_type": "image", "title": "Seen", "image_column": "file", "caption_columns": ["well", "plate"],
    "selection_column": "well", "max_images": 4, "layout": {"x": 0, "y": 0, "w": 5, "h": 4},
}  # fmt: skip
CARD = {
    "component_type": "card", "title": "Wells", "column_name": "well", "aggregation": "count",
    "layout": {"x": 5, "y": 0, "w": 3, "h": 1},
}  # fmt: skip
PLATE = {
    "component_type": "interactive", "interactive_component_type": "MultiSelect", "title": "Plate",
    "column_name": "plate",
}  # fmt: skip


def png(shade: int, width: int = 12, height: int = 9) -> bytes:
    """An image of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = (b"\0" + bytes((shade, 90, 160)) * width) * height
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PIXELS = """async () => {
  const image = new Image();
  image.src = await window.depictio.picture.tile(document.querySelector('.tile[data-kind=image]'), 'png');
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) found += data[at + 1] === 90 && data[at + 2] === 160;
  return found;
}"""
"""How many pixels of the images a saved picture of the tile has."""


@pytest.fixture(scope="module")
async def board(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Ten wells, of which nine name an image, and the address of a dashboard with their gallery."""
    folder = tmp_path_factory.mktemp("wells")
    WELLS.write_csv(folder / "wells.csv")
    (folder / "project.yaml").write_text(PROJECT)
    async with ingested(demo, folder / "project.yaml", "Wells under the microscope") as project:
        wells, data = project.collections["wells"], demo.data_dir / "storage"
        for number, name in enumerate(WELLS["file"].drop_nulls()):
            content = png(number * 25)[: 40 if number == 3 else None]
            await open_objects(str(data)).put(image_path(wells, name), content)
        tiles: dict[str, dict[str, Any]] = {"seen": GALLERY, "wells": CARD, "plate": PLATE}
        tiles = {key: {**tile, "id": key, "collection_id": wells} for key, tile in tiles.items()}
        return await project.board("Wells", tiles)


async def test_images_are_looked_at_and_narrow_the_other_tiles(demo: Demo, visit: OpenVisit, board: str) -> None:
    """By mouse and by keyboard, across pages; the address holds what was selected."""
    there = await visit(demo.admin)
    # Browsers write each image that is refused into their log, the last ones maybe when the test is over.
    there.expected_statuses.add(422)
    await there.go(board)
    await there.shows("Wells", 10)
    page, tile = there.page, there.tile("Seen")
    span, images = tile.locator(".images-span"), tile.locator(".images-open")
    await expect(span).to_have_text("1\N{EN DASH}4 of 9")
    await expect(tile.locator(".images-item").first).to_contain_text("w0")
    # The tile has small images, and says of one why it cannot be shown; the whole image is for the large view alone.
    shown = "[...document.querySelectorAll('.images-image')]"
    script = f"() => {shown}.length === 3 && {shown}.every((one) => one.complete && one.naturalWidth)"
    await page.wait_for_function(script)
    sources = await page.evaluate(f"{shown}.map((one) => one.currentSrc.split('&')[1])")
    assert set(sources) <= {"width=160", "width=320", "width=640"}
    assert await page.evaluate(PIXELS) > 10_000
    damaged = tile.locator(".images-broken")
    await expect(damaged).to_contain_text("The image is damaged. It cannot be read; store it again.")

    # The large view goes on over the end of the page, and closes at the image that it showed.
    await images.nth(2).click()
    large = page.get_by_role("dialog", name="well w2, plate p")
    assert "width=" not in str(await large.locator(".lightbox-image").get_attribute("src"))
    await expect(large.locator(".lightbox-count")).to_have_text("3 of 9")
    for _ in range(2):
        await page.keyboard.press("ArrowRight")
        await there.settled()
    large = page.get_by_role("dialog", name="well w4, plate p")
    await expect(large.locator(".lightbox-count")).to_have_text("5 of 9")
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog.lightbox")).to_be_hidden()
    await expect(images.first).to_be_focused()
    await expect(span).to_have_text("5\N{EN DASH}8 of 9")

    # Space selects, arrows go on, the mark in the corner adds, the page stays.
    await page.keyboard.press("Space")
    await there.shows("Wells", 1)
    await page.keyboard.press("ArrowRight")
    await tile.get_by_role("button", name="Select well w5, plate q").click()
    await there.shows("Wells", 2)
    await expect(span).to_have_text("5\N{EN DASH}8 of 9")
    await expect(tile.locator(".is-picked")).to_have_count(2)
    assert page.url.endswith("?f.seen=w4,w5")

    # A link shows the same; its selection is cleared in the heading; a filter begins at the first page.
    await page.reload()
    await there.shows("Wells", 2)
    await expect(span).to_have_text("1\N{EN DASH}4 of 9")
    await tile.get_by_role("button", name="Clear the selection").click()
    await there.shows("Wells", 10)
    await tile.get_by_role("button", name="Next images").click()
    await expect(span).to_have_text("5\N{EN DASH}8 of 9")
    await there.choose("Plate", "q")
    await there.shows("Wells", 5)
    await expect(tile.locator(".images-item")).to_have_count(4)
    await expect(tile.locator(".images-pager")).to_be_hidden()
    await expect(tile.locator(".images-item").first).to_contain_text(re.compile("w1.*q", re.DOTALL))
