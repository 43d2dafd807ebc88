"""The editor: the board that can be arranged, and the side panel in which tiles are made."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
import msgspec
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dash_views import answers, arranging, conditions, forms, ids, image_gallery, live_text, presses, saves
from dash_views.answering import ground_of, palettes_of, parse
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, open_board, services
from dash_views.builder import choosing, offers, words
from dash_views.builder.choosing import changed, chosen_for, distinct, kinds_for, profiles_of
from dash_views.builder.gallery_view import gallery
from dash_views.builder.offers import Chosen
from dash_views.builder.problems import placed, placed_by_message, said
from dash_views.card import Card
from dash_views.figures.arrays import inlined
from dash_views.figures.colours import Palette
from dash_views.form_view import Profiles, form, frame, question, renewed
from dash_views.icons import Icon
from dash_views.naming import called, titles_of
from dash_views.panel import control
from dash_views.parts import button, data
from dash_views.saves import Draft, drawn, typed_in
from dash_views.still import still_all
from dash_views.table_words import SPOKEN
from dash_views.tables import COLUMN_DEFAULTS, beside_rows, column_defs
from dash_views.tiles import look, markdown, plot
from domain.collections import Column
from domain.errors import DomainError
from domain.filters import Wish
from domain.live_tile import live_tiles
from domain.projects import Access
from domain.selections import filter_state
from domain.tile_rules import check_tile
from domain.tiles import CardTile, FigureTile, FilterTile, ImageTile, MapTile, TableTile, TextTile, Tile
from domain.wording import tr
from services.queries import Answer, Failure, Frame

Wishes = dict[str, tuple[Wish, ...]]
"""What every tile asks of the others' rows, by its id."""


def register(app: PageDash) -> None:
    """Add the editor's own callbacks."""
    _register_panel(app)
    _register_form(app)
    choosing.register(app)
    conditions.register(app)
    saves.register(app)
    arranging.register(app)


