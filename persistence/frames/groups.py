"""Bars, lines and histograms of categories: one row a group, bounded."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from domain.collections import Column, ColumnKind
from domain.errors import Invalid
from domain.figure_roles import splits
from domain.tiles import Aggregation, FigureTile
from domain.wording import tr
from persistence.frames import celled
from persistence.frames.aggregations import aggregable, aggregated
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import MAX_GROUPS
from persistence.frames.sources import Table

ORDERED = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)


def columns_of(tile: FigureTile, table: Table) -> dict[str, Column]:
    """The grouping roles of the tile and their columns.

    Raises:
        Invalid: naming the role, when its column is unknown or cannot be grouped by.
    """
    roles = {"x": tile.x} | splits(tile)
    return {role: table.column(name, use=role) for role, name in roles.items()}


def keys_of(tile: FigureTile, rows: Rows) -> dict[str, pl.Expr]:
    """The same roles and their values."""
    return {role: rows.table.values(column) for role, column in columns_of(tile, rows.table).items()}


Grouped = tuple[list[pl.LazyFrame], Callable[[Sequence[pl.DataFrame]], pl.DataFrame]]
"""What is to be collected, and how a row for each group comes of it."""
SPREADS = ("sd", "sem", "ci95")
NORMAL_95 = 1.959963984540054
"""Of a normal distribution 95 % lie within so many standard deviations of the mean."""


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x`, `color` and other roles, `y`, [`error`], `rows`: bars, lines, areas, funnels."""
    columns = columns_of(tile, rows.table)
    lazy, read = grouped(rows, columns, measured(tile, rows.table), tile.aggregation, _spread(tile, rows.table))
    return Plan(lazy, lambda results: _finish(columns["x"], list(columns), [read(results)]))


def measured(tile: FigureTile, table: Table) -> Column | None:
    """The column that each group becomes a number of; None to count rows.

    Raises:
        Invalid: when it is unknown or cannot be aggregated so.
    """
    # Without a column only rows can be counted; the error asks for one.
    counts_rows = not tile.y and tile.aggregation is Aggregation.COUNT
    return None if counts_rows else aggregable(table, tile.y or "", tile.aggregation)


def grouped(
    rows: Rows,
    columns: Mapping[str, Column],
    column: Column | None,
    aggregation: Aggregation,
    more: Mapping[str, pl.Expr] | None = None,
) -> Grouped:
    """A row for each group that has rows: its keys by role, the aggregate `y`, what `more` asks for, and `rows`."""
    cells = None if more else celled.aggregated(rows, columns, aggregation, column)
    if cells is not None:
        found = cells if column is not None else cells.with_columns(y="rows").select(*columns, "y", "rows")
        return [], lambda _: found
    keys = {role: rows.table.values(one) for role, one in columns.items()}
    y = counted(pl.len()) if column is None else aggregated(rows.table, column, aggregation)
    # Aggregates are named by another prefix than the keys, which may hide the columns that they are made of.
    extra = {f"depictio_{name}": expr for name, expr in (more or {}).items()}
    collected = (
        rows.matched.with_columns(**{f"depictio_key_{role}": key for role, key in keys.items()})
        .group_by([f"depictio_key_{role}" for role in keys])
        .agg(depictio_y=y, depictio_rows=counted(pl.len()), **extra)
        .select(
            **{role: f"depictio_key_{role}" for role in keys},
            y="depictio_y",
            **{name: f"depictio_{name}" for name in more or {}},
            rows="depictio_rows",
        )
    )
    return [collected], lambda results: results[0]


def _spread(tile: FigureTile, table: Table) -> dict[str, pl.Expr]:
    """How far the values of a group lie from their mean: `error`, null where a group has fewer than two.

    The standard deviation of a sample (sd), that of the mean (sem), or what reaches to the ends of its 95 % confidence
    interval by the normal distribution (ci95).
    """
    what = tile.options.get("error_bars")
    if what is None:
        return {}
    if tile.aggregation is not Aggregation.MEAN or what not in SPREADS:
        raise Invalid(tr("Error bars show how far values lie from their mean: choose the aggregation mean."))
    values = table.values(table.column(tile.y or "", ColumnKind.NUMBER, use=tr("the error bars"))).cast(pl.Float64)
    sd = values.std(ddof=1)
    sem = sd / values.count().sqrt()
    return {"error": {"sd": sd, "sem": sem, "ci95": NORMAL_95 * sem}[what].fill_nan(None)}


def plan_categories(tile: FigureTile, rows: Rows) -> Plan:
    """Rows `x`, `color`, `count`, for histograms of text and booleans."""
    columns = columns_of(tile, rows.table)
    keys, x = list(columns), columns["x"]
    cells = celled.counted(rows, columns)
    if cells is None:
        values = keys_of(tile, rows)
        groups = [rows.matched.select(**values).group_by(keys).agg(rows=counted(pl.len()))]
    else:
        groups = []

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        part = _finish(x, keys, results if cells is None else [cells])
        return Part(part.data.rename({"rows": "count"}), part.shown, part.of)

    return Plan(groups, finish)


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
