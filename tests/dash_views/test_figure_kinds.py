"""Every kind of figure as plotly.js gets it: valid, and for the same options the same as Plotly Express draws."""

import base64
import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import orjson
import polars as pl
import pytest
from plotly import express as px
from plotly import graph_objects as go

from dash_views.answering import namesakes_of
from dash_views.figures import figure
from dash_views.figures.arrays import inlined
from dash_views.figures.colours import CATEGORICAL, palette
from dash_views.figures.layout import CLEAR
from dash_views.figures.templates import template
from dash_views.naming import titles_of
from dash_views.thumbnails.traces import Area, drawn
from dash_views.tiles import look
from dash_views.wire import body, figure_parts
from domain.collections import Column, ColumnKind, DataCollection
from domain.headings import heading
from domain.tile_rules import tile_problems
from domain.tiles import Aggregation, FigureTile, Visu
from persistence.frames import engine
from persistence.frames.kinds import column_of
from persistence.frames.sources import TableSource
from services.queries import Frame

SIZE = 240
RANDOM = np.random.default_rng(3)
ROWS = pl.DataFrame(
    {
        "g": RANDOM.choice(["a", "b", "c"], SIZE),
        "h": RANDOM.choice(["u", "v"], SIZE),
        "n": RANDOM.normal(size=SIZE),
        "m": RANDOM.normal(5, 2, SIZE),
        "p": RANDOM.integers(1, 9, SIZE),
        "d": [date(2024, 1, 1) + timedelta(days=number % 90) for number in range(SIZE)],
        "e": [date(2024, 2, 1) + timedelta(days=number % 60 + 90) for number in range(SIZE)],
    }
)
SOURCE = TableSource("rows", tuple(column_of(*item) for item in ROWS.schema.items()), ROWS.lazy)
PLAIN: dict[Visu, dict[str, Any]] = {
    Visu.SCATTER: {"x": "n", "y": "m", "color": "g", "symbol": "h", "trendline": "ols", "marginal_x": "violin",
                   "marginal_y": "histogram", "range_x": [-2, 2], "template": "ggplot2", "opacity": 0.4},
    Visu.BAR: {"x": "m", "y": "g", "color": "h", "orientation": "h", "barmode": "relative", "text_auto": ".1f"},
    Visu.LINE: {"x": "d", "y": "m", "color": "g", "line_dash": "h", "line_shape": "hv", "error_bars": "sem"},
    Visu.AREA: {"x": "d", "y": "p", "color": "g", "groupnorm": "percent", "pattern_shape": "h"},
    Visu.HISTOGRAM: {"x": "n", "color": "g", "histnorm": "percent", "cumulative": True, "marginal": "box"},
    Visu.BOX: {"x": "g", "y": "n", "color": "h", "notched": True, "facet_row": "h"},
    Visu.VIOLIN: {"x": "n", "y": "g", "color": "h", "box": True, "orientation": "h"},
    Visu.STRIP: {"x": "g", "y": "n", "color": "h", "hover": ("p",), "hover_name": "h"},
    Visu.ECDF: {"x": "n", "color": "g", "ecdfnorm": "percent", "facet_col": "h", "marginal": None},
    Visu.DENSITY_HEATMAP: {"x": "n", "y": "d", "nbinsx": 9, "color_continuous_scale": "Plasma_r", "marginal_x": "box"},
    Visu.DENSITY_CONTOUR: {"x": "n", "y": "m", "color": "g", "facet_row": "h", "histnorm": "probability"},
    Visu.HEATMAP: {"x": "g", "y": "h", "z": "m", "text_auto": True, "color_continuous_midpoint": 5},
    Visu.PIE: {"names": "g", "values": "p", "hole": 0.3},
    Visu.SUNBURST: {"path": ["g", "h"], "values": "p", "maxdepth": 2},
    Visu.TREEMAP: {"path": ["g", "h"]},
    Visu.ICICLE: {"path": ["g", "h"]},
    Visu.FUNNEL: {"x": "p", "y": "g", "color": "h", "aggregation": Aggregation.SUM},
    Visu.FUNNEL_AREA: {"names": "g"},
    Visu.SCATTER_3D: {"x": "n", "y": "m", "z": "p", "color": "m", "size": "p", "log_z": True, "range_z": [1, 10]},
    Visu.SCATTER_MATRIX: {"dimensions": ["n", "m", "d"], "color": "g"},
    Visu.PARALLEL_COORDINATES: {"dimensions": ["n", "m"], "color": "g"},
    Visu.PARALLEL_CATEGORIES: {"dimensions": ["g", "h", "p"], "color": "h", "dimensions_max_cardinality": 5},
    Visu.SCATTER_POLAR: {"r": "p", "theta": "m", "color": "g", "range_r": [0, 9]},
    Visu.LINE_POLAR: {"r": "p", "theta": "g", "color": "h", "line_close": True},
    Visu.BAR_POLAR: {"r": "p", "theta": "g", "color": "h", "start_angle": 0},
    Visu.SCATTER_TERNARY: {"a": "p", "b": "m", "c": "p", "color": "g"},
    Visu.TIMELINE: {"x_start": "d", "x_end": "e", "y": "g", "color": "h"},
}  # fmt: skip
MARKS = {
    Visu.SCATTER: "scatter", Visu.LINE: "scatter", Visu.AREA: "scatter", Visu.ECDF: "scatter", Visu.STRIP: "box",
    Visu.HISTOGRAM: "bar", Visu.TIMELINE: "bar", Visu.DENSITY_HEATMAP: "heatmap", Visu.DENSITY_CONTOUR: "contour",
    Visu.FUNNEL_AREA: "funnelarea", Visu.SCATTER_3D: "scatter3d", Visu.SCATTER_MATRIX: "splom",
    Visu.PARALLEL_COORDINATES: "parcoords", Visu.PARALLEL_CATEGORIES: "parcats", Visu.SCATTER_POLAR: "scatterpolar",
    Visu.LINE_POLAR: "scatterpolar", Visu.BAR_POLAR: "barpolar", Visu.SCATTER_TERNARY: "scatterternary",
}  # fmt: skip
"""What plotly.js calls the marks, where that is not the kind's own name."""
FIELDS = FigureTile.__struct_fields__


