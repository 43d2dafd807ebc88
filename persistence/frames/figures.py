"""Figures: which plan computes which kind."""

from domain.tiles import FigureTile, Visu
from persistence.frames import boxes, groups, histograms, points
from persistence.frames.plans import Plan, Rows


def plan(tile: FigureTile, rows: Rows) -> Plan:
    """The tile's plan.

    Raises:
        Invalid: when a column is unknown or of the wrong kind.
    """
    match tile.visu_type:
        case Visu.SCATTER:
            return points.plan(tile, rows)
        case Visu.BAR | Visu.LINE:
            return groups.plan(tile, rows)
        case Visu.HISTOGRAM:
            return histograms.plan(tile, rows)
        case Visu.BOX:
            return boxes.plan(tile, rows)
