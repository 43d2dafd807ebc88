"""Bars, lines, areas and funnels of one number a group, and histograms."""

from typing import Any

import polars as pl

from dash_views.figures.arrays import categories, packed, texts
from dash_views.figures.drawn import Drawing, Figure, Trace
from dash_views.figures.layout import layout
from dash_views.figures.values import COUNTED, is_date, value_title
from domain.tiles import Visu
from domain.wording import tr
from services.queries import Frame

MARKED = 200
"""Points of a line up to which each of them is marked."""
HISTFUNC = {"count": tr("rows"), "sum": tr("sum"), "avg": tr("mean"), "min": tr("min"), "max": tr("max")}
NORMS = {"percent": tr("percent of rows"), "probability": tr("share of rows"), "density": tr("rows per unit"),
         "probability density": tr("density")}  # fmt: skip


def grouped(drawing: Drawing, frame: Frame) -> Figure:
    """Bars, lines or areas."""
    tile, data = drawing.tile, frame.data
    is_bar = tile.visu_type is Visu.BAR
    discrete = data["x"].dtype in (pl.String, pl.Boolean)
    shown = f"{value_title(drawing, tile.y)} %{{y}}<br>{COUNTED}" if tile.y else tr("{count} rows", count="%{y}")
    axes = drawing.axes(tile.x, None, said={"y": value_title(drawing, tile.y, along=True)}, x_is_category=discrete,
                        x_is_date=is_date(data["x"]), y_is_date=is_date(data["y"]))  # fmt: skip
    traces: list[Trace] = []
    for part, style in drawing.parts(data):
        trace = {
            **style,
            **(_bar(drawing) if is_bar else _line(drawing, part, style)),
            "type": "bar" if is_bar else "scatter",
            "x": categories(part["x"]) if discrete else packed(part["x"]),
            "y": packed(part["y"]),
            "customdata": packed(part["rows"]),
            "hovertemplate": f"{drawing.names.short(tile.x)} %{{x}}<br>{shown}",
        }
        if "error" in part.columns:
            trace["error_y"] = {"type": "data", "array": packed(part["error"]), "thickness": 1.2, "width": 3}
        traces.append(trace)
    more: dict[str, Any] = {"barmode": _mode(drawing, "group"), "bargap": 0.2}
    return {"data": traces, "layout": layout(axes, legend=drawing.legend, **more)}


def _mode(drawing: Drawing, usual: str) -> str:
    return str(drawing.option("barmode", usual))


def _bar(drawing: Drawing) -> Trace:
    wanted = drawing.option("text_auto") or False
    text = {} if wanted is False else {"texttemplate": "%{y}" if wanted is True else f"%{{y:{wanted}}}"}
    return text | ({"opacity": drawing.opacity(1.0)} if drawing.option("opacity") is not None else {})


def _line(drawing: Drawing, part: pl.DataFrame, style: Trace) -> Trace:
    marked = drawing.option("markers", part.height <= MARKED and drawing.tile.visu_type is Visu.LINE)
    line = {"width": 2, "color": style["marker"]["color"], **style.get("line", {})}
    line |= {"shape": drawing.option("line_shape")} if drawing.option("line_shape") else {}
    look: Trace = {"mode": "lines+markers" if marked else "lines", "line": line}
    if drawing.tile.visu_type is Visu.AREA:
        look["stackgroup"] = "all"
        look |= {"groupnorm": drawing.option("groupnorm")} if drawing.option("groupnorm") else {}
        pattern = style["marker"].get("pattern")
        look |= {"fillpattern": pattern, "marker": {"color": style["marker"]["color"]}} if pattern else {}
    return look


