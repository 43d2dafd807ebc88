"""Date filters by the names of ranges, in a real browser."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo
from tests.browser.ingested import ingested

DAYS = [date(2023, 10, 2) + timedelta(days) for days in range(164)]
"""To 2024-03-13."""
PROJECT = """\
name: Tides
workflows:
  - name: gauge
    engine: {name: python}
    data_location: {structure: flat, locations: [.]}
    data_collections:
      - data_collection_tag: tides
        config:
          type: table
          metatype: metadata
          scan: {mode: single, scan_parameters: {filename: tides.parquet}}
          dc_specific_properties: {format: parquet}
"""


async def board(demo: Demo, folder: Path, widget: str = "DateRangePicker") -> str:
    """A dashboard of one reading a day."""
    pl.DataFrame({"day": DAYS, "height": range(len(DAYS))}).write_parquet(folder / "tides.parquet")
    (folder / "project.yaml").write_text(PROJECT)
    async with ingested(demo, folder / "project.yaml", "Tides") as project:
        data = {"collection_id": project.collections["tides"], "column_name": "day"}
        control = {"component_type": "interactive", "interactive_component_type": widget}
        tiles = [
            {"id": "days", "component_type": "card", "title": "Days", "aggregation": "count", **data},
            {"id": "when", "title": "When", **control, **data},
        ]
        return await project.board("Tides", {tile["id"]: tile for tile in tiles})


async def test_named_ranges_count_back_from_the_newest_day(demo: Demo, visit: OpenVisit, tmp_path: Path) -> None:
    """By mouse and by keyboard; chip and link hold the days themselves."""
    path = await board(demo, tmp_path)
    there = await visit(demo.admin, (390, 844))
    await there.go(path)
    await there.painted()
    await there.shows("Days", 164)
    await there.page.locator(".panel-details:not([open]) > summary").click()
    control = there.page.locator(".filter-dates")
    await expect(control).to_contain_text("Named ranges end at the newest day, 2024-03-13.")
    await control.locator("button").first.click()
    await there.page.get_by_role("button", name="Last 7 days").click()
    await there.shows("Days", 7)
    assert there.page.url.endswith("?f.when=2024-03-07..2024-03-13")
    await expect(there.page.locator("[data-chip=when]")).to_contain_text("2024-03-07 \N{EN DASH} 2024-03-13")
    await control.locator("button").first.click()
    newest = there.page.get_by_role("button", name="Newest month")
    box = await newest.bounding_box()
    assert box
    assert box["x"] >= 0
    await newest.focus()
    await there.page.keyboard.press("Enter")
    await there.shows("Days", 13)
    await there.page.locator("[data-chip=when]").click()
    await there.shows("Days", 164)
