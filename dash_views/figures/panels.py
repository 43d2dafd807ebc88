"""Several panels in one figure: facets, distributions along the axes, and figures that lie on their side."""

import re
from collections.abc import Callable, Sequence
from itertools import product
from math import log10
from typing import Any

import msgspec
import polars as pl

from dash_views.figures.arrays import categories
from dash_views.figures.drawn import Drawing, Figure, Trace
from dash_views.figures.layout import layout as standard
from dash_views.figures.layout import with_titles
from dash_views.figures.marks import rug
from domain.figure_roles import marginal_tile, marginals
from domain.wording import tr
from services.queries import Frame

MOST_PANELS = 36
GAP = 0.04
SHARE = 0.78
"""How much of an axis the points have beside a marginal."""
MANY = 3
TITLES, LINE = 20, 14
"""Pixels for titles between the legend and the panels, and those of one line more."""
LETTERS = 40
"""So many letters of titles side by side fit on the narrowest screen."""
CELL, AROUND, LETTER = {"x": 140, "y": 100}, {"x": 130, "y": 190}, 7
"""Pixels of a cell of the grid, those of a tile around its panels, and of a letter of their titles."""
BESIDE_PANELS = 32
"""Pixels for the names of rows, in two lines at most."""
OTHER = {"x": "y", "y": "x"}

NONE: list[str | None] = [None]
BESIDE = re.compile(r"[xy]axis[23]")
"""The axes of marginals, as `with_marginals` calls them."""
MODES = ("barmode", "boxmode", "violinmode")
QUIET: dict[str, Any] = {"title": {"text": ""}, "showticklabels": False, "showgrid": False}
ORIENTED = ("bar", "box", "violin", "funnel")
KEPT = ("heatmap",)
TICKS = {"line-ew-open": "line-ns-open", "line-ns-open": "line-ew-open"}
"""The marks of rugs, and what they are on a figure that is turned."""

Build = Callable[[Drawing, Frame], Figure]


def turned(figure: Figure) -> Figure:
    """The same figure on its side, with all its axes."""
    return {"data": [_turned(trace) for trace in figure["data"]], "layout": _turned_layout(figure["layout"])}


