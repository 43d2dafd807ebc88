"""The aggregations of cards, bars and lines as polars expressions."""

import polars as pl

from domain.aggregations import COUNTED, OWN_KIND, Aggregation, kinds_for
from domain.collections import Column
from domain.wording import tr
from persistence.frames.plans import counted
from persistence.frames.sources import Table

TAKEN_AS_THEY_ARE = COUNTED | OWN_KIND
"""All others are made of the values as floats."""
QUARTILES = {Aggregation.Q1: 0.25, Aggregation.Q3: 0.75}


def aggregable(table: Table, name: str, aggregation: Aggregation) -> Column:
    """The column.

    Raises:
        Invalid: naming it, when it is unknown or cannot be aggregated so.
    """
    return table.column(name, *kinds_for(aggregation), use=tr("the {aggregation}", aggregation=aggregation))


def aggregated(table: Table, column: Column, aggregation: Aggregation, q: float = 0.5) -> pl.Expr:
    """The column's aggregate over the values that are not missing; `q` is the share of a percentile.

    Count and nunique are UInt32; the sum of no value is 0, everything else of none is null, as is the sum of infinities
    of both signs; the median of an even number of values is the mean of the middle two.
    """
    values = table.values(column)
    # As frames hold them, large whole numbers and nanoseconds are rounded, and different ones may look the same.
    return aggregate(pl.col(column.name) if aggregation is Aggregation.NUNIQUE else values, aggregation, q)


def share_of(aggregation: Aggregation, q: float) -> float | None:
    """Which quantile the aggregation is; None when it is none."""
    return q if aggregation is Aggregation.PERCENTILE else QUARTILES.get(aggregation)


def aggregate(values: pl.Expr, aggregation: Aggregation, q: float = 0.5) -> pl.Expr:
    """The aggregate of these values, whose missing ones are null; null where infinities leave none.

    - Variance and standard deviation are those of a sample (n - 1 below the line), null of fewer than two values.
    - Skewness is g1 = m3 / m2^(3/2) and kurtosis g2 = m4 / m2² - 3, of the moments of the values themselves (D. N.
      Joanes and C. A. Gill, "Comparing measures of sample skewness and kurtosis", The Statistician 47 (1998) 183);
      null of values that are all equal.
    - Quartiles and percentiles interpolate linearly (type 7 of Hyndman and Fan, as `boxes.statistics`).
    - The mode is the most frequent value, of equally frequent ones the lowest.
    """
    numbers = values if aggregation in TAKEN_AS_THEY_ARE else values.cast(pl.Float64)
    match aggregation:
        case Aggregation.COUNT:
            return counted(numbers.count())
        case Aggregation.NUNIQUE:
            return counted(numbers.drop_nulls().n_unique())
        case Aggregation.MIN:
            return numbers.min()
        case Aggregation.MAX:
            return numbers.max()
        case Aggregation.MODE:
            return numbers.drop_nulls().mode().min()
    share = share_of(aggregation, q)
    if share is not None:
        return _quantile(numbers, share)
    return _of_numbers(numbers, aggregation).fill_nan(None)


def _of_numbers(numbers: pl.Expr, aggregation: Aggregation) -> pl.Expr:
    match aggregation:
        case Aggregation.SUM:
            return numbers.sum()
        case Aggregation.MEAN:
            return numbers.mean()
        case Aggregation.MEDIAN:
            # `median` interpolates by the difference of the middle two, which gives NaN next to minus infinity.
            return numbers.quantile(0.5, "midpoint")
        case Aggregation.RANGE:
            return numbers.max() - numbers.min()
        case Aggregation.VARIANCE:
            return numbers.var()
        case Aggregation.STD_DEV:
            return numbers.std()
        case Aggregation.SKEWNESS:
            # Of equal values only what rounding leaves could be told.
            return pl.when(numbers.min() < numbers.max()).then(numbers.drop_nulls().skew())
        case Aggregation.KURTOSIS:
            return pl.when(numbers.min() < numbers.max()).then(numbers.drop_nulls().kurtosis())
    raise AssertionError(aggregation)


def _quantile(numbers: pl.Expr, share: float) -> pl.Expr:
    """Between the two nearest ranks; next to infinities the difference of these is no number, and there is none."""
    return numbers.quantile(share, "linear").fill_nan(None)
