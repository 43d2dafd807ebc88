"""Bins of a histogram as conditions: a value passes where the histogram has counted it, exactly at the edges too."""

from functools import reduce
from operator import or_

import polars as pl

from domain.collections import Column, ColumnKind
from domain.errors import Invalid, Problem
from domain.filters import Clause, Scalar
from domain.wording import tr
from persistence.frames import values
from persistence.frames.bins import LARGEST
from persistence.frames.masks import Span
from persistence.frames.sources import Table

ORDERED = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)
PAIRS_MAX = 1_000
Pair = tuple[Scalar, Scalar]


def spans(table: Table, clause: Clause) -> list[Span]:
    """The intervals of a `bins` clause; those that touch are one.

    Raises:
        Invalid: naming the column, when the values are no pairs, too many, or do not suit it.
    """
    column = table.column(clause.column, *ORDERED, use=tr("the bins"))
    if len(clause.values) % 2 or len(clause.values) > 2 * PAIRS_MAX:
        problem = Problem(column.name, tr("bins are at most {most} pairs of a lower and an upper end", most=PAIRS_MAX))
        raise Invalid(tr("The filter cannot be applied."), (problem,))
    pairs = list(zip(clause.values[::2], clause.values[1::2], strict=True))
    return [_span(table, column, low, high) for low, high in _joined(pairs)]


def _joined(pairs: list[Pair]) -> list[Pair]:
    """Each interval that begins where the one before it ends, as one with it."""
    found: list[Pair] = []
    for low, high in pairs:
        if found and low is not None and found[-1][1] == low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def _span(table: Table, column: Column, low: Scalar, high: Scalar) -> Span:
    # As histograms compare: numbers as floats, days and times by their microseconds.
    if column.kind is ColumnKind.NUMBER:
        cell = pl.col(column.name).cast(pl.Float64)
        least = -LARGEST if low is None else max(float(values.number(column, low)), -LARGEST)
        below = None if high is None else float(values.number(column, high))
        return Span(column.name, cell >= least, cell <= LARGEST if below is None else cell < below)
    moment, cell = _clock(table, column, low, high)
    first, last = (None if end is None else values.moments(column, moment, end)[0] for end in (low, high))
    return Span(
        column.name, None if first is None else cell >= pl.lit(first), None if last is None else cell < pl.lit(last)
    )


def _clock(table: Table, column: Column, low: Scalar, high: Scalar) -> tuple[pl.Datetime, pl.Expr]:
    """The type by which the ends are read, and the values in microseconds: by the wall, or since 1970."""
    dtype = table.types[column.name]
    cell = pl.col(column.name)
    if is_by_wall(dtype, low, high):
        return pl.Datetime("us"), cell.dt.cast_time_unit("us").dt.replace_time_zone(None).to_physical()
    moment = pl.Datetime("us", dtype.time_zone if isinstance(dtype, pl.Datetime) else None)
    return moment, cell.cast(moment).to_physical()


def is_by_wall(dtype: pl.DataType, *ends: Scalar) -> bool:
    """Whether ends without an offset mean the clock on the wall of a column's zone, as the cells of densities do.

    That clock is set back once a year, so what lies between two of its readings is no range of the values.
    """
    if not isinstance(dtype, pl.Datetime) or dtype.time_zone is None:
        return False
    given = [end for end in ends if end is not None]
    return bool(given) and all(isinstance(end, str) and values.is_local(end) for end in given)


def within_any(found: list[Span]) -> pl.Expr:
    """Whether a value lies in one of the intervals; in none of none."""
    return reduce(or_, [_within(span) for span in found], pl.lit(value=False))


def _within(span: Span) -> pl.Expr:
    whole = pl.col(span.column).is_not_null()
    for side in (span.at_least, span.at_most):
        whole = whole if side is None else whole & side
    return whole
