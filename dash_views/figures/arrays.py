"""Columns as Plotly takes them: numbers by their bytes, as narrow as they fit; words of few values by their numbers."""

import base64
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl

from services.queries import written

FINEST = 2**15
"""Four bytes a float are enough when no value moves by more than this part of the whole span: far below a pixel."""
FARTHEST = 1e38
"""The largest number that four bytes hold, nearly."""
FEW = 0.5
"""Words are numbered when at most this share of them is different."""
UNSIGNED = ((2**8, "u1"), (2**16, "u2"), (2**32, "u4"))
SIGNED = ((2**7, "i1"), (2**15, "i2"), (2**31, "i4"))


class Array(msgspec.Struct, frozen=True):
    """Numbers by their bytes, little endian; `dtype` in the words of Plotly: f8, f4, i1, i2, i4, u1, u2, u4."""

    dtype: str
    data: bytes

    @property
    def length(self) -> int:
        return len(self.data) // int(self.dtype[1])


class Grid(msgspec.Struct, frozen=True):
    """Numbers in rows of one width, as the `z` of a heatmap."""

    cells: Array
    width: int


class Words(msgspec.Struct, frozen=True):
    """Text by its place among the different words; None among them is a missing value."""

    codes: Array
    words: list[Any]


class Rows(msgspec.Struct, frozen=True):
    """Several columns side by side: one list of values a point, as `customdata` wants them."""

    columns: tuple[Any, ...]


Column = Array | Words | list[Any]


def packed(values: pl.Series, *, coarse: bool = False) -> Column:
    """The values for a trace: numbers, days and times by their bytes, missing ones as NaN; others as `texts`.

    `coarse` allows floats four bytes where the eye cannot tell; whole numbers stay exact in any case.
    """
    if values.dtype in (pl.Date, pl.Datetime):
        return array(_milliseconds(values))
    if not values.dtype.is_numeric():
        return texts(values)
    if values.null_count():
        values = (values if values.dtype.is_float() else values.cast(pl.Float64)).fill_null(float("nan"))
    numbers = np.ascontiguousarray(values.to_numpy())
    if numbers.dtype.kind in "iu":
        return array(_narrowed(numbers))
    return array(_coarse(numbers) if coarse and numbers.dtype == np.float64 and numbers.size else numbers)


def array(numbers: np.ndarray[Any, Any]) -> Array:
    """The numbers as they are."""
    return Array(f"{numbers.dtype.kind}{numbers.dtype.itemsize}", numbers.tobytes())


def _milliseconds(values: pl.Series) -> np.ndarray[Any, Any]:
    """Since 1970 by the clock on the wall, as Plotly counts on an axis of dates; exact to the microsecond."""
    if isinstance(values.dtype, pl.Datetime):
        values = values.dt.replace_time_zone(None)
    ticks = values.cast(pl.Datetime("us")).to_physical()
    return (ticks.cast(pl.Float64) / 1000).fill_null(float("nan")).to_numpy()


def _narrowed(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Whole numbers in as few bytes as hold them; beyond four bytes as floats, as JavaScript has them."""
    if not numbers.size:
        return numbers.astype("u1")
    low, high = int(numbers.min()), int(numbers.max())
    kinds = UNSIGNED if low >= 0 else SIGNED
    fit = next((name for bound, name in kinds if high < bound and (low >= 0 or low >= -bound)), "f8")
    return numbers.astype(fit)


def _coarse(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Floats in four bytes or fewer, unless that could be seen."""
    if not np.isfinite(numbers).all():
        return numbers
    low, high = float(numbers.min()), float(numbers.max())
    largest = max(-low, high)
    if largest < 2**31 and (numbers == np.trunc(numbers)).all():
        return _narrowed(numbers)
    if largest > FARTHEST or (high - low) / FINEST < largest * np.finfo("f4").eps:
        return numbers
    return numbers.astype("f4")


def labels(values: pl.Series) -> Column:
    """The values for `customdata` or a category axis: numbers exactly, words by their numbers where that is shorter."""
    if values.dtype.is_numeric():
        return packed(values)
    words = pl.Series(texts(values), dtype=pl.String)
    different = words.unique(maintain_order=True)
    if different.len() > FEW * words.len():
        return words.to_list()
    places = pl.DataFrame({"word": different, "place": np.arange(different.len(), dtype=np.uint32)})
    codes = words.to_frame("word").join(places, on="word", how="left", nulls_equal=True, maintain_order="left")
    return Words(array(_narrowed(codes["place"].to_numpy())), different.to_list())


def texts(values: pl.Series) -> list[Any]:
    """The values as JSON has them: dates and times in ISO 8601, booleans as words, so that an axis has categories."""
    if values.dtype == pl.Boolean:
        return [None if value is None else str(value).lower() for value in values]
    if values.dtype in (pl.Date, pl.Datetime):
        return [*written(values)]
    if values.dtype.is_temporal():
        return [None if value is None else value.isoformat() for value in values]
    return values.to_list()


def categories(values: pl.Series) -> list[str]:
    """Group labels: as `texts`, with a word for the group of the missing values."""
    if values.dtype == pl.String:
        return (values.fill_null("missing") if values.null_count() else values).to_list()
    return ["missing" if value is None else str(value) for value in texts(values)]


def inlined(node: Any) -> Any:
    """The same with every array as JSON has it: bytes in base64, which plotly.js reads, and words written out."""
    match node:
        case Array():
            return {"dtype": node.dtype, "bdata": base64.b64encode(node.data).decode()}
        case Grid():
            return inlined(node.cells) | {"shape": f"{node.cells.length // node.width}, {node.width}"}
        case Words() | Rows():
            return plain(node)
        case dict():
            return {key: inlined(value) for key, value in node.items()}
        case list():
            return [inlined(value) for value in node]
    return node


def plain(column: Column | Rows) -> Sequence[Any]:
    """The values as Python has them; missing numbers are None."""
    match column:
        case Array():
            numbers = np.frombuffer(column.data, column.dtype).tolist()
            return [None if number != number else number for number in numbers]  # noqa: PLR0124 -- NaN alone differs from itself.
        case Words():
            return [column.words[code] for code in plain(column.codes)]
        case Rows():
            return [list(row) for row in zip(*map(plain, column.columns), strict=True)]
    return column
