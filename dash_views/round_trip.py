"""The one round trip: every change of the filter state is one request that answers all tiles that change."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from dash import ALL, MATCH, ClientsideFunction, Input, Output, State, ctx, no_update

from dash_views import answers, ids
from dash_views.backend import PageDash
from dash_views.board import actor, dashboard_id, services
from dash_views.figures.colours import Palette, palette
from dash_views.tables import sort_keys
from domain.errors import DomainError, Invalid, Problem
from domain.filters import FilterState, Wish
from domain.links import Links, links_of, reaching
from domain.projects import Access
from domain.rows import column_filters
from domain.selections import filter_state
from domain.tiles import CardTile, DataTile, FigureTile, TableTile, Tile
from services.queries import Answer, Failure

Parsed = TypeVar("Parsed")


class TableModel(msgspec.Struct, frozen=True, rename="camel"):
    """How the reader has sorted and filtered a table, in AG Grid's words."""

    sort_model: list[dict[str, Any]] = []
    filter_model: dict[str, dict[str, Any]] = {}


class Ask(msgspec.Struct, frozen=True):
    """What the browser asks: the filter state, and what each tile shows already."""

    sequence: int
    wishes: dict[str, tuple[Wish, ...]] = {}
    known: dict[str, str] = {}
    tables: dict[str, TableModel] = {}


class RowsRequest(msgspec.Struct, frozen=True, rename="camel"):
    """A block of rows that a table wants."""

    start_row: int
    end_row: int
    sort_model: list[dict[str, Any]] = []
    filter_model: dict[str, dict[str, Any]] = {}


class RowsAsk(msgspec.Struct, frozen=True):
    """A block of rows under a filter state; `ticket` tells the browser which request the rows answer."""

    ticket: int
    request: RowsRequest
    wishes: dict[str, tuple[Wish, ...]] = {}


def register(app: PageDash) -> None:
    """Add the callbacks that viewer and editor share."""
    _register_browser(app)

    @app.callback(
        Output(ids.part("figure", ALL), "figure"),
        Output(ids.part("card", ALL), "children"),
        Output(ids.part("notice", ALL), "children"),
        Output(ids.part("badge", ALL), "children"),
        Output(ids.ANSWERED, "data"),
        Input(ids.ASK, "data"),
        prevent_initial_call=True,
    )
    async def answer(asked: object) -> tuple[Any, ...]:
        ask = parse(asked, Ask)
        outputs = ctx.outputs_list
        try:
            found = await answer_tiles(ask)
        except DomainError as error:
            covered = {"sequence": ask.sequence, "known": {}, "pages": {}, "failure": error.message}
            return (*([no_update] * len(part) for part in outputs[:4]), covered)
        return (*(found.parts(part) for part in outputs[:4]), found.covered(ask))

    @app.callback(
        Output(ids.part("rows-got", MATCH), "data"),
        Input(ids.part("rows-ask", MATCH), "data"),
        prevent_initial_call=True,
    )
    async def more_rows(asked: object) -> dict[str, Any]:
        ask = parse(asked, RowsAsk)
        found = await block(ctx.outputs_list["id"]["tile"], ask)
        if isinstance(found, Failure):
            return {"ticket": ask.ticket, "failure": found.message}
        return {"ticket": ask.ticket, "page": answers.page_of(found)}


