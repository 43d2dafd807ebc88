"""Axes: the rows of a table version as small integer codes, along which cubes count. Codes are made once and stored.

A *word* axis has a code for each distinct value of a column, missing ones included; a *bin* axis one for each bin of a
histogram; a *rank* axis one for each run of so many rows in the order of a column; a *flag* axis has a single place,
for the rows that hold what it asks. Rows without a place have the code `size`.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import polars as pl

from persistence.frames.cache_folder import Base

MAX_WORDS = 4_096
"""A column of numbers or times with more distinct values has no word axis."""
PROBED = 20_000
"""So many rows are looked at first: most columns with too many values show it there."""

Codes = np.ndarray
"""One unsigned integer a row, as narrow as fits."""
Grow = Callable[[Base], Codes | None]


class Axis:
    """One axis; its codes are fetched when somebody looks at rows, which those who find their cube never do."""

    def __init__(
        self,
        name: str,
        size: int,
        fetch: Callable[[], Codes],
        labels: pl.Series | None = None,
        grow: Grow = lambda _: None,
    ) -> None:
        self.name = name
        """Equal names of one table version mean equal codes."""
        self.size = size
        self.labels = labels
        """Of a word axis: the value of each code, sorted, the missing one last if the column has any."""
        self.grow = grow
        """The codes of the rows before those of an earlier version; None where the axis was another one there."""
        self.along: tuple[str, int] | None = None
        """Of a rank axis: the column, and how many rows have a rank."""
        self._fetch = fetch

    @property
    def words(self) -> pl.Series:
        """The labels of a word axis."""
        assert self.labels is not None, self.name  # noqa: S101 -- those who ask know that it is one.
        return self.labels

    @cached_property
    def codes(self) -> Codes:
        """The code of each row."""
        return self._fetch()


def narrowest(size: int) -> pl.DataType:
    """The type for codes from 0 to `size`, both included."""
    for dtype in (pl.UInt8(), pl.UInt16()):
        if size <= np.iinfo(str(dtype).lower()).max:
            return dtype
    return pl.UInt32()


def word_codes(column: pl.Series, labels: pl.Series) -> pl.Series:
    """The place of each value among the labels."""
    words = labels.drop_nulls()
    if isinstance(column.dtype, pl.Enum):
        codes = column.to_physical()
    else:
        values = column.to_physical()
        known = words.cast(column.dtype).to_physical().to_numpy()
        filled = values.fill_null(0) if values.null_count() else values
        codes = pl.Series(np.searchsorted(known, filled.to_numpy()).astype(np.uint16))
        codes = codes.to_frame("c").select(pl.when(pl.lit(column.is_not_null())).then("c").alias("c")).to_series()
    return codes.cast(narrowest(labels.len())).fill_null(words.len()).alias("codes")


def codes_among(values: pl.Series, labels: pl.Series) -> Codes:
    """The place of each of some values among labels that have all of them."""
    words = labels.drop_nulls()
    column = values.cast(pl.String).cast(pl.Enum(words)) if labels.dtype == pl.String else values
    return word_codes(column, labels).to_numpy()


def distinct(column: pl.Series) -> pl.Series | None:
    """The values of a column, sorted, a missing one last; None when they are too many for an axis, or have no order."""
    if isinstance(column.dtype, pl.Enum):
        words = column.dtype.categories
    elif column.dtype == pl.Boolean:
        words = pl.Series([False, True])
    elif (
        not (column.dtype.is_numeric() or column.dtype.is_temporal())
        or isinstance(column.dtype, pl.Int128 | pl.UInt128 | pl.Time | pl.Duration)
        or column.head(PROBED).n_unique() > MAX_WORDS
        or column.drop_nulls().n_unique() > MAX_WORDS
    ):
        return None
    else:
        words = column.drop_nulls().unique().sort()
    missing = pl.Series([None], dtype=words.dtype) if column.null_count() else words.clear()
    labels: pl.Series = pl.concat([words, missing])
    return labels


def rank_codes(order: pl.Series, places: int, count: int) -> pl.Series:
    """The rank of each row, `stride` ranks a code; the rows after the first `places` of the order have none."""
    ranks = np.empty(order.len(), dtype=np.uint16)
    ranks[order.to_numpy()] = ascending_ranks(order.len(), places, count)
    return pl.Series("codes", ranks).cast(narrowest(count))


def ascending_ranks(rows: int, places: int, count: int) -> Codes:
    """The same in the order itself."""
    each = stride(places, count)
    ranks = np.repeat(np.arange(count + 1, dtype=np.uint16), each)[:places]
    return np.concatenate([ranks, np.full(rows - places, count, dtype=np.uint16)])


def stride(places: int, count: int) -> int:
    """How many ranks have the same code when `places` of them are dealt to `count` codes."""
    return max(-(-places // count), 1)


def cells_of(axes: Sequence[Axis]) -> int:
    """How many cells the axes span."""
    cells = 1
    for axis in axes:
        cells *= max(axis.size, 1)
    return cells