def funnel(drawing: Drawing, frame: Frame) -> Figure:
    """A stage for each category, the largest first unless the tile gives an order."""
    tile, data = drawing.tile, frame.data.with_columns(pl.Series("x", categories(frame.data["x"]), dtype=pl.String))
    totals = data.group_by("x").agg(pl.col("y").cast(pl.Float64).sum()).sort("y", "x", descending=[True, False])
    stages = totals["x"].to_list()
    if drawing.option("category_orders", {}).get(tile.x):
        stages = drawing.order(tile.x, stages)
    axes = drawing.axes(tile.x, None, said={"y": value_title(drawing, tile.y, along=True)}, x_is_category=True)
    data = pl.DataFrame({"x": stages}).join(data, on="x", maintain_order="left")
    traces = [
        {
            **style,
            "type": "funnel",
            "orientation": "v",
            "x": part["x"].to_list(),
            "y": packed(part["y"]),
            "opacity": drawing.opacity(1.0),
            "textinfo": "value+percent initial",
            "hovertemplate": f"%{{x}}<br>{value_title(drawing, tile.y)} %{{y}}",
        }
        for part, style in drawing.parts(data)
    ]
    made = layout(axes, legend=drawing.legend, funnelmode="stack")
    made["xaxis"] |= {"categoryorder": "array", "categoryarray": stages}
    made["yaxis"] |= {"visible": False}
    return {"data": traces, "layout": made}


def histogram(drawing: Drawing, frame: Frame) -> Figure:
    """Bars over bins, or over categories."""
    tile, data = drawing.tile, frame.data
    discrete = "x" in data.columns
    dated = not discrete and is_date(data["left"])
    said = height_title(drawing)
    axes = drawing.axes(tile.x, None, said={"y": said}, log_x=False, x_is_category=discrete, x_is_date=dated)
    traces: list[Trace] = []
    for part, style in drawing.parts(data):
        trace: Trace = {**style, **_bar(drawing), "type": "bar"}
        if discrete:
            heights = _normed(drawing, part, None)
            trace |= {"x": categories(part["x"]), "hovertemplate": f"%{{x}}<br>%{{y}} {said}"}
        else:
            width = part["right"] - part["left"]
            widths = width.dt.total_milliseconds().cast(pl.Float64) if width.dtype == pl.Duration else width
            heights = _normed(drawing, part, widths)
            trace |= {"x": packed(part["left"]), "width": packed(widths), "offset": 0}
            trace |= {"customdata": texts(part["right"])}
            span = tr("{first} to {last}", first="%{x}", last="%{customdata}")
            trace |= {"hovertemplate": f"{span}<br>%{{y}} {said}"}
        traces.append({**trace, "y": packed(heights)})
    # Means and extremes do not add up, so they are not stacked.
    adds_up = "y" not in data.columns or drawing.option("histfunc") == "sum"
    mode = _mode(drawing, "stack" if adds_up else "overlay")
    if mode == "overlay" and drawing.option("opacity") is None and len(traces) > 1:
        traces = [{**trace, "opacity": 0.6} for trace in traces]
    more: dict[str, Any] = {"barmode": mode, "bargap": 0.2 if discrete else 0.0}
    more |= {"barnorm": drawing.option("barnorm")} if drawing.option("barnorm") else {}
    return {"data": traces, "layout": layout(axes, legend=drawing.legend, **more)}


def height_title(drawing: Drawing) -> str:
    """What the bars of a histogram show."""
    if drawing.option("barnorm"):
        return tr("percent of each bar") if drawing.option("barnorm") == "percent" else tr("fraction of each bar")
    if "y" in drawing.whole.data.columns:
        how = HISTFUNC[drawing.option("histfunc")]
        return tr("{how} of {column}", how=how, column=drawing.names.axis(drawing.tile.y))
    return NORMS.get(drawing.option("histnorm") or "", tr("rows"))


def _normed(drawing: Drawing, part: pl.DataFrame, widths: pl.Series | None) -> pl.Series:
    """The heights in the words of Plotly's `histnorm`, each trace by itself, then added up from the left if wanted."""
    heights = part["y" if "y" in part.columns else "count"]
    how = drawing.option("histnorm")
    if how:
        heights = heights.cast(pl.Float64)
        total = heights.sum() or 1.0
        heights = heights / total if how.startswith("prob") else 100 * heights / total if how == "percent" else heights
        if how.endswith("density") and widths is not None:
            heights = heights / widths
    return heights.cum_sum() if drawing.option("cumulative") else heights
