"""Figures as dictionaries: every kind from frames made by hand and from the engine; numbers, notices, badges."""

import base64
import math
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import numpy as np
import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dash_views.board import browser_tile
from dash_views.figures import figure
from dash_views.figures.arrays import Array, Words, categories, inlined, labels, packed
from dash_views.figures.build import WEBGL_FROM
from dash_views.figures.colours import CATEGORICAL, MISSING, Palette, palette
from dash_views.figures.layout import CONFIG
from dash_views.tiles import plot
from domain.filters import Clause
from domain.tiles import Aggregation, FigureTile, Tile, Visu
from persistence.frames import engine
from persistence.frames.kinds import column_of
from persistence.frames.sources import TableSource
from services.queries import Frame

BIRDS = pl.DataFrame(
    {
        "species": ["Adelie", "Adelie", "Gentoo", "Gentoo", "Gentoo", None, "Chinstrap", "Adelie"],
        "bill": [39.0, 40.5, 46.0, 47.5, 50.0, 44.0, 48.0, None],
        "mass": [3700.0, 3800.0, 5000.0, 5200.0, 5700.0, 4100.0, 3900.0, 3600.0],
        "ring": [1, 2, 3, 4, 5, 6, 7, 8],
        "male": [True, False, True, None, True, False, False, True],
        "seen": [date(2007, 1, 1 + day) for day in range(8)],
        "at": [datetime(2007, 1, 1 + day, 6, tzinfo=UTC).replace(tzinfo=None) for day in range(8)],
    }
)
SOURCE = TableSource("birds", tuple(column_of(name, kind) for name, kind in BIRDS.schema.items()), BIRDS.lazy)
GENTOO = Clause(source="f", collection_id="c", column="species", op="in", values=("Gentoo",))


def tile(visu: Visu, x: str, y: str | None = None, **more: Any) -> FigureTile:
    return FigureTile(id="t", collection_id="c", visu_type=visu, x=x, y=y, **more)


def engine_frame(asked: Tile, *clauses: Clause) -> Frame:
    found = engine.answer([asked], clauses, {"c": SOURCE})["t"]
    assert isinstance(found, Frame), found
    return found


def frame(data: pl.DataFrame, **counts: int) -> Frame:
    rows = {"rows_total": data.height, "rows_matched": data.height, "shown": data.height, "of": data.height}
    return Frame(data=data, **{**rows, **counts})


def drawn(asked: FigureTile, found: Frame, colours: Palette | None = None) -> dict[str, Any]:
    """The figure as JSON has it, its arrays in base64."""
    made: dict[str, Any] = orjson.loads(orjson.dumps(inlined(figure(asked, found, colours or Palette()))))
    return made


def numbers(array: Any) -> list[Any]:
    """The numbers of a trace's array, as plotly.js decodes them."""
    if isinstance(array, Array):
        array = inlined(array)
    if isinstance(array, dict):
        return np.frombuffer(base64.b64decode(array["bdata"]), dtype=array["dtype"]).tolist()
    return list(array)


def by_name(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in made["data"]}


# -- arrays


@given(st.lists(st.none() | st.floats(allow_nan=False)), st.sampled_from([pl.Float64, pl.Float32]))
def test_floats_keep_their_bits_and_missing_ones_become_nan(values: list[float | None], kind: Any) -> None:
    """plotly.js draws nothing at NaN, so no point appears where there is no value."""
    series = pl.Series("x", values, dtype=pl.Float64).cast(kind, strict=False)
    found = packed(series)
    assert isinstance(found, Array)
    assert found.dtype == {pl.Float64: "f8", pl.Float32: "f4"}[kind]
    expected = [math.nan if value is None else value for value in series]
    assert np.array_equal(np.array(numbers(found)), np.array(expected), equal_nan=True)


