"""Tiles: what a dashboard shows, as pure specifications. A tile's kind is the tag of its struct."""

from enum import StrEnum
from typing import Literal

import msgspec

MAX_POINTS = 5_000
GRID_COLUMNS = 8


class Box(msgspec.Struct, frozen=True):
    """A tile's place on the grid of 8 columns; `h` in rows of 100 px."""

    x: int = 0
    y: int = 0
    w: int = 4
    h: int = 4


class Aggregation(StrEnum):
    """How the rows of a group become one number."""

    COUNT = "count"
    NUNIQUE = "nunique"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"


class Visu(StrEnum):
    """The kinds of figure."""

    SCATTER = "scatter"
    BAR = "bar"
    LINE = "line"
    HISTOGRAM = "histogram"
    BOX = "box"


class FilterWidget(StrEnum):
    """The kinds of filter."""

    MULTI_SELECT = "MultiSelect"
    RANGE_SLIDER = "RangeSlider"
    DATE_RANGE = "DateRangePicker"
    TEXT = "TextInput"
    SELECT = "Select"
    SEGMENTED = "SegmentedControl"
    CHECKBOX = "Checkbox"
    SWITCH = "Switch"
    SLIDER = "Slider"


class TileBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="component_type"):
    """What every tile has. `version` counts the saves of this tile; `section` is empty for the only one."""

    id: str = ""
    title: str = ""
    description: str = ""
    section: str = ""
    layout: Box = Box()
    version: int = 1


class DataTile(TileBase, frozen=True, kw_only=True):
    """A tile that shows rows of one collection."""

    collection_id: str


class FigureTile(DataTile, frozen=True, kw_only=True, tag="figure"):
    """A Plotly figure; the columns are bound by role.

    `aggregation` belongs to bar and line: the y of each x (and colour); count needs no `y`. A scatter with
    `selection_column` selects by its values; without it a box or lasso selects the region itself.
    """

    visu_type: Visu
    x: str
    y: str | None = None
    color: str | None = None
    size: str | None = None
    hover: tuple[str, ...] = ()
    aggregation: Aggregation = Aggregation.MEAN
    nbins: int | None = None
    log_x: bool = False
    log_y: bool = False
    selection_enabled: bool = True
    selection_column: str | None = None
    max_points: int = MAX_POINTS


class CardTile(DataTile, frozen=True, kw_only=True, tag="card"):
    """One number."""

    column_name: str
    aggregation: Aggregation = Aggregation.MEAN
    decimals: int = 2
    unit: str = ""


class TableTile(DataTile, frozen=True, kw_only=True, tag="table"):
    """Rows; no `columns` means all that are not technical. Ticked rows select by `selection_column`."""

    columns: tuple[str, ...] = ()
    selection_column: str | None = None
    page_size: int = 100


class TextTile(TileBase, frozen=True, kw_only=True, tag="text"):
    """Markdown."""

    body: str = ""


class FilterTile(DataTile, frozen=True, kw_only=True, tag="interactive"):
    """A control of the filter panel; `layout.y` is its place there."""

    column_name: str
    interactive_component_type: FilterWidget


Tile = FigureTile | CardTile | TableTile | TextTile | FilterTile
TileKind = Literal["figure", "card", "table", "text", "interactive"]


def kind_of(tile: Tile) -> TileKind:
    """The tag of the tile's struct."""
    match tile:
        case FigureTile():
            return "figure"
        case CardTile():
            return "card"
        case TableTile():
            return "table"
        case TextTile():
            return "text"
        case FilterTile():
            return "interactive"
