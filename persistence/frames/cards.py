"""Cards: one number (or date) of one column."""

from domain.tiles import CardTile
from persistence.frames.aggregations import aggregated
from persistence.frames.plans import Plan, Rows, counted, whole


def plan(tile: CardTile, rows: Rows) -> Plan:
    """One row `value`, `values`."""
    column, value = aggregated(rows.table, tile.column_name, tile.aggregation)
    counts = counted(rows.table.values(column).count())
    return Plan([rows.matched.select(value=value, values=counts)], lambda results: whole(results[0]))
