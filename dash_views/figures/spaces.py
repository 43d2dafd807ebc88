"""Figures without two plain axes: space, angles, triangles, matrices of scatters, parallel axes; and spans of time."""

import re
from math import cos, radians, sin
from textwrap import wrap
from typing import Any

import numpy as np
import polars as pl

from dash_views.figures.arrays import array, categories, packed
from dash_views.figures.drawn import Drawing, Figure, Trace
from dash_views.figures.layout import AXIS, CLEAR, layout, plain_layout, with_titles
from dash_views.figures.panels import ends_of
from dash_views.figures.points import OPACITY, WEBGL_FROM, extras, sized
from dash_views.figures.values import is_date, value_title
from domain.figure_roles import several
from domain.tiles import Box, Visu
from domain.wording import tr
from services.queries import Frame

SMALL = 4
AT_TOP = {"polar": 24, "ternary": 52}
"""Pixels of what is written at the top of a circle, and of a triangle."""

CORNER = 14
"""Letters of a line of the titles at corners."""
EYE = 1.5
"""From where a space is looked at, along each axis: Plotly's 1.25 leaves no room for titles on a phone."""

AXIS_INK = "#78858a"
"""Read on white and on dark pages: the words of a space are pixels, which no style sheet reaches."""


def marked(drawing: Drawing, part: pl.DataFrame, style: Trace, places: dict[str, str], size: int = 6) -> Trace:
    """The marker, what it carries, and its hover text; `places` are the names of what Plotly calls x, y and so on."""
    marker = {"size": size, "opacity": drawing.opacity(OPACITY), **style["marker"], **sized(drawing, part)}
    marker |= drawing.scaled(part["color"]) if drawing.is_scale() else {}
    custom, hover = extras(drawing, part)
    shown = [f"{name} %{{{place}}}" for place, name in places.items()]
    kept = {key: value for key, value in style.items() if key != "line"}
    return {**kept, "marker": marker, **custom, "hovertemplate": "<br>".join([*shown, *hover])}


def space(drawing: Drawing, frame: Frame) -> Figure:
    """Points in space."""
    columns = {"x": drawing.tile.x, "y": drawing.tile.y or "", "z": drawing.column("z") or ""}
    names = {axis: drawing.names.short(name) for axis, name in columns.items()}
    traces: list[Trace] = []
    for part, style in drawing.parts(frame.data):
        trace = {**marked(drawing, part, style, names, SMALL), "type": "scatter3d", "mode": "markers"}
        if "text" in part.columns:
            trace |= {"text": categories(part["text"]), "mode": "markers+text"}
        traces.append(trace | {axis: packed(part[axis]) for axis in columns})
    scene: dict[str, Any] = {"bgcolor": CLEAR, "dragmode": "turntable", "camera": {"eye": dict.fromkeys("xyz", EYE)}}
    for axis, name in columns.items():
        kind: dict[str, Any] = {"type": "date"} if is_date(frame.data[axis]) else {}
        log = drawing.option("log_z") if axis == "z" else getattr(drawing.tile, f"log_{axis}")
        kind |= {"type": "log"} if log else {}
        given = drawing.option(f"range_{axis}")
        kind |= {"range": ends_of(given, log=bool(log))} if given else {}
        scene[f"{axis}axis"] = {"title": _short(drawing.names.axis(name)), "color": AXIS_INK, **kind}
    made = plain_layout(legend=drawing.legend, scene=scene, margin={"l": 0, "r": 0, "t": 36, "b": 0})
    return {"data": traces, "layout": made}


def worded(part: pl.DataFrame) -> Trace:
    """Points, with words above them if the tile names a column of them."""
    if "text" not in part.columns:
        return {"mode": "markers"}
    return {"mode": "markers+text", "text": categories(part["text"]), "textposition": "top center"}