def test_other_values_are_arrays_as_their_type_has_them() -> None:
    """Counts in as few bytes as hold them; with gaps as floats; times as Plotly counts them; booleans as words."""
    gaps = packed(pl.Series([1, None], dtype=pl.UInt32))
    assert isinstance(gaps, Array)
    assert gaps.dtype == "f8"
    days = packed(pl.Series([date(2007, 1, 2), None]))
    assert isinstance(days, Array)
    assert (days.dtype, numbers(days)[0], math.isnan(numbers(days)[1])) == ("f8", 1_167_696_000_000, True)
    moment = datetime(2007, 1, 2, 3, 4, 5, 678_901)  # noqa: DTZ001
    there = pl.Series([moment]).dt.replace_time_zone("Asia/Tokyo")
    for values in (pl.Series([moment]), there):
        assert [round(ms * 1000) for ms in numbers(packed(values))] == [1_167_707_045_678_901]
    assert packed(pl.Series([True, None, False])) == ["true", None, "false"]
    assert packed(pl.Series(["a", None])) == ["a", None]
    assert packed(pl.concat([pl.Series([1.5]), pl.Series([2.5])], rechunk=False)) == packed(pl.Series([1.5, 2.5]))
    assert categories(pl.Series([True, None])) == ["true", "missing"]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([], "u1"), ([0, 255], "u1"), ([0, 256], "u2"), ([65_536], "u4"), ([-1, 127], "i1"), ([-128, 128], "i2"),
        ([-40_000], "i4"), ([4_294_967_295], "u4"), ([4_294_967_296], "f8"), ([-3_000_000_000, 1], "f8"),
    ],
)  # fmt: skip
def test_whole_numbers_are_as_narrow_as_they_fit(values: list[int], dtype: str) -> None:
    """And the same numbers, whatever their column was."""
    found = packed(pl.Series(values, dtype=pl.Int64))
    assert isinstance(found, Array)
    assert (found.dtype, numbers(found)) == (dtype, values)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([0.1, 500.5], "f4"), ([-1e30, 1e30], "f4"), ([1.0, 200.0], "u1"), ([12_345.0, 248_956_422.0], "u4"),
        ([1e9 + 0.25, 1e9 + 0.5], "f8"), ([1e300, 0.5], "f8"), ([math.inf, 0.5], "f8"), ([0.5, 0.5], "f8"),
    ],
)  # fmt: skip
def test_many_points_travel_in_four_bytes_where_nobody_sees_it(values: list[float], dtype: str) -> None:
    """Positions on a chromosome stay exact; numbers close to each other and far from zero keep all their bytes."""
    found = packed(pl.Series(values), coarse=True)
    assert isinstance(found, Array)
    assert found.dtype == dtype
    span = max(values) - min(values)
    moved = [abs(one - other) for one, other in zip(numbers(found), values, strict=True) if math.isfinite(other)]
    assert max(moved) <= span / 2**15
    exact = packed(pl.Series(values))
    assert isinstance(exact, Array)
    assert exact.dtype == "f8"


def test_words_of_few_values_are_numbered() -> None:
    """Missing ones too; words that are all different are written out, numbers are numbers."""
    few = labels(pl.Series(["b", "a", None, "b", "b", "a"]))
    assert few == Words(Array("u1", bytes([0, 1, 2, 0, 0, 1])), ["b", "a", None])
    assert inlined(few) == ["b", "a", None, "b", "b", "a"]
    assert labels(pl.Series(["a", "b", "c"])) == ["a", "b", "c"]
    assert labels(pl.Series([True, None, True, True])) == Words(Array("u1", bytes([0, 1, 0, 0])), ["true", None])
    assert inlined([labels(pl.Series([1.5, 2.5]))])[0]["dtype"] == "f8"


# -- scatter


