"""Dashboards as documents, and the rules by which they change: pure functions from one to the next."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.grid import compact
from domain.headings import heading
from domain.pins import Pin, pin_problems
from domain.tabs import Breakpoint, Division, Home, Section, Tab, division_problems, home, sections_of
from domain.text import DESCRIPTION_MAX_LENGTH, TITLE_MAX_LENGTH, line, paragraphs
from domain.tiles import GRID_COLUMNS, Box, FilterTile, Tile
from domain.wording import tr

MAX_TILES = 200
MAX_HEIGHT = 50
MAX_ROW = 10_000


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard of one project. `version` counts every save; `tiles` are keyed by their id.

    Without `tabs` there is one, which needs no name; `filter_sections` divide the panel, which all tabs share. Without
    `breakpoints` the grid has the usual ones. A tile's `layout` counts from the top of its section.
    `filter_expr` is a condition on the rows of all tiles (see `domain.conditions`).
    """

    id: str
    project_id: str
    title: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    subtitle: str = ""
    tiles: dict[str, Tile] = {}
    tabs: tuple[Tab, ...] = ()
    grid_sections: tuple[Section, ...] = ()
    filter_sections: tuple[Section, ...] = ()
    breakpoints: tuple[Breakpoint, ...] = ()
    filter_expr: str = ""
    pins: dict[str, Pin] = {}
    """The collections, by id, that are shown at one version of their tables."""
    version: int = 1

    @property
    def grid_tiles(self) -> list[Tile]:
        """The tiles of the grid in reading order: tab by tab, section by section."""
        tiles = [tile for tile in self.tiles.values() if not isinstance(tile, FilterTile)]
        order = self._order(self.grid_sections)
        return sorted(tiles, key=lambda tile: (order[self.home(tile)], tile.layout.y, tile.layout.x, tile.id))

    @property
    def filters(self) -> list[FilterTile]:
        """The controls of the filter panel, top to bottom."""
        filters = [tile for tile in self.tiles.values() if isinstance(tile, FilterTile)]
        order = self._order(self.filter_sections)
        return sorted(filters, key=lambda tile: (order[self.home(tile)], tile.layout.y, tile.id))

    @property
    def cover(self) -> list[Tile]:
        """The tiles that show when the dashboard is opened, each where it lies on the whole first tab."""
        tab = self.tabs[0].id if self.tabs else ""
        shown = [Home(one.tab, one.name) for one in sections_of(tab, self.grid_sections) if not one.collapsed]
        tiles: list[Tile] = []
        top = 0
        for place in (Home(tab), *shown):
            there = self.at(place)
            tiles += [_lowered(tile, top) for tile in there]
            top += max((tile.layout.y + tile.layout.h for tile in there), default=0)
        return tiles

    def home(self, tile: Tile) -> Home:
        """The tab and the section in which the tile stands."""
        sections = self.filter_sections if isinstance(tile, FilterTile) else self.grid_sections
        return home(tile.tab, tile.section, self.tabs, sections)

    def at(self, place: Home) -> list[Tile]:
        """The grid's tiles of one section, in reading order."""
        return [tile for tile in self.grid_tiles if self.home(tile) == place]

    def _order(self, sections: Iterable[Section]) -> dict[Home, int]:
        """The rank of every place that a tile may have; the section without a name is the first of its tab."""
        named = list(sections)
        tabs = [tab.id for tab in self.tabs] or [""]
        places = [Home(tab, name) for tab in tabs for name in ["", *(one.name for one in named if one.tab == tab)]]
        return {place: rank for rank, place in enumerate(places)}

    def tile(self, tile_id: str) -> Tile:
        """The tile of that id.

        Raises:
            NotFound: when the dashboard has none.
        """
        if tile_id not in self.tiles:
            raise NotFound(
                tr(
                    "The dashboard {title!r} has no tile {tile_id!r}; it may have been deleted.",
                    title=self.title,
                    tile_id=tile_id,
                )
            )
        return self.tiles[tile_id]


def free_box(boxes: Iterable[Box], w: int, h: int) -> Box:
    """The first place, reading from the top left, where a tile of `w` columns and `h` rows fits."""
    taken = {
        (column, row) for box in boxes for column in range(box.x, box.x + box.w) for row in range(box.y, box.y + box.h)
    }
    y = 0
    while True:
        for x in range(GRID_COLUMNS - w + 1):
            if all((x + dx, y + dy) not in taken for dx in range(w) for dy in range(h)):
                return Box(x, y, w, h)
        y += 1


