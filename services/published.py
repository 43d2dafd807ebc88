"""A table's schema as readers of the collection know it."""

import polars as pl

from domain.collections import Column, ColumnKind, DataCollection
from domain.description import CollectionDescription

KINDS: tuple[tuple[type[pl.DataType], ColumnKind], ...] = (
    (pl.String, ColumnKind.TEXT),
    (pl.Boolean, ColumnKind.BOOLEAN),
    (pl.Date, ColumnKind.DATE),
    (pl.Datetime, ColumnKind.DATETIME),
)


Said = CollectionDescription | tuple[DataCollection, ...] | None
"""What says what columns mean: how a project file describes the collection, or the sides of a join."""


def published_columns(schema: pl.Schema, said: Said) -> tuple[Column, ...]:
    """The columns with what their values are and mean; those that the ingest added come last.

    A join says of a column what the first of its sides says that says something.
    """
    if isinstance(said, CollectionDescription):
        own = said.config.dc_specific_properties
        told = {name: (own.columns_description.get(name, ""), own.columns_unit.get(name, "")) for name in schema}
    else:
        told = {
            column.name: (column.description, column.unit)
            for side in reversed(said or ())
            for column in side.columns
            if column.description or column.unit
        }
    columns = [Column(name, str(dtype), kind_of(dtype), *told.get(name, ("", ""))) for name, dtype in schema.items()]
    return tuple(sorted(columns, key=lambda column: column.is_technical))


def kind_of(dtype: pl.DataType) -> ColumnKind:
    """What tiles and filters may do with values of that type."""
    if dtype.is_numeric():
        return ColumnKind.NUMBER
    return next((kind for of, kind in KINDS if isinstance(dtype, of)), ColumnKind.OTHER)