def test_scatter_of_the_engine_shows_the_rows_with_both_numbers() -> None:
    """One trace a colour, with the numbers of the table; a missing category is a group of its own."""
    asked = tile(Visu.SCATTER, "bill", "mass", color="species")
    made = drawn(asked, engine_frame(asked), palette(["Adelie", "Chinstrap", "Gentoo"]))
    traces = by_name(made)
    assert list(traces) == ["Adelie", "Chinstrap", "Gentoo", "missing"]
    assert {trace["type"] for trace in made["data"]} == {"scatter"}
    assert {trace["mode"] for trace in made["data"]} == {"markers"}
    assert numbers(traces["Adelie"]["x"]) == [39.0, 40.5]
    assert numbers(traces["Gentoo"]["y"]) == [5000.0, 5200.0, 5700.0]
    assert traces["missing"]["marker"]["color"] == MISSING
    assert made["layout"]["showlegend"]
    assert made["layout"]["legend"]["title"] == {"text": "species"}
    assert [made["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")] == ["bill", "mass"]


def test_colours_hold_still_under_filters() -> None:
    """A category keeps its colour when the filters leave it alone."""
    asked = tile(Visu.SCATTER, "bill", "mass", color="species")
    words = engine.categories(SOURCE, "species")
    assert words == ["Adelie", "Chinstrap", "Gentoo"]
    all_of_them = by_name(drawn(asked, engine_frame(asked), palette(words)))
    one = by_name(drawn(asked, engine_frame(asked, GENTOO), palette(words)))
    assert list(one) == ["Gentoo"]
    assert one["Gentoo"]["marker"]["color"] == all_of_them["Gentoo"]["marker"]["color"] == CATEGORICAL[2]


@pytest.mark.parametrize("visu", [Visu.BAR, Visu.LINE, Visu.HISTOGRAM, Visu.BOX])
def test_every_kind_takes_its_colours_from_the_palette(visu: Visu) -> None:
    """So that one species has one colour on the whole board."""
    asked = tile(visu, "male" if visu is Visu.BOX else "mass", "bill", color="species")
    made = drawn(asked, engine_frame(asked, GENTOO), palette(["Adelie", "Chinstrap", "Gentoo"]))
    assert {(trace["name"], trace["marker"]["color"]) for trace in made["data"]} == {("Gentoo", CATEGORICAL[2])}


def test_without_a_palette_colours_follow_the_order() -> None:
    """More categories than colours: they repeat, the missing one stays grey."""
    names = [f"a{number:02}" for number in range(12)]
    data = pl.DataFrame({"x": [1.0] * 13, "y": [1.0] * 13, "color": [*names, None]})
    traces = by_name(drawn(tile(Visu.SCATTER, "a", "b", color="c"), frame(data)))
    colours = [traces[name]["marker"]["color"] for name in names]
    assert colours == [*CATEGORICAL, *CATEGORICAL[:2]]
    assert traces["missing"]["marker"]["color"] == MISSING


def test_a_number_as_colour_is_a_scale() -> None:
    """One trace with a colour bar and no legend."""
    asked = tile(Visu.SCATTER, "bill", "mass", color="ring")
    made = drawn(asked, engine_frame(asked))
    (trace,) = made["data"]
    assert numbers(trace["marker"]["color"]) == [1, 2, 3, 4, 5, 6, 7]
    assert trace["marker"]["colorbar"]["title"]["text"] == "ring"
    assert trace["marker"]["showscale"]
    assert not made["layout"]["showlegend"]