def tile(visu: Visu, **roles: Any) -> FigureTile:
    """A figure; what is no field of a tile is an option."""
    fields = {name: roles.pop(name) for name in list(roles) if name in FIELDS}
    options = {name: value for name, value in roles.items() if value is not None}
    return FigureTile(id="t", collection_id="c", visu_type=visu, options=options, **fields)


def answered(asked: FigureTile) -> Frame:
    found = engine.answer([asked], (), {"c": SOURCE})["t"]
    assert isinstance(found, Frame), found
    return found


def made(asked: FigureTile, titles: dict[str, str] | None = None) -> go.Figure:
    """The figure as plotly's own validators take it."""
    colours = palette(["a", "b", "c"])
    found = inlined(figure(asked, answered(asked), colours, titles or {}))
    return go.Figure(orjson.loads(orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY)))


def numbers(values: Any) -> list[float]:
    if isinstance(values, dict):
        values = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
    return [float(one) for one in np.asarray(values)]


@pytest.mark.parametrize("visu", Visu)
def test_every_kind_is_stored_answered_and_drawn(visu: Visu) -> None:
    """Valid for plotly.js, of its own marks, sent as bytes, and small enough for a thumbnail."""
    asked = tile(visu, **dict(PLAIN[visu]))
    assert tile_problems(asked) == []
    drawing = made(asked)
    assert {trace.type for trace in drawing.data} >= {MARKS.get(visu, visu.value)}
    assert drawing.layout.uirevision == "kept"
    plain = figure(asked, answered(asked), palette(["a", "b", "c"]))
    parts = figure_parts(plain, None)
    assert len(body(parts)) > 200
    assert figure_parts(plain, parts["mark"]).keys() == {"mark", "arrays"}
    assert drawn(plain["data"], plain["layout"], Area(0, 0, 100, 80)).count("NaN") == 0


