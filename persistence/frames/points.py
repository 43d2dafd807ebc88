"""Scatters: points, bounded so that the extremes stay and the rest is an even sample."""

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import polars as pl

from domain.collections import ColumnKind
from domain.figure_roles import SPLITS, bound
from domain.tiles import FigureTile
from persistence.frames import cubes, density, found
from persistence.frames.density import Raster
from persistence.frames.hot import HotTable
from persistence.frames.masks import Test
from persistence.frames.plans import Part, Plan, Rows
from persistence.frames.selection import Selection
from persistence.frames.sources import ROW

TAIL_SHARE = 20
"""One in so many of the points is kept at each of the four ends: lowest and highest x, lowest and highest y."""
SEED = 2
ERRORS = ("error_x", "error_x_minus", "error_y", "error_y_minus")
CARRIED = ("text", "hover_name", *ERRORS)
"""What points may carry beside their place and what parts them."""
EXACT = (pl.Float64, pl.Float32, pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32)
WIDE = (pl.Int64, pl.UInt64)
LARGEST_EXACT = 2**53
"""Whole numbers beyond it are rounded when they become Float64, so that the next one cannot be told from it."""


def plan(tile: FigureTile, rows: Rows, raster: Raster | None = None) -> Plan:
    """One row a point, in the table's order.

    Above `tile.max_points` points those farthest out in x and y stay, a twentieth of the bound at each end, and
    the rest is drawn by a hash of the row's place: the same rows in every answer for one table version, so that
    points do not flicker while a filter moves. Only the bound travels through memory, however large the table. What
    was left out shows in the density, which `raster` counts if it is given.
    """
    roles = roles_of(tile)
    table = rows.table
    named = {role: table.column(name, use=role) for role, name in roles.items()}
    for role in ("size", *ERRORS):
        if role in roles:
            table.column(roles[role], ColumnKind.NUMBER, use=role)
    axes, bound = (tile.x, tile.y or ""), max(tile.max_points, 1)
    raster = density.plan(tile, rows, bound) if raster is None else raster
    if rows.selection is not None and all(_numeric(rows.selection.hot, table.types[name], name) for name in axes):
        presented = {role: table.presented(column) for role, column in named.items()}
        return _looked_up(tile, rows.selection, presented, raster)
    columns = {role: table.values(column) for role, column in named.items()}
    points = rows.matched.select(ROW, **columns).filter(_drawable(rows, tile.x, "x") & _drawable(rows, tile.y, "y"))
    tail = max(bound // TAIL_SHARE, 1)
    ends = [
        points.bottom_k(tail, by=["x", ROW]),
        points.top_k(tail, by=["x", ROW]),
        points.bottom_k(tail, by=["y", ROW]),
        points.top_k(tail, by=["y", ROW]),
    ]
    sample = points.with_columns(_draw=rows.draw(SEED)).bottom_k(bound, by=["_draw", ROW]).drop("_draw")
    return Plan([*raster.lazy, points.select(pl.len()), sample, *ends], partial(_finish, bound, raster))


def _looked_up(tile: FigureTile, selection: Selection, columns: dict[str, pl.Expr], raster: Raster) -> Plan:
    """The same points of a hot table: it knows which rows come first in either order and in that of the hashes."""
    hot, axes = selection.hot, sorted({tile.x, tile.y or ""})
    chosen = selection.narrowed([test for name in axes for test in _finite(hot, name)])
    bound, count = max(tile.max_points, 1), cubes.count(chosen)
    if count <= bound:
        positions = found.everything(chosen)
    else:
        ends = [found.ends(chosen, name, max(bound // TAIL_SHARE, 1)) for name in (tile.x, tile.y or "")]
        tails = [positions for pair in ends for positions in pair]
        positions = _kept([*tails, found.drawn(chosen, SEED, bound)], bound)
    names = sorted({name for expr in columns.values() for name in expr.meta.root_names()})
    data = hot.rows_at(positions, names).select(**columns)
    part = Part(data, data.height, count, raster.finish([]) if count > bound else None)
    return Plan([], lambda _: part)


def _kept(positions: Sequence[pl.Series], bound: int) -> pl.Series:
    """The first `bound` different ones of these positions, ascending."""
    all_of_them = np.concatenate([some.to_numpy() for some in positions])
    _, first = np.unique(all_of_them, return_index=True)
    return pl.Series(np.sort(all_of_them[np.sort(first)[:bound]]))


def _finite(hot: HotTable, name: str) -> list[Test]:
    """The test that leaves rows out that cannot be drawn; none when there are no such rows."""
    if largest(hot, name) < math.inf and not hot.missing(name):
        return []
    return [Test(f"finite {name!r}", pl.col(name).cast(pl.Float64).is_finite())]


def largest(hot: HotTable, name: str) -> float:
    """The largest absolute value of a column of numbers; 0 when it has none."""

    def find(table: HotTable) -> pl.Series:
        column = table.column(name)
        return pl.Series([column.min(), column.max()]).cast(pl.Float64)

    return max((abs(end) for end in hot.reach(f"reach {name!r}", find) if end is not None), default=0.0)


def _numeric(hot: HotTable, dtype: pl.DataType, name: str) -> bool:
    """Whether the column's values are as exact, and so in the same order, when they are drawn as Float64."""
    return isinstance(dtype, EXACT) or (isinstance(dtype, WIDE) and largest(hot, name) < LARGEST_EXACT)


def roles_of(tile: FigureTile) -> dict[str, str]:
    """The columns that each point carries, by role; y is empty when the tile has none."""
    optional = {"color": tile.color, "size": tile.size, "selection": tile.selection_column}
    optional |= {name: bound(tile, name) for name in (*SPLITS, *CARRIED)}
    hover = {f"hover_{number}": name for number, name in enumerate(tile.hover)}
    return {"x": tile.x, "y": tile.y or ""} | {role: name for role, name in optional.items() if name} | hover


def _drawable(rows: Rows, name: str | None, role: str) -> pl.Expr:
    kind = rows.table.columns[name or ""].kind
    return pl.col(role).is_finite() if kind is ColumnKind.NUMBER else pl.col(role).is_not_null()


def _finish(bound: int, raster: Raster, results: Sequence[pl.DataFrame]) -> Part:
    first = len(raster.lazy)
    count, sample, *ends = results[first:]
    of = count.item()
    if of > bound:
        # Stable and first come, first kept: tails before the sample, each row once.
        sample = pl.concat([*ends, sample]).unique(ROW, keep="first", maintain_order=True).head(bound)
    data = sample.sort(ROW).drop(ROW)
    return Part(data, data.height, of, raster.finish(results[:first]) if of > bound else None)
