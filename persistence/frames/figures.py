"""Figures: which plan computes which kind."""

import msgspec

from domain.figure_roles import canonical, has_points
from domain.tiles import Aggregation, FigureTile, Visu
from persistence.frames import boxes, grids, groups, histograms, levels, marks, samples, scatters, spreads
from persistence.frames.plans import Plan, Rows, beside

SHARE = {True: Aggregation.SUM, False: Aggregation.COUNT}
"""What parts of a whole are: sums of a column if there is one, otherwise rows."""


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """The tile's plan.

    Raises:
        Invalid: when a column is unknown or of the wrong kind.
    """
    asked = canonical(tile)
    made = _plan(asked, rows)
    if has_points(asked):
        made = beside(made, {"points": marks.points(asked, rows)})
    return scatters.with_marginals(asked, rows, made)


def _plan(asked: FigureTile, rows: Rows) -> Plan:
    match asked.visu_type:
        case Visu.SCATTER:
            return scatters.plan(asked, rows)
        case Visu.HISTOGRAM:
            return histograms.plan(asked, rows)
        case Visu.BOX:
            return boxes.plan(asked, rows)
        case Visu.BAR | Visu.LINE | Visu.AREA | Visu.FUNNEL | Visu.LINE_POLAR | Visu.BAR_POLAR:
            return groups.plan(asked, rows)
        case Visu.PIE | Visu.FUNNEL_AREA:
            return groups.plan(msgspec.structs.replace(asked, aggregation=SHARE[bool(asked.y)]), rows)
        case Visu.VIOLIN | Visu.ECDF:
            return spreads.plan(asked, rows)
        case Visu.SUNBURST | Visu.TREEMAP | Visu.ICICLE | Visu.PARALLEL_CATEGORIES:
            return levels.plan(asked, rows)
        case Visu.HEATMAP:
            return levels.plan_matrix(asked, rows)
        case Visu.DENSITY_HEATMAP | Visu.DENSITY_CONTOUR:
            return grids.plan(asked, rows)
    return samples.plan(asked, rows)
