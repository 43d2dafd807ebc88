"""What happens in the gallery and beside a form: columns listed and chosen, suggestions drawn, kinds changed."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from dash import ALL, ClientsideFunction, Input, Output, State, ctx, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dash_views import forms, ids
from dash_views.answering import parse
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, services
from dash_views.builder import offers, words
from dash_views.builder.gallery_view import offered_tables, offers_view
from dash_views.builder.offers import Chosen
from dash_views.builder.rebinding import Rebound, columns_of, rebound
from dash_views.builder.shelf import shelf, spread, spread_tile
from dash_views.saves import Draft
from dash_views.still import still_all
from domain.collections import DataCollection
from domain.errors import DomainError
from domain.projects import Access
from domain.tiles import DataTile
from services.queries import ColumnProfile

Profiles = Mapping[str, ColumnProfile]
STAYS = frozenset(field.name for field in msgspec.structs.fields(DataTile))
"""What tiles of every kind have, and keep when they become one of another kind."""


class Spot(msgspec.Struct, frozen=True):
    """The id of the place where a column's values are drawn."""

    role: str
    column: str
    collection: str


def register(app: PageDash) -> None:
    """Add the callbacks of gallery and columns."""
    _register_gallery(app)
    _register_spreads(app)
    # Callbacks without an output are told apart by their inputs alone, so none may have the inputs of another one.
    app.clientside_callback(
        ClientsideFunction("builder", "switched"),
        Input(ids.GALLERY_DATA, "value"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("builder", "listed"),
        Input(ids.COLUMNS, "children"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("builder", "bound"),
        Input(ids.field(ALL), "value"),
        Input(ids.DRAFT, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("builder", "wrong"),
        Input(ids.PROBLEMS, "data"),
        State(ids.field(ALL), "id"),
        prevent_initial_call=True,
    )


def _register_gallery(app: PageDash) -> None:
    @app.callback(
        Output(ids.COLUMNS, "children"),
        Output(ids.OFFERS, "children"),
        Input(ids.GALLERY_DATA, "value"),
        State(ids.CHOSEN, "data"),
    )
    async def list_columns(collection_id: object, chosen_there: object) -> tuple[list[Component], list[Component]]:
        """The columns of the chosen table and what is suggested for them: drawn at once, the page shows them sooner."""
        before = parse(chosen_there or {}, Chosen)
        chosen = Chosen(parse(collection_id, str), filters=before.filters)
        if before.collection_id == chosen.collection_id:
            chosen = before
        access = (await services().dashboards.open(actor(), dashboard_id())).access
        return await _listed(access, chosen)

    @app.callback(
        Output(ids.COLUMNS, "children", allow_duplicate=True),
        Output(ids.OFFERS, "children", allow_duplicate=True),
        Output(ids.GALLERY_DATA, "data"),
        Input(ids.RENEW_GALLERY, "data"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    async def renew(_: object, chosen_there: object) -> tuple[Any, ...]:
        """Data have changed while the gallery is open; of what was chosen there stays what the table still has."""
        chosen = parse(chosen_there or {}, Chosen)
        access = (await services().dashboards.open(actor(), dashboard_id())).access
        return *await _listed(access, chosen), offered_tables(await services().collections.all(access))

    @app.callback(
        Output(ids.OFFERS, "children", allow_duplicate=True),
        Input(ids.PICKED, "data"),
        prevent_initial_call=True,
    )
    async def suggest(picked: object) -> list[Component]:
        """What could show the columns that were picked just now, or the whole table."""
        chosen = parse(picked or {}, Chosen)
        access = (await services().dashboards.open(actor(), dashboard_id())).access
        collection = await collection_of(access, chosen.collection_id)
        if collection is None:
            raise PreventUpdate
        return await _suggested(access, collection, await profiles_of(access, collection.id), chosen)


async def _listed(access: Access, chosen: Chosen) -> tuple[list[Component], list[Component]]:
    collection = await collection_of(access, chosen.collection_id)
    if collection is None:
        return [html.P(words.GONE, className="filter-note")], []
    profiles = await profiles_of(access, collection.id)
    listed = shelf(collection.columns, profiles, collection.id, "choose")
    return still_all(listed), await _suggested(access, collection, profiles, chosen)


async def _suggested(access: Access, collection: DataCollection, profiles: Profiles, chosen: Chosen) -> list[Component]:
    """What could show the chosen columns, or the whole table, each as it would look."""
    offered = offers.offers(collection, distinct(profiles), chosen)
    shown = await offers.shown(services(), access, offered)
    return still_all(offers_view(offered, shown, chosen))


def _register_spreads(app: PageDash) -> None:
    @app.callback(
        Output(ids.spread(ALL, ALL), "children"),
        Input(ids.spread(ALL, ALL), "id"),
    )
    async def spreads(places: object) -> list[list[Component]]:
        """How the values of each listed column are spread, after the list itself is there."""
        spots = parse(places, list[Spot])
        if not spots:
            raise PreventUpdate
        access = (await services().dashboards.open(actor(), dashboard_id())).access
        collection = await collection_of(access, spots[0].collection)
        if collection is None:
            return [[] for _ in spots]
        columns = [column for spot in spots if (column := collection.column(spot.column))]
        tiles = [spread_tile(column, collection.id) for column in columns]
        found = await services().queries.answer(access, tiles, ())
        return [spread(found[spot.column]) if spot.column in found else [] for spot in spots]


async def collection_of(access: Access, collection_id: str) -> DataCollection | None:
    """The collection of the project with that id, when it has rows."""
    found = await services().collections.all(access)
    return next((one for one in found if one.id == collection_id and one.table_version is not None), None)


async def profiles_of(access: Access, collection_id: str) -> Profiles:
    """What is known of the columns; nothing when the collection is gone, which the preview says."""
    if not collection_id:
        return {}
    try:
        found = await services().queries.profile(access, collection_id)
    except DomainError:
        return {}
    return {one.column: one for one in found}


def distinct(profiles: Profiles) -> dict[str, int]:
    """The number of different values of each column, where it is known."""
    return {name: one.distinct for name, one in profiles.items() if one.distinct is not None}


def chosen_for(draft: Draft) -> Chosen:
    """What the gallery shows as chosen when the draft is to become something else: the columns that it shows."""
    kind = forms.kind_named(draft.kind)
    columns = columns_of(kind, draft.values)
    collection_id = str(draft.values.get("collection_id") or "")
    return Chosen(collection_id, tuple(columns), filters=kind.group == "Filters" if draft.tile_id else None)


def kinds_for(draft: Draft) -> Sequence[forms.Kind]:
    """What a draft can become: a tile that stands on the grid stays there, a filter stays in the panel."""
    if not draft.tile_id:
        return forms.KINDS
    is_filter = forms.kind_named(draft.kind).group == "Filters"
    return [kind for kind in forms.KINDS if (kind.group == "Filters") == is_filter]


def changed(
    draft: Draft, kind: forms.Kind, collection: DataCollection, known: Mapping[str, int], values: Mapping[str, Any]
) -> tuple[Draft, Rebound]:
    """The draft as another kind, `values` before what it had, and what that kind has no place for."""
    found = rebound(forms.kind_named(draft.kind), draft.values, kind, collection, known)
    merged = {**found.values, **values}
    shown = set(columns_of(kind, merged))
    dropped = tuple((label, column) for label, column in found.dropped if column not in shown)
    base = {name: value for name, value in draft.base.items() if name in STAYS}
    return Draft(kind=kind.name, values=merged, tile_id=draft.tile_id, base=base), Rebound(merged, dropped)


def picked() -> str:
    """The kind of the suggestion that was pressed."""
    return str(ctx.triggered_id["name"])
