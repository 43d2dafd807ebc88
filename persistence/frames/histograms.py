"""Histograms of numbers and times: edges over the whole table, counts of the rows that match."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np
import polars as pl

from domain.collections import Column, ColumnKind
from domain.tiles import Aggregation, FigureTile
from domain.wording import tr
from persistence.frames import celled, cubes, found, groups, years
from persistence.frames.aggregations import aggregate
from persistence.frames.axes import Axis
from persistence.frames.binned import bin_axis
from persistence.frames.bins import LARGEST, Bins, Facts, bin_of, binnable, bins_for
from persistence.frames.hot import HotTable
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.selection import Selection
from persistence.frames.shapes import MAX_GROUPS
from persistence.frames.sources import Table

HISTFUNC = {
    "count": Aggregation.COUNT, "sum": Aggregation.SUM, "avg": Aggregation.MEAN, "min": Aggregation.MIN,
    "max": Aggregation.MAX,
}  # fmt: skip
"""What Plotly calls `histfunc`."""
GRID = pl.Struct({"start": pl.Float64(), "step": pl.Float64(), "count": pl.Float64(), "high": pl.Float64()})


class _Asked(msgspec.Struct, frozen=True, eq=False):
    """What a histogram is of; `values` are numbers in any case, and become `edge_type` again on the axis."""

    column: Column
    values: pl.Expr
    edge_type: pl.DataType
    nbins: int | None
    stepwise: bool
    color: dict[str, Column]
    """The columns of the role `color` and of others that part the bars, if it has them."""
    summed: tuple[str, pl.Expr] | None = None
    """What is made of other values in each bin, in the words of Plotly, and these values."""

    @property
    def rounded(self) -> bool:
        """Whether edges are to be round numbers."""
        return self.column.kind is ColumnKind.NUMBER


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `color`, `left`, `right`, `count`; for text and booleans those of `groups.plan_categories`."""
    columns = groups.columns_of(tile, rows.table)
    column = columns.pop("x")
    if column.kind in {ColumnKind.TEXT, ColumnKind.BOOLEAN}:
        return _summed_categories(tile, rows) if sums(tile) else groups.plan_categories(tile, rows)
    asked = _asked(tile, rows.table, column, columns)
    grid = _grid(rows.all.select(value=asked.values), asked)
    if rows.selection is not None:
        return _over_cells(asked, rows, rows.selection, grid)
    placed = _binnable(asked, rows).join(grid, how="cross")
    return Plan([grid, _counts(asked, placed)], partial(_finish, asked.edge_type))


def sums(tile: FigureTile) -> bool:
    """Whether the bars show something else than how many rows there are."""
    return bool(tile.y) and tile.options.get("histfunc", "count") != "count"


