"""The form of a tile, described: which fields each kind has, what they hold, and what stands in them at first."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from dash_views.builder import words
from dash_views.card_fields import AGGREGATION, CARD_FIELDS
from dash_views.fields import (
    ANY,
    BOOLEANS,
    CATEGORICAL,
    COLOR,
    DATES,
    LOG_X,
    LOG_Y,
    NUMERIC,
    ORDERED,
    SELECTION,
    TEXTS,
    Field,
    column,
)
from dash_views.figure_fields import PREFIX, figure_fields, own_options, shown_options
from dash_views.figure_suggestions import AGGREGATED, GROUPED, suggested_columns
from dash_views.image_fields import IMAGE_FIELDS, image_column
from dash_views.map_suggestions import places
from dash_views.table_fields import TABLE_FIELDS, TEXT_FIELDS, own_keys, shown_keys
from domain.collections import Column, ColumnKind, DataCollection
from domain.errors import Invalid, Problem
from domain.live_values import live_of
from domain.map_tile import Boundaries, MapAggregation, MapKind, MapStyle
from domain.maps import SCALES
from domain.terms import FIGURES
from domain.tiles import (
    Aggregation,
    CardTile,
    FigureTile,
    FilterScale,
    FilterTile,
    FilterWidget,
    ImageTile,
    MapTile,
    TableTile,
    TextTile,
    Tile,
    Visu,
)
from domain.wording import tr

PICKED = {Visu.PIE, Visu.FUNNEL, Visu.FUNNEL_AREA, Visu.VIOLIN, Visu.STRIP}
"""Kinds of which a click picks a value, beside those whose forms say it themselves."""
SELECTING = {Visu.SCATTER, Visu.BAR, Visu.HISTOGRAM, Visu.BOX, *PICKED}
CHOOSING = {FilterWidget.MULTI_SELECT, FilterWidget.SELECT, FilterWidget.SEGMENTED, FilterWidget.CHECKBOX}


class Kind(msgspec.Struct, frozen=True):
    """An entry of the gallery; `fixed` are the properties that make a tile of this kind."""

    name: str
    label: str
    icon: str
    group: Literal["Figures", "Maps", "Numbers, rows and words", "Filters"]
    what: str
    fixed: Mapping[str, str]
    fields: tuple[Field, ...]


SCALE = Field(
    "scale",
    tr("Scale"),
    "choice",
    choices=tuple(FilterScale),
    help=tr("auto: logarithmic when the positive values span more than three powers of ten."),
)
SCALED = {FilterWidget.RANGE_SLIDER, FilterWidget.SLIDER}
PICKING = Field("selection_enabled", tr("A click narrows the other tiles"), "switch")


def _figure(name: Visu, icon: str, what: str, *fields: Field) -> Kind:
    fixed = {"component_type": "figure", "visu_type": name.value}
    made = figure_fields(name, fields)
    if name in PICKED:
        own = [field for field in made if not field.group]
        made = (*own, PICKING, *(field for field in made if field.group))
    return Kind(name.value, FIGURES[name], icon, "Figures", what, fixed, made)


def _map(name: MapKind, label: str, icon: str, what: str, *fields: Field) -> Kind:
    fixed = {"component_type": "map", "map_type": name.value}
    return Kind(name.value, label, icon, "Maps", what, fixed, fields)


def _filter(name: FilterWidget, label: str, icon: str, what: str, kinds: frozenset[ColumnKind]) -> Kind:
    fixed = {"component_type": "interactive", "interactive_component_type": name.value}
    bound = column("column_name", tr("Column"), kinds, required=True)
    more = (SCALE,) if name in SCALED else ()
    return Kind(name.value, label, icon, "Filters", what, fixed, (bound, *more))


PLACES = (
    column("lat_column", tr("Latitude"), NUMERIC, required=True),
    column("lon_column", tr("Longitude"), NUMERIC, required=True),
)
MAP_LOOKS = (
    Field("color_continuous_scale", tr("Colour scale"), "choice", choices=SCALES),
    Field("opacity", tr("Opacity"), "number", help=tr("Above 0, and 1 at most. Empty: 0.75.")),
    Field("default_zoom", tr("Zoom at first"), "number", help=tr("0 is the whole Earth. Empty: all of the data.")),
)
BELOW = Field(
    "map_style",
    tr("Below the data"),
    "choice",
    choices=(MapStyle.POSITRON, *(one for one in MapStyle if one != MapStyle.POSITRON)),
    help=tr("Without a tile server in the settings, all of them show boundaries."),
)
MAP_SELECTION = Field("selection_enabled", tr("Points can be selected"), "switch")
MAP_REGION = Field("selection_enabled", tr("A part can be selected"), "switch")

KINDS = (
    _figure(
        Visu.SCATTER, "chart-scatter", tr("two numbers against each other"),
        column("x", "X", ORDERED, required=True), column("y", "Y", ORDERED, required=True), COLOR,
        column("size", tr("Size"), NUMERIC), Field("hover", tr("Shown on hover"), "columns"), LOG_X, LOG_Y,
        Field("selection_enabled", tr("Points can be selected"), "switch"), SELECTION,
    ),
    _figure(
        Visu.BAR, "chart-bar", tr("one number for each category"),
        column("x", "X", required=True), column("y", "Y"), AGGREGATION, COLOR, LOG_Y, PICKING,
    ),
    _figure(
        Visu.LINE, "chart-line", tr("a number along an order"),
        column("x", "X", required=True), column("y", "Y"), AGGREGATION, COLOR, LOG_X, LOG_Y,
    ),
    _figure(
        Visu.HISTOGRAM, "chart-histogram", tr("how values are spread"),
        column("x", "X", required=True), COLOR,
        Field("nbins", tr("Bins"), "number", help=tr("Empty: chosen from the data.")), LOG_Y, PICKING,
    ),
    _figure(
        Visu.BOX, "chart-candle", tr("spread by category"),
        column("x", "X", CATEGORICAL, required=True), column("y", "Y", NUMERIC, required=True), COLOR, LOG_Y, PICKING,
    ),
    _figure(Visu.AREA, "chart-area", tr("numbers that add up along an order")),
    _figure(Visu.VIOLIN, "chart-arcs", tr("the shape of a spread by category")),
    _figure(Visu.STRIP, "chart-dots", tr("every value by category")),
    _figure(Visu.ECDF, "chart-ppf", tr("the share of rows up to each value")),
    _figure(Visu.HEATMAP, "chart-grid-dots", tr("a number for each pair of categories")),
    _figure(Visu.DENSITY_HEATMAP, "grid-4x4", tr("where rows crowd, as cells")),
    _figure(Visu.DENSITY_CONTOUR, "ripple", tr("where rows crowd, as lines of height")),
    _figure(Visu.PIE, "chart-pie", tr("parts of a whole")),
    _figure(Visu.SUNBURST, "chart-donut", tr("parts of parts, in rings")),
    _figure(Visu.TREEMAP, "chart-treemap", tr("parts of parts, as areas")),
    _figure(Visu.ICICLE, "layout-rows", tr("parts of parts, level by level")),
    _figure(Visu.FUNNEL, "chart-funnel", tr("what is left from stage to stage")),
    _figure(Visu.FUNNEL_AREA, "triangle-inverted", tr("parts of a whole, largest first")),
    _figure(Visu.SCATTER_3D, "chart-scatter-3d", tr("three numbers in space")),
    _figure(Visu.SCATTER_MATRIX, "grid-dots", tr("each two of several numbers")),
    _figure(Visu.PARALLEL_COORDINATES, "timeline", tr("rows as lines through several axes")),
    _figure(Visu.PARALLEL_CATEGORIES, "chart-sankey", tr("how categories go together")),
    _figure(Visu.SCATTER_POLAR, "chart-circles", tr("points by angle and radius")),
    _figure(Visu.LINE_POLAR, "chart-radar", tr("a number around a circle")),
    _figure(Visu.BAR_POLAR, "chart-donut-4", tr("bars around a circle")),
    _figure(Visu.SCATTER_TERNARY, "vector-triangle", tr("shares of three columns")),
    _figure(Visu.TIMELINE, "calendar-stats", tr("from a start to an end")),
    _map(
        MapKind.SCATTER, tr("Map of points"), "map-2", tr("where each row lies"),
        *PLACES, column("color_column", tr("Colour")), column("size_column", tr("Size"), NUMERIC),
        Field("hover_columns", tr("Shown on hover"), "columns"), MAP_SELECTION, SELECTION,
        Field("size_max", tr("Largest point"), "number", help=tr("In pixels. Empty: 26.")), *MAP_LOOKS, BELOW,
    ),
    _map(
        MapKind.DENSITY, tr("Map of density"), "map", tr("where rows crowd"),
        *PLACES, column("z_column", tr("Weight"), NUMERIC),
        Field("radius", tr("Radius"), "number", help=tr("Pixels around each place. Empty: 18.")),
        MAP_REGION, *MAP_LOOKS, BELOW,
    ),
    _map(
        MapKind.CHOROPLETH, tr("Map of regions"), "world", tr("one number for each region"),
        column("locations_column", tr("Region"), TEXTS, required=True),
        Field("boundaries", tr("Boundaries"), "choice", choices=tuple(Boundaries)),
        Field("color_column", tr("Value"), "column", help=tr("Empty: the number of rows.")),
        Field("choropleth_aggregation", tr("Aggregation"), "choice", choices=tuple(MapAggregation)),
        Field("selection_enabled", tr("Regions can be selected"), "switch"), *MAP_LOOKS, BELOW,
    ),
    Kind(
        "card", tr("Card"), "number-123", "Numbers, rows and words", tr("one number"), {"component_type": "card"},
        CARD_FIELDS,
    ),
    Kind("table", tr("Table"), "table", "Numbers, rows and words", tr("the rows themselves"),
         {"component_type": "table"}, TABLE_FIELDS),
    Kind("image", tr("Images"), "photo", "Numbers, rows and words", tr("the pictures that rows name"),
         {"component_type": "image"}, IMAGE_FIELDS),
    Kind("text", tr("Text"), "markdown", "Numbers, rows and words", tr("words in Markdown"), {"component_type": "text"},
         TEXT_FIELDS),
    _filter(FilterWidget.MULTI_SELECT, tr("Multi-select"), "list-check", tr("choose values"), ANY),
    _filter(FilterWidget.RANGE_SLIDER, tr("Range slider"), "adjustments-horizontal", tr("from … to …"), NUMERIC),
    _filter(FilterWidget.DATE_RANGE, tr("Date range"), "calendar", tr("first and last day"), DATES),
    _filter(FilterWidget.TIMELINE, tr("Timeline"), "calendar-stats", tr("a range over a strip of time"), DATES),
    _filter(FilterWidget.SELECT, tr("Select"), "list", tr("choose one value"), ANY),
    _filter(FilterWidget.SEGMENTED, tr("Segments"), "layout-columns", tr("one of a few values"), CATEGORICAL),
    _filter(FilterWidget.CHECKBOX, tr("Check boxes"), "checkbox", tr("tick some of a few values"), CATEGORICAL),
    _filter(FilterWidget.SWITCH, tr("Switch"), "toggle-left", tr("only what is true"), BOOLEANS),
    _filter(FilterWidget.SLIDER, tr("Slider"), "adjustments", tr("up to …"), NUMERIC),
    _filter(FilterWidget.TEXT, tr("Text search"), "search", tr("values that contain …"), TEXTS),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
TITLE = Field("title", tr("Title"), "text", help=tr("Empty: made from the columns."))


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        Invalid: when there is none; the browser may send anything.
    """
    if name not in BY_NAME:
        problem = Problem("kind", tr("{name!r} is not in the gallery", name=name))
        raise Invalid(tr("There is no such kind of tile."), (problem,))
    return BY_NAME[name]


