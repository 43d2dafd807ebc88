"""Which columns a new figure takes at first, where `forms` cannot tell by a field's kinds."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash_views.figure_fields import AGGREGATED, PREFIX
from domain.collections import Column, ColumnKind
from domain.tiles import Visu

__all__ = ["AGGREGATED", "GROUPED", "suggested_columns"]

FEW = 30
NAMED = (Visu.PIE, Visu.FUNNEL_AREA)
GROUPED = frozenset({
    *((visu.value, "x") for visu in (Visu.BAR, Visu.BOX, Visu.VIOLIN, Visu.STRIP, Visu.HEATMAP)),
    *((visu.value, "y") for visu in (Visu.HEATMAP, Visu.FUNNEL, Visu.TIMELINE)),
    *((visu.value, f"{PREFIX}names") for visu in NAMED),
    *((visu.value, f"{PREFIX}theta") for visu in (Visu.LINE_POLAR, Visu.BAR_POLAR)),
})  # fmt: skip
"""Kind and field that want a column of few categories."""
MOST = {Visu.SCATTER_MATRIX: 4, Visu.PARALLEL_COORDINATES: 5, Visu.PARALLEL_CATEGORIES: 4}
TREES = (Visu.SUNBURST, Visu.TREEMAP, Visu.ICICLE)


def suggested_columns(kind: str, columns: Sequence[Column], distinct: Mapping[str, int]) -> dict[str, Any]:
    """Several columns where a kind takes several; and what lines of angles and the like are of."""
    shown = [column for column in columns if not column.is_technical]
    groups = [column.name for column in shown if _is_group(column, distinct)]
    numbers = [column.name for column in shown if column.kind is ColumnKind.NUMBER]
    visu = Visu(kind)
    if visu in TREES:
        return {f"{PREFIX}path": groups[:2]}
    if visu in MOST:
        offered = groups if visu is Visu.PARALLEL_CATEGORIES else numbers
        return {f"{PREFIX}dimensions": offered[: MOST[visu]]}
    if visu in {Visu.LINE_POLAR, Visu.BAR_POLAR}:
        return {f"{PREFIX}r": next(iter(numbers), None)}
    if visu is Visu.HEATMAP:
        return {f"{PREFIX}z": next(iter(numbers), None)}
    return {}


def _is_group(column: Column, distinct: Mapping[str, int]) -> bool:
    is_word = column.kind in {ColumnKind.TEXT, ColumnKind.BOOLEAN}
    return is_word and 1 < distinct.get(column.name, FEW) <= FEW
