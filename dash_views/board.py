"""The board that viewer and editor share: panel, grid, and the stores through which the browser asks."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
import msgspec
from anyio import from_thread
from dash import dcc, html
from dash.development.base_component import Component

from dash_views import ids
from dash_views.backend import current_request, dependency
from dash_views.bar import bar
from dash_views.division import board_tabs, division_props, grouped_filters, talk_panel
from dash_views.grid import TileGrid
from dash_views.icons import Icon
from dash_views.panel import filter_card, no_filters, panel
from dash_views.parts import aria, data
from dash_views.pins import pin_chips
from dash_views.sliders import scale_of
from dash_views.still import still, still_all
from dash_views.tiles import grid_item, tile_card
from dash_views.whole_condition import browser_condition, condition_cards
from domain.access import Actor
from domain.collections import ColumnKind, DataCollection
from domain.dashboards import Dashboard
from domain.errors import Invalid
from domain.figure_roles import facets
from domain.filters import WHERE
from domain.headings import heading
from domain.history import Stamp
from domain.live_tile import live_tiles
from domain.map_tile import MapKind
from domain.marks import CELLED, TREES, mark_columns, parting, picked_column
from domain.projects import Access
from domain.selections import can_select, filter_state
from domain.text import IDENTIFIER
from domain.tiles import (
    DataTile,
    FigureTile,
    FilterTile,
    FilterWidget,
    ImageTile,
    MapTile,
    TableTile,
    TextTile,
    Tile,
    Visu,
    kind_of,
)
from domain.wording import tr
from services.dashboards import DashboardAccess
from services.queries import Answer, Failure, Frame
from services.system import Services

SLIDERS = {FilterWidget.RANGE_SLIDER, FilterWidget.SLIDER}
SESSION_HEADER, EDIT_HEADER = "x-depictio-session", "x-depictio-edit"
BINNED = {ColumnKind.NUMBER, ColumnKind.DATE, ColumnKind.DATETIME}
NO_TILES = tr("This dashboard has no tiles yet.")
HOW_TO_BEGIN = tr("Figures, numbers, tables, texts and filters are tiles. They can be dragged and resized as you like.")
FIRST_TILE = tr("Add the first tile")
SCHEMES = {"light": "light", "dark": "dark"}


class Board(msgspec.Struct, frozen=True, eq=False):
    """All that drawing a dashboard needs, read once for its layout."""

    access: Access
    dashboard: Dashboard
    collections: tuple[DataCollection, ...]
    options: Mapping[str, Answer]
    """What the control of each filter tile offers."""

    def collection(self, collection_id: str) -> DataCollection | None:
        return next((one for one in self.collections if one.id == collection_id), None)


def services() -> Services:
    """The services, as injected into the request that is answered; what they save bears its stamp."""
    found: Services = dependency("services")
    return found.stamped(stamp_of(current_request().headers))


def stamp_of(headers: Mapping[str, str]) -> Stamp:
    """Which opened editor a request comes from, and which of its requests it is."""
    said = [headers.get(name, "") for name in (SESSION_HEADER, EDIT_HEADER)]
    return Stamp(*(text if IDENTIFIER.fullmatch(text) else "" for text in said))


def actor() -> Actor:
    """Who asks."""
    found: Actor = dependency("actor")
    return found


def dashboard_id() -> str:
    """The dashboard whose page asks."""
    return str(current_request().path_params["dashboard_id"])


async def open_board() -> Board:
    """Read the dashboard of this request with everything that its layout needs.

    Raises:
        NotFound: when the actor may not see it.
    """
    use = services()
    opened = await use.dashboards.open(actor(), dashboard_id())
    collections = await use.collections.all(opened.access)
    options = await _offered(use, opened, collections)
    await use.queries.prepare(opened.access, list(opened.dashboard.tiles.values()))
    return Board(opened.access, opened.dashboard, tuple(collections), options)


async def _offered(use: Services, opened: DashboardAccess, collections: list[DataCollection]) -> Mapping[str, Answer]:
    """What the filters offer at first: the dashboard's own condition may narrow them."""
    try:
        state = filter_state(opened.dashboard, {}, collections)
    except Invalid as error:
        return {tile.id: Failure(error.message) for tile in opened.dashboard.filters}
    return await use.queries.answer(opened.access, opened.dashboard.filters, state, collections)


