"""Saving in the editor: each change is stored at once, and the board redraws only what it touched."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

import msgspec
from dash import ALL, Input, Output, Patch, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dash_views import forms, ids
from dash_views.answering import parse
from dash_views.backend import PageDash
from dash_views.board import actor, browser_tiles, dashboard_id, filter_panel, open_board, services, slot
from dash_views.icons import Icon
from dash_views.tiles import grid_item, heading
from domain.dashboards import Dashboard
from domain.errors import DomainError
from domain.projects import Access
from domain.tiles import Box, FilterTile, TextTile, Tile
from services.dashboards import Dashboards

ID_LENGTH = 40


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The tile in the form, new when `tile_id` is empty; `base` is what the form does not show of a stored one."""

    kind: str
    values: dict[str, Any]
    tile_id: str = ""
    base: dict[str, Any] = {}


class Placed(msgspec.Struct, frozen=True):
    """Where the grid says that a tile lies."""

    id: str
    x: int
    y: int
    w: int
    h: int


class Shown(msgspec.Struct, frozen=True):
    """A place on the grid, as far as redrawing needs it."""

    id: str


class Drawn(msgspec.Struct, frozen=True):
    """What the browser has drawn: the places on the grid, None for an emptied one, and the count of its edits."""

    items: tuple[Shown | None, ...]
    changed: int


def register(app: PageDash) -> None:
    """Add the callbacks that write."""
    _register_tiles(app)
    _register_board(app)


def _register_tiles(app: PageDash) -> None:
    board_outputs = (
        Output(ids.GRID, "children", allow_duplicate=True),
        Output(ids.GRID, "items", allow_duplicate=True),
        Output(ids.PANEL, "children", allow_duplicate=True),
        Output(ids.TILES, "data", allow_duplicate=True),
        Output(ids.CHANGED, "data", allow_duplicate=True),
        Output(ids.EMPTY, "hidden", allow_duplicate=True),
        Output(ids.SAVED, "children", allow_duplicate=True),
    )

    @app.callback(
        *board_outputs,
        Output(ids.ASIDE, "hidden", allow_duplicate=True),
        Output(ids.ASIDE, "children", allow_duplicate=True),
        Output(ids.FORM_ERROR, "children", allow_duplicate=True),
        Input(ids.SAVE, "n_clicks"),
        State(ids.field(ALL), "value"),
        State(ids.switch(ALL), "checked"),
        State(ids.DRAFT, "data"),
        State(ids.GRID, "items"),
        State(ids.CHANGED, "data"),
        prevent_initial_call=True,
    )
    async def save(
        clicks: int | None, _: object, __: object, drafted: object, items: object, changed: object
    ) -> tuple[Any, ...]:
        if not clicks:
            raise PreventUpdate
        before = parse({"items": items, "changed": changed}, Drawn)
        # The controls say what is meant: the draft may still wait for the preview of the last keystroke.
        draft = msgspec.structs.replace(parse(drafted, Draft), values=typed_in(ctx.states_list[:2]))
        try:
            dashboard, tile_id = await _save(draft)
        except DomainError as error:
            return (*[no_update] * 6, refused(error), False, no_update, error.message)
        return (*await _redrawn(dashboard, tile_id, before), True, [], no_update)

    @app.callback(
        *board_outputs,
        Output(ids.ASIDE, "hidden", allow_duplicate=True),
        Output(ids.ASIDE, "children", allow_duplicate=True),
        Input(ids.part("confirm", ALL), "n_clicks"),
        Input(ids.part("duplicate", ALL), "n_clicks"),
        State(ids.GRID, "items"),
        State(ids.CHANGED, "data"),
        prevent_initial_call=True,
    )
    async def copy_or_delete(_: object, __: object, items: object, changed: object) -> tuple[Any, ...]:
        if not any(trigger["value"] for trigger in ctx.triggered):
            raise PreventUpdate
        before = parse({"items": items, "changed": changed}, Drawn)
        cause = ctx.triggered_id
        try:
            dashboard, tile_id = await _copied_or_deleted(cause["role"], cause["tile"])
        except DomainError as error:
            return (*[no_update] * 6, refused(error), no_update, no_update)
        closed = (True, []) if cause["role"] == "confirm" else (no_update, no_update)
        return (*await _redrawn(dashboard, tile_id, before), *closed)


