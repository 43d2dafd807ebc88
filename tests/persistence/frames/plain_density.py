"""The density of a sampled scatter, worked out in plain Python from the points that could be drawn."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

import polars as pl

from domain.tiles import FigureTile
from persistence.frames.bins import LARGEST, Bins
from persistence.frames.shapes import Density, Frame
from tests.persistence.frames.plainly import Cells, cells_of, kind_of
from tests.persistence.frames.support import CUBES

DRAWN = {"number", "date", "time"}
DAY = 86_400_000_000


def check_density(tile: FigureTile, data: pl.DataFrame, drawable: Sequence[int], found: Frame) -> None:
    """All points are counted, on a grid over all that the table has to draw; or none is where none can be."""
    names = (tile.x, tile.y or "")
    is_drawn = {kind_of(data.schema[name]) for name in names} <= DRAWN and not (tile.log_x or tile.log_y)
    if not found.sampled or not is_drawn:
        assert found.density is None
        return
    x, y = ([placed(cell) for cell in moments(data[name])] for name in names)
    finite = [[value for value in side if value is not None] for side in (x, y)]
    if max(abs(value) for side in finite for value in side) > LARGEST:
        assert found.density is None
        return
    if found.density is None:
        assert CUBES, "only where no cube fits is there none"
        assert found.rows_matched < found.rows_total
        return
    for bins, side in zip((found.density.x, found.density.y), finite, strict=True):
        assert bins.edges()[0] <= min(side) <= max(side) <= bins.edges()[-1]
        assert 1 <= bins.count <= 96
    expected = Counter((bin_of(x[row], found.density.x), bin_of(y[row], found.density.y)) for row in drawable)
    assert cells(found.density) == expected
    assert sum(expected.values()) == found.of


def moments(column: pl.Series) -> Cells:
    """The column's cells; of times what a clock on the wall shows, in microseconds, and of days their beginning."""
    if isinstance(column.dtype, pl.Datetime):
        return column.dt.cast_time_unit("us").dt.replace_time_zone(None).to_physical().to_list()
    return (
        [None if day is None else day * DAY for day in column.to_physical()]
        if column.dtype == pl.Date
        else cells_of(column)
    )


def placed(cell: float | None) -> float | None:
    """Where a cell lies along its axis, if it does."""
    return None if cell is None or not math.isfinite(cell) else float(cell)


def bin_of(value: float | None, bins: Bins) -> int:
    """The last bin that begins at the value or before it."""
    assert value is not None
    starts = [bins.start + place * bins.step for place in range(bins.count)]
    return max(bisect_right(starts, value) - 1, 0)


def cells(density: Density) -> Counter[tuple[int, int]]:
    """The counts by the bins of x and y, without empty cells."""
    assert density.counts.dtype == pl.UInt32
    assert density.counts.len() == density.x.count * density.y.count
    places = ((place % density.x.count, place // density.x.count) for place in range(density.counts.len()))
    return Counter({place: count for place, count in zip(places, density.counts.to_list(), strict=True) if count})
