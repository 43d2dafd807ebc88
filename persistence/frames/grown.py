"""Table versions that grew: what an earlier version kept in the column cache makes that of a later one in little time.

An ingest that adds files and touches no other puts their rows before all that were there (Delta lists the newest file
first). So a column of the new version is a few values and then the whole of the old one, an order is the old one with a
few positions put in, a cube is the old one and what the added rows count.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from persistence.frames import sortindex
from persistence.frames.axes import MAX_WORDS
from persistence.frames.column_files import most_words


def column(added: pl.Series, kept: pl.Series) -> pl.Series | None:
    """The added values, then those that were kept; of text as an Enum, as the column cache has it.

    None where it would not keep codes of so many different texts.
    """
    if not isinstance(kept.dtype, pl.Enum):
        return pl.concat([added.cast(kept.dtype), kept])
    text, known = added.cast(pl.String), kept.dtype.categories
    words = pl.concat([known, text.drop_nulls()]).unique().sort()
    if words.len() > most_words(added.len() + kept.len()):
        return None
    moved = kept if words.len() == known.len() else _moved(kept, known, words)
    return pl.concat([text.cast(pl.Enum(words)), moved])


def _moved(kept: pl.Series, known: pl.Series, words: pl.Series) -> pl.Series:
    """The same text as codes among more words."""
    codes = known.cast(pl.Enum(words)).to_physical()
    return codes.gather(kept.to_physical().cast(pl.UInt32)).cat.to(pl.Enum(words)).alias(kept.name)


def labels(added: pl.Series, known: pl.Series) -> pl.Series | None:
    """The values of a word axis, sorted, a missing one last; None when they are too many."""
    found = pl.concat([known, added.unique().cast(known.dtype)]).unique()
    words = found.drop_nulls().sort()
    if words.len() > MAX_WORDS:
        return None
    return pl.concat([words, found.filter(found.is_null())])


def order(kept: pl.Series, columns: Sequence[pl.Series], keys: Mapping[str, bool]) -> pl.Series | None:
    """The positions of all rows of `columns` in the order of `keys`, by that of their last rows.

    None where a column has no numbers to compare by.
    """
    added = columns[0].len() - kept.len()
    ranks = [sortindex.comparable(one, descending) for one, descending in zip(columns, keys.values(), strict=True)]
    if any(rank is None for rank in ranks):
        return None
    numbers = [rank for rank in ranks if rank is not None]
    first = sortindex.order_of([one.head(added) for one in columns], keys).to_numpy()
    places = _places([(gone[first], values[first]) for gone, values in numbers], numbers, kept.to_numpy(), added)
    return pl.Series("order", np.insert(kept.to_numpy() + np.uint32(added), places, first))


Numbers = tuple[np.ndarray, np.ndarray]
"""Of each row whether its value is missing, and the value, ascending as the order is."""


def _places(sought: Sequence[Numbers], numbers: Sequence[Numbers], kept: np.ndarray, added: int) -> np.ndarray:
    """Before how many of the ordered rows each sought one stands: before its equals, whose positions are higher.

    A binary search for all of them at once.
    """
    low = np.zeros(len(sought[0][0]), dtype=np.int64)
    high = np.full(len(low), len(kept), dtype=np.int64)
    while (low < high).any():
        is_open = low < high
        middle = (low + high) // 2
        rows = kept[np.minimum(middle, len(kept) - 1)].astype(np.int64) + added
        is_less = np.zeros(len(low), dtype=bool)
        is_equal = np.ones(len(low), dtype=bool)
        for (gone, value), (all_gone, values) in zip(sought, numbers, strict=True):
            other, lost = values[rows], all_gone[rows]
            both = ~gone & ~lost
            is_less |= is_equal & ((~lost & gone) | (both & (other < value)))
            is_equal &= (lost & gone) | (both & (other == value))
        low = np.where(is_open & is_less, middle + 1, low)
        high = np.where(is_open & ~is_less, middle, high)
    return low


def drawn(kept: pl.Series, rows: int, seed: int) -> pl.Series:
    """The positions of so many rows in the order of their hashes, by that of the last ones."""
    added = rows - kept.len()
    hashes = sortindex.hashes(pl.int_range(added, dtype=pl.UInt32, eager=True), rows, seed)
    first = sortindex.order_of([hashes], {"hash": False}).to_numpy()
    sought = hashes.to_numpy()[first]
    low, high = np.zeros(added, dtype=np.int64), np.full(added, kept.len(), dtype=np.int64)
    before = kept.to_numpy()
    while (low < high).any():
        middle = (low + high) // 2
        rows_there = before[np.minimum(middle, len(before) - 1)] + np.uint32(added)
        is_less = (sortindex.hashes(pl.Series(rows_there), rows, seed).to_numpy() < sought) & (low < high)
        low, high = np.where(is_less, middle + 1, low), np.where(is_less, high, np.minimum(middle, high))
    return pl.Series("order", np.insert(before + np.uint32(added), low, first))
