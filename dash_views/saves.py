"""Saving in the editor: each change is stored at once, and the board redraws only what it touched."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

import msgspec
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dash_views import forms, ids, presses, redraw
from dash_views.answering import parse
from dash_views.backend import PageDash
from dash_views.board import actor, browser_tiles, dashboard_id, open_board, services
from dash_views.icons import Icon
from dash_views.parts import saved_as
from domain.dashboards import Dashboard, set_condition
from domain.errors import Conflict, DomainError, NotFound
from domain.headings import heading
from domain.projects import Access
from domain.tabs import Home
from domain.tiles import Box, CardTile, FilterTile, Tile
from domain.wording import tr
from services.dashboards import Dashboards

ID_LENGTH = 40


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The tile in the form, new when `tile_id` is empty; `base` is what the form does not show of a stored one.

    `is_drawn` when the form came with its preview, which is that of these values.
    """

    kind: str
    values: dict[str, Any]
    tile_id: str = ""
    base: dict[str, Any] = {}
    is_drawn: bool = False


class Placed(msgspec.Struct, frozen=True):
    """Where the grid says that a tile lies."""

    id: str
    x: int
    y: int
    w: int
    h: int


def register(app: PageDash) -> None:
    """Add the callbacks that write."""
    _register_tiles(app)
    _register_autosave(app)
    _register_board(app)
    app.clientside_callback(
        ClientsideFunction("saving", "drafted"), Input(ids.DRAFT, "data"), Input(ids.ASIDE, "hidden"),
        prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("saving", "savedAt"), Output(ids.SAVED_AT, "children"), Input(ids.SAVED, "children"),
        prevent_initial_call=True,
    )  # fmt: skip


FORM = (State(ids.field(ALL), "value"), State(ids.switch(ALL), "checked"), State(ids.DRAFT, "data"))


def _register_tiles(app: PageDash) -> None:
    closing = (
        Output(ids.ASIDE, "hidden", allow_duplicate=True),
        Output(ids.ASIDE, "children", allow_duplicate=True),
    )

    @app.callback(
        *redraw.outputs(),
        Output(ids.SAVED, "children", allow_duplicate=True),
        Output(ids.BASE, "data", allow_duplicate=True),
        Output(ids.CONFLICTED, "data", allow_duplicate=True),
        *closing,
        Output(ids.FORM_ERROR, "children", allow_duplicate=True),
        Input(ids.SAVE, "n_clicks"),
        *FORM,
        State(ids.BASE, "data"),
        State(ids.VIEW, "data"),
        *redraw.STATES,
        prevent_initial_call=True,
    )
    async def save(
        clicks: int | None, _: object, __: object, drafted: object, base: object, view: object, *drawn_there: object
    ) -> tuple[Any, ...]:
        if not clicks:
            raise PreventUpdate
        before = redraw.drawn_before(*drawn_there)
        draft = typed_draft(drafted, base)
        try:
            dashboard, tile_id = await store(draft, parse(view or {}, Home))
        except DomainError as error:
            return (*redraw.NOTHING, refused(error), no_update, conflicted(draft, error), False, no_update,
                    error.message)  # fmt: skip
        return (*await drawn_after(before), saved(dashboard), seen(base, dashboard, tile_id), no_update, True, [],
                no_update)  # fmt: skip

    @app.callback(
        *redraw.outputs(),
        Output(ids.SAVED, "children", allow_duplicate=True),
        *closing,
        presses.ACTING,
        *redraw.STATES,
        prevent_initial_call=True,
    )
    async def copy_or_delete(told: object, *drawn_there: object) -> tuple[Any, ...]:
        before = redraw.drawn_before(*drawn_there)
        button = presses.pressed(told)
        is_deleted = isinstance(button, dict) and button.get("role") == "confirm"
        try:
            dashboard = await _copied_or_deleted(button)
        except DomainError as error:
            return (*redraw.NOTHING, refused(error), no_update, no_update)
        return (*await drawn_after(before), saved(dashboard), *((True, []) if is_deleted else (no_update, no_update)))


def _register_autosave(app: PageDash) -> None:
    @app.callback(
        *redraw.outputs(),
        Output(ids.SAVED, "children", allow_duplicate=True),
        Output(ids.BASE, "data", allow_duplicate=True),
        Output(ids.CONFLICTED, "data", allow_duplicate=True),
        Input(ids.AUTOSAVE, "data"),
        *FORM,
        State(ids.BASE, "data"),
        *redraw.STATES,
        prevent_initial_call=True,
    )
    async def autosave(
        wanted: object, _: object, __: object, drafted: object, base: object, *drawn_there: object
    ) -> tuple[Any, ...]:
        """The form of a stored tile has rested: what is typed is saved, and the form stays open."""
        if not wanted or drafted is None:
            raise PreventUpdate
        before = redraw.drawn_before(*drawn_there)
        draft = typed_draft(drafted, base)
        if not draft.tile_id:
            raise PreventUpdate  # A new tile comes onto the board when its author says so.
        try:
            dashboard, tile_id = await store(draft)
        except DomainError as error:
            return *redraw.NOTHING, refused(error), no_update, conflicted(draft, error)
        return *await drawn_after(before), saved(dashboard), seen(base, dashboard, tile_id), no_update


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
        State(ids.ECHO, "data"),
        prevent_initial_call=True,
    )
    async def rename(title_there: object, subtitle_there: object, echo: object) -> Any:
        title, subtitle = parse((title_there, subtitle_there), tuple[str, str])
        if echo == [title, subtitle]:
            raise PreventUpdate  # What somebody else has written was drawn here.
        opened = await services().dashboards.open(actor(), dashboard_id())
        version = opened.dashboard.version
        return await _saved(lambda use, access, key: use.rename(access, key, title, subtitle, version))

    @app.callback(
        Output(ids.SAVED, "children", allow_duplicate=True),
        Output(ids.TILES, "data", allow_duplicate=True),
        Output(ids.CHANGED, "data", allow_duplicate=True),
        Input(ids.OWN_CONDITION, "value"),
        State(ids.CHANGED, "data"),
        prevent_initial_call=True,
    )
    async def narrow(text: object, changed: object) -> Any:
        wanted = parse(text or "", str)
        opened = await services().dashboards.open(actor(), dashboard_id())
        if opened.dashboard.filter_expr == wanted:
            raise PreventUpdate  # The panel was drawn, which is no edit.
        said = await _saved(lambda use, access, key: use.edit(access, key, lambda one: set_condition(one, wanted)))
        return said, browser_tiles(await open_board()), parse(changed or 0, int) + 1


