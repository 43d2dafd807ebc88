"""From cubes to frames: groups of rows and what they add up to, as the plans' lazy frames would give them.

Everything here gives None where cubes do not help: no hot table, a column with too many values, or an aggregate that
needs the rows themselves.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from domain.collections import Column, ColumnKind
from domain.tiles import Aggregation
from persistence.frames import cubes
from persistence.frames.aggregations import share_of
from persistence.frames.axes import Axis
from persistence.frames.cubes import Measure
from persistence.frames.moments import POWERS, spread
from persistence.frames.plans import Rows
from persistence.frames.ranked import Ranked, median, quantile
from persistence.frames.selection import Selection
from persistence.frames.sources import Table

Array = np.ndarray
ENDS: tuple[cubes.Kind, cubes.Kind] = ("min", "max")


def axes_of(rows: Rows, columns: Sequence[Column]) -> list[Axis] | None:
    """The word axis of each column; None when one of them has none, or makes groups of what a frame holds as one."""
    if rows.selection is None:
        return None
    found = [(column, rows.selection.hot.words(column.name)) for column in columns]
    axes = [axis for column, axis in found if axis is not None and _shown(rows.table, column, axis).is_differing]
    return axes if len(axes) == len(found) else None


class _Shown(NamedTuple):
    """The words of an axis as frames hold them; whether different ones look different: large whole numbers are rounded
    there, nanoseconds cut.
    """  # noqa: D205 -- the sentence needs all its lines.

    words: pl.Series
    is_differing: bool


def _shown(table: Table, column: Column, axis: Axis) -> _Shown:
    def make() -> _Shown:
        words = axis.words.to_frame().select(table.presented(column)).to_series()
        return _Shown(words, words.n_unique() == words.len())

    return make() if table.hot is None else table.hot.remembered(f"shown {column.kind}", column.name, make)


def counted(rows: Rows, keys: Mapping[str, Column]) -> pl.DataFrame | None:
    """A row for each group that has rows: its `keys` and `rows` (UInt32)."""
    return aggregated(rows, keys, Aggregation.COUNT, None)


def aggregated(
    rows: Rows, keys: Mapping[str, Column], aggregation: Aggregation, column: Column | None, q: float = 0.5
) -> pl.DataFrame | None:
    """A row for each group that has rows: its `keys`, the aggregate `y` unless there is no column, and `rows`."""
    axes = axes_of(rows, list(keys.values()))
    if axes is None or rows.selection is None:
        return None
    sizes = cubes.measured(rows.selection, axes)
    values = None if column is None else aggregate(rows.selection, axes, aggregation, column, q)
    if sizes is None or (column is not None and values is None):
        return None
    present = np.nonzero(sizes)
    found = labelled(rows.table, keys, axes, present)
    if values is not None:
        found.append(series("y", values[present]))
    return pl.DataFrame([*found, series("rows", sizes[present])])


def series(name: str, values: Array) -> pl.Series:
    """Counts and other numbers as frames hold them: NaN, which stands for no value here, is null there."""
    found = pl.Series(name, values)
    return found.fill_nan(None) if found.dtype.is_float() else found.cast(pl.UInt32)


def labelled(
    table: Table, keys: Mapping[str, Column], axes: Sequence[Axis], places: Sequence[Array]
) -> list[pl.Series]:
    """The values at these places of each axis, as frames hold them, by role."""
    return [
        _shown(table, column, axis).words[codes.astype(np.uint32)].alias(role)
        for (role, column), axis, codes in zip(keys.items(), axes, places, strict=True)
    ]


def valid(selection: Selection, axes: Sequence[Axis], column: Column) -> Array | None:
    """How many values in each cell are not missing."""
    hot = selection.hot
    if not hot.missing(column.name):
        return cubes.measured(selection, axes)
    there = hot.flag(f"valid {column.name!r}", lambda table: table.column(column.name).is_not_null())
    found = cubes.measured(selection, [*axes, there])
    return None if found is None else found[..., 0]


def aggregate(
    selection: Selection, axes: Sequence[Axis], aggregation: Aggregation, column: Column, q: float = 0.5
) -> Array | None:
    """The aggregate of each cell: counts int64, everything else float64, NaN where a cell has no value."""
    name, is_number = column.name, column.kind is ColumnKind.NUMBER
    match aggregation:
        case Aggregation.COUNT:
            return valid(selection, axes, column)
        case Aggregation.SUM:
            return cubes.measured(selection, axes, Measure("sum", name))
        case Aggregation.MEAN:
            return _mean(cubes.measured(selection, axes, Measure("sum", name)), valid(selection, axes, column))
        case Aggregation.MIN if is_number:
            return cubes.measured(selection, axes, Measure("min", name))
        case Aggregation.MAX if is_number:
            return cubes.measured(selection, axes, Measure("max", name))
        case Aggregation.NUNIQUE:
            return _different(selection, axes, name)
        case Aggregation.RANGE:
            return _range(*(cubes.measured(selection, axes, Measure(kind, name)) for kind in ENDS))
        case _ if aggregation in POWERS:
            counts = valid(selection, axes, column) if selection.hot.has_cubes else None
            return None if counts is None else spread(selection, axes, name, aggregation, counts)
    return _ranked(selection, axes, aggregation, name, q)


def _ranked(selection: Selection, axes: Sequence[Axis], aggregation: Aggregation, name: str, q: float) -> Array | None:
    """Medians, quartiles and percentiles."""
    share = share_of(aggregation, q)
    if share is None and aggregation is not Aggregation.MEDIAN:
        return None
    ranked = Ranked.of(selection, axes, name)
    if ranked is None:
        return None
    return ranked.each(partial(median, ranked) if share is None else partial(quantile, ranked, share=share))


def mode(rows: Rows, column: Column, name: str) -> pl.Series | None:
    """The most frequent value of the column, of equally frequent ones the lowest; null if there is none."""
    counts = counted(rows, {name: column})
    if counts is None:
        return None
    present = counts.drop_nulls(name).sort(["rows", name], descending=[True, False])
    found = present[name].head(1)
    return found if found.len() else pl.Series(name, [None], dtype=found.dtype)


def _range(lowest: Array | None, highest: Array | None) -> Array | None:
    if lowest is None or highest is None:
        return None
    with np.errstate(invalid="ignore"):
        # Equal infinities have no difference: NaN, as polars says too.
        return np.asarray(highest - lowest)


def _mean(sums: Array | None, counts: Array | None) -> Array | None:
    if sums is None or counts is None:
        return None
    means: Array = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return means


def _different(selection: Selection, axes: Sequence[Axis], name: str) -> Array | None:
    words = selection.hot.words(name)
    found = None if words is None else cubes.measured(selection, [*axes, words])
    if found is None or words is None:
        return None
    return np.asarray((found[..., : words.size - words.words.null_count()] > 0).sum(axis=-1))
