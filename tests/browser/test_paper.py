"""The PDF of a dashboard, made in a real browser: read back object by object."""

import os
import re
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Page, expect

from tests.browser.demo import Visit, api

PICTURES = os.environ.get("DEPICTIO_SCREENSHOTS", "")
CUTS = "([sheet, room]) => window.depictio.paper.cuts(sheet, room)"
ROOM = """(bottom) => Math.round(
  window.depictio.paper.measures({ width: 1000, boxes: [{ top: 100, bottom, isTile: true }] }).room)"""
TABS = [{"id": "all", "title": "Overview"}, {"id": "none", "title": "Nothing yet"}, {"id": "more", "title": "Details"}]


class Sheet(NamedTuple):
    """A page of a PDF: its size in points, its words, and the colours of its picture's first line."""

    size: tuple[float, ...]
    words: list[str]
    top: set[bytes]
    pixels: tuple[int, int]


def _objects(content: bytes) -> dict[int, bytes]:
    """The objects of a file by their numbers, each found where the table at the end says."""
    assert content.startswith(b"%PDF-1.7\n")
    table = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    head, *lines = content[table:].split(b"trailer")[0].splitlines(keepends=True)
    assert head == b"xref\n"
    entries = lines[1:]
    assert int(lines[0].split()[1]) == len(entries)
    assert {len(one) for one in entries} == {20}
    begins = [int(one[:10]) for one in entries[1:]]
    found = {}
    for number, begin in enumerate(begins, 1):
        start = f"{number} 0 obj\n".encode()
        assert content[begin : begin + len(start)] == start
        found[number] = content[begin + len(start) :]
    return found


def _stream(found: bytes) -> bytes:
    length = re.search(rb"/Length (\d+)", found)
    assert length
    begin = found.index(b"stream\n") + len(b"stream\n")
    return zlib.decompress(found[begin : begin + int(length[1])])


def sheets(content: bytes) -> list[Sheet]:
    """The pages of a file in their order."""
    objects = _objects(content)
    tree = next(one for one in objects.values() if one.startswith(b"<< /Type /Pages"))
    kids = re.search(rb"/Kids \[(.*?)\]", tree)
    assert kids
    found = []
    for number in re.findall(rb"(\d+) 0 R", kids[1]):
        page = objects[int(number)].split(b"endobj")[0]
        box, content_id, picture_id = (
            re.search(pattern, page) for pattern in (rb"MediaBox \[0 0 (.*?)\]", rb"Contents (\d+)", rb"/P (\d+)")
        )
        assert box
        assert content_id
        assert picture_id
        words = re.findall(rb"<([0-9a-f]+)> Tj", _stream(objects[int(content_id[1])]))
        picture = objects[int(picture_id[1])]
        wide, high = re.search(rb"/Width (\d+)", picture), re.search(rb"/Height (\d+)", picture)
        assert wide
        assert high
        colours = _stream(picture)
        assert len(colours) == int(wide[1]) * int(high[1]) * 3
        top = {colours[at : at + 3] for at in range(0, int(wide[1]) * 3, 3)}
        size = tuple(float(side) for side in box[1].split())
        said = [bytes.fromhex(word.decode()).decode("cp1252") for word in words]
        found.append(Sheet(size, said, top, (int(wide[1]), int(high[1]))))
    return found


async def _tabbed(editor: Visit) -> str:
    """The penguins on two of three tabs; the address of their viewer."""
    page = editor.page
    key = page.url.split("/dashboards/")[1].split("/")[0]
    found = await api(page, "GET", f"/dashboards/{key}")
    tiles: Any = found["tiles"]
    for name in ("rows", "about"):
        tiles[name] |= {"tab": "more"}
    content = {"version": found["version"], "title": found["title"], "tabs": TABS, "tiles": tiles}
    await api(page, "PUT", f"/dashboards/{key}", content)
    return f"/dashboards/{key}?f.species=Gentoo&tab=more"


async def _saved(page: Page, folder: Path) -> bytes:
    menu = page.get_by_role("button", name="More of this dashboard")
    is_phone = await menu.is_visible()
    if is_phone:
        await menu.click()
    async with page.expect_download(timeout=60_000) as waiting:
        button = page.get_by_role("button", name="PDF")
        await (button.click() if is_phone else button.press("Enter"))
    download = await waiting.value
    assert download.suggested_filename == "Tabs.pdf"
    path = Path(PICTURES or folder) / "board.pdf"
    await download.save_as(path)
    return path.read_bytes()


async def test_all_tabs_are_on_one_pdf(editor: Visit, tmp_path: Path) -> None:
    """By keyboard, on a dark screen: light pages with words; then the page is as it was. By pointer on a phone."""
    page = editor.page
    address = await _tabbed(editor)
    await page.emulate_media(color_scheme="dark")
    await editor.go(address)
    await editor.painted()
    before = page.url
    found = sheets(await _saved(page, tmp_path))
    assert page.url == before
    await expect(page.get_by_role("tab", name="Details")).to_have_attribute("aria-selected", "true")
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")

    first, *_, last = found
    assert {one.size for one in found} == {(841.89, 595.28)}
    assert {colour for one in found for colour in one.top} == {b"\xff\xff\xff"}
    assert first.words[:2] == ["Tabs", "Overview"]
    assert {"Penguins", "123"} <= set(first.words)
    assert any(word.endswith("(mm)") for word in first.words)
    assert any(word.startswith("Filters: Species: Gentoo") for word in first.words)
    assert "Tabs · 1" in first.words
    assert {"gentoo_1", "Palmer", f"Tabs · {len(found)}"} <= set(last.words)
    assert not [word for one in found for word in one.words if word == "Nothing yet"]

    await page.set_viewport_size({"width": 390, "height": 844})
    await editor.painted()
    narrow = sheets(await _saved(page, tmp_path))
    assert {one.size for one in narrow} == {(595.28, 841.89)}
    assert len(narrow) >= len(found)


async def test_pages_end_between_tiles(editor: Visit) -> None:
    """As far down as there is room, never within a tile, but for one that is higher than a page."""
    page = editor.page
    boxes = [{"top": 100, "bottom": 500}, {"top": 100, "bottom": 300}, {"top": 310, "bottom": 690}]
    boxes += [{"top": 700, "bottom": 1000}, {"top": 1010, "bottom": 2600}]
    assert await page.evaluate(CUTS, [{"height": 650, "boxes": boxes[:2]}, 700]) == [0, 650]
    assert await page.evaluate(CUTS, [{"height": 1000, "boxes": boxes[:4]}, 750]) == [0, 700, 1000]
    assert await page.evaluate(CUTS, [{"height": 2620, "boxes": boxes}, 1000]) == [0, 700, 1010, 2010, 2620]
    # The first tile becomes a little smaller to stand below the title; one that could not be read then does not.
    rooms = [await page.evaluate(ROOM, bottom) for bottom in (500, 900, 3000)]
    assert rooms == [698, 924, 698]
