"""What the engine should answer, worked out in plain Python row by row: values, and which rows clauses leave.

Cells are exact: whole numbers as int, other numbers as float, times as nanoseconds since the epoch, missing ones None.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import polars as pl

from domain.filters import Clause, Scalar, parts
from persistence.frames.bins import LARGEST

Cells = list[Any]
Kind = Literal["number", "text", "boolean", "date", "time"]
PER_TICK = {"ms": 10**6, "us": 10**3, "ns": 1}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def kind_of(dtype: pl.DataType) -> Kind:
    """What sort of values a column of this type has."""
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, pl.Datetime):
        return "time"
    return {pl.Boolean: "boolean", pl.Date: "date"}.get(dtype.base_type(), "text")  # type: ignore[return-value]


def cells_of(column: pl.Series) -> Cells:
    """The column's exact values; NaN is missing."""
    dtype = column.dtype
    if isinstance(dtype, pl.Datetime):
        ticks = column.to_physical().to_list()
        return [None if tick is None else tick * PER_TICK[dtype.time_unit] for tick in ticks]
    if dtype.is_decimal():
        return [None if value is None else float(value) for value in column.to_list()]
    return column.fill_nan(None).to_list() if dtype.is_float() else column.to_list()


def plain_frame(data: pl.DataFrame) -> pl.DataFrame:
    """The rows as table tiles show them."""
    exprs = {
        name: pl.col(name).fill_nan(None)
        if dtype.is_float()
        else pl.col(name).cast(pl.Float64 if dtype.is_decimal() else pl.String)
        for name, dtype in data.schema.items()
        if dtype.is_float() or dtype.is_decimal() or isinstance(dtype, pl.Categorical | pl.Enum)
    }
    return data.with_columns(**exprs)


def kept(data: pl.DataFrame, clauses: Sequence[Clause]) -> list[int]:
    """The positions of the rows that pass all clauses."""
    verdicts = [passing(data, clause) for clause in clauses]
    return [row for row in range(data.height) if all(verdict[row] for verdict in verdicts)]


def passing(data: pl.DataFrame, clause: Clause) -> list[bool]:
    """Which rows pass the clause."""
    column = data[clause.column]
    cells, dtype = cells_of(column), column.dtype
    match clause.op:
        case "in":
            return [None in clause.values if cell is None else _among(cell, dtype, clause.values) for cell in cells]
        case "between":
            lowest, highest = clause.values
            return [cell is not None and between(cell, dtype, lowest, highest) for cell in cells]
        case "contains":
            texts = plain_frame(data.select(clause.column)).to_series().cast(pl.String).to_list()
            part = re.compile(re.escape(str(clause.values[0])), re.IGNORECASE)
            return [text is not None and part.search(text) is not None for text in texts]
        case "marks":
            found = [[passing(data, part) for part in parts(clause, mark)] for mark in clause.marks]
            return [any(all(part[row] for part in mark) for mark in found) for row in range(data.height)]
        case "bins":
            pairs = list(zip(clause.values[::2], clause.values[1::2], strict=True))
            return [cell is not None and any(_is_in_bin(float(cell), *pair) for pair in pairs) for cell in cells]
        case "within":
            other = data[clause.column_y or ""]
            corners_x = [_place(limits(dtype, value)[0], dtype) for value in clause.values[::2]]
            corners_y = [_place(limits(other.dtype, value)[0], other.dtype) for value in clause.values[1::2]]
            corners = list(zip(corners_x, corners_y, strict=True))
            points = zip(cells, cells_of(other), strict=True)
            return [
                x is not None and y is not None and _inside(_place(x, dtype), _place(y, other.dtype), corners)
                for x, y in points
            ]


def _is_in_bin(cell: float, low: Any, high: Any) -> bool:
    """Whether a number lies in [low, high); nothing that is infinite lies in an open bin."""
    return max(-LARGEST, -LARGEST if low is None else float(low)) <= cell and (
        cell <= LARGEST if high is None else cell < float(high)
    )


def between(cell: Any, dtype: pl.DataType, lowest: Scalar, highest: Scalar) -> bool:
    """Whether a cell lies between the two."""
    above = lowest is None or cell >= limits(dtype, lowest)[0]
    return bool(above and (highest is None or cell <= limits(dtype, highest)[1]))


def _among(cell: Any, dtype: pl.DataType, wanted: Sequence[Scalar]) -> bool:
    spans = [limits(dtype, value) for value in wanted if value is not None]
    return any(low <= cell <= high for low, high in spans)


def limits(dtype: pl.DataType, value: Any) -> tuple[Any, Any]:
    """The first and the last cell that a clause's value means: a day of times has many."""
    if isinstance(dtype, pl.Date):
        return date.fromisoformat(value), date.fromisoformat(value)
    if not isinstance(dtype, pl.Datetime):
        return value, value
    if len(value) == len("2024-05-01"):
        day = date.fromisoformat(value)
        return _instant(day, dtype), _instant(day + timedelta(days=1), dtype) - 1
    moment = _instant(datetime.fromisoformat(value), dtype)
    return moment, moment + 999


def _instant(local: date, dtype: pl.Datetime) -> int:
    """Nanoseconds since the epoch of a local time, or of the start of a day."""
    moment = local if isinstance(local, datetime) else datetime.combine(local, time())
    zone = ZoneInfo(dtype.time_zone or "UTC")
    since = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC) - EPOCH
    return since // timedelta(microseconds=1) * 1000


def _place(cell: Any, dtype: pl.DataType) -> float:
    """Where a cell lies on an axis: numbers where they are, times in microseconds."""
    if isinstance(dtype, pl.Date):
        return float((cell - date(1970, 1, 1)) // timedelta(microseconds=1))
    return float(cell // 1000) if isinstance(dtype, pl.Datetime) else float(cell)


def _inside(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """The even-odd rule, edge by edge; nothing lies inside that is not between the outermost corners."""
    xs, ys = zip(*corners, strict=True)
    if not (min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)):
        return False
    edges = zip(corners, [corners[-1], *corners[:-1]], strict=True)
    return (
        sum((y1 > y) != (y2 > y) and x < (y - y1) / (y2 - y1) * (x2 - x1) + x1 for (x1, y1), (x2, y2) in edges) % 2 == 1
    )
