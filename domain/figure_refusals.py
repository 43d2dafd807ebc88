"""Why a kind of figure does not take a parameter that its function of Plotly Express has, and what to do about it.

Each of them has its own sentence, or shares the one of the parameter: nothing is left out without a word.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.tiles import Visu
from domain.wording import tr

_MANY = tr("a mark stands for many rows here; use a kind whose marks are rows, such as scatter or strip")
_CATEGORIES = tr("`color` parts the marks into categories here; write `color_discrete_sequence`")
_EQUAL = tr("cells are of equal width; use scatter, whose axes may be logarithmic")
_PANELS = tr("there is one figure of all rows; use bar, which has panels, or `path` of a sunburst")
_HIERARCHY = tr("levels are columns; write `path`, from the root to the leaves")
_TREND = tr("lines of height have no trend; use scatter")
_CELLS = tr("cells are categories; use density_heatmap, which has bins")

_ERRORS = ("error_x", "error_x_minus", "error_y", "error_y_minus")
_SYMBOLS = ("symbol", "symbol_sequence", "symbol_map")
_FURTHER = ("pattern_shape", "pattern_shape_sequence", "pattern_shape_map", "line_group")
_OF_GROUPS = tr("write `error_bars: sd`, `sem` or `ci95`, which come from the rows of each group")

REASONS: Mapping[str, str] = {
    "data_frame": tr("write `data_collection_tag`"),
    "custom_data": tr("write `selection_column`"),
    "title": tr("write the component's own `title`"),
    "subtitle": tr("write the component's `description`"),
    "width": tr("the grid decides the size; write `layout`"),
    "height": tr("the grid decides the size; write `layout`"),
    "animation_frame": tr("a figure shows one state; put a Slider or Timeline on the column, or write `facet_col`"),
    "animation_group": tr("there are no animations to follow it through; leave it out"),
    "orientation": tr("exchange `x` and `y`"),
    "hover_name": _MANY,
    "hover_data": _MANY,
    "text": _MANY,
    "bar.text": tr("a bar stands for many rows; write `text_auto`, which shows its number"),
    "funnel.text": tr("a stage shows its number and share already; leave it out"),
    "timeline.text": tr("write `hover_name`"),
    "base": tr("bars begin at 0; use timeline for spans of time"),
    **dict.fromkeys(_ERRORS, _OF_GROUPS),
    **{f"scatter_3d.{name}": tr("bars of error cannot be told apart in space; use scatter")
       for name in ("error_x", "error_x_minus", "error_y", "error_y_minus", "error_z", "error_z_minus")},
    "color_continuous_scale": _CATEGORIES,
    "range_color": _CATEGORIES,
    "color_continuous_midpoint": _CATEGORIES,
    **dict.fromkeys(_SYMBOLS, tr("lines are told apart by `line_dash`; write that")),
    **{f"area.{name}": tr("areas are told apart by `pattern_shape`; write that")
       for name in ("symbol", "symbol_sequence", "symbol_map")},
    **dict.fromkeys(_FURTHER, tr("these are told apart by `color`; write that")),
    "render_mode": tr("is chosen by the number of points; leave it out"),
    "line_shape": tr("lines around a circle are straight; leave it out"),
    "log_x": tr("has no logarithmic x; use scatter or ecdf"),
    "log_y": tr("has no logarithmic y; use scatter or ecdf"),
    **{f"{kind}.{name}": _EQUAL for kind in ("density_heatmap", "density_contour") for name in ("log_x", "log_y")},
    **{f"heatmap.{name}": _CELLS for name in ("log_x", "log_y", "histnorm", "nbinsx", "nbinsy")},
    "log_r": tr("bars begin at 0, which has no logarithm; use scatter_polar"),
    **{f"funnel.{name}": tr("stages are compared with the first one; use bar")
       for name in ("log_x", "log_y", "range_x", "range_y")},
    "range_x": tr("write a filter on the column, which narrows the axis"),
    "range_y": tr("the axis has its categories; write a filter on the column"),
    "range_theta": tr("the circle is drawn whole; write a filter on the column"),
    "y": tr("shares of rows are drawn; write `x` alone, or use line with a `y`"),
    "z": tr("cells count rows; use heatmap with `z` and `aggregation`"),
    "histfunc": tr("cells count rows; use heatmap with `z` and `aggregation`"),
    "heatmap.histfunc": tr("write the component's `aggregation`"),
    "marginal_x": _CELLS,
    "marginal_y": _CELLS,
    "opacity": tr("is drawn opaque, so that its numbers can be read; leave it out"),
    **dict.fromkeys(("trendline", "trendline_options", "trendline_color_override", "trendline_scope"), _TREND),
    "color": tr("parts have the colours of `names`, or of their first level; leave it out"),
    **dict.fromkeys(("facet_row", "facet_col", "facet_col_wrap", "facet_row_spacing", "facet_col_spacing"), _PANELS),
    "parents": _HIERARCHY,
    "ids": _HIERARCHY,
    "branchvalues": tr("a part is as large as its parts together; leave it out"),
    "barnorm": tr("belongs to figures with an x and a y; use bar or histogram"),
    "size": tr("points of a matrix have one size; use scatter"),
    "size_max": tr("points of a matrix have one size; use scatter"),
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
                yield name, tr("is shown at single points; write `points: all` beside it")
    if visu in SPREAD or visu is Visu.HISTOGRAM:
        lies = given.get("orientation") == "h"
        along = "log_y" if lies else "log_x"
        if given.get(along):
            other = "log_x" if lies else "log_y"
            yield (
                along,
                tr(
                    "is the axis of bins or categories, which have no logarithm; write `{other}` for the other one",
                    other=other,
                ),
            )
    if visu in {Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE} and given.get("path") and given.get("names"):
        yield "names", tr("`path` names the levels already; leave one of them out")
