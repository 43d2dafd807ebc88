"""The small pictures of columns: bars as an own SVG drawing, with words for those who do not see it."""

import msgspec

from services.queries import ColumnSketch
from web.formats import cell, count_of

WIDTH, HEIGHT = 120.0, 28.0
GAP = 1.0
LEAST = 1.5
"""So high is the bar of a single row among millions."""


class DrawnBar(msgspec.Struct, frozen=True):
    """One bar with its place in the drawing, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    title: str


class Drawing(msgspec.Struct, frozen=True):
    """What a template draws of a column, in a box of `WIDTH` by `HEIGHT`; without bars there is nothing to draw."""

    bars: tuple[DrawnBar, ...]
    label: str


def drawing(sketch: ColumnSketch) -> Drawing:
    """The bars of a column, as high as they have rows."""
    most = max((bar.rows for bar in sketch.bars), default=0)
    if not most:
        return Drawing((), "")
    step = WIDTH / len(sketch.bars)
    bars = []
    for number, bar in enumerate(sketch.bars):
        height = max(HEIGHT * bar.rows / most, LEAST) if bar.rows else 0.0
        place = round(number * step, 2), round(HEIGHT - height, 2)
        size = round(max(step - GAP, step / 2), 2), round(height, 2)
        bars.append(DrawnBar(*place, *size, f"{_range(bar.low, bar.high)}: {count_of(bar.rows, 'row')}"))
    highest = max(range(len(bars)), key=lambda number: sketch.bars[number].rows)
    return Drawing(tuple(bars), f"{count_of(len(bars), 'bar')}, the highest is {bars[highest].title}")


def _range(low: object, high: object) -> str:
    return cell(low) if low == high else f"{cell(low)} to {cell(high)}"
