"""A table's schema as readers of the collection know it."""

from collections.abc import Mapping

import polars as pl

from domain.collections import Column, ColumnKind

KINDS: tuple[tuple[type[pl.DataType], ColumnKind], ...] = (
    (pl.String, ColumnKind.TEXT),
    (pl.Boolean, ColumnKind.BOOLEAN),
    (pl.Date, ColumnKind.DATE),
    (pl.Datetime, ColumnKind.DATETIME),
)


def published_columns(schema: pl.Schema, descriptions: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns with what their values are and mean; those that the ingest added come last."""
    columns = [Column(name, str(dtype), kind_of(dtype), descriptions.get(name, "")) for name, dtype in schema.items()]
    return tuple(sorted(columns, key=lambda column: column.is_technical))


def kind_of(dtype: pl.DataType) -> ColumnKind:
    """What tiles and filters may do with values of that type."""
    if dtype.is_numeric():
        return ColumnKind.NUMBER
    return next((kind for of, kind in KINDS if isinstance(dtype, of)), ColumnKind.OTHER)
