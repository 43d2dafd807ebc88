"""The picture of a whole board, in a real browser: what is on it is looked up by its colours and its size."""

import os
import re
import struct
import zlib
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, api

PICTURES = os.environ.get("DEPICTIO_SCREENSHOTS", "")
LOWEST = """() => {
  const tiles = [...document.querySelectorAll('.tile-section [data-tile]')];
  const top = document.querySelector('.board-main').getBoundingClientRect().top;
  return Math.max(...tiles.map((one) => one.getBoundingClientRect().bottom)) - top;
}"""
EMPTIED = "() => { for (const one of document.querySelectorAll('.tile-section [data-tile]')) one.remove(); }"
COUNTED = """async () => {
  const sheet = await window.depictio.picture.make();
  const { data } = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height);
  const seen = {};
  for (let at = 0; at < data.length; at += 4) {
    const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
    seen[colour] = (seen[colour] || 0) + 1;
  }
  return { width: sheet.width, height: sheet.height, seen };
}"""


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, of a file whose parts are whole."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        (check,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert zlib.crc32(png[at + 4 : at + 8 + length]) == check
        at += 12 + length
    return struct.unpack(">II", png[16:24])


async def test_the_whole_board_is_one_picture(demo: Demo, visit: OpenVisit, tmp_path: Path) -> None:
    """By the keyboard; plots out of sight are on it, and the colours of what the filters leave out are not."""
    there = await visit(demo.admin, size=(1280, 700))
    page = there.page
    await there.open_dashboard("Palmer penguins")
    await there.choose("Species", "Adelie", "Gentoo")
    await there.shows("Penguins", 274)
    button = page.get_by_role("button", name="Picture")
    async with page.expect_download() as waiting:
        await button.press("Enter")
    download = await waiting.value
    assert download.suggested_filename == "Palmer-penguins.png"
    path = Path(PICTURES or tmp_path) / "board.png"
    await download.save_as(path)
    board = await page.evaluate("() => document.querySelector('.board-main').getBoundingClientRect().width")
    last = await page.evaluate(LOWEST)
    width, height = size_of(path.read_bytes())
    assert abs(width - 2 * (board + 48)) <= 2
    assert 2 * last < height < 2 * (last + 200)

    found = await page.evaluate(COUNTED)
    assert (found["width"], found["height"]) == (width, height)
    adelie, chinstrap, gentoo = "0,114,178", "230,159,0", "0,158,115"
    assert found["seen"][adelie] > 1000
    assert found["seen"][gentoo] > 1000
    before = found["seen"].get(chinstrap, 0)
    await page.locator(".chips").get_by_role("button", name="Remove the filter").click()
    await there.shows("Penguins", 342)
    await there.painted()
    assert (await page.evaluate(COUNTED))["seen"][chinstrap] > before + 1000


async def test_a_dark_picture_has_the_marks_and_grounds_of_the_page(demo: Demo, visit: OpenVisit) -> None:
    """Marks are as bright as the page shows them; the ground of a template is there, and so are the words."""
    there = await visit(demo.admin, size=(1280, 700))
    page = there.page
    await page.emulate_media(color_scheme="dark")
    await there.open_dashboard("Palmer penguins")
    seen = (await page.evaluate(COUNTED))["seen"]
    brighter = sum(seen.get(f"0,{green},{blue}", 0) for green in (142, 143) for blue in (222, 223))
    assert brighter > 1000
    assert seen.get("0,114,178", 0) < brighter / 100
    key = page.url.split("/dashboards/")[1].split("?")[0]
    board = await api(page, "GET", f"/dashboards/{key}")
    made = await api(page, "POST", f"/projects/{board['project_id']}/dashboards", {"title": "On grey"})
    tiles = board["tiles"].values() if isinstance(board["tiles"], dict) else board["tiles"]
    figure = next(one for one in tiles if one.get("visu_type") == "scatter")
    kept = {name: figure[name] for name in ("component_type", "visu_type", "collection_id", "x", "y")}
    await api(page, "POST", f"/dashboards/{made['id']}/tiles", {**kept, "options": {"template": "ggplot2"}})
    await there.go(f"/dashboards/{made['id']}")
    await there.painted()
    seen = (await page.evaluate(COUNTED))["seen"]
    assert seen["237,237,237"] > 10_000


async def test_a_tab_without_tiles_has_no_picture(demo: Demo, visit: OpenVisit) -> None:
    """That is said in the line of failures, and the button works again."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    await there.page.evaluate(EMPTIED)
    await there.page.get_by_role("button", name="Picture").click()
    await expect(there.page.locator("#board-failure")).to_have_text(
        "The picture could not be made. There is nothing on this tab yet."
    )


async def test_a_picture_has_no_half_of_a_number(demo: Demo, visit: OpenVisit) -> None:
    """Of a table, only what fits as a whole is there, and how much that is; then the table is as it was."""
    there = await visit(demo.admin, size=(1280, 900))
    page = there.page
    await there.open_dashboard("Palmer penguins")
    rows = there.tile("All penguins")
    await expect(rows.locator(".ag-center-cols-container .ag-row").first).to_contain_text("adelie_1")
    words = await page.evaluate("async () => (await window.depictio.picture.sheet()).words.map(({ text }) => text)")
    said = re.search(r"(\d+) of 342 rows and (\d+) of 9 columns are shown here", " ".join(words))
    assert said
    many, columns = (int(number) for number in said.groups())
    assert len([word for word in words if re.fullmatch(r"adelie_\d+", word)]) == many
    heads = [head for head in await rows.locator(".ag-header-cell-text").all_text_contents() if head]
    assert all(head in " ".join(words) for head in heads[:columns])
    assert heads[columns] not in " ".join(words)
    whole = await page.evaluate("async () => (await window.depictio.picture.sheet()).words.length")
    assert whole == len(words)
    await expect(rows.locator(".print-rows, .is-cut")).to_have_count(0)