def add_tile(dashboard: Dashboard, tile: Tile) -> Dashboard:
    """The dashboard with one more tile, placed where there is room; its id must be set.

    Room is where a reader sees it: the tiles of its section fall into its gaps, as they do on the board.

    Raises:
        Conflict: when the id is taken.
        Invalid: when the dashboard is full.
    """
    if tile.id in dashboard.tiles:
        raise Conflict(tr("The dashboard already has a tile {id!r}.", id=tile.id))
    if len(dashboard.tiles) >= MAX_TILES:
        raise Invalid(
            tr("A dashboard holds at most {most} tiles.", most=MAX_TILES), (Problem("tiles", tr("delete some first")),)
        )
    place = dashboard.home(tile)
    resting: dict[str, Box] = {}
    if isinstance(tile, FilterTile):
        beside = [other for other in dashboard.filters if dashboard.home(other) == place]
        box = Box(0, max((other.layout.y for other in beside), default=-1) + 1, 1, 1)
    else:
        resting = compact({other.id: other.layout for other in dashboard.at(place)})
        box = free_box(resting.values(), *_clamped_size(tile.layout))
    placed = msgspec.structs.replace(tile, layout=box, tab=place.tab, section=place.section, version=1)
    fallen = {key: box for key, box in resting.items() if box != dashboard.tiles[key].layout}
    others = place_tiles(dashboard, fallen)
    return msgspec.structs.replace(others, tiles={**others.tiles, tile.id: placed})


def replace_tile(dashboard: Dashboard, tile: Tile) -> Dashboard:
    """The dashboard in which `tile` is the next version of the tile of its id; its place stays.

    A tile that says what is stored already makes no new version.

    Raises:
        NotFound: when that tile is gone.
        Conflict: when `tile.version` is not the stored one: somebody saved it in between.
    """
    stored = dashboard.tile(tile.id)
    if stored.version != tile.version:
        raise Conflict(tr("The tile {title!r} was changed by somebody else. Reload to see it.", title=heading(stored)))
    if _in_place(tile, stored, stored.version) == stored:
        return dashboard
    saved = _in_place(tile, stored, stored.version + 1)
    return msgspec.structs.replace(dashboard, tiles={**dashboard.tiles, tile.id: saved})


def remove_tile(dashboard: Dashboard, tile_id: str) -> Dashboard:
    """The dashboard without that tile.

    Raises:
        NotFound: when it has none of that id.
    """
    dashboard.tile(tile_id)
    tiles = {key: tile for key, tile in dashboard.tiles.items() if key != tile_id}
    return msgspec.structs.replace(dashboard, tiles=tiles)


def place_tiles(dashboard: Dashboard, places: Mapping[str, Box]) -> Dashboard:
    """The dashboard with these tiles elsewhere; a move is not a new version of what a tile shows.

    Raises:
        NotFound: when one of them is gone.
        Invalid: when a box leaves the grid.
    """
    for tile_id, box in places.items():
        dashboard.tile(tile_id)
        _check_box(tile_id, box)
    moved = {key: msgspec.structs.replace(dashboard.tiles[key], layout=box) for key, box in places.items()}
    return msgspec.structs.replace(dashboard, tiles={**dashboard.tiles, **moved})


def duplicate_tile(dashboard: Dashboard, tile_id: str, new_id: str) -> Dashboard:
    """The dashboard with a copy of that tile under `new_id`, placed where there is room.

    Raises:
        NotFound: when it has none of that id.
        Conflict, Invalid: as for `add_tile`.
    """
    return add_tile(dashboard, msgspec.structs.replace(dashboard.tile(tile_id), id=new_id))


def retitle(dashboard: Dashboard, title: str, subtitle: str) -> Dashboard:
    """The dashboard under another title.

    Raises:
        Invalid: when the title is empty or one of them is too long.
    """
    return msgspec.structs.replace(
        dashboard,
        title=line(title, "title", most=TITLE_MAX_LENGTH, least=1),
        subtitle=paragraphs(subtitle, "subtitle", most=DESCRIPTION_MAX_LENGTH),
    )


def check_version(dashboard: Dashboard, version: int) -> None:
    """Let pass who has seen the dashboard as it is stored.

    Raises:
        Conflict: when it was saved since they read it.
    """
    if dashboard.version != version:
        raise Conflict(
            tr(
                "The dashboard {title!r} was changed by somebody else meanwhile "
                "(version {current}, yours was {version}). Reload it and try again.",
                title=dashboard.title,
                current=dashboard.version,
                version=version,
            )
        )


