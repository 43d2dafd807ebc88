"""The small pictures of columns: bars as an own SVG drawing, with words for those who do not see it."""

import msgspec

from domain.wording import grouped, trn
from services.queries import ColumnSketch
from web.formats import cell

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
    for at, bar in enumerate(sketch.bars):
        height = max(HEIGHT * bar.rows / most, LEAST) if bar.rows else 0.0
        place = round(at * step, 2), round(HEIGHT - height, 2)
        size = round(max(step - GAP, step / 2), 2), round(height, 2)
        bars.append(DrawnBar(*place, *size, _title(bar.low, bar.high, bar.rows)))
    highest = max(range(len(bars)), key=lambda at: sketch.bars[at].rows)
    title = bars[highest].title
    label = trn("{n} bar, the highest is {bar}", "{n} bars, the highest is {bar}", len(bars), bar=title)
    return Drawing(tuple(bars), label)


def _title(low: object, high: object, rows: int) -> str:
    many = grouped(rows)
    if low == high:
        return trn("{value}: {n} row", "{value}: {n} rows", rows, n=many, value=cell(low))
    return trn("{low} to {high}: {n} row", "{low} to {high}: {n} rows", rows, n=many, low=cell(low), high=cell(high))