def _short(title: str, letters: int = CORNER) -> dict[str, Any]:
    """A title that stands at a corner, in lines that a phone has room for on both sides of it."""
    return {"text": "<br>".join(wrap(title, letters, break_long_words=False)), "font": {"size": 11}}


def polar(drawing: Drawing, frame: Frame) -> Figure:
    """Points, lines or bars by angle and radius; angles are degrees where the column holds numbers."""
    tile, data = drawing.tile, frame.data
    discrete = data["x"].dtype == pl.String or data["x"].dtype == pl.Boolean or is_date(data["x"])
    is_points = tile.visu_type is Visu.SCATTER_POLAR
    said = drawing.names.short(tile.y) if is_points else value_title(drawing, tile.y)
    names = {"theta": drawing.names.short(tile.x), "r": said}
    traces: list[Trace] = []
    for part, style in drawing.parts(data):
        closed = pl.concat([part, part.head(1)]) if drawing.option("line_close") else part
        places = {"theta": categories(closed["x"]) if discrete else packed(closed["x"]), "r": packed(closed["y"])}
        look = marked(drawing, closed, style, names)
        match tile.visu_type:
            case Visu.SCATTER_POLAR:
                kind: Trace = {**look, "type": "scatterpolargl" if frame.rows_total > WEBGL_FROM else "scatterpolar"}
                kind |= worded(part)
            case Visu.LINE_POLAR:
                line = {"color": style["marker"]["color"], "width": 2, **style.get("line", {})}
                kind = {**look, "type": "scatterpolar", "line": line}
                kind["mode"] = "lines+markers" if drawing.option("markers") else "lines"
            case _:
                kind = {**style, "type": "barpolar", "hovertemplate": look["hovertemplate"]}
        traces.append(kind | places)
    log, given = drawing.says("log_r"), drawing.option("range_r")
    radial: dict[str, Any] = {"type": "log"} if log else {}
    radial |= {"range": ends_of(given, log=bool(log))} if given else {}
    angular: dict[str, Any] = {"direction": drawing.option("direction", "clockwise")}
    angular |= {"rotation": drawing.option("start_angle", 90)}
    if discrete:
        order = drawing.order(tile.x, categories(data["x"]))
        angular |= {"type": "category", "categoryorder": "array", "categoryarray": order}
    frame_of = {"bgcolor": CLEAR, "radialaxis": radial, "angularaxis": angular}
    more = {"barmode": drawing.option("barmode", "stack")} if tile.visu_type is Visu.BAR_POLAR else {}
    made = plain_layout(legend=drawing.legend, polar=frame_of, margin={"l": 40, "r": 40, "b": 28}, **more)
    return {"data": traces, "layout": with_titles(made, AT_TOP["polar"], margin=76)}


def ternary(drawing: Drawing, frame: Frame) -> Figure:
    """Points in a triangle, by their shares of three columns."""
    columns = {side: drawing.column(side) or "" for side in "abc"}
    names = {side: drawing.names.short(name) for side, name in columns.items()}
    traces: list[Trace] = [
        {
            **marked(drawing, part, style, names),
            "type": "scatterternary",
            **worded(part),
            **{side: packed(part[side]) for side in columns},
        }
        for part, style in drawing.parts(frame.data)
    ]
    # Nothing is beside the title at the top, and a second line of it would lie over the numbers beneath.
    letters = {"a": 2 * CORNER, "b": CORNER, "c": CORNER}
    sides = {f"{side}axis": {"title": _short(drawing.names.axis(name), letters[side]), "min": 0}
             for side, name in columns.items()}  # fmt: skip
    made = plain_layout(legend=drawing.legend, ternary={"bgcolor": CLEAR, **sides})
    made["margin"] = {"l": 60, "r": 60, "b": 52}
    return {"data": traces, "layout": with_titles(made, AT_TOP["ternary"], margin=92)}