def test_bars_are_those_of_plotly_express_of_the_same_groups() -> None:
    """Lying, by colour, in the same places and heights."""
    groups = ROWS.group_by("g", "h").agg(pl.col("m").mean()).sort("g", "h")
    theirs = px.bar(groups, x="m", y="g", color="h", orientation="h")
    ours = made(tile(Visu.BAR, x="m", y="g", color="h", orientation="h"))
    for own, their in zip(ours.data, theirs.data, strict=True):
        assert (own.name, own.orientation, list(own.y)) == (their.name, their.orientation, list(their.y))
        assert numbers(own.x) == pytest.approx(numbers(their.x))
    assert (ours.layout.xaxis.title.text, ours.layout.yaxis.title.text) == ("mean of m", "g")


@pytest.mark.parametrize("norm", ["probability", "percent"])
@pytest.mark.parametrize("mode", ["standard", "complementary", "reversed"])
def test_cumulative_shares_are_those_of_plotly_express(norm: str, mode: str) -> None:
    """Of each colour; where few values make a group, all of them are drawn."""
    theirs = px.ecdf(ROWS, x="n", color="g", ecdfnorm=norm, ecdfmode=mode,
                     category_orders={"g": ["a", "b", "c"]})  # fmt: skip
    ours = made(tile(Visu.ECDF, x="n", color="g", ecdfnorm=norm, ecdfmode=mode))
    for own, their in zip(ours.data, theirs.data, strict=True):
        expected = dict(zip(numbers(their.x), numbers(their.y), strict=True))
        assert own.name == their.name
        assert dict(zip(numbers(own.x), numbers(own.y), strict=True)) == pytest.approx(expected)


def test_hierarchies_are_those_of_plotly_express() -> None:
    """Each node with its sum, below the same parent."""
    theirs = px.treemap(ROWS, path=["g", "h"], values="p").data[0]
    ours = made(tile(Visu.TREEMAP, path=["g", "h"], values="p")).data[0]
    ids = {one: one.replace("\x1f", "/") for one in ours.ids}
    found = dict(zip(ids.values(), zip(ours.labels, numbers(ours.values), strict=True), strict=True))
    assert found == dict(zip(theirs.ids, zip(theirs.labels, numbers(theirs["values"]), strict=True), strict=True))
    assert [ids.get(one, one) for one in ours.parents] == [dict(zip(theirs.ids, theirs.parents, strict=True))[one]
                                                           for one in ids.values()]  # fmt: skip


@pytest.mark.parametrize("how", ["percent", "probability", "density", "probability density"])
def test_heights_of_a_histogram_are_normed(how: str) -> None:
    """As numpy has them, each colour by itself."""
    for trace in made(tile(Visu.HISTOGRAM, x="n", color="g", histnorm=how, nbins=8)).data:
        values = ROWS.filter(pl.col("g") == trace.name)["n"].to_numpy()
        left, width = np.array(numbers(trace.x)), np.array(numbers(trace.width))
        counts, _ = np.histogram(values, [*left, left[-1] + width[-1]])
        expected = {"percent": 100 * counts / len(values), "probability": counts / len(values),
                    "density": counts / width, "probability density": counts / len(values) / width}[how]  # fmt: skip
        assert numbers(trace.y) == pytest.approx(expected.tolist())


