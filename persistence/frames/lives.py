"""Live values of texts: one number, or one for each value of another column, those with most rows first."""

import polars as pl

from domain.live_tile import LiveTile
from persistence.frames import celled, cubes, pieces
from persistence.frames.aggregations import aggregable, aggregated
from persistence.frames.pieces import Piece, one
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import MAX_LIVE_GROUPS


def plan(tile: LiveTile, rows: Rows) -> Plan:
    """One row `value`; with `by` rows `by`, `value`, `rows`, at most `MAX_LIVE_GROUPS`.

    Raises:
        Invalid: naming a column that is unknown or cannot be aggregated so.
    """
    if tile.by:
        return _grouped(tile, rows)
    if tile.column_name:
        column = aggregable(rows.table, tile.column_name, tile.aggregation)
        return pieces.joined([pieces.value(rows, column, tile.aggregation, "value", tile.q)])
    return pieces.joined([_rows(rows)])


def _rows(rows: Rows) -> Piece:
    if rows.selection is not None:
        return pieces.known([one("value", cubes.count(rows.selection), pl.UInt32)])
    return Piece([rows.matched.select(value=counted(pl.len()))], lambda results: results[0].get_columns())


def _grouped(tile: LiveTile, rows: Rows) -> Plan:
    by = rows.table.column(tile.by, use="by")
    column = aggregable(rows.table, tile.column_name, tile.aggregation) if tile.column_name else None
    cells = celled.aggregated(rows, {"depictio_by": by}, tile.aggregation, column, tile.q)
    if cells is not None:
        found = cells if column is not None else cells.with_columns(y="rows")
        return Plan([], lambda _: _told(found))
    value = counted(pl.len()) if column is None else aggregated(rows.table, column, tile.aggregation, tile.q)
    groups = (
        rows.matched.with_columns(depictio_by=rows.table.values(by))
        .group_by("depictio_by")
        .agg(y=value, rows=counted(pl.len()))
    )
    return Plan([groups], lambda results: _told(*results))


def _told(groups: pl.DataFrame) -> Part:
    ordered = groups.sort(["rows", "depictio_by"], descending=[True, False], nulls_last=True).head(MAX_LIVE_GROUPS)
    data = ordered.select(by="depictio_by", value="y", rows="rows")
    return Part(data, data.height, groups.height)
