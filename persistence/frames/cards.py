"""Cards: one number (or date) of one column."""

import polars as pl

from domain.tiles import CardTile
from persistence.frames import celled
from persistence.frames.aggregations import aggregable, aggregated
from persistence.frames.plans import Plan, Rows, counted, whole


def plan(tile: CardTile, rows: Rows) -> Plan:
    """One row `value`, `values`."""
    column = aggregable(rows.table, tile.column_name, tile.aggregation)
    if rows.selection is not None:
        value = celled.aggregate(rows.selection, (), tile.aggregation, column)
        count = celled.valid(rows.selection, (), column)
        if value is not None and count is not None:
            frame = pl.DataFrame([celled.series("value", value.ravel()), celled.series("values", count.ravel())])
            return Plan([], lambda _: whole(frame))
    values = rows.table.values(column)
    answer = rows.matched.select(value=aggregated(rows.table, column, tile.aggregation), values=counted(values.count()))
    return Plan([answer], lambda results: whole(results[0]))
