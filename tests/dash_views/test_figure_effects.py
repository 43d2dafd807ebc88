"""Every parameter that a kind of figure takes changes what is drawn: none falls through."""

from typing import Any

import orjson
import pytest

from dash_views.figures import figure
from dash_views.figures.arrays import inlined
from dash_views.figures.colours import palette
from domain.figure_parameters import FIELDS, parameters
from domain.tile_rules import tile_problems
from domain.tiles import Aggregation, Visu
from tests.dash_views.test_figure_kinds import PLAIN, answered, tile

BASES: dict[Visu, dict[str, Any]] = {
    **PLAIN,
    Visu.SCATTER: {"x": "n", "y": "m", "color": "g"},
    Visu.BAR: {"x": "g", "y": "m", "color": "h"},
    Visu.LINE: {"x": "p", "y": "m", "color": "g"},
    Visu.AREA: {"x": "p", "y": "m", "color": "g"},
    Visu.HISTOGRAM: {"x": "n", "color": "g"},
    Visu.BOX: {"x": "g", "y": "n", "color": "h"},
    Visu.VIOLIN: {"x": "g", "y": "n", "color": "h"},
    Visu.STRIP: {"x": "g", "y": "n", "color": "h"},
    Visu.ECDF: {"x": "n", "color": "g"},
    Visu.DENSITY_HEATMAP: {"x": "n", "y": "m"},
    Visu.DENSITY_CONTOUR: {"x": "n", "y": "m", "color": "g"},
    Visu.HEATMAP: {"x": "g", "y": "h"},
    Visu.PIE: {"names": "g"},
    Visu.SUNBURST: {"path": ["g", "h"]},
    Visu.FUNNEL: {"x": "p", "y": "g", "color": "h", "aggregation": Aggregation.SUM},
    Visu.SCATTER_3D: {"x": "n", "y": "m", "z": "p", "color": "g"},
    Visu.SCATTER_MATRIX: {"dimensions": ["n", "m"], "color": "g"},
    Visu.PARALLEL_COORDINATES: {"dimensions": ["n", "m"], "color": "p"},
    Visu.PARALLEL_CATEGORIES: {"dimensions": ["g", "h"], "color": "h"},
    Visu.SCATTER_POLAR: {"r": "p", "theta": "m", "color": "g"},
    Visu.LINE_POLAR: {"r": "p", "theta": "g", "color": "h"},
    Visu.BAR_POLAR: {"r": "p", "theta": "g", "color": "h"},
}
"""Of each kind a figure without looks."""
VALUES: dict[str, Any] = {
    "x": "m", "y": "p", "z": "m", "color": "h", "size": "p", "hover_data": ("p",), "nbins": 5, "r": "m", "theta": "h",
    "a": "m", "b": "p", "c": "p", "x_start": "e", "x_end": "d", "names": "h", "values": "p", "path": ["h", "g"],
    "dimensions": ["n", "p"], "text": "h", "hover_name": "h", "facet_row": "h", "facet_col": "h", "facet_col_wrap": 2,
    "facet_row_spacing": 0.3, "facet_col_spacing": 0.3, "line_group": "h", "line_dash": "h", "pattern_shape": "h",
    "symbol": "h", "error_x": "p", "error_x_minus": "p", "error_y": "p", "error_y_minus": "p", "error_bars": "sem",
    "category_orders": {"g": ["c", "a"], "h": ["v", "u"]}, "labels": {one: one.upper() for one in "nmgphde"},
    "color_discrete_sequence": ["#111111", "#222222"], "color_discrete_map": {"a": "#123456", "u": "#654321"},
    "color_continuous_scale": "Plasma", "range_color": [-1, 20], "color_continuous_midpoint": 3, "opacity": 0.123,
    "symbol_sequence": ["x", "star"], "symbol_map": {"u": "star"}, "line_dash_sequence": ["dot", "dash"],
    "line_dash_map": {"u": "dot"}, "pattern_shape_sequence": ["+", "."], "pattern_shape_map": {"u": "+"},
    "size_max": 55, "marginal_x": "rug", "marginal_y": "rug", "marginal": "rug", "trendline": "ols",
    "trendline_options": {"log_x": True}, "trendline_color_override": "#ff00ff", "trendline_scope": "overall",
    "range_x": [1, 3], "range_y": [1, 3], "range_z": [1, 3], "range_r": [2, 7], "log_x": True, "log_y": True,
    "log_z": True, "log_r": True, "render_mode": "webgl", "template": "ggplot2", "markers": True, "lines": False,
    "line_shape": "spline", "line_close": True, "groupnorm": "percent", "barmode": "overlay", "barnorm": "percent",
    "histnorm": "percent", "histfunc": "sum", "cumulative": True, "text_auto": ".3f", "boxmode": "overlay",
    "violinmode": "overlay", "stripmode": "overlay", "points": "all", "notched": True, "box": True,
    "ecdfnorm": "percent", "ecdfmode": "reversed", "nbinsx": 7, "nbinsy": 7, "hole": 0.4, "maxdepth": 1,
    "dimensions_max_cardinality": 2, "direction": "counterclockwise", "start_angle": 45, "orientation": "h",
}  # fmt: skip
OTHERS: dict[str, Any] = {"h": "g", "p": "m", "m": "n", "n": "m"}
"""What is given in place of a value that the figure has already."""
WITH: dict[str, dict[str, Any]] = {
    "facet_col_wrap": {"facet_col": "g"}, "facet_row_spacing": {"facet_row": "h"},
    "facet_col_spacing": {"facet_col": "h"}, "symbol_sequence": {"symbol": "h"}, "symbol_map": {"symbol": "h"},
    "line_dash_sequence": {"line_dash": "h"}, "line_dash_map": {"line_dash": "h"},
    "pattern_shape_sequence": {"pattern_shape": "h"}, "pattern_shape_map": {"pattern_shape": "h"},
    "trendline_options": {"trendline": "ols", "x": "p"}, "trendline_color_override": {"trendline": "ols"},
    "trendline_scope": {"trendline": "ols"}, "histfunc": {"y": "p"}, "size_max": {"size": "p"},
    "error_x_minus": {"error_x": "p"}, "error_y_minus": {"error_y": "p"},
    "error_bars": {"aggregation": Aggregation.MEAN},
    "color_continuous_scale": {"color": "m"}, "range_color": {"color": "m"},
    "color_continuous_midpoint": {"color": "m"},
}  # fmt: skip
"""What a parameter needs beside it."""
SPREADS = (Visu.BOX, Visu.VIOLIN)
LYING = (*SPREADS, Visu.STRIP, Visu.HISTOGRAM)
COLOURLESS = (Visu.HEATMAP, Visu.DENSITY_HEATMAP)
TREES = (Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE)


