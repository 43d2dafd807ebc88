"""From a figure tile and its frame to traces, one function a kind."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from dash_views.figures.arrays import Rows, categories, labels, packed, texts
from dash_views.figures.colours import SCALE, Palette
from dash_views.figures.layout import Axes, layout
from dash_views.figures.raster import raster
from domain.selections import can_select
from domain.tiles import Aggregation, FigureTile, Visu
from services.queries import Frame

Figure = dict[str, Any]
Traces = list[dict[str, Any]]
WEBGL_FROM = 2_000
"""Points from which WebGL draws faster than SVG, in spite of its start-up."""
MARKER, SMALL_MARKER = 7, 5
"""Pixels across a point; the small ones are for WebGL, where so many points would hide each other."""
OPACITY, OPACITY_OVER_DENSITY = 0.75, 0.6
LARGEST_MARKER = 26
UNKNOWN = Palette()


def figure(tile: FigureTile, frame: Frame, palette: Palette = UNKNOWN) -> Figure:
    """The figure as Plotly has it: `data` and `layout`, with columns as `arrays` has them."""
    match tile.visu_type:
        case Visu.SCATTER:
            return _scatter(tile, frame, palette)
        case Visu.BAR | Visu.LINE:
            return _grouped(tile, frame.data, palette)
        case Visu.HISTOGRAM:
            return _histogram(tile, frame.data, palette)
        case Visu.BOX:
            return _box(tile, frame.data, palette)


def by_colour(tile: FigureTile, data: pl.DataFrame, palette: Palette) -> Iterator[tuple[pl.DataFrame, dict[str, Any]]]:
    """The parts of a frame that are one trace each, with name and colour."""
    if tile.color is None:
        yield data, {"name": "", "marker": {"color": palette.colour("")}}
        return
    labelled = data.with_columns(pl.Series("label", categories(data["color"]), dtype=pl.String))
    names = labelled["label"].unique(maintain_order=True)
    parts = dict(zip(names.to_list(), labelled.partition_by("label"), strict=True))
    for position, label in enumerate(sorted(parts)):
        style = {"name": label, "legendgroup": label, "marker": {"color": palette.colour(label, position)}}
        yield parts[label], style


def _scatter(tile: FigureTile, frame: Frame, palette: Palette) -> Figure:
    kinds = {"x_is_date": is_date(frame.data["x"]), "y_is_date": is_date(frame.data["y"])}
    axes = Axes(x=tile.x, y=tile.y or "", log_x=tile.log_x, log_y=tile.log_y, **kinds)
    kind = "scattergl" if frame.shown > WEBGL_FROM else "scatter"
    is_scale = tile.color is not None and frame.data["color"].dtype == pl.Float64
    if is_scale:
        bar = {"title": {"text": tile.color, "side": "right"}, "thickness": 12, "outlinewidth": 0}
        values = packed(frame.data["color"], coarse=kind == "scattergl")
        marker = {"color": values, "colorscale": SCALE, "showscale": True, "colorbar": bar}
        parts: Iterator[tuple[pl.DataFrame, dict[str, Any]]] = iter([(frame.data, {"name": "", "marker": marker})])
    else:
        parts = by_colour(tile, frame.data, palette)
    largest = frame.data["size"].max() if tile.size else None
    below = [] if frame.density is None else [raster(frame.density, **kinds)]
    opacity = OPACITY_OVER_DENSITY if below else OPACITY
    traces = [*below, *(_points(tile, part, style, kind, largest, opacity) for part, style in parts)]
    legend = tile.color if tile.color and not is_scale else None
    return {"data": traces, "layout": layout(axes, selectable=can_select(tile), legend=legend)}


def _points(
    tile: FigureTile, part: pl.DataFrame, style: dict[str, Any], kind: str, largest: Any, opacity: float
) -> dict[str, Any]:
    many = kind == "scattergl"
    marker = {"size": SMALL_MARKER if many else MARKER, "opacity": opacity, **style["marker"]}
    if tile.size and largest:
        # Areas are proportional to the values; see sizeref in Plotly's reference of scatter markers.
        sizes = part["size"].clip(0)
        scale = {"sizemode": "area", "sizeref": 2 * largest / LARGEST_MARKER**2, "sizemin": 2}
        marker |= {"size": packed(sizes, coarse=many), **scale}
    # The selected value comes last: the browser counts on it (see board.browser_tile).
    extra = [f"hover_{position}" for position in range(len(tile.hover))]
    extra += ["selection"] if "selection" in part.columns else []
    # Left out when there is none: Dash looks into any `customdata` that it finds, and would not report a selection.
    custom = {"customdata": Rows(tuple(labels(part[column]) for column in extra))} if extra else {}
    shown = [f"{tile.x} %{{x}}", f"{tile.y} %{{y}}"]
    shown += [f"{name} %{{customdata[{extra.index(f'hover_{position}')}]}}" for position, name in enumerate(tile.hover)]
    return {
        **style,
        "type": kind,
        "mode": "markers",
        "x": packed(part["x"], coarse=many),
        "y": packed(part["y"], coarse=many),
        "marker": marker,
        **custom,
        "unselected": {"marker": {"opacity": 0.15}},
        "hovertemplate": "<br>".join(shown),
    }


def is_date(values: pl.Series) -> bool:
    """Whether an axis of these values is one of dates; it must say so, for they travel as numbers."""
    return values.dtype in (pl.Date, pl.Datetime)


def _grouped(tile: FigureTile, data: pl.DataFrame, palette: Palette) -> Figure:
    is_line = tile.visu_type is Visu.LINE
    discrete = data["x"].dtype in (pl.String, pl.Boolean)
    axes = Axes(x=tile.x, y=value_title(tile), log_x=tile.log_x, log_y=tile.log_y, x_is_category=discrete,
                x_is_date=is_date(data["x"]), y_is_date=is_date(data["y"]))  # fmt: skip
    traces: Traces = []
    for part, style in by_colour(tile, data, palette):
        look = {"mode": "lines+markers" if part.height <= 200 else "lines", "line": {"width": 2, **style["marker"]}}  # noqa: PLR2004
        traces.append(
            {
                **style,
                **(look if is_line else {}),
                "type": "scatter" if is_line else "bar",
                "x": categories(part["x"]) if discrete else packed(part["x"]),
                "y": packed(part["y"]),
                "customdata": packed(part["rows"]),
                "hovertemplate": f"{tile.x} %{{x}}<br>{axes.y} %{{y}}<br>%{{customdata}} rows",
            }
        )
    return {"data": traces, "layout": layout(axes, legend=tile.color, barmode="group", bargap=0.2)}


def value_title(tile: FigureTile) -> str:
    """What the bars or the line show, in words."""
    if tile.y is None:
        return "rows" if tile.aggregation is Aggregation.COUNT else tile.aggregation.value
    return f"{tile.aggregation.value} of {tile.y}"


def _histogram(tile: FigureTile, data: pl.DataFrame, palette: Palette) -> Figure:
    discrete = "x" in data.columns
    dated = not discrete and is_date(data["left"])
    axes = Axes(x=tile.x, y="rows", log_y=tile.log_y, x_is_category=discrete, x_is_date=dated)
    traces: Traces = []
    for part, style in by_colour(tile, data, palette):
        trace = {**style, "type": "bar", "y": packed(part["count"])}
        if discrete:
            trace |= {"x": categories(part["x"]), "hovertemplate": "%{x}<br>%{y} rows"}
        else:
            width = part["right"] - part["left"]
            widths = width.dt.total_milliseconds().cast(pl.Float64) if width.dtype == pl.Duration else width
            ends = texts(part["right"])
            template = "%{x} to %{customdata}<br>%{y} rows"
            trace |= {"x": packed(part["left"]), "width": packed(widths), "offset": 0, "customdata": ends}
            trace |= {"hovertemplate": template}
        traces.append(trace)
    gap = 0.2 if discrete else 0.0
    return {"data": traces, "layout": layout(axes, legend=tile.color, barmode="stack", bargap=gap)}


def _box(tile: FigureTile, data: pl.DataFrame, palette: Palette) -> Figure:
    grouped = tile.y is not None
    axes = Axes(x=tile.x if grouped else "", y=tile.y or tile.x, log_y=tile.log_y, x_is_category=grouped)
    traces: Traces = []
    for part, style in by_colour(tile, data, palette):
        stated = {key: packed(part[key]) for key in ("q1", "median", "q3", "mean")}
        traces.append(
            {
                **style,
                **stated,
                "type": "box",
                "x": categories(part["x"]) if grouped else [""] * part.height,
                "lowerfence": packed(part["lower"]),
                "upperfence": packed(part["upper"]),
                **_outliers(part),
                "marker": {**style["marker"], "size": 4, "opacity": 0.6},
                "line": {"width": 1.5},
            }
        )
    mode = "group" if tile.color and tile.color != tile.x else "overlay"
    return {"data": traces, "layout": layout(axes, legend=tile.color, boxmode=mode)}


def _outliers(part: pl.DataFrame) -> dict[str, Any]:
    """Points outside the whiskers.

    Plotly draws no box at all when one has no points: that one gets its median, which lies inside and is not shown.
    """
    if not part["outlier_count"].sum():
        return {"boxpoints": False}
    points = zip(part["outliers"], part["median"], strict=True)
    return {"y": [outliers.to_list() or [median] for outliers, median in points], "boxpoints": "outliers"}
