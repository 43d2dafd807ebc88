"""Clauses as polars predicates: exact, typed against the columns, false for missing values unless these are named."""

import math
from collections.abc import Iterable
from functools import reduce
from operator import and_

import numpy as np
import polars as pl

from domain.collections import Column, ColumnKind
from domain.errors import Invalid, Problem
from domain.filters import Clause, Scalar, parts
from domain.wording import tr
from persistence.frames import intervals, values
from persistence.frames.expressions import expression_tests
from persistence.frames.masks import Span, Test
from persistence.frames.sources import Table

ORDERED = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)
RANGE_LENGTH = 2
CORNERS_MIN = 3
CORNERS_MAX = 5_000
TEXT_MAX = 1_000
MARKS_MAX = 1_000


def predicate(table: Table, clauses: tuple[Clause, ...]) -> pl.Expr | None:
    """What a row must fulfil to pass all the clauses; None when there is none.

    Raises:
        Invalid: naming the clause's column, when it is unknown or the values do not suit it.
    """
    exprs = [_clause(table, clause) for clause in clauses]
    return reduce(and_, exprs) if exprs else None


def tests(table: Table, clauses: Iterable[Clause]) -> list[Test]:
    """The same, one by one, so that each can be remembered.

    Raises:
        Invalid: as `predicate` does.
    """
    return [test for clause in clauses for test in _tests(table, clause)]


def _tests(table: Table, clause: Clause) -> list[Test]:
    if clause.op == "where":
        return expression_tests(table, str(clause.values[0]))
    if len(clause.marks) == 1:
        # A condition on each column is told by their codes, as those of filters are.
        return [_test(table, one) for one in parts(clause, clause.marks[0])]
    return [_test(table, clause)]


def _test(table: Table, clause: Clause) -> Test:
    key = said((clause,))
    if clause.op == "bins":
        spans = intervals.spans(table, clause)
        is_range = len(spans) == 1 and not intervals.is_by_wall(table.types[spans[0].column], *clause.values)
        return Test(key, intervals.within_any(spans), spans[0] if is_range else None)
    if clause.op != "between":
        return Test(key, _clause(table, clause))
    span = _span(table, clause)
    return Test(key, _within_span(span), span)


def said(clauses: Iterable[Clause]) -> str:
    """What sets of clauses have in common that leave the same rows; written out, because 1 == True but not here."""
    return repr([(clause.column, clause.op, clause.values, clause.column_y, clause.marks) for clause in clauses])


def _clause(table: Table, clause: Clause) -> pl.Expr:
    match clause.op:
        case "in":
            return one_of(table, table.column(clause.column, use=tr("the filter")), clause.values)
        case "between":
            return _within_span(_span(table, clause))
        case "contains":
            column = table.column(clause.column, use=tr("the text filter"))
            if len(clause.values) != 1:
                raise _bad(clause, tr("a text filter has one value"))
            return contains(column, values.text(column, clause.values[0]))
        case "within":
            return _within(table, clause)
        case "bins":
            return intervals.within_any(intervals.spans(table, clause))
        case "marks":
            return _any_mark(table, clause)
        case "where":
            return reduce(and_, (test.expr for test in expression_tests(table, str(clause.values[0]))))


def _any_mark(table: Table, clause: Clause) -> pl.Expr:
    if not clause.marks or len(clause.marks) > MARKS_MAX or not all(clause.marks):
        raise _bad(clause, tr("a selection has 1 to {most} marks", most=MARKS_MAX))
    every = [[_clause(table, one).fill_null(value=False) for one in parts(clause, mark)] for mark in clause.marks]
    # One step for all: a chain of as many would be deeper than polars can follow.
    return pl.any_horizontal(reduce(and_, one) for one in every)


def one_of(table: Table, column: Column, wanted: tuple[Scalar, ...]) -> pl.Expr:
    """Whether the value is one of those wanted; None stands for missing values, and no value for no row."""
    present = tuple(value for value in wanted if value is not None)
    hit = values.equal_to_any(column, table.types[column.name], present)
    return hit if len(present) == len(wanted) else hit | pl.col(column.name).is_null()


def between(table: Table, column: Column, lowest: Scalar, highest: Scalar) -> pl.Expr:
    """Whether the value lies between the two, both included; None leaves a side open. Missing values do not."""
    return _within_span(_span_of(table, column, lowest, highest))


def _span(table: Table, clause: Clause) -> Span:
    column = table.column(clause.column, *ORDERED, use=tr("the range"))
    if len(clause.values) != RANGE_LENGTH:
        raise _bad(clause, tr("a range has a lowest and a highest value"))
    return _span_of(table, column, *clause.values)


