"""Single values beside a distribution: the points of boxes and violins, and the marks of rugs."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from dash_views.figures.arrays import Rows, categories, labels, packed
from dash_views.figures.drawn import Drawing, Trace
from dash_views.figures.values import COUNTED
from services.queries import Frame

POINT = {"size": 4, "opacity": 0.6}
UNSEEN = "rgba(0,0,0,0)"
TICK = "line-ew-open"
"""A mark of a rug, across the axis along which it stands."""


def strips(drawing: Drawing, data: pl.DataFrame, **look: Any) -> Iterator[Trace]:
    """Rows as points beside each other above their group: boxes of which only the points are seen."""
    hover = [f"hover_{number}" for number in range(len(drawing.tile.hover))]
    carried = [*hover, *(["hover_name"] if "hover_name" in data.columns else [])]
    for part, style in drawing.parts(data):
        custom = {"customdata": Rows(tuple(labels(part[name]) for name in carried))} if carried else {}
        yield {
            **style,
            **custom,
            "type": "box",
            "x": categories(part["x"]) if "x" in part.columns else [""] * part.height,
            "y": packed(part["y"]),
            "boxpoints": "all",
            "hoveron": "points",
            "pointpos": 0,
            "jitter": 0.8,
            "fillcolor": UNSEEN,
            "line": {"color": UNSEEN},
            "marker": {**style["marker"], **POINT},
            "hovertemplate": said(drawing, carried),
            **look,
        }


def said(drawing: Drawing, carried: list[str]) -> str:
    """The words at a point: its heading, its value, and the columns shown on hover."""
    tile, names = drawing.tile, drawing.names
    shown = [f"{names.short(tile.y or tile.x)} %{{y}}"]
    shown += [f"{names.short(name)} %{{customdata[{place}]}}" for place, name in enumerate(tile.hover)]
    if "hover_name" in carried:
        shown.insert(0, f"<b>%{{customdata[{len(carried) - 1}]}}</b>")
    return "<br>".join(shown)


def with_points(drawing: Drawing, frame: Frame, traces: list[Trace], mode: str) -> list[Trace]:
    """Boxes or violins and the points of their rows: left of them as Plotly has it, over them where they stand close.

    Points share the place, and the line of the legend, of the group that they belong to.
    """
    points = frame.extra.get("points")
    if points is None:
        return traces
    if mode != "group":
        return [*traces, *strips(drawing, points, pointpos=-1.5, jitter=0.3, showlegend=False)]
    single = strips(drawing, points, jitter=0.6, showlegend=False)
    return [{**trace, "offsetgroup": trace["name"], "alignmentgroup": "all"} for trace in (*traces, *single)]


def rug(drawing: Drawing, data: pl.DataFrame) -> list[Trace]:
    """Marks above each other, a line of them for each colour."""
    traces = []
    for (part, _), trace in zip(drawing.parts(data), strips(drawing, data, jitter=0), strict=True):
        marker = {**trace["marker"], "symbol": TICK, "size": 7, "opacity": 0.7}
        words = f"{trace['hovertemplate']}<br>{COUNTED}"
        traces.append({**trace, "marker": marker, "customdata": packed(part["rows"]), "hovertemplate": words})
    return traces
