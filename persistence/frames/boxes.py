"""Boxes: quartiles, Tukey's fences and outliers of each group, computed here so that no point has to travel."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from domain.collections import Column, ColumnKind
from domain.tiles import FigureTile
from persistence.frames import celled, cubes
from persistence.frames.cubes import Measure
from persistence.frames.groups import columns_of
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.ranked import Ranked, quantile
from persistence.frames.shapes import MAX_BOXES, MAX_OUTLIERS

WHISKER = 1.5
STATISTICS: dict[str, pl.DataType | type[pl.DataType]] = {
    "count": pl.UInt32, "min": pl.Float64, "lower": pl.Float64, "q1": pl.Float64, "median": pl.Float64,
    "q3": pl.Float64, "upper": pl.Float64, "max": pl.Float64, "mean": pl.Float64,
    "outliers": pl.List(pl.Float64), "outlier_count": pl.UInt32,
}  # fmt: skip


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows as `shapes` lists them; at most `MAX_BOXES` groups, those with most values."""
    table = rows.table
    column = table.column(tile.y or tile.x, ColumnKind.NUMBER, use="y" if tile.y else "x")
    columns = columns_of(tile, table)
    if tile.y is None:
        # One box for all rows stands at no x.
        columns.pop("x")
    found = _over_cells(rows, columns, column, has_x=tile.y is not None)
    if found is not None:
        return found
    values = table.values(column)
    nothing = {} if tile.y else {"x": pl.lit(None, dtype=pl.String)}
    keys = nothing | {role: table.values(one) for role, one in columns.items()}
    roles = list(keys)
    finite = rows.matched.select(**keys, value=values).filter(pl.col("value").is_finite())
    sizes = finite.group_by(roles).agg(size=pl.len())
    largest = sizes.sort(["size", *roles], descending=[True, *(False for _ in roles)], nulls_last=True).head(MAX_BOXES)
    boxes = finite.join(largest, on=roles, how="semi", nulls_equal=True).group_by(roles).agg(**statistics())

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        data = results[0].sort(roles, nulls_last=True)
        return Part(data, data.height, results[1].item())

    return Plan([boxes, sizes.select(pl.len())], finish)


def _over_cells(rows: Rows, columns: dict[str, Column], column: Column, *, has_x: bool) -> Plan | None:
    """The same over a hot table with cubes."""
    axes = celled.axes_of(rows, list(columns.values()))
    ranked = None if axes is None or rows.selection is None else Ranked.of(rows.selection, axes, column.name)
    if axes is None or rows.selection is None or ranked is None:
        return None
    sums = cubes.measured(rows.selection, axes, Measure("sum", column.name))
    if sums is None:
        return None
    present = np.flatnonzero(ranked.counts)
    places = np.unravel_index(present, [axis.size for axis in axes]) if axes else []
    labels = celled.labelled(rows.table, columns, axes, places)
    nowhere = [] if has_x else [pl.Series("x", [None] * len(present), dtype=pl.String)]
    groups = pl.DataFrame([*nowhere, *labels, pl.Series("cell", present), pl.Series("size", ranked.counts[present])])
    roles = groups.columns[:-2]
    largest = groups.sort(["size", *roles], descending=[True, *(False for _ in roles)], nulls_last=True).head(MAX_BOXES)
    shown = largest.sort(roles, nulls_last=True)
    boxes = [_statistics(ranked, cell, float(sums.ravel()[cell])) for cell in shown["cell"]]
    data = pl.concat([shown.select(roles), pl.DataFrame(boxes, schema=STATISTICS, orient="row")], how="horizontal")
    return Plan([], lambda _: Part(data, data.height, groups.height))


def _statistics(ranked: Ranked, cell: int, total: float) -> tuple[object, ...]:
    """What `statistics` gives, of a cell that has values."""
    count = int(ranked.counts[cell])
    q1, median, q3 = (quantile(ranked, cell, share) for share in (0.25, 0.5, 0.75))
    reach = WHISKER * (q3 - q1)
    below, beyond = ranked.below(cell, q1 - reach), count - ranked.up_to(cell, q3 + reach)
    low = ranked.some(cell, range(min(below, MAX_OUTLIERS)))
    high = ranked.some(cell, range(count - min(beyond, MAX_OUTLIERS), count))
    # Farthest first, and of equally far ones the higher.
    far = np.concatenate([low, high])
    distance = np.concatenate([q1 - low, high - q3])
    outliers = np.sort(far[np.lexsort((-far, -distance))][:MAX_OUTLIERS])
    ends = (ranked.at(cell, 0), ranked.at(cell, below), q1, median, q3)
    return (
        *(count, *ends, ranked.at(cell, count - beyond - 1), ranked.at(cell, count - 1)),
        *(total / count, outliers.tolist(), below + beyond),
    )


def statistics() -> dict[str, pl.Expr]:
    """The statistics of `value`, finite and never missing.

    Quartiles interpolate linearly (type 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages",
    The American Statistician 50 (1996) 361). Fences are those of J. W. Tukey, "Exploratory Data Analysis" (1977):
    the extreme values within 1.5 interquartile ranges of the quartiles.
    """
    value = pl.col("value")
    q1, q3 = value.quantile(0.25, "linear"), value.quantile(0.75, "linear")
    reach = WHISKER * (q3 - q1)
    near = value.is_between(q1 - reach, q3 + reach)
    distance = pl.max_horizontal(q1 - value, value - q3)
    far = value.filter(~near).sort_by([distance.filter(~near), value.filter(~near)], descending=True)
    return {
        "count": counted(pl.len()),
        "min": value.min(),
        "lower": value.filter(near).min(),
        "q1": q1,
        "median": value.median(),
        "q3": q3,
        "upper": value.filter(near).max(),
        "max": value.max(),
        "mean": value.mean(),
        "outliers": far.head(MAX_OUTLIERS).sort(),
        "outlier_count": counted((~near).sum()),
    }