def _summed_categories(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x`, `color`, `y`, `count`."""
    how = HISTFUNC[tile.options["histfunc"]]
    made = groups.plan(msgspec.structs.replace(tile, aggregation=how), rows)

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        part = made.finish(results)
        return msgspec.structs.replace(part, data=part.data.rename({"rows": "count"}))

    return Plan(made.lazy, finish)


def _asked(tile: FigureTile, table: Table, column: Column, color: dict[str, Column]) -> _Asked:
    dtype, values = table.types[column.name], table.values(column)
    summed = None
    if sums(tile):
        added = table.column(tile.y or "", ColumnKind.NUMBER, use=tr("the heights of the bars"))
        summed = (str(tile.options["histfunc"]), table.values(added))
    if column.kind is ColumnKind.NUMBER:
        return _Asked(column, values, pl.Float64(), tile.nbins, dtype.is_integer(), color, summed)
    moment = pl.Datetime("us", dtype.time_zone if isinstance(dtype, pl.Datetime) else None)
    return _Asked(column, values.cast(moment).to_physical().cast(pl.Float64), moment, tile.nbins, True, color, summed)  # noqa: FBT003


def _binnable(asked: _Asked, rows: Rows) -> pl.LazyFrame:
    color = {role: rows.table.values(column) for role, column in asked.color.items()}
    added = {"added": asked.summed[1]} if asked.summed else {}
    return rows.matched.select(value=asked.values, **added, **color).filter(binnable(pl.col("value")))


def _counts(asked: _Asked, placed: pl.LazyFrame) -> pl.LazyFrame:
    keys = [*asked.color, "bin"]
    if asked.summed is None:
        return placed.select(*asked.color, bin=bin_of()).group_by(keys).agg(count=counted(pl.len()))
    how, added = HISTFUNC[asked.summed[0]], pl.col("added")
    found = placed.select(*asked.color, "added", bin=bin_of()).group_by(keys)
    return found.agg(y=aggregate(added, how), count=counted(pl.len()))


def _over_cells(asked: _Asked, rows: Rows, selection: Selection, lazy_grid: pl.LazyFrame) -> Plan:
    """Over a hot table, whose grid and bins are the same for every request."""
    grid = _known_grid(asked, selection.hot, lazy_grid)
    counts = None if asked.summed else _cells(asked, rows, selection, _bins(grid))
    if counts is not None:
        return Plan([], lambda _: _finish(asked.edge_type, [grid, counts]))
    # Constants are far cheaper than a join.
    placed = _binnable(asked, rows).with_columns(pl.lit(grid[name].item()).alias(name) for name in grid.columns)
    return Plan([_counts(asked, placed)], lambda results: _finish(asked.edge_type, [grid, *results]))


def _known_grid(asked: _Asked, hot: HotTable, lazy_grid: pl.LazyFrame) -> pl.DataFrame:

    def find() -> pl.Series:
        facts = _ordered_facts(asked, hot)
        if facts is None:
            return _numbers(lazy_grid)
        bins = _chosen(asked, facts)
        found = [None] * len(GRID.fields) if bins is None else msgspec.structs.astuple(bins)
        return pl.Series("figures", found, dtype=pl.Float64)

    name = f"grid {asked.column.name!r} {asked.nbins}"
    numbers = hot.figures(name, len(GRID.fields), find)
    fields = zip(GRID.fields, numbers, strict=True)
    return pl.DataFrame([pl.Series(field.name, [number], dtype=pl.Float64) for field, number in fields])


def _ordered_facts(asked: _Asked, hot: HotTable) -> Facts | None:
    """The facts that stand at known places of the column's order; None without one, or when some have no bin."""
    name = asked.column.name
    count = hot.rows - hot.missing(name) if asked.column.kind is ColumnKind.NUMBER else 0
    places = [(count - 1) * share for share in (0, 1, 0.25, 0.75)]
    ranks = [end(place) for place in places for end in (math.floor, math.ceil)]
    values = found.at_ranks(hot, name, ranks) if count else None
    if values is None:
        return None
    ends = values.cast(pl.Float64).to_list()
    low, high, q1, q3 = (
        (ends[2 * number + 1] - ends[2 * number]) * (place - math.floor(place)) + ends[2 * number]
        for number, place in enumerate(places)
    )
    # Beyond these a value has no bin, and takes no part in the quartiles.
    return Facts(count, low, high, q1, q3) if low >= -LARGEST and high <= LARGEST else None


def _chosen(asked: _Asked, facts: Facts) -> Bins | None:
    return bins_for(facts, asked.nbins, step_min=float(asked.stepwise), rounded=asked.rounded)


def _numbers(grid: pl.LazyFrame) -> pl.Series:
    return pl.Series("figures", grid.collect(engine="in-memory").row(0), dtype=pl.Float64)


def axes_of(tile: FigureTile, rows: Rows) -> list[Axis] | None:
    """The axis of the colour, if the tile has one, and that of the bins; None where cubes do not help.

    Only for numbers and times.

    Raises:
        Invalid: when a column is unknown or of the wrong kind.
    """
    columns = groups.columns_of(tile, rows.table)
    asked = _asked(tile, rows.table, columns.pop("x"), columns)
    if rows.selection is None:
        return None
    grid = _known_grid(asked, rows.selection.hot, _grid(rows.all.select(value=asked.values), asked))
    return _axes(asked, rows, rows.selection.hot, _bins(grid))


def _axes(asked: _Asked, rows: Rows, hot: HotTable, bins: Bins | None) -> list[Axis] | None:
    axes = celled.axes_of(rows, list(asked.color.values()))
    if axes is None or bins is None:
        return None
    return [*axes, bin_axis(hot, asked.column.name, asked.values, bins)]


def _cells(asked: _Asked, rows: Rows, selection: Selection, bins: Bins | None) -> pl.DataFrame | None:
    axes = _axes(asked, rows, selection.hot, bins)
    sizes = None if axes is None else cubes.measured(selection, axes)
    if axes is None or sizes is None:
        return None
    present = np.nonzero(sizes)
    found = celled.labelled(rows.table, asked.color, axes[:-1], present[:-1])
    found += [pl.Series("bin", present[-1]).cast(pl.UInt32), pl.Series("count", sizes[present]).cast(pl.UInt32)]
    return pl.DataFrame(found)


def _grid(values: pl.LazyFrame, asked: _Asked) -> pl.LazyFrame:
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
        found = [_chosen(asked, msgspec.convert(row, Facts)) for row in known]
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
    if edge_type != pl.Float64 and bins is not None:
        ends = pl.DataFrame({"end": [bins.high, bins.start]})
        years.check_years([ends.cast(pl.Int64).cast(edge_type)])
        # A bin may end after the last year that can be shown, where no value is.
        frame = frame.select(pl.all().cast(pl.Int64).clip(upper_bound=years.LAST).cast(edge_type))
    elif edge_type != pl.Float64:
        frame = frame.cast(edge_type)
    frame = frame.with_columns(bin=pl.int_range(pl.len(), dtype=pl.UInt32))
    roles = [name for name in counts.columns if name not in {"bin", "y", "count"}]
    of = frame.height
    if roles:
        totals = counts.group_by(roles).agg(pl.col("count").cast(pl.UInt64).sum())
        of *= totals.height
        kept = totals.sort("count", *roles, descending=[True, *(False for _ in roles)], nulls_last=True)
        kept = kept.head(max(MAX_GROUPS // max(frame.height, 1), 1)).select(roles).sort(roles, nulls_last=True)
        frame = kept.join(frame, how="cross", maintain_order="left_right")
    filled = frame.join(counts, on=[*roles, "bin"], how="left", nulls_equal=True, maintain_order="left")
    values = ["y"] if "y" in counts.columns else []
    data = filled.select(*roles, "left", "right", *values, pl.col("count").fill_null(0))
    return Part(data, data.height, of)


def _bins(grid: pl.DataFrame) -> Bins | None:
    row: dict[str, Any] = grid.row(0, named=True)
    if row["start"] is None:
        return None
    return Bins(row["start"], row["step"], int(row["count"]), row["high"])
