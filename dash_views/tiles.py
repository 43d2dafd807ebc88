"""The frame of a tile and its empty body, by kind; in the browser tiles.js and painting.js fill it."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
from dash import dcc, html
from dash.development.base_component import Component

from dash_views import ids, image_gallery, live_text
from dash_views.answers import is_enlargeable
from dash_views.figures.layout import CONFIG
from dash_views.figures.templates import template
from dash_views.grid import GridItem
from dash_views.icons import Icon
from dash_views.parts import aria, data, tool
from dash_views.plot import Plot
from dash_views.presses import tells
from dash_views.tables import COLUMN_DEFAULTS, column_defs, grid_options
from domain.collections import DataCollection
from domain.express import TEMPLATES
from domain.headings import heading
from domain.live_tile import asked_for
from domain.selections import can_select
from domain.tiles import CardTile, FigureTile, FilterTile, ImageTile, MapTile, TableTile, TextTile, Tile, Visu, kind_of
from domain.wording import tr

SMALLEST: dict[str, tuple[int, int]] = {
    "figure": (2, 2),
    "table": (2, 2),
    "card": (1, 1),
    "text": (1, 1),
    "map": (2, 2),
    "image": (2, 2),
}
"""Columns and rows below which a tile of that kind cannot be read."""


def grid_item(tile: Tile) -> GridItem:
    """Where the tile lies, for `TileGrid`; `rev` changes when the tile must be drawn anew."""
    w, h = SMALLEST[kind_of(tile)]
    box = tile.layout
    return {
        "id": tile.id, "x": box.x, "y": box.y, "w": box.w, "h": box.h, "minW": w, "minH": h,
        "label": heading(tile), "rev": tile.version, "tab": tile.tab, "section": tile.section,
    }  # fmt: skip


def look(tile: FigureTile | MapTile) -> str:
    """The classes of what the page's own colours would spoil.

    Cells of numbers, which dark pages must not invert as they do with the density below points; and figures on the
    background of a template, of which they would hide the grid.
    """
    if not isinstance(tile, FigureTile):
        return ""
    is_cells = tile.visu_type in {Visu.HEATMAP, Visu.DENSITY_HEATMAP}
    name = str(tile.options.get("template", ""))
    is_known = set(name.split("+")) <= set(TEMPLATES.split())
    has_ground = is_known and "plot_bgcolor" in template(name)["layout"]
    return (" has-cells" if is_cells else "") + (" has-ground" if has_ground else "")


def tile_card(tile: Tile, collections: Sequence[DataCollection], *, editable: bool) -> Component:
    """The tile as it stands on the grid, waiting for its answer."""
    kind = kind_of(tile)
    head: list[Component] = [html.H2(heading(tile), className="tile-title", title=tile.description or heading(tile))]
    head.append(html.Span(className="tile-badge"))
    handle = html.Div(head, className="tile-heading")
    if editable:
        name = aria(tr("Place of the tile {name}", name=heading(tile)))
        grip = Icon("grip-vertical", className="dp-icon tile-grip")
        handle = html.Div([grip, *head], className="tile-heading tile-handle", tabIndex=0, role="group", **name)
    tools = [_clear(tile)] if can_select(tile) else []
    tools += [_download(tile), _full(tile), _talk(tile)]
    if editable:
        opens, acts, shown = tells(ids.OPENING), tells(ids.ACTING), heading(tile)
        tools += [
            tool(ids.part("edit", tile.id), "pencil", tr("Edit the tile {name}", name=shown), **opens),
            tool(ids.part("duplicate", tile.id), "copy", tr("Duplicate the tile {name}", name=shown), **acts),
            tool(ids.part("delete", tile.id), "trash", tr("Delete the tile {name}", name=shown), **opens),
        ]
    more = [html.Span(className="tile-more")] if is_enlargeable(tile) else []
    # Buttons stand beside the handle, not in it: a press on them must never begin a drag.
    bar = html.Div(tools, className="tile-tools", role="toolbar", **aria(tr("Tools of {name}", name=heading(tile))))
    header = html.Div([handle, *more, bar, _extra(tile)], className="tile-head")
    parts = [_content(tile, collections), html.Div(className="tile-notice")]
    is_live = isinstance(tile, TextTile) and is_asked(tile)
    if is_asked(tile):
        parts.append(html.Div(className="tile-skeleton"))
    body = html.Div(parts, className="tile-body")
    attributes = {**data("kind", kind), **(data("live", "") if is_live else {}), **_text_look(tile)}
    return html.Section([header, body], className="tile", **attributes, **aria(heading(tile)))


def is_asked(tile: Tile) -> bool:
    """Whether an answer fills the tile; words alone are there from the beginning."""
    return not isinstance(tile, TextTile) or asked_for(tile) is not None


def _text_look(tile: Tile) -> dict[str, str]:
    """How a text stands on its tile, for the style sheet."""
    if not isinstance(tile, TextTile):
        return {}
    found = data("align", tile.alignment) | data("stand", tile.vertical_alignment)
    return found | (data("order", str(tile.order)) if tile.order else {})


def _clear(tile: Tile) -> Component:
    label = tr("Clear the selection of {name}", name=heading(tile))
    return tool(ids.part("reset", tile.id), "filter-off", label, idle=True)


def _download(tile: Tile) -> Component:
    """It opens the menu of downloads.js."""
    label = tr("Download from {name}", name=heading(tile))
    attributes = {**aria(label), **data("download", tile.id), "aria-haspopup": "menu", "aria-expanded": "false"}
    return html.Button(Icon("download"), className="tile-tool", type="button", title=label, **attributes)


def _full(tile: Tile) -> Component:
    """It makes stage.js show the tile on the whole window, and the board again."""
    label = tr("Show {name} on the whole window", name=heading(tile))
    attributes = {**aria(label), **data("full", tile.id), "aria-expanded": "false"}
    return html.Button(Icon("arrows-maximize"), className="tile-tool", type="button", title=label, **attributes)


def _extra(tile: Tile) -> Component:
    """It opens the menu of the tile's buttons where they have no room (tile_menu.js)."""
    label = tr("More of {name}", name=heading(tile))
    attributes = {**aria(label), "aria-haspopup": "menu", "aria-expanded": "false"}
    return html.Button(Icon("dots"), className="tile-tool tile-extra", type="button", title=label, **attributes)


