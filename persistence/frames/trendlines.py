"""Trend lines of scatters: least squares over all rows that match, smoothed lines over the points that are drawn."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl

from domain.collections import ColumnKind
from domain.errors import Invalid
from domain.figure_roles import splits
from domain.tiles import FigureTile
from domain.wording import tr
from persistence.frames.plans import Part, Plan, Rows, counted, whole

FRACTION, ROUNDS, PLACES = 2 / 3, 3, 60
"""Of W. S. Cleveland, "Robust locally weighted regression and smoothing scatterplots", Journal of the American
Statistical Association 74 (1979) 829: the share of points in each fit, and the rounds that weigh down outliers. Fits
are made at so many places; between them lie straight lines."""
SMOOTHED = {"x": pl.Float64, "y": pl.Float64}
NUMBERS = (ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME)

Array = np.ndarray[Any, Any]


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """Least squares: rows by what parts the points, `slope`, `intercept`, `r2`, `low`, `high`, `n`.

    y = intercept + slope * x; with `log_x` or `log_y` of `trendline_options` of their decimal logarithms. Times count
    in milliseconds since 1970 by the clock on the wall, as they are drawn.

    Raises:
        Invalid: when a column holds neither numbers nor times.
    """
    keys = keys_of(tile, rows)
    logs = tile.options.get("trendline_options", {})
    x, y = (_values(rows, name, role, log=bool(logs.get(f"log_{role}")))
            for role, name in (("x", tile.x), ("y", tile.y or "")))  # fmt: skip
    values = {role: rows.table.values(rows.table.columns[name]) for role, name in keys.items()}
    drawable = rows.matched.select(**values, x=x, y=y).filter(pl.col("x").is_finite() & pl.col("y").is_finite())
    within: list[str | pl.Expr] = [*keys] if keys else [pl.lit(0).alias("all")]
    # About the means, so that large numbers of little spread keep their digits.
    dx, dy = pl.col("x") - pl.col("x").mean(), pl.col("y") - pl.col("y").mean()
    found = drawable.group_by(within).agg(
        xx=(dx * dx).sum(), xy=(dx * dy).sum(), yy=(dy * dy).sum(), mx=pl.col("x").mean(), my=pl.col("y").mean(),
        low=pl.col("x").min(), high=pl.col("x").max(), n=counted(pl.len()),
    ).filter(pl.col("xx") > 0)  # fmt: skip
    slope = pl.col("xy") / pl.col("xx")
    lines = found.select(
        *keys,
        slope=slope,
        intercept=pl.col("my") - slope * pl.col("mx"),
        r2=pl.when(pl.col("yy") > 0).then(pl.col("xy") ** 2 / (pl.col("xx") * pl.col("yy"))).otherwise(1.0),
        low=pl.col("low"),
        high=pl.col("high"),
        n=pl.col("n"),
    )
    return Plan([lines], lambda results: whole(results[0].sort(list(keys), nulls_last=True) if keys else results[0]))


def keys_of(tile: FigureTile, rows: Rows) -> dict[str, str]:
    """What parts the lines: what parts the points, unless there is one line over all of a panel."""
    keys = splits(tile)
    if tile.options.get("trendline_scope") == "overall":
        keys = {role: name for role, name in keys.items() if role.startswith("facet")}
    elif tile.color and rows.table.column(tile.color, use="color").kind is ColumnKind.NUMBER:
        keys.pop("color")
    return keys


def _values(rows: Rows, name: str, role: str, *, log: bool = False) -> pl.Expr:
    column = rows.table.column(name, *NUMBERS, use=tr("the trend line along {role}", role=role))
    values = as_numbers(rows.table.values(column), column.kind)
    return values.log10() if log else values


def as_numbers(values: pl.Expr, kind: ColumnKind) -> pl.Expr:
    """Times in milliseconds by the clock on the wall."""
    if kind is ColumnKind.NUMBER:
        return values.cast(pl.Float64)
    if kind is ColumnKind.DATETIME:
        values = values.dt.replace_time_zone(None)
    return values.cast(pl.Datetime("us")).to_physical().cast(pl.Float64) / 1000


def smoothed(tile: FigureTile, rows: Rows, points: Plan) -> Plan:
    """The points' plan, with smoothed lines through those that are drawn as `trend`: rows by what parts them, `x`, `y`.

    Raises:
        Invalid: when a column holds neither numbers nor times.
    """
    keys = list(keys_of(tile, rows))
    kinds = [rows.table.column(name, *NUMBERS, use=tr("the trend line along {role}", role=role)).kind
             for role, name in (("x", tile.x), ("y", tile.y or ""))]  # fmt: skip
    if tile.options.get("trendline_options"):
        raise Invalid(tr("trendline_options belong to ols; leave them out."))

    def finish(results: Sequence[pl.DataFrame]) -> Part:
        part = points.finish(results)
        x, y = (as_numbers(pl.col(role), kind) for role, kind in zip("xy", kinds, strict=True))
        drawn = part.data.with_columns(x=x, y=y)
        groups = drawn.partition_by(keys, maintain_order=True) if keys else [drawn]
        lines = [_line(one, keys) for one in groups]
        trend = pl.concat([line for line in lines if line is not None] or [drawn.select(*keys, "x", "y").clear()])
        return msgspec.structs.replace(part, extra={**part.extra, "trend": trend})

    return Plan(points.lazy, finish, points.sorts)


def _line(points: pl.DataFrame, keys: list[str]) -> pl.DataFrame | None:
    if points["x"].n_unique() < 3:  # noqa: PLR2004 -- through two places goes a straight line at best.
        return None
    at, line = lowess(points["x"].to_numpy(), points["y"].to_numpy())
    first = points.select(keys).head(1)
    found = pl.DataFrame({"x": at, "y": line}, schema=SMOOTHED)
    return found.select(*(pl.lit(first[key]).first().alias(key) for key in keys), "x", "y")


def lowess(x: Array, y: Array) -> tuple[Array, Array]:
    """Places along x and the smoothed values there."""
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    at = np.unique(x[np.linspace(0, len(x) - 1, min(len(x), PLACES)).round().astype(int)])
    near = max(int(np.ceil(FRACTION * len(x))), 2)
    robust, line = np.ones(len(x)), np.zeros(len(at))
    for _ in range(ROUNDS + 1):
        line = np.array([_fit(x, y, place, near, robust) for place in at])
        residuals = np.abs(y - np.interp(x, at, line))
        scale = 6 * float(np.median(residuals))
        if scale <= 0:
            break
        robust = (1 - (residuals / scale).clip(0, 1) ** 2) ** 2
    return at, line


def _fit(x: Array, y: Array, place: float, near: int, robust: Array) -> float:
    """The value at a place of the straight line through its neighbours, the nearest of which weigh most."""
    distance = np.abs(x - place)
    reach = float(np.partition(distance, near - 1)[near - 1]) or 1.0
    weights = robust * (1 - (distance / (reach * (1 + 1e-12))).clip(0, 1) ** 3) ** 3
    total = weights.sum()
    if total <= 0:
        return float(np.interp(place, x, y))
    mx, my = float(weights @ x / total), float(weights @ y / total)
    spread = float(weights @ (x - mx) ** 2)
    slope = float(weights @ ((x - mx) * (y - my))) / spread if spread > 0 else 0.0
    return my + slope * (place - mx)
