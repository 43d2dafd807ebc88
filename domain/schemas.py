"""The columns that several files have in common: which type each gets, or why there is none.

Types are named as polars names them; `Null` is a column without a single value.
"""

from collections.abc import Iterable, Mapping

from domain.errors import Invalid, Problem
from domain.wording import tr

NULL = "Null"
WIDE = "Int64 beyond 2^53"
"""Whole numbers that a Float64 could not hold exactly: they never widen to one."""
INTEGERS = ("Int8", "Int16", "Int32", "Int64", WIDE)
FLOATS = ("Float32", "Float64")
STORED = {NULL: "String", WIDE: "Int64"}
MAX_PROBLEMS = 20

Schema = Mapping[str, str]


def common(left: str, right: str) -> str | None:
    """The type that holds the values of both without loss, None when there is none."""
    if right in {left, NULL}:
        return left
    if left == NULL:
        return right
    if left in INTEGERS and right in INTEGERS:
        return INTEGERS[max(INTEGERS.index(left), INTEGERS.index(right))]
    numbers = {left, right}
    return "Float64" if numbers <= {*INTEGERS, *FLOATS} and WIDE not in numbers else None


def unified(schemas: Iterable[tuple[str, Schema]]) -> dict[str, str]:
    """The union of the columns, in the order of their first appearance, each with the type that holds all its values.

    `schemas` are (file, columns with types) in the order in which they are reported.

    Raises:
        Invalid: naming for each column whose types clash the two files and both types, and columns whose names
            differ in nothing but their case, which a Delta table cannot tell apart.
    """
    columns: dict[str, str] = {}
    first: dict[str, str] = {}
    spelt: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for file, schema in schemas:
        for column, dtype in schema.items():
            spelling = spelt.setdefault(column.lower(), column)
            if spelling != column:
                message = tr(
                    "the column {column!r} differs only in case from {spelling!r}; rename one of them",
                    column=column,
                    spelling=spelling,
                )
                problems.setdefault(column, Problem(file, message))
                continue
            merged = common(columns.get(column, NULL), dtype)
            if merged is None:
                problems.setdefault(column, _clash(file, column, dtype, first[column], columns[column]))
                continue
            if merged != columns.get(column):
                first[column] = file
            columns[column] = merged
    if problems:
        raise Invalid(tr("The files do not fit into one table."), tuple(problems.values())[:MAX_PROBLEMS])
    return {column: STORED.get(dtype, dtype) for column, dtype in columns.items()}


def _clash(file: str, column: str, dtype: str, other: str, other_dtype: str) -> Problem:
    where = tr("in the same file") if other == file else tr("in {other}", other=other)
    message = tr(
        "the column {column!r} is {dtype} here and {other_dtype} {where}; correct one of the files, "
        "or decide with schema_overrides, for example {{{column}: String}}",
        column=column,
        dtype=dtype,
        other_dtype=other_dtype,
        where=where,
    )
    return Problem(file, message)
