"""Rows found along stored orders of a hot table: pages, the ends of a column, an even sample.

Rows are tested in order until there are as many as are asked for; where that takes too long, a mask of all of them is
made. An order that is not there yet is made for later requests, and meanwhile all rows are looked at.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import polars as pl

from persistence.frames import sortindex
from persistence.frames.hot import HotTable
from persistence.frames.kinds import ROW
from persistence.frames.masks import Mask
from persistence.frames.selection import Selection
from persistence.frames.sortindex import Keys

MANY_ADDED = 50_000
"""Of more added rows the order of a version that grew is waited for."""


def everything(selection: Selection) -> pl.Series:
    """The positions of all rows that pass, ascending."""
    return selection.hot.positions(selection.mask, selection.hot.rows)


def page(selection: Selection, keys: Keys, offset: int, limit: int) -> pl.Series:
    """The positions of rows `offset` to `offset + limit` of those that pass, in the order of `keys`.

    The first rows are found without an index, which is made meanwhile; for later ones it is waited for.
    """
    hot, end = selection.hot, offset + limit
    order = hot.kept_order(keys) if keys else None
    if end <= sortindex.QUICK and (order is not None or not keys):
        found = selection.first(order, end)
        if found is not None:
            return pl.Series(found[offset:])
    mask = selection.mask
    if not keys:
        return hot.positions(mask, end)[offset:]
    if order is None and end <= sortindex.QUICK:
        quick = sortindex.first([hot.column(name) for name in keys], keys, mask, end)
        if quick is not None:
            hot.soon(lambda table: table.order(keys))
            return quick[offset:]
    order = hot.order(keys) if order is None else order
    if mask is None:
        return order[offset:end]
    if end <= sortindex.QUICK and not hot.has_in_order(keys, mask):
        return sortindex.head(order, mask, end)[offset:]
    return hot.in_order(keys, mask)[offset:end]


def ends(selection: Selection, name: str, count: int) -> tuple[pl.Series, pl.Series]:
    """The positions of the `count` lowest and highest values of a number column among the rows that pass.

    None of these may be missing. Of equal values the lower position counts as the lower value.
    """
    hot, keys = selection.hot, {name: False}
    at_once = None if selection.tests else _ends_of_grown(hot, name, count)
    if at_once is not None:
        return at_once
    order = hot.kept_order(keys)
    if order is None:
        hot.soon(lambda table: table.order(keys))
        hot.load([name])
        rows = hot.frame([name, ROW], selection.mask, None)
        return rows.bottom_k(count, by=[name, ROW])[ROW], rows.top_k(count, by=[name, ROW])[ROW]
    order = _run_of(selection, name, order)
    return _first(selection, order, count), _first(selection, order, count, backwards=True)


def range_of(selection: Selection, name: str) -> pl.Series | None:
    """The lowest and highest value among the rows that pass, then the finite ones of all; null where there is none.

    None without an index.
    """
    hot, keys = selection.hot, {name: False}
    order = hot.kept_order(keys)
    if order is None:
        hot.soon(lambda table: table.order(keys))
        return None
    places, run = hot.rows - hot.missing(name), _run_of(selection, name, order)
    passing = [_first(selection, run, 1), _first(selection, run, 1, backwards=True)]
    all_rows = [order[:places].head(1), order[:places].tail(1)]
    column = hot.column(name)
    ends = pl.concat([column.gather(one).extend_constant(None, 1).head(1) for one in (*passing, *all_rows)])
    if not ends.dtype.is_float() or not ends.tail(2).is_infinite().any():
        return ends
    finite = hot.figures(f"finite {name!r}", 2, partial(_finite_ends, hot, name))
    return pl.concat([ends.head(2), pl.Series(ends.name, finite, dtype=ends.dtype)])


def _finite_ends(hot: HotTable, name: str) -> pl.Series:
    finite = hot.column(name).filter(hot.column(name).is_finite())
    return pl.Series([finite.min(), finite.max()], dtype=pl.Float64)


def drawn(selection: Selection, seed: int, count: int) -> pl.Series:
    """The positions of the `count` rows that pass whose positions have the lowest hashes."""
    hot, name = selection.hot, sortindex.drawn_name(seed)
    at_once = None if selection.tests else _drawn_of_grown(hot, seed, count)
    if at_once is not None:
        return at_once
    order = hot.kept_hashed(seed)
    if order is None:
        hot.soon(lambda table: table.hashed(seed))
        rows = everything(selection).alias(ROW).to_frame()
        return rows.with_columns(draw=sortindex.hash_of(ROW, hot.rows, seed)).bottom_k(count, by=["draw", ROW])[ROW]
    found = selection.first_of(name, order, count)
    return sortindex.head(order, _masked(selection), count) if found is None else pl.Series(found)


def at_ranks(hot: HotTable, name: str, ranks: Sequence[int]) -> pl.Series | None:
    """The values of a column that have these ranks among all that it has; None without an order to look in."""
    keys: Keys = {name: False}
    found = hot.order_before(sortindex.name_of(keys))
    if found is None or hot.rows - found[0].rows > MANY_ADDED:
        order = hot.kept_order(keys)
        return None if order is None else hot.rows_at(order.gather(list(ranks)), [name]).to_series()
    base, kept = found
    hot.soon(lambda table: table.order(keys))
    added = hot.added(base).column(name).drop_nulls()
    old = kept.head(hot.rows - hot.missing(name) - added.len())
    values = []
    for rank in ranks:
        # So many of those before it may be added ones.
        start = max(rank - added.len(), 0)
        some = old.slice(start, min(rank, old.len() - 1) - start + 1) + np.uint32(hot.rows - base.rows)
        near = pl.concat([hot.rows_at(some, [name]).to_series(), added]).sort()
        values.append(near.slice(rank - start, 1))
    return pl.concat(values)


def _ends_of_grown(hot: HotTable, name: str, count: int) -> tuple[pl.Series, pl.Series] | None:
    """The ends of a version that grew, outermost first.

    None where its own order is at hand, or no earlier one is. Its own is made meanwhile.
    """
    keys: Keys = {name: False}
    found = hot.order_before(sortindex.name_of(keys))
    if found is None:
        return None
    base, kept = found
    hot.soon(lambda table: table.order(keys))
    added = hot.added(base).column(name)
    old = kept.head(hot.rows - hot.missing(name) - added.len() + added.null_count())
    new = pl.Series(np.flatnonzero(added.is_not_null().to_numpy()).astype(np.uint32))
    both = [pl.concat([new, end + np.uint32(added.len())]).alias(ROW) for end in (old.head(count), old.tail(count))]
    low, high = (hot.rows_at(one, [name]).with_columns(one) for one in both)
    return low.bottom_k(count, by=[name, ROW]).sort(name, ROW)[ROW], high.top_k(count, by=[name, ROW]).sort(
        name, ROW, descending=True
    )[ROW]


def _drawn_of_grown(hot: HotTable, seed: int, count: int) -> pl.Series | None:
    """The same of the lowest hashes."""
    found = hot.order_before(sortindex.drawn_name(seed))
    if found is None:
        return None
    base, kept = found
    hot.soon(lambda table: table.hashed(seed))
    added = hot.rows - base.rows
    some = pl.concat([pl.int_range(added, dtype=pl.UInt32, eager=True), kept.head(count) + np.uint32(added)])
    return some.gather(sortindex.hashes(some, hot.rows, seed).arg_sort()).head(count)


def _first(selection: Selection, order: pl.Series, count: int, *, backwards: bool = False) -> pl.Series:
    found = selection.first(order, count, backwards=backwards)
    if found is not None:
        return pl.Series(found, dtype=pl.UInt32)
    return (sortindex.tail if backwards else sortindex.head)(order, _masked(selection), count)


def _run_of(selection: Selection, name: str, order: pl.Series) -> pl.Series:
    """The part of a column's ascending order that may pass: without the missing values, which come last, and without
    what a range of the same column leaves out.
    """  # noqa: D205 -- the sentence needs both lines.
    hot = selection.hot
    chosen = selection.choices if selection.tests and hot.has_cubes else None
    if chosen is not None and chosen.run is not None and chosen.run.column == name:
        return order[chosen.run.start : chosen.run.stop]
    return order.head(hot.rows - hot.missing(name))


def _masked(selection: Selection) -> Mask:
    """The mask of a selection that has tests."""
    assert selection.mask is not None  # noqa: S101 -- without tests every row passes, which needs no mask.
    return selection.mask