def revise(dashboard: Dashboard, wanted: Dashboard) -> Dashboard:
    """The stored dashboard with the title, the tiles and the tabs of `wanted`; whose it is never changes.

    Tiles that say something new count one version more; tiles that only moved keep theirs.

    Raises:
        Conflict: when `wanted` is not made from the stored version.
        Invalid: when there are too many tiles, one is under another's id or outside the grid, or tabs or sections
            break a rule.
    """
    check_version(dashboard, wanted.version)
    division = division_of(wanted)
    check_division(division)
    if len(wanted.tiles) > MAX_TILES:
        raise Invalid(
            tr("A dashboard holds at most {most} tiles.", most=MAX_TILES), (Problem("tiles", tr("leave some out")),)
        )
    for key, tile in wanted.tiles.items():
        if tile.id != key:
            raise Invalid(
                tr("A tile is under another id."), (Problem(f"tiles.{key}.id", tr("must be {key!r}", key=key)),)
            )
        _check_box(key, tile.layout)
    if problems := pin_problems(wanted.pins):
        raise Invalid(tr("The dashboard cannot be pinned like that."), tuple(problems))
    tiles = {key: _revised(dashboard.tiles.get(key), tile) for key, tile in wanted.tiles.items()}
    titled = retitle(dashboard, wanted.title, wanted.subtitle)
    return msgspec.structs.replace(titled, tiles=tiles, pins=wanted.pins, **msgspec.structs.asdict(division))


def pin(dashboard: Dashboard, collection_id: str, wanted: Pin | None) -> Dashboard:
    """The dashboard with the collection pinned to a version, or without a pin of it."""
    pins = {key: one for key, one in dashboard.pins.items() if key != collection_id}
    return msgspec.structs.replace(dashboard, pins=pins if wanted is None else {**pins, collection_id: wanted})


def division_of(dashboard: Dashboard) -> Division:
    """The tabs, sections, breakpoints and the condition by themselves."""
    return Division(
        tabs=dashboard.tabs,
        grid_sections=dashboard.grid_sections,
        filter_sections=dashboard.filter_sections,
        breakpoints=dashboard.breakpoints,
        filter_expr=dashboard.filter_expr,
    )


def set_condition(dashboard: Dashboard, text: str) -> Dashboard:
    """The dashboard narrowed to the rows for which the condition is true; to all rows by an empty one.

    Raises:
        Invalid: when it cannot be read.
    """
    narrowed = msgspec.structs.replace(dashboard, filter_expr=text.strip())
    check_division(division_of(narrowed))
    return narrowed


def check_division(division: Division) -> None:
    """Let pass tabs, sections and breakpoints that can be stored.

    Raises:
        Invalid: naming each fault.
    """
    problems = division_problems(division)
    if problems:
        raise Invalid(tr("The dashboard cannot be divided like that."), tuple(problems))


def _lowered(tile: Tile, rows: int) -> Tile:
    box = msgspec.structs.replace(tile.layout, y=tile.layout.y + rows)
    return msgspec.structs.replace(tile, layout=box)


def _clamped_size(box: Box) -> tuple[int, int]:
    return min(max(box.w, 1), GRID_COLUMNS), min(max(box.h, 1), MAX_HEIGHT)


def _revised(stored: Tile | None, tile: Tile) -> Tile:
    if stored is None:
        return msgspec.structs.replace(tile, version=1)
    says_more = _in_place(tile, stored, stored.version) != stored
    return msgspec.structs.replace(tile, version=stored.version + says_more)


def _in_place(tile: Tile, stored: Tile, version: int) -> Tile:
    """The tile where the stored one stands."""
    return msgspec.structs.replace(tile, layout=stored.layout, tab=stored.tab, section=stored.section, version=version)


def _check_box(tile_id: str, box: Box) -> None:
    within = box.x >= 0 and box.w >= 1 and box.x + box.w <= GRID_COLUMNS
    if not (within and 0 <= box.y <= MAX_ROW and 1 <= box.h <= MAX_HEIGHT):
        problem = Problem(
            f"tiles.{tile_id}.layout",
            tr(
                "must lie within {columns} columns and be at most {most} rows high",
                columns=GRID_COLUMNS,
                most=MAX_HEIGHT,
            ),
        )
        raise Invalid(tr("A tile cannot be placed there."), (problem,))
