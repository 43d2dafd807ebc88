"""Filters: what a control offers, narrowed by every other clause but never by its own."""

from collections.abc import Sequence

import polars as pl

from domain.filters import Clause, FilterState
from domain.tiles import FilterTile, FilterWidget
from persistence.frames.clauses import ORDERED, one_of
from persistence.frames.plans import Part, Plan, Rows, counted, whole
from persistence.frames.shapes import MAX_OPTIONS


def plan(tile: FilterTile, rows: Rows, own: FilterState) -> Plan:
    """The choices or the range; `own` are the clauses that this control has set, whose values stay on offer."""
    match tile.interactive_component_type:
        case FilterWidget.MULTI_SELECT:
            return _choices(tile, rows, own)
        case FilterWidget.RANGE_SLIDER | FilterWidget.DATE_RANGE:
            return _range(tile, rows)
        case FilterWidget.TEXT:
            rows.table.column(tile.column_name, use="the filter")
            return Plan([], lambda _: whole(pl.DataFrame()))


def _choices(tile: FilterTile, rows: Rows, own: tuple[Clause, ...]) -> Plan:
    column = rows.table.column(tile.column_name, use="the filter")
    values = pl.col(column.name).alias("value")
    options = rows.matched.select(values).group_by("value").agg(count=counted(pl.len()))
    wanted = tuple(value for clause in own if clause.op == "in" for value in clause.values)
    chosen = rows.all.filter(one_of(rows.table, column, wanted)).select(values).unique()

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        offered, held = results
        missing = held.join(offered, on="value", how="anti", nulls_equal=True)
        everything = pl.concat([offered, missing.with_columns(count=pl.lit(0, dtype=pl.UInt32))])
        ranked = everything.sort("count", "value", descending=[True, False], nulls_last=True)
        beyond = ranked.slice(MAX_OPTIONS).join(held, on="value", how="semi", nulls_equal=True, maintain_order="left")
        data = pl.concat([ranked.head(MAX_OPTIONS), beyond])
        return Part(data, data.height, everything.height)

    return Plan([options, chosen], finish)


def _range(tile: FilterTile, rows: Rows) -> Plan:
    column = rows.table.column(tile.column_name, *ORDERED, use="the range")
    values = rows.table.values(column)
    narrowed = rows.matched.select(min=values.min(), max=values.max())
    full = rows.all.select(lowest=values.min(), highest=values.max())
    return Plan([narrowed, full], lambda results: whole(pl.concat(results, how="horizontal")))