def _talk(tile: Tile) -> Component:
    """It makes comments.js show the comments on the tile, and holds their number; visitors do not see it."""
    label = tr("Comments on {name}", name=heading(tile))
    attributes = {**aria(label), **data("talk", tile.id)}
    count = html.Span(className="tile-talk-count")
    return html.Button(
        [Icon("message"), count], className="tile-tool tile-talk", type="button", title=label, **attributes
    )


def _content(tile: Tile, collections: Sequence[DataCollection]) -> Component:
    match tile:
        case FigureTile() | MapTile():
            return plot(ids.part("figure", tile.id), tile.id, f"tile-figure{look(tile)}")
        case CardTile():
            return html.Div(className="tile-number")
        case ImageTile():
            return image_gallery.place(tile)
        case TableTile():
            columns = next((c.columns for c in collections if c.id == tile.collection_id), ())
            grid: Component = dag.AgGrid(
                id=ids.part("rows", tile.id),
                rowModelType="infinite",
                columnDefs=column_defs(tile, columns),
                defaultColDef=COLUMN_DEFAULTS,
                # Flexible columns stay hidden when the grid is drawn before its tile has a width.
                columnSize="responsiveSizeToFit",
                dashGridOptions=grid_options(tile),
                className="tile-table",
                style={"height": "100%", "width": "100%"},
            )
            return grid
        case TextTile():
            return markdown(live_text.pending(tile), ids.part("text", tile.id))
        case FilterTile():
            raise TypeError("A filter stands in the panel, not on the grid.")


def plot(component_id: Mapping[str, Any], name: str, look: str, figure: Mapping[str, Any] | None = None) -> Component:
    """The place of a plot that fills it."""
    return Plot(component_id, tile=name, className=look, config=CONFIG, figure=figure)


def markdown(text: str, component_id: Mapping[str, Any] | None = None) -> Component:
    """Markdown without HTML: what people write is never run."""
    named: dict[str, Any] = {} if component_id is None else {"id": component_id}
    return dcc.Markdown(text, className="tile-text", link_target="_blank", dangerously_allow_html=False, **named)
