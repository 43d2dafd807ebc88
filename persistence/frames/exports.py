"""All rows of a tile that pass its clauses, in batches: however many there are, memory holds few of them at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_

import msgspec
import polars as pl

from domain.collections import Column
from domain.filters import FilterState
from domain.links import Links
from domain.rows import ColumnFilter, SortKey
from domain.tiles import DataTile, TableTile
from domain.wording import tr
from persistence.frames.engine import Request, Sources
from persistence.frames.faults import attempt
from persistence.frames.headers import header_test
from persistence.frames.hot import HotTable
from persistence.frames.masks import Test
from persistence.frames.plans import Rows
from persistence.frames.selection import Selection
from persistence.frames.shapes import Failure
from persistence.frames.sources import ROW
from persistence.frames.tables import as_text, columns_of, presentable

BATCH = 65_536
"""Rows of a batch."""


class Export(msgspec.Struct, frozen=True, eq=False):
    """The rows of a tile: `empty` has their columns and types, `batches` gives them in order, from the first."""

    empty: pl.DataFrame
    batches: Callable[[], Iterator[pl.DataFrame]]


def export(
    tile: DataTile,
    state: FilterState,
    sources: Sources,
    links: Links = (),
    *,
    sort: Sequence[SortKey] = (),
    filters: Sequence[ColumnFilter] = (),
) -> Export | Failure:
    """The rows that the clauses and the header filters leave of the tile's table, sorted; ties keep the table's order.

    A table tile has the columns that it shows, any other all those of its collection that are not technical. What
    cannot be computed is a `Failure` before the first batch.
    """
    request = Request(state, sources, links)
    rows = request.rows(tile)
    return rows if isinstance(rows, Failure) else attempt(lambda: _export(tile, rows, sort, filters))


def of_frame(data: pl.DataFrame) -> Export:
    """What a tile shows, as one batch; lists, such as the outliers of a box, become text."""
    flat = data.with_columns(as_text(data[name]) for name, dtype in data.schema.items() if dtype.is_nested())
    return Export(flat.clear(), lambda: iter([flat]))


def _export(tile: DataTile, rows: Rows, sort: Sequence[SortKey], filters: Sequence[ColumnFilter]) -> Export:
    table = rows.table
    shown = tile if isinstance(tile, TableTile) else TableTile(collection_id=tile.collection_id)
    columns = columns_of(shown, table)
    tests = [Test(f"header {header!r}", header_test(table, header)) for header in filters]
    keys = {table.column(key.column, use=tr("the sort")).name: key.descending for key in sort}
    names = [column.name for column in columns]
    if rows.selection is not None:
        selection = rows.selection.narrowed(tests)
        selection.hot.load([*names, *keys])
        empty = presentable(selection.hot.rows_at(pl.Series([], dtype=pl.UInt32), names), columns)
        return Export(empty, lambda: _looked_up(selection, keys, columns))
    matched = rows.matched.filter(reduce(and_, [test.expr for test in tests])) if tests else rows.matched
    if keys:
        matched = matched.sort([*keys, ROW], descending=[*keys.values(), False], nulls_last=True)
    chosen = matched.select(names)
    return Export(presentable(chosen.head(0).collect(), columns), lambda: _collected(chosen, columns))


def _looked_up(selection: Selection, keys: Mapping[str, bool], columns: Sequence[Column]) -> Iterator[pl.DataFrame]:
    """By their positions, which take 4 bytes a row; the columns are mapped."""
    hot = selection.hot
    positions = _positions(hot, selection, keys)
    names = [column.name for column in columns]
    for start in range(0, positions.len(), BATCH):
        hot.breathe()
        yield presentable(hot.rows_at(positions.slice(start, BATCH), names), columns)


def _positions(hot: HotTable, selection: Selection, keys: Mapping[str, bool]) -> pl.Series:
    mask = selection.mask
    if not keys:
        return hot.positions(mask, hot.rows)
    return hot.order(keys) if mask is None else hot.in_order(keys, mask)


def _collected(rows: pl.LazyFrame, columns: Sequence[Column]) -> Iterator[pl.DataFrame]:
    """By polars' streaming engine; one that is abandoned is stopped with its iterator."""
    for batch in rows.collect_batches(chunk_size=BATCH, maintain_order=True, engine="streaming"):
        yield presentable(batch, columns)