def layout(*, editable: bool) -> Component:
    """The layout of the page that asks; runs in a worker thread, as Dash's layout functions are not async."""
    board: Board = from_thread.run(open_board)
    scheme = current_request().cookies.get("scheme", "")
    aside = html.Aside(id=ids.ASIDE, className="aside", hidden=True, **aria(tr("Tile")))
    extra = [aside, dcc.Store(id=ids.DRAFT), *editor_stores()] if editable else []
    page = dmc.MantineProvider(
        id=ids.MANTINE,
        defaultColorScheme="auto",
        forceColorScheme=SCHEMES.get(scheme),
        children=html.Div(
            [
                *stores(board),
                bar(board.access, board.dashboard, editable=editable),
                html.Div(id=ids.VIEW_LINE, className="view-line"),
                pin_chips(board.access, board.dashboard, board.collections),
                html.Div(id=ids.FAILURE, className="board-failure", role="alert"),
                html.Div(
                    [
                        html.Div(id=ids.CHIPS, className="chips", **aria(tr("Active filters"))),
                        board_tabs(board.access, board.dashboard, editable=editable),
                    ],
                    className="board-line",
                ),
                html.Div(
                    [
                        html.Aside(
                            filter_panel(board, editable=editable),
                            id=ids.PANEL,
                            className="panel",
                            **aria(tr("Filters")),
                        ),
                        html.Div(grid(board, editable=editable), className="board-main"),
                        *extra,
                        talk_panel(board.access),
                    ],
                    className="board",
                ),
            ],
            className="board-root",
        ),
    )
    return still(page)


def stores(board: Board) -> list[Component]:
    """The stores of the shared callbacks, and the address."""
    return [
        dcc.Location(id=ids.URL, refresh=False),
        dcc.Store(id=ids.TILES, data=browser_tiles(board)),
        dcc.Store(id=ids.CHANGED, data=0),
        dcc.Store(id=ids.STATE),
        dcc.Store(id=ids.VISITED),
        dcc.Store(id=ids.SHOWN, data=shown(board)),
        dcc.Store(id=ids.SYNC),
        dcc.Store(id=ids.VIEW),
        dcc.Store(id=ids.ACT),
    ]


def shown(board: Board) -> dict[str, Any]:
    """What the browser must know of the dashboard that is drawn."""
    return {name: getattr(board.dashboard, name) for name in ("version", "title", "subtitle")}


def editor_stores() -> list[Component]:
    """What saving needs to know, and the dialog of conflicts."""
    names = (
        *(ids.AUTOSAVE, ids.BASE, ids.CONFLICTED, ids.ECHO, ids.OPENING, ids.CLOSING, ids.ACTING),
        *(ids.CHOSEN, ids.PICKED, ids.PROBLEMS, ids.RENEW_FORM, ids.RENEW_GALLERY, ids.RENEWED),
    )
    dialog = dmc.Modal(
        html.Div(id=ids.CONFLICT_BODY),
        id=ids.CONFLICT,
        title=tr("Somebody else changed this tile"),
        size="xl",
        closeOnClickOutside=False,
        withCloseButton=False,
        closeOnEscape=False,
    )
    return [*(dcc.Store(id=name) for name in names), dialog]


def filter_panel(board: Board, *, editable: bool) -> list[Component]:
    cards = {tile.id: filter_card(tile, board.options[tile.id], editable=editable) for tile in board.dashboard.filters}
    conditions = condition_cards(board.dashboard, editable=editable)
    shown = [*grouped_filters(board.dashboard, cards), *conditions]
    return still_all(panel(shown, note="" if cards else no_filters(editable=editable)))


def grid(board: Board, *, editable: bool) -> list[Component]:
    """The grid of tiles, with what to do when there is none."""
    tiles = board.dashboard.grid_tiles
    cards = [slot(tile, board.collections, editable=editable) for tile in tiles]
    items = [grid_item(tile) for tile in tiles]
    empty = html.Div(nothing_yet(editable=editable), className="board-empty", hidden=bool(tiles), id=ids.EMPTY)
    divided = division_props(board.dashboard)
    return [TileGrid(cards, id=ids.GRID, items=items, editable=editable, **divided), empty]


def nothing_yet(*, editable: bool) -> list[Component]:
    """What stands on a board without tiles; its button is that of the bar (`menu.js`)."""
    if not editable:
        return [html.P(NO_TILES)]
    add = html.Button(
        [Icon("plus"), FIRST_TILE], className="dp-button", type="button",
        **data("kind", "primary"), **data("press", ids.ADD),
    )  # fmt: skip
    return [html.P(HOW_TO_BEGIN), add]


NESTED = {**dict.fromkeys(TREES, "path"), Visu.HEATMAP: "cell", Visu.DENSITY_HEATMAP: "grid"}
"""What a mark of these kinds is, as nested.js reads it."""


def slot(tile: Tile, collections: tuple[DataCollection, ...], *, editable: bool) -> Component:
    """A tile with the stores through which a table asks for more rows."""
    roles: tuple[ids.Role, ...] = ("rows-ready", "rows-ask", "rows-got", "rows-shown")
    rows = [dcc.Store(id=ids.part(role, tile.id)) for role in roles] if isinstance(tile, TableTile) else []
    picked = [dcc.Store(id=ids.part("images", tile.id))] if isinstance(tile, ImageTile) else []
    card = tile_card(tile, collections, editable=editable)
    return still(html.Div([card, *rows, *picked], className="tile-slot"))


