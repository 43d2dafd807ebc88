"""The rules by which several tiles change together: moved, copied, deleted, lined up."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from domain.dashboards import MAX_TILES, Dashboard
from domain.errors import Conflict, Invalid, NotFound, Problem
from domain.grid import Boxes, bottom, compact, overlap, settle
from domain.packing import packed
from domain.tabs import Home
from domain.tiles import GRID_COLUMNS, Box, FilterTile, Tile
from domain.wording import tr

Side = Literal["left", "right", "top", "width", "height"]
"""What tiles have in common after they are aligned: an edge, or a size."""


def move_tiles(dashboard: Dashboard, ids: Sequence[str], place: Home, at: tuple[int, int] | None = None) -> Dashboard:
    """The dashboard with these tiles of the grid in another section, together as they were.

    They come below what is there, or with their upper left corner in the cell `at`, where others make room.

    Raises:
        NotFound: when one of them, or the place, is gone.
        Invalid: when one of them is a filter, which stands in the panel.
    """
    moving = _grid_tiles(dashboard, ids)
    _check_place(dashboard, place)
    staying = {tile.id: tile.layout for tile in dashboard.at(place) if tile.id not in moving}
    block = _block(moving, (0, bottom(staying)) if at is None else at, keeps_columns=at is None)
    boxes = settle(staying, block)
    tiles = dict(dashboard.tiles)
    for key, box in boxes.items():
        tiles[key] = msgspec.structs.replace(tiles[key], layout=box, tab=place.tab, section=place.section)
    return msgspec.structs.replace(dashboard, tiles=tiles)


def remove_tiles(dashboard: Dashboard, ids: Sequence[str]) -> Dashboard:
    """The dashboard without these tiles; `NotFound` when one of them is gone already."""
    for tile_id in ids:
        dashboard.tile(tile_id)
    return msgspec.structs.replace(
        dashboard, tiles={key: tile for key, tile in dashboard.tiles.items() if key not in set(ids)}
    )


def duplicate_tiles(dashboard: Dashboard, copies: Mapping[str, str]) -> Dashboard:
    """The dashboard with a copy of each of these tiles (old id → new id), below the tiles of its section.

    Raises:
        NotFound, Conflict, Invalid: as for `paste_tiles`.
    """
    by_place: dict[Home, list[Tile]] = {}
    for old, new in copies.items():
        tile = dashboard.tile(old)
        by_place.setdefault(dashboard.home(tile), []).append(msgspec.structs.replace(tile, id=new))
    for place, tiles in by_place.items():
        dashboard = paste_tiles(dashboard, tiles, place)
    return dashboard


def paste_tiles(dashboard: Dashboard, tiles: Sequence[Tile], place: Home) -> Dashboard:
    """The dashboard with these new tiles, together as they were, below the tiles of that section; filters go last.

    Raises:
        NotFound: when the place is gone.
        Conflict: when an id is taken.
        Invalid: when the dashboard cannot hold so many.
    """
    _check_place(dashboard, place)
    taken = [tile.id for tile in tiles if tile.id in dashboard.tiles]
    if taken:
        raise Conflict(tr("The dashboard already has a tile {taken!r}.", taken=taken[0]))
    if len(dashboard.tiles) + len(tiles) > MAX_TILES:
        raise Invalid(
            tr("A dashboard holds at most {most} tiles.", most=MAX_TILES), (Problem("tiles", tr("delete some first")),)
        )
    there = {tile.id: tile.layout for tile in dashboard.at(place)}
    new = {tile.id: tile for tile in tiles if not isinstance(tile, FilterTile)}
    boxes = compact(there | _block(new, (0, bottom(there)), keeps_columns=True)) if new else {}
    last = max((one.layout.y for one in dashboard.filters), default=-1)
    filters = [tile for tile in tiles if isinstance(tile, FilterTile)]
    boxes |= {tile.id: Box(0, last + number, 1, 1) for number, tile in enumerate(filters, 1)}
    # Those that were there fall too: the new ones rest on them where they then lie.
    pasted = dict(_placed(dashboard, {key: box for key, box in boxes.items() if key in there}).tiles)
    for tile in tiles:
        section = "" if isinstance(tile, FilterTile) else place.section
        pasted[tile.id] = msgspec.structs.replace(
            tile, layout=boxes[tile.id], tab=place.tab, section=section, version=1
        )
    return msgspec.structs.replace(dashboard, tiles=pasted)


def align_tiles(dashboard: Dashboard, ids: Sequence[str], side: Side) -> Dashboard:
    """The dashboard with these tiles at one edge, or as wide or as high as the first of them.

    Raises:
        NotFound: when one of them is gone.
        Invalid: when they are not in one section.
    """
    tiles = _together(dashboard, ids)
    first = tiles[0].layout
    left, right = min(one.layout.x for one in tiles), max(one.layout.x + one.layout.w for one in tiles)
    top = min(one.layout.y for one in tiles)
    boxes: dict[str, Box] = {}
    for tile in tiles:
        box = tile.layout
        match side:
            case "left":
                box = msgspec.structs.replace(box, x=left)
            case "right":
                box = msgspec.structs.replace(box, x=right - box.w)
            case "top":
                box = msgspec.structs.replace(box, y=top)
            case "width":
                box = msgspec.structs.replace(box, w=first.w, x=min(box.x, GRID_COLUMNS - first.w))
            case "height":
                box = msgspec.structs.replace(box, h=first.h)
        boxes[tile.id] = box
    return _settled(dashboard, dashboard.home(tiles[0]), boxes)


def distribute_tiles(dashboard: Dashboard, ids: Sequence[str]) -> Dashboard:
    """The dashboard with these tiles side by side in rows over the full width, equally wide, the first row on top.

    Raises:
        NotFound, Invalid: as for `align_tiles`.
    """
    tiles = _together(dashboard, ids)
    most = min(len(tiles), GRID_COLUMNS)
    in_row = next(count for count in range(most, 0, -1) if GRID_COLUMNS % count == 0)
    width = GRID_COLUMNS // in_row
    top = min(one.layout.y for one in tiles)
    boxes: dict[str, Box] = {}
    for start in range(0, len(tiles), in_row):
        row = tiles[start : start + in_row]
        boxes |= {tile.id: Box(width * at, top, width, tile.layout.h) for at, tile in enumerate(row)}
        top += max(tile.layout.h for tile in row)
    return _settled(dashboard, dashboard.home(tiles[0]), boxes)


def arrange_section(dashboard: Dashboard, place: Home) -> Dashboard:
    """The dashboard with the tiles of a section put together, without gaps; `NotFound` when the place is gone."""
    _check_place(dashboard, place)
    return _placed(dashboard, packed((tile.id, tile.layout) for tile in dashboard.at(place)))


def _settled(dashboard: Dashboard, place: Home, boxes: Boxes) -> Dashboard:
    """The wanted places as far as the tiles leave each other room, then all others around them."""
    fixed: dict[str, Box] = {}
    for key, box in sorted(boxes.items(), key=lambda pair: (pair[1].y, pair[1].x)):
        fixed = settle({**fixed, key: box}, fixed)
    others = {tile.id: tile.layout for tile in dashboard.at(place) if tile.id not in boxes}
    return _placed(dashboard, settle(others, fixed))


def _placed(dashboard: Dashboard, boxes: Boxes) -> Dashboard:
    moved = {key: msgspec.structs.replace(dashboard.tiles[key], layout=box) for key, box in boxes.items()}
    return msgspec.structs.replace(dashboard, tiles={**dashboard.tiles, **moved})


def _block(tiles: Mapping[str, Tile], corner: tuple[int, int], *, keeps_columns: bool) -> dict[str, Box]:
    """The places of tiles that come together to another corner, as they lie to each other.

    Those of several sections, which may cover each other, make room.
    """
    left = 0 if keeps_columns else min(tile.layout.x for tile in tiles.values())
    top = min(tile.layout.y for tile in tiles.values())
    x, y = corner
    placed: dict[str, Box] = {}
    for tile in sorted(tiles.values(), key=lambda one: (one.layout.y, one.layout.x)):
        box = tile.layout
        column = min(max(box.x - left + x, 0), GRID_COLUMNS - box.w)
        wanted = Box(column, box.y - top + y, box.w, box.h)
        while hit := next((one for one in placed.values() if overlap(one, wanted)), None):
            wanted = msgspec.structs.replace(wanted, y=hit.y + hit.h)
        placed[tile.id] = wanted
    return placed


def _grid_tiles(dashboard: Dashboard, ids: Sequence[str]) -> dict[str, Tile]:
    tiles = {tile_id: dashboard.tile(tile_id) for tile_id in ids}
    if not tiles:
        raise Invalid(tr("No tile is chosen."), (Problem("tiles", tr("name at least one")),))
    filters = [tile.id for tile in tiles.values() if isinstance(tile, FilterTile)]
    if filters:
        raise Invalid(
            tr("A filter stands in the panel, not on the grid."),
            (Problem("tiles", tr("leave out {title}", title=filters[0])),),
        )
    return tiles


def _together(dashboard: Dashboard, ids: Sequence[str]) -> list[Tile]:
    tiles = list(_grid_tiles(dashboard, ids).values())
    if len({dashboard.home(tile) for tile in tiles}) > 1:
        raise Invalid(
            tr("Only tiles of one section can be lined up."), (Problem("tiles", tr("choose some of one section")),)
        )
    return tiles


def _check_place(dashboard: Dashboard, place: Home) -> None:
    tabs = {tab.id for tab in dashboard.tabs} or {""}
    names = {"", *(one.name for one in dashboard.grid_sections if one.tab == place.tab)}
    if place.tab not in tabs or place.section not in names:
        raise NotFound(tr("The tab or section is gone; it may have been renamed or deleted."))