@pytest.mark.parametrize("visu", [Visu.BAR, Visu.LINE])
def test_a_few_numbers_as_colour_part_bars_and_lines(visu: Visu) -> None:
    """On a scale the bars of one place would hide each other; of many numbers there is a scale all the same."""
    tile = FigureTile(
        id="t", collection_id="c", visu_type=visu, x="island", color="year", aggregation=Aggregation.COUNT
    )
    places = {"x": ["a", "a", "b", "b"], "y": [1, 2, 3, 4], "rows": [1, 2, 3, 4]}
    made = figure(tile, frame(pl.DataFrame({**places, "color": [2007.0, 2008.0, 2007.0, None]})))
    assert [trace["name"] for trace in made["data"]] == ["2007", "2008", "missing"]
    assert [trace.get("meta") for trace in made["data"]] == (
        [{"parts": {"color": one}} for one in ("2007", "2008", "missing")] if visu is Visu.BAR else [None] * 3
    )
    many = pl.DataFrame({"x": ["a"] * 40, "y": range(40), "rows": range(40), "color": [one / 7 for one in range(40)]})
    assert len(figure(tile, frame(many))["data"]) == 1


def test_sizes_are_areas_on_one_scale_for_all_colours() -> None:
    """The largest of the whole figure sets the scale; nothing is smaller than nothing."""
    data = pl.DataFrame(
        {"x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0], "size": [-4.0, 100.0, 25.0], "color": ["a", "a", "b"]}
    )
    traces = by_name(drawn(tile(Visu.SCATTER, "a", "b", size="s", color="c"), frame(data)))
    assert numbers(traces["a"]["marker"]["size"]) == [0.0, 100.0]
    assert numbers(traces["b"]["marker"]["size"]) == [25.0]
    assert {trace["marker"]["sizemode"] for trace in traces.values()} == {"area"}
    assert len({trace["marker"]["sizeref"] for trace in traces.values()}) == 1


def test_a_size_of_nothing_draws_plain_points() -> None:
    """All sizes missing or zero would make every point invisible."""
    data = pl.DataFrame({"x": [1.0], "y": [1.0], "size": [None]}, schema_overrides={"size": pl.Float64})
    (trace,) = drawn(tile(Visu.SCATTER, "a", "b", size="s"), frame(data))["data"]
    assert trace["marker"]["size"] == 7


def test_custom_data_holds_the_hover_columns_and_last_the_selected_value() -> None:
    """The browser reads the selected value at the place that `browser_tile` tells it."""
    asked = tile(Visu.SCATTER, "bill", "mass", hover=("seen", "male"), selection_column="ring")
    (trace,) = drawn(asked, engine_frame(asked))["data"]
    assert trace["customdata"][0] == ["2007-01-01", "true", 1]
    said = browser_tile(asked, None)  # type: ignore[arg-type]  # Only filters look at the board.
    assert said == {"type": "figure", "collection": "c", "label": "mass by bill", "by": "ring", "at": 2}
    assert [row[said["at"]] for row in trace["customdata"]] == [1, 2, 3, 4, 5, 6, 7]
    assert trace["hovertemplate"] == "bill %{x}<br>mass %{y}<br>seen %{customdata[0]}<br>male %{customdata[1]}"


def test_points_that_carry_nothing_have_no_custom_data() -> None:
    """Dash fails on a `customdata` of null as soon as a point is touched or a region selected."""
    asked = tile(Visu.SCATTER, "bill", "mass")
    (trace,) = drawn(asked, engine_frame(asked))["data"]
    assert "customdata" not in trace


def test_bars_that_say_so_can_be_boxed() -> None:
    """Their toolbar has box and lasso, while a drag zooms; so they have not where no mark is picked."""
    data = frame(pl.DataFrame({"x": ["a"], "y": [1], "rows": [1]}))
    tile = FigureTile(id="t", collection_id="c", visu_type=Visu.BAR, x="island", aggregation=Aggregation.COUNT)
    made = figure(tile, data)["layout"]
    assert (made["dragmode"], made["modebar"]) == ("zoom", {"orientation": "v", "remove": []})
    deaf = figure(msgspec.structs.replace(tile, selection_enabled=False), data)
    assert deaf["layout"]["modebar"]["remove"] == ["select2d", "lasso2d"]
    assert "meta" not in deaf["data"][0]


def test_only_scatters_that_say_so_can_be_lassoed() -> None:
    """The gesture of the others is zoom; without a selection column the region itself is meant."""
    open_, closed = (tile(Visu.SCATTER, "bill", "mass", selection_enabled=on) for on in (True, False))
    gestures = [drawn(asked, engine_frame(asked))["layout"] for asked in (open_, closed)]
    assert [layout["dragmode"] for layout in gestures] == ["lasso", "zoom"]
    assert [layout["modebar"]["remove"] for layout in gestures] == [[], ["select2d", "lasso2d"]]
    assert browser_tile(open_, None) == {
        "type": "figure",
        "collection": "c",
        "label": "mass by bill",
        "by": "region",
        "at": 0,
    }  # type: ignore[arg-type]
    assert browser_tile(closed, None) == {"type": "figure", "collection": "c", "label": "mass by bill"}  # type: ignore[arg-type]


@pytest.mark.parametrize(("points", "kind"), [(WEBGL_FROM, "scatter"), (WEBGL_FROM + 1, "scattergl")])
def test_many_points_are_drawn_by_webgl(points: int, kind: str) -> None:
    data = pl.DataFrame({"x": np.zeros(points), "y": np.zeros(points)})
    (trace,) = drawn(tile(Visu.SCATTER, "a", "b"), frame(data))["data"]
    assert trace["type"] == kind


def test_points_are_drawn_in_the_same_way_under_filters() -> None:
    """When a filter leaves few of many, they are only larger."""
    data = pl.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]})
    asked = tile(Visu.SCATTER, "a", "b")
    (few,) = drawn(asked, frame(data, rows_total=WEBGL_FROM + 1))["data"]
    (many,) = drawn(asked, frame(data, rows_total=WEBGL_FROM + 1, shown=WEBGL_FROM + 1))["data"]
    assert few["type"] == many["type"] == "scattergl"
    assert few["marker"]["size"] > many["marker"]["size"]


