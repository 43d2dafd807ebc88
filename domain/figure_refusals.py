"""Why a kind of figure does not take a parameter that its function of Plotly Express has, and what to do about it.

Each of them has its own sentence, or shares the one of the parameter: nothing is left out without a word.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.tiles import Visu

_MANY = "a mark stands for many rows here; use a kind whose marks are rows, such as scatter or strip"
_CATEGORIES = "`color` parts the marks into categories here; write `color_discrete_sequence`"
_EQUAL = "cells are of equal width; use scatter, whose axes may be logarithmic"
_PANELS = "there is one figure of all rows; use bar, which has panels, or `path` of a sunburst"
_HIERARCHY = "levels are columns; write `path`, from the root to the leaves"
_TREND = "lines of height have no trend; use scatter"
_CELLS = "cells are categories; use density_heatmap, which has bins"
_CIRCLE = "belongs to figures with an x and a y"

_ERRORS = ("error_x", "error_x_minus", "error_y", "error_y_minus")
_SYMBOLS = ("symbol", "symbol_sequence", "symbol_map")
_FURTHER = ("pattern_shape", "pattern_shape_sequence", "pattern_shape_map", "line_group")
_OF_GROUPS = "write `error_bars: sd`, `sem` or `ci95`, which come from the rows of each group"

REASONS: Mapping[str, str] = {
    "data_frame": "write `data_collection_tag`",
    "custom_data": "write `selection_column`",
    "title": "write the component's own `title`",
    "subtitle": "write the component's `description`",
    "width": "the grid decides the size; write `layout`",
    "height": "the grid decides the size; write `layout`",
    "animation_frame": "a figure shows one state; put a Slider or Timeline on the column, or write `facet_col`",
    "animation_group": "there are no animations to follow it through; leave it out",
    "orientation": "exchange `x` and `y`",
    "hover_name": _MANY,
    "hover_data": _MANY,
    "text": _MANY,
    "bar.text": "a bar stands for many rows; write `text_auto`, which shows its number",
    "funnel.text": "a stage shows its number and share already; leave it out",
    "timeline.text": "write `hover_name`",
    "base": "bars begin at 0; use timeline for spans of time",
    **dict.fromkeys(_ERRORS, _OF_GROUPS),
    **{f"scatter_3d.{name}": "bars of error cannot be told apart in space; use scatter"
       for name in ("error_x", "error_x_minus", "error_y", "error_y_minus", "error_z", "error_z_minus")},
    "color_continuous_scale": _CATEGORIES,
    "range_color": _CATEGORIES,
    "color_continuous_midpoint": _CATEGORIES,
    **dict.fromkeys(_SYMBOLS, "lines are told apart by `line_dash`; write that"),
    **{f"area.{name}": "areas are told apart by `pattern_shape`; write that"
       for name in ("symbol", "symbol_sequence", "symbol_map")},
    **dict.fromkeys(_FURTHER, "these are told apart by `color`; write that"),
    "render_mode": "is chosen by the number of points; leave it out",
    "line_shape": "lines around a circle are straight; leave it out",
    "log_x": "has no logarithmic x; use scatter or ecdf",
    "log_y": "has no logarithmic y; use scatter or ecdf",
    **{f"{kind}.{name}": _EQUAL for kind in ("density_heatmap", "density_contour") for name in ("log_x", "log_y")},
    **{f"heatmap.{name}": _CELLS for name in ("log_x", "log_y", "histnorm", "nbinsx", "nbinsy")},
    "log_r": "bars begin at 0, which has no logarithm; use scatter_polar",
    **{f"funnel.{name}": "stages are compared with the first one; use bar"
       for name in ("log_x", "log_y", "range_x", "range_y")},
    "range_x": "write a filter on the column, which narrows the axis",
    "range_y": "the axis has its categories; write a filter on the column",
    "range_theta": "the circle is drawn whole; write a filter on the column",
    "y": "shares of rows are drawn; write `x` alone, or use line with a `y`",
    "z": "cells count rows; use heatmap with `z` and `aggregation`",
    "histfunc": "cells count rows; use heatmap with `z` and `aggregation`",
    "heatmap.histfunc": "write the component's `aggregation`",
    "marginal_x": _CELLS,
    "marginal_y": _CELLS,
    "opacity": "is drawn opaque, so that its numbers can be read; leave it out",
    **dict.fromkeys(("trendline", "trendline_options", "trendline_color_override", "trendline_scope"), _TREND),
    "color": "parts have the colours of `names`, or of their first level; leave it out",
    **dict.fromkeys(("facet_row", "facet_col", "facet_col_wrap", "facet_row_spacing", "facet_col_spacing"), _PANELS),
    "parents": _HIERARCHY,
    "ids": _HIERARCHY,
    "branchvalues": "a part is as large as its parts together; leave it out",
    "barnorm": f"{_CIRCLE}; use bar or histogram",
    "size": "points of a matrix have one size; use scatter",
    "size_max": "points of a matrix have one size; use scatter",
}  # fmt: skip
"""By `kind.parameter`, otherwise by the parameter."""


def reason(visu: Visu, name: str) -> str | None:
    """Why a kind does not take a parameter of its function, and the remedy."""
    return REASONS.get(f"{visu.value}.{name}") or REASONS.get(name)


SPREAD = frozenset({Visu.BOX, Visu.VIOLIN, Visu.STRIP})


def idle(visu: Visu, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the kind takes, by the names of Plotly Express, but others that are given leave without effect."""
    if visu in {Visu.BOX, Visu.VIOLIN} and given.get("points") != "all":
        for name in ("hover_name", "hover_data"):
            if given.get(name):
                yield name, "is shown at single points; write `points: all` beside it"
    if visu in SPREAD or visu is Visu.HISTOGRAM:
        lies = given.get("orientation") == "h"
        along = "log_y" if lies else "log_x"
        if given.get(along):
            words = "bins or categories, which have no logarithm"
            yield along, f"is the axis of {words}; write `{'log_x' if lies else 'log_y'}` for the other one"
    if visu in {Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE} and given.get("path") and given.get("names"):
        yield "names", "`path` names the levels already; leave one of them out"
