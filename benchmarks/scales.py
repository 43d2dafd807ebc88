"""Cost as rows and tiles grow, from the runs of several scales.

    python -m benchmarks.scales build/bench/scale-*.json

Each run of the benchmark leaves such a file. Prints the tables, and draws the largest dashboard's gestures over the
rows into `docs/images/scales.svg`.
"""

import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measures import SIDES

PLOT = Path(__file__).parents[1] / "docs" / "images" / "scales.svg"
GESTURES = ("open_cold", "open_warm", "filter", "brush", "page", "crowd")
COLOURS = ("#1c7ed6", "#0ca678", "#e8590c", "#ae3ec9", "#868e96", "#c2255c")
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 360, 70, 20, 150, 50

Row = dict[str, Any]
Line = tuple[str, list[tuple[float, float]]]


def tables(found: Sequence[Row]) -> str:
    """Medians in ms: by rows for the dashboard with most tiles, and by tiles for the table with most rows."""
    most_tiles = max(row["tiles"] for row in found)
    most_rows = max(row["rows"] for row in found)
    by_rows = [row for row in found if row["tiles"] == most_tiles]
    by_tiles = [row for row in found if row["rows"] == most_rows and row["tiles"]]
    return f"{most_tiles} tiles:\n\n{_table(by_rows, 'rows')}\n{most_rows:,} rows:\n\n{_table(by_tiles, 'tiles')}"


def _table(found: Sequence[Row], key: str) -> str:
    columns = [pair for pair in _pairs() if any((row["gesture"], row["side"]) == pair for row in found)]
    lines = [[key, *(f"{gesture} {side}" for gesture, side in columns)], ["---"] * (len(columns) + 1)]
    for size in sorted({row[key] for row in found}):
        times = {(row["gesture"], row["side"]): f"{row['median_ms']:,.0f}" for row in found if row[key] == size}
        lines.append([f"{size:,}", *(times.get(pair, "-") for pair in columns)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _pairs() -> Iterable[tuple[str, str]]:
    return ((gesture, side) for gesture in GESTURES for side in SIDES)


def plot(found: Sequence[Row]) -> str:
    """Median server time of each gesture over the rows, both axes logarithmic, as SVG."""
    most = max(row["tiles"] for row in found)
    lines = []
    for gesture in GESTURES:
        own = [row for row in found if (row["tiles"], row["gesture"], row["side"]) == (most, gesture, "server")]
        if own:
            lines.append((gesture, sorted((float(row["rows"]), float(row["median_ms"])) for row in own)))
    return _svg(lines, f"Median server time, {most} tiles")


def _svg(lines: Sequence[Line], title: str) -> str:
    points = [point for _, own in lines for point in own]
    xs, ys = _decades(x for x, _ in points), _decades(y for _, y in points)

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (math.log10(x) - xs[0]) / (xs[-1] - xs[0]) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - (math.log10(y) - ys[0]) / (ys[-1] - ys[0]) * (HEIGHT - TOP - BOTTOM),
        )

    parts = [_text(LEFT, TOP - 6, title), _text((WIDTH - RIGHT) / 2, HEIGHT - 8, "rows of the largest table")]
    for power in xs:
        x, y = at(10.0**power, 10.0 ** ys[0])
        parts += [_line((x, TOP), (x, y)), _text(x, y + 16, f"{10**power:,}", "middle")]
    for power in ys:
        x, y = at(10.0 ** xs[0], 10.0**power)
        parts += [_line((x, y), (WIDTH - RIGHT, y)), _text(x - 6, y + 4, f"{10.0**power:,g} ms", "end")]
    for (name, own), colour in zip(lines, COLOURS, strict=False):
        spots = [at(*point) for point in own]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        parts.append(_text(spots[-1][0] + 8, spots[-1][1] + 4, name, colour=colour))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">{back}\n' + (
        "\n".join(parts) + "\n</svg>\n"
    )


def _decades(values: Iterable[float]) -> range:
    """The powers of ten that the values lie between."""
    logs = [math.log10(value) for value in values]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    return range(low, max(high, low + 1) + 1)


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dee2e6"/>'


def _text(x: float, y: float, words: str, anchor: str = "start", colour: str = "#212529") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


if __name__ == "__main__":
    rows = [row for name in sys.argv[1:] for row in json.loads(Path(name).read_text("utf-8"))]
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    PLOT.write_text(plot(rows), "utf-8")
    print(tables(rows))
