"""The filters of a table's column headers as polars predicates."""

from functools import reduce
from operator import and_, or_

import polars as pl

from domain.collections import Column, ColumnKind
from domain.errors import Invalid, Problem
from domain.rows import ColumnFilter, Condition
from domain.wording import tr
from persistence.frames import clauses, values
from persistence.frames.sources import Table


def header_test(table: Table, header: ColumnFilter) -> pl.Expr:
    """Whether a row passes the filter of one column's header.

    Raises:
        Invalid: naming the column, when it is unknown or a condition does not suit it.
    """
    column = table.column(header.column, use=tr("the table's filter"))
    tests = [_condition(table, column, condition) for condition in header.conditions]
    if not tests:
        raise Invalid(tr("The table's filter cannot be applied."), (Problem(header.column, tr("has no condition")),))
    return reduce(or_ if header.any_of else and_, tests)


def _condition(table: Table, column: Column, condition: Condition) -> pl.Expr:
    match condition.test:
        case "blank":
            return _blank(column)
        case "notBlank":
            return ~_blank(column)
        case "true" | "false":
            return clauses.one_of(table, column, (condition.test == "true",))
        case _ if column.kind is ColumnKind.TEXT:
            return _text(column, condition)
        case _:
            return _value(table, column, condition)


def _blank(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.kind is not ColumnKind.TEXT:
        return cell.is_null()
    return cell.is_null() | (cell.cast(pl.String).str.strip_chars() == "")


def _value(table: Table, column: Column, condition: Condition) -> pl.Expr:
    """Tests of numbers, booleans, dates and times. A date compared with times means its whole day on either side."""
    cell, value = pl.col(column.name), condition.value
    if value is None:
        raise _unfit(column, tr("{test} needs a value to compare with", test=condition.test))
    if condition.test in {"equals", "notEqual"}:
        equal = clauses.one_of(table, column, (value,))
        return equal if condition.test == "equals" else ~equal | cell.is_null()
    if column.kind not in clauses.ORDERED:
        raise _unfit(column, tr("{test} needs numbers or dates", test=condition.test))
    lowest, highest = {
        "lessThanOrEqual": (None, value),
        "greaterThan": (None, value),
        "greaterThanOrEqual": (value, None),
        "lessThan": (value, None),
        "inRange": (value, condition.to),
    }.get(condition.test, (None, None))
    if lowest is highest is None:
        raise _unfit(column, tr("{test} is for text", test=condition.test))
    between = clauses.between(table, column, lowest, highest)
    return cell.is_not_null() & ~between if condition.test in {"greaterThan", "lessThan"} else between


def _text(column: Column, condition: Condition) -> pl.Expr:
    """Tests of text, ignoring case; missing values fail all but the negative ones."""
    part = pl.escape_regex(values.text(column, condition.value))
    patterns = {
        "contains": part,
        "notContains": part,
        "equals": rf"\A{part}\z",
        "notEqual": rf"\A{part}\z",
        "startsWith": rf"\A{part}",
        "endsWith": rf"{part}\z",
    }
    if condition.test not in patterns:
        raise _unfit(column, tr("{test} is not for text", test=condition.test))
    hit = pl.col(column.name).cast(pl.String).str.contains(f"(?i){patterns[condition.test]}")
    return ~hit.fill_null(value=False) if condition.test in {"notContains", "notEqual"} else hit


def _unfit(column: Column, message: str) -> Invalid:
    return Invalid(tr("The table's filter cannot be applied."), (Problem(column.name, message),))