def _span_of(table: Table, column: Column, lowest: Scalar, highest: Scalar) -> Span:
    cell, dtype = pl.col(column.name), table.types[column.name]
    return Span(
        column.name,
        None if lowest is None else cell >= values.bound(column, dtype, lowest, upper=False),
        None if highest is None else cell <= values.bound(column, dtype, highest, upper=True),
    )


def _within_span(span: Span) -> pl.Expr:
    sides = [side for side in (span.at_least, span.at_most) if side is not None]
    return reduce(and_, sides, pl.col(span.column).is_not_null())


def contains(column: Column, part: str) -> pl.Expr:
    """Whether the value, as text, contains `part`; upper and lower case are one, by Unicode's simple case folding.

    Raises:
        Invalid: when `part` is longer than anybody searches for; to compile it would take long.
    """
    if len(part) > TEXT_MAX:
        problem = Problem(
            column.name, tr("has {count} characters; search for at most {most}", count=len(part), most=TEXT_MAX)
        )
        raise Invalid(tr("The text to search for is too long."), (problem,))
    return pl.col(column.name).cast(pl.String).str.contains("(?i)" + pl.escape_regex(part))


def _within(table: Table, clause: Clause) -> pl.Expr:
    if clause.column_y is None:
        raise _bad(clause, tr("a region needs two columns"))
    across = table.column(clause.column, *ORDERED, use=tr("the region"))
    up = table.column(clause.column_y, *ORDERED, use=tr("the region"))
    if len(clause.values) % 2 or not 2 * CORNERS_MIN <= len(clause.values) <= 2 * CORNERS_MAX:
        raise _bad(
            clause,
            tr("a region has {least} to {most} corners, each with an x and a y", least=CORNERS_MIN, most=CORNERS_MAX),
        )
    corners_x = np.array([_position(table, across, value) for value in clause.values[::2]])
    corners_y = np.array([_position(table, up, value) for value in clause.values[1::2]])

    def test(points: pl.Series) -> pl.Series:
        x, y = (points.struct.field(name).to_numpy() for name in ("x", "y"))
        return pl.Series(inside(x, y, corners_x, corners_y))

    point = pl.struct(x=_positions(table, across), y=_positions(table, up))
    return point.map_batches(test, return_dtype=pl.Boolean, is_elementwise=True)


def inside(x: np.ndarray, y: np.ndarray, corners_x: np.ndarray, corners_y: np.ndarray) -> np.ndarray:
    """Which points lie inside the polygon, by the even-odd rule: a ray to the right crosses its edges an odd number
    of times. Points whose x or y is NaN lie outside; a point on an edge is inside on left and lower edges only.

    The crossing test is that of W. R. Franklin, "PNPOLY: point inclusion in polygon test" (1970); see also
    M. Shimrat, "Algorithm 112: position of point relative to polygon", Communications of the ACM 5 (1962) 434.
    """  # noqa: D205 -- the rule needs its whole sentence.
    found = np.zeros(len(x), dtype=bool)
    near = np.flatnonzero(
        (x >= corners_x.min()) & (x <= corners_x.max()) & (y >= corners_y.min()) & (y <= corners_y.max()),
    )
    x, y = x[near], y[near]
    odd = np.zeros(len(near), dtype=bool)
    previous_x, previous_y = corners_x[-1], corners_y[-1]
    for corner_x, corner_y in zip(corners_x, corners_y, strict=True):
        # Of the points at the height of this edge; for these the division is a share between 0 and 1.
        beside = np.flatnonzero((corner_y > y) != (previous_y > y))
        crossing = (y[beside] - corner_y) / (previous_y - corner_y) * (previous_x - corner_x) + corner_x
        odd[beside] ^= x[beside] < crossing
        previous_x, previous_y = corner_x, corner_y
    found[near] = odd
    return found


def _position(table: Table, column: Column, value: Scalar) -> float:
    dtype = table.types[column.name]
    if column.kind is ColumnKind.NUMBER:
        position = float(values.number(column, value))
        if not math.isfinite(position):
            raise values.wrong(column, value, tr("a finite number"))
        return position
    return float(values.moments(column, dtype if isinstance(dtype, pl.Datetime) else pl.Datetime("us"), value)[0])


def _positions(table: Table, column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.kind is ColumnKind.NUMBER:
        return cell.cast(pl.Float64)
    dtype = table.types[column.name]
    zone = dtype.time_zone if isinstance(dtype, pl.Datetime) else None
    return cell.cast(pl.Datetime("us", zone)).to_physical().cast(pl.Float64)


def _bad(clause: Clause, message: str) -> Invalid:
    return Invalid(tr("The filter cannot be applied."), (Problem(f"{clause.column} ({clause.op})", message),))
