"""Dashboards as documents, and the rules by which they change: pure functions from one to the next."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.tiles import GRID_COLUMNS, Box, FilterTile, Tile

MAX_TILES = 200


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard of one project. `version` counts every save; `tiles` are keyed by their id."""

    id: str
    project_id: str
    title: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    subtitle: str = ""
    tiles: dict[str, Tile] = {}
    version: int = 1

    @property
    def grid_tiles(self) -> list[Tile]:
        """The tiles of the grid in reading order."""
        tiles = [tile for tile in self.tiles.values() if not isinstance(tile, FilterTile)]
        return sorted(tiles, key=lambda tile: (tile.layout.y, tile.layout.x, tile.id))

    @property
    def filters(self) -> list[FilterTile]:
        """The controls of the filter panel, top to bottom."""
        filters = [tile for tile in self.tiles.values() if isinstance(tile, FilterTile)]
        return sorted(filters, key=lambda tile: (tile.layout.y, tile.id))

    def tile(self, tile_id: str) -> Tile:
        """The tile of that id.

        Raises:
            NotFound: when the dashboard has none.
        """
        if tile_id not in self.tiles:
            raise NotFound(f"The dashboard {self.title!r} has no tile {tile_id!r}; it may have been deleted.")
        return self.tiles[tile_id]


def free_box(tiles: list[Tile], w: int, h: int) -> Box:
    """The first place, reading from the top left, where a tile of `w` columns and `h` rows fits."""
    taken = {
        (column, row)
        for tile in tiles
        for column in range(tile.layout.x, tile.layout.x + tile.layout.w)
        for row in range(tile.layout.y, tile.layout.y + tile.layout.h)
    }
    y = 0
    while True:
        for x in range(GRID_COLUMNS - w + 1):
            if all((x + dx, y + dy) not in taken for dx in range(w) for dy in range(h)):
                return Box(x, y, w, h)
        y += 1


def add_tile(dashboard: Dashboard, tile: Tile) -> Dashboard:
    """The dashboard with one more tile, placed where there is room; its id must be set.

    Raises:
        Conflict: when the id is taken.
        Invalid: when the dashboard is full.
    """
    if tile.id in dashboard.tiles:
        raise Conflict(f"The dashboard already has a tile {tile.id!r}.")
    if len(dashboard.tiles) >= MAX_TILES:
        raise Invalid(f"A dashboard holds at most {MAX_TILES} tiles.", (Problem("tiles", "delete some first"),))
    if isinstance(tile, FilterTile):
        box = Box(0, max((other.layout.y for other in dashboard.filters), default=-1) + 1, 1, 1)
    else:
        box = free_box(dashboard.grid_tiles, min(max(tile.layout.w, 1), GRID_COLUMNS), max(tile.layout.h, 1))
    placed = msgspec.structs.replace(tile, layout=box, version=1)
    return msgspec.structs.replace(dashboard, tiles={**dashboard.tiles, tile.id: placed})


def replace_tile(dashboard: Dashboard, tile: Tile) -> Dashboard:
    """The dashboard in which `tile` is the next version of the tile of its id; its place stays.

    Raises:
        NotFound: when that tile is gone.
        Conflict: when `tile.version` is not the stored one: somebody saved it in between.
    """
    stored = dashboard.tile(tile.id)
    if stored.version != tile.version:
        raise Conflict(f"The tile {stored.title or stored.id!r} was changed by somebody else. Reload to see it.")
    saved = msgspec.structs.replace(tile, layout=stored.layout, version=stored.version + 1)
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
        if not (box.x >= 0 and box.w >= 1 and box.x + box.w <= GRID_COLUMNS and box.y >= 0 and box.h >= 1):
            problem = Problem(f"tiles.{tile_id}.layout", f"must lie within {GRID_COLUMNS} columns")
            raise Invalid("A tile cannot be placed there.", (problem,))
    moved = {key: msgspec.structs.replace(dashboard.tiles[key], layout=box) for key, box in places.items()}
    return msgspec.structs.replace(dashboard, tiles={**dashboard.tiles, **moved})