def typed_in(groups: Sequence[Any]) -> dict[str, Any]:
    """The values of the form's controls, by the name of their field, as Dash lists them for wildcard ids."""
    return {entry["id"]["name"]: entry.get("value") for group in groups for entry in group}


def drawn(draft: Draft) -> Tile:
    """The tile that a draft describes.

    Raises:
        Invalid: when a field is missing or does not fit.
    """
    return forms.tile_of(forms.kind_named(draft.kind), draft.values, draft.base)


def typed_draft(drafted: object, base: object) -> Draft:
    """The draft with what the controls say: it may itself still wait for the preview of the last keystroke.

    A stored tile is made from the version that this editor has seen last, be it by saving it.
    """
    draft, versions = parse(drafted, Draft), parse(base or {}, dict[str, int])
    typed = typed_in(ctx.states_list[:2])
    kept = draft.base
    if draft.tile_id in versions:
        kept = kept | {"version": max(versions[draft.tile_id], int(kept.get("version", 0)))}
    return msgspec.structs.replace(draft, values=typed or draft.values, base=kept)


NOWHERE = Home()


async def store(draft: Draft, place: Home = NOWHERE) -> tuple[Dashboard, str]:
    """Store the draft, a new one at `place` unless it knows its own; the dashboard as it is now, and the tile's id."""
    use = services().dashboards
    opened = await use.open(actor(), dashboard_id())
    tile = drawn(draft)
    if draft.tile_id:
        return await use.replace_tile(opened.access, opened.dashboard.id, tile), tile.id
    tile_id = tile_id_for(tile, opened.dashboard.tiles)
    section = tile.section or ("" if isinstance(tile, FilterTile) else place.section)
    tab = tile.tab or place.tab
    named = msgspec.structs.replace(tile, id=tile_id, layout=_first_size(tile), tab=tab, section=section)
    return await use.add_tile(opened.access, opened.dashboard.id, named), named.id


def conflicted(draft: Draft, error: DomainError) -> Any:
    """The draft for the dialog of conflicts, when that is what the error says."""
    if draft.tile_id and isinstance(error, Conflict | NotFound):
        return msgspec.to_builtins(draft)
    return no_update


def seen(base: object, dashboard: Dashboard, tile_id: str) -> dict[str, int]:
    """The versions of tiles that this editor has seen, after it has saved one."""
    versions = parse(base or {}, dict[str, int])
    tile = dashboard.tiles.get(tile_id)
    return versions | ({tile_id: tile.version} if tile else {})


async def drawn_after(before: redraw.Drawn) -> tuple[Any, ...]:
    """The outputs that show the board as it is stored now."""
    return redraw.redrawn(await open_board(), before)


def tile_id_for(tile: Tile, taken: Collection[str]) -> str:
    """A short id that says what the tile is, for it stands in links: `species`, `body-mass-g-2`."""
    name = tile.column_name if isinstance(tile, FilterTile) else heading(tile)
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:ID_LENGTH].strip("-") or "tile"
    return next(free for free in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if free not in taken)


def _first_size(tile: Tile) -> Box:
    """How large a new tile is."""
    match forms.kind_name(tile):
        case "card":
            return Box(w=2, h=1 if isinstance(tile, CardTile) and tile.is_plain else 2)
        case "text":
            return Box(w=4, h=2)
        case "table":
            return Box(w=8, h=4)
    return Box(w=4, h=4)


async def _copied_or_deleted(button: str | dict[str, str]) -> Dashboard:
    use = services().dashboards
    opened = await use.open(actor(), dashboard_id())
    match button:
        case {"role": "confirm", "tile": tile_id}:
            return await use.remove_tile(opened.access, opened.dashboard.id, tile_id)
        case {"role": "duplicate", "tile": tile_id}:
            return await use.duplicate_tile(opened.access, opened.dashboard.id, tile_id)
    raise PreventUpdate


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
    return saved_as(dashboard.version, dashboard.updated_at)


def refused(error: DomainError) -> list[Component]:
    """What stands in the bar after a save that was refused."""
    return [Icon("alert-triangle"), html.Strong(tr("Not saved. {why}", why=error.message))]
