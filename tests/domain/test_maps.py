"""Rules of maps: what they need, the columns they read, what selecting on them means, their form in files."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.copies import used_columns
from domain.dashboard_file import dashboard_file, written
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.filters import Wish
from domain.map_tile import Boundaries, Center, MapAggregation, MapKind, MapStyle, MapTile
from domain.maps import SCALES, heading, value_said
from domain.selections import can_select, filter_state
from domain.tile_rules import tile_problems
from tests.domain.test_dashboard_file_written import a_board
from tests.domain.test_selections import AT, clause

PLACES = {"lat_column": "lat", "lon_column": "lon"}


def of(kind: MapKind = MapKind.SCATTER, **values: Any) -> MapTile:
    return MapTile(id="m", collection_id="c", map_type=kind, **values)


POINTS = of(**PLACES, color_column="kind", size_column="mass", hover_columns=("a", "b"), selection_column="name")
REGIONS = of(MapKind.CHOROPLETH, locations_column="land", color_column="mass")
DENSITY = of(MapKind.DENSITY, **PLACES, z_column="mass")


@pytest.mark.parametrize("tile", [POINTS, REGIONS, DENSITY])
def test_a_whole_map_has_no_problem(tile: MapTile) -> None:
    assert tile_problems(tile) == []


@pytest.mark.parametrize(
    ("tile", "places"),
    [
        (of(), ["lat_column", "lon_column"]),
        (of(MapKind.DENSITY, lat_column="lat"), ["lon_column"]),
        (of(MapKind.CHOROPLETH), ["locations_column"]),
        (of(**PLACES, opacity=0.0), ["opacity"]),
        (of(**PLACES, range_color=(2.0, 1.0)), ["range_color"]),
        (of(**PLACES, range_color=(0.0, float("inf"))), ["range_color"]),
        (of(**PLACES, color_continuous_scale="Mauve"), ["color_continuous_scale"]),
        (of(**PLACES, default_zoom=21.0), ["default_zoom"]),
        (of(**PLACES, default_center=Center(91, 0)), ["default_center"]),
        (of(**PLACES, radius=0, size_max=101, max_points=0), ["radius", "size_max", "max_points"]),
        (of(**PLACES, hover_columns=("a",) * 31), ["hover_columns"]),
    ],
)
def test_what_cannot_be_drawn_is_named(tile: MapTile, places: list[str]) -> None:
    assert [problem.place for problem in tile_problems(tile)] == places


def test_the_columns_that_a_map_reads() -> None:
    """Those of its kind only."""
    assert used_columns(POINTS) == ("lat", "lon", "kind", "mass", "name", "a", "b")
    assert used_columns(DENSITY) == ("lat", "lon", "mass")
    assert used_columns(REGIONS) == ("land", "mass")


def test_a_map_without_a_title_is_called_by_what_it_shows() -> None:
    counted = of(MapKind.CHOROPLETH, locations_column="land", boundaries=Boundaries.US_STATES)
    assert heading(POINTS) == "Map of kind"
    assert heading(DENSITY) == "Density of mass"
    assert heading(REGIONS) == "mean of mass by country"
    assert value_said(counted) == "rows"


@pytest.mark.parametrize(
    ("tile", "wishes", "expected"),
    [
        (POINTS, [Wish("in", ("x",))], [clause("m", "name", "in", "x", selection=True)]),
        (REGIONS, [Wish("in", ("DE", "Germany"))], [clause("m", "land", "in", "DE", "Germany", selection=True)]),
        (
            DENSITY,
            [Wish("between", (1.0, 2.0)), Wish("between", (50.0, 51.0))],
            [
                clause("m", "lon", "between", 1.0, 2.0, selection=True),
                clause("m", "lat", "between", 50.0, 51.0, selection=True),
            ],
        ),
        (
            of(**PLACES),
            [Wish("within", (0.0, 0.0, 1.0, 0.0, 1.0, 1.0))],
            [clause("m", "lon", "within", 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, y="lat", selection=True)],
        ),
    ],
)
def test_selections_become_clauses(tile: MapTile, wishes: list[Wish], expected: list[object]) -> None:
    board = Dashboard(
        id="d", project_id="p", title="T", created_by="u", created_at=AT, updated_at=AT, tiles={"m": tile}
    )
    assert list(filter_state(board, {"m": tuple(wishes)}, ())) == expected


def test_a_map_that_cannot_select_refuses_a_wish() -> None:
    tile = of(**PLACES, selection_enabled=False)
    board = Dashboard(
        id="d", project_id="p", title="T", created_by="u", created_at=AT, updated_at=AT, tiles={"m": tile}
    )
    assert not can_select(tile)
    with pytest.raises(Invalid, match="does not fit its tile"):
        filter_state(board, {"m": (Wish("in", ("x",)),)}, ())


def test_a_file_of_depictio_1_5_is_read() -> None:
    """Its keys are those of the tile."""
    component = {
        "tag": "sampling-map", "component_type": "map", "workflow_tag": "python/flow", "data_collection_tag": "rows",
        "lat_column": "latitude", "lon_column": "longitude", "color_column": "biome", "size_column": "reads",
        "hover_columns": ["sample", "site"], "map_style": "carto-positron", "selection_enabled": True,
        "selection_column": "sample", "default_center": {"lat": 48, "lon": 7.5}, "range_color": [0, 9],
    }  # fmt: skip
    found = dashboard_file({"title": "T", "components": [component]}, {"rows": "c"})
    assert found.tiles["sampling-map"] == MapTile(
        id="sampling-map", collection_id="c", lat_column="latitude", lon_column="longitude", color_column="biome",
        size_column="reads", hover_columns=("sample", "site"), selection_column="sample",
        default_center=Center(48.0, 7.5), range_color=(0.0, 9.0),
    )  # fmt: skip


NAMES = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)
MAPS = st.builds(
    MapTile,
    id=st.just("m"), collection_id=st.just("c"), map_type=st.sampled_from(MapKind), lat_column=NAMES, lon_column=NAMES,
    color_column=NAMES, size_column=NAMES, hover_columns=st.tuples() | st.tuples(st.just("a"), st.just("b")),
    z_column=NAMES, radius=st.integers(1, 200), locations_column=NAMES, boundaries=st.sampled_from(Boundaries),
    choropleth_aggregation=st.sampled_from(MapAggregation), color_continuous_scale=st.none() | st.sampled_from(SCALES),
    range_color=st.none() | st.tuples(st.floats(-9, 9), st.floats(10, 20)), opacity=st.floats(0.1, 1),
    size_max=st.integers(1, 100), map_style=st.sampled_from(MapStyle), default_zoom=st.none() | st.floats(0, 20),
    default_center=st.none() | st.builds(Center, st.floats(-90, 90), st.floats(-180, 180)),
    selection_enabled=st.booleans(), selection_column=NAMES, max_points=st.integers(1, 9_999),
)  # fmt: skip


@given(MAPS)
def test_a_map_comes_back_from_a_file_as_it_was(tile: MapTile) -> None:
    text = yaml.safe_dump(written(a_board("T", "", {tile.id: tile}), {"c": "rows"}), allow_unicode=True)
    assert dashboard_file(yaml.safe_load(text), {"rows": "c"}).tiles == {"m": tile}
