"""Rules of maps: what a map tile may say, the columns that it reads, and the figure whose rows it shows."""

import math

from domain.errors import Problem
from domain.map_tile import GEOMETRY_COLUMN, Boundaries, MapKind, MapTile
from domain.regions import NOUNS
from domain.tiles import Aggregation, FigureTile, Visu
from domain.wording import tr

MAX_RADIUS = 200
MAX_MARKER = 100
MAX_ZOOM = 20
SCALES = (
    "Viridis", "Cividis", "Plasma", "Inferno", "Magma", "Turbo", "Blues", "Greens", "Greys", "Reds", "YlGnBu", "YlOrRd",
    "RdBu", "Portland", "Jet", "Hot", "Electric", "Earth", "Blackbody", "Bluered", "Picnic", "Rainbow",
)  # fmt: skip
"""The colour scales that plotly.js knows by name."""
ROLES = {
    MapKind.SCATTER: ("lat_column", "lon_column"),
    MapKind.DENSITY: ("lat_column", "lon_column"),
    MapKind.CHOROPLETH: ("locations_column",),
}
"""The columns that a map of each kind must have."""


def can_select(tile: MapTile) -> bool:
    """Whether picking points or regions, or drawing around a part of a density, narrows the other tiles."""
    return tile.selection_enabled


def used_columns(tile: MapTile) -> tuple[str | None, ...]:
    """The columns that the map reads, some of them none."""
    if tile.map_type is MapKind.CHOROPLETH:
        own = GEOMETRY_COLUMN if tile.boundaries is Boundaries.GEOMETRY else None
        return (tile.locations_column, tile.color_column, own)
    places = (tile.lat_column, tile.lon_column)
    if tile.map_type is MapKind.DENSITY:
        return (*places, tile.z_column)
    return (*places, tile.color_column, tile.size_column, tile.selection_column, *tile.hover_columns)


def heading(tile: MapTile) -> str:
    """What stands for a title that nobody wrote."""
    match tile.map_type:
        case MapKind.SCATTER:
            return tr("Map of {column}", column=tile.color_column) if tile.color_column else tr("Map")
        case MapKind.DENSITY:
            return tr("Density of {column}", column=tile.z_column) if tile.z_column else tr("Density of rows")
        case MapKind.CHOROPLETH:
            return tr("{what} by {regions}", what=value_said(tile), regions=NOUNS[tile.boundaries])


def value_said(tile: MapTile, called: str = "") -> str:
    """What the colours of a choropleth stand for; its column may be `called` something else."""
    if not tile.color_column:
        return tr("rows")
    aggregation = tile.choropleth_aggregation
    return tr("{aggregation} of {column}", aggregation=aggregation, column=called or tile.color_column)


def aggregation_of(tile: MapTile) -> Aggregation:
    """How a choropleth makes one number of a region's rows; without a column it counts them."""
    return Aggregation(tile.choropleth_aggregation.value) if tile.color_column else Aggregation.COUNT


def as_scatter(tile: MapTile) -> FigureTile:
    """The scatter of longitude and latitude that has the rows, the bound and the selections of this map."""
    density = tile.map_type is MapKind.DENSITY
    return FigureTile(
        id=tile.id,
        title=tile.title,
        collection_id=tile.collection_id,
        visu_type=Visu.SCATTER,
        x=tile.lon_column or "",
        y=tile.lat_column or "",
        color=None if density else tile.color_column,
        size=tile.z_column if density else tile.size_column,
        hover=() if density else tile.hover_columns,
        selection_enabled=can_select(tile),
        selection_column=None if density else tile.selection_column,
        max_points=tile.max_points,
    )


def as_selectable(tile: MapTile) -> FigureTile:
    """The scatter whose selections mean what those of this map mean; regions select by their own column."""
    if tile.map_type is not MapKind.CHOROPLETH:
        return as_scatter(tile)
    return FigureTile(
        id=tile.id,
        title=tile.title,
        collection_id=tile.collection_id,
        visu_type=Visu.SCATTER,
        x=tile.locations_column or "",
        selection_enabled=can_select(tile),
        selection_column=tile.locations_column,
    )


def problems(tile: MapTile) -> list[Problem]:
    """What of a map cannot be drawn, beyond lengths and ranges."""
    found = [
        Problem(role, tr("a {kind} needs this column", kind=tile.map_type))
        for role in ROLES[tile.map_type]
        if not getattr(tile, role)
    ]
    if tile.color_continuous_scale is not None and tile.color_continuous_scale not in SCALES:
        found.append(Problem("color_continuous_scale", tr("must be one of {known}", known=", ".join(SCALES))))
    if tile.range_color is not None and not _is_range(*tile.range_color):
        found.append(Problem("range_color", tr("must be the lowest and the highest number, in this order")))
    if not 0 < tile.opacity <= 1:
        found.append(Problem("opacity", tr("is {number}; must be above 0, and 1 at most", number=tile.opacity)))
    if tile.default_zoom is not None and not 0 <= tile.default_zoom <= MAX_ZOOM:
        found.append(
            Problem("default_zoom", tr("is {number}; must be 0 to {most}", number=tile.default_zoom, most=MAX_ZOOM))
        )
    center = tile.default_center
    if center is not None and not (abs(center.lat) <= 90 and abs(center.lon) <= 180):  # noqa: PLR2004 -- degrees.
        found.append(
            Problem("default_center", tr("is no place on Earth; lat goes from -90 to 90, lon from -180 to 180"))
        )
    return found


def _is_range(low: float, high: float) -> bool:
    return math.isfinite(low) and math.isfinite(high) and low < high
