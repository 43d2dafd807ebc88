"""From what a tile's widget or a selection says to the clauses it means: the rule shared by links and callbacks."""

from collections.abc import Iterable, Mapping

import msgspec

from domain import maps
from domain.collections import DataCollection
from domain.conditions import condition_clauses
from domain.dashboards import Dashboard
from domain.errors import Invalid, Problem
from domain.figure_roles import facets
from domain.filters import WHERE, Clause, FilterState, Wish
from domain.headings import heading
from domain.marks import has_marks, meant, picked_column
from domain.tiles import FigureTile, FilterTile, FilterWidget, ImageTile, MapTile, TableTile, Tile, Visu
from domain.wording import tr

ALLOWED = {
    FilterWidget.MULTI_SELECT: "in",
    FilterWidget.RANGE_SLIDER: "between",
    FilterWidget.DATE_RANGE: "between",
    FilterWidget.TEXT: "contains",
    FilterWidget.SELECT: "in",
    FilterWidget.SEGMENTED: "in",
    FilterWidget.CHECKBOX: "in",
    FilterWidget.SWITCH: "in",
    FilterWidget.SLIDER: "between",
    FilterWidget.TIMELINE: "between",
}

PICKED = ("in", "bins")
REGIONAL = ("in", "between", "bins")
MAX_WISHES = 4
MAX_VALUES = 100_000
MAX_LETTERS = 2_000_000
"""Bounds of one tile's wishes, far above what a control or a selection sends: each wish is a test of every row."""

Wishes = Mapping[str, tuple[Wish, ...]]
"""The wishes of each tile, by its id: the form in which a browser and a link hold the filter state."""


def can_select(tile: Tile) -> bool:
    """Whether picking points or rows of this tile narrows the others."""
    match tile:
        case FigureTile():
            return tile.selection_enabled and (tile.visu_type is Visu.SCATTER or has_marks(tile))
        case TableTile():
            return tile.selection_column is not None
        case MapTile():
            return maps.can_select(tile)
        case ImageTile():
            return tile.selection_enabled
    return False


def filter_state(dashboard: Dashboard, wishes: Wishes, collections: Iterable[DataCollection]) -> FilterState:
    """The clauses that these wishes, and the dashboard's own condition, mean on this dashboard.

    `collections` are those of its project: a condition holds on each that has its columns.

    Raises:
        Invalid: when a wish names a tile that is gone or one that cannot filter so, or a condition does not
            hold anywhere; a filter is never dropped.
    """
    clauses = [*condition_clauses(dashboard, wishes.get(WHERE, ()), collections)]
    for tile_id, own in sorted(wishes.items()):
        if tile_id == WHERE:
            continue
        tile = dashboard.tiles.get(tile_id)
        if tile is None:
            problem = Problem(tile_id, tr("no such tile; it may have been deleted. Reset the filters to go on"))
            raise Invalid(tr("A filter of this link belongs to a tile that is gone."), (problem,))
        if _is_endless(own):
            raise _misfit(tile)
        clauses += _clauses(tile, own)
    return tuple(clauses)


def _is_endless(wishes: tuple[Wish, ...]) -> bool:
    values = [value for wish in wishes for value in wish.values]
    letters = sum(len(value) for value in values if isinstance(value, str))
    return len(wishes) > MAX_WISHES or len(values) > MAX_VALUES or letters > MAX_LETTERS


def _clauses(tile: Tile, wishes: tuple[Wish, ...]) -> list[Clause]:
    if isinstance(tile, FilterTile):
        if any(wish.op != ALLOWED[tile.interactive_component_type] for wish in wishes):
            raise _misfit(tile)
        return [_clause(tile, tile.column_name, wish, selection=False) for wish in wishes]
    if isinstance(tile, MapTile):
        tile = maps.as_selectable(tile)
    if not can_select(tile):
        raise _misfit(tile)
    if isinstance(tile, ImageTile) and all(wish.op == "in" for wish in wishes):
        return [_clause(tile, tile.selects_by, wish, selection=True) for wish in wishes]
    if isinstance(tile, FigureTile) and has_marks(tile):
        if len(wishes) > 1:
            raise _misfit(tile)
        return [_picked(tile, wish) for wish in wishes]
    if isinstance(tile, FigureTile) and tile.selection_column is None:
        return _region(tile, wishes)
    if isinstance(tile, FigureTile | TableTile) and tile.selection_column and all(w.op == "in" for w in wishes):
        return [_clause(tile, tile.selection_column, wish, selection=True) for wish in wishes]
    raise _misfit(tile)


def _picked(tile: FigureTile, wish: Wish) -> Clause:
    """Marks, or values of the column that a click picks, whatever else parts the marks."""
    column = picked_column(tile)
    if wish.op == "marks" and wish.values:
        found = meant(tile, wish)
        return msgspec.structs.replace(
            _clause(tile, found[0][0].column, Wish("marks", ()), selection=True), marks=found
        )
    if wish.op not in PICKED or column is None:
        raise _misfit(tile)
    return _clause(tile, column, wish, selection=True)


def _region(tile: FigureTile, wishes: tuple[Wish, ...]) -> list[Clause]:
    """A lasso is one `within`; a box is a condition on x and one on y, in this order; then comes one a facet."""
    if tile.y is None:
        raise _misfit(tile)
    match wishes:
        case ():
            return []
        case (Wish(op="within") as lasso, *panel):
            own = [msgspec.structs.replace(_clause(tile, tile.x, lasso, selection=True), column_y=tile.y)]
        case (x, y, *panel) if x.op in REGIONAL and y.op in REGIONAL:
            own = [_clause(tile, tile.x, x, selection=True), _clause(tile, tile.y, y, selection=True)]
        case _:
            raise _misfit(tile)
    columns = list(facets(tile).values()) if panel else []
    if len(panel) != len(columns) or any(wish.op != "in" for wish in panel):
        raise _misfit(tile)
    at = [_clause(tile, name, wish, selection=True) for name, wish in zip(columns, panel, strict=True)]
    return [*own, *at]


def _clause(
    tile: FilterTile | FigureTile | TableTile | ImageTile, column: str, wish: Wish, *, selection: bool
) -> Clause:
    return Clause(
        source=tile.id,
        collection_id=tile.collection_id,
        column=column,
        op=wish.op,
        values=wish.scalars,
        selection=selection,
    )


def _misfit(tile: Tile) -> Invalid:
    problem = Problem(
        tile.id, tr("the tile {title!r} cannot filter in this way. Reset it to go on", title=heading(tile))
    )
    return Invalid(tr("A filter does not fit its tile."), (problem,))
