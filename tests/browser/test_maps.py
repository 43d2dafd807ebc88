"""Maps in a real browser, without any other server: points, density and regions; picked by mouse and by keyboard."""

import re
from typing import Any

import polars as pl
import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenVisit
from tests.browser.demo import Demo, Visit
from tests.browser.ingested import ingested

PROJECT = """
name: Lakes of the world
workflows:
  - name: lakes
    engine: {name: none}
    data_location: {structure: flat, locations: [.]}
    data_collections:
      - data_collection_tag: lakes
        config:
          type: table
          metatype: metadata
          scan: {mode: single, scan_parameters: {filename: lakes.csv}}
          dc_specific_properties: {format: CSV}
"""
COUNTRIES = ("Germany", "DE", "France", "Italy", "Atlantis")
LAKES = pl.DataFrame(
    {
        "lake": [f"lake {number}" for number in range(200)],
        "lat": [44.0 + number % 20 * 0.5 for number in range(200)],
        "lon": [2.0 + number // 20 * 1.2 for number in range(200)],
        "country": [COUNTRIES[number % 5] for number in range(200)],
        "depth": [float(number % 37) for number in range(200)],
    }
)
GERMANY = {"lon": 10.4, "lat": 51.0}


@pytest.fixture(scope="module")
async def board(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The lakes, sent by the command line, and the address of a dashboard with three maps and a card."""
    folder = tmp_path_factory.mktemp("lakes")
    LAKES.write_csv(folder / "lakes.csv")
    (folder / "project.yaml").write_text(PROJECT)
    async with ingested(demo, folder / "project.yaml", "Lakes of the world") as project:
        return await project.board("Lakes", tiles(project.collections["lakes"]))


def tiles(collection: str) -> dict[str, dict[str, Any]]:
    places = {"component_type": "map", "lat_column": "lat", "lon_column": "lon"}
    found: dict[str, dict[str, Any]] = {
        "points": {
            **places, "title": "Where", "color_column": "country", "hover_columns": ["lake"],
            "selection_column": "lake", "layout": {"x": 0, "y": 0, "w": 4, "h": 4},
        },
        "region": {**places, "title": "Region", "color_column": "depth", "layout": {"x": 4, "y": 0, "w": 4, "h": 4}},
        "countries": {
            "component_type": "map", "map_type": "choropleth_map", "title": "Depths", "locations_column": "country",
            "color_column": "depth", "default_zoom": 2.5, "default_center": GERMANY,
            "layout": {"x": 0, "y": 4, "w": 4, "h": 4},
        },
        "density": {
            **places, "map_type": "density_map", "title": "Crowds", "layout": {"x": 4, "y": 4, "w": 4, "h": 4},
        },
        "lakes": {
            "component_type": "card", "title": "Lakes", "column_name": "lake", "aggregation": "count",
            "layout": {"x": 0, "y": 8, "w": 2, "h": 1},
        },
    }  # fmt: skip
    return {key: {**tile, "id": key, "collection_id": collection} for key, tile in found.items()}


async def ready(there: Visit) -> None:
    """Wait until every map has its boundaries and data."""
    await there.painted()
    script = """() => [...document.querySelectorAll('.js-plotly-plot')].every(({ _fullLayout }) => {
      const drawn = _fullLayout?.map?._subplot;
      return drawn && drawn.map && drawn.map.loaded();
    })"""
    await there.page.wait_for_function(script, timeout=30_000)


async def place(there: Visit, tile: str, lon: float, lat: float) -> tuple[float, float]:
    """Where a place on Earth is in the window."""
    script = """([tile, lon, lat]) => {
      const graph = document.querySelector(`[data-figure="${tile}"] .js-plotly-plot`);
      const { map } = graph._fullLayout.map._subplot;
      const { x, y } = map.project([lon, lat]);
      const box = map.getCanvas().getBoundingClientRect();
      return [box.x + x, box.y + y];
    }"""
    x, y = await there.page.evaluate(script, [tile, lon, lat])
    return x, y


async def test_a_click_on_a_country_selects_all_its_spellings(demo: Demo, visit: OpenVisit, board: str) -> None:
    """`Germany` and `DE` are one region; what names no country is said in the corner of the map."""
    there = await visit(demo.admin)
    await there.go(board)
    await ready(there)
    await there.shows("Lakes", 200)
    await expect(there.tile("Depths")).to_contain_text("1 of 5 values is no country: Atlantis")
    await there.tile("Depths").scroll_into_view_if_needed()
    spot = await place(there, "countries", GERMANY["lon"], GERMANY["lat"])
    await there.page.mouse.move(spot[0] - 3, spot[1])
    await there.page.mouse.move(*spot)
    await there.page.mouse.click(*spot)
    await there.shows("Lakes", LAKES.filter(pl.col("country").is_in(["Germany", "DE"])).height)
    assert "countries" in there.page.url
    await there.page.get_by_role("button", name="Clear the selection of Depths").click()
    await there.shows("Lakes", 200)


async def test_a_region_is_selected_with_the_keyboard_alone(demo: Demo, visit: OpenVisit, board: str) -> None:
    """The arrow keys move the map; Enter selects what is under the cross, and the focus stays."""
    there = await visit(demo.admin)
    await there.go(board)
    await ready(there)
    canvas = there.tile("Depths").locator(".maplibregl-canvas")
    await canvas.focus()
    await expect(canvas).to_have_attribute("aria-label", re.compile("Enter selects what is in the middle"))
    await there.page.keyboard.press("Enter")
    await there.shows("Lakes", LAKES.filter(pl.col("country").is_in(["Germany", "DE"])).height)
    await expect(canvas).to_be_focused()
    await there.page.get_by_role("button", name="Clear the selection of Depths").click()
    await there.shows("Lakes", 200)

    before = await place(there, "countries", **GERMANY)
    await canvas.focus()
    await there.page.keyboard.press("ArrowRight")
    await there.page.wait_for_timeout(600)  # MapLibre glides for 300 ms.
    after = await place(there, "countries", **GERMANY)
    assert after[0] < before[0] - 50


ON_PAPER = """() => {
  window.dispatchEvent(new Event('beforeprint'));
  const colours = (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  };
  const found = [...document.querySelectorAll('.print-map')].map(colours);
  window.dispatchEvent(new Event('afterprint'));
  return found.length === 4 ? found : [0];
}"""
"""How many colours each map has on paper, where its own canvas is empty."""


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1440), ("light", 390)])
async def test_maps_are_drawn_in_dark_and_on_phones(
    demo: Demo, visit: OpenVisit, board: str, scheme: str, width: int
) -> None:
    """Nothing is wider than the window, and every map has its canvas."""
    there = await visit(demo.admin, size=(width, 900), color_scheme=scheme)
    await there.go(board)
    await there.page.locator(".tile").first.wait_for()
    await there.page.keyboard.press("End")
    await ready(there)
    assert await there.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await there.page.locator(".tile canvas.maplibregl-canvas").count() == 4
    await there.page.screenshot(path=f"build/maps-{scheme}-{width}.png", full_page=True)
    assert all(seen > 1 for seen in await there.page.evaluate(ON_PAPER))
    assert await there.page.locator(".print-map").count() == 0


async def test_a_map_is_made_in_the_editor(demo: Demo, visit: OpenVisit, board: str) -> None:
    """The form finds latitude and longitude by their names, and the preview shows the map."""
    there = await visit(demo.admin)
    await there.go(board)
    await ready(there)
    await there.open_editor()
    await there.page.get_by_role("button", name="Add a tile").click()
    await there.page.get_by_role("button", name="Map of points where each row lies").click()
    await expect(there.page.locator(".preview .maplibregl-canvas")).to_be_visible(timeout=20_000)
    await expect(there.page.get_by_role("textbox", name="Latitude")).to_have_value(re.compile("^lat "))
    await there.page.wait_for_timeout(500)
    await there.page.screenshot(path="build/maps-editor.png")
    await there.page.get_by_role("button", name="Add to the dashboard").click()
    await expect(there.tile("Map of country")).to_be_visible()
    await there.page.get_by_role("button", name="Delete the tile Map of country").click()
    await there.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(there.tile("Map of country")).to_have_count(0)


async def test_a_click_on_a_point_selects_its_lake(demo: Demo, visit: OpenVisit, board: str) -> None:
    """By the column to select by; without one by the place itself."""
    there = await visit(demo.admin)
    await there.go(board)
    await ready(there)
    lake = LAKES.row(90, named=True)
    for tile, title in (("points", "Where"), ("region", "Region")):
        spot = await place(there, tile, lake["lon"], lake["lat"])
        await there.page.mouse.move(spot[0] - 2, spot[1])
        await there.page.mouse.move(*spot)
        await there.page.mouse.click(*spot)
        await there.shows("Lakes", 1)
        await there.page.get_by_role("button", name=f"Clear the selection of {title}").click()
        await there.shows("Lakes", 200)


async def test_a_box_selects_what_lies_inside(demo: Demo, visit: OpenVisit, board: str) -> None:
    """Of points and of a density: the corners are degrees, and plain polars counts the same lakes; Enter takes all."""
    there = await visit(demo.admin)
    await there.go(board)
    await ready(there)
    inside = LAKES.filter(pl.col("lon").is_between(3.0, 7.5), pl.col("lat").is_between(46.2, 52.2))
    for tile, title in (("region", "Region"), ("density", "Crowds")):
        await there.tile(title).scroll_into_view_if_needed()
        await there.tile(title).hover()
        await there.tile(title).locator('[data-val="select"]').click()
        start, end = await place(there, tile, 3.0, 52.2), await place(there, tile, 7.5, 46.2)
        await there.page.mouse.move(*start)
        await there.page.mouse.down()
        await there.page.mouse.move(*end, steps=6)
        await there.page.mouse.up()
        await there.shows("Lakes", inside.height)
        assert "between" in there.page.url
        await there.page.get_by_role("button", name=f"Clear the selection of {title}").click()
        await there.shows("Lakes", 200)

    await there.tile("Crowds").locator(".maplibregl-canvas").focus()
    await there.page.keyboard.press("Enter")
    await there.page.wait_for_url("**f.density**")
    await there.shows("Lakes", 200)
