"""Figures of several panels: what is selected in facets and in distributions beside points, and their titles."""

from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit, api, stored

BELOW_LEGEND = """(rows) => {
  const plot = document.querySelector('[data-figure=facets]');
  const legend = plot?.querySelector('.legend .bg')?.getBoundingClientRect();
  if (!legend) return false;
  const titles = [...plot.querySelectorAll('.annotation-text')].map((title) => title.getBoundingClientRect().top);
  const found = new Set([...plot.querySelectorAll('.legendtext')].map((text) => text.getBoundingClientRect().top)).size;
  return found >= rows && titles.length > 1 && titles.every((top) => top >= legend.bottom);
}"""


async def box_over(there: Visit, title: str, panel: int) -> None:
    """Draw a box over a whole panel, counted as plotly.js does."""
    await there.tile(title).locator('[data-val="select"]').evaluate("(button) => button.click()")
    area = await there.tile(title).locator(".nsewdrag").nth(panel).bounding_box()
    assert area
    await there.page.mouse.move(area["x"] + 1, area["y"] + 1)
    await there.page.mouse.down()
    await there.page.mouse.move(area["x"] + area["width"] - 1, area["y"] + area["height"] - 1, steps=6)
    await there.page.mouse.up()


async def clear(there: Visit, title: str) -> None:
    button = there.page.get_by_role("button", name=f"Clear the selection of {title}")
    await button.click()
    await expect(button).to_have_count(0)  # The card may say so all the time.
    await there.shows("Penguins", 342)


async def click(there: Visit, mark: Locator) -> None:
    """Click on a mark as a hand does, which is over it for a moment: plotly.js knows by then what it is."""
    await there.page.mouse.move(0, 0)
    await mark.hover(force=True)
    await expect(there.tile("Beside").locator(".hovertext")).to_have_count(1)
    await mark.click(force=True)


async def test_facets_and_distributions_select_exactly_their_rows(demo: Demo, visit: OpenVisit) -> None:
    """A box over a facet takes its rows, one over a distribution the points below it, a bar those that it counts."""
    there = await visit(demo.admin)
    await there.open_dashboard("Palmer penguins")
    found = await stored(there)
    collection = next(tile["collection_id"] for tile in found["tiles"].values() if tile["component_type"] == "figure")
    made = await api(there.page, "POST", f"/projects/{found['project_id']}/dashboards", {"title": "Panels"})
    content = {"version": made["version"], "title": made["title"], "tiles": tiles(collection)}
    await api(there.page, "PUT", f"/dashboards/{made['id']}", content)
    await there.go(f"/dashboards/{made['id']}")
    await there.shows("Penguins", 342)
    await there.painted()

    await box_over(there, "Facets", 0)
    await there.shows("Penguins", 165)
    await expect(there.page.locator("[data-chip=facets]")).to_contain_text("female")
    await clear(there, "Facets")

    await box_over(there, "Beside", 1)
    await there.shows("Penguins", 342)
    await expect(there.page.locator("[data-chip=beside]")).to_be_visible()
    await clear(there, "Beside")

    bars = [trace for trace in await there.figure("beside") if trace["type"] == "bar"]
    counted = sum(trace["y"][2] for trace in bars)  # type: ignore[index, misc]
    bar = there.page.locator('[data-figure="beside"] .bars .point').nth(2)
    await click(there, bar)
    await there.shows("Penguins", counted)
    await click(there, bar)
    await there.shows("Penguins", 342)

    await there.page.wait_for_function(BELOW_LEGEND, arg=1)
    await there.page.set_viewport_size({"width": 390, "height": 844})
    await there.tile("Facets").scroll_into_view_if_needed()
    await there.page.wait_for_function(BELOW_LEGEND, arg=2)


def tiles(collection: str) -> dict[str, Any]:
    scatter = {"component_type": "figure", "visu_type": "scatter", "x": "bill_length_mm", "y": "body_mass_g"}
    found: dict[str, dict[str, Any]] = {
        "n": {
            "component_type": "card", "title": "Penguins", "column_name": "individual_id", "aggregation": "count",
            "layout": {"x": 0, "y": 0, "w": 2, "h": 1},
        },
        "facets": {
            **scatter, "title": "Facets", "color": "species", "options": {"facet_col": "sex"},
            "layout": {"x": 0, "y": 1, "w": 4, "h": 4},
        },
        "beside": {
            **scatter, "title": "Beside", "selection_column": "individual_id",
            "options": {"marginal_x": "histogram", "marginal_y": "box"}, "layout": {"x": 4, "y": 1, "w": 4, "h": 4},
        },
    }  # fmt: skip
    return {key: {**tile, "id": key, "collection_id": collection} for key, tile in found.items()}
