"""From a file on the desk to a table in the project, in a real browser."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api

ROWS = "sample;depth;ph\n" + "".join(f"S{row:03};{row * 3};{row % 9},5\n" for row in range(200))
DROP = """(files) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name, { type: "text/csv" }));
  const form = document.querySelector(".dp-drop");
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
async def project(demo: Demo, visit: OpenVisit) -> AsyncIterator[tuple[Visit, str]]:
    """An empty project, opened by its owner; it is deleted at the end."""
    there = await visit(demo.admin)
    made = await api(there.page, "POST", "/projects", {"name": "A desk full of tables"})
    yield there, str(made["id"])
    await there.go("/projects")
    await api(there.page, "DELETE", f"/projects/{made['id']}")


async def test_a_dropped_file_becomes_a_table(project: tuple[Visit, str]) -> None:
    """Dropped, looked at, corrected and ingested; then its table is shown."""
    there, key = project
    page = there.page
    await there.go(f"/projects/{key}")
    await page.get_by_role("link", name="Upload").click()
    await page.wait_for_url("**/uploads")
    await page.evaluate(DROP, [["depths.csv", ROWS]])
    await page.wait_for_url(re.compile(r"/uploads/[0-9a-f]{64}"))
    await expect(page.get_by_label("Separator")).to_have_value(";")
    await expect(page.get_by_label("Numbers are written with a decimal comma")).to_be_checked()
    await page.get_by_label("Type of depth").select_option("Float64")
    await expect(page.locator("tbody td").nth(1)).to_have_text("0.0")
    await page.get_by_label("Name of the table").fill("Depths")
    await page.get_by_role("button", name="Ingest").click()
    await page.wait_for_url("**/collections/*")
    await expect(page.get_by_role("status")).to_contain_text("Depths has 200 rows now.")
    (stored,) = (await api(page, "GET", f"/projects/{key}/collections"))["items"]
    assert {column["name"]: column["dtype"] for column in stored["columns"]}["depth"] == "Float64"


async def test_what_is_no_table_is_said_and_sending_can_be_stopped(project: tuple[Visit, str]) -> None:
    """With the keyboard alone; nothing is left in the project."""
    there, key = project
    page = there.page
    await there.go(f"/projects/{key}/uploads")
    await page.evaluate(DROP, [["picture.csv", "%PDF-1.7"]])
    await expect(page.get_by_role("alert")).to_contain_text("picture.csv is a PDF.")
    there.errors[:] = [error for error in there.errors if "422" not in error]
    await page.route("**/uploads/content*", lambda _: None)
    await page.evaluate(DROP, [["depths.csv", ROWS]])
    await expect(page.get_by_role("button", name="Cancel depths.csv")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Files", exact=True)).to_be_focused()
    assert (await api(page, "GET", f"/projects/{key}/collections"))["items"] == []


async def test_files_that_are_dropped_together_are_sorted_and_made_tables(project: tuple[Visit, str]) -> None:
    """One is refused and named, one is cancelled; two become one table, and the last waits for its turn."""
    there, key = project
    page = there.page
    await there.go(f"/projects/{key}/uploads")
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await page.route("**/uploads/content?name=last.csv", hold)
    names = ("depths_1.csv", "depths_2.csv", "people.csv", "last.csv", "late.csv")
    texts = {"people.csv": "name,age\nAda,36\n"}
    await page.evaluate(DROP, [["picture.csv", "%PDF-1.7"], *([name, texts.get(name, ROWS)] for name in names)])
    lines = page.get_by_role("list", name="Files on their way").get_by_role("listitem")
    await expect(lines).to_have_count(6)
    await page.get_by_role("button", name="Cancel late.csv").click()
    await page.get_by_role("button", name="Cancel last.csv").click()
    held.set()
    await expect(lines.first).to_contain_text("picture.csv is a PDF.")
    await expect(page.get_by_role("button", name="Go on with the 3 files")).to_be_focused()
    there.errors[:] = [error for error in there.errors if "422" not in error]
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/batches/*")
    await page.get_by_role("button", name="Make one table of these").click()
    await expect(page.get_by_role("heading", name="What becomes of 2 files")).to_be_visible()
    await expect(page.get_by_label("Name of the table")).to_have_value("depths")
    await page.get_by_role("button", name="Ingest").click()
    await page.wait_for_url("**/batches/*")
    await page.get_by_role("button", name="Look at it").click()
    await page.get_by_role("button", name="Ingest").click()
    await page.wait_for_url("**/collections/*")
    tables = (await api(page, "GET", f"/projects/{key}/collections"))["items"]
    assert {one["tag"]: one["rows"] for one in tables} == {"depths": 400, "people": 1}


async def test_a_folder_is_dropped(project: tuple[Visit, str], tmp_path: Path) -> None:
    """Its files are sent, those of folders within it too, and hidden ones are not."""
    there, key = project
    page = there.page
    (tmp_path / "runs" / "first").mkdir(parents=True)
    for name in ("runs/depths.csv", "runs/first/others.csv", "runs/.hidden.csv"):
        (tmp_path / name).write_text(ROWS)
    await there.go(f"/projects/{key}/uploads")
    box = await page.locator(".dp-drop").bounding_box()
    assert box is not None
    browser = await page.context.new_cdp_session(page)
    files = {"items": [], "files": [str(tmp_path / "runs")], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        where = {"type": kind, "x": box["x"] + 40, "y": box["y"] + 40, "data": files}
        await browser.send("Input.dispatchDragEvent", where)
    await page.wait_for_url("**/batches/*")
    await expect(page.get_by_role("heading", name="2 files with 3 columns")).to_be_visible()
    await expect(page.get_by_role("checkbox", name="others.csv")).to_be_checked()
