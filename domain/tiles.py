"""Tiles: what a dashboard shows, as pure specifications. A tile's kind is the tag of its struct."""

from enum import StrEnum
from typing import Any, Literal

import msgspec

from domain.aggregations import Aggregation
from domain.card_tile import CardTile
from domain.image_tile import ImageTile
from domain.map_tile import MapTile
from domain.scales import FilterScale
from domain.table_tile import TableTile
from domain.text_tile import TextTile
from domain.tile_base import GRID_COLUMNS, Box, DataTile, TileBase

__all__ = [
    "GRID_COLUMNS",
    "MAX_POINTS",
    "Aggregation",
    "Box",
    "CardTile",
    "DataTile",
    "FigureTile",
    "FilterScale",
    "FilterTile",
    "FilterWidget",
    "ImageTile",
    "MapTile",
    "TableTile",
    "TextTile",
    "Tile",
    "TileBase",
    "TileKind",
    "Visu",
    "kind_of",
]

MAX_POINTS = 5_000


class Visu(StrEnum):
    """The kinds of figure."""

    SCATTER = "scatter"
    BAR = "bar"
    LINE = "line"
    HISTOGRAM = "histogram"
    BOX = "box"
    AREA = "area"
    VIOLIN = "violin"
    STRIP = "strip"
    ECDF = "ecdf"
    DENSITY_HEATMAP = "density_heatmap"
    DENSITY_CONTOUR = "density_contour"
    HEATMAP = "heatmap"
    PIE = "pie"
    SUNBURST = "sunburst"
    TREEMAP = "treemap"
    ICICLE = "icicle"
    FUNNEL = "funnel"
    FUNNEL_AREA = "funnel_area"
    SCATTER_3D = "scatter_3d"
    SCATTER_MATRIX = "scatter_matrix"
    PARALLEL_COORDINATES = "parallel_coordinates"
    PARALLEL_CATEGORIES = "parallel_categories"
    SCATTER_POLAR = "scatter_polar"
    LINE_POLAR = "line_polar"
    BAR_POLAR = "bar_polar"
    SCATTER_TERNARY = "scatter_ternary"
    TIMELINE = "timeline"


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
    TIMELINE = "Timeline"


class FigureTile(DataTile, frozen=True, kw_only=True, tag="figure"):
    """A Plotly figure; the columns are bound by role.

    `aggregation` belongs to kinds that show one number a group: the y of each x (and colour); count needs no `y`.
    A scatter with `selection_column` selects by its values; without it a box or lasso selects the region itself.
    `options` are the other parameters of the Plotly Express function, by their names (see `figure_parameters`).
    """

    visu_type: Visu
    x: str = ""
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
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class FilterTile(DataTile, frozen=True, kw_only=True, tag="interactive"):
    """A control of the filter panel; `layout.y` is its place there."""

    column_name: str
    interactive_component_type: FilterWidget
    scale: FilterScale = FilterScale.AUTO


Tile = FigureTile | CardTile | TableTile | TextTile | FilterTile | MapTile | ImageTile
TileKind = Literal["figure", "card", "table", "text", "interactive", "map", "image"]


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
        case MapTile():
            return "map"
        case ImageTile():
            return "image"
