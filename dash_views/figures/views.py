"""Which part of the Earth a map shows at first, in Web Mercator."""

import math
from typing import Any

from domain.map_tile import Boundaries, MapKind, MapTile
from services.queries import Extent

WORLD = 512.0
"""Pixels around the Earth at zoom 0, as MapLibre counts."""
COLUMN, ROW, HEAD = 150.0, 100.0, 48.0
"""About the pixels of a column and a row of the grid on a usual screen, and those of a tile's heading or a legend."""
SCALE_BESIDE = 120.0
"""About the pixels of the colour scale beside regions."""
POLES = 85.0
"""Degrees beyond which Web Mercator ends."""
ROOM = 0.4
"""Levels of zoom that are left around the data."""
CLOSEST = 11.0
HOME = {
    Boundaries.COUNTRIES: Extent(west=-170, south=-56, east=178, north=76),
    Boundaries.US_STATES: Extent(west=-125, south=24, east=-66, north=50),
}
"""The regions as people expect to see them."""
WHOLE = HOME[Boundaries.COUNTRIES]
"""The Earth."""


def view(tile: MapTile, extent: Extent | None) -> dict[str, Any]:
    """Centre and zoom: what the tile says, otherwise so that the whole extent has room."""
    is_known = tile.map_type is MapKind.CHOROPLETH and tile.boundaries in HOME
    shown = HOME.get(tile.boundaries, WHOLE) if is_known or extent is None else extent
    north, south = mercator(shown.north), mercator(shown.south)
    given = tile.default_center
    middle = {"lat": latitude((north + south) / 2), "lon": (shown.west + shown.east) / 2}
    center = middle if given is None else {"lat": given.lat, "lon": given.lon}
    return {"center": center, "zoom": fitting(tile, shown) if tile.default_zoom is None else tile.default_zoom}


def fitting(tile: MapTile, extent: Extent) -> float:
    """The zoom at which the extent fills the tile."""
    legend = HEAD if tile.map_type is MapKind.SCATTER and tile.color_column else 0.0
    is_own = tile.map_type is MapKind.CHOROPLETH and tile.boundaries is Boundaries.GEOMETRY
    width = max(tile.layout.w * COLUMN - (SCALE_BESIDE if is_own else 0.0), ROW)
    height = max(tile.layout.h * ROW - HEAD - legend, ROW)
    across = (extent.east - extent.west) / 360
    upwards = (mercator(extent.north) - mercator(extent.south)) / (2 * math.pi)
    zooms = [math.log2(pixels / (WORLD * share)) for pixels, share in ((width, across), (height, upwards)) if share > 0]
    return round(min(max(min(zooms, default=CLOSEST) - ROOM, 0.0), CLOSEST), 2)


def mercator(lat: float) -> float:
    """The height on the map in units of the Earth's radius."""
    return math.asinh(math.tan(math.radians(min(max(lat, -POLES), POLES))))


def latitude(height: float) -> float:
    """The latitude of that height."""
    return math.degrees(math.atan(math.sinh(height)))


def pixels_per_degree(zoom: float) -> float:
    """Along the equator."""
    return float(WORLD * 2**zoom / 360)
