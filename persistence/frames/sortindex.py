"""Sorted tables: where each row of a table version stands under a sort, so that any page is a lookup.

The order is that of `sort([*keys, ROW], nulls_last=True)`: ties keep the table's order, missing values come last.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from persistence.frames.column_files import FIXED
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
    """The positions of all rows in order (UInt32).

    Sorted by numpy in this thread alone: polars would keep queries waiting, whose threads it shares, for seconds.
    """
    order = np.arange(columns[0].len(), dtype=np.uint32)
    for column, is_descending in reversed(list(zip(columns, keys.values(), strict=True))):
        sortable = _sortable(column)
        if sortable.null_count():
            missing = sortable.is_null().to_numpy()[order]
            order = np.concatenate([_sorted(order[~missing], sortable, is_descending), order[missing]])
        else:
            order = _sorted(order, sortable, is_descending)
    return pl.Series("order", order)


def _sorted(order: np.ndarray, column: pl.Series, is_descending: bool) -> np.ndarray:  # noqa: FBT001
    """These positions by the column's values; where they are equal, as they stood."""
    values = ascending(column.fill_null(0).to_numpy()[order], is_descending)
    return np.asarray(order[np.argsort(values, kind="stable")])


def ascending(values: np.ndarray, is_descending: bool) -> np.ndarray:  # noqa: FBT001
    """The values, or numbers in the opposite order."""
    if not is_descending:
        return values
    return np.asarray(-values if values.dtype.kind == "f" else ~values)


def _sortable(column: pl.Series) -> pl.Series:
    """Numbers in the order of the column, null where it is."""
    physical = column.to_physical()
    if physical.dtype == pl.Boolean:
        return physical.cast(pl.UInt8)
    if isinstance(physical.dtype, FIXED):
        return physical
    return column.rank("dense")


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


def tail(order: pl.Series, mask: Mask, count: int) -> pl.Series:
    """The last `count` of `kept`, last first."""
    looked = max(4 * count, 4096)
    while True:
        found = kept(order.tail(looked), mask)
        if found.len() >= count or looked >= order.len():
            return found.tail(count).reverse()
        looked *= 8


def drawn_name(seed: int) -> str:
    """What the order of hashes is kept as."""
    return f"\0drawn {seed}"


def drawn(rows: int, seed: int) -> pl.Series:
    """The positions of so many rows in the order of their hashes."""
    return order_of([hashes(pl.int_range(rows, dtype=pl.UInt32, eager=True), rows, seed)], {"hash": False})


def hashes(positions: pl.Series, rows: int, seed: int) -> pl.Series:
    """What `hash_of` gives for these positions."""
    return positions.alias(PLACE).to_frame().select(hash=hash_of(PLACE, rows, seed)).to_series()


def hash_of(position: str, rows: int, seed: int) -> pl.Expr:
    """By what an even sample of so many rows is drawn: the hash of each row's place from the end of the table.

    Rows that an ingest adds come first, so that those that were there keep their hashes, and samples stay as they are.
    """
    return (pl.lit(rows, dtype=pl.UInt32) - pl.col(position)).hash(seed)


def is_comparable(column: pl.Series) -> bool:
    """Whether the order of the column is that of numbers which each value has by itself."""
    return column.dtype == pl.Boolean or isinstance(column.to_physical().dtype, FIXED)


def comparable(column: pl.Series) -> tuple[np.ndarray, np.ndarray | None]:
    """Numbers in the order of such a column, and which values are missing; None when none are."""
    sortable = _sortable(column)
    if not sortable.null_count():
        return sortable.to_numpy(), None
    return sortable.fill_null(0).to_numpy(), sortable.is_null().to_numpy()
