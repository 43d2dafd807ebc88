"""Controls of the panel that do more than hold a value, in Chromium: one journey by mouse and keyboard."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api
from tests.browser.ingested import ingested
from tests.browser.test_dates import DAYS, board


@asynccontextmanager
async def copied(there: Visit, change: Any) -> AsyncIterator[str]:
    """The address of a copy of the penguins' dashboard whose tiles `change` has changed; deleted at the end."""
    await there.open_dashboard("Palmer penguins")
    source = there.page.url.split("/dashboards/")[1].split("?")[0]
    found = await api(there.page, "GET", f"/dashboards/{source}")
    made = await api(there.page, "POST", f"/projects/{found['project_id']}/dashboards", {"title": "Controls"})
    tiles = found["tiles"]
    change(tiles)
    content = {"version": made["version"], "title": "Controls", "tiles": tiles}
    await api(there.page, "PUT", f"/dashboards/{made['id']}", content)
    yield f"/dashboards/{made['id']}"
    await there.go("/projects")
    await api(there.page, "DELETE", f"/dashboards/{made['id']}")


async def picture(there: Visit, name: str) -> None:
    """A screenshot, for people to look at, where `TEST_PICTURES` names a folder."""
    if folder := os.environ.get("TEST_PICTURES"):
        await there.page.screenshot(path=Path(folder) / f"{name}.png")


async def test_exact_bounds_and_a_logarithmic_scale(demo: Demo, visit: OpenVisit) -> None:
    """What is written beside a slider is what the link says and the cards count."""
    there = await visit(demo.admin)

    def change(tiles: dict[str, Any]) -> None:
        tiles["body-mass"]["scale"] = "log10"

    async with copied(there, change) as address:
        await there.go(address)
        await there.shows("Penguins", 342)
        page = there.page
        await picture(there, "slider")
        low, high = page.get_by_label("Body mass (g) at least"), page.get_by_label("Body mass (g) at most")
        await low.fill("4003")
        await low.press("Enter")
        await expect(page.locator("[data-chip=body-mass]")).to_contain_text("4003")
        assert page.url.endswith("?f.body-mass=4003..")
        await high.fill("4800")
        await high.press("Tab")
        await expect(page.locator("[data-chip=body-mass]")).to_contain_text("4003 \N{EN DASH} 4800")
        thumb = page.get_by_role("slider", name="Body mass (g) to")
        await expect(thumb).to_have_attribute("aria-valuetext", "4800")
        await thumb.focus()
        await page.keyboard.press("ArrowRight")
        await expect(thumb).not_to_have_attribute("aria-valuetext", "4800")
        await high.fill("")
        await high.press("Enter")
        await expect(page.locator("[data-chip=body-mass]")).to_contain_text("\N{GREATER-THAN OR EQUAL TO} 4003")
        assert await page.locator(".spread-bars rect.is-in").count() < await page.locator(".spread-bars rect").count()
        await page.emulate_media(color_scheme="dark")
        await picture(there, "slider-dark")
        await page.set_viewport_size({"width": 390, "height": 844})
        await picture(there, "slider-phone")


async def test_a_time_is_brushed(demo: Demo, visit: OpenVisit, tmp_path: Path) -> None:
    """By mouse, finger and keyboard; a click beside the choice takes it away."""
    path = await board(demo, tmp_path, "Timeline")
    there = await visit(demo.admin, has_touch=True)
    await there.go(path)
    await there.painted()
    await there.shows("Days", 164)
    page = there.page
    strip = page.locator(".timeline-strip")
    box = await strip.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + box["width"] * 0.25, middle)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=4)
    await page.mouse.up()
    chip = page.locator("[data-chip=when]")
    await expect(chip).to_be_visible()
    await picture(there, "timeline")
    first, last = page.get_by_role("slider", name="When from"), page.get_by_role("slider", name="When to")
    ends = [date.fromisoformat(str(await end.get_attribute("aria-valuetext"))) for end in (first, last)]
    await there.shows("Days", len([day for day in DAYS if ends[0] <= day <= ends[1]]))
    assert page.url.endswith(f"?f.when={ends[0]}..{ends[1]}")
    await first.focus()
    await page.keyboard.press("Shift+ArrowRight")
    await expect(first).to_have_attribute("aria-valuetext", str(ends[0] + timedelta(days=10)))
    await page.keyboard.press("Home")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowLeft")
    until = ends[1] - timedelta(days=1)
    await expect(chip).to_contain_text(f"{DAYS[0]} \N{EN DASH} {until}")
    await page.reload()
    await there.painted()
    await expect(last).to_have_attribute("aria-valuetext", str(until))
    await page.touchscreen.tap(box["x"] + box["width"] * 0.9, middle)
    await there.shows("Days", 164)
    await expect(chip).to_have_count(0)


