"""Sorted tables: where each row of a table version stands under a sort, so that any page is a lookup.

The order is that of `sort([*keys, ROW], nulls_last=True)`: ties keep the table's order, missing values come last.
"""

from collections.abc import Mapping

import polars as pl

from persistence.frames.masks import Mask

Keys = Mapping[str, bool]
"""The sorted columns, most important first, and whether each is descending."""

QUICK = 2_000
"""Pages that end before so many rows are found without an index, by leaving out what cannot be on them."""
PLACE = "depictio_row"


def name_of(keys: Keys) -> str:
    """What the index is kept as; no column of a table can have that name."""
    return "\0order " + repr([(name, descending) for name, descending in keys.items()])


def order_of(columns: list[pl.Series], keys: Keys) -> pl.Series:
    """The positions of all rows in order (UInt32)."""
    frame = pl.DataFrame(columns).with_row_index(PLACE)
    return ordered(frame, keys).rechunk()


def ordered(frame: pl.DataFrame, keys: Keys) -> pl.Series:
    """The positions `depictio_row` of the rows of a frame, in order."""
    by, descending = [*keys, PLACE], [*keys.values(), False]
    return frame.lazy().sort(by, descending=descending, nulls_last=True).select(PLACE).collect().to_series()


def first(columns: list[pl.Series], keys: Keys, mask: Mask | None, end: int) -> pl.Series | None:
    """The positions of the first `end` rows in order, without sorting what lies behind them.

    None when too few rows have a value of the first key for that.
    """
    is_descending = next(iter(keys.values()))
    leading = columns[0].to_physical()
    leading = leading.cast(pl.UInt8) if leading.dtype == pl.Boolean else leading
    values = leading if mask is None else leading.filter(mask.bits)
    if values.len() - values.null_count() < end:
        return None
    furthest = values.top_k(end).min() if is_descending else values.bottom_k(end).max()
    near = (leading >= furthest) if is_descending else (leading <= furthest)
    bits = near.fill_null(value=False) if mask is None else near.fill_null(value=False) & mask.bits
    positions = bits.arg_true()
    frame = pl.DataFrame([column.gather(positions) for column in columns])
    return ordered(frame.with_columns(positions.alias(PLACE)), keys).head(end)


def kept(order: pl.Series, mask: Mask) -> pl.Series:
    """The positions of the rows that pass, in the same order."""
    return order.filter(mask.bits.gather(order))


def head(order: pl.Series, mask: Mask, end: int) -> pl.Series:
    """The first `end` of `kept`, found without looking at the rows after them."""
    looked = max(4 * end, 4096)
    while True:
        found = kept(order.head(looked), mask)
        if found.len() >= end or looked >= order.len():
            return found.head(end)
        looked *= 8