def _register_board(app: PageDash) -> None:
    @app.callback(
        Output(ids.SAVED, "children", allow_duplicate=True),
        Input(ids.GRID, "layout"),
        prevent_initial_call=True,
    )
    async def place(layout: object) -> Any:
        places = {item.id: Box(item.x, item.y, item.w, item.h) for item in parse(layout, list[Placed])}
        return await _saved(lambda use, access, key: use.place_tiles(access, key, places))

    @app.callback(
        Output(ids.SAVED, "children", allow_duplicate=True),
        Input(ids.TITLE, "value"),
        Input(ids.SUBTITLE, "value"),
        prevent_initial_call=True,
    )
    async def rename(*texts: object) -> Any:
        title, subtitle = parse(texts, tuple[str, str])
        opened = await services().dashboards.open(actor(), dashboard_id())
        version = opened.dashboard.version
        return await _saved(lambda use, access, key: use.rename(access, key, title, subtitle, version))


def typed_in(groups: Sequence[Any]) -> dict[str, Any]:
    """The values of the form's controls, by the name of their field, as Dash lists them for wildcard ids."""
    return {entry["id"]["name"]: entry.get("value") for group in groups for entry in group}


def drawn(draft: Draft) -> Tile:
    """The tile that a draft describes.

    Raises:
        Invalid: when a field is missing or does not fit.
    """
    return forms.tile_of(forms.kind_named(draft.kind), draft.values, draft.base)


async def _save(draft: Draft) -> tuple[Dashboard, str]:
    """Store the draft; the dashboard as it is now, and the tile's id."""
    use = services().dashboards
    opened = await use.open(actor(), dashboard_id())
    tile = drawn(draft)
    if draft.tile_id:
        return await use.replace_tile(opened.access, opened.dashboard.id, tile), tile.id
    named = msgspec.structs.replace(tile, id=tile_id_for(tile, opened.dashboard.tiles), layout=_first_size(tile))
    return await use.add_tile(opened.access, opened.dashboard.id, named), named.id


def tile_id_for(tile: Tile, taken: Collection[str]) -> str:
    """A short id that says what the tile is, for it stands in links: `species`, `body-mass-g-2`."""
    name = tile.column_name if isinstance(tile, FilterTile) else heading(tile)
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:ID_LENGTH].strip("-") or "tile"
    return next(free for free in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if free not in taken)


def _first_size(tile: Tile) -> Box:
    """How large a new tile is."""
    match forms.kind_name(tile):
        case "card":
            return Box(w=2, h=1)
        case "text":
            return Box(w=4, h=2)
        case "table":
            return Box(w=8, h=4)
    return Box(w=4, h=4)


async def _copied_or_deleted(role: str, tile_id: str) -> tuple[Dashboard, str]:
    use = services().dashboards
    opened = await use.open(actor(), dashboard_id())
    if role == "confirm":
        return await use.remove_tile(opened.access, opened.dashboard.id, tile_id), tile_id
    before = set(opened.dashboard.tiles)
    dashboard = await use.duplicate_tile(opened.access, opened.dashboard.id, tile_id)
    return dashboard, next(iter(set(dashboard.tiles) - before))


async def _redrawn(dashboard: Dashboard, tile_id: str, before: Drawn) -> tuple[Any, ...]:
    """The outputs after one tile was added, changed or deleted: the others stay as they are drawn."""
    board = await open_board()
    tile = dashboard.tiles.get(tile_id)
    children: Any = no_update
    places: Any = no_update
    shown = [item.id if item else None for item in before.items]
    if not isinstance(tile, FilterTile) and (tile is not None or tile_id in shown):
        children, places = Patch(), Patch()
        card = slot(tile, board.collections, editable=True) if tile else None
        item = grid_item(tile) if tile else None
        if tile_id in shown:
            # An emptied place keeps the places of the others, which are therefore not drawn anew.
            children[shown.index(tile_id)], places[shown.index(tile_id)] = card, item
        else:
            children.append(card)
            places.append(item)
    panel = filter_panel(board, editable=True) if tile is None or isinstance(tile, FilterTile) else no_update
    asks = before.changed + 1 if tile and not isinstance(tile, TextTile) else no_update
    return children, places, panel, browser_tiles(board), asks, bool(dashboard.grid_tiles), saved(dashboard)


async def _saved(act: Callable[[Dashboards, Access, str], Awaitable[Dashboard]]) -> list[Component]:
    """Run a save of the whole board and say how it ended."""
    use = services().dashboards
    try:
        opened = await use.open(actor(), dashboard_id())
        return saved(await act(use, opened.access, opened.dashboard.id))
    except DomainError as error:
        return refused(error)


def saved(dashboard: Dashboard) -> list[Component]:
    """What stands in the bar after a save."""
    return [Icon("check"), html.Span(f"Saved · version {dashboard.version}")]


def refused(error: DomainError) -> list[Component]:
    """What stands in the bar after a save that was refused."""
    return [Icon("alert-triangle"), html.Strong(f"Not saved. {error.message}")]
