"""What values and groups are called, and of which kind they are."""

import polars as pl

from dash_views.figures.drawn import Drawing


def is_date(values: pl.Series) -> bool:
    """Whether an axis of these values is one of dates; it must say so, for they travel as numbers."""
    return values.dtype in (pl.Date, pl.Datetime)


def value_title(drawing: Drawing, column: str | None, *, along: bool = False) -> str:
    """What one number a group shows, in words; `along` an axis, where there is room for the column's description."""
    if column is None:  # Without a column of values rows are counted, whatever the tile would do with values.
        return "rows"
    name = drawing.names.axis(column) if along else drawing.names.short(column)
    return f"{drawing.tile.aggregation.value} of {name}"
