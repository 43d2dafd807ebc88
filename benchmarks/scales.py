"""Cost as rows and tiles grow, from the runs of several scales.

    python -m benchmarks.scales build/bench/scale-*.json

Each run of the benchmark leaves such a file. Prints the tables, and draws the gestures into `docs/images/`: those of
the largest dashboard over the rows (`scales.svg`), those of the largest table over the tiles (`scales-tiles.svg`).
"""

import json
import math
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measures import SIDES

FOLDER = Path(__file__).parents[1] / "docs" / "images"
GESTURES = ("open_cold", "open_warm", "filter", "brush", "page", "crowd")
COLOURS = ("#1c7ed6", "#0ca678", "#e8590c", "#ae3ec9", "#868e96", "#c2255c")
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 360, 70, 20, 150, 50

OF_TILES = ("open_warm", "filter", "crowd")
"""The gestures that concern all tiles of a dashboard; others ask for those of the window alone, or for one."""
NAME_HEIGHT = 14

SERVER, PAINTED = SIDES

Row = dict[str, Any]
Line = tuple[str, list[tuple[float, float]]]


class Axis(NamedTuple):
    """What goes to the right, and where it has ticks, from the least to the greatest place."""

    title: str
    ticks: Sequence[float]


def tables(found: Sequence[Row]) -> str:
    """Medians in ms: by rows for the dashboard with most tiles, and by tiles for the rows of most dashboards."""
    by_rows, by_tiles = _by_rows(found), _by_tiles(found)
    return (
        f"{by_rows[0]['tiles']} tiles:\n\n{_table(by_rows, 'rows')}\n"
        f"{by_tiles[0]['rows']:,} rows:\n\n{_table(by_tiles, 'tiles')}"
    )


def _by_rows(found: Sequence[Row]) -> list[Row]:
    most = max(row["tiles"] for row in found)
    return [row for row in found if row["tiles"] == most]


def _by_tiles(found: Sequence[Row]) -> list[Row]:
    """Of the scale with dashboards of most sizes; of several such ones, of the largest."""
    sizes = {rows: {row["tiles"] for row in found if row["rows"] == rows} for rows in {row["rows"] for row in found}}
    chosen = max(sizes, key=lambda rows: (len(sizes[rows]), rows))
    return [row for row in found if row["rows"] == chosen and row["tiles"]]


def _table(found: Sequence[Row], key: str) -> str:
    columns = [pair for pair in _pairs() if any((row["gesture"], row["side"]) == pair for row in found)]
    lines = [[key, *(f"{gesture} {side}" for gesture, side in columns)], ["---"] * (len(columns) + 1)]
    for size in sorted({row[key] for row in found}):
        times = {(row["gesture"], row["side"]): f"{row['median_ms']:,.0f}" for row in found if row[key] == size}
        lines.append([f"{size:,}", *(times.get(pair, "-") for pair in columns)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _pairs() -> Iterable[tuple[str, str]]:
    return ((gesture, side) for gesture in GESTURES for side in SIDES)


def plots(found: Sequence[Row]) -> dict[str, str]:
    """Median times of the gestures by file name, as SVG: on the server by rows, on both sides by tiles."""
    by_rows, by_tiles = _by_rows(found), _by_tiles(found)
    rows = _lines(by_rows, "rows", SERVER)
    decades = _decades(x for _, points in rows for x, _ in points)
    tiles = [(f"{gesture}, {side}", points) for side in (SERVER, PAINTED) for gesture, points in
             _lines([row for row in by_tiles if row["gesture"] in OF_TILES], "tiles", side)]  # fmt: skip
    sizes = sorted({row["tiles"] for row in by_tiles})
    over_rows = Axis("rows of the largest table", [10.0**power for power in decades])
    over_tiles = Axis("tiles", [float(size) for size in sizes])
    return {
        "scales.svg": _svg(rows, f"Median server time, {by_rows[0]['tiles']} tiles", over_rows),
        "scales-tiles.svg": _svg(tiles, f"Median time, {by_tiles[0]['rows']:,} rows", over_tiles),
    }


def _lines(found: Sequence[Row], key: str, side: str) -> list[Line]:
    lines = []
    for gesture in GESTURES:
        own = [row for row in found if (row["gesture"], row["side"]) == (gesture, side)]
        if own:
            lines.append((gesture, sorted((float(row[key]), float(row["median_ms"])) for row in own)))
    return lines


def _svg(lines: Sequence[Line], title: str, across: Axis) -> str:
    ys = _decades(y for _, own in lines for _, y in own)
    first, last = math.log10(across.ticks[0]), math.log10(across.ticks[-1])

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (math.log10(x) - first) / ((last - first) or 1) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - (math.log10(y) - ys[0]) / (ys[-1] - ys[0]) * (HEIGHT - TOP - BOTTOM),
        )

    parts = [_text(LEFT, TOP - 6, title), _text((WIDTH - RIGHT) / 2, HEIGHT - 8, across.title)]
    for tick in across.ticks:
        x, y = at(tick, 10.0 ** ys[0])
        parts += [_line((x, TOP), (x, y)), _text(x, y + 16, f"{tick:,.0f}", "middle")]
    for power in ys:
        x, y = at(across.ticks[0], 10.0**power)
        parts += [_line((x, y), (WIDTH - RIGHT, y)), _text(x - 6, y + 4, f"{10.0**power:,g} ms", "end")]
    ends = _apart([at(*own[-1])[1] for _, own in lines])
    for (name, own), colour, end in zip(lines, COLOURS, ends, strict=False):
        spots = [at(*point) for point in own]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        parts.append(_text(spots[-1][0] + 8, end + 4, name, colour=colour))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">{back}\n' + (
        "\n".join(parts) + "\n</svg>\n"
    )


def _apart(places: Sequence[float]) -> list[float]:
    """The same heights, moved down where two names would stand on each other."""
    found = list(places)
    for before, one in pairwise(sorted(range(len(found)), key=lambda at: places[at])):
        found[one] = max(found[one], found[before] + NAME_HEIGHT)
    return found


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
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, drawn in plots(rows).items():
        (FOLDER / name).write_text(drawn, "utf-8")
    print(tables(rows))