def test_facets_have_one_scale_and_one_legend() -> None:
    """A panel for each category, told above it; those beyond the bound are named."""
    found = made(tile(Visu.SCATTER, x="n", y="m", color="g", facet_col="p", facet_col_wrap=3))
    shown = {(trace.xaxis, trace.yaxis) for trace in found.data}
    assert len(shown) == ROWS["p"].n_unique()
    assert [note.text for note in found.layout.annotations] == [f"p {number}" for number in range(1, 9)]
    assert sum(trace.showlegend is not False for trace in found.data) == 3
    assert found.layout.xaxis2.matches == "x"
    assert {round(found.layout[f"yaxis{number}"].domain[1], 3) for number in (2, 3)} == {1.0}
    many = ROWS.with_columns(k=pl.int_range(pl.len()) % 40)
    source = TableSource("many", tuple(column_of(*item) for item in many.schema.items()), many.lazy)
    asked = tile(Visu.STRIP, x="g", y="n", facet_col="k")
    answer = engine.answer([asked], (), {"c": source})["t"]
    assert isinstance(answer, Frame)
    assert figure(asked, answer)["layout"]["annotations"][-1]["text"] == "36 of 40 panels"


def test_a_trend_lies_in_the_colour_of_its_points() -> None:
    """And says what it is."""
    found = made(tile(Visu.SCATTER, x="n", y="m", color="g", trendline="ols", trendline_color_override=None))
    lines = [trace for trace in found.data if trace.mode == "lines"]
    assert [(line.name, line.line.color) for line in lines] == [
        (f"trend {name}", CATEGORICAL[place]) for place, name in enumerate("abc")
    ]
    part = ROWS.filter(pl.col("g") == "a")
    slope, intercept = np.polyfit(part["n"], part["m"], 1)
    assert numbers(lines[0].y) == pytest.approx([intercept + slope * x for x in numbers(lines[0].x)])
    assert f"of {part.height} rows" in lines[0].hovertemplate


def test_categories_keep_their_colours_and_may_be_given_others() -> None:
    """By the palette of the column, by a sequence in its order, or by name; parts of a pie too."""
    assert list(made(tile(Visu.PIE, names="g")).data[0].marker.colors) == [
        dict(zip("abc", CATEGORICAL, strict=False))[name] for name in made(tile(Visu.PIE, names="g")).data[0].labels
    ]
    options = {"color_discrete_sequence": ["#111111", "#222222"], "color_discrete_map": {"b": "red"}}
    found = made(tile(Visu.BOX, x="g", y="n", color="g", **options))
    assert {trace.name: trace.marker.color for trace in found.data} == {"a": "#111111", "b": "red", "c": "#111111"}


def figure_ground(name: str) -> str | None:
    """The background that a figure on a template has of its own."""
    return made(tile(Visu.SCATTER, x="g", y="p", template=name)).layout.plot_bgcolor


def test_orders_ranges_labels_and_templates_are_honoured() -> None:
    """Ranges of logarithmic axes in powers of ten; labels before descriptions; lists of templates as tuples."""
    asked = tile(Visu.BAR, x="g", y="p", log_y=True, range_y=[1, 100], category_orders={"g": ["c", "a"]},
                 labels={"p": "Points"}, template="plotly_white+xgridoff")  # fmt: skip
    found = made(asked, {"g": "Group of the survey", "p": "never shown"})
    assert list(found.layout.xaxis.categoryarray) == ["c", "a"]
    assert (found.layout.yaxis.type, list(found.layout.yaxis.range)) == ("log", [0, 2])
    assert (found.layout.xaxis.title.text, found.layout.yaxis.title.text) == ("Group of the survey", "mean of Points")
    assert found.layout.template.layout.xaxis.showgrid is False
    assert isinstance(template("plotly")["layout"]["colorway"], tuple)
    grounds = [figure_ground(name) for name in ("none", "gridon", "ggplot2", "gridon+ggplot2")]
    assert grounds == [CLEAR, CLEAR, None, None], "a template without a background leaves the page's"
    with_colour = made(tile(Visu.LINE, x="d", y="p", color="g", category_orders={"g": ["c", "a"]}))
    assert [trace.name for trace in with_colour.data] == ["c", "a", "b"]


