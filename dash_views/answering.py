"""What the tiles of a board show under a filter state: which of them change, and their answers."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

import msgspec

from dash_views import answers, image_gallery, live_text
from dash_views.answers import PLAIN
from dash_views.figures.colours import Palette, palette
from dash_views.figures.ground import Ground
from dash_views.naming import called, titles_of
from dash_views.tables import own_model, sort_keys
from dash_views.wire import figure_parts
from domain.access import Actor
from domain.collections import ColumnKind, DataCollection
from domain.errors import DomainError, Invalid, Problem
from domain.figure_roles import coloured_by
from domain.filters import FilterState, Wish
from domain.image_tile import as_table, named
from domain.links import Links, links_of, reaching
from domain.live_tile import LiveTile, asked_for, live_tiles
from domain.map_tile import MapKind
from domain.projects import Access
from domain.rows import column_filters
from domain.selections import filter_state
from domain.tiles import CardTile, DataTile, FigureTile, ImageTile, MapTile, TableTile, TextTile, Tile, TileBase
from domain.wording import tr
from services.dashboards import DashboardAccess
from services.queries import Answer, Failure, Known
from services.system import Services

Parsed = TypeVar("Parsed")
PageNumber = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Shown = FigureTile | CardTile | TableTile | MapTile | ImageTile
"""What a tile with rows behind it may be."""
SHARING = (ColumnKind.TEXT, ColumnKind.BOOLEAN)
MOST_NAMESAKES = 8
"""So many collections share the colours of a column; those of more would have to be looked up in too many tables."""


class TableModel(msgspec.Struct, frozen=True, rename="camel"):
    """How the reader has sorted and filtered a table, in AG Grid's words."""

    sort_model: list[dict[str, Any]] = []
    filter_model: dict[str, dict[str, Any]] = {}


class Ask(msgspec.Struct, frozen=True):
    """What the browser asks: the filter state, and what each tile has already.

    `view` names the opened page, `sequence` counts its states. `drawn` are the tiles that the page shows: those of
    folded sections and other tabs cost nothing; all are meant when there is no such list. `known` are signatures,
    `marks` those of moulds (see `wire`). `full` are scatters of which all points are wanted, `turned` the pages of
    galleries beyond the first. Only `tiles` are answered now, all when there is no such list.
    """

    sequence: int
    view: str = ""
    wishes: dict[str, tuple[Wish, ...]] = {}
    known: dict[str, str] = {}
    marks: dict[str, str] = {}
    tables: dict[str, TableModel] = {}
    tiles: frozenset[str] | None = None
    drawn: frozenset[str] | None = None
    full: frozenset[str] = frozenset()
    turned: dict[str, PageNumber] = {}

    def enlarges(self, tile: TileBase) -> bool:
        """Whether all points of the tile are wanted."""
        return tile.id in self.full and answers.is_enlargeable(tile)


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


class Block(msgspec.Struct, frozen=True, eq=False):
    """Rows of a table; of its first block also the signature that an `Ask` under the same state and sorting gives."""

    answer: Answer
    signature: str | None = None


class Found(msgspec.Struct, frozen=True, eq=False):
    """The answers of the tiles that change, and the signature of every tile under the state."""

    tiles: Mapping[str, Tile]
    answers: Mapping[str, Answer]
    palettes: Mapping[str, Palette]
    signatures: Mapping[str, str]
    texts: Mapping[str, str] = {}
    """Texts with their live values, as Markdown."""
    ground: Ground = PLAIN
    titles: Mapping[str, Mapping[str, str]] = {}
    """How columns are called along axes, by collection."""
    collections: Sequence[DataCollection] = ()

    def parts(self, ask: Ask) -> dict[str, Any]:
        """The answer as `wire.body` sends it."""
        tiles = {tile_id: self.part(tile_id, ask) for tile_id in self.answers}
        tiles |= {tile_id: {"notice": None, "badge": "", "text": text} for tile_id, text in self.texts.items()}
        return {"sequence": ask.sequence, "signatures": self.signatures, "tiles": tiles, "failure": None}

    def part(self, tile_id: str, ask: Ask) -> dict[str, Any]:
        """What one tile shows."""
        tile, answer = self.tiles[tile_id], self.answers[tile_id]
        entry: dict[str, Any] = {"notice": answers.notice_of(answer), "badge": answers.badge_of(tile, answer)}
        match tile:
            case FigureTile() | MapTile():
                entry["more"] = answers.more_of(tile, answer, is_full=ask.enlarges(tile))
                titles = self.titles.get(tile.collection_id, {})
                figure = answers.figure_of(tile, answer, self.palettes.get(tile_id, Palette()), self.ground, titles)
                entry["figure"] = figure_parts(figure, ask.marks.get(tile_id))
            case CardTile():
                card, name = called(tile, self.collections)
                entry["number"] = answers.number_of(card, answer, name)
                entry |= answers.beside_number(card, answer)
            case TableTile():
                entry["page"] = {"response": answers.page_of(answer), "model": model_of(ask, tile)}
            case ImageTile():
                entry["notice"] = image_gallery.notice_of(tile, answer)
                entry["gallery"] = image_gallery.page_of(tile, answer, ask.turned.get(tile_id, 0))
        return entry


