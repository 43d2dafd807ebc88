"""What tiles are called, also those to which nobody gave a title."""

from domain import maps
from domain.figure_roles import figure_columns
from domain.terms import FIGURES, term
from domain.tiles import CardTile, FigureTile, FilterTile, ImageTile, MapTile, TableTile, TextTile, Tile
from domain.wording import tr


def heading(tile: Tile) -> str:
    """The title, or what stands for it when there is none."""
    if tile.title:
        return tile.title
    match tile:
        case FigureTile():
            if tile.y and tile.x:
                return tr("{y} by {x}", y=tile.y, x=tile.x)
            return tile.x or _named(tile)
        case CardTile():
            return f"{tile.column_name} ({term(tile.aggregation)})"
        case FilterTile():
            return tile.column_name
        case TableTile():
            return tr("Table")
        case TextTile():
            return tr("Text")
        case MapTile():
            return maps.heading(tile)
        case ImageTile():
            return tr("Images of {column}", column=tile.image_column)


def _named(tile: FigureTile) -> str:
    """What a figure without an x is of: its kind, and the columns that its parameters name."""
    columns = dict.fromkeys(name for name in figure_columns(tile) if name and name != tile.color)
    return tr("{kind} of {columns}", kind=FIGURES[tile.visu_type], columns=", ".join(columns))
