"""Maps as figures: what lies below, which part of the Earth is shown, points, density, regions and captions."""

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from dash_views.answers import badge_of, figure_of, is_enlargeable, more_of, notice_of
from dash_views.figures.arrays import inlined, plain
from dash_views.figures.colours import Palette
from dash_views.figures.ground import BOUNDARIES_AT, Ground
from dash_views.figures.maps import cells_of, highest
from dash_views.figures.views import latitude, mercator, view
from domain.map_tile import Boundaries, Center, MapKind, MapStyle, MapTile
from domain.tiles import Box
from services.queries import Bins, Density, Extent, Frame

PLACES: dict[str, Any] = {"lat_column": "lat", "lon_column": "lon"}
EUROPE = Extent(west=-10, south=35, east=30, north=60)


def of(kind: MapKind = MapKind.SCATTER, **values: Any) -> MapTile:
    return MapTile(id="m", collection_id="c", map_type=kind, **values)


def frame(data: dict[str, Any], **more: Any) -> Frame:
    rows = pl.DataFrame(data)
    counts = {"rows_total": rows.height, "rows_matched": rows.height, "shown": rows.height, "of": rows.height}
    return Frame(data=rows, **{**counts, "extent": EUROPE, **more})


POINTS = {"x": [1.0, 2.0, 3.0], "y": [50.0, 51.0, 52.0]}
DENSITY = Density(
    x=Bins(start=0.0, step=2.0, count=2, high=4.0),
    y=Bins(start=50.0, step=1.0, count=2, high=52.0),
    counts=pl.Series([1, 0, 3, 4], dtype=pl.UInt32),
)


def test_nothing_is_fetched_from_elsewhere_without_a_setting() -> None:
    """The style is written out; its only source lies on this server."""
    shown = figure_of(of(**PLACES), frame(POINTS), Palette())["layout"]["map"]["style"]
    assert shown["sources"] == {"land": {"type": "geojson", "data": BOUNDARIES_AT[Boundaries.COUNTRIES]}}
    assert BOUNDARIES_AT[Boundaries.COUNTRIES].startswith("/static/")


def test_a_tile_server_is_asked_unless_the_tile_says_boundaries() -> None:
    ground = Ground("https://tiles.example.org/{z}/{x}/{y}.png", "Someone")
    asked = figure_of(of(**PLACES), frame(POINTS), Palette(), ground)["layout"]["map"]["style"]
    assert asked["sources"]["tiles"]["tiles"] == ("https://tiles.example.org/{z}/{x}/{y}.png",)
    assert asked["sources"]["tiles"]["attribution"] == "Someone"
    plainly = figure_of(of(**PLACES, map_style=MapStyle.BOUNDARIES), frame(POINTS), Palette(), ground)
    assert list(plainly["layout"]["map"]["style"]["sources"]) == ["land"]


def test_the_whole_extent_has_room() -> None:
    """The corners lie inside the tile at the zoom that is shown; a single place is not zoomed in for ever."""
    tile = of(**PLACES, layout=Box(0, 0, 4, 4))
    found = view(tile, EUROPE)
    pixels = 512 * 2 ** found["zoom"]
    assert (EUROPE.east - EUROPE.west) / 360 * pixels <= 600
    assert (mercator(60) - mercator(35)) / (2 * np.pi) * pixels <= 352
    assert found["center"]["lon"] == 10
    assert view(tile, Extent(west=1, south=2, east=1, north=2))["zoom"] <= 11
    assert latitude(mercator(48.5)) == pytest.approx(48.5)


def test_what_the_tile_says_of_the_view_holds() -> None:
    tile = of(**PLACES, default_zoom=4.5, default_center=Center(1, 2))
    assert view(tile, EUROPE) == {"center": {"lat": 1, "lon": 2}, "zoom": 4.5}


