"""The aggregations of cards, bars and lines as polars expressions."""

import polars as pl

from domain.collections import Column, ColumnKind
from domain.tiles import Aggregation
from persistence.frames.plans import counted
from persistence.frames.sources import Table

NUMERIC = (ColumnKind.NUMBER, ColumnKind.BOOLEAN)
SUMMED = {Aggregation.SUM, Aggregation.MEAN, Aggregation.MEDIAN}


def allowed(aggregation: Aggregation) -> tuple[ColumnKind, ...]:
    """The kinds of column that the aggregation makes sense for; none means any but OTHER.

    Booleans count as 0 and 1 for sum and mean: how many hold, and which share.
    """
    match aggregation:
        case Aggregation.SUM | Aggregation.MEAN:
            return NUMERIC
        case Aggregation.MEDIAN:
            return (ColumnKind.NUMBER,)
        case Aggregation.COUNT | Aggregation.NUNIQUE | Aggregation.MIN | Aggregation.MAX:
            return ()


def aggregable(table: Table, name: str, aggregation: Aggregation) -> Column:
    """The column.

    Raises:
        Invalid: naming it, when it is unknown or cannot be aggregated so.
    """
    return table.column(name, *allowed(aggregation), use=f"the {aggregation}")


def aggregated(table: Table, column: Column, aggregation: Aggregation) -> pl.Expr:
    """The column's aggregate over the values that are not missing.

    Count and nunique are UInt32; the sum of no value is 0, everything else of none is null, as is the sum of infinities
    of both signs; the median of an even number of values is the mean of the middle two.
    """
    values = table.values(column)
    # As frames hold them, large whole numbers and nanoseconds are rounded, and different ones may look the same.
    return aggregate(pl.col(column.name) if aggregation is Aggregation.NUNIQUE else values, aggregation)


def aggregate(values: pl.Expr, aggregation: Aggregation) -> pl.Expr:
    """The aggregate of these values, whose missing ones are null; null where infinities of both signs leave none."""
    numbers = values.cast(pl.Float64) if aggregation in SUMMED else values
    return {
        Aggregation.COUNT: counted(values.count()),
        Aggregation.NUNIQUE: counted(values.drop_nulls().n_unique()),
        Aggregation.SUM: numbers.sum().fill_nan(None),
        Aggregation.MEAN: numbers.mean().fill_nan(None),
        # `median` interpolates by the difference of the middle two, which gives NaN next to minus infinity.
        Aggregation.MEDIAN: numbers.quantile(0.5, "midpoint").fill_nan(None),
        Aggregation.MIN: values.min(),
        Aggregation.MAX: values.max(),
    }[aggregation]
