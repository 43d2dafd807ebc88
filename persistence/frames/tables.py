"""Tables: pages of rows, sorted and filtered by column headers."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_

import polars as pl

from domain.collections import Column, ColumnKind
from domain.errors import Invalid, Problem
from domain.rows import ColumnFilter, SortKey
from domain.tiles import TableTile
from domain.wording import tr
from persistence.frames import cubes, found, margins
from persistence.frames.headers import header_test
from persistence.frames.masks import Test
from persistence.frames.plans import Part, Plan, Rows
from persistence.frames.selection import Selection
from persistence.frames.shapes import MAX_PAGE
from persistence.frames.sources import ROW, Table

MAX_OFFSET = 2**40
"""Further than any table reaches, and within what polars counts with."""
PLACE = "depictio_place"
"""Where on the page a row stands."""


def columns_of(tile: TableTile, table: Table) -> list[Column]:
    """The columns that the tile shows, in its order; the one that rows are ticked by comes along in any case.

    Raises:
        Invalid: naming one that the table does not have.
    """
    if tile.columns:
        names = list(dict.fromkeys([*tile.columns, *([tile.selection_column] if tile.selection_column else [])]))
    else:
        names = [name for name, column in table.columns.items() if not column.is_technical and name in table.types]
    return [table.column(name, *ColumnKind, use=tr("the table")) for name in names]


def plan(tile: TableTile, rows: Rows, filters: Sequence[ColumnFilter] = ()) -> Plan:
    """The first page, sorted as the tile says."""
    limit = min(max(tile.page_size, 1), MAX_PAGE)
    return page_plan(tile, rows, offset=0, limit=limit, sort=tile.sort, filters=filters)


def page_plan(
    tile: TableTile,
    rows: Rows,
    *,
    offset: int,
    limit: int,
    sort: Sequence[SortKey],
    filters: Sequence[ColumnFilter],
) -> Plan:
    """Rows `offset` to `offset + limit` of those that pass the header filters too; `of` counts these.

    Ties keep the table's order, so that pages never overlap.

    Raises:
        Invalid: when a bound is out of range, a column is unknown or a filter does not fit its column.
    """
    if not 0 <= offset <= MAX_OFFSET or not 1 <= limit <= MAX_PAGE:
        problem = Problem("limit", tr("ask for 1 to {most} rows, starting at 0 or later", most=MAX_PAGE))
        raise Invalid(tr("This page of the table cannot be shown."), (problem,))
    columns = columns_of(tile, rows.table)
    tests = [Test(f"header {header!r}", header_test(rows.table, header)) for header in filters]
    keys = {rows.table.column(key.column, use=tr("the sort")).name: key.descending for key in sort}
    narrowed = _narrowed(rows, tests)
    if narrowed.selection is not None:
        plan = _looked_up(narrowed.selection, keys, columns, offset, limit)
    else:
        plan = _collected(narrowed.matched, keys, columns, offset, limit)
    return margins.beside(plan, tile, narrowed) if offset == 0 else plan


def _narrowed(rows: Rows, tests: Sequence[Test]) -> Rows:
    """The rows that pass the header filters too."""
    if not tests:
        return rows
    if rows.selection is not None:
        return Rows(rows.table, selection=rows.selection.narrowed(tests))
    return Rows(rows.table, rows.matched.filter(reduce(and_, [test.expr for test in tests])))


def _collected(
    matched: pl.LazyFrame, keys: dict[str, bool], columns: Sequence[Column], offset: int, limit: int
) -> Plan:
    names = [column.name for column in columns]
    page = _sorted_page(matched, keys, names, offset, limit) if keys else matched.slice(offset, limit).select(names)

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        data = presentable(results[0], columns)
        return Part(data, data.height, results[1].item())

    return Plan([page, matched.select(pl.len())], finish, sorts=bool(keys), any_year=True)


def _looked_up(
    selection: Selection, keys: Mapping[str, bool], columns: Sequence[Column], offset: int, limit: int
) -> Plan:
    """The page of a hot table, found at once: nothing is left to collect."""
    positions = found.page(selection, keys, offset, limit)
    data = presentable(selection.hot.rows_at(positions, [column.name for column in columns]), columns)
    return Plan([], lambda _: Part(data, data.height, cubes.count(selection)), any_year=True)


def _sorted_page(rows: pl.LazyFrame, keys: dict[str, bool], names: list[str], offset: int, limit: int) -> pl.LazyFrame:
    """Only the keys are sorted; the other columns are fetched for the rows of the page alone."""
    ordered = rows.select(*keys, ROW).sort([*keys, ROW], descending=[*keys.values(), False], nulls_last=True)
    places = ordered.slice(offset, limit).select(ROW).with_row_index(PLACE)
    return rows.select(ROW, *names).join(places, on=ROW, how="inner").sort(PLACE).select(names)


def presentable(data: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The rows with values that have no kind (lists, durations, …) as text."""
    kindless = [column.name for column in columns if column.kind is ColumnKind.OTHER]
    return data.with_columns(as_text(data[name]) for name in kindless) if kindless else data


def as_text(values: pl.Series) -> pl.Series:
    """Each value as `str` writes it."""
    texts = [None if value is None else str(value) for value in values.to_list()]
    return pl.Series(values.name, texts, dtype=pl.String)
