"""Masks: which rows of a table version pass a test, one bit a row; made once, shared by requests, combined by and."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np
import polars as pl


class Span(msgspec.Struct, frozen=True, eq=False):
    """A range of one column's values, as two tests that each turn once in the order of the values; None: open."""

    column: str
    at_least: pl.Expr | None = None
    at_most: pl.Expr | None = None


class Test(msgspec.Struct, frozen=True, eq=False):
    """A condition on single rows. Tests of one table with equal keys must hold for the same rows.

    `span` says the same when the condition is a range. A test that is not `is_rowwise` looks at other rows of the table
    too, such as their mean: it must see all of them at once.
    """

    key: str
    expr: pl.Expr
    span: Span | None = None
    is_rowwise: bool = True


class Mask(msgspec.Struct, frozen=True, eq=False, weakref=True):
    """The rows that pass: `bits` has no nulls and is never changed."""

    key: str
    bits: pl.Series
    count: int

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.bits.len() // 8 + 1

    def positions(self) -> pl.Series:
        """The positions of the rows that pass, ascending (UInt32)."""
        return self.bits.arg_true()

    def first(self, count: int) -> pl.Series:
        """The first `count` of `positions`, found without looking at the rows after them."""
        looked = max(4 * count, 1024)
        while True:
            found = self.bits.head(looked).arg_true()
            if found.len() >= count or looked >= self.bits.len():
                return found.head(count)
            looked *= 8


class Columns(Protocol):
    """Where tests find the values."""

    rows: int

    def column(self, name: str) -> pl.Series:
        """The column; text may be coded as an Enum."""


def mask_of(test: Test, columns: Columns) -> Mask:
    """The rows for which the test is true: false and missing are one."""
    names = sorted(set(test.expr.meta.root_names()))
    series = [columns.column(name) for name in names]
    if test.is_rowwise and len(series) == 1 and isinstance(series[0].dtype, pl.Enum):
        bits = _by_word(test.expr, series[0])
    else:
        frame = pl.DataFrame([_as_text(one) for one in series])
        bits = frame.select(test.expr.fill_null(value=False).alias("bits")).to_series()
    if bits.len() != columns.rows:
        # The test names no column, or is a constant.
        bits = pl.repeat(bool(bits.len() and bits[0]), columns.rows, dtype=pl.Boolean, eager=True)
    return Mask(test.key, bits.rechunk(), _true(bits))


def both(masks: Sequence[Mask]) -> Mask:
    """The rows that pass all of at least one mask."""
    bits = masks[0].bits
    for mask in masks[1:]:
        bits = bits & mask.bits
    return Mask("\n".join(mask.key for mask in masks), bits, _true(bits))


def hits_of(expr: pl.Expr, labels: pl.Series) -> np.ndarray:
    """For each of the values, which carry the name of the column that the test asks, whether it passes."""
    return labels.to_frame().select(hit=expr.fill_null(value=False)).to_series().to_numpy()


def _by_word(expr: pl.Expr, column: pl.Series) -> pl.Series:
    """The test runs once for each distinct text and once for the missing ones, then by code for the rows."""
    words = column.dtype.categories if isinstance(column.dtype, pl.Enum) else pl.Series([], dtype=pl.String)
    tried = pl.concat([words.alias(column.name), pl.Series(column.name, [None], dtype=pl.String)])
    *hits, missing = hits_of(expr, tried).tolist()
    codes = column.to_physical()
    wanted = np.flatnonzero(hits)
    if wanted.size == 0:
        bits = pl.repeat(value=False, n=column.len(), dtype=pl.Boolean, eager=True)
    elif wanted[-1] - wanted[0] == wanted.size - 1:
        bits = codes.is_between(int(wanted[0]), int(wanted[-1]))
    else:
        bits = pl.Series(hits, dtype=pl.Boolean).gather(codes)
    if column.null_count() == 0:
        return bits
    bits = bits.fill_null(value=False)
    return bits | column.is_null() if missing else bits & column.is_not_null()


def _as_text(column: pl.Series) -> pl.Series:
    return column.cast(pl.String) if isinstance(column.dtype, pl.Enum) else column


def _true(bits: pl.Series) -> int:
    return int(bits.sum() or 0)
