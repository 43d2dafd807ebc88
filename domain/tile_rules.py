"""What a tile may say: lengths and ranges, checked before one is stored. Its collection is checked in the service."""

from domain import maps
from domain.card_tile import MAX_STAGES, card_problems
from domain.errors import Invalid, Problem
from domain.expressions import condition_problem
from domain.figure_parameters import problems as option_problems
from domain.figure_roles import missing_role, unused_fields
from domain.image_tile import MAX_CAPTIONS, image_problems
from domain.table_tile import MAX_SORTS, table_problems
from domain.text import (
    BODY_MAX_LENGTH,
    DESCRIPTION_MAX_LENGTH,
    IDENTIFIER,
    TITLE_MAX_LENGTH,
    line_problem,
    paragraphs_problem,
)
from domain.text_tile import text_problems
from domain.tiles import CardTile, DataTile, FigureTile, FilterTile, ImageTile, MapTile, TableTile, TextTile, Tile
from domain.wording import tr

COLUMN_MAX_LENGTH = 500
UNIT_MAX_LENGTH = 40
MAX_COLUMNS = 1_000
MAX_HOVER_COLUMNS = 30
MAX_DECIMALS = 12
MAX_BINS = 5_000
MAX_PAGE = 1_000
MAX_DRAWN_POINTS = 1_000_000


def check_tile(tile: Tile) -> None:
    """Let pass a tile that can be stored.

    Raises:
        Invalid: naming every field that is too long or out of its range.
    """
    problems = tile_problems(tile)
    if problems:
        raise Invalid(
            tr("The tile {title!r} cannot be saved.", title=tile.title[:TITLE_MAX_LENGTH] or tile.id), tuple(problems)
        )


def tile_problems(tile: Tile) -> list[Problem]:
    """Every fault of the tile itself; empty when there is none."""
    found = [
        None
        if IDENTIFIER.fullmatch(tile.id)
        else Problem("id", tr("use 1 to 64 letters, digits, - and _, a letter or digit first")),
        line_problem(tile.title, "title", most=TITLE_MAX_LENGTH),
        line_problem(tile.tab, "tab", most=TITLE_MAX_LENGTH),
        line_problem(tile.section, "section", most=TITLE_MAX_LENGTH),
        paragraphs_problem(tile.description, "description", most=DESCRIPTION_MAX_LENGTH),
        _expression_problem(tile),
        *_own_problems(tile),
    ]
    return [problem for problem in found if problem]


def _expression_problem(tile: Tile) -> Problem | None:
    return condition_problem(tile.filter_expr) if isinstance(tile, DataTile) else None


def _own_problems(tile: Tile) -> list[Problem | None]:
    match tile:
        case FigureTile():
            return _figure_problems(tile)
        case CardTile():
            return [
                _column(tile.column_name, "column_name"),
                _range(tile.decimals, "decimals", 0, MAX_DECIMALS),
                line_problem(tile.unit, "unit", most=UNIT_MAX_LENGTH),
                *(_column(name, "columns") for name in tile.columns[1 : MAX_STAGES + 2]),
                *card_problems(tile),
            ]
        case TableTile():
            return [
                _range(len(tile.columns), "columns", 0, MAX_COLUMNS),
                *(_column(name, "columns") for name in tile.columns[:MAX_COLUMNS]),
                _column(tile.selection_column, "selection_column"),
                _range(tile.page_size, "page_size", 1, MAX_PAGE),
                _range(len(tile.formats), "formats", 0, MAX_COLUMNS),
                *(_column(one.column, "formats") for one in tile.formats[:MAX_COLUMNS]),
                *(_column(one.column, "sort") for one in tile.sort[:MAX_SORTS]),
                *table_problems(tile),
            ]
        case TextTile():
            return [paragraphs_problem(tile.body, "body", most=BODY_MAX_LENGTH), *text_problems(tile)]
        case FilterTile():
            return [_column(tile.column_name, "column_name")]
        case MapTile():
            return _map_problems(tile)
        case ImageTile():
            return [
                _column(tile.image_column, "image_column"),
                *(_column(name, "caption_columns") for name in tile.caption_columns[:MAX_CAPTIONS]),
                *(_column(one.column, "sort") for one in tile.sort[:MAX_SORTS]),
                _column(tile.selection_column, "selection_column"),
                *image_problems(tile),
            ]


def _figure_problems(tile: FigureTile) -> list[Problem | None]:
    missing = missing_role(tile)
    return [
        _column(tile.x, "x"),
        _column(tile.y, "y"),
        _column(tile.color, "color"),
        _column(tile.size, "size"),
        _range(len(tile.hover), "hover", 0, MAX_HOVER_COLUMNS),
        *(_column(name, "hover") for name in tile.hover[:MAX_HOVER_COLUMNS]),
        None if tile.nbins is None else _range(tile.nbins, "nbins", 1, MAX_BINS),
        _column(tile.selection_column, "selection_column"),
        _range(tile.max_points, "max_points", 1, MAX_DRAWN_POINTS),
        Problem(missing, tr("name a column; {kind} needs it", kind=tile.visu_type.value)) if missing else None,
        *option_problems(tile.visu_type, tile.options),
        *unused_fields(tile),
    ]


def _map_problems(tile: MapTile) -> list[Problem | None]:
    bound = ("lat_column", "lon_column", "color_column", "size_column", "z_column", "locations_column")
    return [
        *(_column(getattr(tile, role), role) for role in (*bound, "selection_column")),
        _range(len(tile.hover_columns), "hover_columns", 0, MAX_HOVER_COLUMNS),
        *(_column(name, "hover_columns") for name in tile.hover_columns[:MAX_HOVER_COLUMNS]),
        _range(tile.radius, "radius", 1, maps.MAX_RADIUS),
        _range(tile.size_max, "size_max", 1, maps.MAX_MARKER),
        _range(tile.max_points, "max_points", 1, MAX_DRAWN_POINTS),
        *maps.problems(tile),
    ]


def _column(name: str | None, place: str) -> Problem | None:
    return None if name is None else paragraphs_problem(name, place, most=COLUMN_MAX_LENGTH)


def _range(number: int, place: str, least: int, most: int) -> Problem | None:
    return (
        None
        if least <= number <= most
        else Problem(place, tr("is {number}; must be {least} to {most}", number=number, least=least, most=most))
    )
