"""The course of an aggregate along another column: how a card's number moves with time, a run or a dose."""

from collections.abc import Sequence

import msgspec
import numpy as np
import polars as pl

from domain.aggregations import Aggregation
from domain.collections import Column, ColumnKind
from domain.wording import tr
from persistence.frames import celled, cubes
from persistence.frames.aggregations import aggregated
from persistence.frames.binned import bin_axis
from persistence.frames.bins import LARGEST, Bins, bin_of, bins_over
from persistence.frames.hot import HotTable
from persistence.frames.pieces import Piece, Series
from persistence.frames.plans import Rows, counted
from persistence.frames.selection import Selection
from persistence.frames.sources import Table

BUCKETS = 30
DAY = 86_400e6
GRID = pl.Struct({"start": pl.Float64(), "step": pl.Float64(), "count": pl.Float64(), "high": pl.Float64()})


class Course(msgspec.Struct, frozen=True, eq=False):
    """The column along which, as numbers: times in microseconds since 1970 by the clock on the wall.

    Its values are multiples of a `unit` (else 0), between which the edges of the buckets lie.
    """

    column: Column
    values: pl.Expr
    unit: float


def piece(rows: Rows, along: str, column: Column, aggregation: Aggregation, q: float) -> Piece:
    """One column `trend`: for each bucket `left`, `right`, `y` and `rows`; `y` is null where a bucket has no value.

    `left` and `right` are the ends of a bucket; of whole numbers and days the first and the last that it can hold.
    Buckets lie over the whole table, at most `BUCKETS` of one width. Nothing when the column has no finite value.

    Raises:
        Invalid: when `along` is unknown or has no order.
    """
    course = _course(rows.table, along)
    if rows.selection is not None:
        bins = _known_bins(rows.selection.hot, course)
        found = None if bins is None else _cells(rows.selection, course, bins, column, aggregation, q)
        if bins is None or found is not None:
            return Piece([], lambda _: _told(course, bins, _framed(*found) if found else None))
    grid = rows.all.select(_ends(course)).select(
        grid=pl.struct(pl.all()).map_batches(lambda ends: _chosen(course, ends), return_dtype=GRID)
    )
    y = aggregated(rows.table, column, aggregation, q)
    placed = (
        rows.matched.with_columns(value=course.values)
        .join(grid.unnest("grid"), how="cross")
        .filter(pl.col("value").is_finite() & pl.col("start").is_not_null())
        .group_by(bucket=bin_of())
        .agg(y=y, rows=counted(pl.len()))
    )

    def finish(results: Sequence[pl.DataFrame]) -> Series:
        numbers = results[0]["grid"].struct.unnest().row(0)
        bins = None if numbers[0] is None else Bins(numbers[0], numbers[1], int(numbers[2]), numbers[3])
        return _told(course, bins, results[1])

    return Piece([grid, placed], finish)


def _course(table: Table, along: str) -> Course:
    ordered = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)
    column = table.column(along, *ordered, use=tr("the trend"))
    dtype, values = table.types[column.name], table.values(column)
    match column.kind:
        case ColumnKind.NUMBER:
            return Course(column, values, float(dtype.is_integer()))
        case ColumnKind.DATE:
            return Course(column, values.cast(pl.Datetime("us")).to_physical().cast(pl.Float64), DAY)
    return Course(column, values.dt.replace_time_zone(None).to_physical().cast(pl.Float64), 0.0)


def _ends(course: Course) -> list[pl.Expr]:
    finite = course.values.filter(course.values.is_finite())
    return [finite.min().alias("low"), finite.max().alias("high")]


def _bins(course: Course, low: float | None, high: float | None) -> Bins | None:
    if low is None or high is None or max(-low, high) > LARGEST:
        return None
    return bins_over(low, high, BUCKETS, course.unit)


def _chosen(course: Course, ends: pl.Series) -> pl.Series:
    (row,) = ends.to_list()
    bins = _bins(course, row["low"], row["high"])
    return pl.Series([None if bins is None else msgspec.structs.asdict(bins)], dtype=GRID)


def _known_bins(hot: HotTable, course: Course) -> Bins | None:
    def find(table: HotTable) -> pl.Series:
        ends = table.column(course.column.name).to_frame().select(_ends(course))
        return pl.Series("figures", ends.row(0), dtype=pl.Float64)

    low, high = hot.reach(f"course {course.column.name!r}", find)
    return _bins(course, low, high)


def _cells(
    selection: Selection, course: Course, bins: Bins, column: Column, aggregation: Aggregation, q: float
) -> tuple[np.ndarray, np.ndarray] | None:
    axis = bin_axis(selection.hot, course.column.name, course.values, bins, "course")
    y = celled.aggregate(selection, [axis], aggregation, column, q)
    rows = cubes.measured(selection, [axis])
    return None if y is None or rows is None else (y, rows)


def _framed(y: np.ndarray, rows: np.ndarray) -> pl.DataFrame:
    bucket = pl.int_range(len(rows), dtype=pl.UInt32, eager=True).alias("bucket")
    return pl.DataFrame([bucket, celled.series("y", y), celled.series("rows", rows)]).filter(pl.col("rows") > 0)


def _told(course: Course, bins: Bins | None, groups: pl.DataFrame | None) -> Series:
    edges = np.empty(0) if bins is None else bins.edges()
    inside = course.unit / 2
    frame = pl.DataFrame(
        {"left": edges[:-1] + inside, "right": edges[1:] - inside}, schema={"left": pl.Float64, "right": pl.Float64}
    )
    if course.column.kind is not ColumnKind.NUMBER:
        frame = frame.select(pl.all().cast(pl.Int64).cast(pl.Datetime("us")))
    frame = frame.with_columns(bucket=pl.int_range(pl.len(), dtype=pl.UInt32))
    if groups is None:
        filled = frame.with_columns(y=pl.lit(None, dtype=pl.Float64), rows=pl.lit(0, dtype=pl.UInt32))
    else:
        filled = frame.join(groups, on="bucket", how="left", maintain_order="left")
    told = filled.select("left", "right", "y", pl.col("rows").fill_null(0))
    return [pl.Series("trend", [told.to_struct("trend")])]
