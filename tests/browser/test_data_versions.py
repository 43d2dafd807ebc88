"""A dashboard whose data change under it: pinned, unpinned, its lost column remapped, and the old version restored."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.demo import Visit, api
from tests.browser.test_accessibility import both
from tests.browser.test_uploads import DROP, project

__all__ = ["project"]
PICTURES = os.environ.get("DEPICTIO_SCREENSHOTS", "")
FIRST = "site,mass\nA,1\nB,2\n"
LONG = "name_of_a_column_that_is_longer_than_a_phone_is_wide"
SECOND = f"site,body_mass,{LONG}\nA,10,1\nB,20,2\nC,30,3\n"
BEYOND = """() => [...document.querySelectorAll('.dp-panel :is(select, td)')].filter((one) => (
  one.getBoundingClientRect().right > one.closest('.dp-panel').getBoundingClientRect().right))
  .map((one) => one.textContent)"""


async def picture(page: Page, name: str) -> None:
    """Kept for who looks at the pages, when the environment names a folder."""
    if not PICTURES:
        return
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}.png")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.screenshot(path=Path(PICTURES) / f"{name}-390.png")
    await page.set_viewport_size({"width": 1440, "height": 900})


async def _send(there: Visit, key: str, content: str, mode: str, version: int) -> None:
    page = there.page
    await there.go(f"/projects/{key}/uploads")
    await page.evaluate(DROP, [[f"{mode}.csv", content]])
    await page.wait_for_url(re.compile(r"/uploads/[0-9a-f]{64}"))
    await page.get_by_label("Name of the table").fill("sites")
    if mode != "new":
        async with page.expect_response(lambda answer: answer.url.endswith("/preview")):
            await page.locator(f'input[name="mode"][value="{mode}"]').check()
        await expect(page.locator('input[name="mode"]:checked')).to_have_value(mode)
        await expect(page.get_by_label("Name of the table")).to_have_value("sites")
    await page.get_by_role("button", name="Ingest").click()
    # What takes longer is a job, whose page comes first.
    await page.wait_for_url(re.compile(r"/(collections|jobs)/"))
    for _ in range(300):
        found = (await api(page, "GET", f"/projects/{key}/collections"))["items"]
        if [one["table_version"] for one in found] == [version]:
            return
        await page.wait_for_timeout(100)
    pytest.fail(f"The job that ingests {mode} does not end.")


async def test_pinned_remapped_and_restored(project: tuple[Visit, str]) -> None:
    """By mouse and by keyboard, on a table whose second version has another column."""
    there, key = project
    page = there.page
    await _send(there, key, FIRST, "new", 0)
    (sites,) = (await api(page, "GET", f"/projects/{key}/collections"))["items"]
    board = await api(page, "POST", f"/projects/{key}/dashboards", {"title": "Masses"})
    card = {"component_type": "card", "id": "mass", "title": "Mass", "collection_id": sites["id"],
            "column_name": "mass", "aggregation": "sum", "decimals": 0}  # fmt: skip
    await api(page, "POST", f"/dashboards/{board['id']}/tiles", card)
    here = f"/dashboards/{board['id']}"
    await _pinned(there, here)
    await _send(there, key, SECOND, "replace", 1)
    await _still_pinned(there, here)
    await _remapped(there, here)
    await _restored(there, f"/projects/{key}/collections/{sites['id']}")
    await there.go(here)
    await there.shows("Mass", 3)
    await expect(page.get_by_role("link", name="Lost columns")).to_have_count(0)


async def _pinned(there: Visit, here: str) -> None:
    page = there.page
    await there.go(f"{here}/edit")
    await there.shows("Mass", 3)
    await page.get_by_role("link", name="Data versions").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/pins")
    await page.get_by_role("button", name="Pin sites to that version").click()
    await expect(page.get_by_role("status").first).to_contain_text("pinned to version 0")
    await picture(page, "pins")


async def _still_pinned(there: Visit, here: str) -> None:
    """What came since is not shown; the chip says so and leads to where the pin is taken out."""
    page = there.page
    await there.go(here)
    await there.shows("Mass", 3)
    chip = page.get_by_role("list", name="Pinned data").get_by_role("link")
    await expect(chip).to_contain_text("sites at version 0 of")
    await picture(page, "pinned-board")
    await chip.click()
    await page.get_by_role("button", name="Unpin sites").click()
    await expect(page.get_by_text("always the newest")).to_be_visible()


async def _remapped(there: Visit, here: str) -> None:
    page = there.page
    await there.go(f"{here}/edit")
    await expect(there.tile("Mass")).to_contain_text("has lost its column 'mass' in version 1 of")
    await picture(page, "lost-board")
    await page.get_by_role("link", name="Lost columns: mass").click()
    await expect(page.get_by_label("Instead of mass")).to_have_value("body_mass")
    await page.get_by_role("button", name="Show what changes").press("Enter")
    changes = page.get_by_role("region", name="What changes")
    await expect(changes).to_contain_text("body_mass")
    await expect(changes).to_be_focused()
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate(BEYOND) == []
    cells = changes.locator("td[data-label]")
    assert await cells.evaluate_all("(all) => all.map((one) => one.dataset.label)") == ["Now", "Then"]
    await page.set_viewport_size({"width": 1440, "height": 900})
    await picture(page, "remap")
    assert await both(there) == []
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Use the other columns")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="No column is missing")).to_be_focused()
    await _undone_in_the_editor(there, here)
    await there.go(f"{here}/columns")
    await page.get_by_role("button", name="Take the last change back").click()
    await expect(page.get_by_label("Instead of mass")).to_be_visible()
    await expect(page.get_by_role("heading", name="sites", exact=True)).to_be_focused()


async def _undone_in_the_editor(there: Visit, here: str) -> None:
    """What the pages beside it have changed is in its Undo, and the chips above the board follow."""
    page = there.page
    await there.go(f"{here}/edit")
    await there.shows("Mass", 60)
    await expect(page.get_by_role("button", name="Undo", exact=True)).to_be_enabled()
    await page.keyboard.press("Control+z")
    lost = page.get_by_role("link", name="Lost columns: mass")
    await expect(lost).to_be_visible()
    await expect(there.tile("Mass")).to_contain_text("has lost its column 'mass'")
    await expect(there.tile("Mass").get_by_role("button", name="Retry")).to_be_in_viewport(ratio=0.9)
    await page.keyboard.press("Control+z")
    await expect(page.get_by_role("list", name="Pinned data")).to_contain_text("sites at version 0 of")
    await expect(lost).to_have_count(0)
    await there.shows("Mass", 3)
    await page.keyboard.press("Control+Shift+Z")
    await expect(lost).to_be_visible()
    await page.keyboard.press("Control+Shift+Z")
    await there.shows("Mass", 60)


async def _restored(there: Visit, collection: str) -> None:
    page = there.page
    await there.go(collection)
    await picture(page, "collection")
    await page.get_by_role("link", name="Restore version 0…").click()
    await expect(page.locator("#consequences")).to_contain_text("2 rows instead of 3")
    await picture(page, "restore")
    assert await both(there) == []
    await page.get_by_role("button", name="Restore version 0").click()
    await expect(page.get_by_role("status").first).to_contain_text("Version 0 is restored, as version 2.")
    await page.get_by_role("link", name="Upkeep").click()
    await expect(page.get_by_role("heading", name="Remove files of old versions")).to_be_visible()
    await page.get_by_label("Keep what was replaced").select_option("30d")
    await picture(page, "upkeep")
