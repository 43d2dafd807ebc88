"""What the values of a table's columns are like: for suggestions in the editor, and for colours that stay."""

import polars as pl

from domain.collections import Column, ColumnKind
from domain.wording import tr
from persistence.frames import celled
from persistence.frames.plans import counted, rows_of
from persistence.frames.shapes import ColumnProfile
from persistence.frames.sources import Table
from persistence.frames.years import known, written

MAX_CATEGORIES = 100
MANY = 10_000
"""So many different values are no categories: counting each of them would cost more than their colours are worth."""


def profile(table: Table) -> list[ColumnProfile]:
    """The profile of each column that both the description and the table have, in one pass."""
    columns = [column for name, column in table.columns.items() if name in table.types]
    exprs = [expr for number, column in enumerate(columns) for expr in _measures(table, column, number)]
    row = known(table.rows.select(exprs).collect()).row(0, named=True) if exprs else {}
    return [
        ColumnProfile(
            column.name,
            row.get(f"distinct {number}"),
            row[f"nulls {number}"],
            row.get(f"min {number}"),
            row.get(f"max {number}"),
        )
        for number, column in enumerate(columns)
    ]


def _measures(table: Table, column: Column, number: int) -> list[pl.Expr]:
    """Values without a kind may not be comparable; only the missing ones are counted."""
    values = table.values(column)
    nulls = counted(values.null_count()).alias(f"nulls {number}")
    if column.kind is ColumnKind.OTHER:
        return [nulls]
    distinct = counted(values.drop_nulls().n_unique()).alias(f"distinct {number}")
    return [nulls, distinct, values.min().alias(f"min {number}"), values.max().alias(f"max {number}")]


def categories(table: Table, name: str) -> list[str]:
    """The most frequent values of the column, in their own order, as words; at most `MAX_CATEGORIES`.

    None when the column has about `MANY` values or more.

    Raises:
        Invalid: when there is no such column.
    """
    column = table.column(name, use=tr("colours"))
    cells = celled.counted(rows_of(table, []), {"value": column})
    if cells is not None:
        present = cells.drop_nulls("value")
        return _words(present) if present.height < MANY else []
    values = table.rows.select(value=table.values(column)).drop_nulls()
    if values.select(pl.col("value").approx_n_unique()).collect().item() >= MANY:
        return []
    return _words(values.group_by("value").agg(rows=pl.len()).collect())


def _words(sizes: pl.DataFrame) -> list[str]:
    frequent = sizes.sort("rows", "value", descending=[True, False]).head(MAX_CATEGORIES)
    values = frequent["value"].sort()
    return list(map(_word, written(values) if values.dtype in (pl.Date, pl.Datetime) else values))


def _word(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case _:
            return str(value)
