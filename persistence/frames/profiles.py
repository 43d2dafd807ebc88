"""What the values of a table's columns are like, for suggestions in the editor."""

from collections.abc import Sequence

import polars as pl

from domain.collections import Column, ColumnKind
from persistence.frames.plans import counted
from persistence.frames.shapes import ColumnProfile
from persistence.frames.sources import Table


def profile_frame(table: Table) -> pl.LazyFrame:
    """One row with `nulls i`, `distinct i`, `min i`, `max i` for the column number i; OTHER has `nulls` only."""
    exprs: list[pl.Expr] = []
    for number, column in enumerate(known(table)):
        values = table.values(column)
        exprs.append(counted(values.null_count()).alias(f"nulls {number}"))
        if column.kind is not ColumnKind.OTHER:
            exprs.append(counted(values.drop_nulls().n_unique()).alias(f"distinct {number}"))
            exprs.append(values.min().alias(f"min {number}"))
            exprs.append(values.max().alias(f"max {number}"))
    return table.rows.select(exprs)


def known(table: Table) -> list[Column]:
    """The columns that both the description and the table have."""
    return [column for name, column in table.columns.items() if name in table.types]


def profiles(columns: Sequence[Column], data: pl.DataFrame) -> list[ColumnProfile]:
    """The profiles from the row of `profile_frame`."""
    row = data.row(0, named=True) if data.height else {}
    return [
        ColumnProfile(
            column.name,
            row.get(f"distinct {number}"),
            row.get(f"nulls {number}", 0),
            row.get(f"min {number}"),
            row.get(f"max {number}"),
        )
        for number, column in enumerate(columns)
    ]
