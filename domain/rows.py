"""What a page of a table is asked by: sort keys, and the filters of its column headers in AG Grid's vocabulary."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from domain.errors import Invalid, Problem
from domain.filters import Scalar
from domain.wording import tr

Test = Literal[
    "contains",
    "notContains",
    "equals",
    "notEqual",
    "startsWith",
    "endsWith",
    "blank",
    "notBlank",
    "lessThan",
    "lessThanOrEqual",
    "greaterThan",
    "greaterThanOrEqual",
    "inRange",
    "true",
    "false",
]


MAX_CONDITIONS = 10
"""Far more than a column's header offers."""
MIDNIGHT = " 00:00:00"


class SortKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column to sort by; missing values come last either way."""

    column: str
    descending: bool = False


class Condition(msgspec.Struct, frozen=True):
    """One test of a column's value: text ignoring case; numbers as such; dates and times in ISO 8601.

    `to` is the upper end of `inRange`, which is included like the lower one.
    """

    test: Test
    value: Scalar = None
    to: Scalar = None


class ColumnFilter(msgspec.Struct, frozen=True):
    """The conditions on one column: all must hold, or with `any_of` one."""

    column: str
    conditions: tuple[Condition, ...]
    any_of: bool = False


class _GridCondition(msgspec.Struct):
    type: Test
    filter: Scalar = None
    filterTo: Scalar = None  # noqa: N815 -- AG Grid's own keys.
    dateFrom: str | None = None  # noqa: N815
    dateTo: str | None = None  # noqa: N815


class _GridConditions(msgspec.Struct):
    conditions: list[_GridCondition]
    operator: Literal["AND", "OR"] = "AND"


def column_filters(model: Mapping[str, Any]) -> tuple[ColumnFilter, ...]:
    """Read the `filterModel` that AG Grid sends with a request for rows.

    Raises:
        Invalid: naming the column whose filter is not understood.
    """
    return tuple(_column_filter(column, entry) for column, entry in model.items())


def _column_filter(column: str, entry: object) -> ColumnFilter:
    try:
        if isinstance(entry, Mapping) and "conditions" in entry:
            several = msgspec.convert(entry, _GridConditions)
            conditions, any_of = several.conditions, several.operator == "OR"
        else:
            conditions, any_of = [msgspec.convert(entry, _GridCondition)], False
    except msgspec.ValidationError as error:
        raise Invalid(tr("The table's filter cannot be read."), (Problem(column, str(error)),)) from None
    if len(conditions) > MAX_CONDITIONS:
        problem = Problem(
            column, tr("has {count} conditions; use at most {most}", count=len(conditions), most=MAX_CONDITIONS)
        )
        raise Invalid(tr("The table's filter cannot be read."), (problem,))
    return ColumnFilter(column, tuple(map(_condition, conditions)), any_of)


def _condition(given: _GridCondition) -> Condition:
    value = given.filter if given.dateFrom is None else _day(given.dateFrom)
    to = given.filterTo if given.dateTo is None else _day(given.dateTo)
    return Condition(given.type, value, to)


def _day(text: str) -> str:
    """AG Grid's picker gives days as their midnight, `2024-05-01 00:00:00`; the whole day is meant."""
    return text.removesuffix(MIDNIGHT)
