"""Column kinds and the polars types behind them: how a column is read, and how its values look in a frame."""

import polars as pl

from domain.collections import Column, ColumnKind

ROW = "depictio_row"
"""The position of a row in its table version: what sampling and paging hold on to. Never part of a frame."""


def kind_of_dtype(dtype: pl.DataType) -> ColumnKind:
    """What tiles and filters make of a column of this type; durations, times, lists and the like are OTHER."""
    if dtype.is_numeric():
        return ColumnKind.NUMBER
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return ColumnKind.TEXT
    if isinstance(dtype, pl.Boolean):
        return ColumnKind.BOOLEAN
    if isinstance(dtype, pl.Date):
        return ColumnKind.DATE
    if isinstance(dtype, pl.Datetime):
        return ColumnKind.DATETIME
    return ColumnKind.OTHER


def column_of(name: str, dtype: pl.DataType, description: str = "", unit: str = "") -> Column:
    """The column as a collection's document describes it."""
    return Column(name, str(dtype), kind_of_dtype(dtype), description, unit)


def plain(name: str, dtype: pl.DataType) -> pl.Expr | None:
    """How a column is read so that equal values look equal: NaN as null, categories as text, decimals as floats.

    None when it can be read as it is.
    """
    if dtype.is_float():
        return pl.col(name).fill_nan(None)
    if dtype.is_decimal():
        return pl.col(name).cast(pl.Float64)
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return pl.col(name).cast(pl.String)
    return None


def plain_rows(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with every column plain."""
    types = rows.collect_schema().items()
    return rows.with_columns(expr for name, dtype in types if (expr := plain(name, dtype)) is not None)


def drawn(column: Column, dtype: pl.DataType) -> pl.Expr:
    """The column's values as frames of figures and cards hold them (see `shapes`)."""
    values = pl.col(column.name)
    if column.kind is ColumnKind.NUMBER:
        return values.cast(pl.Float64)
    if isinstance(dtype, pl.Datetime):
        return values.dt.cast_time_unit("us")
    return values
