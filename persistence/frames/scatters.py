"""Scatters with what stands beside their points: trend lines, and distributions along the axes."""

from domain.collections import ColumnKind
from domain.figure_roles import marginal_tile, marginals
from domain.tiles import FigureTile
from persistence.frames import boxes, histograms, marks, points, spreads, trendlines
from persistence.frames.plans import Plan, Rows, beside

MARGINAL_PLANS = {"histogram": histograms.plan, "box": boxes.plan, "violin": spreads.plan, "rug": marks.rug}


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """The points; in `extra` the `trend`, if the tile has one.

    Raises:
        Invalid: when a column is unknown or of the wrong kind.
    """
    how, made = tile.options.get("trendline"), points.plan(tile, rows)
    if how == "lowess":
        return trendlines.smoothed(tile, rows, made)
    return beside(made, {"trend": trendlines.plan(tile, rows)}) if how == "ols" else made


def with_marginals(tile: FigureTile, rows: Rows, made: Plan) -> Plan:
    """The plan with the distributions along the axes in `extra`, as `marginal_x` and `marginal_y`.

    Raises:
        Invalid: when a column has no such distribution.
    """
    found = marginals(tile)
    color = rows.table.columns.get(tile.color or "")
    has_groups = color is not None and color.kind is not ColumnKind.NUMBER
    plans = {
        name: MARGINAL_PLANS[kind](marginal_tile(tile, name, kind, grouped=has_groups), rows)
        for name, kind in found.items()
    }
    return beside(made, plans) if plans else made