def _register_browser(app: PageDash) -> None:
    def browser(name: str) -> ClientsideFunction:
        return ClientsideFunction("depictio", name)

    app.clientside_callback(
        browser("widgets"),
        Output(ids.part("filter", ALL), "value"),
        Input(ids.URL, "search"),
        Input(ids.RESET_ALL, "n_clicks"),
        Input(ids.part("reset", ALL), "n_clicks"),
        State(ids.TILES, "data"),
        State(ids.part("filter", ALL), "value"),
    )
    app.clientside_callback(
        browser("compose"),
        Output(ids.STATE, "data"),
        Output(ids.part("reset", ALL), "className"),
        Output(ids.RESET_ALL, "className"),
        Input(ids.part("filter", ALL), "value"),
        Input(ids.part("figure", ALL), "selectedData"),
        Input(ids.part("rows", ALL), "selectedRows"),
        Input(ids.part("reset", ALL), "n_clicks"),
        Input(ids.RESET_ALL, "n_clicks"),
        State(ids.TILES, "data"),
        State(ids.STATE, "data"),
    )
    want, answered = (Output(name, "data") for name in ids.SINKS)
    retry = Input(ids.part("retry", ALL), "n_clicks")
    app.clientside_callback(browser("want"), want, Input(ids.STATE, "data"), Input(ids.CHANGED, "data"), retry)
    app.clientside_callback(browser("answered"), answered, Input(ids.ANSWERED, "data"), prevent_initial_call=True)
    app.clientside_callback(
        browser("rows"),
        Output(ids.part("rows-ready", MATCH), "data"),
        Input(ids.part("rows", MATCH), "getRowsRequest"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        browser("got"),
        Output(ids.part("rows-shown", MATCH), "data"),
        Input(ids.part("rows-got", MATCH), "data"),
        prevent_initial_call=True,
    )


def parse(data: object, type_: type[Parsed]) -> Parsed:
    """What the browser sent, checked; it may send anything.

    Raises:
        Invalid: naming the place that does not fit.
    """
    try:
        return msgspec.convert(data, type_)
    except msgspec.ValidationError as error:
        raise Invalid("The request cannot be read. Reload the page.", (Problem("request", str(error)),)) from None


class Found(msgspec.Struct, frozen=True, eq=False):
    """The answers of the tiles that changed, and the signature of what every tile shows now."""

    tiles: Mapping[str, Tile]
    answers: Mapping[str, Answer]
    palettes: Mapping[str, Palette]
    signatures: Mapping[str, str]

    def parts(self, outputs: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The values of one kind of output, unchanged where the tile is."""
        return [self.part(output["id"]["role"], output["id"]["tile"]) for output in outputs]

    def part(self, role: ids.Role, tile_id: str) -> Any:
        """The value of one output."""
        tile, answer = self.tiles.get(tile_id), self.answers.get(tile_id)
        if tile is None or answer is None:
            return no_update
        match role, tile:
            case "figure", FigureTile():
                return answers.figure_of(tile, answer, self.palettes.get(tile_id, Palette()))
            case "card", CardTile():
                return answers.number_of(tile, answer)
            case "notice", _:
                return answers.notice_of(tile_id, answer)
            case "badge", _:
                return answers.badge_of(tile, answer)
        return no_update

    def covered(self, ask: Ask) -> dict[str, Any]:
        """What the browser keeps of the answer: signatures, and the first page of each table."""
        pages = {
            tile_id: {"response": answers.page_of(answer), "model": model_of(ask, tile_id)}
            for tile_id, answer in self.answers.items()
            if isinstance(self.tiles[tile_id], TableTile)
        }
        return {"sequence": ask.sequence, "known": dict(self.signatures), "pages": pages, "failure": None}


def model_of(ask: Ask, tile_id: str) -> dict[str, Any]:
    model = ask.tables.get(tile_id, TableModel())
    return {"sortModel": model.sort_model, "filterModel": model.filter_model}


async def answer_tiles(ask: Ask) -> Found:
    """Answer the tiles whose signature differs from what they show.

    Raises:
        NotFound: when the actor may not see the dashboard.
        Invalid: when a wish does not fit its tile.
    """
    use = services()
    opened = await use.dashboards.open(actor(), dashboard_id())
    state = filter_state(opened.dashboard, ask.wishes)
    collections = await use.collections.all(opened.access)
    versions = {one.id: one.table_version for one in collections}
    links = links_of(opened.access.project.source, collections)
    shown = {t.id: t for t in opened.dashboard.grid_tiles if isinstance(t, FigureTile | CardTile | TableTile)}
    signed = {key: signature(tile, state, versions, links, ask) for key, tile in shown.items()}
    changed = [tile for key, tile in shown.items() if ask.known.get(key) != signed[key]]
    plain = [tile for tile in changed if not (isinstance(tile, TableTile) and ask.tables.get(tile.id))]
    tables = [tile for tile in changed if isinstance(tile, TableTile) and ask.tables.get(tile.id)]
    found, pages, palettes = await asyncio.gather(
        use.queries.answer(opened.access, plain, state),
        asyncio.gather(*(page(opened.access, tile, state, first_rows(ask, tile)) for tile in tables)),
        palettes_of(opened.access, changed),
    )
    everything = {**found, **{tile.id: one for tile, one in zip(tables, pages, strict=True)}}
    failed = {key for key, one in everything.items() if isinstance(one, Failure)}
    kept = {key: value for key, value in signed.items() if key not in failed}
    return Found(opened.dashboard.tiles, everything, palettes, kept)


async def block(tile_id: str, ask: RowsAsk) -> Answer:
    """The rows that a table asks for.

    Raises:
        NotFound: when the actor may not see the dashboard.
    """
    opened = await services().dashboards.open(actor(), dashboard_id())
    try:
        tile = opened.dashboard.tile(tile_id)
        state = filter_state(opened.dashboard, ask.wishes)
    except DomainError as error:
        return Failure(error.message)
    if not isinstance(tile, TableTile):
        return Failure("Only tables have rows.")
    return await page(opened.access, tile, state, ask.request)


def signature(tile: DataTile, state: FilterState, versions: Mapping[str, int | None], links: Links, ask: Ask) -> str:
    """Changes when the tile's specification, its data, the clauses that reach it or a table's sorting do.

    Clauses that come through links bring the links and the data that they go through with them.
    """
    reach = reaching(state, tile, links)
    passed = sorted({tile.collection_id, *(one for linked in reach.linked for one in linked.collections)})
    said = (tile.version, [versions.get(one) for one in passed], reach, ask.tables.get(tile.id))
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=12).hexdigest()


def first_rows(ask: Ask, tile: TableTile) -> RowsRequest:
    model = ask.tables[tile.id]
    return RowsRequest(0, tile.page_size, model.sort_model, model.filter_model)


async def page(access: Access, tile: TableTile, state: FilterState, request: RowsRequest) -> Answer:
    """One block of a table's rows, sorted and filtered as the reader wants it."""
    try:
        return await services().queries.table_page(
            access,
            tile,
            state,
            offset=max(request.start_row, 0),
            limit=max(request.end_row - request.start_row, 1),
            sort=sort_keys(request.sort_model),
            filters=column_filters(request.filter_model),
        )
    except DomainError as error:
        return Failure(error.message)


async def palettes_of(access: Access, tiles: Sequence[Tile]) -> dict[str, Palette]:
    """The colours of each figure's categories, by their order in the whole table."""
    coloured = [tile for tile in tiles if isinstance(tile, FigureTile) and tile.color]
    names = await asyncio.gather(
        *(services().queries.categories(access, tile.collection_id, str(tile.color)) for tile in coloured)
    )
    return {tile.id: palette(found) for tile, found in zip(coloured, names, strict=True)}
