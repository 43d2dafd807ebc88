"""The query engine as a library: frames or Delta tables, tiles and filter state in, frames out. See docs/query.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from domain.errors import Invalid, Unavailable
from domain.filters import FilterState
from domain.links import Links
from domain.rows import ColumnFilter, SortKey
from domain.tiles import TableTile, Tile
from persistence.frames import engine
from persistence.frames.kinds import column_of
from persistence.frames.shapes import Answer, Failure, Frame
from persistence.frames.sources import TableSource

GivenTable = pl.LazyFrame | pl.DataFrame | str | Path
"""Rows, or the place of a Delta table, which is read in its newest version."""
GivenTables = Mapping[str, GivenTable]
"""By the `collection_id` of the tiles and clauses."""


def query(tiles: Sequence[Tile], tables: GivenTables, state: FilterState = (), links: Links = ()) -> dict[str, Answer]:
    """One answer for each tile that shows data, by its id, all computed in one pass in this thread.

    Shapes and units of the frames are those of `shapes`. A tile that cannot be computed is a `Failure`; `frame_of`
    makes an error of it.

    Raises:
        polars' and deltalake's own errors: when a table that is given cannot be opened.
    """
    return engine.answer(tiles, state, sources_of(tables), links)


def query_page(
    tile: TableTile,
    tables: GivenTables,
    state: FilterState = (),
    links: Links = (),
    *,
    offset: int,
    limit: int,
    sort: Sequence[SortKey] = (),
    filters: Sequence[ColumnFilter] = (),
) -> Answer:
    """Rows `offset` to `offset + limit` of a table tile, at most `shapes.MAX_PAGE`, sorted and filtered by headers.

    Raises:
        polars' and deltalake's own errors: when a table that is given cannot be opened.
    """
    sources = sources_of(tables)
    return engine.table_page(tile, state, sources, links, offset=offset, limit=limit, sort=sort, filters=filters)


def frame_of(answer: Answer) -> Frame:
    """The frame of an answer that must not be a failure.

    Raises:
        Unavailable: with the failure's message, when asking again may help.
        Invalid: with the failure's message, otherwise.
    """
    match answer:
        case Frame():
            return answer
        case Failure(retry=True):
            raise Unavailable(answer.message)
        case Failure():
            raise Invalid(answer.message)


def sources_of(tables: GivenTables) -> engine.Sources:
    """The tables as the engine takes them; only their schemas are read."""
    return {name: _source(name, table) for name, table in tables.items()}


def _source(name: str, table: GivenTable) -> TableSource:
    rows = pl.scan_delta(str(table)) if isinstance(table, str | Path) else table.lazy()
    columns = tuple(column_of(*item) for item in rows.collect_schema().items())
    return TableSource(name, columns, lambda: rows)
