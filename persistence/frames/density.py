"""Where all points of a sampled scatter lie: counts on a grid of equal bins over the whole table's range.

Over a hot table they come from cubes, on the finest grid with which one fits: to count millions of rows one by one
would cost more than the picture is worth. The grid does not depend on the rows that match, so that it holds still.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np
import polars as pl

from domain.collections import ColumnKind
from domain.tiles import FigureTile
from persistence.frames import cubes
from persistence.frames.axes import Axis
from persistence.frames.binned import bin_axis
from persistence.frames.bins import LARGEST, Bins, bin_of, bins_over
from persistence.frames.hot import HotTable
from persistence.frames.plans import Rows
from persistence.frames.selection import Selection
from persistence.frames.shapes import Density
from persistence.frames.sources import Table

SIZES = ((96, 64), (48, 32), (24, 16))
"""The most bins along x and y, the finest grid first."""
ROWS_PER_CELL = 8
"""On a grid with fewer rows to a cell one would see chance; the coarsest one is there for every table."""
LIMITS = cubes.Limits(cells=2_000_000, ranks=64)
"""Every filter of a dashboard, and each two of them, may want a cube, which is of eight megabytes then. With fewer
codes for a range than these too many rows would have to be counted one by one."""
SMALL_TABLE, FEW_ROWS = 2_000_000, 500_000
DAY = 86_400_000_000.0
AXES = ("_x", "_y")
KEYS = ("start", "step", "count", "high")
GRID = pl.Struct({f"{key}{axis}": pl.Float64() for axis in AXES for key in KEYS})

Cells = np.ndarray


class Side(msgspec.Struct, frozen=True, eq=False):
    """The column along one axis: `values` as numbers, all of them multiples of `unit` if that is not 0.

    Times are microseconds since 1970 by the clock on the wall, as they are drawn. `what` tells apart different values
    of one column.
    """

    name: str
    values: pl.Expr
    unit: float
    what: str = "drawn"


class Raster(msgspec.Struct, frozen=True, eq=False):
    """What is to be collected for the counts, and how they come of it."""

    lazy: Sequence[pl.LazyFrame] = ()
    finish: Callable[[Sequence[pl.DataFrame]], Density | None] = lambda _: None


def plan(tile: FigureTile, rows: Rows, bound: int) -> Raster:
    """The counts, should more rows match than the bound; none on logarithmic axes, and of text and booleans."""
    sides = sides_of(tile, rows.table)
    return Raster() if sides is None else over(sides, rows, bound)


def over(sides: tuple[Side, Side], rows: Rows, bound: int) -> Raster:
    """The same along these sides."""
    if rows.selection is None:
        return collected(sides, rows)
    found = counted(sides, rows.selection) if cubes.count(rows.selection) > bound else None
    return Raster(finish=lambda _: found)


def sides_of(tile: FigureTile, table: Table) -> tuple[Side, Side] | None:
    """Both columns as numbers; None on logarithmic axes, and of text and booleans."""
    if tile.log_x or tile.log_y:
        return None
    x, y = _side(table, tile.x), _side(table, tile.y or "")
    return None if x is None or y is None else (x, y)


def _side(table: Table, name: str) -> Side | None:
    column, dtype = table.columns[name], table.types[name]
    values = table.values(column)
    match column.kind:
        case ColumnKind.NUMBER:
            return Side(name, values, float(dtype.is_integer()))
        case ColumnKind.DATE:
            return Side(name, values.cast(pl.Datetime("us")).to_physical().cast(pl.Float64), DAY)
        case ColumnKind.DATETIME:
            return Side(name, values.dt.replace_time_zone(None).to_physical().cast(pl.Float64), 0.0)
    return None


def sizes_for(rows: int) -> Iterator[tuple[int, int]]:
    """The grids that suit a table of so many rows, the finest first."""
    yield from ((x, y) for x, y in SIZES[:-1] if x * y * ROWS_PER_CELL <= rows)
    yield SIZES[-1]


def counted(sides: tuple[Side, Side], selection: Selection) -> Density | None:
    """The counts of the rows of a hot table; None where no cube fits and counting rows would take too long."""
    hot = selection.hot
    ends = [ends_of(hot, side) for side in sides]
    grids = [grid for most in sizes_for(hot.rows) if (grid := _grid(sides, ends, most)) is not None]
    for grid in grids:
        cells = cubes.summed(selection, _axes(hot, sides, grid), limits=LIMITS)
        if cells is not None:
            return _density(grid, cells)
    if not grids or not _is_countable(selection):
        return None
    return _density(grids[0], cubes.from_rows(selection, _axes(hot, sides, grids[0])))


def _axes(hot: HotTable, sides: tuple[Side, Side], grid: tuple[Bins, Bins]) -> list[Axis]:
    x, y = (bin_axis(hot, side.name, side.values, bins, side.what) for side, bins in zip(sides, grid, strict=True))
    return [y, x]


def _is_countable(selection: Selection) -> bool:
    """Whether counting row by row costs a few milliseconds; of a large table a mask must have been made already."""
    if selection.hot.rows <= SMALL_TABLE:
        return True
    return selection.choices is None and cubes.count(selection) <= FEW_ROWS


def ends_of(hot: HotTable, side: Side) -> list[float | None]:
    """The lowest and the highest finite value of the whole column."""

    def find(table: HotTable) -> pl.Series:
        found = table.column(side.name).to_frame().select(lowest(side), high=highest(side))
        return pl.Series(found.row(0), dtype=pl.Float64)

    return hot.reach(f"ends {side.what} {side.name!r}", find)


def lowest(side: Side) -> pl.Expr:
    return side.values.filter(side.values.is_finite()).min()


def highest(side: Side) -> pl.Expr:
    return side.values.filter(side.values.is_finite()).max()


def _grid(
    sides: tuple[Side, Side], ends: Sequence[Sequence[float | None]], most: tuple[int, int]
) -> tuple[Bins, Bins] | None:
    """The bins along x and y; None when there are no values, or too large ones for bins."""
    found = []
    for side, (low, high), count in zip(sides, ends, most, strict=True):
        if low is None or high is None or max(-low, high) > LARGEST:
            return None
        found.append(bins_over(low, high, count, side.unit))
    return found[0], found[1]


def _density(grid: tuple[Bins, Bins], cells: Cells) -> Density:
    counts = pl.Series("counts", cells.ravel())
    return Density(x=grid[0], y=grid[1], counts=counts if counts.dtype.is_float() else counts.cast(pl.UInt32))


def collected(
    sides: tuple[Side, Side], rows: Rows, weight: pl.Expr | None = None, most: tuple[int, int] | None = None
) -> Raster:
    """The counts of a table that is read where it lies, in the pass of its points; with a weight its sums.

    `most` bins along x and y, otherwise as many as suit the table.
    """
    return Raster(passes(sides, rows, weight, most), _read)


def passes(
    sides: tuple[Side, Side],
    rows: Rows,
    weight: pl.Expr | None = None,
    most: tuple[int, int] | None = None,
    by: Mapping[str, pl.Expr] | None = None,
) -> list[pl.LazyFrame]:
    """What `collected` collects: the grid, which `grid_of` reads, and `rows` by `cell` and by what `by` parts them."""
    ends = [part for side in sides for part in (lowest(side), highest(side))]
    facts = rows.all.select(pl.len(), *(part.alias(str(place)) for place, part in enumerate(ends)))
    choose = partial(_chosen, sides, most)
    grid = facts.select(grid=pl.struct(pl.all()).map_batches(choose, return_dtype=GRID)).unnest("grid")
    values = {f"value{axis}": side.values for axis, side in zip(AXES, sides, strict=True)}
    weights = {} if weight is None else {"weight": weight.cast(pl.Float64)}
    keys = dict(by or {})
    drawable = rows.matched.select(**values, **weights, **keys).filter(
        pl.col(name).is_finite() for name in [*values, *weights]
    )
    cell = bin_of("_y") * pl.col("count_x").cast(pl.UInt32) + bin_of("_x")
    counts = (
        drawable.join(grid, how="cross")
        .group_by(*keys, cell=cell)
        .agg(rows=pl.len() if weight is None else pl.col("weight").sum())
    )
    return [grid, counts]


def _chosen(sides: tuple[Side, Side], most: tuple[int, int] | None, facts: pl.Series) -> pl.Series:
    (row,) = facts.to_list()
    count, *ends = row.values()
    grid = _grid(sides, (ends[:2], ends[2:]), most or next(sizes_for(count)))
    numbers: dict[str, Any] = dict.fromkeys(field.name for field in GRID.fields)
    for axis, bins in zip(AXES, grid or (), strict=bool(grid)):
        numbers |= {f"{key}{axis}": float(getattr(bins, key)) for key in KEYS}
    return pl.Series([numbers], dtype=GRID)


def grid_of(facts: pl.DataFrame) -> tuple[Bins, Bins] | None:
    """The bins along x and y; None where there are no values to be counted."""
    (numbers,) = facts.to_dicts()
    if numbers["start_x"] is None:
        return None
    x, y = (Bins(*(numbers[f"{key}{axis}"] for key in KEYS)) for axis in AXES)
    x, y = (msgspec.structs.replace(bins, count=int(bins.count)) for bins in (x, y))
    return x, y


def _read(results: Sequence[pl.DataFrame]) -> Density | None:
    grid, counts = grid_of(results[0]), results[1]
    if grid is None:
        return None
    x, y = grid
    is_weighted = counts["rows"].dtype.is_float()
    cells = np.zeros(x.count * y.count, dtype=np.float64 if is_weighted else np.uint32)
    cells[counts["cell"].to_numpy()] = counts["rows"].to_numpy()
    return _density((x, y), cells)