def parse(data: object, type_: type[Parsed]) -> Parsed:
    """What the browser sent, checked; it may send anything.

    Raises:
        Invalid: naming the place that does not fit.
    """
    try:
        return msgspec.convert(data, type_)
    except msgspec.ValidationError as error:
        raise unreadable(error) from None


def unreadable(error: Exception) -> Invalid:
    """What is said of a request that does not fit."""
    return Invalid(tr("The request cannot be read. Reload the page."), (Problem("request", str(error)),))


def model_of(ask: Ask, tile: TableTile) -> dict[str, Any]:
    model = ask.tables.get(tile.id) or TableModel(own_model(tile))
    return {"sortModel": model.sort_model, "filterModel": model.filter_model}


def changed_model(ask: Ask, tile: DataTile) -> TableModel | None:
    """How the reader has sorted and filtered a table; None where it is as its author has left it."""
    model = ask.tables.get(tile.id)
    own = TableModel(own_model(tile)) if isinstance(tile, TableTile) else None
    return None if model == own else model


async def answer_tiles(use: Services, opened: DashboardAccess, ask: Ask) -> Found:
    """Answer the tiles asked for whose signature differs from what they have.

    Raises:
        Invalid: when a wish does not fit its tile.
    """
    collections = await use.collections.all(opened.access)
    state = filter_state(opened.dashboard, ask.wishes, collections)
    versions = {one.id: one.table_version for one in collections}
    links = links_of(opened.access.project.source, collections)
    shown: dict[str, Shown | LiveTile] = {t.id: t for t in opened.dashboard.grid_tiles if isinstance(t, Shown)}
    texts = {t.id: t for t in opened.dashboard.grid_tiles if isinstance(t, TextTile)}
    shown |= {key: live for key, text in texts.items() if (live := asked_for(text)) is not None}
    shown = shown if ask.drawn is None else {key: tile for key, tile in shown.items() if key in ask.drawn}
    signed = {
        key: signature(
            tile,
            state,
            versions,
            links,
            changed_model(ask, tile),
            is_full=ask.enlarges(tile),
            page=ask.turned.get(key, 0),
        )
        for key, tile in shown.items()
    }
    asked = [tile for key, tile in shown.items() if ask.tiles is None or key in ask.tiles]
    changed = [tile for tile in asked if ask.known.get(tile.id) != signed[tile.id]]
    plain = [tile for tile in changed if changed_model(ask, tile) is None]
    written = {tile.id: texts[tile.id] for tile in changed if isinstance(tile, LiveTile)}
    lives = [live for text in written.values() for live in live_tiles(text)]
    data = [_drawn(tile, ask) for tile in plain if not isinstance(tile, LiveTile) and not ask.turned.get(tile.id)]
    leafed = [tile for tile in plain if isinstance(tile, ImageTile) and ask.turned.get(tile.id)]
    tables = [tile for tile in changed if isinstance(tile, TableTile) and changed_model(ask, tile)]
    found, pages, leaves, palettes = await asyncio.gather(
        use.queries.answer(opened.access, [*data, *lives], state, collections),
        asyncio.gather(*(page(use, opened.access, tile, state, first_rows(ask, tile), collections) for tile in tables)),
        asyncio.gather(*(leaf(use, opened.access, tile, state, ask.turned[tile.id], collections) for tile in leafed)),
        palettes_of(use, opened.access, changed, collections),
    )
    if ask.tiles is None:
        # Tables may have come to another version while the dashboard is open.
        await use.queries.prepare(opened.access, list(opened.dashboard.tiles.values()), collections)
    told = {key: live_text.filled(text, found) for key, text in written.items()}
    answered = {tile.id: found[tile.id] for tile in data}
    everything = {**answered, **{tile.id: one for tile, one in zip([*tables, *leafed], [*pages, *leaves], strict=True)}}
    return Found(
        opened.dashboard.tiles, everything, palettes, signed, told, ground_of(use), titles_of(collections), collections
    )


def _drawn(tile: Shown, ask: Ask) -> TileBase:
    return answers.enlarged(tile) if isinstance(tile, FigureTile | MapTile) and ask.enlarges(tile) else tile