def test_points_have_colours_sizes_and_what_is_hovered() -> None:
    """The selected value comes last in customdata."""
    tile = of(**PLACES, color_column="k", size_column="s", hover_columns=("h",), selection_column="n", size_max=20)
    more = {"color": ["a", "b", "a"], "size": [1.0, None, 4.0], "hover_0": ["p", "q", "r"], "selection": [7, 8, 9]}
    found = figure_of(tile, frame({**POINTS, **more}), Palette({"a": "#111111"}))
    first, second = found["data"]
    assert (first["type"], first["name"], first["marker"]["color"]) == ("scattermap", "a", "#111111")
    assert (plain(first["lon"]), plain(first["lat"])) == ([1, 3], [50, 52])
    assert plain(first["customdata"]) == [["p", 7], ["r", 9]]
    assert first["marker"]["sizeref"] == 2 * 4 / 20**2
    assert plain(second["marker"]["size"]) == [0]
    assert found["layout"]["clickmode"] == "event+select"
    assert found["layout"]["showlegend"] is True


def test_numbers_give_a_scale_of_colours() -> None:
    tile = of(**PLACES, color_column="v", range_color=(0.0, 9.0), color_continuous_scale="Hot")
    [points] = figure_of(tile, frame({**POINTS, "color": [1.0, 2.0, 3.0]}), Palette())["data"]
    assert (points["marker"]["cmin"], points["marker"]["cmax"], points["marker"]["colorscale"]) == (0.0, 9.0, "Hot")


def test_scales_say_the_description_of_their_column() -> None:
    """As the axes of figures do; of regions behind the aggregation."""
    titles = {"v": "Body mass (g)"}
    points = figure_of(
        of(**PLACES, color_column="v"), frame({**POINTS, "color": [1.0, 2.0, 3.0]}), Palette(), titles=titles
    )
    assert points["data"][0]["marker"]["colorbar"]["title"]["text"] == "Body mass (g)"
    assert points["data"][0]["hovertemplate"].startswith("Body mass (g) %{marker.color}")
    parted = of(**PLACES, color_column="v")
    named = figure_of(parted, frame({**POINTS, "color": ["a", "b", "a"]}), Palette(), titles={"v": "Site"})
    assert named["layout"]["legend"]["title"]["text"] == "Site"
    data = {"region": ["DE"], "name": ["Germany"], "y": [1.0], "rows": [2], "values": [["DE"]]}
    tile = of(MapKind.CHOROPLETH, locations_column="k", color_column="v")
    regions = figure_of(tile, frame(data), Palette(), titles=titles)
    assert regions["data"][0]["colorbar"]["title"]["text"] == "mean of Body mass (g)"


def test_a_sample_lies_over_the_density_of_all() -> None:
    """Empty cells are left out; the badge says how many points are drawn, and all may be asked for."""
    sampled = frame(POINTS, of=8, density=DENSITY)
    shade, points = figure_of(of(**PLACES, max_points=3), sampled, Palette())["data"]
    assert (shade["type"], points["type"]) == ("densitymap", "scattermap")
    assert plain(shade["lon"]) == [1, 1, 3]
    assert plain(shade["lat"]) == [50.5, 51.5, 51.5]
    tile = of(**PLACES, max_points=3)
    assert badge_of(tile, sampled) == "3 of 8 points"
    assert is_enlargeable(tile)
    more = more_of(tile, sampled, is_full=False)
    assert more is not None
    assert more.act == "all"


def test_a_density_draws_the_rows_or_the_cells() -> None:
    """Cells weigh their counts, rows their weights."""
    tile = of(MapKind.DENSITY, **PLACES, z_column="w")
    rows, tools = figure_of(tile, frame({**POINTS, "size": [1.0, None, 3.0]}), Palette())["data"]
    assert plain(rows["z"]) == [1, 0, 3]
    assert tools["meta"] == {"tools": True}, "beside points plotly.js has a box and a lasso"
    cells, _ = figure_of(tile, frame({**POINTS, "size": [1.0, 1.0, 1.0]}, of=8, density=DENSITY), Palette())["data"]
    assert plain(cells["z"]) == [1, 3, 4]
    assert not is_enlargeable(tile)