MATRIX_AROUND = {"x": 90, "y": 190}
"""Pixels of a tile that a matrix does not have for its panels: the heading, the legend, titles and margins."""
MATRIX_CELL = {"x": 140, "y": 100}
"""About the pixels of a column of the grid on a usual screen, and those of a row."""
LETTER = 0.58
"""The width of a usual letter, as a share of its height."""
MATRIX_FONTS = (11, 9)
MATRIX_LARGE = 4
"""Up to so many columns their titles have the larger letters."""
SHORTEST = 6


def in_lines(name: str, most: int) -> str:
    """A name on as many lines as keep it within so many letters, broken at blanks and underscores alone."""
    lines = [""]
    for word in re.findall(r"[^_ ]+[_ ]*|[_ ]+", name):
        if lines[-1] and len(lines[-1]) + len(word.rstrip(" _")) > most:
            lines.append("")
        lines[-1] += word
    return "<br>".join(line.strip() for line in lines)


def _letters(box: Box, axis: str, panels: int, font: int) -> int:
    """How many letters have room along one side of one panel."""
    cells = box.w if axis == "x" else box.h
    pixels = (cells * MATRIX_CELL[axis] - MATRIX_AROUND[axis]) / max(panels, 1)
    return max(int(pixels / (LETTER * font)), SHORTEST)


def matrix(drawing: Drawing, frame: Frame) -> Figure:
    """Each two columns against each other."""
    columns = several(drawing.tile, "dimensions")
    names = [drawing.names.axis(name) for name in columns]
    traces: list[Trace] = [
        {
            **marked(drawing, part, style, {"xaxis.title.text": "%{x}", "yaxis.title.text": "%{y}"}, SMALL),
            "hovertemplate": "%{xaxis.title.text} %{x}<br>%{yaxis.title.text} %{y}",
            "type": "splom",
            "diagonal": {"visible": False},
            "dimensions": [{"label": name, "values": packed(part[f"dim_{place}"])} for place, name in enumerate(names)],
        }
        for part, style in drawing.parts(frame.data)
    ]
    made = plain_layout(legend=drawing.legend)
    font = MATRIX_FONTS[len(names) > MATRIX_LARGE]
    room = {axis: _letters(drawing.tile.layout, axis, len(names), font) for axis in "xy"}
    for place, name in enumerate(names, start=1):
        number = "" if place == 1 else str(place)
        date = {"type": "date"} if is_date(frame.data[f"dim_{place - 1}"]) else {}
        for axis in "xy":
            title = {"text": in_lines(name, room[axis]), "font": {"size": font}}
            few = {"nticks": 2, "tickfont": {"size": MATRIX_FONTS[-1]}} if room[axis] == SHORTEST else {}
            made |= {f"{axis}axis{number}": {"title": title, **AXIS, **date, **few}}
    return {"data": traces, "layout": made}


HEADING, SLANT = 12, 30
"""Pixels of the letters of headings, and degrees of those that have no room side by side."""
NARROWEST = 370
"""Pixels of a tile on a phone, whose headings shall not touch either."""


def coordinates(drawing: Drawing, frame: Frame) -> Figure:
    """A line through parallel axes for each row."""
    columns, data = several(drawing.tile, "dimensions"), frame.data
    line: Trace = {"color": drawing.palette.colour("")}
    if drawing.is_scale():
        line = drawing.scaled(data["color"])
    elif "color" in data.columns:
        line = _by_category(drawing, data)
    labels = [drawing.names.axis(name) for name in columns]
    dimensions = [{"label": label, "values": packed(data[f"dim_{place}"])} for place, label in enumerate(labels)]
    trace: Trace = {"type": "parcoords", "dimensions": dimensions, "line": line}
    margin = {"l": 60, "r": 40, "t": 56, "b": 28}
    lengths = [len(label) * LETTER * HEADING for label in labels]
    width = min(drawing.tile.layout.w * MATRIX_CELL["x"], NARROWEST) - margin["l"] - margin["r"]
    if max(lengths, default=0) * (len(lengths) - 1) > width:
        trace["labelangle"] = -SLANT
        rise, run = sin(radians(SLANT)), cos(radians(SLANT))
        margin |= {"t": int(margin["t"] + max(lengths) * rise), "r": int(max(margin["r"], lengths[-1] * run))}
    return {"data": [trace], "layout": plain_layout(margin=margin)}


