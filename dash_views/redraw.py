"""What must be drawn anew so that a board shows a dashboard as it is stored: the other tiles stay as they are."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

import msgspec
from dash import Input, Output, Patch, State, no_update

from dash_views import ids
from dash_views.answering import parse
from dash_views.board import Board, browser_tiles, filter_panel, slot
from dash_views.division import division_props
from dash_views.tiles import grid_item, is_asked
from domain.filters import WHERE
from domain.tiles import FilterTile, Tile

DIVIDED = ("tabs", "sections", "breakpoints")
"""What grid and tabs know of how the dashboard is divided."""
STATES = (
    State(ids.GRID, "items"),
    State(ids.TILES, "data"),
    State(ids.CHANGED, "data"),
    *(State(ids.GRID, name) for name in DIVIDED),
)
"""What `drawn_before` reads."""


def outputs(*, first: bool = False) -> tuple[Output | Input, ...]:
    """The outputs that `redrawn` is for; `first` for the one callback that is registered for them before others."""
    own: dict[str, Any] = {} if first else {"allow_duplicate": True}
    return (
        Output(ids.GRID, "children", **own),
        Output(ids.GRID, "items", **own),
        Output(ids.PANEL, "children", **own),
        Output(ids.TILES, "data", **own),
        Output(ids.CHANGED, "data", **own),
        Output(ids.EMPTY, "hidden", **own),
        *(Output(part, name, **own) for part in (ids.GRID, ids.TABS) for name in DIVIDED),
    )


NOTHING: tuple[Any, ...] = (no_update,) * len(outputs())


class Shown(msgspec.Struct, frozen=True):
    """A tile on the grid: where it lies, and the version that is drawn."""

    id: str
    x: int = 0
    y: int = 0
    w: int = 0
    h: int = 0
    rev: int | str = 0
    tab: str = ""
    section: str = ""


class ShownFilter(msgspec.Struct, frozen=True):
    """What the browser knows of a tile, as far as it concerns the panel; `drawn` is the version and the place."""

    drawn: tuple[int, int] | None = None
    own: str = ""
    """Of the condition: the dashboard's own one."""


class Drawn(msgspec.Struct, frozen=True):
    """What the browser has drawn: the grid, None for an emptied place, the tiles, and the count of its edits.

    `divided` are the tabs, sections and breakpoints that it knows.
    """

    items: tuple[Shown | None, ...]
    tiles: dict[str, ShownFilter]
    changed: int
    divided: tuple[Any, ...] = ()


def drawn_before(items: object, tiles: object, changed: object, *divided: object) -> Drawn:
    """Read the states of `STATES`."""
    return parse({"items": items, "tiles": tiles, "changed": changed, "divided": divided}, Drawn)


def redrawn(
    board: Board, before: Drawn, *, editable: bool = True, places: bool = False, panel: bool = False
) -> tuple[Any, ...]:
    """The outputs that bring what is drawn to what is stored.

    With `places` tiles that lie elsewhere are moved: not after an own save, which a move of one's own may follow,
    unless it has brought a tile, beside which the others have come to rest. With `panel` the filters are drawn anew in
    any case.
    """
    tiles = {tile.id: tile for tile in board.dashboard.grid_tiles}
    places = places or not tiles.keys() <= {item.id for item in before.items if item}
    children, items = Patch(), Patch()
    asks = touched = False
    # Two answers that were on their way at once may both have brought a tile: the grid shows the last one.
    last = {item.id: index for index, item in enumerate(before.items) if item}
    for index, item in enumerate(before.items):
        if item is None:
            continue
        tile = tiles.pop(item.id, None) if last[item.id] == index else None
        if tile is None:
            # An emptied place keeps the places of the others, which are therefore not drawn anew.
            children[index] = items[index] = None
        elif item.rev != tile.version:
            children[index], items[index] = slot(tile, board.collections, editable=editable), grid_item(tile)
            asks = asks or is_asked(tile)
        elif places and _moved(item, tile):
            items[index] = grid_item(tile)
        else:
            continue
        touched = True
    for tile in tiles.values():
        children.append(slot(tile, board.collections, editable=editable))
        items.append(grid_item(tile))
        asks, touched = asks or is_asked(tile), True
    divided = division_props(board.dashboard)
    division = [divided[name] for name in DIVIDED]
    told = [no_update if known == now else now for known, now in zip_longest(before.divided, division)]
    other_filters = _filters(before.tiles) != _of_dashboard(board) or _other_condition(before, board)
    has_panel = panel or other_filters
    return (
        children if touched else no_update,
        items if touched else no_update,
        filter_panel(board, editable=editable) if has_panel else no_update,
        browser_tiles(board),
        # Whoever wants the same filters with new choices has asked for the tiles already.
        before.changed + 1 if asks or other_filters else no_update,
        bool(board.dashboard.grid_tiles),
        *told,
        *told,
    )


def _moved(item: Shown, tile: Tile) -> bool:
    box = tile.layout
    there = (box.x, box.y, box.w, box.h, tile.tab, tile.section)
    return (item.x, item.y, item.w, item.h, item.tab, item.section) != there


def _filters(tiles: Mapping[str, ShownFilter]) -> dict[str, tuple[int, int]]:
    return {key: tile.drawn for key, tile in tiles.items() if tile.drawn}


def _other_condition(before: Drawn, board: Board) -> bool:
    drawn = before.tiles.get(WHERE)
    return drawn is not None and drawn.own != board.dashboard.filter_expr


def _of_dashboard(board: Board) -> dict[str, tuple[int, int]]:
    found = board.dashboard.tiles.items()
    return {key: (tile.version, tile.layout.y) for key, tile in found if isinstance(tile, FilterTile)}
