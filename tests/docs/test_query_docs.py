"""`docs/query.md` against the engine: its example runs, and its shapes are those of the frames."""

import math
import subprocess
import sys
from datetime import date
from typing import get_args

import polars as pl
import pytest

from domain.filters import Operator
from domain.tiles import CardTile, DataTile, FigureTile, FilterTile, FilterWidget, TableTile, Visu
from persistence.frames import grids, levels, shapes
from persistence.frames.query import frame_of, query
from tests.docs.pages import ROOT, blocks, rows

PAGE = "docs/query.md"
WITHOUT_SERVER = "\nimport sys\nassert not {'litestar', 'dash', 'plotly', 'motor', 'pymongo'} & set(sys.modules)\n"
DATA = pl.DataFrame(
    {
        "number": [1.0, 2.0, 4.0],
        "word": ["a", "b", "b"],
        "day": [date(2024, 5, 1), date(2024, 5, 2), None],
        "flag": [True, False, True],
    }
)
COLUMNS = dict.fromkeys(FilterWidget, "word") | {
    FilterWidget.RANGE_SLIDER: "number",
    FilterWidget.SLIDER: "number",
    FilterWidget.DATE_RANGE: "day",
    FilterWidget.TIMELINE: "day",
    FilterWidget.SWITCH: "flag",
}
TILE = {"id": "tile", "collection_id": "data"}
GROUPED = {**TILE, "x": "word", "y": "number", "color": "word"}
ROLES = {**TILE, "x": "number", "y": "number", "color": "word", "size": "number", "hover": ("day",)}
POLAR = {**TILE, "color": "word", "options": {"theta": "word", "r": "number"}}
NAMED = {**TILE, "options": {"names": "word", "values": "number"}}
SEVERAL = {**TILE, "color": "word", "options": {"dimensions": ["number"]}}
TILES: dict[str, DataTile] = {
    "scatter": FigureTile(**ROLES, visu_type=Visu.SCATTER, selection_column="word"),
    "bar": FigureTile(**GROUPED, visu_type=Visu.BAR),
    "line": FigureTile(**GROUPED, visu_type=Visu.LINE),
    "histogram": FigureTile(**TILE, x="number", color="word", visu_type=Visu.HISTOGRAM),
    "histogram` of text": FigureTile(**TILE, x="word", color="word", visu_type=Visu.HISTOGRAM),
    "box": FigureTile(**GROUPED, visu_type=Visu.BOX),
    "area": FigureTile(**GROUPED, visu_type=Visu.AREA),
    "funnel": FigureTile(**GROUPED, options={"orientation": "v"}, visu_type=Visu.FUNNEL),
    **{kind.value: FigureTile(**POLAR, visu_type=kind) for kind in (Visu.LINE_POLAR, Visu.BAR_POLAR)},
    **{kind.value: FigureTile(**NAMED, visu_type=kind) for kind in (Visu.PIE, Visu.FUNNEL_AREA)},
    "violin": FigureTile(**GROUPED, visu_type=Visu.VIOLIN),
    "ecdf": FigureTile(**TILE, x="number", color="word", visu_type=Visu.ECDF),
    "heatmap": FigureTile(**TILE, x="word", y="flag", options={"z": "number"}, visu_type=Visu.HEATMAP),
    **{
        kind.value: FigureTile(**TILE, x="number", y="day", visu_type=kind)
        for kind in (Visu.DENSITY_HEATMAP, Visu.DENSITY_CONTOUR)
    },
    **{
        kind.value: FigureTile(**TILE, options={"path": ["word"]}, visu_type=kind)
        for kind in (Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE)
    },
    "parallel_categories": FigureTile(**SEVERAL, visu_type=Visu.PARALLEL_CATEGORIES),
    "strip": FigureTile(**GROUPED, visu_type=Visu.STRIP),
    "scatter_3d": FigureTile(
        **TILE, x="number", y="number", color="word", options={"z": "day"}, visu_type=Visu.SCATTER_3D
    ),
    **{kind.value: FigureTile(**SEVERAL, visu_type=kind) for kind in (Visu.SCATTER_MATRIX, Visu.PARALLEL_COORDINATES)},
    "scatter_polar": FigureTile(**POLAR, visu_type=Visu.SCATTER_POLAR),
    "scatter_ternary": FigureTile(
        **TILE, color="word", options=dict.fromkeys("abc", "number"), visu_type=Visu.SCATTER_TERNARY
    ),
    "timeline": FigureTile(
        **TILE, y="word", color="word", options={"x_start": "day", "x_end": "day"}, visu_type=Visu.TIMELINE
    ),
    "card": CardTile(**TILE, column_name="number"),
    "table": TableTile(**TILE, columns=("number", "word", "day")),
} | {
    str(widget): FilterTile(**TILE, column_name=column, interactive_component_type=widget)
    for widget, column in COLUMNS.items()
}
BOUNDS = {
    "2000": shapes.MAX_GROUPS,
    "200": shapes.MAX_BOXES,
    "1000": shapes.MAX_PAGE,
    "10000": levels.MAX_CELLS,
    "2400": math.prod(grids.MOST[Visu.DENSITY_HEATMAP]),
    "432": math.prod(grids.MOST[Visu.DENSITY_CONTOUR]),
}


def test_the_example_prints_what_the_page_says() -> None:
    """In a process of its own, into which neither web, Dash nor a document store is loaded."""
    [code], [expected] = blocks(PAGE, "python"), blocks(PAGE, "text")
    done = subprocess.run(
        [sys.executable, "-c", code + WITHOUT_SERVER], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected


@pytest.mark.parametrize("kind", TILES)
def test_a_frame_has_the_columns_that_the_page_lists(kind: str) -> None:
    [said] = [row for row in rows(PAGE, "Shapes") if row[0] == kind]
    frame = frame_of(query([TILES[kind]], {"data": DATA})["tile"])
    expected = ["number", "word", "day"] if kind == "table" else said[2].replace("`", "").split()
    assert frame.data.columns == expected


def test_every_tile_has_a_shape_and_its_bound() -> None:
    said = rows(PAGE, "Shapes")
    assert [row[0] for row in said] == list(TILES)
    assert {row[3] for row in said if row[3]} == {"max_points", *map(str, BOUNDS.values())}
    assert {row[0]: row[3] for row in said}["MultiSelect"] == str(shapes.MAX_OPTIONS)


def test_the_counts_are_those_of_a_frame() -> None:
    fields = [name for name in shapes.Frame.__struct_fields__ if name != "data"]
    assert [row[0] for row in rows(PAGE, "Frames")] == fields


def test_the_operators_are_those_of_clauses() -> None:
    """All but a condition, whose language has a page of its own."""
    assert [row[0] for row in rows(PAGE, "Filter state")] == [one for one in get_args(Operator) if one != "where"]
