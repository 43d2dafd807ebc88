"""The grid of tiles: a Dash component around gridstack, in plain JavaScript without a build step.

Importing this package registers it with Dash; a layout then uses `TileGrid(...)` like any other component. The page
receives, in this order:

- `/static/vendor/gridstack-all.js` and `/static/vendor/gridstack.min.css`, which `python -m web.vendor` copies there;
- `<prefix>_dash-component-suites/dash_views.grid/words.v….js` to `tabs.v….js` and two style sheets, fingerprinted,
  which Dash's ordinary component route serves (`registered_paths["dash_views.grid"]`).

Nothing else is to be wired: any Dash backend that serves component suites serves these, and only the application's own
`/static` folder is asked for gridstack. The colours are those of Mantine's CSS variables.
"""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

from dash.development.base_component import Component

import dash_views.icons  # noqa: F401 -- its script, which comes first, knows where the symbols are.
from dash_views.component import VERSION, OwnComponent, own_files

__version__ = VERSION
__all__ = ["DEFAULT_COLUMNS", "BoardTabs", "GridItem", "Place", "TileGrid"]

DEFAULT_COLUMNS = 8

_js_dist = [
    {"external_url": "/static/vendor/gridstack-all.js", "external_only": True},
    *own_files(
        __name__,
        "words.js",
        "geometry.js",
        "view.js",
        "acts.js",
        "picks.js",
        "carry.js",
        "sections.js",
        "slide.js",
        "grid.js",
        "tile_grid.js",
        "tabs.js",
    ),
]
_css_dist = [
    {"external_url": "/static/vendor/gridstack.min.css", "external_only": True},
    *own_files(__name__, "grid.css", "sections.css"),
]

_DIVIDED = ("tabs", "sections", "breakpoints", "icons")


class Place(TypedDict):
    """Where a tile lies, in columns and rows of 100 pixels, counted from the upper left corner."""

    id: str
    x: int
    y: int
    w: int
    h: int


class GridItem(TypedDict):
    """A tile of the grid. Without `x` and `y` it is put where there is room first.

    `label` names the tile to screen readers. `rev`, when given, promises that the child at this index is unchanged as
    long as `rev` is, so that it is not drawn anew (charts keep their zoom) when other tiles are added or removed.
    `tab` and `section` say where it stands; only what is on the open tab, in a section that is not folded, is drawn.
    """

    id: str
    w: int
    h: int
    x: NotRequired[int]
    y: NotRequired[int]
    minW: NotRequired[int]
    minH: NotRequired[int]
    label: NotRequired[str]
    rev: NotRequired[str | int]
    tab: NotRequired[str]
    section: NotRequired[str]


class TileGrid(OwnComponent):
    """Tiles that are dragged by their handle, resized at their edges, and moved by arrow keys.

    `items[k]` describes `children[k]`: change both in one callback. `None` in both lists leaves an index empty, which
    removes a tile without disturbing those after it. `layout` is set after the user has moved or resized a tile, or a
    tile has been placed automatically; `items` then holds the same places. Below 880 pixels of width the tiles are
    shown on 6, 4, 2 or 1 columns, where only their order and their heights can be changed; what is reported is always
    the layout of all columns. `breakpoints` say other widths. Each section is a grid of its own; `layout` holds the
    places of the section that has changed.
    """

    properties = ("children", "items", "editable", "columns", "handle", "layout", *_DIVIDED)

    def __init__(
        self,
        children: Sequence[Component | str | None] = (),
        *,
        id: str | dict[str, Any],  # noqa: A002 - Dash's own name of the property.
        items: Sequence[GridItem | None],
        editable: bool = False,
        columns: int = DEFAULT_COLUMNS,
        handle: str = ".tile-handle",
        **divided: Any,
    ) -> None:
        if len(children) != len(items):
            raise ValueError(f"A TileGrid needs one item per child: {len(children)} children, {len(items)} items.")
        super().__init__(
            children=list(children),
            id=id,
            items=list(items),
            editable=editable,
            columns=columns,
            handle=handle,
            **divided,
        )


class BoardTabs(OwnComponent):
    """The tabs above a board, and an author's buttons for tabs and sections; `children` stand at their end.

    What an author does is told as `data` of the store `act`. `divided` is what a `TileGrid` has too: `tabs`,
    `sections`, `breakpoints` and the `icons` that can be chosen.
    """

    properties = ("children", "editable", *_DIVIDED)

    def __init__(
        self,
        children: Sequence[Component] = (),
        *,
        id: str,  # noqa: A002 - Dash's own name of the property.
        editable: bool = False,
        **divided: Any,
    ) -> None:
        super().__init__(children=list(children), id=id, editable=editable, **divided)
