"""Histograms of numbers and times: edges over the whole table, counts of the rows that match."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np
import polars as pl

from domain.collections import ColumnKind
from domain.tiles import FigureTile
from persistence.frames import groups
from persistence.frames.bins import Bins, Facts, bin_of, binnable, bins_for
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import MAX_GROUPS

GRID = pl.Struct({"start": pl.Float64(), "step": pl.Float64(), "count": pl.Float64(), "high": pl.Float64()})


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `color`, `left`, `right`, `count`; for text and booleans those of `groups.plan_categories`."""
    column = rows.table.column(tile.x, use="x")
    if column.kind in {ColumnKind.TEXT, ColumnKind.BOOLEAN}:
        return groups.plan_categories(tile, rows)
    values = rows.table.values(column)
    edge_type: pl.DataType = pl.Float64()
    if column.kind is not ColumnKind.NUMBER:
        dtype = rows.table.types[tile.x]
        edge_type = pl.Datetime("us", dtype.time_zone if isinstance(dtype, pl.Datetime) else None)
        values = values.cast(edge_type).to_physical().cast(pl.Float64)
    stepwise = column.kind is not ColumnKind.NUMBER or rows.table.types[tile.x].is_integer()
    grid = _grid(rows.all.select(value=values), tile.nbins, stepwise, column.kind is ColumnKind.NUMBER)
    color = {role: expr for role, expr in groups.keys_of(tile, rows).items() if role == "color"}
    values_to_bin = rows.matched.select(value=values, **color).filter(binnable(pl.col("value")))
    if rows.table.hot is None:
        placed = values_to_bin.join(grid, how="cross")
    else:
        # The grid of a hot table is the same for every request, and constants are far cheaper than a join.
        found = rows.table.hot.known(f"grid {tile.x!r} {tile.nbins}", grid)
        grid = found.lazy()
        placed = values_to_bin.with_columns(pl.lit(found[name].item()).alias(name) for name in found.columns)
    counts = placed.select(*color, bin=bin_of()).group_by([*color, "bin"]).agg(count=counted(pl.len()))
    return Plan([grid, counts], partial(_finish, edge_type))


def _grid(values: pl.LazyFrame, asked: int | None, stepwise: bool, rounded: bool) -> pl.LazyFrame:  # noqa: FBT001
    """One row `start`, `step`, `count`, `high` (all null when there is no binnable value)."""
    value = pl.col("value")
    facts = values.filter(binnable(value)).select(
        n=pl.len(),
        low=value.min(),
        high=value.max(),
        q1=value.quantile(0.25, "linear"),
        q3=value.quantile(0.75, "linear"),
    )

    def choose(known: pl.Series) -> pl.Series:
        found = [
            bins_for(msgspec.convert(row, Facts), asked, step_min=float(stepwise), rounded=rounded) for row in known
        ]
        return pl.Series([None if bins is None else msgspec.structs.asdict(bins) for bins in found], dtype=GRID)

    return facts.select(grid=pl.struct(pl.all()).map_batches(choose, return_dtype=GRID)).unnest("grid")


def _finish(edge_type: pl.DataType, results: Sequence[pl.DataFrame]) -> Part:
    grid, counts = results
    bins = _bins(grid)
    edges = np.empty(0) if bins is None else bins.edges()
    frame = pl.DataFrame(
        {"left": edges[:-1], "right": edges[1:]},
        schema={"left": pl.Float64, "right": pl.Float64},
    )
    if edge_type != pl.Float64:
        frame = frame.select(pl.all().cast(pl.Int64).cast(edge_type))
    frame = frame.with_columns(bin=pl.int_range(pl.len(), dtype=pl.UInt32))
    roles = [name for name in counts.columns if name == "color"]
    of = frame.height
    if roles:
        totals = counts.group_by("color").agg(pl.col("count").cast(pl.UInt64).sum())
        of *= totals.height
        kept = totals.sort("count", "color", descending=[True, False], nulls_last=True)
        kept = kept.head(max(MAX_GROUPS // max(frame.height, 1), 1)).select("color").sort("color", nulls_last=True)
        frame = kept.join(frame, how="cross", maintain_order="left_right")
    filled = frame.join(counts, on=[*roles, "bin"], how="left", nulls_equal=True, maintain_order="left")
    data = filled.select(*roles, "left", "right", pl.col("count").fill_null(0))
    return Part(data, data.height, of)


def _bins(grid: pl.DataFrame) -> Bins | None:
    row: dict[str, Any] = grid.row(0, named=True)
    if row["start"] is None:
        return None
    return Bins(row["start"], row["step"], int(row["count"]), row["high"])