# -- bars and lines


def test_bars_of_the_engine_are_grouped_numbers() -> None:
    """Text makes a category axis, and says how many rows a bar stands for."""
    asked = tile(Visu.BAR, "species", "mass", aggregation=Aggregation.SUM)
    made = drawn(asked, engine_frame(asked))
    (trace,) = made["data"]
    assert trace["type"] == "bar"
    assert trace["x"] == ["Adelie", "Chinstrap", "Gentoo", "missing"]
    assert numbers(trace["y"]) == [11100.0, 3900.0, 15900.0, 4100.0]
    assert numbers(trace["customdata"]) == [3, 1, 3, 1]
    assert trace["hovertemplate"] == "species %{x}<br>sum of mass %{y}<br>%{customdata} rows"
    assert made["layout"]["xaxis"]["type"] == "category"
    assert made["layout"]["yaxis"]["title"]["text"] == "sum of mass"
    assert made["layout"]["barmode"] == "group"


def test_counting_bars_need_no_y() -> None:
    """Axis and bars say that they count rows, once."""
    asked = tile(Visu.BAR, "male", color="species", aggregation=Aggregation.COUNT)
    made = drawn(asked, engine_frame(asked))
    traces = by_name(made)
    assert made["layout"]["yaxis"]["title"]["text"] == "rows"
    assert {trace["hovertemplate"] for trace in traces.values()} == {"male %{x}<br>%{y} rows"}
    found = {name: dict(zip(trace["x"], numbers(trace["y"]), strict=True)) for name, trace in traces.items()}
    assert found == {
        "Adelie": {"false": 1, "true": 2},
        "Chinstrap": {"false": 1},
        "Gentoo": {"true": 2, "missing": 1},
        "missing": {"false": 1},
    }