def test_the_highest_density_has_the_end_of_the_scale() -> None:
    """A place alone has its own weight; many at one place add up; those far apart do not."""
    alone = highest(np.array([1.0, 40.0]), np.array([1.0, 1.0]), np.array([2.0, 1.0]), 1.0)
    assert alone == pytest.approx(2 / np.sqrt(2 * np.pi))
    crowd = highest(np.full(50, 3.0), np.full(50, 4.0), np.ones(50), 1.0)
    assert crowd == pytest.approx(50 / np.sqrt(2 * np.pi), rel=0.01)
    assert highest(np.empty(0), np.empty(0), np.empty(0), 1.0) == 1.0
    assert cells_of(DENSITY)[2].tolist() == [1, 3, 4]


REGIONS = {
    "region": ["DEU", "FRA"], "name": ["Germany", "France"], "y": [1.5, None], "rows": [3, 2],
    "values": [["DE", "Germany"], ["FR"]],
}  # fmt: skip


def test_regions_carry_the_values_that_name_them() -> None:
    """They come last in customdata, as lists, also when everything is written out."""
    tile = of(MapKind.CHOROPLETH, locations_column="land", color_column="v")
    [regions] = inlined(figure_of(tile, frame(REGIONS), Palette()))["data"]
    assert (regions["type"], regions["geojson"]) == ("choroplethmap", BOUNDARIES_AT[Boundaries.COUNTRIES])
    assert regions["locations"] == ["DEU", "FRA"]
    assert regions["customdata"] == [["Germany", 3, ["DE", "Germany"]], ["France", 2, ["FR"]]]
    assert regions["hovertemplate"].endswith("mean of v %{z}<br>%{customdata[1]} rows")
    [counted] = inlined(figure_of(of(MapKind.CHOROPLETH, locations_column="land"), frame(REGIONS), Palette()))["data"]
    assert counted["hovertemplate"].endswith("<br>%{z} rows")


def test_regions_of_the_rows_bring_their_outlines() -> None:
    """They are written into the figure, which begins where they lie; by themselves they show the Earth."""
    tile = of(MapKind.CHOROPLETH, locations_column="land", boundaries=Boundaries.GEOMETRY)
    ring = [[7, 50], [8, 50], [8, 51], [7, 50]]
    outlines = [json.dumps({"type": "Polygon", "coordinates": [ring]}), '{"type": "MultiPolygon", "coordinates": []}']
    figure = inlined(figure_of(tile, frame(REGIONS | {"geometry": outlines}, extent=EUROPE), Palette()))
    [regions] = figure["data"]
    assert [one["id"] for one in regions["geojson"]["features"]] == regions["locations"] == ["DEU", "FRA"]
    assert regions["geojson"]["features"][0]["geometry"] == {"type": "Polygon", "coordinates": [ring]}
    assert figure["layout"]["map"]["center"]["lon"] == 10
    # All of Europe has room beside the colour scale.
    pixels = 512 * 2 ** figure["layout"]["map"]["zoom"]
    assert (EUROPE.east - EUROPE.west) / 360 * pixels <= tile.layout.w * 150 - 120
    nowhere = figure_of(tile, frame(REGIONS | {"geometry": outlines}, extent=None), Palette())["layout"]["map"]
    assert nowhere["center"]["lon"] == view(of(MapKind.CHOROPLETH, locations_column="x"), None)["center"]["lon"]


def test_a_note_is_the_caption_of_the_map_and_never_markup() -> None:
    """Long ones have several lines."""
    tile = of(MapKind.CHOROPLETH, locations_column="land", layout=Box(0, 0, 2, 2))
    noted = frame(REGIONS, note="3 of 5 values are no countries: <b>x</b>, y, and something much longer than a line")
    [caption] = figure_of(tile, noted, Palette())["layout"]["annotations"]
    assert "&lt;b&gt;x&lt;/b&gt;" in caption["text"]
    assert caption["text"].count("<br>") == 2
    assert badge_of(tile, noted) == ""


def test_a_map_of_which_nothing_can_be_drawn_says_why() -> None:
    empty = frame({"region": []}, rows_total=5, rows_matched=5, note="2 of 2 values are no countries: x, y")
    notice = notice_of(empty)
    assert notice is not None
    assert (notice.text, notice.failed) == ("Nothing can be drawn: 2 of 2 values are no countries: x, y.", False)
