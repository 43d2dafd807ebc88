"""From a figure tile and its frame to traces and layout: which kind is drawn by what, and what all kinds share."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from dash_views.figures import cells, groups, points, shares, spaces, spreads
from dash_views.figures.colours import Palette
from dash_views.figures.drawn import Drawing, Figure, Names, palette_of
from dash_views.figures.panels import faceted, ranged, turned, with_marginals
from dash_views.figures.points import OPACITY, WEBGL_FROM
from dash_views.figures.templates import template
from dash_views.figures.values import whole_steps
from domain.figure_roles import canonical, lies
from domain.tiles import FigureTile, Visu
from services.queries import Frame

__all__ = ["OPACITY", "UNKNOWN", "WEBGL_FROM", "by_colour", "figure"]

UNKNOWN = Palette()
BUILD: dict[Visu, Callable[[Drawing, Frame], Figure]] = {
    Visu.SCATTER: points.scatter, Visu.BAR: groups.grouped, Visu.LINE: groups.grouped, Visu.AREA: groups.grouped,
    Visu.HISTOGRAM: groups.histogram, Visu.FUNNEL: groups.funnel, **spreads.BUILT,
    Visu.PIE: shares.pie, Visu.FUNNEL_AREA: shares.pie,
    Visu.SUNBURST: shares.tree, Visu.TREEMAP: shares.tree, Visu.ICICLE: shares.tree,
    Visu.HEATMAP: cells.matrix, Visu.DENSITY_HEATMAP: cells.density, Visu.DENSITY_CONTOUR: cells.density,
    Visu.SCATTER_3D: spaces.space, Visu.SCATTER_MATRIX: spaces.matrix,
    Visu.PARALLEL_COORDINATES: spaces.coordinates, Visu.PARALLEL_CATEGORIES: spaces.parallel,
    Visu.SCATTER_POLAR: spaces.polar, Visu.LINE_POLAR: spaces.polar, Visu.BAR_POLAR: spaces.polar,
    Visu.SCATTER_TERNARY: spaces.ternary, Visu.TIMELINE: spaces.timeline,
}  # fmt: skip

BOXED = (Visu.BAR, Visu.HISTOGRAM, Visu.FUNNEL)
"""Kinds whose marks are picked by a box or a lasso, too: their toolbar offers both, and a drag still zooms."""


def figure(tile: FigureTile, frame: Frame, palette: Palette = UNKNOWN, titles: Mapping[str, str] = {}) -> Figure:
    """The figure as Plotly has it: `data` and `layout`, with columns as `arrays` has them.

    `titles` name columns along axes; the labels of the tile go before them.
    """
    asked = canonical(tile)
    names = Names(tile.options.get("labels", {}), titles)
    drawing = Drawing(asked, frame, palette_of(tile, palette), names)

    def panel(drawing: Drawing, frame: Frame) -> Figure:
        made = _built(drawing, frame)
        if any(name.startswith("marginal") for name in frame.extra):
            made = with_marginals(drawing, frame, made, _built)
        return turned(made) if lies(tile) else made

    if any(role in frame.data.columns for role in ("facet_row", "facet_col")):
        made = faceted(drawing, frame, panel)
    else:
        made = panel(drawing, frame)
    layout = ranged(drawing, made["layout"], {"x": tile.log_x, "y": tile.log_y})
    if tile.selection_enabled and tile.visu_type in BOXED:
        layout |= {"modebar": {**layout["modebar"], "remove": []}}
    if "template" in tile.options:
        layout = _templated(layout, str(tile.options["template"]))
    return {"data": made["data"], "layout": layout}


def _built(drawing: Drawing, frame: Frame) -> Figure:
    """One panel, with categories along its axes in the order that the tile gives them."""
    made = BUILD[drawing.tile.visu_type](drawing, frame)
    given = drawing.option("category_orders", {})
    for axis, column in (("xaxis", drawing.tile.x), ("yaxis", drawing.tile.y)):
        own = made["layout"].get(axis, {})
        if column and given.get(column) and own.get("type") == "category" and own["categoryorder"] != "array":
            order = {"categoryorder": "array", "categoryarray": [str(one) for one in given[column]]}
            made["layout"][axis] = {**own, **order}
    # Of groups y is a number of each, which adds up along its axis; of points it is a column.
    for name in "xy" if drawing.tile.visu_type is Visu.SCATTER else "x":
        own, data = made["layout"].get(f"{name}axis"), drawing.whole.data
        if own is not None and "type" not in own and name in data.columns:
            made["layout"][f"{name}axis"] = {**own, **whole_steps(data[name])}
    return made


def _templated(layout: dict[str, Any], name: str) -> dict[str, Any]:
    """The layout on a template, whose background, if it has one, goes before the page's."""
    own = template(name)
    left_out = {"plot_bgcolor"} & own["layout"].keys()
    return {key: value for key, value in layout.items() if key not in left_out} | {"template": own}


def by_colour(tile: FigureTile, data: pl.DataFrame, palette: Palette) -> Iterator[tuple[pl.DataFrame, dict[str, Any]]]:
    """The parts of a frame that are one trace each, with name and colour."""
    frame = Frame(data=data, rows_total=data.height, rows_matched=data.height, shown=data.height, of=data.height)
    yield from Drawing(tile, frame, palette, Names()).parts(data)
