"""Boxes: quartiles, Tukey's fences and outliers of each group, computed here so that no point has to travel."""

from collections.abc import Sequence

import polars as pl

from domain.collections import ColumnKind
from domain.tiles import FigureTile
from persistence.frames.groups import keys_of
from persistence.frames.plans import Part, Plan, Rows, counted
from persistence.frames.shapes import MAX_BOXES, MAX_OUTLIERS

WHISKER = 1.5


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Rows as `shapes` lists them; at most `MAX_BOXES` groups, those with most values."""
    table = rows.table
    keys = keys_of(tile, rows)
    if tile.y is None:
        keys["x"] = pl.lit(None, dtype=pl.String)
    values = table.values(table.column(tile.y or tile.x, ColumnKind.NUMBER, use="y" if tile.y else "x"))
    roles = list(keys)
    finite = rows.matched.select(**keys, value=values).filter(pl.col("value").is_finite())
    sizes = finite.group_by(roles).agg(size=pl.len())
    largest = sizes.sort(["size", *roles], descending=[True, *(False for _ in roles)], nulls_last=True).head(MAX_BOXES)
    boxes = finite.join(largest, on=roles, how="semi", nulls_equal=True).group_by(roles).agg(**statistics())

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        data = results[0].sort(roles, nulls_last=True)
        return Part(data, data.height, results[1].item())

    return Plan([boxes, sizes.select(pl.len())], finish)


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
