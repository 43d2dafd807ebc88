"""The map tile: points, their density, or regions in colours; the keys are those of Depictio 1.5."""

from enum import StrEnum

import msgspec

from domain.tile_base import DataTile

MAX_MAP_POINTS = 5_000


class MapKind(StrEnum):
    """What a map shows."""

    SCATTER = "scatter_map"
    DENSITY = "density_map"
    CHOROPLETH = "choropleth_map"


class Boundaries(StrEnum):
    """The regions of a choropleth: boundaries that come with Depictio, or those that its rows have themselves.

    `geometry` is the column of a collection of the type geojson, and of a join with one.
    """

    COUNTRIES = "countries"
    US_STATES = "us-states"
    GEOMETRY = "geometry"


GEOMETRY_COLUMN = "geometry"
"""Where rows have their own boundaries, as GeoJSON."""


class MapStyle(StrEnum):
    """What lies below the data; every style but `boundaries` asks the tile server of the installation if it has one."""

    BOUNDARIES = "boundaries"
    STREETS = "open-street-map"
    POSITRON = "carto-positron"
    DARK = "carto-darkmatter"


class MapAggregation(StrEnum):
    """How the rows of a region become one number."""

    COUNT = "count"
    NUNIQUE = "nunique"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    MIN = "min"
    MAX = "max"


class Center(msgspec.Struct, frozen=True):
    """A place on Earth, in degrees."""

    lat: float
    lon: float


class MapTile(DataTile, frozen=True, kw_only=True, tag="map"):
    """A map; its kind says which columns it needs.

    Points and density stand at `lat_column` and `lon_column` (degrees, WGS 84). A choropleth colours the regions that
    `locations_column` names by `color_column`, or by the number of rows when there is none. A scatter with
    `selection_column` selects by its values; without it a click, box or lasso selects the region itself.
    """

    map_type: MapKind = MapKind.SCATTER
    lat_column: str | None = None
    lon_column: str | None = None
    color_column: str | None = None
    size_column: str | None = None
    hover_columns: tuple[str, ...] = ()
    z_column: str | None = None
    radius: int = 18
    locations_column: str | None = None
    boundaries: Boundaries = Boundaries.COUNTRIES
    choropleth_aggregation: MapAggregation = MapAggregation.MEAN
    color_continuous_scale: str | None = None
    range_color: tuple[float, float] | None = None
    opacity: float = 0.75
    size_max: int = 26
    map_style: MapStyle = MapStyle.POSITRON
    default_zoom: float | None = None
    default_center: Center | None = None
    selection_enabled: bool = True
    selection_column: str | None = None
    max_points: int = MAX_MAP_POINTS
