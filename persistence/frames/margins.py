"""What stands beside the rows of a table: totals below its columns, and the extremes of bars and colour scales."""

from collections.abc import Sequence

import msgspec
import polars as pl

from domain.aggregations import Aggregation
from domain.collections import ColumnKind
from domain.table_tile import TableTile
from domain.wording import tr
from persistence.frames import pieces
from persistence.frames.aggregations import aggregable
from persistence.frames.expressions import expression_tests
from persistence.frames.plans import Part, Plan, Rows, rows_of
from persistence.frames.shapes import Margins
from persistence.frames.years import check_years


def beside(plan: Plan, tile: TableTile, rows: Rows) -> Plan:
    """The plan of the first page with the margins that the tile's formats ask for; `rows` pass the header filters.

    Raises:
        Invalid: naming a column that cannot be totalled so, or that has no numbers for a bar or a scale.
    """
    totals = {one.column: one.total for one in tile.formats if one.total is not None}
    scaled = [one.column for one in tile.formats if one.needs_extremes]
    if not totals and not scaled:
        return plan
    parts = [
        pieces.value(rows, aggregable(rows.table, name, how), how, f"total {name}") for name, how in totals.items()
    ]
    # Under every filter the same, so that colours stay; but of the rows that the tile is made of.
    whole = rows_of(rows.table, expression_tests(rows.table, tile.filter_expr))
    for name in scaled:
        column = rows.table.column(name, ColumnKind.NUMBER, use=tr("bars and colour scales"))
        parts += [pieces.value(whole, column, how, f"{how} {name}") for how in (Aggregation.MIN, Aggregation.MAX)]
    margins = pieces.joined(parts)
    first = len(plan.lazy)

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        found = margins.finish(results[first:]).data
        check_years([found])
        row = found.row(0, named=True)
        told = Margins(
            {name: row[f"total {name}"] for name in totals},
            {name: (row[f"{Aggregation.MIN} {name}"], row[f"{Aggregation.MAX} {name}"]) for name in scaled},
        )
        return msgspec.structs.replace(plan.finish(results[:first]), margins=told)

    return Plan([*plan.lazy, *margins.lazy], finish, sorts=plan.sorts, any_year=plan.any_year)
