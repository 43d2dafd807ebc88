"""Scatters: points over the density of those that are not drawn, with trend lines."""

from typing import Any

import numpy as np
import polars as pl

from dash_views.figures.arrays import Rows, array, labels, packed
from dash_views.figures.drawn import Drawing, Figure, Trace
from dash_views.figures.layout import layout
from dash_views.figures.raster import raster
from dash_views.figures.values import is_date
from domain.figure_roles import bound
from domain.selections import can_select
from domain.wording import tr
from services.queries import Frame

WEBGL_FROM = 2_000
"""Rows of a table from which WebGL draws points faster than SVG, in spite of its start-up; also those few that a filter
leaves, as a plot that changes from one to the other takes longer."""
MARKER, SMALL_MARKER = 7, 5
"""Pixels across a point; small ones where so many would hide each other."""
OPACITY, OPACITY_OVER_DENSITY = 0.75, 0.6
LARGEST_MARKER = 26
INK = "#5b6b75"
CURVE = 60
"""Points of a trend that is no straight line on its axes."""


def scatter(drawing: Drawing, frame: Frame) -> Figure:
    """Points, WebGL where there are many."""
    tile, data = drawing.tile, frame.data
    kinds: dict[str, Any] = {"x_is_date": is_date(data["x"]), "y_is_date": is_date(data["y"])}
    mode = drawing.option("render_mode", "auto")
    many = drawing.whole.rows_total > WEBGL_FROM if mode == "auto" else mode == "webgl"
    below = [] if frame.density is None or has_facets(drawing) else [raster(frame.density, **kinds)]
    look = {
        "size": SMALL_MARKER if drawing.whole.shown > WEBGL_FROM or mode == "webgl" else MARKER,
        "opacity": drawing.opacity(OPACITY_OVER_DENSITY if below else OPACITY),
    }
    points = [_points(drawing, part, style, look, many=many) for part, style in drawing.parts(data)]
    traces = [*below, *points, *trends(drawing, frame)]
    return {"data": traces, "layout": layout(drawing.axes(tile.x, tile.y, **kinds), selectable=can_select(tile),
                                             legend=drawing.legend)}  # fmt: skip


def has_facets(drawing: Drawing) -> bool:
    """Whether the figure has several panels."""
    return bool(bound(drawing.tile, "facet_row") or bound(drawing.tile, "facet_col"))


def sized(drawing: Drawing, part: pl.DataFrame, *, coarse: bool = False) -> Trace:
    """Areas in proportion to the values; see sizeref in Plotly's reference of scatter markers."""
    largest: Any = drawing.whole.data["size"].max() if "size" in drawing.whole.data.columns else None
    if not largest:
        return {}
    most = drawing.option("size_max", LARGEST_MARKER)
    scale = {"sizemode": "area", "sizeref": 2 * largest / most**2, "sizemin": 2}
    return {"size": packed(part["size"].clip(0), coarse=coarse), **scale}


def extras(drawing: Drawing, part: pl.DataFrame) -> tuple[Trace, list[str]]:
    """What points carry to the browser, and what the pointer shows of it.

    The selected value comes last: the browser counts on it (see board.browser_tile).
    """
    tile, names = drawing.tile, drawing.names
    extra = [f"hover_{place}" for place in range(len(tile.hover))]
    extra += [role for role in ("hover_name", "selection") if role in part.columns]
    # Left out when there is none: Dash looks into any `customdata` that it finds, and would not report a selection.
    custom = {"customdata": Rows(tuple(labels(part[column]) for column in extra))} if extra else {}
    shown = [f"{names.short(name)} %{{customdata[{place}]}}" for place, name in enumerate(tile.hover)]
    if "hover_name" in extra:
        shown.insert(0, f"<b>%{{customdata[{extra.index('hover_name')}]}}</b>")
    return custom, shown


def _points(drawing: Drawing, part: pl.DataFrame, style: Trace, look: Trace, *, many: bool) -> Trace:
    tile, names = drawing.tile, drawing.names
    marker = {**look, **style["marker"]}
    marker |= drawing.scaled(part["color"], coarse=many) if drawing.is_scale() else {}
    custom, hover = extras(drawing, part)
    shown = [f"{names.short(tile.x)} %{{x}}", f"{names.short(tile.y)} %{{y}}"]
    shown = [*hover[:1], *shown, *hover[1:]] if hover and hover[0].startswith("<b>") else shown + hover
    return {
        **{key: value for key, value in style.items() if key != "line"},
        "type": "scattergl" if many else "scatter",
        "mode": "markers+text" if "text" in part.columns else "markers",
        "x": packed(part["x"], coarse=many),
        "y": packed(part["y"], coarse=many),
        "marker": marker | sized(drawing, part, coarse=many),
        **({"text": labels(part["text"]), "textposition": "top center"} if "text" in part.columns else {}),
        **custom,
        **_errors(part),
        "unselected": {"marker": {"opacity": 0.15}},
        "hovertemplate": "<br>".join(shown),
    }


def _errors(part: pl.DataFrame) -> Trace:
    found: Trace = {}
    for role in ("error_x", "error_y"):
        if role in part.columns:
            found[role] = {"type": "data", "array": packed(part[role]), "thickness": 1}
            minus = f"{role}_minus"
            found[role] |= {"symmetric": False, "arrayminus": packed(part[minus])} if minus in part.columns else {}
    return found


def trends(drawing: Drawing, frame: Frame) -> list[Trace]:
    """The trend lines of this panel, in the colours of their points."""
    trend = frame.extra.get("trend")
    if trend is None or trend.is_empty():
        return []
    override = drawing.option("trendline_color_override")
    coloured = "color" in trend.columns and not drawing.is_scale()
    bare: Trace = {"name": "", "marker": {"color": INK}}
    parts = list(drawing.parts(trend)) if coloured else [(trend, bare)]
    lines: list[Trace] = []
    for part, style in parts:
        look: Trace = {
            "type": "scatter",
            "mode": "lines",
            "name": tr("trend {name}", name=style["name"]).strip(),
            **({"legendgroup": style["name"]} if style["name"] else {}),
            "showlegend": False,
            "line": {"color": override or style["marker"]["color"], "width": 2},
        }
        if "slope" not in part.columns:
            keys = [name for name in part.columns if name not in {"x", "y"}]
            each = part.partition_by(keys) if keys else [part]
            lines += [{**look, "x": packed(one["x"]), "y": packed(one["y"]), "hoverinfo": "skip"} for one in each]
            continue
        lines += [{**look, **_straight(drawing, line)} for line in part.iter_rows(named=True)]
    return lines


def _straight(drawing: Drawing, line: dict[str, Any]) -> Trace:
    """Of least squares: a straight line, or a curve where axes and fit are not both linear."""
    logs = drawing.option("trendline_options", {})
    curved = drawing.tile.log_x or drawing.tile.log_y or logs.get("log_x") or logs.get("log_y")
    at = np.linspace(line["low"], line["high"], CURVE if curved else 2)
    values = line["intercept"] + line["slope"] * at
    names = drawing.names
    x, y = names.short(drawing.tile.x), names.short(drawing.tile.y)
    x, y = (f"log10({x})" if logs.get("log_x") else x), (f"log10({y})" if logs.get("log_y") else y)
    fit = tr("R² {number:.4f} of {n} rows", number=line["r2"], n=line["n"])
    said = f"{y} = {line['intercept']:.4g} + {line['slope']:.4g} · {x}<br>{fit}"
    return {
        "x": array(10**at if logs.get("log_x") else at),
        "y": array(10**values if logs.get("log_y") else values),
        "hovertemplate": said + "<extra></extra>",
    }