def _register_panel(app: PageDash) -> None:
    @app.callback(
        Output(ids.ASIDE, "children"),
        Output(ids.ASIDE, "hidden"),
        Output(ids.DRAFT, "data"),
        Output(ids.CHOSEN, "data"),
        presses.OPENING,
        State(ids.DRAFT, "data"),
        State(ids.CHOSEN, "data"),
        State(ids.STATE, "data"),
        prevent_initial_call=True,
    )
    async def open_panel(told: object, drafted: object, chosen_there: object, wishes: object) -> tuple[Any, ...]:
        draft = parse(drafted, Draft) if drafted else None
        chosen = parse(chosen_there or {}, Chosen)
        shown, *others = await _opened(presses.pressed(told), draft, chosen, parse(wishes or {}, Wishes))
        return still_all(shown), *others

    # In the browser, so that it also closes without a connection; in its turn, as a form may still have to be saved.
    app.clientside_callback(
        ClientsideFunction("aside", "closed"),
        Output(ids.ASIDE, "hidden", allow_duplicate=True),
        Output(ids.ASIDE, "children", allow_duplicate=True),
        presses.CLOSING,
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("renewing", "renewed"), Input(ids.RENEWED, "data"), prevent_initial_call=True
    )
    app.clientside_callback(
        ClientsideFunction("fields", "shown"), Input(ids.ASIDE, "children"), prevent_initial_call=True
    )
    app.clientside_callback(
        ClientsideFunction("fields", "changed"),
        Input(ids.field(ALL), "value"),
        State(ids.field(ALL), "id"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("aside", "showed"),
        Input(ids.ASIDE, "hidden"),
        Input(ids.ASIDE, "children"),
        prevent_initial_call=True,
    )


async def _opened(pressed: Any, draft: Draft | None, chosen: Chosen, wishes: Wishes) -> tuple[Any, ...]:
    match pressed:
        case {"role": "choice", "name": name}:
            return *await _start(forms.kind_named(name), draft, chosen, wishes, offered=False), no_update
        case {"role": "offer", "name": name, "chosen": made_for}:
            # By now more columns may be chosen than those that the suggestion shows.
            chosen = offers.chosen_in(made_for)
            return *await _start(forms.kind_named(name), draft, chosen, wishes, offered=True), no_update
        case {"role": "change"} if draft is not None:
            return await _change(draft)
        case {"role": "edit", "tile": tile_id}:
            return *await _edit(tile_id, wishes), no_update
        case {"role": "delete", "tile": tile_id}:
            opened = await services().dashboards.open(actor(), dashboard_id())
            return question(opened.dashboard.tile(tile_id)), False, None, no_update
    return await _choose()


async def _choose() -> tuple[Any, ...]:
    """The gallery for a new tile."""
    opened = await services().dashboards.open(actor(), dashboard_id())
    collections = await services().collections.all(opened.access)
    first = forms.largest(collections)
    chosen = Chosen(first.id if first else "")
    return frame(words.ADD, gallery(collections, chosen.collection_id)), False, None, msgspec.to_builtins(chosen)


async def _change(draft: Draft) -> tuple[Any, ...]:
    """The gallery for what a draft could be as well; what is in its form stays until a kind is chosen."""
    opened = await services().dashboards.open(actor(), dashboard_id())
    collections = await services().collections.all(opened.access)
    chosen = chosen_for(draft)
    body = gallery(collections, chosen.collection_id, kinds_for(draft))
    return frame(words.CHANGE, body), False, no_update, msgspec.to_builtins(chosen)


async def _start(
    kind: forms.Kind, draft: Draft | None, chosen: Chosen, wishes: Wishes, *, offered: bool
) -> tuple[Any, ...]:
    """The form of a kind: a new tile for the chosen columns, or what is in the form already as another kind."""
    board = await open_board()
    filled = [one for one in board.collections if one.table_version is not None]
    collection = next((one for one in filled if one.id == chosen.collection_id), forms.largest(filled))
    if collection is None and forms.has_data(kind):
        return frame(kind.label, [html.P(words.NO_ROWS, className="filter-note")]), False, None
    if collection is None:
        values: dict[str, Any] = {}
        profiles: Profiles = {}
    else:
        profiles = await profiles_of(board.access, collection.id)
        values = (offers.offered_values if offered else offers.begun)(kind, collection, distinct(profiles), chosen)
    made = Draft(kind=kind.name, values=values)
    dropped: tuple[tuple[str, str], ...] = ()
    if draft is not None and draft.kind and collection is not None:
        made, rebound = changed(draft, kind, collection, distinct(profiles), values if offered else {})
        dropped = rebound.dropped
    made, shown = await _first_look(made, wishes)
    is_new = not made.tile_id
    drawn_form = form(kind, made.values, filled, profiles, is_new=is_new, dropped=dropped, preview=shown)
    return drawn_form, False, msgspec.to_builtins(made)


async def _first_look(draft: Draft, wishes: Wishes) -> tuple[Draft, list[Component]]:
    """The preview that comes with the form, without a second question; one that fails is left to the form itself."""
    try:
        tile = drawn(draft)
        check_tile(msgspec.structs.replace(tile, id=tile.id or "preview"))
        shown = await previewed(tile, wishes)
    except DomainError:
        return draft, []
    return (draft, []) if refusals(shown) else (msgspec.structs.replace(draft, is_drawn=True), shown)


def _is_only_drawn(triggered: Sequence[Any]) -> bool:
    """Whether nothing has happened but that a button was drawn, which Dash tells as well."""
    return bool(triggered) and all('"role":"retry"' in one["prop_id"] and not one["value"] for one in triggered)


def _is_shown(before: Draft, draft: Draft) -> bool:
    """Whether the form shows the preview of this draft since it was opened."""
    try:
        return before.is_drawn and drawn(before) == drawn(draft)
    except DomainError:
        return False


async def _edit(tile_id: str, wishes: Wishes) -> tuple[Any, ...]:
    board = await open_board()
    tile = board.dashboard.tile(tile_id)
    kind = forms.kind_named(forms.kind_name(tile))
    values = forms.values_of(tile)
    profiles = await profiles_of(board.access, values.get("collection_id", ""))
    in_form = {field.name for field in kind.fields} | {"title", "collection_id", "filter_expr"}
    base = {key: value for key, value in values.items() if key not in in_form}
    draft, shown = await _first_look(Draft(kind=kind.name, values=values, tile_id=tile_id, base=base), wishes)
    made = form(kind, values, board.collections, profiles, is_new=False, preview=shown)
    return made, False, msgspec.to_builtins(draft)


def _register_form(app: PageDash) -> None:
    @app.callback(
        Output(ids.PREVIEW, "children"),
        Output(ids.FORM_ERROR, "children"),
        Output(ids.SAVE, "disabled"),
        Output(ids.DRAFT, "data", allow_duplicate=True),
        Output(ids.PROBLEMS, "data"),
        Input(ids.field(ALL), "value"),
        Input(ids.switch(ALL), "checked"),
        Input(ids.retry(ALL), "n_clicks"),
        State(ids.DRAFT, "data"),
        State(ids.STATE, "data"),
        prevent_initial_call=True,
    )
    async def preview(_: object, __: object, ___: object, drafted: object, wishes: object) -> tuple[Any, ...]:
        if drafted is None or _is_only_drawn(ctx.triggered):
            raise PreventUpdate
        before = parse(drafted, Draft)
        draft = msgspec.structs.replace(before, values=typed_in(ctx.inputs_list[:2]))
        if _is_shown(before, draft) or await _is_made_anew(before, draft):
            raise PreventUpdate
        draft = msgspec.structs.replace(draft, is_drawn=False)
        *looked, problems = await _looked_at(draft, parse(wishes or {}, Wishes))
        return *looked, msgspec.to_builtins(draft), problems

    @app.callback(
        Output(ids.SHELF, "children"),
        Output(ids.RENEWED, "data"),
        Output(ids.PREVIEW, "children", allow_duplicate=True),
        Output(ids.FORM_ERROR, "children", allow_duplicate=True),
        Output(ids.SAVE, "disabled", allow_duplicate=True),
        Output(ids.PROBLEMS, "data", allow_duplicate=True),
        Input(ids.RENEW_FORM, "data"),
        State(ids.DRAFT, "data"),
        State(ids.STATE, "data"),
        prevent_initial_call=True,
    )
    async def renew(_: object, drafted: object, wishes: object) -> tuple[Any, ...]:
        """Data have changed while the form is open: what is in it stays, what it offers and shows follows."""
        draft = parse(drafted, Draft)
        board = await open_board()
        profiles = await profiles_of(board.access, str(draft.values.get("collection_id") or ""))
        listed, offered = renewed(forms.kind_named(draft.kind), draft.values, board.collections, profiles)
        return still_all(listed), offered, *await _looked_at(draft, parse(wishes or {}, Wishes))

    @app.callback(
        Output(ids.ASIDE, "children", allow_duplicate=True),
        Output(ids.DRAFT, "data", allow_duplicate=True),
        Input(ids.field("collection_id"), "value"),
        State(ids.DRAFT, "data"),
        State(ids.STATE, "data"),
        prevent_initial_call=True,
    )
    async def other_collection(collection_id: str, drafted: object, wishes: object) -> tuple[Any, ...]:
        """Another table has other columns: the form is made anew, keeping the columns that both have."""
        draft = parse(drafted, Draft)
        if collection_id == draft.values.get("collection_id"):
            raise PreventUpdate
        board = await open_board()
        kind = forms.kind_named(draft.kind)
        collection = board.collection(collection_id)
        if collection is None:
            raise PreventUpdate
        profiles = await profiles_of(board.access, collection_id)
        values = forms.moved(kind, draft.values, collection, distinct(profiles))
        moved = msgspec.structs.replace(draft, values=values, is_drawn=False)
        moved, shown = await _first_look(moved, parse(wishes or {}, Wishes))
        is_new = not draft.tile_id
        made = form(kind, values, board.collections, profiles, is_new=is_new, preview=shown)
        return still_all(made), msgspec.to_builtins(moved)


async def _is_made_anew(before: Draft, draft: Draft) -> bool:
    """Whether the form is made anew, with a preview of its own, as it is to show another table.

    A draft that named that table already would hide from `other_collection` that there is something to do: nothing says
    which of the two callbacks asks first, or whether one of them asks twice.
    """
    collection_id = draft.values.get("collection_id")
    if collection_id == before.values.get("collection_id"):
        return False
    return (await open_board()).collection(str(collection_id)) is not None


async def _looked_at(draft: Draft, wishes: Wishes) -> tuple[list[Component], str, bool, dict[str, str]]:
    """The preview, what is wrong as a whole, whether that prevents saving, and what is wrong by field."""
    kind = forms.kind_named(draft.kind)
    try:
        tile = drawn(draft)
        check_tile(msgspec.structs.replace(tile, id=tile.id or "preview"))
        shown = await previewed(tile, wishes)
    except DomainError as error:
        return [], said(kind, error), True, placed(kind, draft.values, error)
    return shown, "", False, placed_by_message(kind, draft.values, refusals(shown))


async def previewed(tile: Tile, wishes: Mapping[str, tuple[Wish, ...]], name: str = "preview") -> list[Component]:
    """The tile as it will be, under the filters that are active; `name` tells several on one page apart."""
    opened = await services().dashboards.open(actor(), dashboard_id())
    if isinstance(tile, FilterTile):
        options = await services().queries.filter_options(opened.access, tile, ())
        return [control(tile, options, ids.part("preview", _named(name, "filter")))]
    named = msgspec.structs.replace(tile, id=tile.id or "preview")
    state = filter_state(opened.dashboard, wishes, await services().collections.all(opened.access))
    if isinstance(named, TextTile):
        found = await services().queries.answer(opened.access, live_tiles(named), state)
        return [markdown(live_text.filled(named, found) or tr("*Nothing written yet.*"))]
    found = await services().queries.answer(opened.access, [named], state)
    return await _picture(opened.access, named, found[named.id], name)


async def _picture(access: Access, tile: Tile, answer: Answer, name: str) -> list[Component]:
    if isinstance(answer, Failure):
        return [refused_preview(answer, name)]
    notice = _said(answers.notice_of(answer))
    match tile:
        case FigureTile() | MapTile():
            collections = await services().collections.all(access)
            palettes = await palettes_of(services(), access, [tile], collections)
            titles = titles_of(collections).get(tile.collection_id, {})
            palette = palettes.get(tile.id, Palette())
            drawing = inlined(answers.figure_of(tile, answer, palette, ground_of(services()), titles))
            part = ids.part("preview", _named(name, "figure"))
            return [plot(part, name, f"preview-figure{look(tile)}", drawing), *notice]
        case CardTile():
            card, column = called(tile, await services().collections.all(access))
            entry = {"number": answers.number_of(card, answer, column), **answers.beside_number(card, answer)}
            shown = Card(entry=msgspec.to_builtins(entry))
            return [html.Div(shown, className="preview-card", **data("look", tile.secondary_layout)), *notice]
        case ImageTile():
            notice = _said(image_gallery.notice_of(tile, answer))
            return [image_gallery.few(tile, answer, access.project.id), *notice]
        case TableTile():
            collections = await services().collections.all(access)
            columns = next((one.columns for one in collections if one.id == tile.collection_id), ())
            part = ids.part("preview", _named(name, "rows"))
            return [_few_rows(tile, columns, answer, part), *notice]
    return []


def refused_preview(answer: Failure, name: str) -> Component:
    """Why there is no picture, and a way to ask again where that may help."""
    again = [button(ids.retry(name), "refresh", tr("Retry"))] if answer.retry and name == "preview" else []
    return html.Div([html.P(answer.message), *again], className="tile-error", role="alert")


def refusals(shown: Sequence[Component]) -> list[str]:
    """Why a preview shows nothing, in the words of the query engine."""
    alerts = [one for one in shown if getattr(one, "role", None) == "alert"]
    return [str(one.children[0].children) for one in alerts]


def _named(name: str, part: str) -> str:
    return part if name == "preview" else f"{name}-{part}"


def _said(notice: answers.Notice | None) -> list[Component]:
    return [] if notice is None else [html.Div([Icon("filter"), html.P(notice.text)], className="tile-empty")]


def _few_rows(tile: TableTile, columns: Sequence[Column], answer: Frame, component_id: dict[str, Any]) -> Component:
    return dag.AgGrid(
        id=component_id,
        columnDefs=column_defs(tile, columns, answer.margins),
        rowData=answers.rows(answer.data.head(20)),
        dashGridOptions={"rowHeight": 28, "headerHeight": 30, "pinnedBottomRowData": _totals(answer), **SPOKEN},
        defaultColDef=COLUMN_DEFAULTS,
        columnSize="responsiveSizeToFit",
        className="tile-table",
        style={"height": "260px", "width": "100%"},
    )


def _totals(answer: Frame) -> list[dict[str, Any]]:
    totals = beside_rows(answer).get("totals")
    return [totals] if totals else []
