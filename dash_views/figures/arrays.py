"""Columns as Plotly takes them: numbers as base64 of their bytes, the rest as lists."""

import base64
from typing import Any

import polars as pl

DTYPES = {pl.Float64: "f8", pl.Float32: "f4", pl.UInt32: "u4", pl.Int32: "i4"}


def packed(values: pl.Series) -> dict[str, str] | list[Any]:
    """The values for a trace: 8 bytes a float instead of up to 20 characters; missing ones become NaN or None."""
    if values.dtype == pl.UInt32 and values.null_count():
        values = values.cast(pl.Float64)
    if values.dtype.is_float():
        values = values.fill_null(float("nan"))
    dtype = next((name for kind, name in DTYPES.items() if values.dtype == kind), None)
    if dtype is None:
        return texts(values)
    data = values.to_numpy(writable=False).tobytes()
    return {"dtype": dtype, "bdata": base64.b64encode(data).decode()}


def texts(values: pl.Series) -> list[Any]:
    """The values as JSON has them: dates and times in ISO 8601, booleans as words, so that an axis has categories."""
    if values.dtype == pl.Boolean:
        return [None if value is None else str(value).lower() for value in values]
    if values.dtype.is_temporal():
        return [None if value is None else value.isoformat() for value in values]
    return values.to_list()


def categories(values: pl.Series) -> list[str]:
    """Group labels: as `texts`, with a word for the group of the missing values."""
    return ["missing" if value is None else str(value) for value in texts(values)]
