"""What a tile asks of the one pass: lazy frames over rows, and how their results become its answer."""

from collections.abc import Callable, Sequence

import msgspec
import polars as pl

from persistence.frames.masks import Mask
from persistence.frames.sources import Table


class Rows(msgspec.Struct, frozen=True, eq=False):
    """The rows that a tile looks at: `matched` passes its clauses, `all` is the whole table.

    Over a hot table `mask` says which rows `matched` holds; None when it holds all of them.
    """

    table: Table
    all: pl.LazyFrame
    matched: pl.LazyFrame
    mask: Mask | None = None


class Part(msgspec.Struct, frozen=True, eq=False):
    """A tile's data before the row counts join it: see `shapes.Frame`."""

    data: pl.DataFrame
    shown: int
    of: int


class Plan(msgspec.Struct, frozen=True, eq=False):
    """The lazy frames to collect, and the pure step from their results, in the same order, to the tile's data.

    `sorts`: whether whole columns are sorted, which polars' in-memory engine does over twenty times as fast as its
    streaming one (58 ms against 1.4 s for a million rows, polars 2.1).
    """

    lazy: Sequence[pl.LazyFrame]
    finish: Callable[[Sequence[pl.DataFrame]], Part]
    sorts: bool = False


def whole(data: pl.DataFrame, shown: int | None = None) -> Part:
    """Data from which no bound took anything."""
    count = data.height if shown is None else shown
    return Part(data, count, count)


def counted(expr: pl.Expr) -> pl.Expr:
    """A count in the type of frames."""
    return expr.cast(pl.UInt32)