async def test_a_slice_and_a_violin_are_picked(demo: Demo, visit: OpenVisit) -> None:
    """The slice by mouse, the violin by keyboard; a second click takes the slice back."""
    there = await visit(demo.admin)

    def change(tiles: dict[str, Any]) -> None:
        tiles["bills"] |= {"visu_type": "pie", "x": "", "y": None, "color": None, "size": None, "hover": []}
        tiles["bills"] |= {"selection_column": None, "options": {"names": "species"}, "title": "Parts"}
        tiles["flippers"] = tiles["bills"] | {"id": "flippers", "visu_type": "violin", "title": "Shapes", "options": {}}
        tiles["flippers"] |= {"x": "species", "y": "flipper_length_mm", "layout": tiles["bills"]["layout"] | {"x": 4}}

    async with copied(there, change) as address:
        await there.go(address)
        await there.painted()
        page = there.page
        await page.locator('[data-figure="bills"] .slice').first.click()
        await there.shows("Penguins", 151)
        assert page.url.endswith("?f.bills=Adelie")
        await picture(there, "pie")
        await page.locator('[data-figure="bills"] .slice').first.click()
        await there.shows("Penguins", 342)
        await page.locator('[data-figure="flippers"]').focus()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-chip=flippers]")).to_be_visible()
        await picture(there, "violin")


PLATES = """
name: Plates
workflows:
  - name: plates
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
WELLS = pl.DataFrame({"plate": [*"ppppqqqr"], "row": [*"ABABABAB"], "grown": [True, True, False, True] * 2})


async def test_every_control_says_how_many_rows_the_others_leave(demo: Demo, visit: OpenVisit, tmp_path: Path) -> None:
    """Lists, segments, check boxes and switches, whatever is chosen in one of them; by mouse and by keyboard."""
    WELLS.write_csv(tmp_path / "wells.csv")
    (tmp_path / "project.yaml").write_text(PLATES)
    kinds = {"list": ("Select", "row"), "segments": ("SegmentedControl", "plate"), "boxes": ("Checkbox", "plate"),
             "switch": ("Switch", "grown")}  # fmt: skip
    there = await visit(demo.admin)
    page = there.page
    async with ingested(demo, tmp_path / "project.yaml", "Plates") as project:
        wells = project.collections["wells"]
        address = await project.board("Plates", {
            "wells": {"component_type": "card", "id": "wells", "title": "Wells", "collection_id": wells,
                      "column_name": "row", "aggregation": "count", "layout": {"x": 0, "y": 0, "w": 2, "h": 1}},
            **{key: {"component_type": "interactive", "id": key, "title": key.title(), "collection_id": wells,
                     "interactive_component_type": kind, "column_name": column}
               for key, (kind, column) in kinds.items()},
        })  # fmt: skip
    segments, boxes, switch = (page.locator(f"[data-filter={key}]") for key in ("segments", "boxes", "switch"))
    await there.go(address)
    await there.shows("Wells", 8)
    await expect(segments.locator("label")).to_have_text(["all", "p (4)", "q (3)", "r (1)"])
    await expect(boxes.locator("label")).to_have_text(["p (4)", "q (3)", "r (1)"])
    await expect(switch).to_contain_text("only grown (6)")

    await page.locator("[data-filter=list]").get_by_role("textbox").click()
    await page.get_by_role("option", name="A (4)").click()
    await there.shows("Wells", 4)
    await expect(segments.locator("label")).to_have_text(["all", "p (2)", "q (2)", "r (0)"])
    await expect(boxes.locator("label")).to_have_text(["p (2)", "q (2)", "r (0)"])
    await expect(boxes.locator(".is-empty")).to_have_text("r (0)")
    await expect(segments.locator("label.is-empty")).to_have_text("r (0)")
    await expect(switch).to_contain_text("only grown (2)")

    # What is ticked narrows the others, not its own choices.
    await boxes.get_by_role("checkbox", name="q (2)").focus()
    await page.keyboard.press("Space")
    await there.shows("Wells", 2)
    await expect(switch).to_contain_text("only grown (1)")
    await expect(boxes.locator("label")).to_have_text(["p (2)", "q (2)", "r (0)"])
    await switch.get_by_role("switch").press("Space")
    await there.shows("Wells", 1)
    await expect(boxes.get_by_role("checkbox", name="q (1)")).to_be_checked()
    await page.get_by_role("button", name="Reset all").click()
    await there.shows("Wells", 8)
    await expect(boxes.locator("label")).to_have_text(["p (4)", "q (3)", "r (1)"])
    await expect(switch).to_contain_text("only grown (6)")
