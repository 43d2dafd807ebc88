"""Violins and cumulative distributions: of each group some of its values, evenly spaced in their order."""

from collections.abc import Sequence

import polars as pl

from domain.collections import Column, ColumnKind
from domain.figure_roles import splits
from domain.tiles import FigureTile, Visu
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import MAX_BOXES

MOST_VALUES = {Visu.VIOLIN: 201, Visu.ECDF: 500}
"""So many values of a group travel at most: the lowest, the highest, and those between at equal steps of rank."""


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x` (of violins with a `y`) and what parts the groups, `count`, `sd`, `q1`, `q3`, `values`, `ranks`.

    `ranks` are the places of the values in the order of their group, the lowest is 0. At most `MAX_BOXES` groups, those
    with most values.

    Raises:
        Invalid: naming the role, when its column is missing or of the wrong kind.
    """
    table = rows.table
    grouped = tile.visu_type is Visu.VIOLIN and bool(tile.y)
    name = (tile.y if grouped else tile.x) or ""
    values = table.values(table.column(name, ColumnKind.NUMBER, use="y" if grouped else "x"))
    roles = ({"x": tile.x} if grouped else {}) | splits(tile)
    columns: dict[str, Column] = {role: table.column(one, use=role) for role, one in roles.items()}
    keys = {role: table.values(one) for role, one in columns.items()} or {"x": pl.lit(None, dtype=pl.String)}
    finite = rows.matched.select(**keys, value=values).filter(pl.col("value").is_finite())
    named = list(keys)
    sizes = finite.group_by(named).agg(size=pl.len())
    largest = sizes.sort(["size", *named], descending=[True, *(False for _ in named)], nulls_last=True).head(MAX_BOXES)
    chosen = finite.join(largest.select(named), on=named, how="semi", nulls_equal=True)
    found = chosen.group_by(named).agg(**_statistics(MOST_VALUES[tile.visu_type]))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        data = results[0].sort(named, nulls_last=True)
        data = data if roles else data.drop("x")
        return Part(data, data.height, results[1].item())

    return Plan([found, sizes.select(pl.len())], finish, sorts=True)


def _statistics(most: int) -> dict[str, pl.Expr]:
    value, count = pl.col("value"), pl.len().cast(pl.Int64)
    shown = pl.min_horizontal(count, pl.lit(most, dtype=pl.Int64))
    ranks = pl.int_range(0, shown) * (count - 1) // pl.max_horizontal(shown - 1, pl.lit(1, dtype=pl.Int64))
    return {
        "count": counted(pl.len()),
        "sd": value.std(),
        "q1": value.quantile(0.25, "linear"),
        "q3": value.quantile(0.75, "linear"),
        "values": value.sort().gather(ranks),
        "ranks": ranks.cast(pl.UInt32),
    }
