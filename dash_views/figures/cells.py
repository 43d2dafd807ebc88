"""Numbers as colours in cells: matrices of two columns, densities and their contours."""

from typing import Any

import msgspec
import numpy as np
import polars as pl

from dash_views.figures.arrays import Grid, array, categories, packed
from dash_views.figures.drawn import Drawing, Figure, Trace
from dash_views.figures.layout import layout
from dash_views.figures.raster import side
from dash_views.figures.values import is_date, value_title
from domain.figure_roles import FACETS
from domain.tiles import Visu
from domain.wording import tr
from services.queries import Bins, Density, Frame

BAR = {"thickness": 12, "outlinewidth": 0}


def matrix(drawing: Drawing, frame: Frame) -> Figure:
    """A cell for each pair that has rows."""
    data, x, y = frame.data, drawing.tile.x, drawing.tile.y or ""
    across, along = _side(drawing, data["x"], x)
    up, upward = _side(drawing, data["y"], y)
    cells = np.full((len(up), len(across)), np.nan)
    numbers = data["z"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    cells[[up[one] for one in _keys(data["y"])], [across[one] for one in _keys(data["x"])]] = numbers
    said = value_title(drawing, drawing.column("z"))
    trace: Trace = {
        "type": "heatmap",
        "name": "",
        "x": along,
        "y": upward,
        "z": Grid(array(cells), max(len(across), 1)),
        "colorscale": drawing.scale,
        "colorbar": {**BAR, "title": {"text": value_title(drawing, drawing.column("z"), along=True), "side": "right"}},
        **drawing.ends("z", drawing.whole.data["z"].cast(pl.Float64)),
        "hoverongaps": False,
        "hovertemplate": _hover(drawing, said),
        **text_in_cells(drawing),
    }
    kinds: dict[str, Any] = {"x_is_date": is_date(data["x"]), "y_is_date": is_date(data["y"])}
    kinds |= {"x_is_category": _is_word(data["x"]), "y_is_category": _is_word(data["y"])}
    return {"data": [trace], "layout": layout(drawing.axes(x, y, **kinds))}


def _hover(drawing: Drawing, said: str) -> str:
    x, y = drawing.names.short(drawing.tile.x), drawing.names.short(drawing.tile.y)
    return f"{x} %{{x}}<br>{y} %{{y}}<br>{said} %{{z}}<extra></extra>"


def _side(drawing: Drawing, values: pl.Series, column: str) -> tuple[dict[Any, int], Any]:
    """The place of each value along one side, and the values there."""
    if _is_word(values):
        words = drawing.order(column, categories(values))
        return {word: place for place, word in enumerate(words)}, words
    different = values.drop_nulls().unique().sort()
    return {one: place for place, one in enumerate([*different.to_list(), None])}, packed(different)


def _is_word(values: pl.Series) -> bool:
    return values.dtype in (pl.String, pl.Boolean) or values.null_count() > 0


def _keys(values: pl.Series) -> list[Any]:
    return list(categories(values)) if _is_word(values) else values.to_list()


def text_in_cells(drawing: Drawing) -> Trace:
    """The number in each cell, if the tile wants it."""
    wanted = drawing.option("text_auto") or False
    if wanted is False:
        return {}
    return {"texttemplate": "%{z}" if wanted is True else f"%{{z:{wanted}}}"}


def density(drawing: Drawing, frame: Frame) -> Figure:
    """How many rows lie where, as cells or as contours; of each colour contours of their own, at the same heights."""
    x, y = drawing.tile.x, drawing.tile.y or ""
    grid = frame.density
    assert grid is not None  # noqa: S101 -- a frame with rows has a density.
    is_contour = drawing.tile.visu_type is Visu.DENSITY_CONTOUR
    kinds: dict[str, Any] = {"x_is_date": is_date(frame.data["left"]), "y_is_date": is_date(frame.data["bottom"])}
    sides = {**side("x", grid.x, is_date=kinds["x_is_date"]), **side("y", grid.y, is_date=kinds["y_is_date"])}
    every = [normed(one, drawing.option("histnorm"))[0] for one in _densities(drawing.whole.data, grid)]
    traces: list[Trace] = []
    for part, style in drawing.parts(frame.data):
        numbers, said = normed(_counted(part, grid), drawing.option("histnorm"))
        shown = numbers if is_contour else np.where(numbers > 0, numbers, np.nan)
        trace: Trace = {
            **sides,
            "type": "contour" if is_contour else "heatmap",
            "name": "",
            "z": Grid(array(shown), grid.x.count),
            "hovertemplate": _hover(drawing, said),
            **drawing.ends("z", pl.Series(np.concatenate(every))),
            **text_in_cells(drawing),
        }
        if drawing.tile.selection_enabled and not is_contour:
            ends = {"x": (grid.x, kinds["x_is_date"]), "y": (grid.y, kinds["y_is_date"])}
            trace["meta"] = {"edges": {axis: _inner(bins, is_date=is_date) for axis, (bins, is_date) in ends.items()}}
        if "color" in part.columns:
            # The line has the colour; without one of its own a contour would take the first of the template.
            look = {name: value for name, value in style.items() if name != "marker"}
            trace |= {**look, "contours": {"coloring": "none"}, "showlegend": True, "showscale": False}
            trace["line"] = {"color": style["marker"]["color"], "width": 1.5}
        else:
            trace |= {"colorscale": drawing.scale, "colorbar": {**BAR, "title": {"text": said, "side": "right"}}}
            trace |= (
                {"contours": {"coloring": "lines"}, "line": {"width": 1.5}} if is_contour else {"hoverongaps": False}
            )
        traces.append(trace)
    return {"data": traces, "layout": layout(drawing.axes(x, y, **kinds), legend=drawing.legend)}


def _inner(bins: Bins, *, is_date: bool) -> list[float] | list[str]:
    """The edges between cells, as a click on one says its ends; times by the clock on the wall, to the microsecond."""
    edges = bins.edges()[1:-1]
    if not is_date:
        return list(map(float, edges))
    return [moment.isoformat() for moment in pl.Series(np.ceil(edges)).cast(pl.Int64).cast(pl.Datetime("us"))]


def _densities(data: pl.DataFrame, grid: Density) -> list[Density]:
    """That of each part, whatever parts them."""
    roles = [role for role in ("color", *FACETS) if role in data.columns]
    return [_counted(part, grid) for part in (data.partition_by(roles) if roles else [data])]


def _counted(part: pl.DataFrame, grid: Density) -> Density:
    """The counts of a part on the grid of all."""
    counts = np.zeros(grid.x.count * grid.y.count, dtype=np.uint32)
    x, y = (_places(part[low], bins) for low, bins in (("left", grid.x), ("bottom", grid.y)))
    counts[y * grid.x.count + x] = part["count"].to_numpy()
    return msgspec.structs.replace(grid, counts=pl.Series("counts", counts))


def _places(lows: pl.Series, bins: Bins) -> np.ndarray[Any, Any]:
    """The bins that begin there."""
    numbers = lows.to_physical().cast(pl.Float64).to_numpy()
    return np.clip(np.rint((numbers - bins.start) / bins.step), 0, bins.count - 1).astype(np.int64)


def normed(found: Density, how: str | None) -> tuple[np.ndarray[Any, Any], str]:
    """The numbers of the cells in the words of Plotly's `histnorm`, and what they are called."""
    counts = found.counts.to_numpy().astype(np.float64)
    area = found.x.step * found.y.step
    total = max(float(counts.sum()), 1.0)
    match how:
        case "percent":
            return 100 * counts / total, tr("percent of rows")
        case "probability":
            return counts / total, tr("share of rows")
        case "density":
            return counts / area, tr("rows per area")
        case "probability density":
            return counts / total / area, tr("share per area")
    return counts, tr("rows")
