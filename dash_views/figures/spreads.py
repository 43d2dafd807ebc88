"""How values are spread: boxes, violins, strips and cumulative distributions."""

from typing import Any

import polars as pl

from dash_views.figures.arrays import array, categories, packed
from dash_views.figures.drawn import Drawing, Figure, Trace
from dash_views.figures.layout import layout
from dash_views.figures.marks import POINT, strips, with_points
from domain.tiles import Visu
from domain.wording import tr
from services.queries import Frame


def box(drawing: Drawing, frame: Frame) -> Figure:
    """Boxes by their stated quartiles."""
    grouped = drawing.tile.y is not None
    traces: list[Trace] = []
    for part, style in drawing.parts(frame.data):
        stated = {key: packed(part[key]) for key in ("q1", "median", "q3", "mean")}
        traces.append(
            {
                **style,
                **stated,
                "type": "box",
                "x": categories(part["x"]) if grouped else [""] * part.height,
                "lowerfence": packed(part["lower"]),
                "upperfence": packed(part["upper"]),
                **_outliers(drawing, part),
                **_notches(drawing, part),
                "marker": {**style["marker"], **POINT},
                "line": {"width": 1.5},
            }
        )
    mode = _mode(drawing, "boxmode")
    return {"data": with_points(drawing, frame, traces, mode), "layout": _standing(drawing, boxmode=mode)}


def _standing(drawing: Drawing, **more: Any) -> Figure:
    """The layout of values above their groups."""
    tile, grouped = drawing.tile, drawing.tile.y is not None
    axes = drawing.axes(tile.x if grouped else None, tile.y or tile.x, log_x=False, x_is_category=grouped)
    made = layout(axes, legend=drawing.legend, **more)
    if grouped and drawing.option("category_orders", {}).get(tile.x):
        order = drawing.order(tile.x, categories(drawing.whole.data["x"]))
        made["xaxis"] |= {"categoryorder": "array", "categoryarray": order}
    return made


def _mode(drawing: Drawing, name: str) -> str:
    """Side by side, or one in front of the other where each colour has its own place already."""
    usual = "group" if drawing.tile.color and drawing.tile.color != drawing.tile.x else "overlay"
    return str(drawing.option(name, usual))


def _notches(drawing: Drawing, part: pl.DataFrame) -> Trace:
    """By R. McGill, J. W. Tukey and W. A. Larsen, "Variations of box plots", The American Statistician 32 (1978) 12."""
    if not drawing.option("notched"):
        return {}
    span = 1.57 * (part["q3"] - part["q1"]) / part["count"].cast(pl.Float64).sqrt()
    return {"notched": True, "notchspan": packed(span)}


def _outliers(drawing: Drawing, part: pl.DataFrame) -> Trace:
    """Points outside the whiskers; the farthest of them stand out as `suspectedoutliers`.

    Plotly draws no box at all when one has no points: that one gets its median, which lies inside and is not shown.
    """
    shown = drawing.option("points", "outliers")
    if shown in (False, "all") or not part["outlier_count"].sum():
        return {"boxpoints": False}
    points = zip(part["outliers"], part["median"], strict=True)
    return {"y": [outliers.to_list() or [median] for outliers, median in points], "boxpoints": shown}


def violin(drawing: Drawing, frame: Frame) -> Figure:
    """A trace for each violin, since its bandwidth is that of all its values, not of those that travel."""
    grouped = drawing.tile.y is not None
    mode = _mode(drawing, "violinmode")
    traces: list[Trace] = []
    for part, style in drawing.parts(frame.data):
        words = categories(part["x"]) if grouped else [""] * part.height
        for place, word in enumerate(words):
            values, count = part["values"][place], int(part["count"][place])
            looks = {"offsetgroup": style["name"], "alignmentgroup": "all"} if mode == "group" else {}
            traces.append(
                {
                    **style,
                    **looks,
                    "type": "violin",
                    "x": [word] * values.len(),
                    "y": packed(values),
                    "bandwidth": bandwidth(part, place, count),
                    "spanmode": "hard",
                    "scalemode": "width",
                    "points": False,
                    "box": {"visible": drawing.says("box")},
                    "meanline": {"visible": True},
                    "showlegend": place == 0 and bool(style["name"]),
                    "line": {"width": 1.5},
                    "hoveron": "violins",
                    "hoverinfo": "y+name",
                }
            )
    # The points are boxes to Plotly, which have a mode of their own.
    traces = with_points(drawing, frame, traces, mode)
    return {"data": traces, "layout": _standing(drawing, violinmode=mode, boxmode=mode)}


def bandwidth(part: pl.DataFrame, place: int, count: int) -> float:
    """That of B. W. Silverman, "Density Estimation for Statistics and Data Analysis" (1986), formula 3.30."""
    sd, spread = part["sd"][place] or 0.0, (part["q3"][place] - part["q1"][place]) / 1.34
    found = 0.9 * (min(sd, spread) if spread > 0 else sd) * count**-0.2
    # Equal values have no width; a violin needs one.
    return float(found) or max(abs(float(part["q1"][place])) * 1e-3, 1e-6)


def strip(drawing: Drawing, frame: Frame) -> Figure:
    """Points beside each other above their group."""
    return {
        "data": list(strips(drawing, frame.data)),
        "layout": _standing(drawing, boxmode=_mode(drawing, "stripmode")),
    }


def ecdf(drawing: Drawing, frame: Frame) -> Figure:
    """The share of rows up to each value: exact at the values that travel."""
    traces: list[Trace] = []
    kind = drawing.option("ecdfmode", "standard")
    for part, style in drawing.parts(frame.data):
        for place in range(part.height):
            marks = "markers" if drawing.option("markers") else ""
            lines = "lines" if drawing.option("lines") is not False else ""
            traces.append(
                {
                    **style,
                    "type": "scatter",
                    "mode": "+".join(filter(None, (lines, marks))) or "markers",
                    "line": {
                        "width": 2,
                        "color": style["marker"]["color"],
                        **style.get("line", {}),
                        "shape": "vh" if kind == "reversed" else "hv",
                    },
                    "x": packed(part["values"][place]),
                    "y": array(shares(drawing, part["ranks"][place], int(part["count"][place])).to_numpy()),
                    "hovertemplate": f"{drawing.names.short(drawing.tile.x)} %{{x}}<br>%{{y}}",
                }
            )
    is_percent = drawing.option("ecdfnorm") == "percent"
    title = tr("percent of rows") if is_percent else tr("share of rows")
    axes = drawing.axes(drawing.tile.x, None, said={"y": title})
    return {"data": traces, "layout": layout(axes, legend=drawing.legend)}


def shares(drawing: Drawing, ranks: pl.Series, count: int) -> pl.Series:
    """How many of the values lie up to each rank, beyond it (complementary), or from it on (reversed)."""
    ranks = ranks.cast(pl.Float64)
    match drawing.option("ecdfmode", "standard"):
        case "complementary":
            found = count - ranks - 1
        case "reversed":
            found = count - ranks
        case _:
            found = ranks + 1
    return found / count * (100 if drawing.option("ecdfnorm") == "percent" else 1)


BUILT = {Visu.BOX: box, Visu.VIOLIN: violin, Visu.STRIP: strip, Visu.ECDF: ecdf}
