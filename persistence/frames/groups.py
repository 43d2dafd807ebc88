"""Bars, lines and histograms of categories: one row a group, bounded."""

from collections.abc import Sequence
from functools import partial

import polars as pl

from domain.collections import Column, ColumnKind
from domain.tiles import Aggregation, FigureTile
from persistence.frames.aggregations import aggregated
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import MAX_GROUPS

ORDERED = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)


def keys_of(tile: FigureTile, rows: Rows) -> dict[str, pl.Expr]:
    """The grouping roles of the tile and their values."""
    roles = {"x": tile.x} | ({"color": tile.color} if tile.color else {})
    return {role: rows.table.values(rows.table.column(name, use=role)) for role, name in roles.items()}


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x`, `color`, `y`, `rows`, for bars and lines."""
    keys, x = keys_of(tile, rows), rows.table.column(tile.x, use="x")
    if tile.y:
        _, y = aggregated(rows.table, tile.y, tile.aggregation)
    elif tile.aggregation is Aggregation.COUNT:
        y = counted(pl.len())
    else:
        # Without a column only rows can be counted; the error asks for one.
        y = aggregated(rows.table, "", tile.aggregation)[1]
    # Aggregates are named by another prefix than the keys, which may hide the columns that they are made of.
    groups = (
        rows.matched.with_columns(**{f"depictio_key_{role}": key for role, key in keys.items()})
        .group_by([f"depictio_key_{role}" for role in keys])
        .agg(depictio_y=y, depictio_rows=counted(pl.len()))
        .select(**{role: f"depictio_key_{role}" for role in keys}, y="depictio_y", rows="depictio_rows")
    )
    return Plan([groups], partial(_finish, x, list(keys)))


def plan_categories(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x`, `color`, `count`, for histograms of text and booleans."""
    keys, x = keys_of(tile, rows), rows.table.column(tile.x, use="x")
    groups = rows.matched.select(**keys).group_by(list(keys)).agg(rows=counted(pl.len()))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        part = _finish(x, list(keys), results)
        return Part(part.data.rename({"rows": "count"}), part.shown, part.of)

    return Plan([groups], finish)


def _finish(x: Column, keys: list[str], results: Sequence[pl.DataFrame]) -> Part:
    groups = results[0]
    kept = bounded(groups, ordered=x.kind in ORDERED).sort(keys, nulls_last=True)
    return Part(kept, kept.height, groups.height)


def bounded(groups: pl.DataFrame, *, ordered: bool) -> pl.DataFrame:
    """At most `MAX_GROUPS` of the groups, all colours of an x together.

    Of an ordered x every n-th is kept, so that the course stays visible; of others those with most rows.
    """
    if groups.height <= MAX_GROUPS:
        return groups
    totals = groups.group_by("x").agg(pl.col("rows").cast(pl.UInt64).sum(), groups=pl.len().cast(pl.UInt64))
    if ordered:
        step = -(-groups.height // MAX_GROUPS)
        totals = totals.sort("x", nulls_last=True).gather_every(step)
    else:
        totals = totals.sort("rows", "x", descending=[True, False], nulls_last=True)
    kept = totals.filter(pl.col("groups").cum_sum() <= MAX_GROUPS)
    if kept.is_empty():
        # A single x has more colours than can be drawn: those with most rows stand for it.
        return groups.top_k(MAX_GROUPS, by="rows")
    return groups.join(kept.select("x"), on="x", how="semi", nulls_equal=True)
