"""The traces of a figure as a few SVG paths: enough to know a plot again, without axes and words."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dash_views.figures.arrays import Grid, plain

POINTS = 250
"""So many points of all traces are drawn."""
LARGEST = 1e300
"""Larger numbers have no place: their differences would be infinite."""
BARS, PARTS = 120, 40
"""So many places of bars; so many parts of a pie, and one of all others."""
CELLS = 40
"""So many rows and columns of a heatmap."""
CELL, FAINTEST = "#1098ad", 0.3
"""Their colour, which shows on light and dark grounds alike, and how much of it the lowest of them has."""
OTHERS = "#9aa0a6"
Trace = Mapping[str, Any]


class Area(NamedTuple):
    """Where a plot is drawn, in units of the picture."""

    x: float
    y: float
    w: float
    h: float


def drawn(traces: Sequence[Trace], layout: Mapping[str, Any], area: Area) -> str:
    """The plot; empty where nothing of it can be drawn small."""
    traces = [_flat(trace) for trace in _main(traces)]
    kinds = {str(trace.get("type")) for trace in traces}
    if kinds & {"pie"}:
        return _pie(traces[0], area)
    if any("base" in trace for trace in traces) or any(
        trace.get("orientation") == "h" and trace["type"] == "box" for trace in traces
    ):
        return ""  # Spans of time and boxes that lie are not drawn small.
    if kinds <= {"scatter", "scattergl", "heatmap", "bar", "box"}:
        return _cartesian(traces, layout, area)
    return ""


def _main(traces: Sequence[Trace]) -> list[Trace]:
    """Without distributions along the axes, and without the single points of boxes."""
    kept = [trace for trace in traces if not trace.get("meta", {}).get("beside")]
    has_boxes = any("q1" in trace for trace in kept)
    return [trace for trace in kept if not has_boxes or trace.get("type") != "box" or "q1" in trace]


def _flat(trace: Trace) -> Trace:
    """A trace of places as one of a scatter; bars that lie as such that stand; strips of points as these points."""
    if trace.get("type") == "bar" and trace.get("orientation") == "h":
        return {**trace, "x": trace["y"], "y": trace["x"]}
    if trace.get("type") == "box" and "q1" not in trace:
        return {**trace, "type": "scatter", "mode": "markers"}
    if trace.get("type") not in {"scattermap", "densitymap"}:
        return trace
    return {**trace, "type": "scatter", "mode": "markers", "x": trace["lon"], "y": trace["lat"]}


class Scale(NamedTuple):
    """From values to places: categories stand side by side, numbers between the lowest and the highest."""

    low: float
    high: float
    words: dict[str, int]

    def at(self, value: Any) -> float | None:
        """The place between 0 and 1; None of what has none."""
        number = self.words.get(value) if isinstance(value, str) else value
        if not isinstance(number, int | float) or not abs(number) < LARGEST:
            return None
        return (number - self.low) / (self.high - self.low)

    @property
    def step(self) -> float:
        """The width of a category."""
        return 1 / (self.high - self.low)


def scale(values: Sequence[Any], *, from_zero: bool = False) -> Scale:
    """The scale of these values, with a little room at both ends."""
    words = sorted({value for value in values if isinstance(value, str)})
    if words:
        return Scale(-0.5, len(words) - 0.5, {word: place for place, word in enumerate(words)})
    numbers = [value for value in values if isinstance(value, int | float) and abs(value) < LARGEST]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    low = min(low, 0.0) if from_zero else low
    room = 0.04 * (high - low) or max(0.5, abs(high))
    return Scale(low if from_zero and low == 0 else low - room, high + room, {})


def _cartesian(traces: Sequence[Trace], layout: Mapping[str, Any], area: Area) -> str:
    parts = []
    bars = [trace for trace in traces if trace.get("type") == "bar"]
    boxes = [trace for trace in traces if trace.get("type") == "box"]
    lines = [trace for trace in traces if str(trace.get("type")).startswith("scatter")]
    if bars:
        parts += _bars(bars, str(layout.get("barmode")), area)
    if boxes:
        parts += _boxes(boxes, area)
    for trace in traces:
        if trace.get("type") == "heatmap" and isinstance(trace.get("z"), Grid):
            parts += _heatmap(trace["z"], area)
    if lines:
        xs = scale([x for trace in lines for x in plain(trace["x"])])
        ys = scale([y for trace in lines for y in plain(trace["y"])])
        each = max(sum(len(plain(trace["x"])) for trace in lines) // POINTS, 1)
        parts += [_line(trace, xs, ys, each, area) for trace in lines]
    return "".join(parts)


def _colour(trace: Trace) -> str:
    """A trace's colour; those with a colour scale have the product's own."""
    found = trace.get("marker", {}).get("color")
    return found if isinstance(found, str) and found.startswith("#") else "#0b7285"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _line(trace: Trace, xs: Scale, ys: Scale, each: int, area: Area) -> str:
    places = [
        (area.x + x * area.w, area.y + (1 - y) * area.h)
        for x, y in _points(list(zip(plain(trace["x"]), plain(trace["y"]), strict=True))[::each], xs, ys)
    ]
    if "lines" in str(trace.get("mode")):
        path = " ".join(f"{_number(x)} {_number(y)}" for x, y in places)
        return f'<path d="M{path}" fill="none" stroke="{_colour(trace)}" stroke-width="1.2"/>' if path else ""
    dots = "".join(f"M{_number(x)} {_number(y)}h0" for x, y in places)
    return f'<path d="{dots}" stroke="{_colour(trace)}" stroke-width="2.2" stroke-linecap="round" opacity=".7"/>'


def _points(pairs: Sequence[tuple[Any, Any]], xs: Scale, ys: Scale) -> Iterator[tuple[float, float]]:
    for one, other in pairs:
        x, y = xs.at(one), ys.at(other)
        if x is not None and y is not None:
            yield x, y


def _bars(traces: Sequence[Trace], mode: str, area: Area) -> list[str]:
    """Stacked, or side by side."""
    xs = scale([x for trace in traces for x in plain(trace["x"])])
    places = sorted({x for trace in traces for x in plain(trace["x"])}, key=lambda x: xs.at(x) or 0.0)
    each = -(-len(places) // BARS) or 1
    kept = set(places[::each])
    width = each * (0.8 * xs.step if xs.words else 0.95 / max(len(places), 1))
    stacked = mode == "stack"
    tops: dict[Any, float] = {}
    for trace in traces:
        for x, y in zip(plain(trace["x"]), plain(trace["y"]), strict=True):
            tops[x] = (tops.get(x, 0.0) if stacked else 0.0) + max(y or 0.0, 0.0)
    high = max(_heights(traces, tops, stacked=stacked), default=0.0) or 1.0
    part = width if stacked else width / len(traces)
    ground: dict[Any, float] = {}
    found = []
    for number, trace in enumerate(traces):
        path = ""
        for x, y in zip(plain(trace["x"]), plain(trace["y"]), strict=True):
            middle, height = xs.at(x), max(y or 0.0, 0.0) / high
            if middle is None or not height or x not in kept:
                continue
            left = middle - width / 2 + (0.0 if stacked else number * part)
            bottom = 1 - ground.get(x, 0.0)
            ground |= {x: ground.get(x, 0.0) + height} if stacked else {}
            path += _rectangle(area, left, bottom - height, part, height)
        found.append(f'<path d="{path}" fill="{_colour(trace)}"/>')
    return found


def _heights(traces: Sequence[Trace], tops: Mapping[Any, float], *, stacked: bool) -> Iterator[float]:
    if stacked:
        yield from tops.values()
        return
    yield from (y for trace in traces for y in plain(trace["y"]) if y is not None)


def _rectangle(area: Area, left: float, top: float, width: float, height: float) -> str:
    x, y, w, h = area.x + left * area.w, area.y + top * area.h, width * area.w, height * area.h
    return f"M{_number(x)} {_number(y)}h{_number(max(w, 0.4))}v{_number(h)}h{_number(-max(w, 0.4))}z"


def _boxes(traces: Sequence[Trace], area: Area) -> list[str]:
    keys = ("lowerfence", "q1", "median", "q3", "upperfence")
    xs = scale([x for trace in traces for x in plain(trace["x"])])
    ys = scale([value for trace in traces for key in keys for value in plain(trace[key])])
    width = 0.7 * xs.step / len(traces)
    found = []
    for number, trace in enumerate(traces):
        path = ""
        for x, *values in zip(plain(trace["x"]), *(plain(trace[key]) for key in keys), strict=True):
            middle = xs.at(x)
            ends = [ys.at(value) for value in values]
            if middle is None or None in ends:
                continue
            low, q1, median, q3, high = (area.y + (1 - (end or 0.0)) * area.h for end in ends)
            left = area.x + (middle + (number - len(traces) / 2) * width) * area.w
            w, centre = 0.9 * width * area.w, left + 0.45 * width * area.w
            path += f"M{_number(centre)} {_number(high)}V{_number(q3)}M{_number(centre)} {_number(q1)}V{_number(low)}"
            path += f"M{_number(left)} {_number(q3)}h{_number(w)}V{_number(q1)}h{_number(-w)}z"
            path += f"M{_number(left)} {_number(median)}h{_number(w)}"
        colour = _colour(trace)
        found.append(f'<path d="{path}" fill="{colour}" fill-opacity=".4" stroke="{colour}" stroke-width=".8"/>')
    return found


def _heatmap(grid: Grid, area: Area) -> list[str]:
    """Cells by their share of the largest value, few enough to be drawn."""
    values = plain(grid.cells)
    rows = [values[start : start + grid.width] for start in range(0, len(values), grid.width)]
    down, across = max(len(rows) // CELLS, 1), max(grid.width // CELLS, 1)
    picked = [row[::across] for row in rows[::down]]
    high = max((value for row in picked for value in row if value), default=0.0)
    if not high:
        return []
    w, h = 1 / len(picked[0]), 1 / len(picked)
    return [
        f'<path d="{_rectangle(area, x * w, 1 - (y + 1) * h, w, h)}" fill="{CELL}" {_strength(value / high)}/>'
        for y, row in enumerate(picked)
        for x, value in enumerate(row)
        if value and value > 0
    ]


def _strength(share: float) -> str:
    return f'opacity="{FAINTEST + (1 - FAINTEST) * share:.2f}"'


def _pie(trace: Trace, area: Area) -> str:
    values = [max(value or 0.0, 0.0) for value in plain(trace.get("values") or [])]
    colours = [str(colour) for colour in plain(trace.get("marker", {}).get("colors") or [])]
    if len(values) > PARTS + 1:
        values, colours = [*values[:PARTS], sum(values[PARTS:])], [*colours[:PARTS], OTHERS]
    whole, radius = sum(values), min(area.w, area.h) / 2
    if not whole:
        return ""
    x, y = area.x + area.w / 2, area.y + area.h / 2
    at: Callable[[float], str] = lambda share: (  # noqa: E731
        f"{_number(x + radius * math.sin(2 * math.pi * share))} {_number(y - radius * math.cos(2 * math.pi * share))}"
    )
    found, start = [], 0.0
    for number, value in enumerate(values):
        end = min(start + value / whole, 0.9999 if len(values) == 1 else 1.0)
        colour = colours[number] if number < len(colours) else "#0b7285"
        large = int(end - start > 0.5)  # noqa: PLR2004 -- more than half a turn
        arc = f"M{_number(x)} {_number(y)}L{at(start)}A{_number(radius)} {_number(radius)} 0 {large} 1 {at(end)}z"
        found.append(f'<path d="{arc}" fill="{colour}"/>')
        start = end
    return "".join(found)