def test_lines_of_the_engine_run_along_days() -> None:
    """On an axis that is told so, for the days travel as numbers."""
    asked = tile(Visu.LINE, "seen", "mass", aggregation=Aggregation.MEAN)
    made = drawn(asked, engine_frame(asked))
    (trace,) = made["data"]
    assert (trace["type"], trace["mode"]) == ("scatter", "lines+markers")
    days = [datetime.fromtimestamp(ms / 1000, UTC).date() for ms in numbers(trace["x"])]
    assert days == BIRDS["seen"].to_list()
    assert numbers(trace["y"]) == BIRDS["mass"].to_list()
    assert made["layout"]["xaxis"]["type"] == "date"


def test_long_lines_have_no_markers() -> None:
    data = pl.DataFrame({"x": np.arange(201.0), "y": np.arange(201.0), "rows": pl.Series([1] * 201, dtype=pl.UInt32)})
    (trace,) = drawn(tile(Visu.LINE, "a", "b"), frame(data))["data"]
    assert trace["mode"] == "lines"


# -- histograms


def test_histogram_of_numbers_has_the_counts_of_its_bins() -> None:
    """Bars stand from the left to the right edge of each bin and add up to the rows."""
    asked = tile(Visu.HISTOGRAM, "mass", nbins=5)
    made = drawn(asked, engine_frame(asked))
    (trace,) = made["data"]
    lefts, widths, counts = (np.array(numbers(trace[key])) for key in ("x", "width", "y"))
    assert trace["offset"] == 0
    assert counts.sum() == 8
    assert np.allclose(lefts[1:], (lefts + widths)[:-1])
    mass = BIRDS["mass"].to_numpy()
    expected = np.histogram(mass, bins=[*lefts, lefts[-1] + widths[-1]])[0]
    assert counts.tolist() == expected.tolist()
    assert made["layout"]["barmode"] == "stack"


def test_histogram_of_times_has_widths_in_milliseconds() -> None:
    """As Plotly wants them on a time axis; the edges are in ISO 8601."""
    asked = tile(Visu.HISTOGRAM, "at", nbins=7)
    found = engine_frame(asked)
    made = drawn(asked, found)
    (trace,) = made["data"]
    assert made["layout"]["xaxis"]["type"] == "date"
    lefts = [datetime.fromtimestamp(left / 1000, UTC).replace(tzinfo=None) for left in numbers(trace["x"])]
    rights = [datetime.fromisoformat(right) for right in trace["customdata"]]
    widths = [(right - left).total_seconds() * 1000 for left, right in zip(lefts, rights, strict=True)]
    assert numbers(trace["width"]) == widths
    assert sum(numbers(trace["y"])) == 8


def test_histogram_of_text_counts_categories() -> None:
    asked = tile(Visu.HISTOGRAM, "species")
    made = drawn(asked, engine_frame(asked))
    (trace,) = made["data"]
    assert trace["x"] == ["Adelie", "Chinstrap", "Gentoo", "missing"]
    assert numbers(trace["y"]) == [3, 1, 3, 1]
    assert made["layout"]["xaxis"]["type"] == "category"


# -- boxes


def test_box_of_the_engine_states_its_quartiles() -> None:
    """The points stay on the server: Plotly is given the numbers, as polars computes them."""
    asked = tile(Visu.BOX, "species", "mass")
    made = drawn(asked, engine_frame(asked))
    (trace,) = made["data"]
    assert trace["type"] == "box"
    assert trace["x"] == ["Adelie", "Chinstrap", "Gentoo", "missing"]
    mass = BIRDS.group_by("species").agg(
        q1=pl.col("mass").quantile(0.25, "linear"),
        median=pl.col("mass").median(),
        q3=pl.col("mass").quantile(0.75, "linear"),
        mean=pl.col("mass").mean(),
        lowerfence=pl.col("mass").min(),
        upperfence=pl.col("mass").max(),
    )
    expected = mass.sort("species", nulls_last=True).drop("species").to_dict(as_series=False)
    assert {key: numbers(trace[key]) for key in expected} == expected