def test_columns_of_one_name_share_their_colours_across_collections() -> None:
    """In an order that is the same for both; numbers do not share; long descriptions stay beside the data."""

    def collection(id_: str, *columns: Column) -> DataCollection:
        return DataCollection(id=id_, project_id="p", tag=id_, workflow="w", columns=columns, table_version=1)

    site = Column("site", "String", ColumnKind.TEXT, "Where it grew.")
    size = Column("size", "Float64", ColumnKind.NUMBER, "x" * 61)
    known = [collection("b", site, size), collection("a", site, size), collection("c", size)]
    assert namesakes_of("b", "site", known) == namesakes_of("a", "site", known) == [("a", "site"), ("b", "site")]
    assert namesakes_of("b", "size", known) == [("b", "size")]
    assert titles_of(known) == {"a": {"site": "Where it grew"}, "b": {"site": "Where it grew"}, "c": {}}


def test_a_parameter_that_a_kind_cannot_honour_is_refused_by_name() -> None:
    """Fields of the tile too, for kinds that nothing was stored of before."""
    assert [problem.place for problem in tile_problems(tile(Visu.PIE, names="g", color="g", log_x=True))] == [
        "color", "log_x"
    ]  # fmt: skip
    assert [problem.place for problem in tile_problems(tile(Visu.DENSITY_CONTOUR, x="n", y="m", trendline="ols"))] == [
        "options.trendline"
    ]


def test_a_violin_of_equal_values_has_a_width() -> None:
    """Silverman's bandwidth of them would be zero."""
    same = pl.DataFrame({"v": [2.0, 2.0, 2.0]})
    asked = tile(Visu.VIOLIN, x="v")
    answer = engine.answer([asked], (), {"c": TableSource("s", (column_of("v", same.schema["v"]),), same.lazy)})["t"]
    assert isinstance(answer, Frame)
    assert math.isclose(figure(asked, answer)["data"][0]["bandwidth"], 0.002)


def test_a_figure_without_an_x_is_called_by_its_kind_and_columns() -> None:
    """People and screen readers know it by that; cells of numbers are marked for dark pages."""
    assert heading(tile(Visu.SUNBURST, path=["g", "h"], values="p")) == "Sunburst of g, h, p"
    assert heading(tile(Visu.BAR, x="g", y="p")) == "p by g"
    assert [look(tile(visu, x="g", y="h")) for visu in (Visu.HEATMAP, Visu.SCATTER)] == [" has-cells", ""]
    grounds = [look(tile(Visu.SCATTER, x="g", y="h", template=name)) for name in ("ggplot2", "none", "presentation")]
    assert grounds == [" has-ground", "", ""]


def test_cells_without_values_are_called_rows() -> None:
    """A heatmap without z counts rows, whatever it would do with values."""
    bar = made(tile(Visu.HEATMAP, x="g", y="h")).data[0].colorbar
    assert bar.title.text == "rows"


def test_axes_of_a_space_are_read_on_light_and_dark_pages() -> None:
    """Their words have one ink, between those of both schemes."""
    scene = made(tile(Visu.SCATTER_3D, **dict(PLAIN[Visu.SCATTER_3D]))).layout.scene
    assert {scene.xaxis.color, scene.yaxis.color, scene.zaxis.color} == {"#78858a"}


def test_titles_at_the_corners_of_a_triangle_or_a_space_are_narrow() -> None:
    """On a phone half of each has only the margin, so that long ones stand in several lines."""
    names = {"p": "Flipper length (mm)"}
    shares = made(tile(Visu.SCATTER_TERNARY, a="m", b="n", c="p", labels=names)).layout.ternary
    scene = made(tile(Visu.SCATTER_3D, x="n", y="m", z="p", labels=names)).layout.scene
    assert shares.aaxis.title.text == "m"
    assert shares.caxis.title.text == scene.zaxis.title.text == "Flipper length<br>(mm)"
    assert shares.caxis.title.font.size == scene.zaxis.title.font.size == 11
