"""What tiles share: a place on the grid, a title, and for those that show rows a collection."""

import msgspec

GRID_COLUMNS = 8


class Box(msgspec.Struct, frozen=True):
    """A tile's place on the grid of 8 columns; `h` in rows of 100 px."""

    x: int = 0
    y: int = 0
    w: int = 4
    h: int = 4


class TileBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="component_type"):
    """What every tile has. `version` counts the saves of this tile.

    `tab` and `section` say where it stands (`domain.tabs`); empty, or gone, they mean the first one.
    """

    id: str = ""
    title: str = ""
    description: str = ""
    tab: str = ""
    section: str = ""
    layout: Box = Box()
    version: int = 1


class DataTile(TileBase, frozen=True, kw_only=True):
    """A tile that shows rows of one collection; `filter_expr` says which at most (see `domain.expressions`)."""

    collection_id: str
    filter_expr: str = ""
