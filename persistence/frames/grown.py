"""Table versions that grew: what an earlier version kept in the column cache makes that of a later one in little time.

An ingest that adds files and touches no other puts their rows before all that were there (Delta lists the newest file
first). So a column of the new version is a few values and then the whole of the old one, an order is the old one with a
few positions put in, a cube is the old one and what the added rows count.
"""

from collections.abc import Callable, Mapping, Sequence

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
    if not all(sortindex.is_comparable(one) for one in columns):
        return None
    first = sortindex.order_of([one.head(added) for one in columns], keys).to_numpy()
    before = kept.to_numpy()
    parts = [(*sortindex.comparable(one), descending) for one, descending in zip(columns, keys.values(), strict=True)]

    def is_less(places: np.ndarray) -> np.ndarray:
        """Whether the ordered rows at these places come before those sought, of which equal ones are first."""
        there = before[places].astype(np.int64) + added
        less, equal = np.zeros(len(first), dtype=bool), np.ones(len(first), dtype=bool)
        for values, missing, is_descending in parts:
            value, other = (sortindex.ascending(values[some], is_descending) for some in (first, there))
            gone, lost = (
                np.zeros(len(first), dtype=bool) if missing is None else missing[some] for some in (first, there)
            )
            less |= equal & ((gone & ~lost) | (~gone & ~lost & (other < value)))
            equal &= (gone & lost) | (~gone & ~lost & (other == value))
        return less

    return pl.Series("order", _put(before, _searched(len(first), len(before), is_less), first, added))


def drawn(kept: pl.Series, rows: int, seed: int) -> pl.Series:
    """The positions of so many rows in the order of their hashes, by that of the last ones."""
    added = rows - kept.len()
    hashes = sortindex.hashes(pl.int_range(added, dtype=pl.UInt32, eager=True), rows, seed)
    first = sortindex.order_of([hashes], {"hash": False}).to_numpy()
    sought, before = hashes.to_numpy()[first], kept.to_numpy()

    def is_less(places: np.ndarray) -> np.ndarray:
        return np.asarray(
            sortindex.hashes(pl.Series(before[places] + np.uint32(added)), rows, seed).to_numpy() < sought
        )

    return pl.Series("order", _put(before, _searched(added, len(before), is_less), first, added))


def along(kept: np.ndarray, ordered: np.ndarray, added: np.ndarray) -> np.ndarray:
    """What all rows have, in their order, by what the last ones have in theirs and the added ones by their position."""
    places = np.flatnonzero(ordered < len(added))
    return _put(kept, places - np.arange(len(places)), added[ordered[places]].astype(kept.dtype))


def _searched(sought: int, kept: int, is_less: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Before how many of what was kept, which is in order, each of so many stands: a binary search for all at once."""
    low, high = np.zeros(sought, dtype=np.int64), np.full(sought, kept, dtype=np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        goes_on = is_less(np.minimum(middle, kept - 1)) & (low < high)
        low, high = np.where(goes_on, middle + 1, low), np.where(goes_on, high, np.minimum(middle, high))
    return low


def _put(kept: np.ndarray, places: np.ndarray, values: np.ndarray, more: int = 0) -> np.ndarray:
    """The values put in before so many of what was kept, each of which becomes so much more.

    Copied run by run: numpy's `insert` looks at each element.
    """
    found = np.empty(len(kept) + len(places), dtype=kept.dtype)
    found[places + np.arange(len(places))] = values
    ends = np.append(places, len(kept))
    for number, (start, stop) in enumerate(zip(np.append(0, places), ends, strict=True)):
        np.add(kept[start:stop], kept.dtype.type(more), out=found[start + number : stop + number])
    return found
