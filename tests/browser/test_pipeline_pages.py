"""What a project page tells of data: images sent to an uploaded table, its lineage by keyboard, and its runs."""

import re

from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, api
from tests.browser.test_accessibility import findings

PNG = b"\x89PNG\r\n\x1a\nimage"
WELLS = "well,file\nA1,one/a.png\nB1,b.png\n"
DROP = """(text) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], "wells.csv", { type: "text/csv" }));
  document.querySelector(".dp-drop").dispatchEvent(
    new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }),
  );
}"""


async def test_images_lineage_and_runs(demo: Demo, visit: OpenVisit) -> None:
    """A table is uploaded and its images sent, one of them wrong; the drawing is walked by keys; runs are searched."""
    there = await visit(demo.admin)
    page, there.expected_statuses = there.page, {422}
    made = await api(page, "POST", "/projects", {"name": "A bench full of wells"})
    await there.go(f"/projects/{made['id']}/uploads")
    await page.evaluate(DROP, WELLS)
    await page.wait_for_url(re.compile(r"/uploads/[0-9a-f]{64}"))
    await page.get_by_role("button", name="Ingest").click()
    await page.wait_for_url("**/collections/*")
    await page.get_by_role("link", name="Rows that name images").click()
    await page.get_by_label("Column that names images").select_option("file")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#images .dp-badge")).to_have_text("0 of 2 stored")
    chosen = [("b.png", PNG), ("other.png", PNG)]
    files = [{"name": name, "mimeType": "image/png", "buffer": content} for name, content in chosen]
    await page.locator("#field-images").set_input_files(files)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#images .dp-badge")).to_have_text("1 of 2 stored")
    await expect(page.locator("[data-refused] li")).to_have_text("other.png: is named by no row of the collection")

    await there.go(f"/projects/{made['id']}")
    node = page.locator(".dp-node[data-kind='collection']")
    await page.locator(".dp-lineage-scroll").focus()
    await page.keyboard.press("Tab")
    await expect(page.locator(".dp-node[data-kind='source']")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(node).to_be_focused()
    await expect(page.locator(".dp-lineage[data-lit] .dp-edge[data-lit]")).to_have_count(1)
    await page.locator("#lineage-list summary").press("Enter")
    await expect(page.locator("#lineage-list li").nth(1)).to_contain_text("Made of: uploads")

    runs = page.locator(".dp-runs")
    await runs.scroll_into_view_if_needed()
    await expect(runs.locator("tbody tr")).to_have_count(1)
    await runs.get_by_role("searchbox").fill("refused")
    await expect(runs).to_contain_text("No run matches")
    await runs.get_by_role("searchbox").fill("upl")
    await runs.get_by_role("link", name="uploads", exact=True).click()
    await expect(page.locator("#run-files")).to_contain_text("uploads/wells.csv")
    await page.set_viewport_size({"width": 390, "height": 844})
    for address in (page.url, f"/projects/{made['id']}/lineage", f"/projects/{made['id']}/runs?workflow=uploads"):
        await there.go(address.removeprefix(demo.address))
        wide = await page.evaluate(
            "(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth; })()"
        )
        assert wide <= 0, address
        assert await findings(there) == [], address
    await there.go("/projects")
    await api(page, "DELETE", f"/projects/{made['id']}")