def _turned_layout(layout: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in layout.items():
        axis = re.fullmatch(r"([xy])axis(\d*)", key)
        if axis is None:
            made[key] = value
            continue
        refs = {name: _letter(value[name]) for name in ("anchor", "matches") if name in value}
        made[f"{OTHER[axis[1]]}axis{axis[2]}"] = {**value, **refs}
    return made


def _letter(reference: str) -> str:
    return OTHER[reference[0]] + reference[1:]


def _turned(trace: Trace) -> Trace:
    if trace["type"] in KEPT:
        return trace
    swapped = {_other(key): value for key, value in trace.items()}
    if trace["type"] in ORIENTED:
        swapped["orientation"] = "v" if trace.get("orientation") == "h" else "h"
    swapped |= {name: _letter(trace[_other(name)]) for name in ("xaxis", "yaxis") if _other(name) in trace}
    if trace.get("marker", {}).get("symbol") in TICKS:
        swapped["marker"] = {**trace["marker"], "symbol": TICKS[trace["marker"]["symbol"]]}
    for name in ("hovertemplate", "texttemplate"):
        if name in trace:
            swapped[name] = re.sub(r"%\{([xy])\b", lambda found: f"%{{{OTHER[found[1]]}", trace[name])
    if "hoverinfo" in trace:
        swapped["hoverinfo"] = trace["hoverinfo"].replace("y", "x")
    return swapped


def _other(key: str) -> str:
    names = {"x": "y", "y": "x", "error_x": "error_y", "error_y": "error_x", "xaxis": "yaxis", "yaxis": "xaxis"}
    return names.get(key, key)


def faceted(drawing: Drawing, frame: Frame, build: Build) -> Figure:
    """A panel for each category of the facets, on axes of one scale."""
    rows, cols = _words(drawing, "facet_row"), _words(drawing, "facet_col")
    cells: list[tuple[str | None, str | None]] = list(product(rows or NONE, cols or NONE))
    across = len(cols) or 1
    wrap = drawing.option("facet_col_wrap", 0)
    if wrap and not rows:
        across = min(wrap, across)
    keyed = _keyed(frame.data)
    panels: list[tuple[int, Figure]] = []
    for place, (row, col) in enumerate(cells[:MOST_PANELS]):
        part = msgspec.structs.replace(frame, data=_at(keyed, row, col), extra={
            name: _at(_keyed(data), row, col) for name, data in frame.extra.items()})  # fmt: skip
        if part.data.height:
            at = {"panel": {role: word for role, word in (("facet_row", row), ("facet_col", col)) if word is not None}}
            panels.append((place, _marked(build(drawing, part), at)))
    down = -(-min(len(cells), MOST_PANELS) // across)
    grid = _grid(drawing, across, down, is_crossed=bool(rows and cols))
    figure = _composed(grid, panels)
    notes, is_long = _titles(drawing, grid, rows, cols, [place for place, _ in panels])
    layout = figure["layout"] = with_titles(figure["layout"], TITLES + LINE if is_long else TITLES)
    layout["annotations"] = notes
    if rows and cols:
        _make_room_beside(figure)
    if len(cells) > MOST_PANELS:
        bound = tr("{shown} of {of} panels", shown=MOST_PANELS, of=len(cells))
        layout["annotations"].append(_note(bound, 0, -0.02))
    return figure


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """The places of panels, counted from the top left."""

    across: int
    down: int
    gap_x: float
    gap_y: float

    @property
    def width(self) -> float:
        return (1 - self.gap_x * (self.across - 1)) / self.across

    @property
    def height(self) -> float:
        return (1 - self.gap_y * (self.down - 1)) / self.down

    def ends(self, place: int) -> dict[str, list[float]]:
        """Where the panel at this place begins and ends along each axis."""
        row, col = divmod(place, self.across)
        left, top = col * (self.width + self.gap_x), 1 - row * (self.height + self.gap_y)
        return {"x": [left, min(left + self.width, 1)], "y": [max(top - self.height, 0), top]}

    def middle(self, place: int, axis: str) -> float:
        return sum(self.ends(place)[axis]) / 2


def _grid(drawing: Drawing, across: int, down: int, *, is_crossed: bool) -> Grid:
    # Where rows are named at the side, nothing stands between them.
    widest = GAP if is_crossed else 0.12
    return Grid(
        across=across,
        down=down,
        gap_x=drawing.option("facet_col_spacing", min(GAP, 1 / (across * 4))),
        gap_y=drawing.option("facet_row_spacing", min(widest, 1 / (down * 3))),
    )


def _titles(
    drawing: Drawing, grid: Grid, rows: list[str], cols: list[str], places: Sequence[int]
) -> tuple[list[Trace], bool]:
    """What the panels at these places show, and whether the titles above them take two lines.

    Of rows and columns, columns are named on top and rows at the right, as Plotly Express has them.
    """
    is_crossed = bool(rows and cols)
    role, words = ("facet_col", cols) if cols else ("facet_row", rows)
    named = range(len(cols)) if is_crossed else places
    across = grid.across if is_crossed or grid.down == 1 else 1
    above, is_long = _in_lines(drawing, role, [words[place] for place in named], across, _letters(drawing, "x"))
    notes = [
        _note(text, grid.middle(place, "x"), grid.ends(place)["y"][1], xanchor="center")
        for place, text in zip(named, above, strict=True)
    ]
    if is_crossed:
        beside, _ = _in_lines(drawing, "facet_row", rows[: grid.down], grid.down, _letters(drawing, "y"))
        notes += [
            _note(text, 1, grid.middle(row * grid.across, "y"), yanchor="middle", textangle=90)
            for row, text in enumerate(beside)
        ]
    return notes, is_long


def _letters(drawing: Drawing, axis: str) -> int:
    """About how many letters fit along all panels of the tile, on the narrowest screen too."""
    box = drawing.tile.layout
    cells = box.w if axis == "x" else box.h
    return min(LETTERS, int((cells * CELL[axis] - AROUND[axis]) / LETTER))


def _in_lines(drawing: Drawing, role: str, words: Sequence[str], count: int, letters: int) -> tuple[list[str], bool]:
    """Titles of so many panels in a line; where that is too short for them, each category stands below its column."""
    name = drawing.names.short(drawing.column(role))
    said = [(name, word.removesuffix(".0")) for word in words]
    is_long = count >= MANY and count * max((len(" ".join(one)) for one in said), default=0) > letters
    return [("<br>" if is_long else " ").join(one) for one in said], is_long


def _make_room_beside(figure: Figure) -> None:
    """For the names of rows, which stand between the panels and the scale of colours."""
    margin = figure["layout"]["margin"]
    figure["layout"]["margin"] = {**margin, "r": margin["r"] + BESIDE_PANELS}
    for trace in figure["data"]:
        for holder in (trace, trace.get("marker", {})):
            if "colorbar" in holder:
                holder["colorbar"] = {**holder["colorbar"], "xpad": BESIDE_PANELS}


def _marked(figure: Figure, meta: dict[str, Any]) -> Figure:
    """With what panels.js asks of each trace."""
    return {**figure, "data": [{**trace, "meta": {**trace.get("meta", {}), **meta}} for trace in figure["data"]]}


def _words(drawing: Drawing, role: str) -> list[str]:
    if role not in drawing.whole.data.columns:
        return []
    return drawing.order(drawing.column(role), categories(drawing.whole.data[role]))


def _keyed(data: pl.DataFrame) -> pl.DataFrame:
    roles = [role for role in ("facet_row", "facet_col") if role in data.columns]
    return data.with_columns(pl.Series(f"depictio_{role}", categories(data[role]), dtype=pl.String) for role in roles)


def _at(data: pl.DataFrame, row: str | None, col: str | None) -> pl.DataFrame:
    for role, word in (("facet_row", row), ("facet_col", col)):
        if word is not None and f"depictio_{role}" in data.columns:
            data = data.filter(pl.col(f"depictio_{role}") == word).drop(f"depictio_{role}")
    return data


def _composed(grid: Grid, panels: Sequence[tuple[int, Figure]]) -> Figure:
    """One figure of panels at their places."""
    layout: dict[str, Any] = dict(panels[0][1]["layout"]) if panels else {}
    layout = {key: value for key, value in layout.items() if not BESIDE.fullmatch(key)}
    base = {axis: layout.pop(f"{axis}axis") for axis in "xy"}
    traces, named, scales = [], set(), False
    # A title beneath a column that ends early would lie over its neighbours.
    bottom = max((place for place, _ in panels), default=0) // grid.across
    ending = [place % grid.across for place, _ in panels if place // grid.across == bottom]
    middle = min(ending, key=lambda col: abs(col - (grid.across - 1) // 2), default=0)
    spare: dict[str, list[str]] = {}
    for index, (place, figure) in enumerate(panels):
        number = "" if index == 0 else str(index + 1)
        row, col = divmod(place, grid.across)
        ends = grid.ends(place)
        is_last = not any(other > place and (other - place) % grid.across == 0 for other, _ in panels)
        outer = {"x": is_last, "y": col == 0}
        titled = {"x": grid.across < MANY or col == middle, "y": _is_titled(row, grid.down)}
        margins, at, inner = _beside(figure["layout"], number, ends, len(panels) + index)
        for key, own in margins.items():
            first = spare.setdefault(key[0], [])
            layout[key] = {**own, "matches": first[0]} if first else own
            first.append(key.replace("axis", ""))
        for axis in "xy":
            shown = outer[axis]
            own = {**base[axis], "domain": inner[axis], "anchor": f"{OTHER[axis]}{number}", "showticklabels": shown}
            own |= {} if index == 0 else {"matches": axis}
            own |= {} if shown and titled[axis] else {"title": {"text": ""}}
            layout[f"{axis}axis{number}"] = own
        for trace in figure["data"]:
            # Whatever stands in the legend, or beside the figure as a scale, stands there once.
            again = trace.get("showlegend", True) and trace["name"] in named
            named.add(trace["name"]) if trace.get("showlegend", True) else None
            where = {f"{axis}axis": at[trace.get(f"{axis}axis", axis)] for axis in "xy"}
            kept = {**trace, **where} | ({"showlegend": False} if again else {})
            marker = kept.get("marker", {})
            if marker.get("showscale"):
                kept["marker"] = marker if not scales else {**marker, "showscale": False}
                scales = True
            if kept["type"] in {"heatmap", "contour"} and index:
                kept["showscale"] = False
            traces.append(kept)
    return {"data": traces, "layout": layout}


def _beside(
    layout: dict[str, Any], number: str, ends: dict[str, list[float]], used: int
) -> tuple[dict[str, Any], dict[str, str], dict[str, list[float]]]:
    """The axes of the marginals of one panel; where each axis of the panel went; and what is left for its points."""
    axes, at, inner = {}, {"x": f"x{number}", "y": f"y{number}"}, dict(ends)
    for key, own in layout.items():
        if BESIDE.fullmatch(key):
            axis, (low, high) = key[0], ends[key[0]]
            placed = f"{axis}{used + 1}"
            at[key.replace("axis", "")] = placed
            inner[axis] = [low, low + SHARE * (high - low)]
            axes[placed.replace(axis, f"{axis}axis")] = {
                **own, "domain": [low + (SHARE + 0.03) * (high - low), high], "anchor": f"{OTHER[axis]}{number}",
            }  # fmt: skip
    return axes, at, inner


def _is_titled(place: int, count: int) -> bool:
    """Of three panels and more in a line the middle one has the title of all: side by side titles would overlap."""
    return count < MANY or place == (count - 1) // 2


def _note(text: str, x: float, y: float, **more: Any) -> Trace:
    where = {"xref": "paper", "yref": "paper", "x": x, "y": y, "xanchor": "left", "yanchor": "bottom"}
    return {"text": text, "showarrow": False, "font": {"size": 11}, **where, **more}


def with_marginals(drawing: Drawing, frame: Frame, figure: Figure, build: Callable[[Drawing, Frame], Figure]) -> Figure:
    """The figure with the distributions along its axes; `build` draws one."""
    layout, traces = dict(figure["layout"]), list(figure["data"])
    grouped = not drawing.is_scale() and drawing.tile.color is not None
    found = {name: kind for name, kind in marginals(drawing.tile).items() if name in frame.extra}
    for axis, name in (("x", "marginal_x"), ("y", "marginal_y")):
        if name not in found:
            continue
        kind, number = found[name], "2" if axis == "x" else "3"
        tile = marginal_tile(drawing.tile, name, kind, grouped=grouped)
        part = msgspec.structs.replace(frame, data=frame.extra[name], extra={}, density=None)
        # In panels the colours go by the categories of all of them.
        every = msgspec.structs.replace(part, data=drawing.whole.extra[name])
        own = msgspec.structs.replace(drawing, tile=tile, whole=every)
        made = _rugged(own, part) if kind == "rug" else build(own, part)
        # Histograms stand above x, boxes and violins above y: the others must be laid on their side.
        made = turned(made) if (kind == "histogram") == (axis == "y") else made
        across = OTHER[axis]
        own_axis = {**made["layout"][f"{across}axis"], "domain": [SHARE + 0.03, 1], "anchor": axis, **QUIET}
        layout[f"{across}axis{number}"] = {**own_axis, "type": own_axis.get("type", "-")}
        layout[f"{across}axis"] = {**layout[f"{across}axis"], "domain": [0, SHARE]}
        layout |= {key: made["layout"][key] for key in MODES if key in made["layout"] and key not in layout}
        look = {f"{across}axis": f"{across}{number}", f"{axis}axis": axis, "showlegend": False, "opacity": 0.7}
        look["meta"] = {"beside": True}
        traces += [{**trace, **look} for trace in made["data"]]
    return {"data": traces, "layout": layout}


def _rugged(drawing: Drawing, frame: Frame) -> Figure:
    """A rug as `build` would draw it: standing, so that one along x still has to be laid on its side."""
    across = standard(drawing.axes(None, None, x_is_category=True), legend=None, boxmode="overlay")
    return {"data": rug(drawing, frame.data), "layout": across}


def ends_of(given: Sequence[Any], *, log: bool) -> list[Any]:
    """The ends of a range as Plotly has them; none is sent for what has no logarithm."""
    if not log:
        return list(given)
    return [log10(end) if isinstance(end, int | float) and end > 0 else None for end in given]


def ranged(drawing: Drawing, layout: dict[str, Any], log: dict[str, bool]) -> dict[str, Any]:
    """The layout with the ranges that the tile gives its axes; those of logarithmic ones are in powers of ten."""
    made = dict(layout)
    for axis in "xy":
        given = drawing.option(f"range_{axis}")
        if not given:
            continue
        ends = ends_of(given, log=log[axis])
        for key in [key for key in made if re.fullmatch(rf"{axis}axis(\d*)", key)]:
            if made[key].get("matches") == axis or key == f"{axis}axis":
                made[key] = {**made[key], "range": ends}
    return made