def kind_name(tile: Tile) -> str:
    """The name under which the gallery has a tile."""
    match tile:
        case FigureTile():
            return tile.visu_type.value
        case FilterTile():
            return tile.interactive_component_type.value
        case CardTile():
            return "card"
        case TableTile():
            return "table"
        case TextTile():
            return "text"
        case MapTile():
            return tile.map_type.value
        case ImageTile():
            return "image"


def largest(collections: Sequence[DataCollection]) -> DataCollection | None:
    """The collection with most columns, then rows, which a new tile is about at first; None without any rows."""
    filled = [one for one in collections if one.table_version is not None]
    return max(filled, key=lambda one: (len(one.columns), one.rows), default=None)


def has_data(kind: Kind) -> bool:
    """Whether tiles of this kind show a collection."""
    return kind.name != "text"


def values_of(tile: Tile) -> dict[str, Any]:
    """What the form shows of a stored tile."""
    found: dict[str, Any] = msgspec.to_builtins(tile)
    return shown_options(tile.visu_type, found) if isinstance(tile, FigureTile) else shown_keys(found)


def tile_of(kind: Kind, values: Mapping[str, Any], base: Mapping[str, Any]) -> Tile:
    """The tile that the form describes; `base` holds what the form does not show (id, version, place).

    Raises:
        Invalid: naming the fields that are empty or hold what does not fit.
    """
    empty = [field for field in kind.fields if field.required and not values.get(field.name)]
    if has_data(kind) and not values.get("collection_id"):
        empty.insert(0, Field("collection_id", words.DATA, "choice"))
    if empty:
        missing = tuple(Problem(field.label, tr("choose a column")) for field in empty)
        raise Invalid(tr("Choose {fields}.", fields=", ".join(field.label for field in empty)), missing)
    # An emptied control means the default of its property.
    own = own_options(Visu(kind.name), values) if kind.group == "Figures" else own_keys(values)
    given = {key: value for key, value in own.items() if value not in (None, "", [])}
    try:
        tile: Tile = msgspec.convert({**base, **given, **kind.fixed}, Tile, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(tr("The tile cannot be made."), (Problem(kind.label, str(error)),)) from None
    if isinstance(tile, TextTile) and not live_of(tile.body):
        # Words alone need no data, and would miss it where the dashboard is copied to.
        tile = msgspec.structs.replace(tile, collection_id="")
    if isinstance(tile, TableTile) and tile.columns and tile.selection_column not in (None, *tile.columns):
        # Ticked rows tell the browser the selected value only when they hold it.
        tile = msgspec.structs.replace(tile, columns=(*tile.columns, tile.selection_column))
    return tile


def suggested(kind: Kind, collection: DataCollection, distinct: Mapping[str, int]) -> dict[str, Any]:
    """Columns that make a sensible first picture: numbers for measures, few-valued text for groups.

    `distinct` gives the number of different values by column, as far as known.
    """
    taken: set[str] = set()
    values: dict[str, Any] = {"collection_id": collection.id}
    for field in kind.fields:
        skipped = {"size", "selection_column", "size_column", "z_column", "image_column"}
        is_extra = field.group or (field.name.startswith(PREFIX) and not field.required)
        if field.control == "column" and not field.only_for and field.name not in skipped and not is_extra:
            column = _best(field, kind, collection.columns, distinct, taken)
            if column is not None:
                values[field.name] = column.name
                taken.add(column.name)
    if kind.name in SELECTING:
        values["selection_enabled"] = True
    if kind.group == "Maps":
        values |= suggested_map(MapKind(kind.name), collection)
    if kind.group == "Figures":
        values |= suggested_columns(kind.name, collection.columns, distinct)
    if kind.name in {*AGGREGATED, "card"}:
        values["aggregation"] = Aggregation.MEAN.value
    if kind.name == "image":
        values |= {"selection_enabled": True, **image_column(collection)}
    if kind.name == "table":
        values |= {"sortable": True, "filterable": True}
    return values


def suggested_map(kind: MapKind, collection: DataCollection) -> dict[str, Any]:
    """What a new map holds beside the columns that `suggested` finds by their kind."""
    values: dict[str, Any] = {"selection_enabled": True, **places(kind, collection)}
    if kind is MapKind.CHOROPLETH:
        values |= {"choropleth_aggregation": MapAggregation.MEAN, "boundaries": Boundaries.COUNTRIES}
    return values


def moved(
    kind: Kind, values: Mapping[str, Any], collection: DataCollection, distinct: Mapping[str, int]
) -> dict[str, Any]:
    """The values on another table: columns that it lacks are suggested anew, the others stay."""
    bound = {field.name for field in kind.fields if field.control == "column"}
    several = {field.name for field in kind.fields if field.control == "columns"}
    # How columns look and are sorted says nothing of other columns.
    bound |= {field.name for field in kind.fields if field.control in {"formats", "sorts"}}
    kept = {
        name: [one for one in value or () if collection.column(one)] if name in several else value
        for name, value in values.items()
        if name not in bound or (isinstance(value, str) and value and collection.column(value))
    }
    return {**suggested(kind, collection, distinct), **kept, "collection_id": collection.id}


FEW = 30
"""Values up to which a text column is taken for a category rather than for names."""


def _best(
    field: Field, kind: Kind, columns: Sequence[Column], distinct: Mapping[str, int], taken: set[str]
) -> Column | None:
    offered = [c for c in columns if c.kind in field.kinds and not c.is_technical and c.name not in taken]

    def is_group(column: Column) -> bool:
        return column.kind in CATEGORICAL and 1 < distinct.get(column.name, FEW) <= FEW

    if field.name == "color" or (field.name == "color_column" and kind.name == MapKind.SCATTER):
        return next(filter(is_group, offered), None)
    wants_group = (kind.name, field.name) in GROUPED or kind.name in CHOOSING
    if wants_group:
        return next(filter(is_group, offered), offered[0] if offered and field.required else None)
    if field.name == "x" and kind.name == Visu.LINE:
        in_time = [column for column in offered if column.kind in {ColumnKind.DATE, ColumnKind.DATETIME}]
        if in_time:
            return in_time[0]
    numbers = [column for column in offered if column.kind is ColumnKind.NUMBER]
    return next(iter(numbers or (offered if field.required else [])), None)