def _by_category(drawing: Drawing, data: pl.DataFrame) -> Trace:
    """Colours of categories as steps of a scale: lines and ribbons take no others."""
    words = categories(data["color"])
    order = drawing.order(drawing.tile.color, words)
    places = {word: place for place, word in enumerate(order)}
    count = max(len(order), 1)
    colours = [drawing.palette.colour(word, places[word]) for word in order]
    steps = tuple(((place + end) / count, colour) for place, colour in enumerate(colours) for end in (0, 1))
    numbers = np.array([places[word] for word in words], dtype=np.float64)
    return {"color": array(numbers), "colorscale": steps, "cmin": -0.5, "cmax": count - 0.5, "showscale": False}


def parallel(drawing: Drawing, frame: Frame) -> Figure:
    """Ribbons between categories, as wide as they have rows; columns of too many categories are left out and named."""
    data, columns = frame.data, several(drawing.tile, "dimensions")
    most = int(drawing.option("dimensions_max_cardinality", 50))
    words = {place: categories(data[f"level_{place}"]) for place in range(len(columns))}
    kept = [place for place in words if len(set(words[place])) <= most]
    left_out = [drawing.names.short(columns[place]) for place in words if place not in kept]
    dimensions = [{"label": drawing.names.axis(columns[place]), "values": words[place],
                   "categoryorder": "array", "categoryarray": drawing.order(columns[place], words[place])}
                  for place in kept]  # fmt: skip
    line = _by_category(drawing, data) if "color" in data.columns else {"color": drawing.palette.colour("")}
    trace = {"type": "parcats", "dimensions": dimensions, "counts": packed(data["rows"]), "line": line}
    made = plain_layout(margin={"l": 40, "r": 60, "t": 48, "b": 28})
    if left_out:
        said = tr("More than {n} categories, left out: {columns}", n=most, columns=", ".join(left_out))
        made["annotations"] = [{"text": said, "showarrow": False, "xref": "paper", "yref": "paper", "x": 0, "y": -0.08,
                                "xanchor": "left"}]  # fmt: skip
    return {"data": [trace], "layout": made}


def timeline(drawing: Drawing, frame: Frame) -> Figure:
    """A bar from the start to the end of each row."""
    data, y = frame.data, drawing.tile.y or ""
    traces: list[Trace] = []
    for part, style in drawing.parts(data):
        start, end = (part[role].cast(pl.Datetime("us")) for role in ("x_start", "x_end"))
        span = (end - start).dt.total_milliseconds().cast(pl.Float64)
        custom, hover = extras(drawing, part.with_columns(until=end.cast(pl.String)))
        lasting = tr("{first} to {last}", first="%{base|%Y-%m-%d %H:%M}", last="%{x|%Y-%m-%d %H:%M}")
        shown = [f"{drawing.names.short(y)} %{{y}}", lasting, *hover]
        traces.append(
            {
                **style,
                **custom,
                "type": "bar",
                "orientation": "h",
                "base": packed(part["x_start"]),
                "x": packed(span),
                "y": categories(part["y"]),
                "opacity": drawing.opacity(0.85),
                "hovertemplate": "<br>".join(shown),
            }
        )
    order = drawing.order(y, categories(data["y"]))[::-1]
    made = layout(drawing.axes(None, y, log_x=False, log_y=False, x_is_date=True, y_is_category=True),
                  legend=drawing.legend, barmode="overlay", bargap=0.25)  # fmt: skip
    made["yaxis"] |= {"categoryorder": "array", "categoryarray": order}
    return {"data": traces, "layout": made}
