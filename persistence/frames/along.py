"""How the values of a column are spread over the whole table: the counts that stand behind a slider or along a time."""

from collections.abc import Sequence
from functools import partial

import polars as pl

from domain.collections import Column, ColumnKind
from domain.scales import FilterScale, is_logarithmic
from persistence.frames.cache_folder import Base
from persistence.frames.hot import HotTable
from persistence.frames.plans import Part, Plan, Rows, whole

SPREAD = "spread"
"""The name of these counts among the extra data of a filter."""
PARTS = 40
FACTS = ("log", "low", "high")
SCHEMA = {"log": pl.Boolean(), "low": pl.Float64(), "high": pl.Float64(), "counts": pl.List(pl.UInt32)}
RARE = 0.01
"""The share of the positive values that does not decide the scale: the lowest of them."""


def plan(rows: Rows, column: Column, wanted: FilterScale) -> Plan:
    """One row `log`, `low`, `high`, `counts`: of `PARTS` equal parts from low to high, the last with both ends.

    With `log` low and high are decimal logarithms and the counts those of positive values; of dates and times low and
    high are microseconds since 1970. Counts are of finite values; low and high are null where there are none.
    """
    scale, lazy = _counted(rows, column, wanted)
    hot = rows.table.hot
    if hot is None:
        return Plan([lazy], lambda results: _told(results[0].to_series()))
    return Plan([], lambda _: _told(_stored(hot, column.name, scale, lazy, numbers_of(rows, column))))


def foresee(rows: Rows, column: Column, wanted: FilterScale) -> None:
    """Have the counts of a hot table stored, so that nobody waits for them who opens a dashboard."""
    hot = rows.table.hot
    if hot is not None:
        hot.load([column.name])
        scale, lazy = _counted(rows, column, wanted)
        _stored(hot, column.name, scale, lazy, numbers_of(rows, column))


def _counted(rows: Rows, column: Column, wanted: FilterScale) -> tuple[FilterScale, pl.LazyFrame]:
    """The scale that is asked for, and the counts under it."""
    scale = wanted if column.kind is ColumnKind.NUMBER else FilterScale.LINEAR
    finite = rows.all.select(value=numbers_of(rows, column)).filter(pl.col("value").is_finite())
    return scale, _numbers(finite, scale)


def numbers_of(rows: Rows, column: Column) -> pl.Expr:
    """The values as floats; moments in microseconds since 1970 by the wall clock."""
    values = rows.table.values(column)
    if column.kind is ColumnKind.DATETIME:
        values = values.dt.replace_time_zone(None)
    if column.kind is not ColumnKind.NUMBER:
        values = values.cast(pl.Datetime("us")).to_physical()
    return values.cast(pl.Float64)


def _stored(hot: HotTable, name: str, scale: FilterScale, lazy: pl.LazyFrame, numbers: pl.Expr) -> pl.Series:
    what, count = f"spread {name!r} {scale}", len(FACTS) + PARTS

    def grow(base: Base) -> pl.Series | None:
        kept = hot.figures_before(base, what, count)
        if kept is None:
            return None
        values = hot.added(base).column(name).to_frame().select(value=numbers).to_series()
        return _with(kept, values.filter(values.is_finite()))

    return pl.Series(hot.figures(what, count, partial(_collected, lazy), grow), dtype=pl.Float64)


def _with(kept: pl.Series, values: pl.Series) -> pl.Series | None:
    """The facts and counts with those of more values, under the same scale; None when these lie beyond its ends."""
    is_log, low, high, *counts = kept
    placed = values.filter(values > 0).log10() if is_log else values
    if not len(placed):
        return kept
    if low is None or not low <= _end(placed.min()) <= _end(placed.max()) <= high:
        return None
    for part, size in _parted(placed, low, high):
        counts[part] += float(size)
    return pl.Series([is_log, low, high, *counts], dtype=pl.Float64)


def _collected(lazy: pl.LazyFrame) -> pl.Series:
    return lazy.collect(engine="in-memory").to_series()


def _numbers(values: pl.LazyFrame, scale: FilterScale) -> pl.LazyFrame:
    """One column: the facts, then the counts."""
    return values.select(numbers=pl.col("value").map_batches(partial(_spread, scale), return_dtype=pl.Float64))


def _spread(scale: FilterScale, values: pl.Series) -> pl.Series:
    positive = values.filter(values > 0)
    is_log = False
    if len(positive) and scale is not FilterScale.LINEAR:
        common = positive.quantile(RARE, "nearest")
        is_log = is_logarithmic(scale, _end(values.min()), _end(common), _end(positive.max()))
    placed = positive.log10() if is_log else values
    if not len(placed):
        return pl.Series([0.0, None, None, *[0.0] * PARTS], dtype=pl.Float64)
    low, high = _end(placed.min()), _end(placed.max())
    counts = [0.0] * PARTS
    for part, size in _parted(placed, low, high):
        counts[part] = float(size)
    return pl.Series([float(is_log), low, high, *counts], dtype=pl.Float64)


def _parted(placed: pl.Series, low: float, high: float) -> list[tuple[int, int]]:
    """The parts that have values, and how many."""
    width = (high - low) / PARTS
    parts = ((placed - low) / width).floor().clip(0, PARTS - 1) if width else placed * 0
    return parts.cast(pl.UInt32).value_counts().rows()


def _end(value: object) -> float:
    assert isinstance(value, float)  # noqa: S101 -- an end of floats, of which there are some.
    return value


def _told(numbers: pl.Series) -> Part:
    facts: Sequence[float | None] = numbers.head(len(FACTS)).to_list()
    row = {
        "log": [bool(facts[0])],
        "low": [facts[1]],
        "high": [facts[2]],
        "counts": [numbers.tail(PARTS).cast(pl.UInt32).to_list()],
    }
    return whole(pl.DataFrame(row, schema=SCHEMA))