async def block(use: Services, actor: Actor, dashboard_id: str, tile_id: str, ask: RowsAsk) -> Block:
    """The rows that a table asks for.

    Raises:
        NotFound: when the actor may not see the dashboard.
    """
    opened = await use.dashboards.open(actor, dashboard_id)
    collections = await use.collections.all(opened.access)
    try:
        tile = opened.dashboard.tile(tile_id)
        state = filter_state(opened.dashboard, ask.wishes, collections)
    except DomainError as error:
        return Block(Failure(error.message))
    if not isinstance(tile, TableTile):
        return Block(Failure(tr("Only tables have rows.")))
    if ask.request.start_row > 0:
        return Block(await page(use, opened.access, tile, state, ask.request))
    versions = {one.id: one.table_version for one in collections}
    given = TableModel(ask.request.sort_model, ask.request.filter_model)
    model = None if given == TableModel(own_model(tile)) else given
    signed = signature(tile, state, versions, links_of(opened.access.project.source, collections), model)
    return Block(await page(use, opened.access, tile, state, ask.request), signed)


def signature(
    tile: DataTile,
    state: FilterState,
    versions: Mapping[str, int | None],
    links: Links,
    model: TableModel | None,
    *,
    is_full: bool = False,
    page: int = 0,
) -> str:
    """Changes when the tile's specification, its data, the clauses that reach it, a table's sorting or a bound do.

    Clauses that come through links bring the links and the data that they go through with them.
    """
    reach = reaching(state, tile, links)
    passed = sorted({tile.collection_id, *(one for linked in reach.linked for one in linked.collections)})
    said = (tile.version, [versions.get(one) for one in passed], reach, model, is_full, page)
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=12).hexdigest()


def first_rows(ask: Ask, tile: TableTile) -> RowsRequest:
    model = ask.tables[tile.id]
    return RowsRequest(0, tile.page_size, model.sort_model, model.filter_model)


async def page(
    use: Services,
    access: Access,
    tile: TableTile,
    state: FilterState,
    request: RowsRequest,
    collections: Known = None,
) -> Answer:
    """One block of a table's rows, sorted and filtered as the reader wants it."""
    try:
        return await use.queries.table_page(
            access,
            tile,
            state,
            offset=max(request.start_row, 0),
            limit=max(request.end_row - request.start_row, 1),
            sort=sort_keys(request.sort_model),
            filters=column_filters(request.filter_model),
            collections=collections,
        )
    except DomainError as error:
        return Failure(error.message)


async def leaf(
    use: Services, access: Access, tile: ImageTile, state: FilterState, number: int, collections: Known = None
) -> Answer:
    """A page of a gallery beyond the first one."""
    try:
        return await use.queries.table_page(
            access,
            as_table(tile),
            state,
            offset=number * tile.max_images,
            limit=tile.max_images,
            sort=tile.sort,
            filters=named(tile),
            collections=collections,
        )
    except DomainError as error:
        return Failure(error.message)


def ground_of(use: Services) -> Ground:
    """The tile server of the installation."""
    return Ground(use.settings.map_tiles, use.settings.map_attribution)


def color_of(tile: FigureTile | MapTile) -> str | None:
    """The column that gives a tile's points their colours."""
    if isinstance(tile, FigureTile):
        return coloured_by(tile)
    return tile.color_column if tile.map_type is MapKind.SCATTER else None


def namesakes_of(collection_id: str, name: str, collections: Sequence[DataCollection]) -> list[tuple[str, str]]:
    """The columns of categories that share their colours, in an order that is the same for each of them."""
    own = next((one.column(name) for one in collections if one.id == collection_id), None)
    if own is None or own.kind not in SHARING:
        return [(collection_id, name)]
    same = [one for one in collections if (column := one.column(name)) and column.kind is own.kind]
    if len(same) > MOST_NAMESAKES:
        return [(collection_id, name)]
    return [(one.id, name) for one in sorted(same, key=lambda one: (one.tag, one.id)) if one.table_version is not None]


async def palettes_of(
    use: Services, access: Access, tiles: Sequence[TileBase], collections: Known = None
) -> dict[str, Palette]:
    """The colours of each figure's categories, by their order in the whole table; each column is looked up once.

    A column that other collections of the project have by the same name shares its colours with them.
    """
    coloured = {tile.id: (tile.collection_id, color) for tile in tiles
                if isinstance(tile, FigureTile | MapTile) and (color := color_of(tile))}  # fmt: skip
    namesakes = {column: namesakes_of(*column, collections or ()) for column in dict.fromkeys(coloured.values())}
    columns = list(dict.fromkeys(one for found in namesakes.values() for one in found))
    names = await asyncio.gather(*(use.queries.categories(access, *column, collections) for column in columns))
    known = dict(zip(columns, names, strict=True))
    palettes = {
        column: palette(list(dict.fromkeys(name for one in found for name in known[one])))
        for column, found in namesakes.items()
    }
    return {tile_id: palettes[column] for tile_id, column in coloured.items()}
