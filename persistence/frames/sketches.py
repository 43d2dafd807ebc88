"""A small picture of each column of a whole table: how its values spread, beside what its profile says of them."""

import math
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec
import polars as pl

from domain.collections import Column, ColumnKind
from persistence.frames import profiles
from persistence.frames.plans import counted
from persistence.frames.shapes import ColumnProfile
from persistence.frames.sources import Table

BARS = 24
WORDS = 12
"""Text of at most so many different values is drawn as a bar for each."""
MOST_DRAWN = 200
"""Of a table with more columns none is drawn: there would be more pictures than anybody looks at."""
EPOCH = date(1970, 1, 1).toordinal()


class Bar(msgspec.Struct, frozen=True):
    """How many rows have a value from `low` to `high`; of words both are the word."""

    low: object
    high: object
    rows: int


class ColumnSketch(msgspec.Struct, frozen=True):
    """The profile of a column and its bars: none where values are too many or have no order."""

    profile: ColumnProfile
    kind: ColumnKind
    bars: tuple[Bar, ...] = ()


class _Grid(msgspec.Struct, frozen=True):
    """So many bars of one width, from `low` on. `is_whole` says that values are whole: those of a bar end before it."""

    low: float
    width: float
    count: int
    is_whole: bool


def sketches(table: Table) -> list[ColumnSketch]:
    """The sketch of each column that both the description and the table have, in two passes. Blocks.

    Infinite values are in no bar.
    """
    found = profiles.profile(table)
    columns = {one.column: table.columns[one.column] for one in found}
    drawn = found if len(found) <= MOST_DRAWN else []
    plans = {one.column: plan for one in drawn if (plan := _plan(table, columns[one.column], one)) is not None}
    counts = dict(zip(plans, pl.collect_all(plans.values()), strict=True))
    return [
        ColumnSketch(one, columns[one.column].kind, _bars(table, columns[one.column], one, counts)) for one in found
    ]


def _plan(table: Table, column: Column, profile: ColumnProfile) -> pl.LazyFrame | None:
    """Rows `bar`, `rows`: of words themselves, else the number of the bar."""
    if column.kind in {ColumnKind.TEXT, ColumnKind.BOOLEAN}:
        if not 0 < (profile.distinct or 0) <= WORDS:
            return None
        values = table.rows.select(bar=table.values(column)).drop_nulls()
        return values.group_by("bar").agg(rows=counted(pl.len()))
    grid = _grid(table, column, profile)
    if grid is None:
        return None
    value = table.values(column)
    number = (value if column.kind is ColumnKind.NUMBER else value.to_physical()).cast(pl.Float64)
    values = table.rows.select(value=number).filter(pl.col("value").is_finite())
    position = ((pl.col("value") - grid.low) / grid.width).floor().clip(0, grid.count - 1)
    return values.select(bar=position.cast(pl.UInt8)).group_by("bar").agg(rows=counted(pl.len()))


def _grid(table: Table, column: Column, profile: ColumnProfile) -> _Grid | None:
    ends = _as_number(profile.min), _as_number(profile.max)
    if ends[0] is None or ends[1] is None or not math.isfinite(ends[1] - ends[0]):
        return None
    low, span = ends[0], ends[1] - ends[0]
    if column.kind is ColumnKind.DATE or table.types[column.name].is_integer():
        width = math.ceil((span + 1) / BARS)
        return _Grid(low, width, math.ceil((span + 1) / width), is_whole=True)
    # Of a narrower bar polars would multiply by an infinite reciprocal.
    is_wide = span / BARS >= sys.float_info.min
    return _Grid(low, span / BARS, BARS, is_whole=False) if is_wide else _Grid(low, 1, 1, is_whole=False)


def _as_number(value: object) -> float | None:
    """As polars keeps it: times as microseconds, days as days since 1970."""
    match value:
        case datetime():
            return float(pl.Series([value]).dt.timestamp("us").item())
        case date():
            return float(value.toordinal() - EPOCH)
        case int() | float():
            return float(value)
    return None


def _bars(table: Table, column: Column, profile: ColumnProfile, counts: Mapping[str, pl.DataFrame]) -> tuple[Bar, ...]:
    rows = counts.get(column.name)
    if rows is None:
        return ()
    grid = _grid(table, column, profile)
    if grid is None:
        words = rows.sort("rows", "bar", descending=[True, False]).rows()
        return tuple(Bar(word, word, count) for word, count in words)
    held = dict(rows.rows())
    ends = [_ends(profile, grid, number) for number in range(grid.count)]
    return tuple(Bar(low, high, held.get(number, 0)) for number, (low, high) in enumerate(ends))


def _ends(profile: ColumnProfile, grid: _Grid, number: int) -> tuple[object, object]:
    """Where a bar begins and ends; the last ends with the highest value."""
    end = (number + 1) * grid.width - (1 if grid.is_whole else 0)
    low = _moved(profile.min, number * grid.width)
    return low, profile.max if number == grid.count - 1 else _moved(profile.min, end)


def _moved(value: object, by: float) -> object:
    match value:
        case datetime():
            return value + timedelta(microseconds=round(by))
        case date():
            return value + timedelta(days=round(by))
        case int() | float():
            return value + by
    return value
