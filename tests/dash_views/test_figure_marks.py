"""Points beside boxes and violins, and rugs along axes, as plotly.js gets them."""

from typing import Any

import msgspec
import plotly.express as px
import pytest

from dash_views.answers import badge_of, enlarged, more_of
from dash_views.figure_fields import figure_fields, own_options, shown_options
from dash_views.figures import figure
from dash_views.figures.colours import palette
from dash_views.thumbnails.traces import Area, drawn
from domain.tiles import Visu
from tests.dash_views.test_figure_kinds import ROWS, SIZE, answered, made, numbers, tile


def test_points_of_boxes_are_those_of_plotly_express() -> None:
    """The same values at the same groups, beside the box, hovered one by one."""
    ours = made(tile(Visu.BOX, x="g", y="n", points="all", hover=("p",), hover_name="h"))
    theirs = px.box(ROWS, x="g", y="n", points="all")
    box, points = ours.data
    assert [*zip(points.x, numbers(points.y), strict=True)] == [*zip(theirs.data[0].x, theirs.data[0].y, strict=True)]
    assert (points.boxpoints, points.hoveron, points.pointpos) == ("all", "points", -1.5)
    assert [*points.customdata[0]] == [ROWS["p"][0], ROWS["h"][0]]
    assert box.boxpoints is False
    assert points.showlegend is False


@pytest.mark.parametrize("visu", [Visu.BOX, Visu.VIOLIN])
def test_points_of_colours_side_by_side_share_the_place_of_their_group(visu: Visu) -> None:
    ours = made(tile(visu, x="g", y="n", color="h", points="all"))
    groups = [trace for trace in ours.data if trace.hoveron != "points"]
    points = [trace for trace in ours.data if trace.hoveron == "points"]
    assert {trace.offsetgroup for trace in ours.data} == {"u", "v"}
    assert {(trace.name, trace.legendgroup, trace.pointpos) for trace in points} == {("u", "u", 0), ("v", "v", 0)}
    assert sum(len(numbers(trace.y)) for trace in points) == SIZE
    assert ours.layout.boxmode == "group"
    assert {trace.type for trace in groups} == {visu.value}


def test_the_badge_says_how_many_points_are_drawn_and_all_may_be_asked_for() -> None:
    """As of scatters; also when boxes were left out."""
    asked = tile(Visu.BOX, x="g", y="n", points="all", max_points=50)
    answer = answered(asked)
    assert badge_of(asked, answer) == "50 of 240 points"
    more = more_of(asked, answer, is_full=False)
    assert more is not None
    assert more.label == "Load all"
    full = enlarged(asked)
    assert badge_of(full, answered(full)) == ""
    cut = msgspec.structs.replace(answer, of=9)
    assert badge_of(asked, cut) == "3 of 9 boxes, 50 of 240 points"
    plain = tile(Visu.BOX, x="g", y="n", max_points=50)
    assert more_of(plain, answered(plain), is_full=False) is None


@pytest.mark.parametrize(
    ("visu", "roles", "symbols"),
    [
        (
            Visu.SCATTER,
            {"x": "n", "y": "m", "marginal_x": "rug", "marginal_y": "rug"},
            ["line-ns-open", "line-ew-open"],
        ),
        (Visu.SCATTER, {"x": "d", "y": "m", "marginal_x": "rug"}, ["line-ns-open"]),
        (Visu.HISTOGRAM, {"x": "n", "marginal": "rug"}, ["line-ns-open"]),
        (Visu.HISTOGRAM, {"x": "", "y": "n", "orientation": "h", "marginal": "rug"}, ["line-ew-open"]),
        (Visu.ECDF, {"x": "n", "marginal": "rug", "facet_col": "h"}, ["line-ns-open"] * 2),
        (Visu.DENSITY_HEATMAP, {"x": "n", "y": "d", "marginal_y": "rug"}, ["line-ew-open"]),
    ],
)
def test_marks_of_a_rug_lie_across_their_axis(visu: Visu, roles: dict[str, Any], symbols: list[str]) -> None:
    """Whichever way the figure lies; they say how many rows are at a place, and a click on them says nothing."""
    rugs = [trace for trace in made(tile(visu, **roles)).data if (trace.meta or {}).get("beside")]
    assert [trace.marker.symbol for trace in rugs] == symbols
    for trace in rugs:
        assert trace.boxpoints == "all"
        assert sum(numbers(trace.customdata)) in {SIZE, *(ROWS.filter(h=word).height for word in "uv")}
        assert (trace.orientation == "h") == (trace.marker.symbol == "line-ns-open")


def test_a_thumbnail_has_the_boxes_alone() -> None:
    """Neither their points nor what stands along the axes, which would have scales of their own."""
    colours = palette(["a", "b", "c"])
    area = Area(0, 0, 100, 60)
    for visu, plain, more in (
        (Visu.BOX, {"x": "g", "y": "n"}, {"points": "all"}),
        (Visu.SCATTER, {"x": "n", "y": "m"}, {"marginal_x": "rug", "marginal_y": "box"}),
    ):
        asked, richer = tile(visu, **plain), tile(visu, **plain, **more)
        two = [figure(one, answered(one), colours) for one in (asked, richer)]
        small = [drawn(one["data"], one["layout"], area) for one in two]
        assert small[0]
        assert small[0].count("<path") == small[1].count("<path")


def test_the_form_offers_points_and_rugs() -> None:
    """What is shown at points alone is asked for only with them."""
    fields = {field.name: field for field in figure_fields(Visu.BOX)}
    assert fields["px_points"].choices == ("usual", "outliers", "suspectedoutliers", "all", "no")
    assert fields["px_hover_name"].only_for == ("px_points", ("all",))
    assert fields["log_x"].only_for == ("px_orientation", ("h",))
    assert "all" in {field.name: field for field in figure_fields(Visu.VIOLIN)}["px_points"].choices
    assert "rug" in {field.name: field for field in figure_fields(Visu.SCATTER)}["px_marginal_x"].choices
    hidden = {"x": "g", "hover": ["p"], "px_points": "no", "px_hover_name": "h"}
    assert own_options(Visu.BOX, hidden) == {"x": "g", "options": {"points": False}}
    for points in ("all", False):
        values = {"x": "g", "options": {"points": points}}
        assert own_options(Visu.BOX, shown_options(Visu.BOX, values)) == values