def browser_tiles(board: Board) -> dict[str, dict[str, Any]]:
    """What wishes.js must know: of filters their widget and ends, of others how a selection is said."""
    tiles = {tile.id: browser_tile(tile, board) for tile in board.dashboard.tiles.values()}
    return tiles | {WHERE: browser_condition(board.dashboard)}


def browser_tile(tile: Tile, board: Board) -> dict[str, Any]:
    """One entry of `browser_tiles`."""
    entry: dict[str, Any] = {"type": kind_of(tile), "label": heading(tile)}
    if isinstance(tile, DataTile):
        entry["collection"] = tile.collection_id
    match tile:
        case TextTile() if live_tiles(tile):
            entry["collection"] = tile.collection_id
        case FilterTile():
            entry |= said_of_filter(tile, board)
        case FigureTile() if can_select(tile):
            entry |= said_of_figure(tile, board)
        case MapTile() if can_select(tile):
            entry |= said_of_map(tile)
        case ImageTile() if can_select(tile):
            entry |= {"by": tile.selects_by}
        case TableTile() if can_select(tile):
            entry |= {"by": tile.selection_column}
    return entry


def said_of_filter(tile: FilterTile, board: Board) -> dict[str, Any]:
    """The widget of a filter, when it was drawn, and the ends of its slider."""
    said: dict[str, Any] = {"widget": tile.interactive_component_type, "kind": column_kind(tile, board)}
    said["drawn"] = [tile.version, tile.layout.y]
    options = board.options.get(tile.id)
    if tile.interactive_component_type in SLIDERS and isinstance(options, Frame):
        scale = scale_of(options)
        said |= {"min": scale.low if scale else 0.0, "max": scale.high if scale else 0.0}
        said |= {"log": True} if scale and scale.log else {}
    return said


def said_of_figure(tile: FigureTile, board: Board) -> dict[str, Any]:
    """How marks, cells or points of a figure are said; nothing when a column of its marks is gone."""
    if (picked := picked_column(tile)) is not None:
        kind = kind_named(picked, tile, board)
        if kind is None:
            return {}
        also = {"also": parted_by(tile, board)} if parting(tile) else {}
        return {"by": picked, "kind": kind, "pick": picked_as(tile, kind), **also}
    if tile.visu_type in NESTED:
        return nested_marks(tile, board)
    # Hover columns come before the selected value in customdata; see figures.build.
    panels = {"panels": panels_of(tile, board)} if tile.selection_column is None and facets(tile) else {}
    return {"by": tile.selection_column or "region", "at": len(tile.hover), **panels}


def parted_by(tile: FigureTile, board: Board) -> list[dict[str, Any]]:
    """The columns that part the marks of a figure further; one that is gone is refused when it is asked for."""
    return [{"role": role, "name": name, "kind": kind_named(name, tile, board)} for role, name in parting(tile).items()]


def nested_marks(tile: FigureTile, board: Board) -> dict[str, Any]:
    """How cells and paths are said; nothing when a column is gone."""
    roles = ("x", "y", *facets(tile)) if tile.visu_type in CELLED else ("",) * len(mark_columns(tile))
    each = [{"role": role, "name": name, "kind": kind_named(name, tile, board)}
            for role, name in zip(roles, mark_columns(tile), strict=True)]  # fmt: skip
    if any(one["kind"] is None for one in each):
        return {}
    first, *also = each
    return {"by": first["name"], "kind": first["kind"], "pick": NESTED[tile.visu_type], "also": also}


def panels_of(tile: FigureTile, board: Board) -> list[dict[str, Any]]:
    """The columns of the facets: a region drawn in one of them says its categories, too."""
    return [{"role": role, "kind": kind_named(name, tile, board)} for role, name in facets(tile).items()]


def said_of_map(tile: MapTile) -> dict[str, Any]:
    """How selections of a map are said; of a region the values that name it come last in customdata."""
    if tile.map_type is MapKind.CHOROPLETH:
        return {"by": "regions", "at": 2}
    by = tile.selection_column if tile.map_type is MapKind.SCATTER else None
    return {"by": by or "region", "at": len(tile.hover_columns)}


def picked_as(tile: FigureTile, kind: ColumnKind | None) -> str:
    """What a mark of the figure stands for: a bin of a histogram, or a value."""
    return "bin" if tile.visu_type is Visu.HISTOGRAM and kind in BINNED else "value"


def column_kind(tile: FilterTile, board: Board) -> ColumnKind | None:
    """The kind of the filtered column; none when it is gone, which the control itself says."""
    return kind_named(tile.column_name, tile, board)


def kind_named(name: str, tile: DataTile, board: Board) -> ColumnKind | None:
    """The kind of a column of the tile's collection; none when one of them is gone."""
    collection = board.collection(tile.collection_id)
    column = collection.column(name) if collection else None
    return column.kind if column else None
