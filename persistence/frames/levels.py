"""Hierarchies, parallel categories and matrices: a row for each combination of categories, bounded."""

from collections.abc import Sequence

import polars as pl

from domain.collections import Column
from domain.errors import Invalid
from domain.figure_roles import bound, levels, several, splits
from domain.tiles import Aggregation, FigureTile, Visu
from domain.wording import tr
from persistence.frames.aggregations import aggregable
from persistence.frames.groups import grouped
from persistence.frames.plans import Part, Plan, Rows
from persistence.frames.shapes import MAX_GROUPS
from persistence.frames.sources import Table

MAX_CELLS = 10_000
MAX_LINES = 200
"""Rows and columns of a matrix."""


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `level_0` … (and `color` of parallel categories), `y`, `rows`; at most `MAX_GROUPS`, those with most rows.

    `y` is the sum of `values`, which adds up from level to level, or the number of rows without it.

    Raises:
        Invalid: naming the role, when its column is missing or of the wrong kind.
    """
    table, parallel = rows.table, tile.visu_type is Visu.PARALLEL_CATEGORIES
    names = several(tile, "dimensions") if parallel else levels(tile)
    columns = {
        f"level_{number}": table.column(name, use=tr("level {number}", number=number + 1))
        for number, name in enumerate(names)
    }
    if not columns:
        raise Invalid(tr("Choose a column for the first level."))
    columns |= {role: table.column(name, use=role) for role, name in splits(tile).items()}
    lazy, read = grouped(rows, columns, *measure(tile, table))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        found = read(results)
        keys = list(columns)
        kept = found.sort(["rows", *keys], descending=[True, *(False for _ in keys)], nulls_last=True).head(MAX_GROUPS)
        return Part(kept.sort(keys, nulls_last=True), kept.height, found.height)

    return Plan(lazy, finish)


def measure(tile: FigureTile, table: Table) -> tuple[Column | None, Aggregation]:
    """What shares of a whole are made of: sums of `values`, otherwise rows."""
    name = bound(tile, "values")
    if name is None:
        return None, Aggregation.COUNT
    return aggregable(table, name, Aggregation.SUM), Aggregation.SUM


def plan_matrix(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x`, `y`, what parts the panels, `z`, `rows`: one number for each pair, counted without a column `z`.

    Above `MAX_CELLS` the `MAX_LINES` categories with most rows stay on each side.

    Raises:
        Invalid: naming the role, when its column is missing or of the wrong kind.
    """
    table = rows.table
    roles = {"x": tile.x, "row": tile.y or ""} | splits(tile)
    columns = {role: table.column(name, use="y" if role == "row" else role) for role, name in roles.items()}
    z = bound(tile, "z")
    how = tile.aggregation if z else Aggregation.COUNT
    lazy, read = grouped(rows, columns, aggregable(table, z, how) if z else None, how)

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        found = read(results)
        kept = found
        if found.height > MAX_CELLS:
            for role in ("x", "row"):
                totals = found.group_by(role).agg(pl.col("rows").cast(pl.UInt64).sum())
                most = totals.sort("rows", role, descending=[True, False], nulls_last=True).head(MAX_LINES)
                kept = kept.join(most.select(role), on=role, how="semi", nulls_equal=True)
        keys = ["row", "x", *(role for role in columns if role not in {"row", "x"})]
        data = kept.sort(keys, nulls_last=True).rename({"y": "z"}).rename({"row": "y"})
        return Part(data, data.height, found.height)

    return Plan(lazy, finish)
