"""What values and groups are called, and of which kind they are."""

import polars as pl

from dash_views.figures.drawn import Drawing
from domain.terms import term
from domain.wording import tr

FEW_STEPS = 12
COUNTED = tr("{count} rows", count="%{customdata}")
"""How many rows a mark stands for, where the pointer rests on it."""


def is_date(values: pl.Series) -> bool:
    """Whether an axis of these values is one of dates; it must say so, for they travel as numbers."""
    return values.dtype in (pl.Date, pl.Datetime)


def whole_steps(values: pl.Series) -> dict[str, int]:
    """A tick for each of a few whole numbers, such as years, so that none stands at a half."""
    low, high = (values.min(), values.max()) if values.dtype.is_numeric() else (None, None)
    if not isinstance(low, int | float) or not isinstance(high, int | float) or not high - low <= FEW_STEPS:
        return {}
    return {"dtick": 1} if values.drop_nulls().cast(pl.Float64).round().eq(values.drop_nulls()).all() else {}


def value_title(drawing: Drawing, column: str | None, *, along: bool = False) -> str:
    """What one number a group shows, in words; `along` an axis, where there is room for the column's description."""
    if column is None:  # Without a column of values rows are counted, whatever the tile would do with values.
        return tr("rows")
    name = drawing.names.axis(column) if along else drawing.names.short(column)
    return tr("{how} of {column}", how=term(drawing.tile.aggregation.value), column=name)
