"""Two people have saved the same tile: the dialog that shows both and lets the second one choose."""

from collections.abc import Mapping
from typing import Any

import msgspec
from dash import Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dash_views import editing, forms, ids, redraw, saves
from dash_views.answering import parse
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, services
from dash_views.parts import aria, button
from dash_views.saves import Draft, drawn
from domain.errors import Conflict, DomainError
from domain.filters import Wish
from domain.headings import heading
from domain.history import tile_differences, touches
from domain.tiles import Tile
from domain.wording import tr
from services.dashboards import DashboardAccess

MINE, THEIRS, NOBODY = tr("Yours"), tr("Theirs"), tr("Somebody else")
KEEP_MINE = tr("Keep mine")
TAKE_THEIRS = tr("Take theirs")
KEEP_BOTH = tr("Keep both: mine becomes a new tile")
LET_GO = tr("Let it go")
NEW_TILE = tr("Keep mine as a new tile")


def register(app: PageDash) -> None:
    """Add the callbacks of the dialog."""

    @app.callback(
        Output(ids.CONFLICT, "opened"),
        Output(ids.CONFLICT_BODY, "children"),
        Input(ids.CONFLICTED, "data"),
        State(ids.STATE, "data"),
        prevent_initial_call=True,
    )
    async def show(drafted: object, wishes: object) -> tuple[Any, ...]:
        if drafted is None:
            return False, []
        return True, await _dialog(parse(drafted, Draft), parse(wishes or {}, dict[str, tuple[Wish, ...]]))

    @app.callback(
        *redraw.outputs(),
        Output(ids.SAVED, "children", allow_duplicate=True),
        Output(ids.BASE, "data", allow_duplicate=True),
        Output(ids.CONFLICTED, "data", allow_duplicate=True),
        # With the answer itself: another request to close the dialog may be lost, and nobody could leave it.
        Output(ids.CONFLICT, "opened", allow_duplicate=True),
        Output(ids.ASIDE, "hidden", allow_duplicate=True),
        Output(ids.ASIDE, "children", allow_duplicate=True),
        Output(ids.DRAFT, "data", allow_duplicate=True),
        Input(ids.KEEP_MINE, "n_clicks"),
        Input(ids.TAKE_THEIRS, "n_clicks"),
        Input(ids.KEEP_BOTH, "n_clicks"),
        State(ids.CONFLICTED, "data"),
        State(ids.BASE, "data"),
        *redraw.STATES,
        prevent_initial_call=True,
    )
    async def choose(
        _: object, __: object, ___: object, drafted: object, base: object, *drawn_there: object
    ) -> tuple[Any, ...]:
        if drafted is None or not any(trigger["value"] for trigger in ctx.triggered):
            raise PreventUpdate
        draft, before = parse(drafted, Draft), redraw.drawn_before(*drawn_there)
        try:
            said, versions = await _chosen(str(ctx.triggered_id), draft, base)
        except DomainError as error:
            again = msgspec.to_builtins(draft) if isinstance(error, Conflict) else no_update
            return *redraw.NOTHING, saves.refused(error), no_update, again, no_update, no_update, no_update, no_update
        return *await saves.drawn_after(before), said, versions, None, False, True, [], None


async def _chosen(choice: str, draft: Draft, base: object) -> tuple[Any, dict[str, int]]:
    """Do what was chosen; what the bar says, and the versions that this editor has seen."""
    opened = await _opened()
    stored = opened.dashboard.tiles.get(draft.tile_id)
    if choice == ids.TAKE_THEIRS:
        return saves.saved(opened.dashboard), saves.seen(base, opened.dashboard, draft.tile_id)
    if choice == ids.KEEP_MINE and stored is not None:
        # Made from theirs now: whoever saves once more in between is asked about again.
        mine = msgspec.structs.replace(draft, base=draft.base | {"version": stored.version})
    else:
        base_of_copy = {key: value for key, value in draft.base.items() if key not in {"id", "version"}}
        mine = msgspec.structs.replace(draft, tile_id="", base=base_of_copy)
    dashboard, tile_id = await saves.store(mine)
    return saves.saved(dashboard), saves.seen(base, dashboard, tile_id)


async def _opened() -> DashboardAccess:
    return await services().dashboards.open(actor(), dashboard_id())


async def _dialog(draft: Draft, wishes: Mapping[str, tuple[Wish, ...]]) -> list[Component]:
    opened = await _opened()
    mine, theirs = drawn(draft), opened.dashboard.tiles.get(draft.tile_id)
    who = await _who(opened, draft.tile_id)
    if theirs is None:
        words = tr("{who} deleted the tile {tile} while you were changing it.", who=who, tile=heading(mine))
        actions = [button(ids.KEEP_BOTH, "copy", NEW_TILE, kind="primary"), button(ids.TAKE_THEIRS, "x", LET_GO),
                   _absent(ids.KEEP_MINE)]  # fmt: skip
        return [html.P(words), await _side(MINE, mine, wishes, "mine"), html.Div(actions, className="conflict-foot")]
    words = tr(
        "{who} saved the tile {tile} while you were changing it. Nothing is lost: choose what stays.",
        who=who,
        tile=heading(theirs),
    )
    sides = [await _side(MINE, mine, wishes, "mine"), await _side(f"{THEIRS}: {who}", theirs, wishes, "theirs")]
    actions = [
        button(ids.KEEP_MINE, "check", KEEP_MINE, kind="primary"),
        button(ids.TAKE_THEIRS, "arrow-right", TAKE_THEIRS),
        button(ids.KEEP_BOTH, "copy", KEEP_BOTH),
    ]
    return [
        html.P(words),
        html.Div(sides, className="conflict-sides"),
        _table(mine, theirs),
        html.Div(actions, className="conflict-foot"),
    ]


def _absent(component_id: str) -> Component:
    """A choice that there is not: its callback needs the button to be there."""
    return html.Button(id=component_id, hidden=True, type="button")


async def _side(name: str, tile: Tile, wishes: Mapping[str, tuple[Wish, ...]], part: str) -> Component:
    try:
        picture = await editing.previewed(tile, wishes, f"conflict:{part}")
    except DomainError as error:
        picture = [html.P(error.message, className="filter-note")]
    head = html.H3(f"{name} · {heading(tile)}", className="conflict-title")
    return html.Section([head, html.Div(picture, className="preview")], className="conflict-side", **aria(name))


def _table(mine: Tile, theirs: Tile) -> Component:
    """The properties in which the two differ."""
    labels = {field.name: field.label for field in forms.kind_named(forms.kind_name(mine)).fields}
    found = tile_differences(mine, theirs)
    rows = [
        html.Tr([html.Th(labels.get(name, name.replace("_", " ").capitalize()), scope="row"), *map(_cell, pair)])
        for name, pair in found.items()
    ]
    head = html.Thead(html.Tr([html.Th("", scope="col"), html.Th(MINE, scope="col"), html.Th(THEIRS, scope="col")]))
    return html.Table([head, html.Tbody(rows)], className="conflict-table")


def _cell(value: object) -> Component:
    match value:
        case None | "" | [] | ():
            text = "—"
        case list() | tuple():
            text = ", ".join(map(str, value))
        case _:
            text = str(value)
    return html.Td(text)


async def _who(opened: DashboardAccess, tile_id: str) -> str:
    """Who saved the tile last, as the history says."""
    found = await services().history.versions(opened.access, opened.dashboard.id)
    last = next((edit.by_name for edit in found.edits if touches(edit, tile_id)), "")
    return last or NOBODY
