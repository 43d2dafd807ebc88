"""Columns of a hot table as bins: the axes along which cubes count numbers and times."""

import msgspec
import polars as pl

from persistence.frames.axes import Axis, narrowest
from persistence.frames.bins import Bins, bin_of, binnable
from persistence.frames.hot import HotTable

CHUNK = 2**20
"""So many rows get their bins at a time."""


def bin_axis(hot: HotTable, name: str, values: pl.Expr, bins: Bins, what: str = "bins") -> Axis:
    """The bins of a column as an axis, on which rows without a bin have no place.

    `values` makes numbers of the column; `what` tells apart different ones of the same column.
    """
    return hot.coded(f"{what} {name!r} {bins}", bins.count, lambda table: _codes(table, name, values, bins))


def _codes(hot: HotTable, name: str, values: pl.Expr, bins: Bins) -> pl.Series:
    """The bin of each row; for rows without one the number of bins."""
    place = pl.when(binnable(pl.col("value"))).then(bin_of()).otherwise(bins.count).fill_null(bins.count)
    constants = [pl.lit(float(number)).alias(key) for key, number in msgspec.structs.asdict(bins).items()]
    parts = []
    for start in range(0, hot.rows, CHUNK):
        hot.breathe()
        some = hot.column(name).slice(start, CHUNK).to_frame().select(value=values)
        parts.append(some.with_columns(constants).select(code=place.cast(narrowest(bins.count))))
    return pl.concat(parts).to_series() if parts else pl.Series(dtype=narrowest(bins.count))