def drawn(visu: Visu, roles: dict[str, Any]) -> bytes:
    """What the browser gets."""
    asked = tile(visu, **roles)
    assert tile_problems(asked) == []
    made = inlined(figure(asked, answered(asked), palette(["a", "b", "c"])))
    return orjson.dumps(made, option=orjson.OPT_SERIALIZE_NUMPY)


def beside(visu: Visu, name: str) -> dict[str, Any]:
    """The figure to which the parameter is added."""
    base = BASES[visu] | ({} if name.startswith(("color", "range_c")) and visu in COLOURLESS else WITH.get(name, {}))
    if visu in SPREADS and name.startswith("hover"):
        base |= {"points": "all"}
    if visu in LYING and name == "log_x":
        base |= {"orientation": "h", "x": base.get("y", ""), "y": base["x"]}
    if visu in TREES and name == "names":
        return {"names": "g"}
    if visu in TREES and name == "labels":
        return base | {"values": "p"}
    if visu is Visu.HISTOGRAM and name == "y":
        base |= {"histfunc": "sum", "y": "m"}
    if visu is Visu.DENSITY_HEATMAP and name == "category_orders":
        base |= {"facet_col": "g"}
    return base | ({"x": "p"} if visu is Visu.BAR and name == "log_x" else {})


@pytest.mark.parametrize("visu", Visu)
def test_every_parameter_changes_what_is_drawn(visu: Visu) -> None:
    """Beside whatever it needs; of columns another one than before."""
    plain: dict[str, bytes] = {}
    idle = []
    for name in parameters(visu):
        base = beside(visu, name)
        field = FIELDS.get(name, name)
        # Lines of few points have markers already.
        value = False if (visu, name) == (Visu.LINE, "markers") else VALUES[name]
        if name == "orientation":
            more = {"orientation": "v" if visu is Visu.FUNNEL else "h", "x": base.get("y", ""), "y": base["x"]}
        else:
            more = {field: OTHERS[value] if base.get(field) == value else value}
        if name == "y" and not base.get("y") and "x" in base:
            more = {"y": "n"}
        key = repr(base)
        if key not in plain:
            plain[key] = drawn(visu, base)
        if drawn(visu, base | more) == plain[key]:
            idle.append(name)
    assert idle == []