def test_box_without_outliers_draws_no_points() -> None:
    """An empty list of points would make Plotly draw no box at all."""
    asked = tile(Visu.BOX, "species", "mass")
    (trace,) = drawn(asked, engine_frame(asked))["data"]
    assert trace["boxpoints"] is False
    assert "y" not in trace


def test_box_with_outliers_shows_them_and_no_others() -> None:
    """A box without outliers next to one with them gets its median as a point, which lies inside."""
    data = pl.DataFrame({"g": ["a"] * 9 + ["b"] * 3, "v": [1.0, 1, 2, 2, 3, 3, 4, 4, 100, 5, 6, 7]})
    source = TableSource("t", tuple(column_of(name, kind) for name, kind in data.schema.items()), data.lazy)
    asked = tile(Visu.BOX, "g", "v")
    found = engine.answer([asked], (), {"c": source})["t"]
    assert isinstance(found, Frame)
    (trace,) = drawn(asked, found)["data"]
    assert (trace["boxpoints"], trace["y"]) == ("outliers", [[100.0], [6.0]])


def test_box_of_one_column_has_no_groups() -> None:
    asked = tile(Visu.BOX, "mass")
    made = drawn(asked, engine_frame(asked))
    (trace,) = made["data"]
    assert trace["x"] == [""]
    assert numbers(trace["median"]) == [BIRDS["mass"].median()]
    assert made["layout"]["yaxis"]["title"]["text"] == "mass"


@pytest.mark.parametrize(("color", "mode"), [(None, "overlay"), ("species", "overlay"), ("male", "group")])
def test_boxes_stand_side_by_side_when_colours_divide_them(color: str | None, mode: str) -> None:
    asked = tile(Visu.BOX, "species", "mass", color=color)
    assert drawn(asked, engine_frame(asked))["layout"]["boxmode"] == mode


# -- the frame around figures


@pytest.mark.parametrize(
    ("asked", "x", "y"),
    [
        (tile(Visu.SCATTER, "bill", "mass", log_x=True, log_y=True), "log", "log"),
        (tile(Visu.SCATTER, "bill", "mass", log_y=True), None, "log"),
        (tile(Visu.BAR, "species", "mass", log_x=True, log_y=True), "category", "log"),
        (tile(Visu.LINE, "bill", "mass", log_x=True), "log", None),
        (tile(Visu.HISTOGRAM, "mass", log_y=True), None, "log"),
        (tile(Visu.BOX, "species", "mass", log_y=True), "category", "log"),
        (tile(Visu.SCATTER, "bill", "mass"), None, None),
    ],
    ids=lambda value: value.visu_type if isinstance(value, FigureTile) else None,
)
def test_axes_are_logarithmic_as_the_tile_says(asked: FigureTile, x: str | None, y: str | None) -> None:
    layout = drawn(asked, engine_frame(asked))["layout"]
    assert (layout["xaxis"].get("type"), layout["yaxis"].get("type")) == (x, y)


def test_no_graph_offers_to_send_data_away() -> None:
    """plotly.js 4 would show a button that uploads the figure to its makers' cloud."""
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert plot({"role": "figure", "tile": "t"}, "t", "look").to_plotly_json()["props"]["config"] == CONFIG


@pytest.mark.parametrize("visu", [Visu.SCATTER, Visu.BAR, Visu.LINE, Visu.HISTOGRAM, Visu.BOX])
def test_zoom_and_drawn_selections_outlive_an_answer(visu: Visu) -> None:
    """The revisions are the same under every filter."""
    asked = tile(visu, "species" if visu in {Visu.BAR, Visu.BOX} else "bill", "mass")
    layouts = [drawn(asked, engine_frame(asked, *clauses))["layout"] for clauses in ((), (GENTOO,))]
    assert layouts[0]["uirevision"] == layouts[1]["uirevision"]
    assert layouts[0]["selectionrevision"] == layouts[1]["selectionrevision"]
